package richtext

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// whitelist says, apart from any policy in the package, what output may hold:
// elements, their attributes, and the shape of each attribute's value.
type whitelist map[string]map[string]*regexp.Regexp

var (
	fediverseClasses = regexp.MustCompile(`^((mention|hashtag|u-url|h-card|ellipsis|invisible|quote-inline)( |$))+$`)
	spanClasses      = regexp.MustCompile(`^(h-card|moment|talk-(dot|where|who|links)|[a-z]{1,2}[0-9a-z]?)$`)
	languages        = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`)
	ids              = regexp.MustCompile(`^[^\s"'<>&=` + "`" + `_]+$`)
	digits           = regexp.MustCompile(`^[0-9]{1,9}$`)
	alignments       = regexp.MustCompile(`^align-(left|center|right)$`)
	no               = regexp.MustCompile(`^no$`)
	anything         = regexp.MustCompile(``)
)

func exactly(values ...string) *regexp.Regexp {
	return regexp.MustCompile("^(" + strings.Join(values, "|") + ")$")
}

var strangerWhitelist = whitelist{
	"p": {"class": fediverseClasses, "lang": languages}, "span": {"class": fediverseClasses, "lang": languages, "translate": no},
	"a": {"href": regexp.MustCompile(`^https?://[^/\s]`), "class": fediverseClasses, "lang": languages, "translate": no,
		"rel": exactly("nofollow noopener noreferrer ugc")},
	"br": {}, "del": {}, "s": {}, "pre": {}, "blockquote": {"lang": languages}, "code": {}, "b": {}, "strong": {},
	"u": {}, "i": {}, "em": {}, "ul": {}, "ol": {"start": digits}, "li": {"lang": languages},
	"ruby": {}, "rt": {}, "rp": {},
}

// ourFile is where the pictures of this package's tests are served.
const ourFile = `https://notes\.example/media/[a-z0-9]{22}/\d+\.(jpg|png)`

var ownWhitelist = whitelist{
	"p": {"class": exactly("takeaway", "attribution", "talk")}, "br": {}, "hr": {}, "blockquote": {}, "em": {}, "strong": {}, "del": {}, "mark": {},
	"h2": {"id": ids}, "h3": {"id": ids}, "h4": {"id": ids}, "h5": {"id": ids}, "h6": {"id": ids}, "sup": {"id": ids},
	"ul": {"class": exactly("contains-task-list")}, "ol": {"class": exactly("contains-task-list"), "start": digits},
	"li":  {"id": ids, "class": exactly("task-list-item")},
	"pre": {"class": exactly("chroma")}, "code": {"class": regexp.MustCompile(`^language-[a-z0-9+#._-]+$`)},
	"table": {}, "thead": {}, "tbody": {}, "tr": {}, "th": {"class": alignments}, "td": {"class": alignments},
	"div":    {"class": exactly("footnotes", "gallery"), "role": exactly("doc-endnotes")},
	"figure": {"class": exactly("wide")}, "figcaption": {},
	"img": {"src": regexp.MustCompile(`^` + ourFile + `$`), "srcset": regexp.MustCompile(`^` + ourFile + ` \d+w(, ` + ourFile + ` \d+w)+$`),
		"sizes": regexp.MustCompile(`^\(min-width: \d+rem\) \d+rem, \d+vw$`), "width": digits, "height": digits, "alt": anything,
		"loading": exactly("lazy"), "decoding": exactly("async")},
	"span": {"class": spanClasses, "translate": no},
	"a": {"href": regexp.MustCompile(`^(https?://[^/\s]|mailto:.|#.)`), "title": anything,
		"rel":   exactly("noopener noreferrer", "tag"),
		"class": exactly("u-url mention", "mention hashtag", "footnote-ref", "footnote-backref", "moment"),
		"role":  exactly("doc-noteref", "doc-backlink")},
}

// check parses HTML as a browser would, in several places of a page and with
// scripting on and off, and names the first thing that isn't on the list.
func (l whitelist) check(s string) error {
	for _, context := range []atom.Atom{atom.Body, atom.Div, atom.Article, atom.Li, atom.Td} {
		for _, scripting := range []bool{true, false} {
			root := &html.Node{Type: html.ElementNode, Data: context.String(), DataAtom: context}
			nodes, err := html.ParseFragmentWithOptions(strings.NewReader(s), root, html.ParseOptionEnableScripting(scripting))
			if err != nil {
				return fmt.Errorf("in <%s>: %w", context, err)
			}
			for _, n := range nodes {
				if err := l.node(n); err != nil {
					return fmt.Errorf("in <%s>, scripting %t: %w", context, scripting, err)
				}
			}
		}
	}
	return nil
}

func (l whitelist) node(n *html.Node) error {
	switch n.Type {
	case html.TextNode:
		for _, r := range n.Data {
			if r < ' ' && r != '\n' && r != '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff {
				return fmt.Errorf("text has U+%04X", r)
			}
		}
		return nil
	case html.ElementNode:
		if err := l.element(n); err != nil {
			return err
		}
	default:
		return fmt.Errorf("a node of type %d", n.Type)
	}
	for c := range n.ChildNodes() {
		if err := l.node(c); err != nil {
			return err
		}
	}
	return nil
}

