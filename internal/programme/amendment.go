package programme

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// clockLayout is a time on the clock of a conference, as forms have it.
const clockLayout = "2006-01-02T15:04"

// longest is how long a talk may take.
const longest = 24 * time.Hour

// Amendment is a talk as somebody puts it right, or adds it, by hand.
type Amendment struct {
	Title, Subtitle          string
	Kind                     string // schedule.Kind
	Start, End               string // on the clock of the conference: 2026-06-11T09:15
	Room, Track              string
	Languages                string // BCP 47, comma separated
	Abstract                 string // Markdown
	URL                      string
	Cancelled                bool
	DoNotRecord, DoNotStream bool
	Speakers                 []Speaker
}

// Speaker is somebody at a talk. What says how they may be addressed holds for the whole
// conference.
type Speaker struct {
	PersonID                int64 // who is at the talk already; 0: somebody else
	Name, Role, Affiliation string
	Moderator               bool
	Acct                    string // user@host
	OptedOut                bool   // of being mentioned, as somebody here was told
	DoNotName               bool
}

// over adds to what is known of a person: it takes back no wish of theirs.
func (s Speaker) over(p *models.Person) Speaker {
	s.Acct, s.OptedOut, s.DoNotName = cmp.Or(s.Acct, p.Acct), s.OptedOut || p.OptedOut, s.DoNotName || p.DoNotName
	return s
}

// AmendmentOf is a stored talk as a form shows it.
func AmendmentOf(t *models.Talk, zone *time.Location) Amendment {
	a := Amendment{Title: t.Title, Subtitle: t.Subtitle, Kind: t.Kind, Start: t.StartsAt.In(zone).Format(clockLayout), End: t.EndsAt.In(zone).Format(clockLayout),
		Room: t.Room, Track: t.Track, Languages: t.Language, Abstract: t.Abstract, URL: t.URL, Cancelled: t.State == models.TalkCancelled, DoNotRecord: t.DoNotRecord, DoNotStream: t.DoNotStream}
	for _, s := range t.Speakers {
		if p := s.Person; p != nil {
			a.Speakers = append(a.Speakers, Speaker{p.ID, p.Name, s.Role, s.Affiliation, s.Moderator, p.Acct, p.OptedOut, p.DoNotName})
		}
	}
	return a
}

// Seen names what an Amendment says: a form gives back that of the talk it showed, so that
// an import in between isn't undone by who didn't see it.
func (a Amendment) Seen() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", a))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// clean brings what was typed into shape.
func (a *Amendment) clean() error {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{{"title", &a.Title, schedule.MaxLine}, {"subtitle", &a.Subtitle, schedule.MaxLine}, {"room", &a.Room, schedule.MaxLine}, {"track", &a.Track, schedule.MaxLine},
		{"languages", &a.Languages, schedule.MaxLine}, {"url", &a.URL, schedule.MaxURL}} {
		*f.text = line(*f.text)
		if len([]rune(*f.text)) > f.most {
			return &models.InvalidError{Field: f.name, Reason: models.TooLong, Limit: f.most}
		}
	}
	a.Abstract = strings.TrimSpace(strings.ReplaceAll(a.Abstract, "\r\n", "\n"))
	switch {
	case a.Title == "":
		return &models.InvalidError{Field: "title", Reason: models.Required}
	case !slices.Contains(schedule.Kinds(), schedule.Kind(a.Kind)):
		return &models.InvalidError{Field: "kind", Reason: models.Unusable}
	case len([]rune(a.Abstract)) > schedule.MaxText:
		return &models.InvalidError{Field: "abstract", Reason: models.TooLong, Limit: schedule.MaxText}
	case a.URL != "" && !webAddress(a.URL, schedule.MaxURL):
		return &models.InvalidError{Field: "url", Reason: models.BadURL}
	}
	if err := a.cleanLanguages(); err != nil {
		return err
	}
	return a.cleanSpeakers()
}

func (a *Amendment) cleanLanguages() error {
	tags, unknown := schedule.Languages(a.Languages)
	if len(unknown) > 0 {
		return &models.InvalidError{Field: "languages", Reason: models.BadLanguage}
	}
	a.Languages = strings.Join(tags, ",")
	return nil
}

// cleanSpeakers leaves out who has no name.
func (a *Amendment) cleanSpeakers() error {
	kept := make([]Speaker, 0, len(a.Speakers))
	for i, sp := range a.Speakers {
		for _, f := range []struct {
			name string
			text *string
		}{{"name", &sp.Name}, {"role", &sp.Role}, {"company", &sp.Affiliation}} {
			if *f.text = line(*f.text); len([]rune(*f.text)) > schedule.MaxLine {
				return &models.InvalidError{Field: SpeakerField(i, f.name), Reason: models.TooLong, Limit: schedule.MaxLine}
			}
		}
		sp.Acct = strings.ToLower(strings.TrimPrefix(line(sp.Acct), "@"))
		switch {
		case sp.Name == "":
			continue
		case sp.Acct != "" && !isAcct(sp.Acct):
			return &models.InvalidError{Field: SpeakerField(i, "acct"), Reason: models.BadAcct}
		}
		kept = append(kept, sp)
	}
	if len(kept) > schedule.MaxSpeakers {
		return &models.InvalidError{Field: "speakers", Reason: models.TooMany, Limit: schedule.MaxSpeakers}
	}
	a.Speakers = kept
	return nil
}

// SpeakerField names a field of the n-th speaker of a form, the first being 0.
func SpeakerField(n int, field string) string { return fmt.Sprintf("speaker-%d-%s", n, field) }

// isAcct says whether a text is somebody's address on the fediverse, user@host.
func isAcct(text string) bool {
	found := richtext.Scan("@" + text).Mentions
	return len(found) == 1 && found[0].Host != "" && strings.EqualFold(found[0].String(), text)
}

// fill writes what was typed over a talk. A time that is as it was stays to the second.
func (a *Amendment) fill(t *models.Talk, c *models.Conference) error {
	zone := c.Location()
	before := AmendmentOf(t, zone)
	var err error
	if a.Start != before.Start {
		if t.StartsAt, err = clock("start", a.Start, zone); err != nil {
			return err
		}
		if t.Day = schedule.ConferenceDate(t.StartsAt.In(zone)); tooLong(min(t.Day, c.StartsOn), max(t.Day, c.EndsOn)) {
			return &models.InvalidError{Field: "start", Reason: models.BadTime}
		}
	}
	if a.End != before.End {
		if t.EndsAt, err = clock("end", a.End, zone); err != nil {
			return err
		}
	}
	if took := t.EndsAt.Sub(t.StartsAt); took < 0 || took > longest {
		return &models.InvalidError{Field: "end", Reason: models.BadTimes}
	}
	t.Title, t.Subtitle, t.Kind, t.Room, t.Track, t.Language, t.Abstract, t.URL = a.Title, a.Subtitle, a.Kind, a.Room, a.Track, a.Languages, a.Abstract, a.URL
	t.DoNotRecord, t.DoNotStream = a.DoNotRecord, a.DoNotStream
	if a.Cancelled != before.Cancelled && t.State != models.TalkRemoved {
		if t.State = models.TalkScheduled; a.Cancelled {
			t.State = models.TalkCancelled
		}
	}
	return nil
}

func clock(field, typed string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation(clockLayout, typed, zone)
	if err != nil || at.Year() < 1990 || at.Year() > 2200 {
		return time.Time{}, &models.InvalidError{Field: field, Reason: models.BadTime}
	}
	return at.UTC(), nil
}
