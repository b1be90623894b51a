package mastodon

import (
	"bytes"
	"iter"
	"mime"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// pageRules are of what stands in a page's head.
var pageRules = []Rule{
	{12, "a page names its document by an absolute URL, so that it is found by search", page, nil, func(t *thing) string {
		at := t.page.alternates["application/activity+json"]
		if !isHTTP(at) {
			return "the alternate link is " + at
		}
		d := parse(t.get(at, acceptDocument).Body)
		return unless(d.text("id") == at, "at %s is %q", at, d.text("id"))
	}},
	{26, "a card is made of a page of HTML", page, nil, func(t *thing) string {
		return unless(t.answer.Status == http.StatusOK && isPage(t.answer.Type), "it answers %d %s", t.answer.Status, t.answer.Type)
	}},
	{26, "oEmbed, which is asked first, is rich and so left aside", page, func(t *thing) bool { return t.page.alternates["application/json+oembed"] != "" }, func(t *thing) string {
		got := t.get(t.page.alternates["application/json+oembed"], "application/json")
		d := parse(got.Body)
		return unless(got.Status == http.StatusOK && d.text("type") == "rich", "it answers %d with type %v", got.Status, d["type"])
	}},
	{26, "OpenGraph has a title, and a page's own address is on its host", page, nil, func(t *thing) string {
		return first(unless(t.page.meta["og:title"] != "", "no og:title"),
			unless(sameHost(t.page.canonical, t.id), "canonical is %q", t.page.canonical),
			unless(sameHost(t.page.meta["og:url"], t.id), "og:url is %q", t.page.meta["og:url"]))
	}},
	{26, "a card's picture is of a kind and size that it takes", page, nil, func(t *thing) string {
		return t.picture(t.page.meta["og:image"], 8<<20)
	}},
	{27, "whom a page names as its creator lets its host do so", page, func(t *thing) bool { return t.page.meta["fediverse:creator"] != "" }, func(t *thing) string {
		address := strings.TrimPrefix(t.page.meta["fediverse:creator"], "@")
		finger := parse(t.get(fingerURL(address, address[strings.LastIndex(address, "@")+1:]), acceptFinger).Body)
		who := parse(t.get(selfLink(finger), acceptDocument).Body)
		host, _, _ := strings.Cut(hostOf(t.id), ":")
		return unless(slices.ContainsFunc(who.texts("attributionDomains"), func(domain string) bool {
			return host == domain || strings.HasSuffix(host, "."+domain)
		}), "%s may be credited at %v", address, who["attributionDomains"])
	}},
}

// pageHead is what Mastodon reads of a page.
type pageHead struct {
	alternates map[string]string // by type
	canonical  string
	meta       map[string]string // by name or property
}

func parsePage(body []byte) pageHead {
	head := pageHead{alternates: map[string]string{}, meta: map[string]string{}}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return head
	}
	for n := range each(root) {
		rel := strings.Fields(attribute(n, "rel"))
		switch {
		case n.DataAtom == atom.Link && slices.Contains(rel, "alternate"):
			if kind := attribute(n, "type"); head.alternates[kind] == "" {
				head.alternates[kind] = attribute(n, "href")
			}
		case n.DataAtom == atom.Link && slices.Contains(rel, "canonical"):
			head.canonical = attribute(n, "href")
		case n.DataAtom == atom.Meta:
			head.meta[attribute(n, "name")+attribute(n, "property")] = attribute(n, "content")
		}
	}
	return head
}

func isPage(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "text/html"
}

// each goes through a node and all below it.
func each(root *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		if !yield(root) {
			return
		}
		for n := range root.Descendants() {
			if !yield(n) {
				return
			}
		}
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
