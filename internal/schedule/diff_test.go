package schedule

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// diff compares two versions of a conference's schedule.
func diff(old, new *Schedule) Changes {
	return Compare(old.Talks, new.Talks, Match(old.Talks, new.Talks))
}

// told says a change in words, so that a test can be read.
func told(c Changes) []string {
	var out []string
	for _, t := range c.Added {
		out = append(out, "added "+t.Title)
	}
	for _, t := range c.Removed {
		out = append(out, "removed "+t.Title)
	}
	for _, l := range []struct {
		verb string
		list []Change
	}{{"moved", c.Moved}, {"renamed", c.Renamed}, {"changed", c.Changed}} {
		for _, ch := range l.list {
			out = append(out, fmt.Sprintf("%s %s: %s", l.verb, ch.New.Title, strings.Join(ch.Fields, ", ")))
		}
	}
	return out
}

func TestASecondVersionIsToldFromTheFirst(t *testing.T) {
	t.Parallel()
	before := mustRead(t, sample(t, "frab-schedule-v1.xml"), Options{})
	after := mustRead(t, sample(t, "frab-schedule-v2.xml"), Options{})
	want := []string{
		"added Ajout de dernière minute : postmortem du wifi",
		"removed Lightning: DNS Is Fine, Actually",
		"moved CSI - The Long Way Round: start, end, room",
		"renamed Schema Evolution Is (Still) a People Problem: title",
		"changed Dix ans de marées : ce que l'infrastructure nous a appris: links",
		"changed Zero-Downtime Postgres Upgrades – For Real This Time: links",
		"changed Accessibilité : auditer en une heure: speakers",
	}
	if got := told(diff(before, after)); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestASampleIsTheSameAsItself(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"frab-schedule-v1.xml", "frab-schedule.json", "pentabarf-old.xml", "pretalx-schedule.ics", "sched-all.ics", "sessionize-all.json", "sessionize-gridsmart.json"} {
		read := func() *Schedule { return mustRead(t, sample(t, name), Options{Zone: paris(t)}) }
		if got := told(diff(read(), read())); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAnOtherFormatOfTheSameConferenceFindsEveryTalk(t *testing.T) {
	t.Parallel()
	xml := mustRead(t, sample(t, "frab-schedule-v1.xml"), Options{})
	for _, name := range []string{"frab-schedule.json", "pretalx-schedule.ics"} {
		c := diff(xml, mustRead(t, sample(t, name), Options{}))
		if len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Renamed) > 0 {
			t.Errorf("%s: %q", name, told(c))
		}
	}
}

func TestTalksAreFoundAgainByIdsAndNeverByTitle(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, 6, 11, hour, 0, 0, 0, time.UTC) }
	talk := func(title string, hour int, ids Talk) Talk {
		ids.Title, ids.Start, ids.End = title, at(hour), at(hour+1)
		return ids
	}
	tests := []struct {
		name     string
		old, new []Talk
		want     []string
	}{
		{"one title with another id is another talk",
			[]Talk{talk("Lunch", 12, Talk{GUID: "a"})}, []Talk{talk("Lunch", 12, Talk{GUID: "b"})},
			[]string{"added Lunch", "removed Lunch"}},
		{"without any id nothing is found again",
			[]Talk{talk("Lunch", 12, Talk{})}, []Talk{talk("Lunch", 12, Talk{})},
			[]string{"added Lunch", "removed Lunch"}},
		{"a guid goes before all else",
			[]Talk{talk("Boats", 9, Talk{GUID: "a", UID: "1", URL: "https://k.example/1"})}, []Talk{talk("Ships", 9, Talk{GUID: "A", UID: "2", URL: "https://k.example/1"})},
			[]string{"renamed Ships: title"}},
		{"a new slot for the same submission is a move",
			[]Talk{talk("Boats", 9, Talk{GUID: "a", Code: "X"})}, []Talk{talk("Boats", 15, Talk{GUID: "b", Code: "X"})},
			[]string{"moved Boats: start, end"}},
		{"a slot reused for another submission is another talk",
			[]Talk{talk("Boats", 9, Talk{GUID: "a", Code: "X"})}, []Talk{talk("Ships", 9, Talk{GUID: "a", Code: "Y"})},
			[]string{"added Ships", "removed Boats"}},
		{"two submissions that swapped their slots' guids only moved",
			[]Talk{talk("Boats", 9, Talk{GUID: "a", Code: "X"}), talk("Ships", 15, Talk{GUID: "b", Code: "Y"})},
			[]Talk{talk("Ships", 9, Talk{GUID: "a", Code: "Y"}), talk("Boats", 15, Talk{GUID: "b", Code: "X"})},
			[]string{"moved Ships: start, end", "moved Boats: start, end"}},
		{"without codes, swapped guids are swapped talks",
			[]Talk{talk("Boats", 9, Talk{GUID: "a"}), talk("Ships", 15, Talk{GUID: "b"})}, []Talk{talk("Boats", 9, Talk{GUID: "b"}), talk("Ships", 15, Talk{GUID: "a"})},
			[]string{"moved Boats: start, end", "moved Ships: start, end", "renamed Boats: title", "renamed Ships: title"}},
		{"two that share a guid are told apart by their codes",
			[]Talk{talk("Boats", 9, Talk{GUID: "a", Code: "X"}), talk("Ships", 10, Talk{GUID: "a", Code: "Y"})},
			[]Talk{talk("Ships", 8, Talk{GUID: "a", Code: "Y"}), talk("Boats", 9, Talk{GUID: "a", Code: "X"})},
			[]string{"moved Ships: start, end"}},
		{"two that share a UID are told apart by their URLs",
			[]Talk{talk("Boats", 9, Talk{UID: "1", URL: "https://k.example/b"}), talk("Ships", 10, Talk{UID: "1", URL: "https://k.example/s"})},
			[]Talk{talk("Ships", 9, Talk{UID: "1", URL: "https://k.example/s"}), talk("Boats", 10, Talk{UID: "1", URL: "https://k.example/b"})},
			[]string{"moved Ships: start, end", "moved Boats: start, end"}},
		{"two that share all ids are paired in order, and none is lost",
			[]Talk{talk("Boats", 9, Talk{UID: "1"}), talk("Boats", 10, Talk{UID: "1"})}, []Talk{talk("Boats", 9, Talk{UID: "1"})},
			[]string{"removed Boats"}},
		{"a host has no case, and https is the page that http was",
			[]Talk{talk("Boats", 9, Talk{URL: "http://K.example/Talk/1/"})}, []Talk{talk("Boats", 10, Talk{URL: "https://k.EXAMPLE:443/Talk/1"})},
			[]string{"moved Boats: start, end"}},
		{"a path has case",
			[]Talk{talk("Boats", 9, Talk{URL: "https://k.example/Talk"})}, []Talk{talk("Boats", 9, Talk{URL: "https://k.example/talk"})},
			[]string{"added Boats", "removed Boats"}},
		{"a number finds a talk where there is nothing else",
			[]Talk{talk("Boats", 9, Talk{ID: "7"})}, []Talk{talk("Boats", 10, Talk{ID: "7"})},
			[]string{"moved Boats: start, end"}},
		{"a number doesn't outweigh a guid",
			[]Talk{talk("Boats", 9, Talk{ID: "7", GUID: "a"})}, []Talk{talk("Boats", 9, Talk{ID: "7", GUID: "b"})},
			[]string{"added Boats", "removed Boats"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := diff(&Schedule{Talks: tt.old}, &Schedule{Talks: tt.new})
			if got := told(c); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if len(tt.new) != len(c.Added)+len(tt.old)-len(c.Removed) {
				t.Error("the talks don't add up")
			}
		})
	}
}

