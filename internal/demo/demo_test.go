package demo

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"confnotes/internal/demo/draw"
	"confnotes/internal/frontmatter"
	"confnotes/internal/richtext"
)

// unsound lists what a recap lacks.
func unsound(file []byte) (found []string) {
	doc, err := frontmatter.Parse(file)
	if err != nil {
		return []string{err.Error()}
	}
	complain := func(bad bool, format string, args ...any) {
		if bad {
			found = append(found, fmt.Sprintf(format, args...))
		}
	}
	complain(doc.Title == "" || doc.Summary == "" || doc.Slug == "" || doc.Date.IsZero() || len(doc.Tags) == 0, "no title, summary, slug, date or tags")
	complain(doc.Language != "fr" && doc.Language != "en", "language %q", doc.Language)
	complain(doc.Image == "" || doc.ImageAlt == "", "no cover, or a cover without a description")
	pictures := []string{doc.Image}
	scanned := richtext.Scan(doc.Source)
	for _, p := range scanned.Pictures {
		complain(p.Alt == "" || p.Caption == "", "%s has no description or no caption", p.Destination)
		pictures = append(pictures, p.Destination)
	}
	complain(len(scanned.Pictures) == 0 || len(scanned.Pictures) > 3, "%d pictures in the text", len(scanned.Pictures))
	for _, name := range pictures {
		complain(!slices.Contains(draw.Names(), strings.TrimSuffix(name, ".png")), "nobody draws %s", name)
	}
	complain(len(scanned.Mentions) == 0, "it mentions nobody")
	html := string(richtext.Render(doc.Source, richtext.Options{Language: doc.Language}).HTML)
	for _, part := range []string{"<h2", "<mark>", "<blockquote", "<table", "<code", "footnote", "#Kormoran2026", "<strong>"} {
		complain(!strings.Contains(html, part), "no %s", part)
	}
	words := len(strings.Fields(doc.Source))
	complain(words < 350 || words > 900, "%d words", words)
	return found
}

func files(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(Recaps(), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		if all[name], err = fs.ReadFile(Recaps(), name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestEveryRecapIsSound(t *testing.T) {
	t.Parallel()
	languages := map[string]int{}
	for name, file := range files(t) {
		for _, complaint := range unsound(file) {
			t.Errorf("%s: %s", name, complaint)
		}
		if doc, err := frontmatter.Parse(file); err == nil {
			languages[doc.Language]++
		}
	}
	if languages["fr"] == 0 || languages["en"] == 0 || languages["fr"]+languages["en"] != 6 {
		t.Errorf("six recaps in two languages, got %v", languages)
	}
	whole := string(files(t)["2-gwen-jour-1.md"])
	for name, mutant := range map[string]string{
		"no front matter":           strings.TrimPrefix(whole, "---"),
		"no language":               strings.Replace(whole, "language: fr", "", 1),
		"a picture not described":   strings.Replace(whole, "![Diapositive « Notre", "![](marees.png) ![Diapositive « Notre", 1),
		"a cover not described":     strings.Replace(whole, "image_alt:", "#", 1),
		"a picture nobody draws":    strings.Replace(whole, "(marees.png", "(maries.png", 1),
		"no takeaway":               strings.ReplaceAll(whole, "==", ""),
		"no source under a picture": strings.Replace(whole, ` "Trois grandes marées, et une moyenne qui n’explique rien"`, "", 1),
		"too short":                 whole[:len(whole)/3],
	} {
		if mutant == whole || len(unsound([]byte(mutant))) == 0 {
			t.Errorf("the check can't fail: it takes a recap with %s", name)
		}
	}
}

func TestTheStoryHoldsTogether(t *testing.T) {
	t.Parallel()
	for _, complaint := range loose(t, Story()) {
		t.Error(complaint)
	}
	for name, change := range map[string]func(s []Event){
		"a stranger":             func(s []Event) { s[0].Who = "nobody" },
		"time running backwards": func(s []Event) { s[3].At = s[0].At.AddDate(0, 0, -1) },
		"an answer to nothing":   func(s []Event) { s[len(s)-1].What = "never" },
		"a recap that isn't":     func(s []Event) { s[slices.IndexFunc(s, publishes)].What = "7.md" },
		"a date of its own":      func(s []Event) { i := slices.IndexFunc(s, publishes); s[i].At = s[i].At.Add(1) },
		"an empty answer":        func(s []Event) { s[len(s)-1].Text = "" },
	} {
		story := Story()
		change(story)
		if len(loose(t, story)) == 0 {
			t.Errorf("the check can't fail: it takes a story with %s", name)
		}
	}
}

func publishes(e Event) bool { return e.Does == Publish }

// loose lists what in a story hangs in the air.
func loose(t *testing.T, story []Event) (found []string) {
	t.Helper()
	complain := func(bad bool, e Event, why string) {
		if bad {
			found = append(found, fmt.Sprintf("%s %s %s: %s", e.Who, e.Does, e.What, why))
		}
	}
	home, away := map[string]bool{}, map[string]bool{}
	for _, p := range Home().People {
		home[p.Handle] = true
	}
	for _, p := range Away().People {
		away[p.Handle] = true
	}
	recaps, depth, acted, authors, last := files(t), map[string]int{}, map[string]bool{}, map[string]int{}, Before()
	deepest, edits := 0, 0
	for _, e := range story {
		complain(e.At.Before(last), e, "before what happened before")
		complain(!home[e.Who] && !away[e.Who], e, "who is that?")
		last, acted[e.Who] = e.At, true
		if e.Does == Follow {
			complain(!away[e.Who] || !home[e.What], e, "follows go from the one server to the other")
			continue
		}
		if e.Does == Publish {
			doc, err := frontmatter.Parse(recaps[e.What])
			complain(err != nil || !doc.Date.Equal(e.At), e, "not when its front matter says")
			delete(recaps, e.What)
			depth[e.Key] = 0
			authors[e.Who]++
			continue
		}
		parent, known := depth[e.What]
		complain(!known, e, "nothing has that key")
		complain((e.Does == Reply || e.Does == Edit) != (e.Text != ""), e, "words where there are none, or none where there are")
		if e.Does == Edit {
			edits++
		}
		if e.Does == Reply {
			deepest = max(deepest, parent+1)
			if e.Key != "" {
				depth[e.Key] = parent + 1
			}
		}
	}
	whole := Event{Who: "the story"}
	complain(len(recaps) > 0, whole, "a recap is never published")
	complain(len(authors) != 3 || len(acted) != len(home)+len(away), whole, "somebody does nothing")
	complain(deepest < 3 || deepest > 4 || edits == 0, whole, "threads are three or four deep, and one reply is edited")
	return found
}
