package recap

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"confnotes/models"
)

// Named returns who of a conference isn't to be named and is, in what an author typed.
func Named(ctx context.Context, store *models.Store, about models.About, text models.RevisionText) ([]string, error) {
	if about.ConferenceID == 0 {
		return nil, nil
	}
	people, err := store.People.Unnamed(ctx, about.ConferenceID)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	typed := plainWords(strings.Join([]string{text.Title, text.Summary, text.Takeaway, text.Source, text.CoverAlt, text.CoverCaption}, "\n"))
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
