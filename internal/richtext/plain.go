package richtext

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// PlainText is the text of HTML that Render or Stranger made, a line a block,
// for search, feeds and excerpts. Footnote numbers and arrows, and what stands under
// pictures, are left out.
func PlainText(s string) string {
	var w plainWriter
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return tidyLines(w.out.String())
		case xhtml.TextToken:
			w.words(z.Token().Data)
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			w.start(z.Token())
		case xhtml.EndTagToken:
			w.end(z.Token().DataAtom)
		}
	}
}

type plainWriter struct {
	out     strings.Builder
	pre     int  // open <pre>
	noteRef bool // within a footnote's number, or the arrow back
	caption bool // within <figcaption>
}

// words writes text; outside <pre> the source's line ends are only spaces.
func (w *plainWriter) words(s string) {
	switch {
	case w.noteRef, w.caption:
	case w.pre > 0:
		w.out.WriteString(s)
	case strings.TrimSpace(s) != "" || !strings.Contains(s, "\n"):
		w.out.WriteString(strings.ReplaceAll(s, "\n", " "))
	}
}

func (w *plainWriter) start(t xhtml.Token) {
	switch {
	case t.DataAtom == atom.Br, t.DataAtom == atom.Hr, setApart[t.DataAtom]:
		w.out.WriteByte('\n')
	case isNoteLink(t):
		w.noteRef = true
	}
	switch t.DataAtom {
	case atom.Pre:
		w.pre++
	case atom.Figcaption:
		w.caption = true
	}
}

func (w *plainWriter) end(a atom.Atom) {
	switch {
	case setApart[a]:
		w.out.WriteByte('\n')
	case a == atom.Td, a == atom.Th:
		w.out.WriteByte(' ')
	case a == atom.A:
		w.noteRef = false
	}
	switch a {
	case atom.Pre:
		w.pre--
	case atom.Figcaption:
		w.caption = false
	}
}

// setApart are the elements whose text is a line of its own.
var setApart = map[atom.Atom]bool{
	atom.P: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Blockquote: true, atom.Pre: true,
	atom.Table: true, atom.Tr: true, atom.Div: true, atom.Figure: true,
}

// isNoteLink says whether t starts a footnote's number or the arrow back.
func isNoteLink(t xhtml.Token) bool {
	for _, a := range t.Attr {
		if t.DataAtom == atom.A && a.Key == "class" && strings.HasPrefix(a.Val, "footnote-") {
			return true
		}
	}
	return false
}

// tidyLines drops empty lines, and the spaces that HTML wouldn't show: all but
// those that indent code.
func tidyLines(s string) string {
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "  ") {
			l = l[1:]
		}
		if l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

// countWords counts what has a letter or a digit: French sets "?" and "»" apart.
func countWords(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// Excerpt cuts plain text to at most limit characters, at the end of a word where
// there is one, with "…" for what is missing. Line breaks become spaces.
func Excerpt(text string, limit int) string {
	text = strings.Join(strings.FieldsFunc(text, breaksLine), " ")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	cut := cutRunes(text, limit-1)
	if space := strings.LastIndexFunc(cut, unicode.IsSpace); space > len(cut)/2 && !startsWithSpace(text[len(cut):]) {
		cut = cut[:space]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:«“(–—-", r)
	}) + "…"
}

// breaksLine is any space but the ones that a typographer put there.
func breaksLine(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f'
}

func startsWithSpace(s string) bool {
	return s != "" && unicode.IsSpace(firstRune([]byte(s)))
}

// cutRunes is the first n characters of s, without half a cluster at the end:
// what the next character would have belonged to goes too.
func cutRunes(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	n = max(n, 0)
	for n > 0 && (joins(runes[n]) || runes[n-1] == zwj) {
		n--
	}
	return string(runes[:n])
}

// joins says whether r belongs to the character before it.
func joins(r rune) bool {
	return unicode.IsMark(r) || r == zwj || r >= 0x1F3FB && r <= 0x1F3FF
}

// Paragraph is an author's plain-text summary as one escaped paragraph without
// links: Mastodon inserts summary unescaped and makes a card of its first link
// (reference/mastodon.md 21, 25). Empty text makes an empty string.
func Paragraph(text string) string {
	if text = oneLine(text); text == "" {
		return ""
	}
	return "<p>" + html.EscapeString(text) + "</p>"
}

// Teaser is a title, a few words and a link to read on, as HTML: what a server shows that
// shows no articles (FEP-b2b8).
func Teaser(title, words, url string) string {
	link := html.EscapeString(url)
	return "<p><strong>" + html.EscapeString(oneLine(title)) + "</strong></p>" + Paragraph(words) + `<p><a href="` + link + `">` + link + "</a></p>"
}

// oneLine scrubs an author's text and takes its line breaks away.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(scrub(text), breaksLine), " ")
}

// StrangerText makes one line of plain text of a stranger's display name, field
// name or content warning: no tags, no direction overrides, nothing invisible,
// NFC, single spaces, at most limit characters with "…" for what is missing.
func StrangerText(s string, limit int) string {
	s = stripTags(truncate(s, maxStranger))
	s = norm.NFC.String(scrubLine(s))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit < 1 {
		return ""
	}
	return strings.TrimSpace(cutRunes(s, limit-1)) + "…"
}

// stripTags keeps the text of HTML, but not that of script and its like.
func stripTags(s string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(s))
	hidden := ""
	for {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			return b.String()
		}
		t := z.Token()
		switch {
		case hidden != "":
			if kind == xhtml.EndTagToken && t.Data == hidden {
				hidden = ""
			}
		case kind == xhtml.TextToken:
			b.WriteString(t.Data)
		case hides(t):
			hidden = t.Data
		case kind != xhtml.CommentToken && breaks(t.Data):
			b.WriteByte(' ')
		}
	}
}

// Links are the addresses that HTML of Stranger's leads to.
func Links(s string) (links []string) {
	anchors(s, func(href, _ string) { links = append(links, href) })
	return links
}

// GivenLinks are those of Links, each once, that aren't marked as a person or a hashtag.
func GivenLinks(s string) (links []string) {
	anchors(s, func(href, class string) {
		if !slices.Contains(strings.Fields(class), "mention") && !slices.Contains(links, href) {
			links = append(links, href)
		}
	})
	return links
}

// anchors calls f for each link of some HTML.
func anchors(s string, f func(href, class string)) {
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return
		case xhtml.StartTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			if href, ok := attr["href"]; ok && t.DataAtom == atom.A {
				f(href, attr["class"])
			}
		}
	}
}
