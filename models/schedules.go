package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ScheduleSource is where a conference's programme comes from, and what was last read there.
type ScheduleSource struct {
	ConferenceID int64  `gorm:"primaryKey;autoIncrement:false"`
	URL          string // "" for a file
	Format       string // schedule.Format
	Version      string
	Hash         string // SHA-256 in hex of the file as it came
	ETag         string `gorm:"column:etag"`
	Modified     string // Last-Modified, as it came
	ReadAt       time.Time
	Refresh      int64 // seconds between looks; 0: never by itself
	NextAt       *time.Time
	Error        string // of the last look
}

// ScheduleFile is a schedule that an account has given and not applied yet.
type ScheduleFile struct {
	AccountID int64 `gorm:"primaryKey;autoIncrement:false"`
	Token     string
	Name      string
	URL       string // "" for an upload
	ETag      string `gorm:"column:etag"`
	Modified  string
	Zone      string // as the person said; "" for the file's own
	Data      []byte
	CreatedAt time.Time
}

// Schedules queries where programmes come from.
type Schedules struct{ db *gorm.DB }

// Source returns where a conference's programme comes from, ErrNotFound before its first.
func (q Schedules) Source(ctx context.Context, conferenceID int64) (*ScheduleSource, error) {
	return one[ScheduleSource](q.db.WithContext(ctx).Where("conference_id = ?", conferenceID))
}

// SetSource says where a conference's programme comes from.
func (q Schedules) SetSource(ctx context.Context, s *ScheduleSource) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(s).Error)
}

// ReadAnew has a conference's schedule imported at its next look though it didn't change.
func (q Schedules) ReadAnew(ctx context.Context, conferenceID int64) error {
	return translate(q.db.WithContext(ctx).Model(&ScheduleSource{}).Where("conference_id = ?", conferenceID).
		Updates(map[string]any{"hash": "", "etag": "", "modified": ""}).Error)
}

// Due returns at most limit sources that are to be looked at by now, the longest due first.
func (q Schedules) Due(ctx context.Context, now time.Time, limit int) ([]*ScheduleSource, error) {
	var rows []*ScheduleSource
	err := q.db.WithContext(ctx).Where("next_at IS NOT NULL AND next_at <= ?", now.UTC()).Order("next_at").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Keep stores the file that an account has given, over its last one, and forgets those
// from before a time.
func (q Schedules) Keep(ctx context.Context, f *ScheduleFile, before time.Time) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("created_at < ?", before.UTC()).Delete(&ScheduleFile{}).Error; err != nil {
		return translate(err)
	}
	return translate(db.Clauses(clause.OnConflict{UpdateAll: true}).Create(f).Error)
}

// File returns the file that an account has given, if it is still the one of the token.
func (q Schedules) File(ctx context.Context, accountID int64, token string) (*ScheduleFile, error) {
	return one[ScheduleFile](q.db.WithContext(ctx).Where("account_id = ? AND token = ?", accountID, token))
}

// Forget lets go of an account's file.
func (q Schedules) Forget(ctx context.Context, accountID int64) error {
	return translate(q.db.WithContext(ctx).Where("account_id = ?", accountID).Delete(&ScheduleFile{}).Error)
}
