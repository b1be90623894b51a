// Package feedcheck holds the rules that a feed must meet, for tests: those of the W3C
// Feed Validation Service that can concern us, under the names that its pages have
// (validator.w3.org/feed/docs), those of JSON Feed 1.1, and where we want more some of
// our own.
package feedcheck

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// report takes what is wrong.
type report = func(format string, args ...any)

// Rule is one thing that a feed must meet.
type Rule struct {
	Name  string
	Check func(d *Document, fail report)
}

// Document is a feed as somebody got it.
type Document struct {
	Source string
	URL    string         // where it was got
	Root   *Node          // of XML
	JSON   map[string]any // of JSON
}

// Problems returns in what a document fails a rule.
func (r Rule) Problems(d *Document) (found []string) {
	r.Check(d, func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) })
	return found
}

// Feed is a kind of feed with its rules.
type Feed struct {
	Format string // "rss", "atom" or "json"
	Rules  []Rule
	parse  func(source string) (*Document, error)
}

// Formats are the kinds of feed there are.
func Formats() []Feed {
	return []Feed{{"rss", rssRules(), parseXML}, {"atom", atomRules(), parseXML}, {"json", jsonRules(), parseJSON}}
}

// Parse reads a feed, or says why it can't be one: no other rule means anything then.
func (f Feed) Parse(source, url string) (*Document, error) {
	if !utf8.ValidString(source) {
		return nil, fmt.Errorf("NotUTF8")
	}
	d, err := f.parse(source)
	if err != nil {
		return nil, fmt.Errorf("SAXError: %w", err)
	}
	d.Source, d.URL = source, url
	return d, nil
}

func parseXML(source string) (*Document, error) {
	root, err := parseNodes(source)
	return &Document{Root: root}, err
}

func parseJSON(source string) (*Document, error) {
	d := &Document{}
	err := json.Unmarshal([]byte(source), &d.JSON)
	return d, err
}

// What follows says whether a value is right, for the rules of several formats.

// fullURL: an absolute address in the characters of RFC 3986, with a host.
func fullURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"<>\^{|}`+"`", r)
	})
}

// canonical: an address as RFC 3986 section 6.2 would write it, so that two that name
// the same are the same.
func canonical(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host == strings.ToLower(u.Host) && u.Path != "" && !strings.Contains(u.Path, "/../") && !lowerEscape.MatchString(s)
}

var lowerEscape = regexp.MustCompile(`%([a-f].|.[a-f])`)

func languageTag(s string) bool {
	_, err := language.Parse(s)
	return err == nil
}

// rfc3339: RFC 4287 section 3.3 wants a capital T, and Z where there is no offset.
func rfc3339(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil && s == strings.ToUpper(s)
}

// rfc822: a date in the one form that every reader knows: a day of the week that is
// right, a year of four digits, single spaces, a zone that isn't military.
func rfc822(s string) bool {
	for _, layout := range []string{time.RFC1123, time.RFC1123Z} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("Mon") == s[:3] && (layout == time.RFC1123Z || strings.HasSuffix(s, " GMT"))
		}
	}
	return false
}

// badCharacter finds what a reader can't show: control characters, and the sign that
// stands for what was lost.
func badCharacter(s string) (rune, bool) {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r <= 0x9f || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return r, true
		}
	}
	return 0, false
}

// steering finds what would turn the text around a line, too (Unicode Annex 9).
func steering(s string) bool {
	return strings.ContainsAny(s, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
}

// blank says whether nothing is to be seen.
func blank(s string) bool { return strings.TrimSpace(s) == "" }
