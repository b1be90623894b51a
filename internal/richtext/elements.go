package richtext

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// role is what an element of a stranger's HTML is to us.
type role int

const (
	dropped role = iota // the tag goes, its content stays
	inline
	block   // closes an open paragraph, as in HTML
	heading // becomes a bold paragraph: a reply has no say in our outline
	item    // <li>, in a list only
	annotation
	divider // a block that we don't have: its border is a line break
	cell    // of a table that becomes lines
)

// roles is the allow-list of Stranger, after Mastodon's (reference/mastodon.md 46).
var roles = roleTable(map[role]string{
	inline:     "a b code del em i rp ruby s span strong u",
	block:      "blockquote ol p pre ul",
	heading:    "h1 h2 h3 h4 h5 h6",
	item:       "li",
	annotation: "rt rp",
	divider: "address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure " +
		"footer form header hgroup hr legend main menu nav optgroup option search section summary table tbody tfoot thead tr",
	cell: "td th",
})

func roleTable(names map[role]string) map[string]role {
	table := map[string]role{}
	for r := inline; r <= cell; r++ {
		for name := range strings.FieldsSeq(names[r]) {
			table[name] = r
		}
	}
	return table
}

// breaks says whether an element sets its content apart from what is before it.
func breaks(name string) bool {
	return name == "br" || roles[name] >= block && roles[name] != annotation
}

// hiddenElements are those whose content isn't prose: code, controls, drawings and
// what a browser reads by other rules than HTML's (mXSS lives there).
var hiddenElements = set("applet audio canvas colgroup frameset head iframe math noembed noframes noscript " +
	"object plaintext script select style svg template textarea title video xmp")

// hides says whether a tag starts a hidden element. "/>" ends none but the foreign
// ones: HTML reads <script/> as <script>.
func hides(t html.Token) bool {
	switch t.Type {
	case html.StartTagToken:
		return hiddenElements[t.Data]
	case html.SelfClosingTagToken:
		return hiddenElements[t.Data] && t.Data != "math" && t.Data != "svg"
	}
	return false
}

func set(names string) map[string]bool {
	s := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		s[name] = true
	}
	return s
}

// classNames are the classes that have a meaning to our style: Mastodon's marks of
// mentions, hashtags, shortened links, and of the line that repeats a quote's link.
const classNames = `mention|hashtag|u-url|h-card|ellipsis|invisible|quote-inline`

var knownClasses = strings.Split(classNames, "|")

// keptClasses leaves of a class attribute what we know, each once.
func keptClasses(value string) string {
	var kept []string
	for name := range strings.FieldsSeq(value) {
		if slices.Contains(knownClasses, name) && !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, " ")
}

// languageTag is a BCP 47 tag of ordinary shape.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$`)
