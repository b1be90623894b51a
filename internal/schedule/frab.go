package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// frabHead is what stands in frab's formats before the days.
type frabHead struct {
	title, url, version, base, zone string
	dayChange                       string // time of day before which what starts is in the next morning
}

// frabDay is one day element.
type frabDay struct {
	line  int
	index string
	date  string
	start string // with offset
}

const maxDays = 1000

var errDays = fmt.Errorf("there are more than %d days", maxDays)

// frabEvent is one event, as both of frab's formats and the old one write it.
type frabEvent struct {
	line int
	day  *frabDay
	room string // of the room that it stands in

	GUID        value `json:"guid"`
	Code        value `json:"code"`
	ID          value `json:"id"`
	Room        value `json:"room"`
	Title       value `json:"title"`
	Subtitle    value `json:"subtitle"`
	Type        value `json:"type"`
	Date        value `json:"date"`
	Start       value `json:"start"`
	End         value `json:"end"`
	Duration    value `json:"duration"`
	Abstract    value `json:"abstract"`
	Description value `json:"description"`
	Track       value `json:"track"`
	Language    value `json:"language"`
	URL         value `json:"url"`
	OriginURL   value `json:"origin_url"`
	NoRecord    value `json:"do_not_record"`
	NoStream    value `json:"do_not_stream"`
	Video       value `json:"video_download_url"`

	Persons     []frabPerson `json:"persons"`
	Links       []frabLink   `json:"links"`
	Attachments []frabLink   `json:"attachments"`
}

type frabPerson struct {
	GUID       value `json:"guid"`
	Code       value `json:"code"`
	Name       value `json:"name"`
	PublicName value `json:"public_name"`
	URL        value `json:"url"`
	Avatar     value `json:"avatar"`
}

type frabLink struct {
	URL   value `json:"url"`
	Title value `json:"title"`
	Type  value `json:"type"`
}

