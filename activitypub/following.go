package activitypub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Follow has an account read what somebody publishes from now on, who is named by address,
// or by the address of their profile. Somebody here, or a conference, is followed at once.
// Somebody elsewhere is asked, and the follow waits for their server's Accept; asked again
// meanwhile it asks again: the first may have been lost. It returns ErrNoServer for what is
// no address, ErrNoWay where a server doesn't say who that is, and models.ErrNotFound for the account itself, for who is gone, and for who is
// kept out by it or the instance.
func (o *Outbox) Follow(ctx context.Context, by *models.Account, address string) (*models.Actor, error) {
	p, err := o.resolver.typed(ctx, address)
	if _, unreachable := errors.AsType[fetchError](err); unreachable || errors.Is(err, errUnproved) {
		return nil, fmt.Errorf("follow %.200s: %w: %w", address, ErrNoWay, err)
	}
	if err != nil {
		return nil, fmt.Errorf("follow %.200s: %w", address, err)
	}
	err = o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		if p.actor.ID == by.ActorID || p.actor.State != models.StateActive {
			return models.ErrNotFound
		}
		if p.actor.Local {
			return followHere(ctx, tx, by.Actor, p.actor, now)
		}
		if blocked, err := blockedBy(ctx, tx, by.ActorID, p.actor); err != nil || blocked {
			return errors.Join(err, models.ErrNotFound)
		}
		return o.askToFollow(ctx, tx, by.Actor, p.actor, now)
	})
	return p.actor, err
}

// followHere follows one of ours: no server is asked. Who approves followers by hand is.
// It returns models.ErrNotFound for who moved away.
func followHere(ctx context.Context, tx *models.Store, by, target *models.Actor, now time.Time) error {
	if _, err := tx.Follows.Between(ctx, by.ID, target.ID); err == nil || !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if target.MovedToID != nil {
		return models.ErrNotFound
	}
	f := &models.Follow{FollowerID: by.ID, TargetID: target.ID, State: models.FollowAccepted, CreatedAt: now}
	if target.Locked {
		f.State = models.FollowPending
	}
	if err := tx.Follows.Put(ctx, f); err != nil {
		return err
	}
	if target.Locked {
		return notify(ctx, tx, target.ID, models.NotifyRequest, by, 0, now)
	}
	return errors.Join(tx.Readings.Begin(ctx, by.ID, target.ID, atFirst), notify(ctx, tx, target.ID, models.NotifyFollow, by, 0, now))
}

func (o *Outbox) askToFollow(ctx context.Context, tx *models.Store, by, target *models.Actor, now time.Time) error {
	known, err := tx.Follows.Between(ctx, by.ID, target.ID)
	if err == nil && known.State == models.FollowAccepted {
		return nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	iri := *target.URI
	row, err := o.record(ctx, tx, act{typ: "Follow", actor: by, object: iri, objectIRI: iri, to: []string{iri},
		visibility: models.VisibilityPublic, inboxes: []string{target.Inbox}}, now)
	if err != nil {
		return err
	}
	return tx.Follows.Put(ctx, &models.Follow{URI: o.iris.Activity(row.PublicID), FollowerID: by.ID, TargetID: target.ID,
		State: models.FollowPending, CreatedAt: now})
}

// Unfollow ends a follow, accepted or not, and tells the server of who isn't here.
func (o *Outbox) Unfollow(ctx context.Context, by *models.Account, target *models.Actor) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		f, err := tx.Follows.Between(ctx, by.ActorID, target.ID)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if target.Local {
			return unfollow(ctx, tx, by.ActorID, target.ID)
		}
		return o.endFollow(ctx, tx, by.Actor, target, f, now)
	})
}

// endFollow forgets a follow by one of ours and undoes it at the other's server.
func (o *Outbox) endFollow(ctx context.Context, tx *models.Store, by, target *models.Actor, f *models.Follow, now time.Time) error {
	if err := tx.Follows.Remove(ctx, by.ID, target.ID); err != nil {
		return err
	}
	iri := *target.URI
	follow := vocab.Activity{ID: f.URI, Type: "Follow", Actor: o.iris.Actor(by.HandleLC), Object: iri}
	_, err := o.record(ctx, tx, act{typ: "Undo", actor: by, object: follow, objectIRI: iri, to: []string{iri},
		visibility: models.VisibilityPublic, inboxes: []string{target.Inbox}}, now)
	return err
}

// unfollowBlocked ends what an actor of ours, or everyone here where it is 0, follows of
// what a block names: nothing more is wanted from there.
func (o *Outbox) unfollowBlocked(ctx context.Context, tx *models.Store, b *models.Block, follower int64, now time.Time) error {
	follows, err := tx.Follows.FollowsOf(ctx, follower, b)
	if err != nil {
		return err
	}
	var ids []int64
	for _, f := range follows {
		ids = append(ids, f.FollowerID, f.TargetID)
	}
	actors, err := tx.Actors.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, f := range follows {
		if by, target := actors[f.FollowerID], actors[f.TargetID]; by.Local && !target.Local {
			if err := o.endFollow(ctx, tx, by, target, f, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// accept takes the yes to a Follow of ours.
func accept(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	f, err := asked(ctx, in.iris, tx, a)
	if err != nil {
		return ignoreMissing(err)
	}
	return outcomeDone, granted(ctx, tx, f)
}

// granted makes a follow of ours one, and begins to read what is followed.
func granted(ctx context.Context, tx *models.Store, f *models.Follow) error {
	return errors.Join(tx.Follows.Accept(ctx, f.ID), tx.Readings.Begin(ctx, f.FollowerID, f.TargetID, atFirst))
}

// reject takes the no to a Follow of ours, also one that was accepted before.
func reject(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	f, err := asked(ctx, in.iris, tx, a)
	if err != nil {
		return ignoreMissing(err)
	}
	return outcomeDone, tx.Follows.Remove(ctx, f.FollowerID, f.TargetID)
}

// asked finds the Follow that an answer is to: one that we sent, by its id, to whoever
// answers now. A copy of it that says anything else is no answer to it.
func asked(ctx context.Context, iris *IRIs, tx *models.Store, a *received) (*models.Follow, error) {
	if !iris.Ours(a.ObjectID) {
		return nil, models.ErrNotFound
	}
	f, err := tx.Follows.Asked(ctx, a.actor.ID, a.ObjectID)
	if err != nil || a.Inner == nil {
		return f, err
	}
	follower, err := tx.Actors.ByID(ctx, f.FollowerID)
	if err != nil {
		return nil, err
	}
	if a.Inner.Type != "Follow" || a.Inner.Actor != iris.Actor(follower.HandleLC) || a.Inner.ObjectID != *a.actor.URI {
		return nil, models.ErrNotFound
	}
	return f, nil
}
