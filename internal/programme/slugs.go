package programme

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"confnotes/internal/draft"
)

// slugs are the ends of addresses that are taken in one conference. An address is given
// once and kept, whatever becomes of the title.
type slugs struct {
	taken map[string]bool
	last  map[string]int // number that the last namesake got
}

func newSlugs() *slugs { return &slugs{map[string]bool{}, map[string]int{}} }

func (s *slugs) take(slug string) { s.taken[slug] = true }

// next gives a title an address that nothing else has.
func (s *slugs) next(title string) string {
	base := draft.Slug(title)
	slug := base
	for n := max(2, s.last[base]+1); s.taken[slug]; n++ {
		slug = base + "-" + strconv.Itoa(n)
		s.last[base] = n
	}
	s.take(slug)
	return slug
}

// suggestHandle makes "kormoranconf2026" of "Kormoran Conf 2026".
func suggestHandle(name string) string {
	handle := strings.ReplaceAll(draft.Slug(name), "-", "")
	handle = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, handle)
	if handle = handle[:min(len(handle), 30)]; len(handle) < 2 {
		return ""
	}
	return handle
}

// suggestHashtag makes "KormoranConf2026" of "Kormoran Conf 2026": each word begins with
// a capital, so that screen readers read words.
func suggestHashtag(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	return b.String()
}
