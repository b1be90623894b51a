package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of coverage. A conference that takes it at once has none that is held.
const (
	CoverageShown  = "shown"
	CoverageHidden = "hidden"
)

// Coverage says that a post of somebody elsewhere is about a conference, which it
// mentions. CoverageHeld, shown and hidden are what the conference's managers decided.
type Coverage struct {
	ConferenceID int64 `gorm:"primaryKey;autoIncrement:false"`
	PostID       int64 `gorm:"primaryKey;autoIncrement:false"`
	State        string
	CreatedAt    time.Time
}

// TableName: there is no plural.
func (Coverage) TableName() string { return "coverage" }

// AllCoverage queries what is written elsewhere about conferences.
type AllCoverage struct{ db *gorm.DB }

// Add stores that a post is about a conference. What was decided before stands.
func (q AllCoverage) Add(ctx context.Context, c *Coverage) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(c).Error)
}

// Between returns what was decided about a post for a conference.
func (q AllCoverage) Between(ctx context.Context, conferenceID, postID int64) (*Coverage, error) {
	return one[Coverage](q.db.WithContext(ctx).Where("conference_id = ? AND post_id = ?", conferenceID, postID))
}

// Of returns which conferences a post is about.
func (q AllCoverage) Of(ctx context.Context, postID int64) ([]*Coverage, error) {
	var rows []*Coverage
	err := q.db.WithContext(ctx).Where("post_id = ?", postID).Order("conference_id").Find(&rows).Error
	return rows, translate(err)
}

// Drop forgets that a post is about a conference, or where that is 0 about any.
func (q AllCoverage) Drop(ctx context.Context, postID, conferenceID int64) error {
	db := q.db.WithContext(ctx)
	err := db.Where("post_id = ? AND (? = 0 OR talk_id IN (SELECT id FROM talks WHERE conference_id = ?))", postID, conferenceID, conferenceID).Delete(&CoverageTalk{}).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Where("post_id = ? AND (? = 0 OR conference_id = ?)", postID, conferenceID, conferenceID).Delete(&Coverage{}).Error)
}

// Hold has what is shown of a post wait for a yes again: it was edited.
func (q AllCoverage) Hold(ctx context.Context, postID int64) error {
	return translate(q.db.WithContext(ctx).Model(&Coverage{}).Where("post_id = ? AND state = ?", postID, CoverageShown).Update("state", CoverageHeld).Error)
}

// Decide shows or hides coverage of a conference: what stands in the state from and came
// no later than the post with id last, or, where last is 0, the posts with the ids in any
// state. It returns which posts it changed.
func (q AllCoverage) Decide(ctx context.Context, conferenceID int64, from string, last int64, ids []int64, to string) ([]int64, error) {
	db := q.db.WithContext(ctx)
	some := db.Model(&Coverage{}).Where("conference_id = ? AND state <> ?", conferenceID, to)
	if last != 0 {
		some = some.Where("state = ? AND post_id <= ?", from, last)
	} else {
		some = some.Where("post_id IN ?", ids)
	}
	var posts []int64
	if err := some.Order("post_id").Pluck("post_id", &posts).Error; err != nil || len(posts) == 0 {
		return nil, translate(err)
	}
	err := db.Model(&Coverage{}).Where("conference_id = ? AND post_id IN ?", conferenceID, posts).Update("state", to).Error
	if err != nil || to != CoverageShown {
		return posts, translate(err)
	}
	// Its pictures may be fetched from now on.
	return posts, translate(db.Model(&Post{}).Where("id IN ? AND kind = ? AND moderation = ?", posts, KindCoverage, ModerationHeld).
		Update("moderation", ModerationShown).Error)
}

// about keeps what is there of a conference's coverage in one state: not what was deleted,
// nor what a block hid.
func (q AllCoverage) about(ctx context.Context, conferenceID int64, state string) *gorm.DB {
	return q.db.WithContext(ctx).Model(&Post{}).
		Joins("JOIN coverage ON coverage.post_id = posts.id AND coverage.conference_id = ? AND coverage.state = ?", conferenceID, state).
		Where("posts.state = ? AND posts.moderation <> ? AND posts.visibility IN ?", PostPublished, ModerationHidden, forEverybody)
}

// List returns at most limit posts about a conference in one state, the oldest first, from
// after the one with id after.
func (q AllCoverage) List(ctx context.Context, conferenceID int64, state string, after int64, limit int) ([]*Post, error) {
	var rows []*Post
	err := q.about(ctx, conferenceID, state).Omit("Raw").Where("coverage.post_id > ?", after).Order("coverage.post_id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Shown returns those of the posts that are shown about a conference.
func (q AllCoverage) Shown(ctx context.Context, conferenceID int64, ids []int64) ([]*Post, error) {
	var rows []*Post
	err := q.about(ctx, conferenceID, CoverageShown).Omit("Raw").Where("coverage.post_id IN ?", ids).Order("posts.id").Find(&rows).Error
	return rows, translate(err)
}

// Count returns how many there are, and the id of the newest.
func (q AllCoverage) Count(ctx context.Context, conferenceID int64, state string) (n, newest int64, err error) {
	var row struct{ N, Newest int64 }
	err = q.about(ctx, conferenceID, state).Select("COUNT(*) AS n, COALESCE(MAX(posts.id), 0) AS newest").Scan(&row).Error
	return row.N, row.Newest, translate(err)
}

// CoverageOf returns a page of what is written elsewhere about a conference and may stand
// on its page, the last to be received first: those before the post with id before, 0 for
// the newest.
func (q Posts) CoverageOf(ctx context.Context, conferenceID, before int64, limit int) ([]*Post, error) {
	db := readable(AllCoverage(q).about(ctx, conferenceID, CoverageShown)).Omit("Raw")
	if before != 0 {
		db = db.Where("coverage.post_id < ?", before)
	}
	var rows []*Post
	err := db.Order("coverage.post_id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// ByHandles returns the conferences that have these handles, in lower case.
func (q Conferences) ByHandles(ctx context.Context, handles []string) ([]*Conference, error) {
	if len(handles) == 0 {
		return nil, nil
	}
	var rows []*Conference
	err := q.db.WithContext(ctx).Where("actor_id IN (SELECT id FROM actors WHERE local AND state = ? AND handle_lc IN ?)", StateActive, handles).
		Order("id").Find(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	return rows, q.load(ctx, rows)
}
