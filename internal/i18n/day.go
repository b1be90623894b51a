package i18n

import (
	"fmt"
	"strings"
	"time"
)

var frenchDays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}

// Day writes a day of a conference: "Thursday 11 June", "jeudi 11 juin".
func (w *Words) Day(t time.Time) string {
	if w.tag == "fr" {
		return frenchDays[t.Weekday()] + " " + frenchDay(t) + " " + frenchMonths[t.Month()-1]
	}
	return t.Format("Monday 2 January")
}

// ShortDay writes it for a row of tabs: "Thursday 11", "jeudi 11".
func (w *Words) ShortDay(t time.Time) string {
	if w.tag == "fr" {
		return frenchDays[t.Weekday()] + " " + frenchDay(t)
	}
	return t.Format("Monday 2")
}

// Weekday writes its name alone: "Friday", "vendredi".
func (w *Words) Weekday(t time.Time) string {
	if w.tag == "fr" {
		return frenchDays[t.Weekday()]
	}
	return t.Format("Monday")
}

// Clock writes a time of day in the zone that it was given: "09:30", "9 h 30". An hour
// that clocks go through twice has the name that the zone has then: "02:30 CEST".
func (w *Words) Clock(t time.Time) string {
	clock := t.Format("15:04")
	if w.tag == "fr" {
		clock = fmt.Sprintf("%d\u00a0h\u00a0%02d", t.Hour(), t.Minute())
	}
	if twice(t) {
		clock += t.Format("\u00a0MST")
	}
	return clock
}

// Clocks writes from when to when: "09:30–10:15", "9 h 30 – 10 h 15".
func (w *Words) Clocks(from, to time.Time) string {
	if !to.After(from) {
		return w.Clock(from)
	}
	between := "–"
	if w.tag == "fr" || twice(from) {
		between = " – "
	}
	return w.Clock(from) + between + w.Clock(to)
}

// twice says whether the clocks of a zone show this time twice, because they are turned
// back. Lord Howe turns them by half an hour, everybody else by a whole one.
func twice(t time.Time) bool {
	_, here := t.Zone()
	for _, d := range []time.Duration{-time.Hour, -time.Hour / 2, time.Hour / 2, time.Hour} {
		if _, there := t.Add(d).Zone(); time.Duration(there-here)*time.Second == -d {
			return true
		}
	}
	return false
}

// Days writes from which day to which: "11–12 June 2026", "30 juin – 2 juillet 2026".
func (w *Words) Days(from, to time.Time) string {
	switch {
	case !to.After(from):
		return w.Date(from)
	case from.Year() != to.Year():
		return w.Date(from) + " – " + w.Date(to)
	case from.Month() != to.Month():
		return strings.TrimSuffix(w.Date(from), from.Format(" 2006")) + " – " + w.Date(to)
	case w.tag == "fr":
		return frenchDay(from) + "–" + w.Date(to)
	}
	return from.Format("2") + "–" + w.Date(to)
}
