package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Report says that somebody, or a post of theirs, breaks rules: told to us by another
// server or, outgoing, to another by one of ours.
type Report struct {
	ID         int64
	ActorID    int64 // who reports
	TargetID   int64 // whom
	Comment    string
	Outgoing   bool
	CreatedAt  time.Time
	ResolvedAt *time.Time
	PostIDs    []int64 `gorm:"-"`
}

type reportPost struct{ ReportID, PostID int64 }

// Reports queries what was reported.
type Reports struct{ db *gorm.DB }

// Add stores a report with the posts that it is about.
func (q Reports) Add(ctx context.Context, r *Report) error {
	db := q.db.WithContext(ctx)
	if err := db.Create(r).Error; err != nil || len(r.PostIDs) == 0 {
		return translate(err)
	}
	rows := make([]reportPost, len(r.PostIDs))
	for i, id := range r.PostIDs {
		rows[i] = reportPost{r.ID, id}
	}
	return translate(db.Create(rows).Error)
}

const openReports = "resolved_at IS NULL AND NOT outgoing"

// Open returns at most limit reports that wait for a decision, with ids above after, the
// oldest first.
func (q Reports) Open(ctx context.Context, after int64, limit int) ([]*Report, error) {
	db := q.db.WithContext(ctx)
	var rows []*Report
	if err := db.Where(openReports+" AND id > ?", after).Order("id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	ids, byID := make([]int64, len(rows)), make(map[int64]*Report, len(rows))
	for i, r := range rows {
		ids[i], byID[r.ID] = r.ID, r
	}
	var posts []reportPost
	err := db.Where("report_id IN ?", ids).Order("post_id").Find(&posts).Error
	for _, p := range posts {
		byID[p.ReportID].PostIDs = append(byID[p.ReportID].PostIDs, p.PostID)
	}
	return rows, translate(err)
}

// CountOpen returns how many reports wait, 100 at most.
func (q Reports) CountOpen(ctx context.Context) (int64, error) {
	var n int64
	db := q.db.WithContext(ctx)
	err := db.Table("(?) AS waiting", db.Model(&Report{}).Select("1").Where(openReports).Limit(maxCounted)).Count(&n).Error
	return n, translate(err)
}

// CountBy returns how many reports of a server wait.
func (q Reports) CountBy(ctx context.Context, host string) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Report{}).
		Where(openReports+" AND actor_id IN (SELECT id FROM actors WHERE host = ? AND NOT local)", host).Count(&n).Error
	return n, translate(err)
}

// Resolve ends the waiting of a report. It returns ErrNotFound for one that doesn't wait.
func (q Reports) Resolve(ctx context.Context, id int64, now time.Time) error {
	return changed(q.db.WithContext(ctx).Model(&Report{}).Where(openReports+" AND id = ?", id).Update("resolved_at", now.UTC()))
}

// Reported says whether one of ours has told another server of a post.
func (q Reports) Reported(ctx context.Context, postID int64) (bool, error) {
	var reported bool
	err := q.db.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM report_posts p JOIN reports r ON r.id = p.report_id
		WHERE p.post_id = ? AND r.outgoing)`, postID).Scan(&reported).Error
	return reported, translate(err)
}

// Prune forgets what was resolved, and what we told others, before a time.
func (q Reports) Prune(ctx context.Context, before time.Time) error {
	db := q.db.WithContext(ctx)
	const over = "resolved_at < ? OR outgoing AND created_at < ?"
	if err := db.Where("report_id IN (SELECT id FROM reports WHERE "+over+")", before.UTC(), before.UTC()).Delete(&reportPost{}).Error; err != nil {
		return translate(err)
	}
	return translate(db.Where(over, before.UTC(), before.UTC()).Delete(&Report{}).Error)
}
