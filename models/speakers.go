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
	TalkID   int64 `gorm:"primaryKey;autoIncrement:false"`
	PersonID int64 `gorm:"primaryKey;autoIncrement:false"`
	PostID   int64
	At       time.Time
}

// TableName is speakers_told.
func (Told) TableName() string { return "speakers_told" }

// Tell records that an article tells a speaker of a talk. It returns false if another did.
func (q People) Tell(ctx context.Context, t Told) (bool, error) {
	db := q.db.WithContext(ctx)
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&t).Error; err != nil {
		return false, translate(err)
	}
	var by []int64
	err := db.Model(&Told{}).Where("talk_id = ? AND person_id = ?", t.TalkID, t.PersonID).Pluck("post_id", &by).Error
	return slices.Contains(by, t.PostID), translate(err)
}

// Told returns which speakers of talks were told, and by which articles.
func (q People) Told(ctx context.Context, talkIDs []int64) ([]Told, error) {
	var rows []Told
	err := q.db.WithContext(ctx).Where("talk_id IN ?", talkIDs).Find(&rows).Error
	return rows, translate(err)
}

// Silent returns which of some addresses, user@host, somebody said isn't to be mentioned:
// at any conference, so that next year's edition doesn't ask anew.
func (q People) Silent(ctx context.Context, accts []string) (map[string]bool, error) {
	silent := map[string]bool{}
	if len(accts) == 0 {
		return silent, nil
	}
	var rows []string
	err := q.db.WithContext(ctx).Model(&Person{}).Where("acct IN ? AND (opted_out OR do_not_name)", accts).Distinct().Pluck("acct", &rows).Error
	for _, acct := range rows {
		silent[acct] = true
	}
	return silent, translate(err)
}

// OptOut has nobody with an address be mentioned again, at any conference.
func (q People) OptOut(ctx context.Context, acct string) error {
	return translate(q.db.WithContext(ctx).Model(&Person{}).Where("acct = ?", acct).Update("opted_out", true).Error)
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
