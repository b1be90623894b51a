package activitypub

import (
	"context"
	"time"

	"confnotes/models"
)

// mayManage returns models.ErrNotFound to whom an actor of ours is neither themselves nor
// a conference that they look after.
func mayManage(ctx context.Context, tx *models.Store, by *models.Account, actor *models.Actor) error {
	if by.ActorID == actor.ID {
		return nil
	}
	role, err := tx.Conferences.Role(ctx, by, actor.ID)
	if err == nil && (role == "" || actor.Kind != models.ActorGroup) {
		return models.ErrNotFound
	}
	return err
}

// SetFollowing decides how an account is followed: after a yes by hand, or at once, when
// who waits is accepted; and whether it says who follows, and how many.
func (o *Outbox) SetFollowing(ctx context.Context, by *models.Account, locked, hidesNetwork bool) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := tx.Actors.SetFollowing(ctx, by.ActorID, locked, hidesNetwork); err != nil || locked {
			return err
		}
		_, newest, err := tx.Follows.CountFollowers(ctx, by.ActorID, models.FollowPending)
		if err != nil || newest == 0 {
			return err
		}
		return o.admit(ctx, tx, by.Actor, newest, nil, now)
	})
}

// AcceptFollowers says yes to those who wait to follow one of ours: the follows with the
// ids or, with last, all that came no later than the one with that id. Who doesn't look
// after the actor gets models.ErrNotFound, as of the two below.
func (o *Outbox) AcceptFollowers(ctx context.Context, by *models.Account, actor *models.Actor, last int64, ids []int64) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := mayManage(ctx, tx, by, actor); err != nil {
			return err
		}
		return o.admit(ctx, tx, actor, last, ids, now)
	})
}

// RejectFollowers says no to them.
func (o *Outbox) RejectFollowers(ctx context.Context, by *models.Account, actor *models.Actor, last int64, ids []int64) error {
	return o.refuse(ctx, by, actor, models.FollowPending, last, ids)
}

// RemoveFollowers ends the follows with the ids: their servers are told no. They may ask again.
func (o *Outbox) RemoveFollowers(ctx context.Context, by *models.Account, actor *models.Actor, ids []int64) error {
	return o.refuse(ctx, by, actor, models.FollowAccepted, 0, ids)
}

func (o *Outbox) refuse(ctx context.Context, by *models.Account, actor *models.Actor, state string, last int64, ids []int64) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := mayManage(ctx, tx, by, actor); err != nil {
			return err
		}
		follows, err := tx.Follows.Chosen(ctx, actor.ID, state, last, ids)
		if err != nil {
			return err
		}
		return o.reject(ctx, tx, follows, now)
	})
}

// admit accepts who waits to follow one of ours.
func (o *Outbox) admit(ctx context.Context, tx *models.Store, target *models.Actor, last int64, ids []int64, now time.Time) error {
	follows, err := tx.Follows.Chosen(ctx, target.ID, models.FollowPending, last, ids)
	if err != nil {
		return err
	}
	who := make([]int64, len(follows))
	for i, f := range follows {
		who[i] = f.FollowerID
	}
	actors, err := tx.Actors.ByIDs(ctx, who)
	if err != nil {
		return err
	}
	for _, f := range follows {
		if err := tx.Follows.Accept(ctx, f.ID); err != nil {
			return err
		}
		follower := actors[f.FollowerID]
		if follower.Local {
			err = tx.Readings.Begin(ctx, follower.ID, target.ID, atFirst)
		} else {
			err = o.welcome(ctx, tx, target, follower, f.URI, now)
		}
		if err != nil {
			return err
		}
	}
	return tx.Notifications.RemoveFollow(ctx, target.ID, who...)
}

// reject ends follows, accepted or asked for, and says so to the followers.
func (o *Outbox) reject(ctx context.Context, tx *models.Store, follows []*models.Follow, now time.Time) error {
	var ids []int64
	for _, f := range follows {
		ids = append(ids, f.FollowerID, f.TargetID)
	}
	actors, err := tx.Actors.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, f := range follows {
		if err := unfollow(ctx, tx, f.FollowerID, f.TargetID); err != nil {
			return err
		}
		if err := o.answerFollow(ctx, tx, "Reject", actors[f.TargetID], actors[f.FollowerID], f.URI, now); err != nil {
			return err
		}
	}
	return nil
}
