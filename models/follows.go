package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of a follow.
const (
	FollowPending  = "pending"  // asked, not answered yet: by one of ours, or of one who approves by hand
	FollowAccepted = "accepted" // both sides agreed
)

// Follow says that an actor wants what another publishes.
type Follow struct {
	ID         int64
	URI        string // id of the Follow activity, to match its Undo
	FollowerID int64
	TargetID   int64
	State      string
	CreatedAt  time.Time
}

// Follows queries who follows whom.
type Follows struct{ db *gorm.DB }

// Put stores a follow, over an earlier one of the same two.
func (q Follows) Put(ctx context.Context, f *Follow) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "target_id"}, {Name: "follower_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"uri", "state"}),
	}).Create(f).Error)
}

// Between returns the follow of one actor by another.
func (q Follows) Between(ctx context.Context, followerID, targetID int64) (*Follow, error) {
	return one[Follow](q.db.WithContext(ctx).Where("target_id = ? AND follower_id = ?", targetID, followerID))
}

// ByURI returns the follow that a follower's activity of this id made.
func (q Follows) ByURI(ctx context.Context, followerID int64, uri string) (*Follow, error) {
	return one[Follow](q.db.WithContext(ctx).Where("follower_id = ? AND uri = ?", followerID, uri))
}

// Asked returns the follow of somebody elsewhere that an activity of ours, with this
// id, asked for.
func (q Follows) Asked(ctx context.Context, targetID int64, uri string) (*Follow, error) {
	return one[Follow](q.db.WithContext(ctx).Where("target_id = ? AND uri = ?", targetID, uri))
}

// Accept makes a follow one that both sides agreed to.
func (q Follows) Accept(ctx context.Context, id int64) error {
	return changed(q.db.WithContext(ctx).Model(&Follow{}).Where("id = ?", id).Update("state", FollowAccepted))
}

// Followed says whether anyone here follows an actor, and was accepted.
func (q Follows) Followed(ctx context.Context, targetID int64) (bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("target_id = ? AND state = ?", targetID, FollowAccepted).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err)
}

// CountFollowing returns how many an actor follows.
func (q Follows) CountFollowing(ctx context.Context, followerID int64) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("follower_id = ? AND state = ?", followerID, FollowAccepted).Count(&n).Error
	return n, translate(err)
}

// FollowingURIs returns a page of whom an actor follows elsewhere, newest first, from
// before the follow with id before (0: from the newest).
func (q Follows) FollowingURIs(ctx context.Context, followerID, before int64, limit int) (uris []string, last int64, err error) {
	return q.uris(ctx, "target_id", before, limit, "follows.follower_id = ? AND follows.state = ?", followerID, FollowAccepted)
}

// Remove ends a follow; ending one that is not there is no error.
func (q Follows) Remove(ctx context.Context, followerID, targetID int64) error {
	return translate(q.db.WithContext(ctx).Where("target_id = ? AND follower_id = ?", targetID, followerID).Delete(&Follow{}).Error)
}

// RemoveActor ends every follow by or of an actor.
func (q Follows) RemoveActor(ctx context.Context, actorID int64) error {
	return translate(q.db.WithContext(ctx).Where("target_id = ? OR follower_id = ?", actorID, actorID).Delete(&Follow{}).Error)
}

// FollowsOf returns the follows by an actor, or by everyone here where follower is 0, of
// what a block names.
func (q Follows) FollowsOf(ctx context.Context, follower int64, b *Block) ([]*Follow, error) {
	db := q.db.WithContext(ctx)
	if follower != 0 {
		db = db.Where("follower_id = ?", follower)
	}
	db = named(db, "target_id", b)
	var rows []*Follow
	err := db.Find(&rows).Error
	return rows, translate(err)
}

// FollowersFrom returns an actor's followers, or everyone's where target is 0,
// that are, or come from, what a block names.
func (q Follows) FollowersFrom(ctx context.Context, target int64, b *Block) ([]*Follow, error) {
	db := q.db.WithContext(ctx)
	if target != 0 {
		db = db.Where("target_id = ?", target)
	}
	db = named(db, "follower_id", b)
	var rows []*Follow
	err := db.Find(&rows).Error
	return rows, translate(err)
}

// Count returns how many follow an actor.
func (q Follows) Count(ctx context.Context, targetID int64) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("target_id = ? AND state = ?", targetID, FollowAccepted).Count(&n).Error
	return n, translate(err)
}

// FollowerURIs returns a page of an actor's followers, newest first, from before
// the follow with id before (0: from the newest).
func (q Follows) FollowerURIs(ctx context.Context, targetID, before int64, limit int) (uris []string, last int64, err error) {
	return q.uris(ctx, "follower_id", before, limit, "follows.target_id = ? AND follows.state = ?", targetID, FollowAccepted)
}

// uris returns a page of the ids of those in one column of some follows.
func (q Follows) uris(ctx context.Context, column string, before int64, limit int, where string, args ...any) (uris []string, last int64, err error) {
	var rows []struct {
		ID  int64
		URI string
	}
	db := q.db.WithContext(ctx).Table("follows").Select("follows.id, actors.uri").
		Joins("JOIN actors ON actors.id = follows."+column).Where(where, args...).Where("actors.uri IS NOT NULL")
	if before != 0 {
		db = db.Where("follows.id < ?", before)
	}
	if err := db.Order("follows.id DESC").Limit(limit).Scan(&rows).Error; err != nil {
		return nil, 0, translate(err)
	}
	for _, r := range rows {
		uris, last = append(uris, r.URI), r.ID
	}
	return uris, last, nil
}

// Inboxes returns the distinct shared or own inboxes of an actor's followers.
func (q Follows) Inboxes(ctx context.Context, targetID int64) ([]string, error) {
	var inboxes []string
	err := q.db.WithContext(ctx).Table("follows").
		Joins("JOIN actors ON actors.id = follows.follower_id").
		Where("follows.target_id = ? AND follows.state = ? AND NOT actors.local AND actors.state = ?", targetID, FollowAccepted, StateActive).
		Distinct().Pluck(deliveryInbox, &inboxes).Error
	return inboxes, translate(err)
}
