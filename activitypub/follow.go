package activitypub

import (
	"context"
	"errors"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// follow accepts who asks for one of ours at once, and says so with an Accept; of an
// account that approves followers by hand it waits, and the account is told. Asked again,
// it answers again: the first Accept may have been lost.
func follow(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	target, err := localActor(ctx, in.iris, tx, a.ObjectID)
	if errors.Is(err, models.ErrNotFound) {
		return outcomeIgnored, nil
	}
	if err != nil {
		return "", err
	}
	if a.ID == "" || target.HandleLC == InstanceHandle {
		return outcomeIgnored, nil
	}
	if blocked, err := blockedBy(ctx, tx, target.ID, a.actor); err != nil || blocked {
		return outcomeBlocked, err
	}
	if target.MovedToID != nil { // nothing more is to come from here
		return outcomeRefused, in.outbox.answerFollow(ctx, tx, "Reject", target, a.actor, a.ID, a.now)
	}
	row := &models.Follow{URI: a.ID, FollowerID: a.actor.ID, TargetID: target.ID, State: models.FollowAccepted, CreatedAt: a.now}
	if target.Locked {
		known, err := tx.Follows.Between(ctx, a.actor.ID, target.ID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return "", err
		}
		if err != nil || known.State != models.FollowAccepted {
			row.State = models.FollowPending
		}
	}
	if err := tx.Follows.Put(ctx, row); err != nil {
		return "", err
	}
	if row.State == models.FollowPending {
		return outcomeDone, notify(ctx, tx, target.ID, models.NotifyRequest, a.actor, 0, a.now)
	}
	if err := notify(ctx, tx, target.ID, models.NotifyFollow, a.actor, 0, a.now); err != nil {
		return "", err
	}
	if err := in.outbox.sisterAsks(ctx, tx, target, a.actor, a.now); err != nil {
		return "", err
	}
	return outcomeDone, in.outbox.welcome(ctx, tx, target, a.actor, a.ID, a.now)
}

// localActor returns the active actor of ours that an IRI names.
func localActor(ctx context.Context, iris *IRIs, tx *models.Store, iri string) (*models.Actor, error) {
	ref, err := iris.Parse(iri)
	if err != nil || ref.Kind != RefActor {
		return nil, models.ErrNotFound
	}
	actor, err := tx.Actors.LocalByHandle(ctx, ref.Name)
	if err != nil {
		return nil, err
	}
	if actor.State != models.StateActive {
		return nil, models.ErrNotFound
	}
	return actor, nil
}

// blockedBy says whether a local actor's account, or the instance, keeps a remote actor out.
func blockedBy(ctx context.Context, tx *models.Store, localID int64, remote *models.Actor) (bool, error) {
	var accountID int64
	account, err := tx.Accounts.ByActor(ctx, localID)
	if err == nil {
		accountID = account.ID
	} else if !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	return tx.Blocks.Blocked(ctx, accountID, remote.ID, vocab.Host(*remote.URI), remote.Domain)
}
