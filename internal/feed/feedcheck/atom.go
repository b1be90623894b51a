package feedcheck

import "strings"

// What may stand in a feed and in an entry, and whether more than once (RFC 4287
// sections 4.1.1 and 4.1.2).
var (
	inFeed  = atomNames("id title subtitle updated generator", "link author entry")
	inEntry = atomNames("id title published updated summary content", "link author category")
)

func atomNames(once, often string) map[string]bool {
	known := map[string]bool{}
	for name := range words(once) {
		known[nsAtom+" "+name] = false
	}
	for name := range words(often) {
		known[nsAtom+" "+name] = true
	}
	return known
}

func (d *Document) entries() []*Node { return d.Root.named(nsAtom, "entry") }

func atomHTML(d *Document) (pieces []string) {
	for _, e := range d.entries() {
		pieces = append(pieces, e.value(nsAtom, "content"))
	}
	return pieces
}

func atomRules() []Rule {
	rules := []Rule{
		{"ObsoleteNamespace", func(d *Document, fail report) {
			if d.Root.key() != nsAtom+" feed" {
				fail("<%s>", d.Root.key())
			}
		}},
		{"UndefinedElement", atomElements(false)},
		{"DuplicateElement", atomElements(true)},
		{"MissingElement", func(d *Document, fail report) {
			for _, n := range append(d.entries(), d.Root) {
				for _, needed := range []string{"id", "title", "updated"} {
					if len(n.named(nsAtom, needed)) == 0 {
						fail("<%s> has no %s", n.Local, needed)
					}
				}
			}
		}},
		{"NotBlank", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if strings.Contains(" id title name uri generator ", " "+n.Local+" ") && blank(n.Text) {
					fail("<%s> is blank", n.Local)
				}
			}
		}},
		{"InvalidFullLink", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if (n.Local == "id" || n.Local == "uri") && !fullURL(n.Text) {
					fail("<%s>%s", n.Local, n.Text)
				}
			}
		}},
		{"NonCanonicalURI", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if n.Local == "id" && !canonical(n.Text) {
					fail("%s", n.Text)
				}
			}
		}},
		{"DuplicateIds", func(d *Document, fail report) {
			distinct(append(d.entries(), d.Root), nsAtom, "id", fail)
		}},
		{"MissingAuthor", func(d *Document, fail report) {
			for _, e := range d.entries() {
				if len(d.Root.named(nsAtom, "author")) == 0 && len(e.named(nsAtom, "author")) == 0 {
					fail("nobody wrote %s", e.value(nsAtom, "id"))
				}
			}
			for n := range d.Root.all() {
				if n.Local == "author" && len(n.named(nsAtom, "name")) != 1 {
					fail("an author has %d names", len(n.named(nsAtom, "name")))
				}
			}
		}},
		{"InvalidRFC3339Date", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if (n.Local == "updated" || n.Local == "published") && !rfc3339(n.Text) {
					fail("<%s>%s", n.Local, n.Text)
				}
			}
		}},
		{"UpdatedBeforePublished", func(d *Document, fail report) {
			for _, e := range d.entries() {
				if e.value(nsAtom, "updated") < e.value(nsAtom, "published") || e.value(nsAtom, "updated") > d.Root.value(nsAtom, "updated") {
					fail("%s: %s", e.value(nsAtom, "id"), e.value(nsAtom, "updated"))
				}
			}
		}},
		{"InvalidLanguage", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if lang, said := n.lang(); said && !languageTag(lang) || !said && n == d.Root {
					fail("<%s> speaks %q", n.Local, lang)
				}
			}
		}},
		{"MissingTypeAttr", func(d *Document, fail report) {
			for _, e := range d.entries() {
				for _, c := range e.named(nsAtom, "content") {
					if kind, _ := c.attr("type"); kind != "html" || len(c.Children) > 0 {
						fail("content of type %q", kind)
					}
				}
			}
		}},
		{"MissingContentOrAlternate", func(d *Document, fail report) {
			for _, e := range append(d.entries(), d.Root) {
				if len(links(e, "alternate")) == 0 {
					fail("<%s> %s leads nowhere", e.Local, e.value(nsAtom, "id"))
				}
			}
		}},
		{"MissingAttribute", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if term, _ := n.attr("term"); n.Local == "category" && blank(term) {
					fail("a category without a term")
				}
			}
		}},
		{"MissingSelf", func(d *Document, fail report) { self(d.Root, "application/atom+xml", fail) }},
		{"SelfDoesntMatchLocation", func(d *Document, fail report) { selfIs(d, d.Root, fail) }},
	}
	rules = append(rules, linkRules()...)
	rules = append(rules, htmlRules(atomHTML)...)
	return append(rules, characterRules("title", "subtitle", "summary", "name", "generator")...)
}

