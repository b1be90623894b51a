package feed

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"time"
)

// The rules are those of https://www.rssboard.org/rss-specification and of the
// RSS Advisory Board's Best Practices Profile, https://www.rssboard.org/rss-profile.

const (
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsAtom    = "http://www.w3.org/2005/Atom"
)

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       plain     `xml:"title"`
	Link        string    `xml:"link"`
	Description plain     `xml:"description"`
	Language    string    `xml:"language,omitempty"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Generator   string    `xml:"generator,omitempty"`
	Docs        string    `xml:"docs"`
	Self        rssSelf   `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	Title       *plain   `xml:"title,omitempty"`
	Link        string   `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	Creator     string   `xml:"dc:creator,omitempty"` // author wants an email address
	Language    string   `xml:"dc:language,omitempty"`
	Published   string   `xml:"pubDate"`
	Updated     string   `xml:"atom:updated,omitempty"`
	Categories  []string `xml:"category"`
	Description string   `xml:"description"`
	HTML        string   `xml:"content:encoded"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// plain is text that readers have taken for HTML: the profile asks for hexadecimal
// references in a title, which the fewest of them decode twice.
type plain struct {
	Escaped string `xml:",innerxml"`
}

func plainly(s string) plain {
	return plain{strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;").Replace(line(s))}
}

// RSS writes RSS 2.0.
func RSS(f *Feed) ([]byte, error) {
	channel := rssChannel{Title: plainly(f.Title), Link: f.Page, Description: plainly(f.Description), Language: f.Language,
		Generator: line(f.Generator), Docs: "https://www.rssboard.org/rss-specification",
		Self: rssSelf{f.Self, "self", "application/rss+xml"}}
	if c := f.changed(); !c.IsZero() {
		channel.Built = rssTime(c)
	}
	for _, e := range f.Entries {
		channel.Items = append(channel.Items, rssEntry(e))
	}
	return document("RSS", rss{Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Channel: channel})
}

func rssEntry(e Entry) rssItem {
	item := rssItem{Link: e.URL, GUID: rssGUID{ID: e.ID}, Creator: line(e.Author.Name), Language: e.Language, Published: rssTime(e.Published), HTML: text(e.HTML),
		// HTML, unlike a summary; the profile wants it wherever there is content:encoded.
		Description: html.EscapeString(cmp.Or(line(e.Summary), line(e.Title)))}
	if title := plainly(e.Title); title.Escaped != "" {
		item.Title = &title
	}
	if e.edited() {
		item.Updated = atomTime(e.Updated)
	}
	for _, c := range e.Categories {
		item.Categories = append(item.Categories, line(c.Label))
	}
	return item
}

// rssTime is RFC 822 with a year of four digits.
func rssTime(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }

func document(kind string, v any) ([]byte, error) {
	body, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", kind, err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}
