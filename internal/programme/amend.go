package programme

import (
	"cmp"
	"context"
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

// Bounds of what somebody types about a talk, in characters.
const (
	MaxTitle    = 300
	MaxPlace    = 100 // rooms, tracks, roles, companies, names
	MaxText     = 50_000
	MaxSpeakers = 30
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
	Name, Role, Affiliation string
	Moderator               bool
	Acct                    string // user@host
	OptedOut                bool   // of being mentioned
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
			a.Speakers = append(a.Speakers, Speaker{p.Name, s.Role, s.Affiliation, s.Moderator, p.Acct, p.OptedOut, p.DoNotName})
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

// Amend stores what somebody put right about a talk, and records of which fields, so that
// no import undoes it. It returns *models.InvalidError, and models.ErrConflict when the
// talk isn't what was seen. Who may is the caller's to say.
func (s *Service) Amend(ctx context.Context, by *models.Account, talkID int64, a Amendment, seen string) error {
	if err := a.clean(); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		old, c, err := talkOf(ctx, tx, talkID)
		if err != nil {
			return err
		}
		if AmendmentOf(old, c.Location()).Seen() != seen {
			return models.ErrConflict
		}
		row := *old
		if err := a.fill(&row, c.Location()); err != nil {
			return err
		}
		fields, err := s.amend(ctx, tx, old, &row)
		if err != nil {
			return err
		}
		recast, err := s.recast(ctx, tx, old, a.Speakers)
		if err != nil {
			return err
		}
		if recast {
			fields = append(fields, fieldSpeakers)
		}
		return tx.Talks.Correct(ctx, talkID, fields, &by.ID, s.now())
	})
}

// AddTalk adds a talk that no schedule has. Imports leave it where it is.
func (s *Service) AddTalk(ctx context.Context, by *models.Account, c *models.Conference, a Amendment) (*models.Talk, error) {
	if err := a.clean(); err != nil {
		return nil, err
	}
	now := s.now().UTC()
	t := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: c.ID, State: models.TalkScheduled, CreatedAt: now, ChangedAt: now}
	return t, s.store.InTx(ctx, func(tx *models.Store) error {
		all, err := tx.Talks.Programme(ctx, c.ID, "", true)
		if err != nil {
			return err
		}
		ends := newSlugs()
		for _, other := range all {
			ends.take(other.Slug)
		}
		t.Slug = ends.next(a.Title)
		if err := a.fill(t, c.Location()); err != nil {
			return err
		}
		t.HTML = rendered{}.of(t)
		if err := tx.Talks.Create(ctx, t, nil); err != nil {
			return err
		}
		if _, err := s.recast(ctx, tx, t, a.Speakers); err != nil {
			return err
		}
		return tx.Talks.Correct(ctx, t.ID, []string{fieldState}, &by.ID, now)
	})
}

// Withdraw takes a talk out of the programme by hand, or with false puts it back: no import
// decides otherwise, and what was written about it stays.
func (s *Service) Withdraw(ctx context.Context, by *models.Account, talkID int64, out bool) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		old, err := tx.Talks.ByID(ctx, talkID)
		if err != nil {
			return err
		}
		row := *old
		if row.State = models.TalkScheduled; out {
			row.State = models.TalkRemoved
		}
		if _, err := s.amend(ctx, tx, old, &row); err != nil {
			return err
		}
		return tx.Talks.Correct(ctx, talkID, []string{fieldState}, &by.ID, s.now())
	})
}

// Release lets the schedule decide on a talk again, from its next import on, which a
// schedule with an address then has as soon as it is due, changed or not.
func (s *Service) Release(ctx context.Context, talkID int64) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		t, err := tx.Talks.ByID(ctx, talkID)
		if err != nil {
			return err
		}
		if err := tx.Talks.Uncorrect(ctx, talkID); err != nil {
			return err
		}
		return tx.Schedules.ReadAnew(ctx, t.ConferenceID)
	})
}

