package recap

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"confnotes/models"
)

// Named returns who of a conference isn't to be named and is, in what the author typed of an
// article: in a recap, also in what it shows of their notes.
func Named(ctx context.Context, store *models.Store, a Article) ([]string, error) {
	if a.About.ConferenceID == 0 {
		return nil, nil
	}
	people, err := store.People.Unnamed(ctx, a.About.ConferenceID)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	text := a.Text
	all := []string{text.Title, text.Summary, text.Takeaway, text.Source, text.CoverAlt, text.CoverCaption}
	if a.About.Day != "" {
		sections := ReadSections(text.Source)
		notes, err := readNotes(ctx, store, a, sections)
		if err != nil {
			return nil, err
		}
		for _, s := range sections {
			n := notes[s.Note]
			if n == nil {
				continue
			}
			all = append(all, n.text.Title, n.text.Takeaway)
			if n.shown(s, a.Shown).Whole {
				all = append(all, n.text.Source)
			}
		}
	}
	typed := plainWords(strings.Join(all, "\n"))
	var named []string
	for _, p := range people {
		if name := plainWords(p.Name); name != " " && strings.Contains(typed, name) {
			named = append(named, p.Name)
		}
	}
	return named, nil
}

// plainWords are the words of a text in lower case without accents, a space before,
// between and after: a name is found however it is typed, and not within another word.
func plainWords(text string) string {
	text = norm.NFD.String(strings.ToLower(text))
	text = strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, text)
	list := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return " " + strings.Join(list, " ") + " "
}
