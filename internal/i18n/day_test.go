package i18n

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDaysAreWrittenAsEachLanguageWritesThem(t *testing.T) {
	words := load(t)
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct{ from, to, en, fr string }{
		{"2026-06-11", "2026-06-11", "11 June 2026", "11 juin 2026"},
		{"2026-06-11", "2026-06-12", "11–12 June 2026", "11–12 juin 2026"},
		{"2026-07-01", "2026-07-02", "1–2 July 2026", "1er–2 juillet 2026"},
		{"2026-06-30", "2026-07-02", "30 June – 2 July 2026", "30 juin – 2 juillet 2026"},
		{"2026-12-31", "2027-01-01", "31 December 2026 – 1 January 2027", "31 décembre 2026 – 1er janvier 2027"},
	} {
		if got := words.For("en").Days(day(tt.from), day(tt.to)); got != tt.en {
			t.Errorf("%q, want %q", got, tt.en)
		}
		if got := words.For("fr").Days(day(tt.from), day(tt.to)); got != tt.fr {
			t.Errorf("%q, want %q", got, tt.fr)
		}
	}
	first := day("2026-10-01")
	for got, want := range map[string]string{
		words.For("en").Day(first): "Thursday 1 October", words.For("fr").Day(first): "jeudi 1er octobre",
		words.For("en").ShortDay(first): "Thursday 1", words.For("fr").ShortDay(first): "jeudi 1er",
		words.For("en").Weekday(first): "Thursday", words.For("fr").Weekday(first): "jeudi",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheClockIsThatOfTheZoneWithoutDoubt(t *testing.T) {
	words := load(t)
	at := func(s, name string) time.Time {
		utc, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return utc.In(zone(t, name))
	}
	for _, tt := range []struct{ utc, zone, en, fr string }{
		{"2026-06-11 07:30", "Europe/Paris", "09:30", "9\u00a0h\u00a030"},
		{"2026-06-11 22:00", "Europe/Paris", "00:00", "0\u00a0h\u00a000"},
		{"2026-10-25 00:30", "Europe/Paris", "02:30\u00a0CEST", "2\u00a0h\u00a030\u00a0CEST"}, // clocks go back at 01:00 UTC
		{"2026-10-25 01:30", "Europe/Paris", "02:30\u00a0CET", "2\u00a0h\u00a030\u00a0CET"},
		{"2026-10-24 23:59", "Europe/Paris", "01:59", "1\u00a0h\u00a059"},
		{"2026-10-25 02:00", "Europe/Paris", "03:00", "3\u00a0h\u00a000"},
		{"2026-03-29 00:59", "Europe/Paris", "01:59", "1\u00a0h\u00a059"}, // forward: no time comes twice
		{"2026-03-29 01:00", "Europe/Paris", "03:00", "3\u00a0h\u00a000"},
		{"2026-04-04 14:45", "Australia/Lord_Howe", "01:45\u00a0+11", "1\u00a0h\u00a045\u00a0+11"}, // by half an hour
		{"2026-06-11 12:00", "Asia/Kolkata", "17:30", "17\u00a0h\u00a030"},
	} {
		if got := words.For("en").Clock(at(tt.utc, tt.zone)); got != tt.en {
			t.Errorf("%s in %s: %q, want %q", tt.utc, tt.zone, got, tt.en)
		}
		if got := words.For("fr").Clock(at(tt.utc, tt.zone)); got != tt.fr {
			t.Errorf("%s in %s: %q, want %q", tt.utc, tt.zone, got, tt.fr)
		}
	}
	from := at("2026-06-11 07:30", "Europe/Paris")
	for got, want := range map[string]string{
		words.For("en").Clocks(from, from.Add(45*time.Minute)): "09:30–10:15",
		words.For("fr").Clocks(from, from.Add(45*time.Minute)): "9\u00a0h\u00a030 – 10\u00a0h\u00a015",
		words.For("en").Clocks(from, from):                     "09:30",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
