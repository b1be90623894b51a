// Package recap is what talk notes and recaps show beside what their author typed: the
// talk line, made of the talk each time that an article is rendered, and the sections
// that a day's recap is composed of.
package recap

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Line is a talk line in its parts, as docs/writing.md has it:
//
//	**09:15** · Keynote · Main hall · Maëlle Quérec, CTO, Ateliers Brume · [slides](…)
//
// A line says by its places what is what. So where no room is known, how long the talk
// takes stands in its place; only a line that somebody typed may lack both.
type Line struct {
	Start   string // on the clock, 09:15; a line without one is no talk line, but reads like one
	Kind    string
	Room    string
	Minutes int      // how long, where there is no room
	Who     []string // "Name, Role, Company"
	Links   []Link
}

// Link leads to what belongs to a talk.
type Link struct{ Label, URL string }

const between = " · "

// Markdown writes the line. ParseLine reads it back.
func (l Line) Markdown() string {
	var parts []string
	if l.Start != "" {
		parts = append(parts, "**"+l.Start+"**")
	}
	parts = append(parts, escape(l.Kind))
	if where := l.where(); where != "" {
		parts = append(parts, escape(where))
	}
	for _, w := range l.Who {
		parts = append(parts, escape(w))
	}
	for _, link := range l.Links {
		parts = append(parts, "["+escape(link.Label)+"]("+escapeURL(link.URL)+")")
	}
	return strings.Join(parts, between)
}

func (l Line) where() string {
	if l.Room == "" && l.Minutes > 0 {
		return strconv.Itoa(l.Minutes) + " min"
	}
	return l.Room
}

var (
	boldStart = regexp.MustCompile(`^\*\*([^*]+)\*\*$`)
	onlyLink  = regexp.MustCompile(`^\[((?:[^\\\[\]]|\\.)*)\]\(((?:[^\\()\s]|\\.)*)\)$`)
	minutes   = regexp.MustCompile(`^(\d{1,5}) min$`)
)

// ParseLine reads a talk line in the house's syntax. Not ok: it is another line.
func ParseLine(line string) (l Line, ok bool) {
	parts := strings.Split(strings.TrimSpace(line), between)
	if m := boldStart.FindStringSubmatch(parts[0]); m != nil {
		l.Start, parts = m[1], parts[1:]
	}
	for len(parts) > 0 {
		m := onlyLink.FindStringSubmatch(parts[len(parts)-1])
		if m == nil {
			break
		}
		l.Links, parts = append([]Link{{unescape(m[1]), unescape(m[2])}}, l.Links...), parts[:len(parts)-1]
	}
	if len(parts) < 2 {
		return Line{}, false
	}
	l.Kind, l.Room = unescape(parts[0]), unescape(parts[1])
	if m := minutes.FindStringSubmatch(l.Room); m != nil {
		l.Room = ""
		l.Minutes, _ = strconv.Atoi(m[1])
	}
	for _, w := range parts[2:] {
		l.Who = append(l.Who, unescape(w))
	}
	return l, true
}

// special is the punctuation that means something to Markdown or to our additions.
const special = "\\`*_[]<>#=~@!|^{}&$:"

// escape writes plain text as Markdown in which nothing means anything.
func escape(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		switch {
		case r == '·':
			b.WriteString("&middot;")
			continue
		case strings.ContainsRune(special, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escapeURL keeps a destination in its parentheses.
func escapeURL(url string) string {
	return strings.NewReplacer(`\`, `\\`, "&", `\&`, "(", `\(`, ")", `\)`, "<", "%3C", ">", "%3E", " ", "%20", "·", "%C2%B7").Replace(url)
}

// unescape undoes escape.
func unescape(markdown string) string {
	var b strings.Builder
	for rest := markdown; rest != ""; {
		if after, ok := strings.CutPrefix(rest, "&middot;"); ok {
			b.WriteRune('·')
			rest = after
			continue
		}
		rest = strings.TrimPrefix(rest, `\`)
		_, size := utf8.DecodeRuneInString(rest)
		b.WriteString(rest[:size])
		rest = rest[size:]
	}
	return b.String()
}