func TestEachMutantOfASampleIsSeen(t *testing.T) {
	t.Parallel()
	base := mustRead(t, sample(t, "frab-schedule-v1.xml"), Options{})
	for _, m := range []struct {
		field  string
		mutate func(*Talk)
	}{
		{"start", func(t *Talk) { t.Start = t.Start.Add(-time.Minute) }},
		{"end", func(t *Talk) { t.End = t.End.Add(time.Minute) }},
		{"date", func(t *Talk) { t.Date = "2026-06-13" }},
		{"room", func(t *Talk) { t.Room = "Foyer" }},
		{"title", func(t *Talk) { t.Title += "!" }},
		{"subtitle", func(t *Talk) { t.Subtitle = "part two" }},
		{"kind", func(t *Talk) { t.Kind = Panel }},
		{"type", func(t *Talk) { t.RawType = "Fireside" }},
		{"track", func(t *Talk) { t.Track = "Mer" }},
		{"languages", func(t *Talk) { t.Languages = []string{"br"} }},
		{"abstract", func(t *Talk) { t.Abstract = "" }},
		{"description", func(t *Talk) { t.Description = "more" }},
		{"speakers", func(t *Talk) { t.Speakers = nil }},
		{"links", func(t *Talk) { t.Links = []Link{{URL: "https://k.example/"}} }},
		{"cancelled", func(t *Talk) { t.Cancelled = true }},
		{"do_not_record", func(t *Talk) { t.DoNotRecord = true }},
		{"do_not_stream", func(t *Talk) { t.DoNotStream = true }},
		{"url", func(t *Talk) { t.URL = "https://k.example/elsewhere" }},
	} {
		mutant := *base
		mutant.Talks = slices.Clone(base.Talks)
		m.mutate(&mutant.Talks[0])
		c := diff(base, &mutant)
		all := slices.Concat(c.Moved, c.Renamed, c.Changed)
		if len(all) != 1 || !reflect.DeepEqual(all[0].Fields, []string{m.field}) || len(c.Added)+len(c.Removed) > 0 {
			t.Errorf("%s: %q", m.field, told(c))
		}
	}
}
