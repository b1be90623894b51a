package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// faults lists what is wrong with a page: what the Content-Security-Policy
// would refuse, what a screen reader would stumble over, what a browser would
// misread.
func faults(document []byte, language string) []string {
	root, err := html.Parse(strings.NewReader(string(document)))
	if err != nil {
		return []string{err.Error()}
	}
	c := &inspection{ids: map[string]int{}, labels: map[string]bool{}}
	walk(root, c.gather)
	walk(root, func(n *html.Node) { c.inspect(n, language) })
	if c.headings != 1 {
		c.report("%d h1", c.headings)
	}
	for _, id := range c.references {
		if c.ids[id] == 0 {
			c.report("nothing has the id %s", id)
		}
	}
	for id, n := range c.ids {
		if n > 1 {
			c.report("the id %s is used %d times", id, n)
		}
	}
	if strings.Contains(string(document), "ZgotmplZ") {
		c.report("html/template refused a value")
	}
	return c.found
}

type inspection struct {
	found      []string
	headings   int
	ids        map[string]int
	labels     map[string]bool // the ids that a label is for
	references []string
}

func (c *inspection) report(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *inspection) gather(n *html.Node) {
	if id := attribute(n, "id"); id != "" {
		c.ids[id]++
	}
	if n.Data == "label" {
		if id := attribute(n, "for"); id != "" {
			c.labels[id] = true
			c.references = append(c.references, id)
		}
	}
	for _, name := range []string{"aria-describedby", "aria-labelledby", "data-copy"} {
		c.references = append(c.references, strings.Fields(attribute(n, name))...)
	}
}

func (c *inspection) inspect(n *html.Node, language string) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.report("<%s %s> is refused by the CSP", n.Data, a.Key)
		case slices.Contains([]string{"href", "src", "action"}, a.Key):
			if strings.TrimSpace(a.Val) == "" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				c.report("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	switch n.Data {
	case "html":
		if attribute(n, "lang") != language {
			c.report("<html lang=%q>", attribute(n, "lang"))
		}
	case "h1":
		c.headings++
	case "style":
		c.report("<style> is refused by the CSP")
	case "script":
		if attribute(n, "src") == "" || n.FirstChild != nil {
			c.report("an inline script is refused by the CSP")
		}
	case "form":
		if attribute(n, "method") != "post" && attribute(n, "role") != "search" || attribute(n, "action") == "" {
			c.report("a form that isn't a POST to somewhere")
		}
	case "a", "button", "h2", "label", "summary":
		if strings.TrimSpace(text(n)) == "" {
			c.report("an empty <%s>", n.Data)
		}
	case "input", "textarea", "select":
		if attribute(n, "type") != "hidden" && !c.labelled(n) {
			c.report("<%s name=%q> has no label", n.Data, attribute(n, "name"))
		}
	}
}

func (c *inspection) labelled(n *html.Node) bool {
	for parent := n.Parent; parent != nil; parent = parent.Parent {
		if parent.Data == "label" {
			return true
		}
	}
	return c.labels[attribute(n, "id")] || attribute(n, "aria-label") != ""
}

// walk visits the elements in the order of the document.
func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for child := range n.ChildNodes() {
		walk(child, visit)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what is read aloud of a node.
func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if n.Data == "img" {
		return attribute(n, "alt")
	}
	var b strings.Builder
	for child := range n.ChildNodes() {
		b.WriteString(text(child))
	}
	return b.String()
}

func TestTheInspectionNoticesFaults(t *testing.T) {
	page := func(body string) []byte {
		return []byte(`<!doctype html><html lang="en"><body><h1>One</h1>` + body + `</body></html>`)
	}
	if got := faults(page(`<form method="post" action="/x"><label for="a">A</label><input id="a"></form>`), "en"); len(got) != 0 {
		t.Fatalf("a sound page has faults: %q", got)
	}
	mutants := map[string]string{
		"a second h1":               `<h1>Two</h1>`,
		"an inline style":           `<p style="color:red">x</p>`,
		"a style element":           `<style>p{}</style>`,
		"an inline script":          `<script>alert(1)</script>`,
		"an event handler":          `<p onclick="x()">x</p>`,
		"an empty href":             `<a href="">x</a>`,
		"a script for an address":   `<a href=" JavaScript:x()">x</a>`,
		"a form that gets":          `<form action="/x"><button>x</button></form>`,
		"a form to nowhere":         `<form method="post"><button>x</button></form>`,
		"an input without a label":  `<input name="x">`,
		"a label for nothing":       `<label for="nobody">x</label>`,
		"a description by nothing":  `<p aria-describedby="nobody">x</p>`,
		"an id used twice":          `<p id="a">x</p><p id="a">y</p>`,
		"a link without words":      `<a href="/x"> </a>`,
		"a link that is a picture":  `<a href="/x"><img src="/y" alt=""></a>`,
		"a button without words":    `<button></button>`,
		"a value refused":           `<a href="#ZgotmplZ">x</a>`,
		"a textarea without label":  `<textarea name="x"></textarea>`,
		"an empty second heading":   `<h2></h2>`,
		"a select without a label":  `<select name="x"></select>`,
		"an image with no address":  `<img src="" alt="">`,
		"a script with a body, too": `<script src="/x.js">alert(1)</script>`,
	}
	for name, body := range mutants {
		t.Run(name, func(t *testing.T) {
			if len(faults(page(body), "en")) == 0 {
				t.Error("it went unnoticed")
			}
		})
	}
	if len(faults(page(""), "fr")) == 0 {
		t.Error("a wrong language went unnoticed")
	}
}
