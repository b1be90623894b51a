package programme

import (
	"context"
	"slices"

	"confnotes/models"
)

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
		if err := a.fill(&row, c); err != nil {
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

// AddTalk adds a talk that no schedule has. Imports leave it where it is. id, made by
// whoever shows the form, lets it be sent twice and the talk stand once.
func (s *Service) AddTalk(ctx context.Context, by *models.Account, c *models.Conference, id string, a Amendment) (*models.Talk, error) {
	if err := a.clean(); err != nil {
		return nil, err
	}
	if !models.IsPublicID(id) {
		return nil, &models.InvalidError{Reason: models.Unusable}
	}
	if there, err := s.store.Talks.ByPublicID(ctx, id); err == nil && there.ConferenceID == c.ID {
		return there, nil
	}
	now := s.now().UTC()
	t := &models.Talk{PublicID: id, ConferenceID: c.ID, State: models.TalkScheduled, CreatedAt: now, ChangedAt: now}
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
		if err := a.fill(t, c); err != nil {
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
	renamed, line := false, []models.Appearance{}
	for _, sp := range speakers {
		p, again := cast.amend(sp, t.Speakers)
		if slices.ContainsFunc(line, func(a models.Appearance) bool { return a.Person == p }) {
			return false, &models.InvalidError{Field: "speakers", Reason: models.Repeated}
		}
		renamed = renamed || again
		line = append(line, models.Appearance{Position: len(line), Role: sp.Role, Affiliation: sp.Affiliation, Moderator: sp.Moderator, Person: p})
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
		return renamed, nil
	}
	return true, tx.Talks.SetSpeakers(ctx, t.ID, line)
}
