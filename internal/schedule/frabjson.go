package schedule

import (
	"fmt"
	"strings"
)

// frabJSON is what is collected of frab's JSON.
type frabJSON struct {
	seen          bool
	head          frabHead
	rooms, tracks []string
	days          []*frabDay
	events        []frabEvent
}

func (f *frabJSON) scheduleFields(r *jsonReader) map[string]func() error {
	f.seen = true
	return map[string]func() error{
		"url": r.text(&f.head.url), "version": r.text(&f.head.version), "base_url": r.text(&f.head.base),
		"conference": func() error { return r.object(f.conferenceFields(r)) },
	}
}

func (f *frabJSON) conferenceFields(r *jsonReader) map[string]func() error {
	return map[string]func() error{
		"title": r.text(&f.head.title), "time_zone_name": r.text(&f.head.zone),
		"rooms": f.names(r, &f.rooms), "tracks": f.names(r, &f.tracks),
		"days": func() error { return r.each('[', func() error { return f.readDay(r) }) },
	}
}

// names collects the names of rooms or tracks, in their order.
func (f *frabJSON) names(r *jsonReader, into *[]string) func() error {
	return func() error {
		return r.each('[', func() error {
			var named struct {
				Name value `json:"name"`
			}
			err := r.decode(&named)
			*into = append(*into, string(named.Name))
			return err
		})
	}
}

func (f *frabJSON) readDay(r *jsonReader) error {
	d := &frabDay{line: r.here()}
	if f.days = append(f.days, d); len(f.days) > maxDays {
		return errDays
	}
	return r.object(map[string]func() error{
		"index": r.text(&d.index), "date": r.text(&d.date), "day_start": r.text(&d.start),
		"rooms": func() error { return f.readRooms(r, d) },
	})
}

// readRooms reads an object whose keys are the rooms' names.
func (f *frabJSON) readRooms(r *jsonReader, d *frabDay) error {
	return r.each('{', func() error {
		name, err := r.dec.Token()
		if err != nil {
			return err
		}
		return r.each('[', func() error {
			e := frabEvent{line: r.here(), day: d, room: strings.TrimSpace(name.(string))} // a key is a string
			if len(f.events) == MaxTalks {
				return at(e.line, fmt.Errorf("there are more than %d talks", MaxTalks))
			}
			err := r.decode(&e)
			f.events = append(f.events, e)
			return err
		})
	})
}
