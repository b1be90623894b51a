package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of a sister.
const (
	SisterProposed = "proposed" // a manager may have it followed
	SisterFollowed = "followed"
	SisterRefused  = "refused" // it was followed, and a manager ended that
)

// Sister is a Group elsewhere that says it is of a conference that we have, too. Day and
// News count what it told of that was unknown here.
type Sister struct {
	ConferenceID int64 `gorm:"primaryKey;autoIncrement:false"`
	ActorID      int64 `gorm:"primaryKey;autoIncrement:false"`
	State        string
	NextAt       *time.Time
	Day          string
	News         int
	CreatedAt    time.Time
}

// Sisters queries them.
type Sisters struct{ db *gorm.DB }

// Propose stores one, unless it is known or its conference has limit of them.
func (q Sisters) Propose(ctx context.Context, s *Sister, limit int) error {
	return translate(q.db.WithContext(ctx).Exec(`INSERT INTO sisters (conference_id, actor_id, state, created_at) SELECT ?, ?, ?, ?
		WHERE (SELECT count(*) FROM sisters WHERE conference_id = ?) < ? ON CONFLICT DO NOTHING`,
		s.ConferenceID, s.ActorID, SisterProposed, s.CreatedAt.UTC(), s.ConferenceID, limit).Error)
}

// Set says what a sister is now, and when it is looked at next; nil is never.
func (q Sisters) Set(ctx context.Context, s *Sister) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoUpdates: clause.AssignmentColumns([]string{"state", "next_at"}),
		Columns: []clause.Column{{Name: "conference_id"}, {Name: "actor_id"}}}).Create(s).Error)
}

// Of returns those of a conference, in the order in which they were found.
func (q Sisters) Of(ctx context.Context, conferenceID int64) ([]*Sister, error) {
	var rows []*Sister
	err := q.db.WithContext(ctx).Where("conference_id = ?", conferenceID).Order("created_at, actor_id").Find(&rows).Error
	return rows, translate(err)
}

// Between returns what an actor is to a conference.
func (q Sisters) Between(ctx context.Context, conferenceID, actorID int64) (*Sister, error) {
	return one[Sister](q.db.WithContext(ctx).Where("conference_id = ? AND actor_id = ?", conferenceID, actorID))
}

// Followed returns the conferences that follow an actor.
func (q Sisters) Followed(ctx context.Context, actorID int64) ([]*Sister, error) {
	var rows []*Sister
	err := q.db.WithContext(ctx).Where("actor_id = ? AND state = ?", actorID, SisterFollowed).Order("conference_id").Find(&rows).Error
	return rows, translate(err)
}

// Due returns at most limit of those that are to be looked at.
func (q Sisters) Due(ctx context.Context, now time.Time, limit int) ([]*Sister, error) {
	var rows []*Sister
	err := q.db.WithContext(ctx).Where("next_at IS NOT NULL AND next_at <= ?", now.UTC()).Order("next_at").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Count counts one more thing that a sister told of on a day, and says whether it isn't
// beyond the limit.
func (q Sisters) Count(ctx context.Context, s *Sister, day string, limit int) (bool, error) {
	res := q.db.WithContext(ctx).Model(&Sister{}).Where("conference_id = ? AND actor_id = ? AND (day <> ? OR news < ?)", s.ConferenceID, s.ActorID, day, limit).
		Updates(map[string]any{"news": gorm.Expr("CASE WHEN day = ? THEN news + 1 ELSE 1 END", day), "day": day})
	return res.RowsAffected > 0, translate(res.Error)
}

// Part has what a block names be nobody's sister until a manager says so again.
func (q Sisters) Part(ctx context.Context, b *Block) error {
	return translate(named(q.db.WithContext(ctx), "actor_id", b).Model(&Sister{}).Where("state = ?", SisterFollowed).
		Updates(map[string]any{"state": SisterProposed, "next_at": nil}).Error)
}

// RemoveActor forgets one that is gone.
func (q Sisters) RemoveActor(ctx context.Context, actorID int64) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ?", actorID).Delete(&Sister{}).Error)
}
