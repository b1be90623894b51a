package feed

import (
	"cmp"
	"encoding/xml"
	"time"
)

type atomFeed struct {
	XMLName   xml.Name       `xml:"feed"`
	Namespace string         `xml:"xmlns,attr"`
	Language  string         `xml:"xml:lang,attr,omitempty"`
	ID        string         `xml:"id"`
	Title     string         `xml:"title"`
	Subtitle  string         `xml:"subtitle,omitempty"`
	Updated   string         `xml:"updated"`
	Links     []atomLink     `xml:"link"`
	Authors   []atomPerson   `xml:"author"`
	Generator *atomGenerator `xml:"generator,omitempty"`
	Entries   []atomEntry    `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomGenerator struct {
	URI  string `xml:"uri,attr,omitempty"`
	Name string `xml:",chardata"`
}

type atomEntry struct {
	Language   string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Links      []atomLink     `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     atomPerson     `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"` // type text, which is the default
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// Atom writes an Atom feed document (RFC 4287).
func Atom(f *Feed) ([]byte, error) {
	doc := atomFeed{Namespace: nsAtom, Language: f.Language, ID: f.ID, Title: line(f.Title), Subtitle: line(f.Description),
		Updated: atomTime(f.changed()),
		Links:   []atomLink{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Page}}}
	if f.Generator != "" {
		doc.Generator = &atomGenerator{f.Home, line(f.Generator)}
	}
	for _, a := range f.Authors {
		doc.Authors = append(doc.Authors, atomAuthor(a))
	}
	for _, e := range f.Entries {
		entry := atomEntry{Language: e.Language, ID: e.ID, Title: line(e.Title), Links: []atomLink{{"alternate", "text/html", e.URL}},
			Published: atomTime(e.Published), Updated: atomTime(e.changed()), Author: atomAuthor(e.Author),
			Summary: line(e.Summary), Content: atomContent{"html", text(e.HTML)}}
		for _, c := range e.Categories {
			entry.Categories = append(entry.Categories, atomCategory{line(c.Term), c.Scheme, line(c.Label)})
		}
		doc.Entries = append(doc.Entries, entry)
	}
	return document("Atom", doc)
}

// atomAuthor has a name in any case: section 3.2.1 wants one.
func atomAuthor(a Author) atomPerson { return atomPerson{cmp.Or(line(a.Name), a.URL), a.URL} }

// atomTime is RFC 3339 in UTC (section 3.3).
func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
