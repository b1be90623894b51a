package programme

import (
	"context"
	"slices"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// Source is where a schedule came from. Hash, of the file, is of every one.
type Source struct {
	URL      string // "" for a file
	ETag     string
	Modified string
	Hash     string
	// Refresh is how long until the URL is looked at again, and again from then on; 0 is
	// never. Nil leaves it as it was, unless the programme came from elsewhere.
	Refresh *time.Duration
}

// Progress hears how far an import is; it may be nil.
type Progress func(done, total int)

// Apply imports the schedule of a plan, as one change. What is stored may be another than
// when the plan was made, so it is made anew, and what was done is returned. The same
// schedule again changes nothing.
func (s *Service) Apply(ctx context.Context, p *Plan, from Source, progress Progress) (*Plan, error) {
	if err := checkRefresh(from); err != nil {
		return nil, err
	}
	p.render(progress) // the slow part, while others may write
	var done *Plan
	err := s.store.InTx(ctx, func(tx *models.Store) (err error) {
		if done, err = s.plan(ctx, tx, p.Conference.ID, p.Schedule, p.html); err != nil {
			return err
		}
		done.render(nil)
		if err := done.store(ctx, tx, s.now().UTC()); err != nil {
			return err
		}
		return s.setSource(ctx, tx, done, from)
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// render gives rows whose text is new its HTML.
func (p *Plan) render(progress Progress) {
	for i, row := range p.rows {
		if stale(p.old(i), row) {
			row.HTML = p.html.of(row)
		}
		if progress != nil {
			progress(i+1, len(p.rows))
		}
	}
}

func (p *Plan) store(ctx context.Context, tx *models.Store, now time.Time) error {
	for _, step := range []func(context.Context, *models.Store, time.Time) error{p.storeDates, p.storeTalks, p.storeIDs, p.storeSpeakers, p.storeLinks} {
		if err := step(ctx, tx, now); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) storeDates(ctx context.Context, tx *models.Store, _ time.Time) error {
	if !p.Widens() {
		return nil
	}
	c := *p.Conference
	c.StartsOn, c.EndsOn = p.StartsOn, p.EndsOn
	return tx.Conferences.Save(ctx, &c)
}

// storeTalks stores what is new or otherwise than before, and marks what has vanished.
func (p *Plan) storeTalks(ctx context.Context, tx *models.Store, now time.Time) error {
	var added, changed []*models.Talk
	for i, row := range p.rows {
		if old := p.old(i); old == nil {
			added = append(added, row)
		} else if !same(old, row) {
			changed = append(changed, row)
		}
	}
	for _, t := range p.gone() {
		if t.State != models.TalkRemoved && !p.corrected(t)[fieldState] {
			gone := *t
			gone.State, gone.ChangedAt = models.TalkRemoved, now
			changed = append(changed, &gone)
		}
	}
	if err := tx.Talks.CreateAll(ctx, added); err != nil {
		return err
	}
	return tx.Talks.SaveAll(ctx, changed)
}

func (p *Plan) storeIDs(ctx context.Context, tx *models.Store, _ time.Time) error {
	var talks []int64
	var ids []models.ExternalID
	for row, now := range p.naming.of {
		if !p.naming.differs(row, p.state.ids[row.ID]) {
			continue
		}
		talks = append(talks, row.ID)
		for _, id := range now {
			id.TalkID = row.ID // known by now
			ids = append(ids, id)
		}
	}
	for _, t := range p.gone() {
		if len(p.naming.of[t]) == 0 && len(p.state.ids[t.ID]) > 0 { // others claim all it had
			talks = append(talks, t.ID)
		}
	}
	slices.SortFunc(ids, func(a, b models.ExternalID) int { return int(a.TalkID - b.TalkID) })
	return tx.Talks.ReplaceExternalIDs(ctx, talks, ids)
}

// storeSpeakers stores who speaks where that is otherwise than before.
func (p *Plan) storeSpeakers(ctx context.Context, tx *models.Store, _ time.Time) error {
	if err := p.cast.store(ctx, tx); err != nil {
		return err
	}
	var talks []int64
	var rows []models.Appearance
	for i, row := range p.rows {
		var had []models.Appearance
		if old := p.old(i); old != nil {
			had = old.Speakers
		}
		now := p.speakers[i]
		for n := range now {
			now[n].TalkID, now[n].PersonID = row.ID, now[n].Person.ID
		}
		if !slices.EqualFunc(had, now, sameAppearance) {
			talks, rows = append(talks, row.ID), append(rows, now...)
		}
	}
	return tx.Talks.ReplaceSpeakers(ctx, talks, rows)
}

func sameAppearance(a, b models.Appearance) bool {
	return a.PersonID == b.PersonID && a.Role == b.Role && a.Affiliation == b.Affiliation && a.Moderator == b.Moderator
}

// storeLinks takes away what the schedule no longer has, and adds what it has; what
// attendees added stays.
func (p *Plan) storeLinks(ctx context.Context, tx *models.Store, now time.Time) error {
	var gone []int64
	var added []models.Resource
	for i, row := range p.rows {
		waiting := p.links[i]
		for _, r := range p.state.resources[row.ID] {
			if r.AccountID != nil {
				continue
			}
			is := func(l schedule.Link) bool {
				return l == schedule.Link{URL: r.URL, Title: r.Title, Type: schedule.LinkType(r.Type)}
			}
			if !slices.ContainsFunc(waiting, is) {
				gone = append(gone, r.ID)
			}
			waiting = slices.DeleteFunc(slices.Clone(waiting), is)
		}
		for _, l := range waiting {
			added = append(added, models.Resource{TalkID: row.ID, Type: string(l.Type), URL: l.URL, Title: l.Title, CreatedAt: now})
		}
	}
	return tx.Talks.ReplaceResources(ctx, gone, added)
}