func (l whitelist) element(n *html.Node) error {
	allowed, ok := l[n.Data]
	if !ok || n.Namespace != "" {
		return fmt.Errorf("<%s> of namespace %q", n.Data, n.Namespace)
	}
	var keys []string
	for _, a := range n.Attr {
		pattern, ok := allowed[a.Key]
		if !ok || a.Namespace != "" || !pattern.MatchString(a.Val) {
			return fmt.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
		}
		if a.Key == "href" {
			if u, err := url.Parse(a.Val); err != nil || u.User != nil || strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' }) {
				return fmt.Errorf("<a> leads to %q", a.Val)
			}
		}
		keys = append(keys, a.Key)
	}
	if n.Data == "a" && !slices.Contains(keys, "href") {
		return fmt.Errorf("<a> without href")
	}
	if n.Data == "a" && !slices.Contains(keys, "rel") && !l.withoutRel(n) {
		return fmt.Errorf("<a> without rel: %v", n.Attr)
	}
	return nil
}

// withoutRel says whether a link needs no rel: in an article, those that lead to
// the page itself, and mentions.
func (l whitelist) withoutRel(n *html.Node) bool {
	if _, article := l["h2"]; !article {
		return false
	}
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "href" && strings.HasPrefix(a.Val, "#") || a.Key == "class" && a.Val == "u-url mention"
	})
}

// TestCheckerRejects keeps the checker honest: each of these, had it come out,
// would be a hole, and the checker must see it.
func TestCheckerRejects(t *testing.T) {
	t.Parallel()
	const rel = ` rel="nofollow noopener noreferrer ugc"`
	const own = ` rel="noopener noreferrer"`
	everywhere := []string{
		`<script>alert(1)</script>`, `<p onclick="x">a</p>`, `<img src=x>`, `<img src="https://evil.example/x.png" alt="">`, `<img src="https://notes.example/media/aaaaaaaaaaaaaaaaaaaaaa/480.jpg" onerror=x>`, `<p style="color:red">a</p>`, `<p id="main">a</p>`,
		`<svg><p>a</p></svg>`, `<math></math>`, `<iframe></iframe>`, `<form></form>`, `<input>`, `<style></style>`, `<template></template>`,
		`<noscript><p></noscript>`, `<base href=x>`, `<meta charset=x>`, `<link rel=x>`, `<!-- c -->`, `<object></object>`, `<marquee>a</marquee>`,
		`<textarea></textarea>`, `<button>x</button>`, `<video></video>`, `<select><option>x</select>`, `<h1>a</h1>`,
		`<p><svg><style><img src=x onerror=y></style></svg></p>`, `<p class="">a</p>`, `<span class="navbar">a</span>`,
		"<p>a\u202eb</p>", "<p>a\u2066b</p>", "<p>a\u200bb</p>", "<p>a\x07b</p>", `<ol start="-1"></ol>`, `<ol start="x"></ol>`,
		`<a href="https://evil.example/">a</a>`, `<a href="https://evil.example/" rel="opener">a</a>`, `<a` + rel + `>a</a>`, `<a` + own + `>a</a>`,
	}
	for _, r := range []string{rel, own} {
		for _, href := range []string{"javascript:alert(1)", "//evil.example", "/x", "data:text/html,x", "https://a@evil.example/", "https://аpple.example/", ""} {
			everywhere = append(everywhere, `<a href="`+href+`"`+r+`>a</a>`)
		}
		everywhere = append(everywhere, `<a href="https://a.example/" target="_blank"`+r+`>a</a>`)
	}
	inReplies := []string{
		`<h2>a</h2>`, `<table></table>`, `<a href="#x"` + rel + `>a</a>`, `<a href="mailto:a@b.example"` + rel + `>a</a>`,
		`<a href="https://a.example/"` + own + `>a</a>`, `<a href="https://a.example/" class="u-url mention">a</a>`, `<span lang="x y">a</span>`,
	}
	inArticles := []string{
		`<table><td style="text-align:left">a</table>`, `<h2 id="a b">a</h2>`, `<h2 id="site_menu">a</h2>`, `<p class="chroma">a</p>`,
		`<a href="#x" rel="me">a</a>`, `<pre style="x">a</pre>`, `<input type="checkbox" disabled>`, `<span class="abcd">a</span>`, `<code class="x">a</code>`,
	}
	for _, m := range append(inReplies, everywhere...) {
		if err := strangerWhitelist.check(m); err == nil {
			t.Errorf("in replies, the checker accepts %q", m)
		}
	}
	for _, m := range append(inArticles, everywhere...) {
		if err := ownWhitelist.check(m); err == nil {
			t.Errorf("in articles, the checker accepts %q", m)
		}
	}
}

func TestCheckerAccepts(t *testing.T) {
	t.Parallel()
	if err := strangerWhitelist.check(`<p><a href="https://a.example/x" rel="nofollow noopener noreferrer ugc" class="u-url mention">@<span>a</span></a></p>`); err != nil {
		t.Error(err)
	}
	if err := ownWhitelist.check(`<h2 id="été-1">a</h2><p><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></p>`); err != nil {
		t.Error(err)
	}
}
