package models

import (
	"context"

	"gorm.io/gorm/clause"
)

// SetAbout changes what a post is about.
func (q Posts) SetAbout(ctx context.Context, p *Post, a About) error {
	p.SetAbout(a)
	return changed(q.db.WithContext(ctx).Model(&Post{}).Where("id = ?", p.ID).
		Updates(map[string]any{"conference_id": p.ConferenceID, "talk_id": p.TalkID, "day": p.Day}))
}

// OwnNotesOn returns an account's notes on talks, drafts too, by talk: the last one saved of
// each, without their HTML.
func (q Posts) OwnNotesOn(ctx context.Context, accountID int64, talkIDs []int64) (map[int64]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Where("talk_id IN ? AND account_id = ? AND state <> ?", talkIDs, accountID, PostDeleted).
		Order("saved_at, id").Find(&rows).Error
	notes := make(map[int64]*Post, len(rows))
	for _, p := range rows {
		notes[*p.TalkID] = p
	}
	return notes, translate(err)
}

// Behind is a published article that shows talks which changed since it was rendered.
type Behind struct {
	PostID  int64 `gorm:"primaryKey;autoIncrement:false"`
	Changes int   // so far
}

// TableName is posts_behind.
func (Behind) TableName() string { return "posts_behind" }

// Behind returns articles to be rendered again, by id, after one of them.
func (q Posts) Behind(ctx context.Context, after int64, limit int) ([]Behind, error) {
	var rows []Behind
	err := q.db.WithContext(ctx).Where("post_id > ?", after).Order("post_id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CaughtUp ends an article's being behind, unless it changed again meanwhile.
func (q Posts) CaughtUp(ctx context.Context, b Behind) error {
	return translate(q.db.WithContext(ctx).Where("post_id = ? AND changes = ?", b.PostID, b.Changes).Delete(&Behind{}).Error)
}

// FallBehind has articles rendered again.
func (q Posts) FallBehind(ctx context.Context, postIDs []int64) error {
	if len(postIDs) == 0 {
		return nil
	}
	rows := make([]Behind, len(postIDs))
	for i, id := range postIDs {
		rows[i] = Behind{id, 1}
	}
	db := q.db.WithContext(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "post_id"}},
		DoUpdates: clause.Assignments(map[string]any{"changes": clause.Expr{SQL: "changes + 1"}})})
	return translate(db.Create(&rows).Error)
}
