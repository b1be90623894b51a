package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// ActorGroup is the kind of the actors of conferences and series.
const ActorGroup = "Group"

// Series is what every edition of a conference flows into, so that its followers stay
// from year to year. Its actor, a Group, has its handle and name.
type Series struct {
	ID        int64
	ActorID   int64
	Actor     *Actor `gorm:"-"`
	CreatedAt time.Time
}

// TableName: the plural is the singular.
func (Series) TableName() string { return "series" }

// AllSeries queries series.
type AllSeries struct{ db *gorm.DB }

// Create stores a series, whose actor is stored already.
func (q AllSeries) Create(ctx context.Context, s *Series) error {
	return translate(q.db.WithContext(ctx).Create(s).Error)
}

// ByID returns a series.
func (q AllSeries) ByID(ctx context.Context, id int64) (*Series, error) {
	s, err := one[Series](q.db.WithContext(ctx).Where("id = ?", id))
	if err != nil {
		return nil, err
	}
	s.Actor, err = Actors(q).ByID(ctx, s.ActorID)
	return s, err
}

// ByHandle returns a series by its actor's handle, in any case of letters.
func (q AllSeries) ByHandle(ctx context.Context, handle string) (*Series, error) {
	actor, err := Actors(q).LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	s, err := one[Series](q.db.WithContext(ctx).Where("actor_id = ?", actor.ID))
	if err != nil {
		return nil, err
	}
	s.Actor = actor
	return s, nil
}

// Editions returns the conferences of a series, the last to begin first.
func (q AllSeries) Editions(ctx context.Context, seriesID int64) ([]*Conference, error) {
	var rows []*Conference
	if err := q.db.WithContext(ctx).Where("series_id = ?", seriesID).Order("starts_on DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	return rows, Conferences(q).load(ctx, rows)
}

// Groups returns who tells of what is about a conference: its own actor, then its
// series'.
func (q Conferences) Groups(ctx context.Context, conferenceID int64) (*Conference, []*Actor, error) {
	c, err := q.ByID(ctx, conferenceID)
	if err != nil {
		return nil, nil, err
	}
	if c.SeriesID == nil {
		return c, []*Actor{c.Actor}, nil
	}
	s, err := AllSeries(q).ByID(ctx, *c.SeriesID)
	if err != nil {
		return nil, nil, err
	}
	return c, []*Actor{c.Actor, s.Actor}, nil
}
