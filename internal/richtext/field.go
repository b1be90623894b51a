package richtext

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PageAddress is the address of a page in one spelling, where text is one and nothing else.
// Over http anybody on the way could say whose page it is, so that is none.
func PageAddress(text string) (address string, ok bool) {
	address, _, ok = webLink(text)
	words := strings.ContainsFunc(strings.TrimSpace(text), unicode.IsSpace)
	return address, ok && !words && strings.HasPrefix(address, "https://")
}

// FieldValue is the value of a field of a profile. A page is exactly one link whose text is
// its address: nothing else is verified by Mastodon (app/models/account/field.rb).
func FieldValue(value, page string) string {
	if page == "" {
		return html.EscapeString(value)
	}
	p := html.EscapeString(page)
	return `<a href="` + p + `" rel="me nofollow noopener noreferrer" translate="no">` + p + `</a>`
}

// LinksBack says whether a page has a link with rel=me to one of the addresses, which must
// be written out in full. What stands in comments, scripts and templates is no link.
func LinksBack(page []byte, addresses ...string) bool {
	templates := 0
	for z := xhtml.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			return false
		}
		t := z.Token()
		switch {
		case t.DataAtom == atom.Template && kind == xhtml.StartTagToken:
			templates++
		case t.DataAtom == atom.Template && kind == xhtml.EndTagToken:
			templates = max(templates-1, 0)
		case templates > 0 || kind != xhtml.StartTagToken && kind != xhtml.SelfClosingTagToken:
		case (t.DataAtom == atom.A || t.DataAtom == atom.Link) && leadsTo(t, addresses):
			return true
		}
	}
}

// leadsTo says whether a link says rel=me and names one of the addresses.
func leadsTo(t xhtml.Token, addresses []string) bool {
	href, me := "", false
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			href, _, _ = strings.Cut(strings.TrimSpace(a.Val), "#")
		case "rel":
			me = slices.ContainsFunc(strings.Fields(a.Val), func(s string) bool { return strings.EqualFold(s, "me") })
		}
	}
	return me && slices.ContainsFunc(addresses, func(s string) bool { return strings.EqualFold(strings.TrimSuffix(href, "/"), s) })
}
