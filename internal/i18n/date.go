package i18n

import (
	"fmt"
	"time"
)

// calendar is how one language writes days and hours. The time keeps the zone
// that the caller gave it.
type calendar struct {
	date     func(time.Time) string
	dateTime func(time.Time) string
}

var calendars = map[string]calendar{
	"en": {date: englishDate, dateTime: englishDateTime},
	"fr": {date: frenchDate, dateTime: frenchDateTime},
}

var frenchMonths = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

// Date writes a day: "11 June 2026", "11 juin 2026".
func (w *Words) Date(t time.Time) string { return w.calendar.date(t) }

// DateTime writes a day and its time: "11 June 2026, 21:02", "11 juin 2026 à 21 h 02".
func (w *Words) DateTime(t time.Time) string { return w.calendar.dateTime(t) }

func englishDate(t time.Time) string { return t.Format("2 January 2006") }

func englishDateTime(t time.Time) string { return t.Format("2 January 2006, 15:04") }

func frenchDate(t time.Time) string {
	return fmt.Sprintf("%s %s %d", frenchDay(t), frenchMonths[t.Month()-1], t.Year())
}

// frenchDay writes the first of a month as an ordinal, the others as numbers.
func frenchDay(t time.Time) string {
	if t.Day() == 1 {
		return "1er"
	}
	return fmt.Sprint(t.Day())
}

// frenchDateTime keeps "21 h 02" on one line with no-break spaces.
func frenchDateTime(t time.Time) string {
	return fmt.Sprintf("%s à %d\u00a0h\u00a0%02d", frenchDate(t), t.Hour(), t.Minute())
}
