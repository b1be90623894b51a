package schedule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

const (
	maxIcsHead  = 150 // bytes of a line before its value: the decoder takes quadratic time for them
	maxIcsDepth = 8   // of components: the decoder calls itself for each
)

// icsRead are the properties that are of use. Other lines are left out unread, so that
// a broken ATTENDEE doesn't cost anybody a conference.
var icsRead = map[string]bool{
	"BEGIN": true, "END": true, "PRODID": true, "X-WR-CALNAME": true, "X-WR-TIMEZONE": true, ical.PropTimezoneID: true,
	ical.PropUID: true, ical.PropURL: true, ical.PropSummary: true, ical.PropDescription: true, ical.PropLocation: true,
	ical.PropCategories: true, ical.PropStatus: true, ical.PropAttach: true, ical.PropRecurrenceRule: true,
	ical.PropDateTimeStart: true, ical.PropDateTimeEnd: true, ical.PropDuration: true,
}

// icsLines hands a file to the decoder one unfolded line at a time. The decoder knows
// neither lines nor limits: by how far it has read, its errors are placed.
type icsLines struct {
	rest      []byte // that wasn't unfolded yet
	out       []byte // of the line that wasn't handed over yet
	read      int    // lines of the file that were taken from rest
	next      int    // first line of what was handed over last
	at        int    // of the one before, at which the decoder is: it looks one ahead
	depth     int
	calendars int
	events    []int // at which line each VEVENT begins
}

func (l *icsLines) Read(p []byte) (int, error) {
	for len(l.out) == 0 {
		if len(l.rest) == 0 {
			l.at = l.next
			return 0, io.EOF
		}
		first := l.read + 1
		line := withoutParameters(l.unfold())
		keep, err := l.check(line, first)
		if err != nil {
			l.at = first
			return 0, err
		}
		if keep {
			l.at, l.next = l.next, first
			l.out = append(line, '\n')
		}
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// unfold takes a line with those that continue it, section 3.1.
func (l *icsLines) unfold() []byte {
	var line []byte
	for {
		part, rest, _ := bytes.Cut(l.rest, []byte("\n"))
		l.rest, l.read = rest, l.read+1
		line = append(line, bytes.TrimSuffix(part, []byte("\r"))...)
		if len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' {
			return line
		}
		l.rest = rest[1:]
	}
}

// check reports whether a line is of use, and counts what the decoder doesn't.
func (l *icsLines) check(line []byte, number int) (keep bool, err error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return false, nil
	}
	head := bytes.IndexAny(line, ";:")
	if head < 0 {
		return false, errors.New("the line has neither a name nor a value")
	}
	name := strings.ToUpper(string(line[:head]))
	if !icsRead[name] {
		return false, nil
	}
	if colon := valueAt(line); colon > maxIcsHead || colon < 0 && len(line) > maxIcsHead {
		return false, errors.New("the line's parameters are too long")
	}
	if !utf8.Valid(line) {
		return false, errNotUTF8
	}
	value := strings.ToUpper(string(line[head+1:]))
	switch {
	case name == "END":
		l.depth--
	case name == "BEGIN" && line[head] != ':':
		return false, errors.New("BEGIN has no parameters")
	case name == "BEGIN":
		if l.depth == 0 && l.calendars > 0 {
			return false, errors.New("a second calendar begins here; give them one by one")
		} else if l.depth == 0 {
			l.calendars++
		}
		if l.depth++; l.depth > maxIcsDepth {
			return false, fmt.Errorf("components are nested more than %d deep", maxIcsDepth)
		}
		if value == ical.CompEvent {
			if l.events = append(l.events, number); len(l.events) > MaxTalks {
				return false, fmt.Errorf("there are more than %d events", MaxTalks)
			}
		}
	}
	return true, nil
}

// withoutParameters takes them off all but times, where they say the zone: some write a
// whole page into DESCRIPTION's ALTREP.
func withoutParameters(line []byte) []byte {
	head, colon := bytes.IndexByte(line, ';'), valueAt(line)
	if head < 0 || head > colon || bytes.HasPrefix(bytes.ToUpper(line[:head]), []byte("DT")) || bytes.EqualFold(line[:head], []byte("BEGIN")) {
		return line
	}
	return append(line[:head], line[colon:]...)
}

// valueAt is the place of the colon before a line's value: one in quotes isn't it.
func valueAt(line []byte) int {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return i
		}
	}
	return -1
}

// icsText takes the escapes out of a text, section 3.3.11. Unlike the decoder's, it
// leaves commas that should have been escaped, and escapes that don't exist.
func icsText(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		switch i++; s[i] {
		case 'n', 'N':
			out.WriteByte('\n')
		case ',', ';', '\\', ':', '"':
			out.WriteByte(s[i])
		default:
			out.WriteByte('\\')
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
