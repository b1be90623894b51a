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

// Followed says whether anyone here follows an actor, and was accepted. A conference reads
// nothing: that its Group follows another is no reader's wish.
func (q Follows) Followed(ctx context.Context, targetID int64) (bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Joins("JOIN actors ON actors.id = follows.follower_id AND actors.kind <> ?", ActorGroup).
		Where("follows.target_id = ? AND follows.state = ?", targetID, FollowAccepted).Limit(1).Pluck("follows.id", &ids).Error
	return len(ids) > 0, translate(err)
}

// Of returns at most limit of those whom an actor follows or asked to, the last one first,
// from before the follow with id before (0: from the newest).
func (q Follows) Of(ctx context.Context, followerID, before int64, limit int) ([]*Follow, error) {
	db := q.db.WithContext(ctx).Where("follower_id = ?", followerID)
	if before != 0 {
		db = db.Where("id < ?", before)
	}
	var rows []*Follow
	err := db.Order("id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Among returns which of some actors an actor follows, or asked to.
func (q Follows) Among(ctx context.Context, followerID int64, targetIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("target_id IN ? AND follower_id = ?", targetIDs, followerID).Pluck("target_id", &ids).Error
	followed := make(map[int64]bool, len(ids))
	for _, id := range ids {
		followed[id] = true
	}
	return followed, translate(err)
}

// Together says whether somebody here follows an actor and one of those with the ids, too.
func (q Follows) Together(ctx context.Context, targetID int64, uris []string) (bool, error) {
	var found bool
	err := q.db.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM follows JOIN follows also ON also.follower_id = follows.follower_id AND also.state = 'accepted'
		JOIN actors ON actors.id = also.target_id AND actors.uri IN ? WHERE follows.target_id = ? AND follows.state = 'accepted')`, uris, targetID).Scan(&found).Error
	return found, translate(err)
}

// AcceptedBy returns whom an actor follows who accepted it.
func (q Follows) AcceptedBy(ctx context.Context, followerID int64) (map[int64]bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("follower_id = ? AND state = ?", followerID, FollowAccepted).Pluck("target_id", &ids).Error
	accepted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		accepted[id] = true
	}
	return accepted, translate(err)
}

// CountFollowing returns how many an actor follows.
func (q Follows) CountFollowing(ctx context.Context, followerID int64) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Follow{}).Where("follower_id = ? AND state = ?", followerID, FollowAccepted).Count(&n).Error
	return n, translate(err)
}

// Following returns a page of whom an actor follows, newest first, from before the follow
// with id before (0: from the newest).
func (q Follows) Following(ctx context.Context, followerID, before int64, limit int) (actors []*Actor, last int64, err error) {
	return q.actors(ctx, "target_id", before, limit, "follows.follower_id = ? AND follows.state = ?", followerID, FollowAccepted)
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

// Followers returns a page of an actor's followers, newest first, from before the follow
// with id before (0: from the newest).
func (q Follows) Followers(ctx context.Context, targetID, before int64, limit int) (actors []*Actor, last int64, err error) {
	return q.actors(ctx, "follower_id", before, limit, "follows.target_id = ? AND follows.state = ?", targetID, FollowAccepted)
}

// actors returns a page of those in one column of some follows: what their ids are made of.
func (q Follows) actors(ctx context.Context, column string, before int64, limit int, where string, args ...any) (actors []*Actor, last int64, err error) {
	var rows []struct {
		FollowID int64
		Actor    Actor `gorm:"embedded"`
	}
	db := q.db.WithContext(ctx).Table("follows").Select("follows.id AS follow_id, actors.uri, actors.local, actors.handle_lc").
		Joins("JOIN actors ON actors.id = follows."+column).Where(where, args...)
	if before != 0 {
		db = db.Where("follows.id < ?", before)
	}
	if err := db.Order("follows.id DESC").Limit(limit).Scan(&rows).Error; err != nil {
		return nil, 0, translate(err)
	}
	for _, r := range rows {
		actors, last = append(actors, &r.Actor), r.FollowID
	}
	return actors, last, nil
}

// GroupInboxes returns the distinct inboxes of the Groups elsewhere that follow an actor.
func (q Follows) GroupInboxes(ctx context.Context, targetID int64) ([]string, error) {
	var inboxes []string
	err := q.inboxes(ctx, targetID).Where("actors.kind = ?", ActorGroup).Distinct().Pluck(deliveryInbox, &inboxes).Error
	return inboxes, translate(err)
}

// Inboxes returns the distinct shared or own inboxes of an actor's followers.
func (q Follows) Inboxes(ctx context.Context, targetID int64) ([]string, error) {
	var inboxes []string
	err := q.inboxes(ctx, targetID).Distinct().Pluck(deliveryInbox, &inboxes).Error
	return inboxes, translate(err)
}

// inboxes keeps an actor's followers elsewhere.
func (q Follows) inboxes(ctx context.Context, targetID int64) *gorm.DB {
	return q.db.WithContext(ctx).Table("follows").Joins("JOIN actors ON actors.id = follows.follower_id").
		Where("follows.target_id = ? AND follows.state = ? AND NOT actors.local AND actors.state = ?", targetID, FollowAccepted, StateActive)
}
