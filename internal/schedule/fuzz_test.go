package schedule

import (
	"errors"
	"strings"
	"testing"
)

// FuzzRead: whatever comes, there is a whole Schedule that holds what it promises, or
// an error with a place, and never neither.
func FuzzRead(f *testing.F) {
	// Short ones: the fuzzer takes its time to make a long find shorter. The samples are
	// read by the tests.
	for _, seed := range []string{
		`<schedule><day date="2026-06-11"><room name="a"><event guid="g"><title>x</title><date>2026-06-11T09:00:00+02:00</date><duration>00:40</duration><abstract>&lt;p&gt;a&amp;lt;i&amp;gt;</abstract></event></room></day></schedule>`,
		`<schedule><day date="2026-06-11"><event><start>00:30</start><duration>90</duration><links><link href="https://k.example/a?b=c">x</link></links></event></day></schedule>`,
		`<?xml version="1.0" encoding="latin1"?><schedule><day date="2026-06-11"><event id="1"><start>9:00</start></event></day></schedule>`,
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Romance Standard Time:20260611T090000\nDURATION:PT1H\nSUMMARY:Boats - Awa Ndiaye\\, Quay\nEND:VEVENT\nEND:VCALENDAR",
		"BEGIN:VCALENDAR\nPRODID:pretalx\nBEGIN:VEVENT\nUID:pretalx-k-X@h\nDTSTART;VALUE=DATE:20260611\nSUMMARY:a - b, c\nEND:VEVENT\nEND:VCALENDAR",
		`{"sessions":[{"id":1,"title":"x","startsAt":"2026-06-11T09:00:00","speakers":["s"]}],"speakers":[{"id":"s","fullName":"<b>","tagLine":"CTO, Quay"}]}`,
		`[{"date":"2026-06-11","rooms":[{"id":5,"name":"a","sessions":[{"id":"1","title":"x","startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T10:00:00","roomId":5,"speakers":[{"id":"s","name":"<b>"}],"categories":[{"name":"Track","categoryItems":[{"name":"y"}]}]}]}]}]`,
		`[{"timeSlots":[{"slotStart":"09:00:00","rooms":[{"session":{"id":1,"title":"x","startsAt":"2026-06-11T09:00:00Z","isServiceSession":true},"name":"a","index":0},{"session":null}]}]}]`,
		`{"schedule":{"conference":{"days":[{"date":"2026-06-11","rooms":{"a":[{"title":{"en":"x"},"start":"9:00","duration":40,"persons":[{"name":"b"}]}]}}]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(data, Options{Zone: paris(t)})
		if (s == nil) == (err == nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok || errors.Is(err, ErrNoZone) {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		holds(t, s)
		if c := diff(s, s); len(c.Moved)+len(c.Renamed)+len(c.Changed) > 0 && !repeats(s) {
			t.Fatalf("it differs from itself: %q", told(c))
		}
	})
}

// repeats reports whether talks share ids, so that a pairing may cross.
func repeats(s *Schedule) bool {
	return strings.Contains(warnings(s), "have the same")
}

// FuzzTitleLine: a title and names come out of a line, and nothing that wasn't in it.
func FuzzTitleLine(f *testing.F) {
	for _, l := range sampleLines(f) {
		f.Add(l.Line)
	}
	f.Add("⚡ Lightning Talk: A - B – C (Moderator), D, Inc. & E (F) (Any Skill Level)")
	f.Fuzz(func(t *testing.T, line string) {
		got := ParseTitleLine(line)
		clean := plainLine(line)
		if got.Kind == "" || len(clean) <= maxTitleLine && !strings.Contains(clean, got.Title) {
			t.Fatalf("%q: %+v", line, got)
		}
		for _, s := range got.Speakers {
			if s.Name == "" || len(clean) <= maxTitleLine && !strings.Contains(clean, strings.Split(s.Name, ",")[0]) {
				t.Fatalf("%q: %+v", line, s)
			}
		}
	})
}
