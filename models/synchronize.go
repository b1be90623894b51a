package models

import "context"

// MaxSynchronized is how many followers at one server are compared at most (FEP-8fcf);
// Mastodon compares as many.
const MaxSynchronized = 25_000

// FollowersAt returns the ids of an actor's accepted followers whose server has this host,
// without a port, MaxSynchronized and one more at most.
func (q Follows) FollowersAt(ctx context.Context, targetID int64, host string) ([]string, error) {
	var uris []string
	err := q.db.WithContext(ctx).Model(&Follow{}).Joins("JOIN actors ON actors.id = follows.follower_id").
		Where("follows.target_id = ? AND follows.state = ? AND NOT actors.local AND actors.host = ?", targetID, FollowAccepted, host).
		Limit(MaxSynchronized+1).Pluck("actors.uri", &uris).Error
	return uris, translate(err)
}

// LocalFollowers returns who of ours follows an actor, and was accepted.
func (q Follows) LocalFollowers(ctx context.Context, targetID int64) ([]*Actor, error) {
	var rows []*Actor
	err := q.db.WithContext(ctx).Omit("Raw").Joins("JOIN follows ON follows.follower_id = actors.id").
		Where("follows.target_id = ? AND follows.state = ? AND actors.local AND actors.state = ?", targetID, FollowAccepted, StateActive).Find(&rows).Error
	return rows, translate(err)
}
