package richtext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxStranger = 100 << 10 // bytes that Stranger reads, and that it returns
	maxDepth    = 20        // elements within elements
	maxBreaks   = 2         // line breaks in a row
)

// relStranger is on every link that isn't ours: no credit, no handle on our
// window, no word of where the reader came from, and a hint to search engines.
const relStranger = "nofollow noopener noreferrer ugc"

// Stranger sanitizes HTML that came from elsewhere: replies, biographies. Of at
// most 100 KB it keeps prose, lists, quotations, code and absolute http(s) links;
// pictures, ids, styles and everything remote go. What it returns is balanced, at
// most 100 KB, and unchanged by another Stranger.
//
// It reads tokens, not a tree: building one takes quadratic time on nested tags,
// and x/net refuses 512 levels. What it writes is simple enough that every HTML
// parser builds the same tree of it, which leaves mutation XSS nothing to mutate.
func Stranger(s string) string {
	return strangerPolicy().Sanitize((&strangerWriter{atStart: true}).write(s))
}

// StrangerArticle does the same with an article that stands on a page of its own. It keeps
// its headings, from <h3> on, as its title is one above, and skips none. Pictures are those
// with the addresses: where one stood between two blocks, a mark with its number says so,
// which StrangerParts reads. Nothing of their addresses is in what it returns.
func StrangerArticle(s string, pictures []string) string {
	w := &strangerWriter{atStart: true, article: true, pictures: pictures, placed: make([]bool, len(pictures))}
	return emptyParagraph.ReplaceAllString(emptyLink.ReplaceAllString(strangerArticlePolicy().Sanitize(w.write(s)), ""), "")
}

// What is left where a picture alone was a link, or a paragraph. No attribute has a ">" of
// its own: that is escaped.
var (
	emptyLink      = regexp.MustCompile(`<a [^>]*></a>`)
	emptyParagraph = regexp.MustCompile(`<p(?: [^>]*)?></p>`)
)

func (w *strangerWriter) write(s string) string {
	z := html.NewTokenizer(strings.NewReader(truncate(s, maxStranger)))
	for !w.full {
		switch z.Next() {
		case html.ErrorToken:
			w.finish()
			return w.out.String()
		case html.TextToken:
			w.words(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
	w.finish()
	return w.out.String()
}

// element is one that stands open in the output.
type element struct {
	name    string // "h" for every heading
	closing string
	role    role
}

// gap is what comes between two pieces of text whose elements we don't have.
type gap int

const (
	noGap gap = iota
	cellGap
	lineGap
)

// strangerWriter writes balanced HTML from a stream of tags that needn't be.
type strangerWriter struct {
	out         strings.Builder
	open        []element
	closers     int             // bytes that closing all of open takes
	text        strings.Builder // since the last tag that was written
	gap         gap
	atStart     bool // nothing but tags on this line so far
	breaks      int  // line breaks since the last word
	host        idnHost
	hidden      string // the hidden element that we are in
	hiddenDepth int
	full        bool
	article     bool     // keeps headings, and marks where pictures stood
	top, last   int      // the level of the first heading, and of the last that was written
	pictures    []string // their addresses
	placed      []bool   // which of them are marked already
}

func (w *strangerWriter) words(s string) {
	if w.hidden == "" {
		w.text.WriteString(s)
	}
}

func (w *strangerWriter) start(t html.Token) {
	if w.hidden != "" {
		if t.Data == w.hidden && hides(t) {
			w.hiddenDepth++
		}
		return
	}
	if hides(t) {
		w.hidden, w.hiddenDepth = t.Data, 1
		return
	}
	switch roles[t.Data] {
	case dropped:
		w.startDropped(t)
	case inline:
		w.startInline(t)
	case block:
		w.closeParagraph()
		if !w.push(t.Data, attributes(t), block) {
			w.separate(lineGap)
		}
	case heading:
		w.closeParagraph()
		w.pushHeading(int(t.Data[1] - '0'))
	case item:
		w.startItem(t)
	case annotation:
		w.startAnnotation(t)
	case divider:
		w.closeParagraph()
		w.separate(lineGap)
	case cell:
		w.closeParagraph()
		w.separate(cellGap)
	}
}

// startDropped writes what stands for a tag that we don't have: a line break, or that a
// picture was there.
func (w *strangerWriter) startDropped(t html.Token) {
	switch t.Data {
	case "br":
		w.lineBreak()
	case "img":
		w.picture(t)
	}
}

// startInline opens a link or formatting. A link ends the one it is in, and
// without an address it is no link.
func (w *strangerWriter) startInline(t html.Token) {
	if t.Data != "a" {
		w.push(t.Data, attributes(t), inline)
		return
	}
	w.closeThrough("a")
	for _, a := range t.Attr {
		if a.Key != "href" || a.Namespace != "" {
			continue
		}
		if address, host, ok := webLink(a.Val); ok {
			attrs := ` href="` + html.EscapeString(address) + `" rel="` + relStranger + `"` + attributes(t)
			if w.push("a", attrs, inline) {
				w.host = host
			}
		}
		return // of two attributes of a name, the first counts
	}
}

// startItem opens an item of the list that we are in; elsewhere it is a line.
func (w *strangerWriter) startItem(t html.Token) {
	w.closeParagraph()
	for i := len(w.open) - 1; i >= 0; i-- {
		switch e := w.open[i]; {
		case e.role == inline || e.role == annotation:
			continue
		case e.name == "li":
			w.closeTo(i)
		case e.name == "ul" || e.name == "ol":
			w.closeTo(i + 1)
		default:
			w.separate(lineGap)
			return
		}
		w.push("li", attributes(t), item)
		return
	}
	w.separate(lineGap)
}

// startAnnotation opens <rt> or <rp> as a child of its <ruby>.
func (w *strangerWriter) startAnnotation(t html.Token) {
	for i := len(w.open) - 1; i >= 0 && w.open[i].role != block && w.open[i].role != item; i-- {
		if w.open[i].name == "ruby" {
			w.closeTo(i + 1)
			w.push(t.Data, "", annotation)
			return
		}
	}
}

func (w *strangerWriter) end(name string) {
	if w.hidden != "" {
		if name == w.hidden {
			if w.hiddenDepth--; w.hiddenDepth == 0 {
				w.hidden = ""
			}
		}
		return
	}
	switch roles[name] {
	case heading:
		w.closeThrough("h")
	case divider:
		w.closeParagraph()
		w.separate(lineGap)
	case cell:
		w.separate(cellGap)
	case dropped:
		if name == "br" {
			w.lineBreak() // HTML reads </br> as <br>
		}
	default:
		w.closeThrough(name)
	}
}

// attributes are those, besides a link's, that an element may keep.
func attributes(t html.Token) string {
	kept := map[string]string{}
	for _, a := range t.Attr {
		if _, twice := kept[a.Key]; twice || a.Namespace != "" {
			continue
		}
		kept[a.Key] = a.Val
	}
	var b strings.Builder
	add := func(key, value string, ok bool) {
		if ok && value != "" {
			b.WriteString(" " + key + `="` + html.EscapeString(value) + `"`)
		}
	}
	inText := t.Data == "a" || t.Data == "span"
	add("class", keptClasses(kept["class"]), inText || t.Data == "p")
	add("lang", kept["lang"], languageTag.MatchString(kept["lang"]) && (inText || t.Data == "p" || t.Data == "li" || t.Data == "blockquote"))
	add("translate", kept["translate"], inText && kept["translate"] == "no")
	add("start", kept["start"], t.Data == "ol" && startNumber.MatchString(kept["start"]))
	return b.String()
}
