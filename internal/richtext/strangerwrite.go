package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// push writes a start tag and says whether it did: an element too deep, or that
// wouldn't fit with all its end tags, is left out and its content stays.
func (w *strangerWriter) push(name, attrs string, r role) bool {
	return w.pushTags(element{name: name, closing: "</" + name + ">", role: r}, "<"+name+attrs+">")
}

// topHeading is the level of a stranger's first headings: a page's own title and that of
// what they wrote stand above.
const topHeading = 3

func (w *strangerWriter) pushHeading(level int) {
	if w.article {
		if w.top == 0 {
			w.top, w.last = level, topHeading-1
		}
		level = min(max(topHeading+level-w.top, topHeading), w.last+1, 6)
		tag := "h" + strconv.Itoa(level)
		if w.pushTags(element{name: "h", closing: "</" + tag + ">", role: heading}, "<"+tag+">") {
			w.last = level
		}
		return
	}
	w.pushTags(element{name: "h", closing: "</strong></p>", role: heading}, "<p><strong>")
}

func (w *strangerWriter) pushTags(e element, opening string) bool {
	if w.depth()+strings.Count(e.closing, "/") > maxDepth {
		return false
	}
	w.flush()
	if e.role == inline || e.role == annotation {
		w.fillGap()
	}
	if !w.fits(len(opening) + len(e.closing)) {
		return false
	}
	w.out.WriteString(opening)
	w.open = append(w.open, e)
	w.closers += len(e.closing)
	if e.role != inline && e.role != annotation {
		w.newLine()
	}
	return true
}

// depth is how many elements are open; a heading counts for its two.
func (w *strangerWriter) depth() int {
	n := len(w.open)
	for _, e := range w.open {
		if e.role == heading {
			n++
		}
	}
	return n
}

// closeParagraph ends an open <p>, as HTML does before a block.
func (w *strangerWriter) closeParagraph() {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].name == "p" || w.open[i].role == heading {
			w.closeTo(i)
			return
		}
	}
}

// closeThrough ends the innermost open element of that name, and all within it.
func (w *strangerWriter) closeThrough(name string) {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].name == name {
			w.closeTo(i)
			return
		}
	}
}

// closeTo ends elements until n are open.
func (w *strangerWriter) closeTo(n int) {
	for len(w.open) > n {
		w.flush()
		e := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.closers -= len(e.closing)
		w.out.WriteString(e.closing)
		if e.name == "a" {
			w.host = idnHost{}
		}
		if e.role != inline && e.role != annotation {
			w.newLine()
		}
	}
}

// newLine notes that a block begins or has ended.
func (w *strangerWriter) newLine() {
	w.gap, w.atStart, w.breaks = noGap, true, 0
}

// separate asks for a gap before the next text; a line outweighs a cell.
func (w *strangerWriter) separate(g gap) {
	w.flush()
	w.gap = max(w.gap, g)
}

// fillGap writes the gap that was asked for, unless a line begins here anyway.
func (w *strangerWriter) fillGap() {
	g := w.gap
	w.gap = noGap
	switch {
	case w.atStart:
	case g == lineGap:
		w.writeBreak()
	case g == cellGap && w.fits(len(cellMark)):
		w.out.WriteString(cellMark)
	}
}

// cellMark stands between the cells of a table that became a line.
const cellMark = " | "

func (w *strangerWriter) lineBreak() {
	w.flush()
	w.gap = noGap
	w.writeBreak()
}

func (w *strangerWriter) writeBreak() {
	const tag = "<br>"
	if w.breaks == maxBreaks || !w.fits(len(tag)) {
		return
	}
	w.out.WriteString(tag)
	w.breaks++
	w.atStart = true
}

// flush writes the text that has come since the last tag, as one: what a tag that
// was dropped stood in the middle of must not look different the next time.
func (w *strangerWriter) flush() {
	text := w.host.unmask(scrub(w.text.String()))
	w.text.Reset()
	blank := strings.TrimSpace(text) == ""
	if text == "" || blank && (w.atStart || w.gap != noGap) && !w.preformatted() {
		return
	}
	w.fillGap()
	escaped := html.EscapeString(text)
	if !w.fits(len(escaped)) {
		escaped = w.fitting(text)
	}
	w.out.WriteString(escaped)
	w.atStart, w.breaks = false, 0
}

// preformatted says whether spaces count here.
func (w *strangerWriter) preformatted() bool {
	for _, e := range w.open {
		if e.name == "pre" {
			return true
		}
	}
	return false
}

// fits says whether n more bytes leave room for the end tags; if not, nothing
// more is written.
func (w *strangerWriter) fits(n int) bool {
	if w.full || w.out.Len()+w.closers+n > maxStranger {
		w.full = true
	}
	return !w.full
}

// fitting is as much of a text, escaped, as there is still room for.
func (w *strangerWriter) fitting(text string) string {
	room := maxStranger - w.out.Len() - w.closers
	var b strings.Builder
	for _, r := range text {
		escaped := html.EscapeString(string(r))
		if b.Len()+len(escaped) > room {
			break
		}
		b.WriteString(escaped)
	}
	return b.String()
}

// finish writes what is left and ends every element.
func (w *strangerWriter) finish() {
	w.flush()
	w.gap = noGap
	w.closeTo(0)
}
