package schedule

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// gridFile is Sessionize's view/GridSmart of one day with one room around its sessions,
// which begin on line 2, and with one slot around a session, which stands on the last line.
func gridFile(sessions, slot string) []byte {
	if slot == "" {
		slot = "null"
	}
	return []byte(`[{"date":"2026-06-11T00:00:00","isDefault":true,"rooms":[{"id":5,"name":"Salle Groix","sessions":[` + "\n" + sessions +
		"\n" + `]}],"timeSlots":[{"slotStart":"09:00:00","rooms":[{"id":5,"name":"Salle Groix","session":` + slot + `,"index":0}]}]}]`)
}

// numbered are sessions of which each is another.
func numbered(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"id":%d}`, i))
	}
	return strings.Join(all, ",")
}

func TestAGridsSessionIsOneTalkWhereverItStands(t *testing.T) {
	t.Parallel()
	session := func(id, title, rest string) string {
		return `{"id":` + id + `,"title":"` + title + `","startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T09:40:00"` + rest + `}`
	}
	const groix, hoedic = `,"roomId":5,"room":"Salle Groix"`, `,"roomId":6,"room":"Salle Hoëdic"`
	boats := session(`"1"`, "Boats", groix)
	tests := []struct {
		name string
		data []byte
		want []string
		warn string // the only warning
	}{
		{"in its room and in its slot it is one", gridFile(boats, boats), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"in its slot alone it is one too", gridFile(boats, session(`"2"`, "Ships", groix)), []string{"1 Boats 09:00 Salle Groix", "2 Ships 09:00 Salle Groix"}, ""},
		{"a day may have slots alone", []byte(`[{"timeSlots":[{"rooms":[{"id":5,"name":"Salle Groix","session":` + session(`"1"`, "Boats", `,"roomId":5`) + `}]}]}]`), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"a day may have rooms alone", []byte(`[{"rooms":[{"id":5,"name":"Salle Groix","sessions":[` + boats + `]}]}]`), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"what is for all stands in every room, and is in its own", []byte(`[{"rooms":[{"id":5,"name":"Salle Groix","sessions":[` + session(`"1"`, "Boats", hoedic) + `]},{"id":6,"name":"Salle Hoëdic","sessions":[` + session(`"1"`, "Boats", hoedic) + `]}]}]`), []string{"1 Boats 09:00 Salle Hoëdic"}, ""},
		{"of several rooms it is in the first", []byte(`[{"rooms":[{"id":5,"name":"Salle Groix","sessions":[` + boats + `]},{"id":6,"name":"Salle Hoëdic","sessions":[` + session(`"1"`, "Boats", hoedic) + `]}]}]`), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"one that names no room is in the one that it stands in, wherever that has its name", []byte(`[{"rooms":[{"sessions":[` + session(`"1"`, "Boats", "") + `],"name":"Salle Groix"}]}]`), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"one number is one id, as text or not", gridFile(boats, session(`1`, "Boats", groix)), []string{"1 Boats 09:00 Salle Groix"}, ""},
		{"without an id it is what has its title, time and room", gridFile(session(`null`, "Boats", groix)+","+session(`null`, "Ships", groix), session(`null`, "Boats", groix)), []string{" Boats 09:00 Salle Groix", " Ships 09:00 Salle Groix"}, ""},
		{"at another time it is another", gridFile(boats, strings.Replace(boats, "T09:00", "T08:30", 1)), []string{"1 Boats 08:30 Salle Groix", "1 Boats 09:00 Salle Groix"}, ""},
		{"without a time it is left out, and told once", gridFile(boats+",\n"+`{"id":"2","title":"Later","startsAt":null}`, `{"id":"2","title":"Later"}`), []string{"1 Boats 09:00 Salle Groix"}, `3: session "Later" has no time yet; it is left out`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := mustRead(t, tt.data, Options{Zone: paris(t)})
			holds(t, s)
			var got []string
			for _, talk := range s.Talks {
				got = append(got, strings.Join([]string{talk.ID, talk.Title, talk.Start.In(paris2).Format("15:04"), talk.Room}, " "))
			}
			if !slices.Equal(got, tt.want) || warnings(s) != tt.warn {
				t.Errorf("got  %q\nwant %q\nwarnings %q, want %q", got, tt.want, warnings(s), tt.warn)
			}
		})
	}
}

// fullGrid is the sample with what a real grid has besides: the labels that view/All
// names by their ids, and the slots.
func fullGrid(t *testing.T) (days []map[string]any) {
	t.Helper()
	var all struct {
		Sessions []struct {
			ID            string
			CategoryItems []int
		}
		Categories []struct {
			Title string
			Items []struct {
				ID   int
				Name string
			}
		}
	}
	if err := errors.Join(json.Unmarshal(sample(t, "sessionize-all.json"), &all), json.Unmarshal(sample(t, "sessionize-gridsmart.json"), &days)); err != nil {
		t.Fatal(err)
	}
	labels := map[string][]any{}
	for _, s := range all.Sessions {
		for _, c := range all.Categories {
			for _, item := range c.Items {
				if slices.Contains(s.CategoryItems, item.ID) {
					labels[s.ID] = append(labels[s.ID], map[string]any{"name": c.Title, "categoryItems": []any{map[string]any{"id": item.ID, "name": item.Name}}})
				}
			}
		}
	}
	for _, day := range days {
		var slots []any
		for _, room := range day["rooms"].([]any) {
			room := room.(map[string]any)
			for _, session := range room["sessions"].([]any) {
				session := session.(map[string]any)
				session["categories"] = labels[session["id"].(string)]
				slots = append(slots, map[string]any{"slotStart": "09:00:00", "rooms": []any{map[string]any{"id": room["id"], "name": room["name"], "session": session, "index": 0}}})
			}
		}
		day["timeSlots"] = slots
	}
	return days
}

func TestAGridsRoomsAreInItsOrder(t *testing.T) {
	t.Parallel()
	file := strings.Replace(string(gridFile(`{"id":"1","title":"Boats","startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T09:40:00"}`, "")),
		`"rooms":[`, `"rooms":[{"id":4,"name":"Grande salle","sessions":[]},`, 1)
	if s := mustRead(t, []byte(file), Options{Zone: paris(t)}); !slices.Equal(s.Rooms, []string{"Grande salle", "Salle Groix"}) {
		t.Errorf("%q", s.Rooms)
	}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// agree says where two views of one conference differ. Who a speaker is beside their
// name stands in view/All alone.
func agree(all, grid *Schedule, labelled bool) error {
	if !reflect.DeepEqual(all.Days, grid.Days) || !slices.Equal(all.Rooms, grid.Rooms) || len(all.Talks) != len(grid.Talks) {
		return fmt.Errorf("%v, %q, %d talks; want %v, %q, %d", grid.Days, grid.Rooms, len(grid.Talks), all.Days, all.Rooms, len(all.Talks))
	}
	for i := range all.Talks {
		want, got := all.Talks[i], grid.Talks[i]
		want.Speakers = make([]Speaker, len(want.Speakers))
		for n, who := range all.Talks[i].Speakers {
			want.Speakers[n] = Speaker{Name: who.Name, GUID: who.GUID}
		}
		if !labelled && want.Kind != Break && got.Kind != Break { // a break is one by its title
			want.Kind, got.Kind = "", ""
		}
		if !labelled {
			want.RawType, got.RawType, want.Track, want.Languages = "", "", "", nil
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	return nil
}

func TestAGridIsReadAsTheSameTalksAsViewAll(t *testing.T) {
	t.Parallel()
	o := Options{Zone: paris(t)}
	all, full, inSlots, inRooms := mustRead(t, sample(t, "sessionize-all.json"), o), fullGrid(t), fullGrid(t), fullGrid(t)
	for i := range full {
		delete(inSlots[i], "rooms")
		delete(inRooms[i], "timeSlots")
	}
	for name, grid := range map[string]struct {
		data     []byte
		labelled bool
	}{
		"the sample": {sample(t, "sessionize-gridsmart.json"), false}, "in rooms and slots": {asJSON(t, full), true},
		"in slots alone": {asJSON(t, inSlots), true}, "in rooms alone": {asJSON(t, inRooms), true},
	} {
		got := mustRead(t, grid.data, o)
		if err := agree(all, got, grid.labelled); err != nil || got.Format != GridSmart || len(got.Warnings) > 0 {
			t.Errorf("%s, %s, %v: %v", name, got.Format, got.Warnings, err)
		}
		for _, c := range []Changes{diff(all, got), diff(got, all)} {
			if len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Renamed) > 0 {
				t.Errorf("%s: %q", name, told(c))
			}
		}
	}
}

func TestTheCheckThatViewsAgreeRejectsMutants(t *testing.T) {
	t.Parallel()
	o := Options{Zone: paris(t)}
	all := mustRead(t, sample(t, "sessionize-all.json"), o)
	for name, mutate := range map[string]func(*Schedule){
		"a talk fewer":           func(s *Schedule) { s.Talks = s.Talks[1:] },
		"a talk twice":           func(s *Schedule) { s.Talks = append(s.Talks, s.Talks[0]) },
		"an id":                  func(s *Schedule) { s.Talks[0].ID = "1" },
		"a title":                func(s *Schedule) { s.Talks[0].Title += "!" },
		"a room":                 func(s *Schedule) { s.Talks[0].Room = "" },
		"an end":                 func(s *Schedule) { s.Talks[0].End = s.Talks[0].Start },
		"a text":                 func(s *Schedule) { s.Talks[0].Abstract = "" },
		"a break that is none":   func(s *Schedule) { s.Talks[3].Kind = Other },
		"a talk that is a break": func(s *Schedule) { s.Talks[0].Kind = Break },
		"a speaker's guid":       func(s *Schedule) { s.Talks[0].Speakers[0].GUID = "" },
		"the rooms' order":       func(s *Schedule) { slices.Reverse(s.Rooms) },
		"a day too many":         func(s *Schedule) { s.Days = append(s.Days, Day{3, "2026-06-13"}) },
		"a track from afar":      func(s *Schedule) { s.Talks[0].Track = "Mer" },
	} {
		grid := mustRead(t, sample(t, "sessionize-gridsmart.json"), o)
		mutate(grid)
		if agree(all, grid, false) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
