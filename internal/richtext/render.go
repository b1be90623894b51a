package richtext

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Found is what has to be resolved before an article can be rendered.
type Found struct {
	Hashtags []string       // display form without "#", first spelling of each, in order
	Mentions []Handle       // each once, in order
	Pictures []FoundPicture // in order
}

// Mention is a person whom a handle was resolved to.
type Mention struct {
	Handle Handle
	Href   string // the person's page, an absolute http(s) URL: what a reader clicks
	Name   string // shown text, "@gwen"; the handle's user when empty
}

// Options is what Render knows about an article beyond its source. The zero
// value renders, with hashtags and mentions as text.
type Options struct {
	Language string                  // BCP 47; quotation marks are French for "fr", English for "en", else as typed
	Mentions map[string]Mention      // by Handle.String(); what is missing stays text
	Pictures map[string]Picture      // by the destination in the source; another's becomes a link, what is neither its alt text
	TagURL   func(tag string) string // absolute URL of a hashtag's page; the tag comes as it was spelt, without "#"
	// FootnotePrefix stands before every id of the article, headings' too, so that
	// two articles can share a page: ASCII letters, digits, "-" and "_".
	FootnotePrefix string
	Reply          bool // it stands among others: its headings are bold paragraphs
}

// Heading is one heading of an article, for a table of contents.
type Heading struct {
	Level int    `json:"level"` // 2 to 6
	ID    string `json:"id"`
	Text  string `json:"text"`
}

// EncodeOutline writes headings as they are stored.
func EncodeOutline(headings []Heading) string {
	if len(headings) == 0 {
		return ""
	}
	b, err := json.Marshal(headings)
	if err != nil {
		panic("richtext: strings and numbers have JSON: " + err.Error())
	}
	return string(b)
}

// DecodeOutline is the inverse of EncodeOutline; what it didn't write is no heading.
func DecodeOutline(outline string) []Heading {
	var headings []Heading
	if json.Unmarshal([]byte(outline), &headings) != nil {
		return nil
	}
	return headings
}

// Article is a rendered article.
type Article struct {
	HTML     string // sanitized, ready to be stored and federated
	Headings []Heading
	Hashtags []string // as Scan finds them
	Text     string   // the body as plain text, a line a block
	Words    int
}

// Scan finds the hashtags, mentions and pictures in a Markdown source. What stands in
// code, links or addresses is none.
func Scan(source string) Found {
	_, pc := parse(cleanSource(source), Options{})
	f, _ := pc.Get(foundKey).(Found)
	return f
}

// Render makes the stored HTML of one of our own articles from its Markdown. The
// same source and options always give the same bytes.
func Render(source string, o Options) Article {
	src := cleanSource(source)
	doc, pc := parse(src, o)
	var b bytes.Buffer
	if err := markdownFor(o.Language).Renderer().Render(&b, src, doc); err != nil {
		panic("richtext: writing to memory failed: " + err.Error())
	}
	a := Article{HTML: ownPolicy().Sanitize(scrub(b.String()))} // scrubbed again: "&#x202e;" was text in the source
	f, _ := pc.Get(foundKey).(Found)
	a.Hashtags = f.Hashtags
	a.Headings, _ = pc.Get(headingsKey).([]Heading)
	a.Text = PlainText(a.HTML)
	a.Words = countWords(a.Text)
	return a
}

// parse reads a source and resolves it; what it found stands in the context.
func parse(src []byte, o Options) (ast.Node, parser.Context) {
	pc := parser.NewContext()
	pc.Set(optionsKey, o)
	doc := markdownFor(o.Language).Parser().Parse(text.NewReader(src), parser.WithContext(pc))
	return doc, pc
}

// cleanSource drops what no reader sees, with the line ends of other systems.
func cleanSource(source string) []byte {
	return []byte(scrub(strings.ReplaceAll(source, "\r\n", "\n")))
}
