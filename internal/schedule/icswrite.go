package schedule

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

const (
	icsFold  = 75 // octets of a line, RFC 5545 section 3.1
	icsStamp = "20060102T150405Z"
)

// WriteICS writes talks as an iCalendar file, for calendars that ask for it again from
// time to time. Times are in UTC: every calendar shows them right in whatever zone it is
// told, and none has to know the conference's. A talk needs its UID, and changed says when
// any of them last did.
func WriteICS(w io.Writer, s *Schedule, changed time.Time) error {
	if len(s.Talks) == 0 { // go-ical writes no empty calendar; a plan may well be one
		_, err := io.WriteString(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//confnotes//plan//EN\r\n"+fold("X-WR-CALNAME:"+escapeICS(s.Title))+"END:VCALENDAR\r\n")
		return err
	}
	calendar := ical.NewCalendar()
	setText(calendar.Props, ical.PropVersion, "2.0")
	setText(calendar.Props, ical.PropProductID, "-//confnotes//plan//EN")
	setText(calendar.Props, "X-WR-CALNAME", s.Title)
	for _, t := range s.Talks {
		calendar.Children = append(calendar.Children, icsEventOf(&t, changed))
	}
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(calendar); err != nil {
		return fmt.Errorf("write iCalendar: %w", err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\r\n"), "\r\n") {
		if _, err := io.WriteString(w, fold(line)); err != nil {
			return fmt.Errorf("write iCalendar: %w", err)
		}
	}
	return nil
}

func icsEventOf(t *Talk, changed time.Time) *ical.Component {
	event := ical.NewComponent(ical.CompEvent)
	for name, at := range map[string]time.Time{ical.PropDateTimeStamp: changed, ical.PropDateTimeStart: t.Start, ical.PropDateTimeEnd: t.End} {
		event.Props.Set(&ical.Prop{Name: name, Value: at.UTC().Format(icsStamp)})
	}
	setText(event.Props, ical.PropUID, t.UID)
	setText(event.Props, ical.PropSummary, t.Title)
	setText(event.Props, ical.PropLocation, t.Room)
	var who []string
	for _, p := range t.Speakers {
		who = append(who, p.Name)
	}
	setText(event.Props, ical.PropDescription, strings.TrimSpace(strings.Join(who, ", ")+"\n\n"+t.Abstract))
	if t.URL != "" {
		event.Props.Set(&ical.Prop{Name: ical.PropURL, Value: withoutControls(t.URL)})
	}
	if t.Cancelled {
		setText(event.Props, ical.PropStatus, "CANCELLED")
	}
	return event
}

func setText(props ical.Props, name, text string) {
	if text != "" {
		props.Set(&ical.Prop{Name: name, Value: escapeICS(text)})
	}
}

// escapeICS writes text as RFC 5545 section 3.3.11 has it.
func escapeICS(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(withoutControls(text))
}

// withoutControls drops what no line may hold.
func withoutControls(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// fold breaks a line so that none has more than 75 octets, and no character is cut.
func fold(line string) string {
	var b strings.Builder
	for room := icsFold; len(line) > room; room = icsFold - 1 {
		end := room
		for !utf8.RuneStart(line[end]) {
			end--
		}
		b.WriteString(line[:end] + "\r\n ")
		line = line[end:]
	}
	return b.String() + line + "\r\n"
}
