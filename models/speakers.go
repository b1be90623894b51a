package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"
)

// Told records by which article a speaker was told of notes on their talk: the first that
// could, whoever wrote it.
type Told struct {
	TalkID  int64 `gorm:"primaryKey;autoIncrement:false"`
	ActorID int64 `gorm:"primaryKey;autoIncrement:false"`
	PostID  int64
	At      time.Time
}

// TableName is speakers_told.
func (Told) TableName() string { return "speakers_told" }

// silent records that a speaker asked us not to be mentioned.
type silent struct {
	ActorID int64 `gorm:"primaryKey;autoIncrement:false"`
	At      time.Time
}

// TableName is speakers_silent.
func (silent) TableName() string { return "speakers_silent" }

// Tell records that an article tells a speaker of a talk. It returns false if another did.
func (q People) Tell(ctx context.Context, t Told) (bool, error) {
	db := q.db.WithContext(ctx)
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&t).Error; err != nil {
		return false, translate(err)
	}
	var by []int64
	err := db.Model(&Told{}).Where("talk_id = ? AND actor_id = ?", t.TalkID, t.ActorID).Pluck("post_id", &by).Error
	return slices.Contains(by, t.PostID), translate(err)
}

// Told returns which speakers of talks were told, and by which articles.
func (q People) Told(ctx context.Context, talkIDs []int64) ([]Told, error) {
	var rows []Told
	err := q.db.WithContext(ctx).Where("talk_id IN ?", talkIDs).Find(&rows).Error
	return rows, translate(err)
}

// Is records who a person turned out to be.
func (q People) Is(ctx context.Context, personID, actorID int64) error {
	return translate(q.db.WithContext(ctx).Model(&Person{}).Where("id = ? AND actor_id IS NOT ?", personID, actorID).Update("actor_id", actorID).Error)
}

// Unmentioned returns which of a conference's people aren't to be mentioned: those marked
// so, here or at another edition of the series, and those who asked us themselves.
func (q People) Unmentioned(ctx context.Context, conferenceID int64, people []int64) (map[int64]bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Raw(`SELECT p.id FROM people p WHERE p.id IN ? AND (p.opted_out OR p.do_not_name
		OR EXISTS (SELECT 1 FROM speakers_silent s WHERE s.actor_id = p.actor_id)
		OR EXISTS (SELECT 1 FROM people o JOIN conferences c ON c.id = o.conference_id WHERE o.acct = p.acct AND o.acct <> '' AND (o.opted_out OR o.do_not_name)
			AND (c.id = ? OR c.series_id = (SELECT series_id FROM conferences WHERE id = ?))))`, people, conferenceID, conferenceID).Scan(&ids).Error
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		found[id] = true
	}
	return found, translate(err)
}

// Silence has a speaker not be mentioned again, at any conference: they asked for it.
func (q People) Silence(ctx context.Context, actorID int64, at time.Time) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&silent{actorID, at.UTC()}).Error)
}

// Silent returns which of some actors asked not to be mentioned.
func (q People) Silent(ctx context.Context, actorIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&silent{}).Where("actor_id IN ?", actorIDs).Pluck("actor_id", &ids).Error
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		found[id] = true
	}
	return found, translate(err)
}

// OnStage returns the speakers of the talks that a published article shows, those with an
// address on the fediverse who may be named.
func (q People) OnStage(ctx context.Context, postID int64) ([]*Person, error) {
	var rows []*Person
	err := q.db.WithContext(ctx).Where(`acct <> '' AND NOT do_not_name AND id IN (SELECT person_id FROM appearances
		WHERE talk_id IN (SELECT talk_id FROM talk_articles WHERE post_id = ?))`, postID).Order("id").Find(&rows).Error
	return rows, translate(err)
}

// ShownBy returns the talks that a published article shows, with their speakers.
func (q Talks) ShownBy(ctx context.Context, postID int64) ([]*Talk, error) {
	return q.list(ctx, q.db.Where("id IN (SELECT talk_id FROM talk_articles WHERE post_id = ?)", postID).Order("starts_at, id"))
}
