package schedule

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// What is written is read back to the minute, across daylight saving and midnight.
func TestAWrittenCalendarIsReadBack(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	changed := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	s := &Schedule{Title: "Kormoran; Conf, 2026", Talks: []Talk{
		{UID: "1@notes.example", Title: `Ten years of tides, "boats"; and \n more`, Room: "Belle-Île, " + strings.Repeat("très ", 30) + "grande salle", URL: "https://notes.example/t?a=1,2;3",
			Start: time.Date(2026, 6, 11, 9, 15, 0, 0, zone), End: time.Date(2026, 6, 11, 10, 0, 0, 0, zone), Speakers: []Speaker{{Name: "Maëlle Quérec"}, {Name: "Sam, Wells"}}, Abstract: "Two voices.\nOne sea."},
		{UID: "2@notes.example", Title: "🌊🐚 " + strings.Repeat("海の話", 40), Start: time.Date(2026, 10, 25, 1, 30, 0, 0, zone), End: time.Date(2026, 10, 25, 3, 30, 0, 0, zone)},
		{UID: "3@notes.example", Title: "Party\x00\r\nBEGIN:VALARM", Start: time.Date(2026, 12, 31, 23, 30, 0, 0, zone), End: time.Date(2027, 1, 1, 2, 0, 0, 0, zone), Cancelled: true},
	}}
	var out bytes.Buffer
	if err := WriteICS(&out, s, changed); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\r\n") {
		if len(line) > icsFold || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	got, err := Read(out.Bytes(), Options{Name: "plan.ics", Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Talks) != len(s.Talks) || got.Title != s.Title {
		t.Fatalf("%d talks of %q", len(got.Talks), got.Title)
	}
	for i, want := range s.Talks {
		g := got.Talks[i]
		if g.UID != want.UID || !g.Start.Equal(want.Start) || !g.End.Equal(want.End) || g.URL != want.URL || g.Cancelled != want.Cancelled {
			t.Errorf("talk %d: %+v, want %+v", i, g, want)
		}
	}
	if got.Talks[0].RawTitle != s.Talks[0].Title || got.Talks[0].Abstract != "Maëlle Quérec, Sam, Wells\n\nTwo voices.\nOne sea." {
		t.Errorf("title %q, text %q", got.Talks[0].RawTitle, got.Talks[0].Abstract)
	}
	if strings.Contains(out.String(), "\r\nBEGIN:VALARM") {
		t.Error("a title makes components")
	}
}

func TestAnEmptyPlanIsACalendar(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteICS(&out, &Schedule{Title: strings.Repeat("Kormoran ", 20)}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.HasPrefix(s, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(s, "END:VCALENDAR\r\n") || !strings.Contains(s, "PRODID:") || !strings.Contains(s, "\r\n ") {
		t.Errorf("%q", s)
	}
}
