package schedule

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// icsCalendar is what is collected of an iCalendar file, RFC 5545.
type icsCalendar struct {
	events  []icsEvent
	pretalx bool
}

type icsEvent struct {
	line  int
	props ical.Props
}

func (e icsEvent) text(name string) string {
	if p := e.props.Get(name); p != nil {
		return icsText(p.Value)
	}
	return ""
}

// readICS reads iCalendar: what Sched and pretalx export, and what people make by hand.
func (b *builder) readICS(data []byte) error {
	b.s.Format = ICS
	lines := &icsLines{rest: data}
	calendar, err := decodeICS(lines)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends too early")
		}
		return at(lines.at, err)
	}
	var c icsCalendar
	c.collect(calendar.Component, lines.events)
	if id := calendar.Props.Get(ical.PropProductID); id != nil {
		c.pretalx = strings.Contains(strings.ToLower(id.Value), "pretalx")
	}
	if name := calendar.Props.Get("X-WR-CALNAME"); name != nil {
		b.s.Title = icsText(name.Value)
	}
	if err := b.icsZone(calendar, &c); err != nil {
		return err
	}
	room := c.rooms()
	for _, e := range c.events {
		t, err := b.icsTalk(e, &c)
		if err != nil {
			return at(e.line, fmt.Errorf("event %s: %w", label(t), err))
		}
		t.Room = room(t.Room)
		if err := b.add(e.line, t); err != nil {
			return err
		}
	}
	return nil
}

// decodeICS runs the decoder, which panics on a parameter that the line ends in.
func decodeICS(lines *icsLines) (calendar *ical.Calendar, err error) {
	defer func() {
		if recover() != nil {
			calendar, err = nil, errors.New("a parameter isn't followed by a value")
		}
	}()
	return ical.NewDecoder(lines).Decode()
}

// collect takes the events out of the tree, which has them in the file's order.
func (c *icsCalendar) collect(in *ical.Component, lines []int) {
	if in.Name == ical.CompEvent {
		c.events = append(c.events, icsEvent{lines[len(c.events)], in.Props})
	}
	for _, child := range in.Children {
		c.collect(child, lines)
	}
}

// icsZone finds the conference's zone: what the calendar says, else the one in which
// most events are. UTC says nothing: Sched writes all times in it.
func (b *builder) icsZone(calendar *ical.Calendar, c *icsCalendar) error {
	for _, name := range []string{"X-WR-TIMEZONE", ical.PropTimezoneID} {
		if p := calendar.Props.Get(name); p != nil && !isUTC(p.Value) {
			b.fileZone(0, icsText(p.Value))
		}
	}
	count := map[string]int{}
	var names []string
	for _, e := range c.events {
		if p := e.props.Get(ical.PropDateTimeStart); p != nil && p.Params.Get(ical.ParamTimezoneID) != "" {
			name := p.Params.Get(ical.ParamTimezoneID)
			if count[name]++; count[name] == 1 && !isUTC(name) {
				names = append(names, name)
			}
		}
	}
	slices.SortStableFunc(names, func(x, y string) int { return count[y] - count[x] })
	if len(names) > 0 {
		b.fileZone(0, names[0])
	}
	return b.needZone(0, "its times are in UTC or without a zone, which doesn't say where the conference is")
}

func (b *builder) icsTalk(e icsEvent, c *icsCalendar) (Talk, error) {
	t := Talk{UID: e.text(ical.PropUID), URL: e.text(ical.PropURL), Room: e.text(ical.PropLocation),
		Abstract: e.text(ical.PropDescription), Cancelled: strings.EqualFold(e.text(ical.PropStatus), "CANCELLED")}
	t.RawTitle, _ = cut(plainLine(e.text(ical.PropSummary)), maxTitleLine)
	if e.props.Get(ical.PropRecurrenceRule) != nil {
		b.warn(e.line, "event %s repeats; only its first time is read", label(t))
	}
	if t.UID == "" {
		b.warn(e.line, "event %s has no UID; a later import can't find it again", label(t))
	}
	b.icsCategory(e, &t)
	c.titleLine(&t)
	for _, p := range e.props.Values(ical.PropAttach) {
		if httpURL(p.Value, "") != "" {
			t.Links = append(t.Links, Link{p.Value, "", "attachment"})
		}
	}
	return t, b.icsTimes(e, &t)
}

