package schedule

import (
	"fmt"
	"strings"
)

// sessionizeAll is Sessionize's view/All.
type sessionizeAll struct {
	seen       bool
	sessions   []allSession
	speakers   []sessionizeSpeaker
	categories []sessionizeCategory
	rooms      []sessionizeItem
}

// sessionizeSession is what a session has in every view.
type sessionizeSession struct {
	line         int
	ID           value `json:"id"`
	Title        value `json:"title"`
	Description  value `json:"description"`
	StartsAt     value `json:"startsAt"`
	EndsAt       value `json:"endsAt"`
	Service      value `json:"isServiceSession"`
	RoomID       value `json:"roomId"`
	RecordingURL value `json:"recordingUrl"`
	Status       value `json:"status"`
}

// allSession names speakers and labels by their ids.
type allSession struct {
	sessionizeSession
	Speakers      []value `json:"speakers"`
	CategoryItems []value `json:"categoryItems"`
}

type sessionizeSpeaker struct {
	ID      value `json:"id"`
	Name    value `json:"fullName"`
	TagLine value `json:"tagLine"`
	Picture value `json:"profilePicture"`
	Links   []struct {
		URL value `json:"url"`
	} `json:"links"`
}

type sessionizeCategory struct {
	Title value            `json:"title"`
	Items []sessionizeItem `json:"items"`
}

type sessionizeItem struct {
	ID   value `json:"id"`
	Name value `json:"name"`
}

func (a *sessionizeAll) fields(r *jsonReader) map[string]func() error {
	return map[string]func() error{
		"speakers": list(r, &a.speakers), "categories": list(r, &a.categories), "rooms": list(r, &a.rooms),
		"sessions": func() error {
			a.seen = true
			return r.each('[', func() error {
				s := allSession{sessionizeSession: sessionizeSession{line: r.here()}}
				if len(a.sessions) == MaxTalks {
					return at(s.line, fmt.Errorf("there are more than %d sessions", MaxTalks))
				}
				err := r.decode(&s)
				a.sessions = append(a.sessions, s)
				return err
			})
		},
	}
}

// addSessionize builds the talks of view/All.
func (b *builder) addSessionize(a *sessionizeAll) error {
	if err := b.needSessionizeZone(); err != nil {
		return err
	}
	rooms, speakers, labels := map[value]string{}, map[value]Speaker{}, a.labels()
	for _, r := range a.rooms {
		rooms[r.ID] = string(r.Name)
		b.rooms.add(plainLine(string(r.Name)))
	}
	for _, s := range a.speakers {
		speakers[s.ID] = s.speaker()
	}
	for i := range a.sessions {
		s := &a.sessions[i]
		if !b.timed(&s.sessionizeSession) {
			continue
		}
		var about []sessionizeLabel
		for _, id := range s.CategoryItems {
			about = append(about, labels[id])
		}
		t := Talk{Room: rooms[s.RoomID]}
		for _, id := range s.Speakers {
			if who, known := speakers[id]; known {
				t.Speakers = append(t.Speakers, who)
			} else {
				b.warn(s.line, "session %q has a speaker %s who isn't in the list of speakers", s.Title, id)
			}
		}
		if err := b.addSession(&s.sessionizeSession, t, about); err != nil {
			return err
		}
	}
	return nil
}

// needSessionizeZone: its times have no zone, or that of whoever asked.
func (b *builder) needSessionizeZone() error {
	return b.needZone(0, "Sessionize's times are those of the conference, but it doesn't say where that is")
}

func (s sessionizeSpeaker) speaker() Speaker {
	who := Speaker{Name: string(s.Name), GUID: string(s.ID), Avatar: string(s.Picture)}
	who.Role, who.Affiliation = roleAndAffiliation(plainLine(string(s.TagLine)))
	for _, l := range s.Links {
		if who.URL = httpURL(string(l.URL), ""); who.URL != "" {
			break
		}
	}
	return who
}

// timed reports whether a session has a time, and tells if it hasn't.
func (b *builder) timed(s *sessionizeSession) bool {
	if s.StartsAt == "" {
		b.warn(s.line, "session %q has no time yet; it is left out", s.Title)
		return false
	}
	return true
}

// addSession makes a talk, of which the view has told room and speakers, of a session.
func (b *builder) addSession(s *sessionizeSession, t Talk, labels []sessionizeLabel) error {
	t.ID, t.Title, t.RawTitle, t.Abstract = string(s.ID), string(s.Title), string(s.Title), string(s.Description)
	for _, l := range labels {
		b.categorize(s.line, &t, l)
	}
	if s.Service.yes() {
		t.RawType = first(t.RawType, "service")
		if t.Kind = kindOf(t.Title); t.Kind != Break && t.Kind != Keynote {
			t.Kind = Other
		}
	}
	if s.RecordingURL != "" {
		t.Links = []Link{{string(s.RecordingURL), "", Video}}
	}
	status := strings.ToLower(string(s.Status))
	t.Cancelled = status == "declined" || status == "canceled" || status == "cancelled"
	if err := b.sessionTimes(s, &t); err != nil {
		return at(s.line, fmt.Errorf("session %q: %w", s.Title, err))
	}
	return b.add(s.line, t)
}

func (b *builder) sessionTimes(s *sessionizeSession, t *Talk) (err error) {
	if t.Start, err = b.instant(string(s.StartsAt)); err != nil {
		return fmt.Errorf("startsAt: %w", err)
	}
	if s.EndsAt != "" {
		if t.End, err = b.instant(string(s.EndsAt)); err != nil {
			return fmt.Errorf("endsAt: %w", err)
		}
	}
	return nil
}

// sessionizeLabel is a category's item with what the category is called.
type sessionizeLabel struct{ category, name string }

func (a *sessionizeAll) labels() map[value]sessionizeLabel {
	labels := map[value]sessionizeLabel{}
	for _, c := range a.categories {
		for _, item := range c.Items {
			labels[item.ID] = sessionizeLabel{strings.ToLower(string(c.Title)), string(item.Name)}
		}
	}
	return labels
}

// categorize puts a label to use. Organisers name categories freely: what one is called
// says what its items are.
func (b *builder) categorize(line int, t *Talk, l sessionizeLabel) {
	switch {
	case hasAny(l.category, "format", "type"):
		t.RawType = l.name
	case hasAny(l.category, "track", "thème", "theme", "topic", "parcours"):
		t.Track = l.name
	case hasAny(l.category, "language", "langue", "sprache", "idioma"):
		t.Languages = b.languages(line, l.name)
	}
}
