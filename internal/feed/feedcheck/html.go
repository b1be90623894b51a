package feedcheck

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// What the HTML of an article may consist of away from its page. The validator takes
// more elements and attributes; what isn't here would be new to us.
var (
	elements = words(`a blockquote br code del div em figcaption figure h2 h3 h4 h5 h6 hr img li mark ol p pre span strong sup table tbody td th thead tr ul`)
	attrs    = words(`alt class decoding height href id loading rel sizes src srcset start title translate width`)
	void     = words(`br hr img`)
)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// htmlRules are what holds for every piece of HTML in a feed.
func htmlRules(pieces func(*Document) []string) []Rule {
	each := func(name string, check func(tokens []html.Token, fail report)) Rule {
		return Rule{name, func(d *Document, fail report) {
			for _, piece := range pieces(d) {
				check(tokens(piece), fail)
			}
		}}
	}
	return []Rule{each("NotHtml", balanced), each("SecurityRisk", knownElements), each("SecurityRiskAttr", knownAttributes), each("ContainsRelRef", absolute)}
}

func tokens(piece string) (all []html.Token) {
	z := html.NewTokenizer(strings.NewReader(piece))
	for z.Next() != html.ErrorToken {
		all = append(all, z.Token())
	}
	return all
}

// balanced: every element ends where it must.
func balanced(all []html.Token, fail report) {
	var open []string
	for _, t := range all {
		switch {
		case t.Type == html.StartTagToken && !void[t.Data]:
			open = append(open, t.Data)
		case t.Type == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != t.Data {
				fail("</%s> ends nothing", t.Data)
				return
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		fail("<%s> doesn't end", open)
	}
}

func knownElements(all []html.Token, fail report) {
	for _, t := range all {
		tag := t.Type == html.StartTagToken || t.Type == html.SelfClosingTagToken || t.Type == html.EndTagToken
		if tag && !elements[t.Data] || t.Type == html.DoctypeToken || t.Type == html.CommentToken {
			fail("%s", t)
		}
	}
}

func knownAttributes(all []html.Token, fail report) {
	for _, t := range all {
		for _, a := range t.Attr {
			if !attrs[a.Key] {
				fail("%s in <%s>", a.Key, t.Data)
			}
		}
	}
}

// absolute: an article is read far from its page.
func absolute(all []html.Token, fail report) {
	for _, t := range all {
		for _, a := range t.Attr {
			for _, address := range addresses(a) {
				u, err := url.Parse(address)
				if err != nil || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) {
					fail("<%s %s=%q>", t.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func addresses(a html.Attribute) (found []string) {
	switch a.Key {
	case "href", "src", "cite":
		found = append(found, a.Val)
	case "srcset":
		for candidate := range strings.SplitSeq(a.Val, ", ") {
			address, _, _ := strings.Cut(candidate, " ")
			found = append(found, address)
		}
	}
	return found
}
