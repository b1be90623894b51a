package schedule

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a talk is, whatever the organisers call it.
type Kind string

// The kinds of talks.
const (
	Keynote     Kind = "keynote"
	RegularTalk Kind = "talk"
	Workshop    Kind = "workshop"
	Panel       Kind = "panel"
	Lightning   Kind = "lightning"
	BoF         Kind = "bof"
	Break       Kind = "break"
	Other       Kind = "other"
)

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{RegularTalk, Keynote, Workshop, Panel, Lightning, BoF, Break, Other}
}

// kindWords are looked for in order: a "lightning talk" isn't a talk, a "keynote panel"
// is a keynote. Each stands at the start of a word.
var kindWords = []struct {
	kind  Kind
	words []string
}{
	{RegularTalk, []string{"breakout"}},
	{Break, []string{"break", "coffee", "lunch", "breakfast", "dinner", "pause", "déjeuner", "dejeuner", "petit-déjeuner", "meal", "pausa", "mittag"}},
	{Keynote, []string{"keynote", "plenary", "plénière", "pleniere", "opening keynote", "plenum"}},
	{Lightning, []string{"lightning", "⚡", "éclair", "eclair", "quickie", "ignite", "flash talk"}},
	{Panel, []string{"panel", "table ronde", "round table", "roundtable", "podium", "fishbowl", "débat", "mesa redonda"}},
	{Workshop, []string{"workshop", "tutorial", "atelier", "hands-on", "hands on", "training", "masterclass", "lab ", "labs "}},
	{BoF, []string{"bof", "birds of a feather", "birds-of-a-feather", "meetup", "self-organized", "self organized", "unconference"}},
	{RegularTalk, []string{"talk", "lecture", "presentation", "présentation", "presentación", "session", "conférence", "conference", "conf ", "vortrag", "devroom", "maintrack", "university", "charla"}},
}

// kindOf reads an organiser's word for a kind; empty if it says nothing.
func kindOf(raw string) Kind {
	text := " " + strings.ToLower(raw) + " "
	for _, k := range kindWords {
		for _, w := range k.words {
			if startsWord(text, w) {
				return k.kind
			}
		}
	}
	return ""
}

// startsWord reports whether a word of the text begins with w.
func startsWord(text, w string) bool {
	for rest := text; ; {
		i := strings.Index(rest, w)
		if i < 0 {
			return false
		}
		if before, _ := utf8.DecodeLastRuneInString(rest[:i]); !unicode.IsLetter(before) {
			return true
		}
		rest = rest[i+len(w):]
	}
}

// LinkType is what a link leads to.
type LinkType string

// The types of links.
const (
	Slides LinkType = "slides"
	Video  LinkType = "video"
	Code   LinkType = "code"
	Paper  LinkType = "paper"
	Web    LinkType = "web"
)

// linkTypes are what files call them.
var linkTypes = map[string]LinkType{
	"slides": Slides, "presentation": Slides, "video": Video, "recording": Video, "media": Video,
	"code": Code, "repository": Code, "source": Code, "paper": Paper, "article": Paper,
}

var videoHosts = []string{"youtube.com", "youtu.be", "vimeo.com", "media.ccc.de", "video.fosdem.org", "tube", "canal-u.tv"}
var slideHosts = []string{"speakerdeck.com", "slideshare.net", "slides.com", "docs.google.com/presentation", "noti.st", "beautiful.ai", "pitch.com"}
var codeHosts = []string{"github.com", "gitlab", "codeberg.org", "git.", "sr.ht", "bitbucket.org", "forge."}

// linkType uses what the file says, then what title and address look like.
func linkType(declared, title, address string) LinkType {
	if t, ok := linkTypes[strings.ToLower(declared)]; ok {
		return t
	}
	u, err := url.Parse(address)
	if err != nil {
		return Web
	}
	lower, host, ext := strings.ToLower(title), strings.ToLower(u.Hostname()), strings.ToLower(path.Ext(u.Path))
	switch {
	case hasAny(lower, "slides", "diapo", "présentation", "folien", "deck"), hasAny(ext, ".ppt", ".odp", ".key"), hasAny(host+u.Path, slideHosts...):
		return Slides
	case hasAny(lower, "video", "vidéo", "recording", "replay"), hasAny(ext, ".mp4", ".webm", ".mkv"), hasAny(host, videoHosts...):
		return Video
	case hasAny(lower, "paper", "whitepaper"):
		return Paper
	case hasAny(host, codeHosts...), hasAny(lower, "source code", "code source", "dépôt", "repository"):
		return Code
	case ext == ".pdf" && strings.ToLower(declared) == "attachment":
		return Slides
	}
	return Web
}

// GuessLink is what a link that a speaker gives away most likely leads to: slides, where
// nothing says otherwise.
func GuessLink(address string) LinkType {
	if t := linkType("attachment", "", address); t != Web {
		return t
	}
	return Slides
}

func hasAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
