// Package feed writes one list of articles as RSS 2.0, Atom or JSON Feed 1.1. It knows
// nothing of ours: what it is given is public, and every address in it absolute.
//
// It is a leaf of its own because gorilla/feeds can't say what the validators ask
// for: no xml:lang, one category an item and no term, no second link in Atom, no
// atom:link or dc:creator in RSS, no language in JSON Feed.
package feed

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Content types. RFC 8259 gives JSON no charset.
const (
	TypeRSS  = "application/rss+xml; charset=utf-8"
	TypeAtom = "application/atom+xml; charset=utf-8"
	TypeJSON = "application/feed+json"
)

// Feed is a list of articles, newest first.
type Feed struct {
	ID          string // IRI that stays the same in every format
	Title       string // plain text, like every other string but Entry.HTML
	Description string
	Language    string // BCP 47
	Page        string // URL of the page that shows the same list
	Self        string // URL of this very document
	Updated     time.Time
	Authors     []Author // of the feed as a whole; none where many write
	Generator   string
	Home        string // URL of the generator's project or site
	Entries     []Entry
}

// Entry is an article.
type Entry struct {
	ID         string // IRI, for ever; not where it is read
	URL        string
	Title      string
	Summary    string
	HTML       string
	Language   string // BCP 47
	Author     Author
	Categories []Category
	Published  time.Time
	Updated    time.Time // zero unless edited
}

// Author is who wrote something.
type Author struct {
	Name string
	URL  string
}

// Category is a tag. Term is how machines compare it, Label how people read it.
type Category struct {
	Term, Label, Scheme string
}

// edited says whether an entry changed after it came out.
func (e Entry) edited() bool { return e.Updated.After(e.Published) }

// changed is when an entry last changed.
func (e Entry) changed() time.Time {
	if e.edited() {
		return e.Updated
	}
	return e.Published
}

// changed is when a feed last changed: the newest of its entries' changes, and Updated
// where there is none.
func (f *Feed) changed() time.Time {
	var newest time.Time
	for _, e := range f.Entries {
		if c := e.changed(); c.After(newest) {
			newest = c
		}
	}
	if newest.IsZero() {
		return f.Updated
	}
	return newest
}

// text drops control characters. Some of them XML 1.0 can't hold even as a reference
// (section 2.2): so the three formats say the same, and none is refused as a whole for
// one character.
func text(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < 0x20 && r != '\t' && r != '\n' && r != '\r', r >= 0x7F && r <= 0x9F, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// line is text on one line, for what readers show as a line among others: so it has
// nothing that would turn them around, too (Unicode Annex 9, section 2).
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text(s))
	return strings.Join(strings.Fields(s), " ")
}
