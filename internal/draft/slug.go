package draft

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Slug makes the last part of an article's URL from its title: lower case, words
// joined by hyphens, cut at a word. Latin letters lose their accents; in other scripts
// a mark can be what tells two words apart, and stays.
func Slug(title string) string {
	words := strings.FieldsFunc(plain(title), func(r rune) bool { return !inSlug(r) })
	if len(words) == 0 {
		return "note"
	}
	slug := cut(words[0])
	for _, word := range words[1:] {
		if len(slug)+1+len(word) > MaxSlug {
			break
		}
		slug += "-" + word
	}
	return slug
}

// plain is a text in lower case, its Latin letters without accents.
func plain(text string) string {
	var b strings.Builder
	latin := false
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin = true
			r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		case unicode.IsMark(r) && latin:
			continue
		default:
			latin = false
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// inSlug says what slugPattern takes between hyphens.
func inSlug(r rune) bool {
	return unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.M, unicode.N)
}

// cut shortens a word to what a slug may hold: Chinese and Japanese write a whole
// title as one.
func cut(word string) string {
	if len(word) <= MaxSlug {
		return word
	}
	end := MaxSlug
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}
