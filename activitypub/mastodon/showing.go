package mastodon

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// showingRules are of what Mastodon makes of words and pictures.
var showingRules = []Rule{
	{24, "an attachment has a URL, a media type that it knows and 10,000 characters of description at most", article | note, attached, func(t *thing) string {
		for _, a := range t.doc.objects("attachment") {
			says := a.text("name") + a.text("summary")
			if why := first(unless(isHTTP(a.text("url")), "url is %v", a["url"]), unless(isPicture(a.text("mediaType")), "mediaType is %v", a["mediaType"]),
				unless(len([]rune(says)) <= 10_000, "%d characters", len([]rune(says)))); why != "" {
				return why
			}
		}
		return ""
	}},
	{24, "the pictures that it attaches, four, have 16 MB at most", article | note, attached, func(t *thing) string {
		for _, a := range t.doc.objects("attachment")[:min(4, len(t.doc.objects("attachment")))] {
			if why := t.picture(a.text("url"), 16<<20); why != "" {
				return why
			}
		}
		return ""
	}},
	{25, "a summary has no link: the card would be of what it leads to", article, summarized, func(t *thing) string {
		return unless(!strings.Contains(strings.ToLower(t.doc.text("summary")), "<a"), "summary is %.200s", t.doc.text("summary"))
	}},
	{46, "what is shown of an article or a note comes through Mastodon's sanitizer whole", article | note, func(t *thing) bool { return t.kind == note || summarized(t) }, func(t *thing) string {
		if t.kind == note {
			return lostHTML(t.doc.text("content"))
		}
		return lostHTML(t.doc.text("summary")) // never as a warning (fact 21), of its content nothing
	}},
}

func attached(t *thing) bool { return len(t.doc.objects("attachment")) > 0 }

func summarized(t *thing) bool { return t.doc.text("summary") != "" }

// lost are the elements that leave nothing readable behind; schemes those of links that
// stay links.
var (
	lost    = []atom.Atom{atom.Img, atom.Table, atom.Video, atom.Audio, atom.Iframe, atom.Svg, atom.Object, atom.Embed}
	schemes = []string{"http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini"}
)

// lostHTML says what of a text doesn't come through.
func lostHTML(text string) string {
	nodes, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return err.Error()
	}
	for _, root := range nodes {
		for n := range each(root) {
			if slices.Contains(lost, n.DataAtom) {
				return "<" + n.Data + "> is lost"
			}
			if n.DataAtom != atom.A {
				continue
			}
			if to, err := url.Parse(attribute(n, "href")); err != nil || !slices.Contains(schemes, to.Scheme) {
				return "the link to " + attribute(n, "href") + " becomes text"
			}
		}
	}
	return ""
}
