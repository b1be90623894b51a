package richtext

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// frenchWriter sets the spaces that French types and a browser would break the line at:
// before ";", ":", "!", "?" and "»", after "«", and within numbers and times. Code goes
// through RawWrite and is spared.
type frenchWriter struct {
	html.Writer
}

func (f frenchWriter) Write(w util.BufWriter, source []byte) {
	if bytes.IndexByte(source, ' ') >= 0 {
		source = frenchSpaces(source)
	}
	f.Writer.Write(w, source)
}

func frenchSpaces(source []byte) []byte {
	out := make([]byte, 0, len(source)+8)
	for i, c := range source {
		if c == ' ' {
			out = append(out, frenchSpace(out, source[i+1:])...)
		} else {
			out = append(out, c)
		}
	}
	return out
}

// frenchSpace is the space to set between what was written and what follows.
func frenchSpace(before, after []byte) string {
	digits := trailingDigits(before)
	switch {
	case startsWith(after, ";", "!", "?"):
		return narrow
	case startsWith(after, ":", "»"), bytes.HasSuffix(before, []byte("«")):
		return nbsp
	case 1 <= digits && digits <= 3 && leadingDigits(after) == 3: // 12 000
		return narrow
	case digits > 0 && startsWith(after, "%", "€", "$", "£"):
		return nbsp
	case 1 <= digits && digits <= 2 && startsWith(after, "h") && (len(after) == 1 || !isLetter(after[1])): // 9 h
		return nbsp
	case bytes.HasSuffix(before, []byte(nbsp+"h")) && leadingDigits(after) == 2: // 9 h 04
		return nbsp
	}
	return " "
}

func startsWith(s []byte, any ...string) bool {
	return slices.ContainsFunc(any, func(p string) bool { return bytes.HasPrefix(s, []byte(p)) })
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isLetter takes what isn't ASCII for one.
func isLetter(c byte) bool { return c >= 0x80 || 'a' <= c|0x20 && c|0x20 <= 'z' }

// Numbers of more digits than these aren't told apart.
const maxDigits = 4

func leadingDigits(s []byte) (n int) {
	for n < len(s) && n < maxDigits && isDigit(s[n]) {
		n++
	}
	return n
}

func trailingDigits(s []byte) (n int) {
	for n < len(s) && n < maxDigits && isDigit(s[len(s)-1-n]) {
		n++
	}
	return n
}
