package programme

import (
	"context"
	"fmt"
	"slices"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// maxAppearances is how many speakers a programme names, talk by talk. A congress has
// about 2,000; a file of 16 MB could hold a million.
const maxAppearances = 50_000

// ErrSpeakers: a schedule names more speakers than any conference has.
var ErrSpeakers = fmt.Errorf("the schedule names more than %d speakers", maxAppearances)

// DatesError says that a schedule is of other dates than the conference, so far off that
// it is hardly its own.
type DatesError struct {
	Start, End       string // of the schedule
	StartsOn, EndsOn string // of the conference
}

func (e *DatesError) Error() string {
	return fmt.Sprintf("the schedule runs from %s to %s, the conference from %s to %s, which is more than %d days together: import it into its own conference, or change the dates first",
		e.Start, e.End, e.StartsOn, e.EndsOn, MaxDays)
}

// Plan is what the import of a schedule does to a conference: talks that come back are
// among the added ones.
type Plan struct {
	schedule.Changes
	Conference *models.Conference
	Schedule   *schedule.Schedule
	Unchanged  int
	Kept       []Kept
	StartsOn   string // of the conference, afterwards
	EndsOn     string

	state    *state
	oldOf    []int // for each talk of the schedule, its place among the stored; -1: none
	rows     []*models.Talk
	speakers [][]models.Appearance
	links    [][]schedule.Link
	cast     *cast
	naming   *naming
	html     rendered
}

// Kept is what somebody put right by hand and the schedule still has otherwise.
type Kept struct{ Title, Field string }

// Empty says whether applying the plan changes nothing that readers see.
func (p *Plan) Empty() bool {
	return len(p.Added)+len(p.Removed)+len(p.Moved)+len(p.Renamed)+len(p.Changed) == 0 && !p.Widens()
}

// Widens says whether the conference gets longer.
func (p *Plan) Widens() bool {
	return p.StartsOn != p.Conference.StartsOn || p.EndsOn != p.Conference.EndsOn
}

// Preview says what the import of a schedule would do. It returns ErrSpeakers and
// *DatesError for a schedule that can't be the conference's.
func (s *Service) Preview(ctx context.Context, c *models.Conference, from *schedule.Schedule) (*Plan, error) {
	return s.plan(ctx, s.store, c.ID, from, rendered{})
}

func (s *Service) plan(ctx context.Context, store *models.Store, conferenceID int64, from *schedule.Schedule, html rendered) (*Plan, error) {
	st, err := load(ctx, store, conferenceID)
	if err != nil {
		return nil, err
	}
	p := &Plan{Conference: st.conference, Schedule: from, state: st, html: html, cast: newCast(conferenceID, st.people), naming: newNaming()}
	if err := p.widen(); err != nil {
		return nil, err
	}
	talks := identified(from.Talks)
	p.oldOf = schedule.Match(st.named(), talks)
	if err := p.fill(talks, s); err != nil {
		return nil, err
	}
	p.name(talks)
	p.compare()
	return p, nil
}

// widen makes the conference as long as its schedule; no schedule makes it shorter, as
// what happens on the evening before may stand in none.
func (p *Plan) widen() error {
	c := p.Conference
	p.StartsOn, p.EndsOn = min(c.StartsOn, p.Schedule.Start), max(c.EndsOn, p.Schedule.End)
	if p.Widens() && tooLong(p.StartsOn, p.EndsOn) {
		return &DatesError{p.Schedule.Start, p.Schedule.End, c.StartsOn, c.EndsOn}
	}
	return nil
}

// old is the stored talk that the schedule's n-th is, nil for a new one.
func (p *Plan) old(n int) *models.Talk {
	if p.oldOf[n] < 0 {
		return nil
	}
	return p.state.talks[p.oldOf[n]]
}

// fill makes the rows of the schedule's talks.
func (p *Plan) fill(talks []schedule.Talk, s *Service) error {
	ends, total := newSlugs(), 0
	for _, t := range p.state.talks {
		ends.take(t.Slug)
	}
	now := s.now().UTC()
	for i, t := range talks {
		old := p.old(i)
		row := &models.Talk{ConferenceID: p.Conference.ID, CreatedAt: now}
		if old != nil {
			*row = *old
		}
		fixed := p.corrected(old)
		overlay(row, t, fixed)
		if old == nil {
			row.PublicID, row.Slug = models.NewPublicID(), ends.next(row.Title)
		} else {
			p.keptOf(row, t, fixed)
		}
		speakers := row.Speakers
		if !fixed[fieldSpeakers] {
			speakers = p.cast.speakers(t.Speakers)
		}
		if total += len(speakers); total > maxAppearances {
			return ErrSpeakers
		}
		if old == nil || !same(old, row) {
			row.ChangedAt = now
		}
		p.rows, p.speakers, p.links = append(p.rows, row), append(p.speakers, speakers), append(p.links, p.wanted(old, t, fixed))
	}
	return nil
}

func (p *Plan) corrected(old *models.Talk) map[string]bool {
	if old == nil {
		return nil
	}
	return p.state.corrected[old.ID]
}

// wanted are the links that a talk is to have from its schedule: what an attendee has
// added already is theirs.
func (p *Plan) wanted(old *models.Talk, t schedule.Talk, fixed map[string]bool) []schedule.Link {
	if old == nil {
		return slices.Clone(t.Links)
	}
	if fixed["resources"] {
		return p.state.links(old.ID)
	}
	return slices.DeleteFunc(slices.Clone(t.Links), func(l schedule.Link) bool {
		return slices.ContainsFunc(p.state.resources[old.ID], func(r models.Resource) bool { return r.URL == l.URL && r.AccountID != nil })
	})
}

// name says what every talk is found by the next time: first those of the schedule, then
// those that it no longer has.
func (p *Plan) name(talks []schedule.Talk) {
	for i, row := range p.rows {
		p.naming.claim(row, talks[i])
	}
	for _, row := range p.rows {
		p.naming.keep(row, p.state.ids[row.ID])
	}
	for _, t := range p.gone() {
		p.naming.keep(t, p.state.ids[t.ID])
	}
}

// gone are the stored talks that the schedule doesn't have.
func (p *Plan) gone() (list []*models.Talk) {
	there := make([]bool, len(p.state.talks))
	for _, at := range p.oldOf {
		if at >= 0 {
			there[at] = true
		}
	}
	for i, t := range p.state.talks {
		if !there[i] {
			list = append(list, t)
		}
	}
	return list
}

// compare tells the changes. What was removed before is neither removed again nor, when
// it comes back, merely moved; what somebody added or took out by hand is no change.
func (p *Plan) compare() {
	decided := map[*models.Talk]bool{}
	for _, t := range p.gone() {
		decided[t] = p.corrected(t)[fieldState]
	}
	place := make([]int, len(p.state.talks)) // among those that are there
	var before, after []schedule.Talk
	for i, t := range p.state.talks {
		if place[i] = -1; t.State != models.TalkRemoved && !decided[t] {
			place[i] = len(before)
			before = append(before, told(t, t.Speakers, p.state.links(t.ID)))
		}
	}
	var oldOf []int
	for i, row := range p.rows {
		if row.State == models.TalkRemoved {
			continue
		}
		after = append(after, told(row, p.speakers[i], slices.Clone(p.links[i])))
		at := p.oldOf[i]
		if at >= 0 {
			at = place[at]
		}
		oldOf = append(oldOf, at)
	}
	p.Changes = schedule.Compare(before, after, oldOf)
	touched := map[string]bool{}
	for _, list := range [][]schedule.Change{p.Moved, p.Renamed, p.Changed} {
		for _, c := range list {
			touched[c.New.GUID] = true
		}
	}
	p.Unchanged = len(after) - len(p.Added) - len(touched)
}

// keptOf lists what stays as somebody put it, though the schedule has it otherwise.
func (p *Plan) keptOf(row *models.Talk, t schedule.Talk, fixed map[string]bool) {
	if len(fixed) == 0 {
		return
	}
	plain := *row
	overlay(&plain, t, nil)
	for _, f := range columns {
		if fixed[f.name] && !f.same(row, &plain) {
			p.Kept = append(p.Kept, Kept{row.Title, f.name})
		}
	}
}
