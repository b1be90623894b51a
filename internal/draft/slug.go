package draft

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Slug makes the last part of an article's URL from its title: lower case, without
// accents, words joined by hyphens, cut at a word.
func Slug(title string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
			// an accent, now apart from its letter
		default:
			b.WriteByte(' ')
		}
	}
	slug := ""
	for _, word := range strings.Fields(b.String()) {
		next := strings.TrimPrefix(slug+"-"+word, "-")
		if len(next) > MaxSlug {
			break
		}
		slug = next
	}
	if slug == "" {
		return "note"
	}
	return slug
}
