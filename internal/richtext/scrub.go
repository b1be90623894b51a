package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zwnj      = '\u200c'
	zwj       = '\u200d'
	blackFlag = '\U0001f3f4'
)

// scrub drops what no reader sees and what turns a line around: controls, bidi
// embeddings, overrides and isolates (UAX #9; one left open would reach the words
// of the page around it), zero-width spaces, tag characters, and bytes that are
// no UTF-8. Joiners stay where they join, marks of direction (U+200E, U+200F) stay.
func scrub(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, invisible) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	before := ' '
	for _, r := range s {
		switch {
		case r == 0x2028 || r == 0x2029:
			r = ' ' // line and paragraph separators part words, and nothing else here
		case invisible(r) && !keptJoiner(before, r):
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// invisible is what scrub looks at: nothing of it stands in plain European text.
func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r < 0x180e:
		return false
	case r >= 0x200b && r <= 0x200d, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r == 0x180e, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return r == 0x2028 || r == 0x2029
}

// keptJoiner says whether r, after before, shapes a word or an emoji: ZWJ and ZWNJ
// after a letter, a mark or a symbol, tag characters in the flag of a region.
func keptJoiner(before, r rune) bool {
	switch {
	case r == zwj || r == zwnj:
		return unicode.In(before, unicode.L, unicode.M, unicode.So, unicode.Sk)
	case r >= 0xe0020 && r <= 0xe007f:
		return before == blackFlag || before >= 0xe0020 && before <= 0xe007e
	}
	return false
}

// maxMarks is how many combining marks one character may carry: no script stacks
// more, and a name that does paints over its neighbours.
const maxMarks = 4

// scrubLine is scrub for one line among ours: without marks of direction either,
// and without towers of combining marks.
func scrubLine(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x200e || r == 0x200f || r == 0x061c || r == 0x00ad:
			return -1
		case !unicode.Is(unicode.Mn, r):
			marks = 0
		default:
			if marks++; marks > maxMarks {
				return -1
			}
		}
		return r
	}, scrub(s))
}

// truncate cuts s at limit bytes, before a character that would be halved. A tag
// that is halved is no tag: the tokenizer drops it.
func truncate(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
