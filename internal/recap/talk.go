package recap

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"confnotes/internal/i18n"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// kindIDs and linkIDs are what kinds of talks and of links are called.
var (
	kindIDs = map[schedule.Kind]string{schedule.Keynote: "note.kind_keynote", schedule.RegularTalk: "note.kind_talk", schedule.Workshop: "note.kind_workshop",
		schedule.Panel: "note.kind_panel", schedule.Lightning: "note.kind_lightning", schedule.BoF: "note.kind_bof", schedule.Break: "note.kind_break", schedule.Other: "note.kind_other"}
	linkIDs = map[schedule.LinkType]string{schedule.Slides: "note.link_slides", schedule.Video: "note.link_video", schedule.Code: "note.link_code", schedule.Paper: "note.link_paper"}
)

var catalogue = sync.OnceValues(i18n.Load)

// words are those of an article's language, English where it is another than ours. The
// catalogue is part of the program and was read when it was built.
func words(language string) *i18n.Words {
	c, err := catalogue()
	if err != nil {
		panic(err)
	}
	return c.For(language)
}

// KindName is what a kind of talk is called in a language.
func KindName(kind schedule.Kind, language string) string {
	id, ok := kindIDs[kind]
	if !ok {
		id = "note.kind_other"
	}
	return words(language).T(id)
}

// LineOf makes the line of a talk: when it begins in the conference's zone, in the words
// of the article's language. Nobody who isn't to be named is.
func LineOf(talk *models.Talk, resources []models.Resource, zone *time.Location, language string) Line {
	l := Line{Start: words(language).Clock(talk.StartsAt.In(zone)), Kind: KindName(schedule.Kind(talk.Kind), language), Room: talk.Room}
	if l.Room == "" {
		l.Minutes = int(talk.EndsAt.Sub(talk.StartsAt).Minutes())
	}
	for _, s := range talk.Speakers {
		if s.Person != nil && !s.Person.DoNotName {
			l.Who = append(l.Who, Speaker(s.Person.Name, s.Role, s.Affiliation))
		}
	}
	seen := map[string]int{}
	for _, r := range resources {
		id, ok := linkIDs[schedule.LinkType(r.Type)]
		if !ok {
			continue
		}
		label := words(language).T(id)
		if seen[id]++; seen[id] > 1 {
			label += " " + strconv.Itoa(seen[id])
		}
		l.Links = append(l.Links, Link{label, r.URL})
	}
	return l
}

// TalkLine is the line of a talk in Markdown.
func TalkLine(talk *models.Talk, resources []models.Resource, zone *time.Location, language string) string {
	return LineOf(talk, resources, zone, language).Markdown()
}

// Speaker is "Name, Role, Company", of what is known.
func Speaker(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, ", ")
}

// barePage begins what Markdown makes a link of though nothing marks it.
var barePage = regexp.MustCompile(`(?i)\b(www)\.`)

// startOfList is what makes a line an item of a list, or a rule.
var startOfList = regexp.MustCompile(`^(\d*)([-+.)])`)

// FromSpeaker is what a speaker answered, as a quotation with its source in the words of
// the article's language.
func FromSpeaker(name, url, said, language string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(said)) {
		if line = barePage.ReplaceAllString(escape(line), `$1\.`); line != "" {
			lines = append(lines, "> "+startOfList.ReplaceAllString(line, `$1\$2`), ">")
		}
	}
	source := words(language).T("recap.from_speaker", "Name", name)
	return strings.Join(append(lines, "> — ["+escape(source)+quoting(url)), "\n")
}

// Quotes says whether a text has what FromSpeaker made of the reply at a URL.
func Quotes(source, url string) bool { return strings.Contains(source, quoting(url)) }

func quoting(url string) string { return "](" + escapeURL(url) + ")" }

// List is a heading and talks under it, one a line: when, what, who.
func List(title string, talks []*models.Talk, zone *time.Location, language string) string {
	lines := []string{"## " + escape(title) + "\n"}
	for _, t := range talks {
		line := "- " + words(language).Clock(t.StartsAt.In(zone)) + " " + escape(t.Title)
		for _, s := range t.Speakers {
			if s.Person != nil && !s.Person.DoNotName {
				line += ", " + escape(s.Person.Name)
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
