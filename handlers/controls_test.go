package handlers

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// controls reads what a browser would post back of a page's forms: inputs, texts and
// chosen options, by name. A text starts after the line end that follows its tag.
func controls(page string) url.Values {
	values := url.Values{}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return values
	}
	for n := range doc.Descendants() {
		name := attribute(n, "name")
		switch n.Data {
		case "input":
			if name != "" && attribute(n, "type") != "file" && attribute(n, "type") != "submit" && (attribute(n, "type") != "checkbox" || has(n, "checked")) {
				values.Add(name, attribute(n, "value"))
			}
		case "textarea":
			if text := ""; name != "" {
				if n.FirstChild != nil {
					text = n.FirstChild.Data
				}
				values.Add(name, text)
			}
		case "option":
			if has(n, "selected") {
				for p := n.Parent; p != nil; p = p.Parent {
					if p.Data == "select" {
						values.Add(attribute(p, "name"), attribute(n, "value"))
						break
					}
				}
			}
		}
	}
	return values
}

func attribute(n *html.Node, name string) string {
	if n.Type == html.ElementNode {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