// titleLine takes the speakers out of the summary. Pretalx writes "Title - Speaker,
// Speaker" without roles; others, whatever they like.
func (c *icsCalendar) titleLine(t *Talk) {
	line := TitleLine{Title: t.RawTitle}
	switch {
	case c.pretalx:
		line = parseNamesLine(t.RawTitle)
		// "pretalx-<event>-<code>@<host>"
		if id, _, ok := strings.Cut(t.UID, "@"); ok && strings.HasPrefix(id, "pretalx-") {
			t.Code = id[strings.LastIndex(id, "-")+1:]
		}
	case t.Kind != Break:
		line = ParseTitleLine(t.RawTitle)
	}
	t.Title, t.Speakers, t.Doubts = line.Title, line.Speakers, line.Doubts
	if t.Kind == "" && line.Kind != RegularTalk {
		t.Kind = line.Kind
	}
}

// icsCategory: Sched has one field for both, so a category that is no kind is a track.
func (b *builder) icsCategory(e icsEvent, t *Talk) {
	for _, p := range e.props.Values(ical.PropCategories) {
		category, _, _ := strings.Cut(strings.ReplaceAll(p.Value, `\,`, "\x00"), ",")
		category = icsText(strings.ReplaceAll(category, "\x00", `\,`))
		switch kind := kindOf(category); {
		case kind != "" && t.RawType == "":
			t.RawType, t.Kind = category, kind
		case kind == "" && t.Track == "":
			t.Track = category
		}
	}
	if t.Kind == RegularTalk { // then the title line may know better
		t.Kind = ""
	}
}

func (b *builder) icsTimes(e icsEvent, t *Talk) error {
	start := e.props.Get(ical.PropDateTimeStart)
	if start == nil {
		return errors.New("it has no DTSTART")
	}
	allDay := false
	var err error
	if t.Start, allDay, err = b.icsTime(e.line, start); err != nil {
		return err
	}
	if allDay {
		b.warn(e.line, "event %s has a date but no time", label(*t))
		t.Date = t.Start.Format(time.DateOnly)
	}
	if end := e.props.Get(ical.PropDateTimeEnd); end != nil {
		t.End, _, err = b.icsTime(e.line, end)
		return err
	}
	if p := e.props.Get(ical.PropDuration); p != nil {
		d, err := p.Duration()
		t.End = t.Start.Add(d)
		return err
	}
	if allDay {
		t.End = t.Start.AddDate(0, 0, 1) // section 3.6.1
	}
	return nil
}

// icsTime reads a date-time in all its forms, section 3.3.5, and a date alone. Floating
// times are in the conference's zone.
func (b *builder) icsTime(line int, p *ical.Prop) (t time.Time, allDay bool, err error) {
	zone := b.zone
	if name := p.Params.Get(ical.ParamTimezoneID); name != "" {
		if named, err := zoneNamed(name); err == nil {
			zone = named
		} else {
			b.warn(line, "%v; the conference's, %s, is used", err, b.zone)
		}
	}
	v := strings.TrimSpace(p.Value)
	if t, err = time.ParseInLocation("20060102T150405Z", v, time.UTC); err == nil {
		return t, false, nil
	}
	if t, err = time.ParseInLocation("20060102T150405", v, zone); err == nil {
		return t, false, nil
	}
	if t, err = time.ParseInLocation("20060102", v, zone); err == nil {
		return t, true, nil
	}
	return t, false, fmt.Errorf("%s %q is no time", p.Name, p.Value)
}

// rooms returns how a location is made a room's name: Sched appends the venue, and what
// several locations end in is no room, as long as they can be told apart without it.
func (c *icsCalendar) rooms() func(string) string {
	short, used, count := map[string]string{}, map[string]bool{}, map[string]int{}
	for _, e := range c.events {
		location := e.text(ical.PropLocation)
		if _, seen := short[location]; !seen {
			short[location] = location
			count[venue(location)]++
		}
	}
	for location := range short {
		room := location
		if v := venue(location); v != "" && count[v] > 1 && !c.pretalx {
			room = strings.TrimSuffix(location, v)
		}
		if used[room] {
			return func(s string) string { return s }
		}
		short[location], used[room] = room, true
	}
	return func(s string) string { return short[s] }
}

// venue is what stands after a location's last comma, with the comma.
func venue(location string) string {
	if i := strings.LastIndex(location, ", "); i > 0 {
		return location[i:]
	}
	return ""
}
