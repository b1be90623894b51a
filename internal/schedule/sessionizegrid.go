package schedule

import (
	"fmt"
	"strings"
)

// sessionizeGrid is Sessionize's view/GridSmart: days, each with its sessions room by
// room, and most of them once more slot by slot.
type sessionizeGrid struct {
	seen     bool // some day has rooms or slots: it is no other list
	sessions []gridSession
	rooms    []string
	known    map[gridKey]bool
}

// gridSession has its speakers and labels in itself.
type gridSession struct {
	sessionizeSession
	Room       value            `json:"room"`
	Speakers   []sessionizeItem `json:"speakers"`
	Categories []gridCategory   `json:"categories"`
	listedIn   string           // room in which it stands
}

type gridCategory struct {
	Name  value            `json:"name"`
	Items []sessionizeItem `json:"categoryItems"`
}

// gridKey is what one session has wherever it stands: in its room and in its slot, and
// in every room if it is for all. At another time it is another talk.
type gridKey struct{ id, start, title, room value }

func (s *gridSession) key() gridKey {
	if s.ID != "" {
		return gridKey{id: s.ID, start: s.StartsAt}
	}
	return gridKey{start: s.StartsAt, title: s.Title, room: s.RoomID}
}

// readGrid reads a list, which is Sessionize's grid or no schedule.
func (b *builder) readGrid(r *jsonReader) error {
	g := sessionizeGrid{known: map[gridKey]bool{}}
	if err := r.whole(func() error { return r.each('[', func() error { return g.readDay(r) }) }); err != nil {
		return err
	}
	if !g.seen {
		return fmt.Errorf("this is a list, but not one of days with rooms; of Sessionize, give the address that ends in view/All: %w", ErrFormat)
	}
	b.s.Format = GridSmart
	return b.addGrid(&g)
}

// readDay leaves the day's date alone: it is the calendar's, and view/All has none. So
// both views count a talk to the same day, and to the same as other formats do.
func (g *sessionizeGrid) readDay(r *jsonReader) error {
	rooms := func() error {
		g.seen = true
		return r.each('[', func() error { return g.readRoom(r) })
	}
	return r.object(map[string]func() error{
		"rooms": rooms,
		"timeSlots": func() error {
			g.seen = true
			return r.each('[', func() error { return r.object(map[string]func() error{"rooms": rooms}) })
		},
	})
}

// readRoom reads a room of a day, which has sessions, or one of a slot, which has one.
func (g *sessionizeGrid) readRoom(r *jsonReader) error {
	if err := r.count(r.here()); err != nil {
		return err
	}
	var name string
	before := len(g.sessions)
	err := r.object(map[string]func() error{
		"name":     r.text(&name),
		"sessions": func() error { return r.each('[', func() error { return g.readSession(r) }) },
		"session":  func() error { return g.readSession(r) },
	})
	g.rooms = append(g.rooms, name)
	for i := range g.sessions[before:] {
		g.sessions[before+i].listedIn = name
	}
	return err
}

// readSession keeps a session that doesn't stand elsewhere already.
func (g *sessionizeGrid) readSession(r *jsonReader) error {
	line := r.here()
	var s *gridSession // nil where a slot is empty
	if err := r.decode(&s); err != nil || s == nil {
		return err
	}
	key := s.key()
	if g.known[key] {
		return nil
	}
	if len(g.sessions) == MaxTalks {
		return at(line, fmt.Errorf("there are more than %d sessions", MaxTalks))
	}
	s.line, g.known[key] = line, true
	g.sessions = append(g.sessions, *s)
	return nil
}

// addGrid builds the talks.
func (b *builder) addGrid(g *sessionizeGrid) error {
	if err := b.needSessionizeZone(); err != nil {
		return err
	}
	for _, name := range g.rooms {
		b.rooms.add(plainLine(name))
	}
	for i := range g.sessions {
		s := &g.sessions[i]
		if !b.timed(&s.sessionizeSession) {
			continue
		}
		t := Talk{Room: first(string(s.Room), s.listedIn)}
		for _, who := range s.Speakers {
			t.Speakers = append(t.Speakers, Speaker{Name: string(who.Name), GUID: string(who.ID)})
		}
		var about []sessionizeLabel
		for _, c := range s.Categories {
			for _, item := range c.Items {
				about = append(about, sessionizeLabel{strings.ToLower(string(c.Name)), string(item.Name)})
			}
		}
		if err := b.addSession(&s.sessionizeSession, t, about); err != nil {
			return err
		}
	}
	return nil
}
