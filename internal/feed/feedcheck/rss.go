package feedcheck

import "strings"

// Namespaces that RSS is extended with.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
)

// What may stand in a channel and in an item, and whether more than once. Neither
// author nor managingEditor: both want an email address (EmailFormat).
var (
	inChannel = map[string]bool{"title": false, "link": false, "description": false, "language": false, "lastBuildDate": false, "generator": false, "docs": false,
		nsAtom + " link": true, "item": true}
	inItem = map[string]bool{"title": false, "link": false, "guid": false, "pubDate": false, "category": true, "description": false,
		nsDC + " creator": true, nsDC + " language": false, nsAtom + " updated": false, nsContent + " encoded": false}
)

func (n *Node) key() string { return strings.TrimPrefix(n.Space+" "+n.Local, " ") }

func (d *Document) channel() *Node {
	if c := d.Root.named("", "channel"); len(c) == 1 {
		return c[0]
	}
	return &Node{}
}

func (d *Document) items() []*Node { return d.channel().named("", "item") }

func rssHTML(d *Document) (pieces []string) {
	for _, i := range d.items() {
		pieces = append(pieces, i.value(nsContent, "encoded"), i.value("", "description"))
	}
	return pieces
}

func rssRules() []Rule {
	rules := []Rule{
		{"InvalidRSSVersion", func(d *Document, fail report) {
			if v, _ := d.Root.attr("version"); d.Root.key() != "rss" || v != "2.0" || len(d.Root.Children) != 1 {
				fail("<%s version=%q>", d.Root.key(), v)
			}
		}},
		{"UndefinedElement", rssElements(false)},
		{"DuplicateElement", rssElements(true)},
		{"MissingTitle", needs("", "title", (*Document).channel)},
		{"MissingLink", needs("", "link", (*Document).channel)},
		{"MissingDescription", needs("", "description", (*Document).channel)},
		{"NotBlank", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if len(n.Children) == 0 && len(n.Attr) == 0 && n.Local != "description" && n.Local != "encoded" && n.Local != "channel" && blank(n.Text) {
					fail("<%s> is blank", n.Local)
				}
			}
		}},
		{"MisplacedItem", func(d *Document, fail report) {
			items := false
			for _, n := range d.channel().Children {
				if items && n.Local != "item" {
					fail("<%s> comes after an item", n.Local)
				}
				items = items || n.Local == "item"
			}
		}},
		{"InvalidFullLink", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if (n.key() == "link" || n.key() == "docs") && !fullURL(n.Text) {
					fail("<%s>%s", n.Local, n.Text)
				}
			}
		}},
		{"MissingDCLanguage", needs("", "language", (*Document).channel)},
		{"InvalidLanguage", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if n.Local == "language" && !languageTag(n.Text) {
					fail("%q", n.Text)
				}
			}
		}},
		{"InvalidRFC2822Date", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if (n.Local == "pubDate" || n.Local == "lastBuildDate") && !rfc822(n.Text) {
					fail("<%s>%s", n.Local, n.Text)
				}
			}
		}},
		{"InvalidRFC3339Date", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if n.Space == nsAtom && n.Local == "updated" && !rfc3339(n.Text) {
					fail("%q", n.Text)
				}
			}
		}},
		{"MissingAtomSelfLink", func(d *Document, fail report) { self(d.channel(), "application/rss+xml", fail) }},
		{"SelfDoesntMatchLocation", func(d *Document, fail report) { selfIs(d, d.channel(), fail) }},
	}
	rules = append(rules, itemRules()...)
	rules = append(rules, htmlRules(rssHTML)...)
	return append(rules, characterRules("title", "creator", "category", "generator")...)
}

func itemRules() []Rule {
	each := func(name string, check func(i *Node, fail report)) Rule {
		return Rule{name, func(d *Document, fail report) {
			for _, i := range d.items() {
				check(i, fail)
			}
		}}
	}
	return []Rule{
		each("ItemMustContainTitleOrDescription", func(i *Node, fail report) {
			if blank(i.value("", "title")) && blank(i.value("", "description")) {
				fail("an item has neither")
			}
		}),
		each("NeedDescriptionBeforeContent", func(i *Node, fail report) {
			for _, n := range i.Children {
				if n.Local == "description" && !blank(n.Text) {
					return
				}
				if n.Local == "encoded" {
					fail("an item has content before a description")
				}
			}
		}),
		each("MissingGuid", func(i *Node, fail report) {
			if blank(i.value("", "guid")) {
				fail("an item has none")
			}
		}),
		each("InvalidBooleanAttribute", func(i *Node, fail report) {
			for _, g := range i.named("", "guid") {
				if v, said := g.attr("isPermaLink"); said && v != "true" && v != "false" {
					fail("isPermaLink is %q", v)
				}
			}
		}),
		each("InvalidHttpGUID", func(i *Node, fail report) {
			for _, g := range i.named("", "guid") {
				if v, _ := g.attr("isPermaLink"); v != "false" && g.Text != i.value("", "link") {
					fail("%s is no permanent link", g.Text)
				}
			}
		}),
		each("EmailFormat", func(i *Node, fail report) {
			if len(i.named("", "author")) > 0 {
				fail("an author without an address")
			}
		}),
		{"DuplicateValue", func(d *Document, fail report) { distinct(d.items(), "", "guid", fail) }},
		{"CharacterData", func(d *Document, fail report) {
			plain := append(d.channel().named("", "title"), d.channel().named("", "description")...)
			for _, i := range d.items() {
				plain = append(plain, i.named("", "title")...)
			}
			for _, n := range plain {
				for _, named := range []string{"&lt;", "&amp;", "&gt;", "<![CDATA["} {
					if strings.Contains(n.Raw, named) {
						fail("%s in <%s>: use a hexadecimal reference", named, n.Local)
					}
				}
			}
		}},
	}
}

// expected finds elements that nobody expects in another, or that stand there more often
// than they may.
func expected(in *Node, known map[string]bool, often bool, fail report) {
	seen := map[string]int{}
	for _, n := range in.Children {
		many, expected := known[n.key()]
		seen[n.key()]++
		if !often && !expected {
			fail("<%s> in <%s>", n.key(), in.Local)
		}
		if often && expected && !many && seen[n.key()] == 2 {
			fail("<%s> twice in <%s>", n.key(), in.Local)
		}
	}
}

func rssElements(often bool) func(*Document, report) {
	return func(d *Document, fail report) {
		expected(d.channel(), inChannel, often, fail)
		for _, i := range d.items() {
			expected(i, inItem, often, fail)
		}
	}
}
