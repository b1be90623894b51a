package card

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// maxRunes bounds the work: no more than this is ever seen on a card.
const maxRunes = 400

// noBreak is the space that keeps its words together.
const noBreak = '\u00a0'

// clean makes text drawable: composed letters, one kind of space and one that doesn't
// break, nothing invisible, and no word of which a letter is missing. It returns
// "" when less than half of the letters would be left: half a title misleads.
func clean(fonts []*sfnt.Font, s string) string {
	var kept []string
	var drawn, lost int
	for _, word := range strings.Split(norm.NFC.String(spaced(s)), " ") {
		letters, missing := 0, 0
		word = strings.Map(func(r rune) rune {
			letter := unicode.IsLetter(r) || unicode.IsNumber(r)
			if letter {
				letters++
			}
			switch {
			case has(fonts, r):
				return r
			case letter:
				missing++
			}
			return -1 // an emoji, a sign: the words say enough without it
		}, word)
		if missing > 0 {
			lost += letters
			continue
		}
		drawn += letters
		if strings.Trim(word, string(noBreak)) != "" {
			kept = append(kept, word)
		}
	}
	if lost > drawn {
		return ""
	}
	return strings.Join(kept, " ")
}

// spaced bounds text and leaves two kinds of space. What steers bidirectional text or
// joins emoji is as invisible on a card as it should be.
func spaced(s string) string {
	runes := 0
	return strings.Map(func(r rune) rune {
		if runes++; runes > maxRunes {
			return -1
		}
		switch {
		case r == noBreak, r == '\u202f', r == '\u2007':
			return noBreak
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
}

// pieces cuts a title where a line may end: after a space, or within a word after a
// hyphen or a slash. French sets a space before some signs, at which no line may begin.
func pieces(title string) []string {
	var cut []string
	for _, word := range strings.Fields(strings.ReplaceAll(title, string(noBreak), "\ufeff")) {
		word = strings.ReplaceAll(word, "\ufeff", string(noBreak))
		if last := len(cut) - 1; last >= 0 && (strings.Trim(word, ":;?!»%–—") == "" || strings.TrimRight(cut[last], " ") == "«") {
			cut[last] = strings.TrimRight(cut[last], " ") + string(noBreak) + word + " "
			continue
		}
		start := 0
		for i, r := range word {
			if next := i + utf8.RuneLen(r); strings.ContainsRune("-/–—", r) && i > start && next < len(word) {
				cut, start = append(cut, word[start:next]), next
			}
		}
		cut = append(cut, word[start:]+" ")
	}
	return cut
}

// wrap sets pieces in lines of a width. It says whether a piece had to be broken for it.
func wrap(p *pen, cut []string, width int) (lines []string, broken bool) {
	line := ""
	for _, piece := range cut {
		if p.width(strings.TrimRight(line+piece, " ")) <= width {
			line += piece
			continue
		}
		if line != "" {
			lines = append(lines, strings.TrimRight(line, " "))
		}
		line = piece
		for p.width(strings.TrimRight(line, " ")) > width {
			head := start(p, line, width)
			lines, line, broken = append(lines, head), line[len(head):], true
		}
	}
	if line != "" {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines, broken
}

// start is as much of a word as a line holds, one letter at least.
func start(p *pen, word string, width int) string {
	end := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if end > 0 && p.width(word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// balance sets the same number of lines, as even as they get: no word alone on the last.
func balance(p *pen, cut []string, width, count int) []string {
	low, high := width/2, width
	if count == 1 {
		low = width
	}
	for low < high {
		middle := (low + high) / 2
		if l, broken := wrap(p, cut, middle); !broken && len(l) == count {
			high = middle
		} else {
			low = middle + 1
		}
	}
	lines, _ := wrap(p, cut, high)
	return lines
}

// clip ends a line that goes on with an ellipsis, after a whole word where there is one.
func clip(p *pen, line string, width int) string {
	for line != "" && p.width(line+"…") > width {
		if space := strings.LastIndex(line, " "); space > len(line)/2 {
			line = line[:space]
		} else {
			_, size := utf8.DecodeLastRuneInString(line)
			line = line[:len(line)-size]
		}
	}
	return strings.TrimRight(line, " ,;:–—-/"+string(noBreak)) + "…"
}
