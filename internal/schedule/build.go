package schedule

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// dayBegins is the hour at which a conference day begins where the file doesn't say:
// pretalx counts what starts before 03:00 to the day before.
const dayBegins = 3 * time.Hour

const maxWarnings = 200

// builder collects what a format's reader finds, cleans it, and makes the Schedule.
type builder struct {
	s      Schedule
	zone   *time.Location
	base   string // relative addresses stand against it
	rooms  order
	tracks order
	dates  map[string]bool // of the conference days
}

// order keeps names in the order in which they came.
type order struct {
	names []string
	at    map[string]int
}

func (o *order) add(name string) {
	if _, seen := o.at[name]; seen || name == "" {
		return
	}
	if o.at == nil {
		o.at = map[string]int{}
	}
	o.at[name] = len(o.names)
	o.names = append(o.names, name)
}

func (b *builder) warn(line int, format string, args ...any) {
	switch n := len(b.s.Warnings); {
	case n < maxWarnings:
		text, _ := cut(plainLine(fmt.Sprintf(format, args...)), MaxLine)
		b.s.Warnings = append(b.s.Warnings, Warning{line, text})
	case n == maxWarnings:
		b.s.Warnings = append(b.s.Warnings, Warning{0, "there is more that is odd; fix these first"})
	}
}

// fileZone uses the zone that a file names, if the caller gave none.
func (b *builder) fileZone(line int, name string) {
	if b.zone != nil || name == "" {
		return
	}
	zone, err := zoneNamed(name)
	if err != nil {
		b.warn(line, "%v", err)
		return
	}
	b.zone = zone
}

func (b *builder) needZone(line int, why string) error {
	if b.zone != nil {
		return nil
	}
	return at(line, fmt.Errorf("%s: %w", why, ErrNoZone))
}

// ConferenceDate is the day of a conference that a time falls on, on its clock: a night
// belongs to the day before.
func ConferenceDate(local time.Time) string {
	if time.Duration(local.Hour())*time.Hour < dayBegins {
		local = local.AddDate(0, 0, -1)
	}
	return local.Format(time.DateOnly)
}

// addDay makes a day exist, if only without talks.
func (b *builder) addDay(date string) {
	if b.dates == nil {
		b.dates = map[string]bool{}
	}
	b.dates[date] = true
}

// add takes a talk as a reader found it: cleans it, and checks what every format has.
// The zone is known by then. A talk without a Date gets that of its start.
func (b *builder) add(line int, t Talk) error {
	if len(b.s.Talks) >= MaxTalks {
		return at(line, fmt.Errorf("there are more than %d talks", MaxTalks))
	}
	b.clean(line, &t)
	if t.Title == "" {
		t.Title = cmp.Or(t.Subtitle, t.RawType, t.Track, t.Code, t.ID, "?")
		b.warn(line, "event %s has no title", label(t))
	}
	if t.Room == "" && t.Kind != Break {
		b.warn(line, "event %s has no room", label(t))
	}
	if err := b.times(line, &t); err != nil {
		return at(line, fmt.Errorf("event %s: %w", label(t), err))
	}
	b.rooms.add(t.Room)
	b.tracks.add(t.Track)
	b.addDay(t.Date)
	b.s.Talks = append(b.s.Talks, t)
	return nil
}

// times brings a talk's to UTC and gives it its day.
func (b *builder) times(line int, t *Talk) error {
	if t.Start.Year() < 1990 || t.Start.Year() > 2200 {
		return fmt.Errorf("it starts in the year %d", t.Start.Year())
	}
	if t.End.IsZero() {
		b.warn(line, "event %s has no end", label(*t))
		t.End = t.Start
	}
	if t.End.Before(t.Start) {
		b.warn(line, "event %s ends before it starts", label(*t))
		t.End = t.Start
	}
	if t.End.Sub(t.Start) > 366*24*time.Hour {
		return fmt.Errorf("it ends in the year %d", t.End.Year())
	}
	if t.Date == "" {
		t.Date = ConferenceDate(t.Start.In(b.zone))
	}
	t.Start, t.End = t.Start.UTC(), t.End.UTC()
	return nil
}

// label names a talk in an error or a warning.
func label(t Talk) string {
	title, _ := cut(cmp.Or(t.Title, t.RawTitle), MaxLine)
	title, _ = cut(plainLine(title), 80)
	switch {
	case title != "":
		return `"` + title + `"`
	case t.ID != "":
		return t.ID
	}
	return cmp.Or(t.GUID, t.Code, t.UID, "without a name")
}

// finish puts days, rooms and talks in order.
func (b *builder) finish() (*Schedule, error) {
	s := &b.s
	if err := b.needZone(0, "the file doesn't say in which zone the conference is"); err != nil {
		return nil, err
	}
	if len(s.Talks) == 0 {
		return nil, errors.New("there is no talk in it")
	}
	s.Zone = b.zone.String()
	s.Title, s.Version = b.line(0, "the title", s.Title), b.line(0, "the version", s.Version)
	s.URL = httpURL(s.URL, "")
	s.Rooms, s.Tracks = b.rooms.names, b.tracks.names
	b.numberDays()
	slices.SortStableFunc(s.Talks, func(x, y Talk) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(b.rooms.at[x.Room], b.rooms.at[y.Room]), strings.Compare(x.Title, y.Title))
	})
	b.warnRepeated()
	return s, nil
}

// numberDays counts the days in the calendar's order, whatever numbers the file gave.
func (b *builder) numberDays() {
	dates := make([]string, 0, len(b.dates))
	for date := range b.dates {
		dates = append(dates, date)
	}
	slices.Sort(dates)
	index := map[string]int{}
	for i, date := range dates {
		index[date] = i + 1
		b.s.Days = append(b.s.Days, Day{i + 1, date})
	}
	for i := range b.s.Talks {
		b.s.Talks[i].Day = index[b.s.Talks[i].Date]
	}
	b.s.Start, b.s.End = dates[0], dates[len(dates)-1]
}

// warnRepeated: two talks with one GUID or UID can't be told apart by a later import.
func (b *builder) warnRepeated() {
	seen := map[string]string{}
	for _, t := range b.s.Talks {
		for _, id := range []string{"guid " + t.GUID, "UID " + t.UID} {
			if strings.HasSuffix(id, " ") {
				continue
			}
			if other, repeated := seen[id]; repeated {
				b.warn(0, "%s and %s have the same %s", other, label(t), id)
			}
			seen[id] = label(t)
		}
	}
}