func linkRules() []Rule {
	return []Rule{
		{"MissingHref", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if href, _ := n.attr("href"); n.Local == "link" && !fullURL(href) {
					fail("a link to %q", href)
				}
			}
		}},
		{"InvalidMIMEAttribute", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if kind, _ := n.attr("type"); n.Local == "link" && strings.Count(kind, "/") != 1 {
					fail("a link of type %q", kind)
				}
			}
		}},
		{"DuplicateAtomLink", func(d *Document, fail report) {
			for _, n := range append(d.entries(), d.Root) {
				if len(links(n, "alternate")) > 1 {
					fail("<%s> has several pages", n.Local)
				}
			}
		}},
	}
}

func atomElements(often bool) func(*Document, report) {
	return func(d *Document, fail report) {
		expected(d.Root, inFeed, often, fail)
		for _, e := range d.entries() {
			expected(e, inEntry, often, fail)
		}
	}
}

// links are the links of a relation; one that says none is an alternate.
func links(n *Node, rel string) (found []*Node) {
	for _, l := range n.named(nsAtom, "link") {
		if said, is := l.attr("rel"); said == rel || !is && rel == "alternate" {
			found = append(found, l)
		}
	}
	return found
}

// self: a feed says where it is, once, absolutely, and of which type.
func self(n *Node, kind string, fail report) {
	found := links(n, "self")
	if len(found) != 1 {
		fail("%d links to itself", len(found))
		return
	}
	href, _ := found[0].attr("href")
	if said, _ := found[0].attr("type"); said != kind || !fullURL(href) {
		fail("<link rel=self type=%q href=%q>", said, href)
	}
}

func selfIs(d *Document, n *Node, fail report) {
	for _, l := range links(n, "self") {
		if href, _ := l.attr("href"); href != d.URL {
			fail("%s says it is %s", d.URL, href)
		}
	}
}

// needs: an element with a child of a name. What the name must hold is for others to say.
func needs(space, local string, in func(*Document) *Node) func(*Document, report) {
	return func(d *Document, fail report) {
		if n := in(d); len(n.named(space, local)) == 0 {
			fail("<%s> has no %s", n.Local, local)
		}
	}
}

// distinct: no two elements have the same value in a child.
func distinct(all []*Node, space, local string, fail report) {
	seen := map[string]bool{}
	for _, n := range all {
		v := n.value(space, local)
		if seen[v] {
			fail("%s twice", v)
		}
		seen[v] = true
	}
}

// characterRules hold for all text, and for elements that are shown as a line.
func characterRules(lines ...string) []Rule {
	return []Rule{
		{"BadCharacters", func(d *Document, fail report) {
			for n := range d.Root.all() {
				if r, bad := badCharacter(n.Text); bad {
					fail("%U in <%s>", r, n.Local)
				}
			}
		}},
		{"SteersOtherText", func(d *Document, fail report) {
			for n := range d.Root.all() {
				for _, l := range lines {
					if n.Local == l && (steering(n.Text) || strings.ContainsAny(n.Text, "\r\n")) {
						fail("<%s> %q", n.Local, n.Text)
					}
				}
			}
		}},
		{"ObscureEncoding", func(d *Document, fail report) {
			if !strings.HasPrefix(d.Source, `<?xml version="1.0" encoding="UTF-8"?>`) {
				fail("%.60q", d.Source)
			}
		}},
	}
}