// addFrab builds the talks, once the whole file is known.
func (b *builder) addFrab(h frabHead, days []*frabDay, events []frabEvent) error {
	b.s.Title, b.s.URL, b.s.Version = h.title, h.url, h.version
	b.base = httpURL(first(h.base, h.url), "")
	b.fileZone(0, h.zone)
	if err := b.needZone(0, "the file names no time zone"); err != nil {
		return err
	}
	for _, d := range days {
		if d.date != "" {
			if _, err := time.Parse(time.DateOnly, d.date); err != nil {
				return at(d.line, fmt.Errorf("day %s: %q is no date", d.index, d.date))
			}
			b.addDay(d.date)
		}
	}
	for i := range events {
		if err := b.addFrabEvent(h, &events[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) addFrabEvent(h frabHead, e *frabEvent) error {
	t := Talk{
		GUID: string(e.GUID), Code: string(e.Code), ID: string(e.ID), URL: first(string(e.URL), string(e.OriginURL)),
		Title: string(e.Title), RawTitle: string(e.Title), Subtitle: string(e.Subtitle), RawType: string(e.Type),
		Room: first(string(e.Room), e.room), Track: string(e.Track), Date: e.day.date,
		Abstract: string(e.Abstract), Description: string(e.Description),
		DoNotRecord: e.NoRecord.yes(), DoNotStream: e.NoStream.yes(),
	}
	t.Languages = b.languages(e.line, string(e.Language))
	for _, p := range e.Persons {
		t.Speakers = append(t.Speakers, Speaker{Name: first(string(p.PublicName), string(p.Name)), GUID: string(p.GUID),
			Code: string(p.Code), URL: string(p.URL), Avatar: string(p.Avatar)})
	}
	for _, l := range e.Links {
		t.Links = append(t.Links, Link{string(l.URL), string(l.Title), LinkType(l.Type)})
	}
	for _, l := range e.Attachments {
		t.Links = append(t.Links, Link{string(l.URL), string(l.Title), LinkType(first(string(l.Type), "attachment"))})
	}
	if e.Video != "" {
		t.Links = append(t.Links, Link{string(e.Video), "", Video})
	}
	var err error
	if t.Start, err = b.frabStart(h, e, label(t)); err == nil {
		t.End, err = b.frabEnd(e, t.Start)
	}
	if err != nil {
		return at(e.line, fmt.Errorf("day %s: event %s: %w", e.day.index, label(t), err))
	}
	return b.add(e.line, t)
}

// frabStart uses the date with its offset; the old format has only the day and a time
// of day, of which the ones before the day's change are in the next morning.
func (b *builder) frabStart(h frabHead, e *frabEvent, name string) (time.Time, error) {
	date := strings.TrimSpace(string(e.Date))
	if len(date) > len(time.DateOnly) {
		start, err := b.instant(date)
		if err == nil {
			b.compareStart(e, start, name)
		}
		return start, err
	}
	clock, err := clockTime(string(e.Start))
	if err != nil {
		return time.Time{}, fmt.Errorf("start %q is no time", e.Start)
	}
	onDate := date != "" // then it is the calendar's
	day, err := time.ParseInLocation(time.DateOnly, first(date, e.day.date), b.zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q is none, and its day has none", date)
	}
	change := dayBegins
	if c, err := clockTime(h.dayChange); err == nil {
		change = c
	} else if s, err := time.Parse(time.RFC3339, e.day.start); err == nil {
		change = time.Duration(s.Hour())*time.Hour + time.Duration(s.Minute())*time.Minute
	}
	if clock < change && !onDate {
		day = day.AddDate(0, 0, 1)
		if clock >= dayBegins {
			b.warn(e.line, "event %s: start %s is before the day changes, so it is in the morning of %s", name, e.Start, day.Format(time.DateOnly))
		}
	}
	return wallClock(day, clock), nil
}

// compareStart warns of a file that contradicts itself.
func (b *builder) compareStart(e *frabEvent, start time.Time, name string) {
	local := start.In(b.zone)
	if _, err := clockTime(string(e.Start)); err == nil && !strings.HasPrefix(strings.TrimPrefix(string(e.Start), "0"), strings.TrimPrefix(start.Format("15:04"), "0")) &&
		!strings.HasPrefix(string(e.Start), local.Format("15:04")) {
		b.warn(e.line, "event %s: start %s isn't that of its date %s, which is used", name, e.Start, e.Date)
	}
	day, err := time.ParseInLocation(time.DateOnly, e.day.date, b.zone)
	if err == nil && (local.Before(day) || local.After(day.AddDate(0, 0, 1).Add(12*time.Hour))) {
		b.warn(e.line, "event %s: its date %s isn't in its day, %s", name, e.Date, e.day.date)
	}
}

func (b *builder) frabEnd(e *frabEvent, start time.Time) (time.Time, error) {
	if end := strings.TrimSpace(string(e.End)); len(end) > len(time.DateOnly) {
		return b.instant(end)
	}
	if strings.TrimSpace(string(e.Duration)) == "" {
		return time.Time{}, nil
	}
	d, err := frabDuration(strings.TrimSpace(string(e.Duration)))
	if err != nil {
		return time.Time{}, fmt.Errorf("duration %q is none", e.Duration)
	}
	return start.Add(d), nil
}

// instants are ISO 8601 as schedules have it; what has no offset is in the conference's zone.
var instants = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05"}

func (b *builder) instant(s string) (time.Time, error) {
	for _, layout := range instants {
		if t, err := time.ParseInLocation(layout, s, b.zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("date %q is no date with a time", s)
}

var clock = regexp.MustCompile(`^\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*$`)

var errClock = errors.New("no time of day")

// clockTime reads a time of day.
func clockTime(s string) (time.Duration, error) {
	d, err := frabDuration(s)
	if err != nil || d >= 24*time.Hour || !strings.Contains(s, ":") {
		return 0, errClock
	}
	return d, nil
}

// frabDuration reads hh:mm, hh:mm:ss and minutes.
func frabDuration(s string) (time.Duration, error) {
	if minutes, err := strconv.ParseUint(s, 10, 16); err == nil {
		return time.Duration(minutes) * time.Minute, nil
	}
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return 0, errClock
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits, or nothing for seconds
	}
	if n[1] > 59 || n[2] > 59 {
		return 0, errClock
	}
	return time.Duration(n[0])*time.Hour + time.Duration(n[1])*time.Minute + time.Duration(n[2])*time.Second, nil
}

// wallClock is a time of day on a day that begins at midnight of its zone, also on the
// two days a year that don't have 24 hours.
func wallClock(day time.Time, clock time.Duration) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, int(clock/time.Second), 0, day.Location())
}

// first is the first text that isn't blank.
func first(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}
