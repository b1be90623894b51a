package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Marks of a talk in a plan.
const (
	PlanStarred  = "starred"
	PlanAttended = "attended"
	PlanMissed   = "missed" // wanted, and the room was full
	PlanLater    = "later"  // to be watched
	PlanSpeaker  = "speaker"
)

// PlanItem is what a talk is to an attendee.
type PlanItem struct {
	AccountID int64 `gorm:"primaryKey;autoIncrement:false"`
	TalkID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Mark      string
	ChangedAt time.Time
}

// Plans queries what attendees mean to see. A plan is its owner's alone.
type Plans struct{ db *gorm.DB }

// Mark says what a talk is to an account, or with "" that it is nothing to them.
func (q Plans) Mark(ctx context.Context, accountID, talkID int64, mark string, now time.Time) error {
	db := q.db.WithContext(ctx)
	if mark == "" {
		return translate(db.Where("account_id = ? AND talk_id = ?", accountID, talkID).Delete(&PlanItem{}).Error)
	}
	return translate(db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&PlanItem{accountID, talkID, mark, now.UTC()}).Error)
}

// Marks returns what the talks of a conference are to an account, by talk.
func (q Plans) Marks(ctx context.Context, accountID, conferenceID int64) (map[int64]string, error) {
	var rows []PlanItem
	err := q.db.WithContext(ctx).Where("account_id = ? AND talk_id IN (SELECT id FROM talks WHERE conference_id = ?)", accountID, conferenceID).Find(&rows).Error
	marks := make(map[int64]string, len(rows))
	for _, r := range rows {
		marks[r.TalkID] = r.Mark
	}
	return marks, translate(err)
}

// PlanFeed is the secret URL of a plan as iCalendar. Only a hash of its token is kept.
type PlanFeed struct {
	TokenHash    string `gorm:"primaryKey"`
	AccountID    int64
	ConferenceID int64
	CreatedAt    time.Time
}

// SetFeed gives an account's plan of a conference a URL; the one before ends.
func (q Plans) SetFeed(ctx context.Context, f *PlanFeed) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "account_id"}, {Name: "conference_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"token_hash", "created_at"})}).Create(f).Error)
}

// RemoveFeed ends the URL of a plan, if it has one.
func (q Plans) RemoveFeed(ctx context.Context, accountID, conferenceID int64) error {
	return translate(q.db.WithContext(ctx).Where("account_id = ? AND conference_id = ?", accountID, conferenceID).Delete(&PlanFeed{}).Error)
}

// FeedOf returns the feed of an account's plan.
func (q Plans) FeedOf(ctx context.Context, accountID, conferenceID int64) (*PlanFeed, error) {
	return one[PlanFeed](q.db.WithContext(ctx).Where("account_id = ? AND conference_id = ?", accountID, conferenceID))
}

// FeedByHash returns the feed whose token has a hash.
func (q Plans) FeedByHash(ctx context.Context, hash string) (*PlanFeed, error) {
	return one[PlanFeed](q.db.WithContext(ctx).Where("token_hash = ?", hash))
}