func talkOf(ctx context.Context, tx *models.Store, id int64) (*models.Talk, *models.Conference, error) {
	t, err := tx.Talks.ByID(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	c, err := tx.Conferences.ByID(ctx, t.ConferenceID)
	return t, c, err
}

// amend stores the columns of a talk that are otherwise than before, and names them.
func (s *Service) amend(ctx context.Context, tx *models.Store, old, row *models.Talk) (fields []string, err error) {
	for _, f := range columns {
		if !f.same(old, row) {
			fields = append(fields, f.name)
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	if slices.Contains(fields, "starts_at") && !slices.Contains(fields, "day") {
		fields = append(fields, "day") // a time by hand is on a day by hand
	}
	if row.ChangedAt = s.now().UTC(); stale(old, row) {
		row.HTML = rendered{}.of(row)
	}
	return fields, tx.Talks.Save(ctx, row)
}

// recast stores who speaks at a talk and how they may be addressed. It says whether who
// speaks is otherwise than before.
func (s *Service) recast(ctx context.Context, tx *models.Store, t *models.Talk, speakers []Speaker) (bool, error) {
	people, err := tx.People.Of(ctx, t.ConferenceID)
	if err != nil {
		return false, err
	}
	cast := newCast(t.ConferenceID, people)
	line := cast.speakers(namesOf(speakers, t.Speakers))
	if len(line) < len(speakers) {
		return false, &models.InvalidError{Field: "speakers", Reason: models.Repeated}
	}
	for i, a := range line {
		as := speakers[i]
		if !slices.ContainsFunc(t.Speakers, func(b models.Appearance) bool { return b.PersonID == a.Person.ID }) {
			as = as.over(a.Person) // the form didn't show what was said of them before
		}
		cast.address(a.Person, as)
	}
	if err := cast.store(ctx, tx); err != nil {
		return false, err
	}
	for i := range line {
		line[i].PersonID = line[i].Person.ID
	}
	if slices.EqualFunc(t.Speakers, line, sameAppearance) {
		return false, nil
	}
	return true, tx.Talks.SetSpeakers(ctx, t.ID, line)
}

// namesOf are speakers in a schedule's words: who was at the talk before, under the same
// name, is the same person, though another at the conference is called like that.
func namesOf(speakers []Speaker, before []models.Appearance) []schedule.Speaker {
	out := make([]schedule.Speaker, len(speakers))
	for i, sp := range speakers {
		out[i] = schedule.Speaker{Name: sp.Name, Role: sp.Role, Affiliation: sp.Affiliation, Moderator: sp.Moderator}
		for _, a := range before {
			if a.Person != nil && a.Person.Name == sp.Name {
				out[i].GUID = a.Person.GUID
			}
		}
	}
	return out
}

// clean brings what was typed into shape.
func (a *Amendment) clean() error {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{{"title", &a.Title, MaxTitle}, {"subtitle", &a.Subtitle, MaxTitle}, {"room", &a.Room, MaxPlace}, {"track", &a.Track, MaxPlace}, {"languages", &a.Languages, MaxPlace}, {"url", &a.URL, MaxURL}} {
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
	case len([]rune(a.Abstract)) > MaxText:
		return &models.InvalidError{Field: "abstract", Reason: models.TooLong, Limit: MaxText}
	case a.URL != "" && !webAddress(a.URL):
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
		for _, text := range []*string{&sp.Name, &sp.Role, &sp.Affiliation} {
			if *text = line(*text); len([]rune(*text)) > MaxPlace {
				return &models.InvalidError{Field: SpeakerField(i, "name"), Reason: models.TooLong, Limit: MaxPlace}
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
	if len(kept) > MaxSpeakers {
		return &models.InvalidError{Field: "speakers", Reason: models.TooMany, Limit: MaxSpeakers}
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
func (a *Amendment) fill(t *models.Talk, zone *time.Location) error {
	before := AmendmentOf(t, zone)
	var err error
	if a.Start != before.Start {
		if t.StartsAt, err = clock("start", a.Start, zone); err != nil {
			return err
		}
		t.Day = schedule.ConferenceDate(t.StartsAt.In(zone))
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
	if a.Cancelled != before.Cancelled {
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
