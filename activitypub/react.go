package activitypub

import (
	"context"
	"errors"

	"confnotes/models"
)

// like counts a Like of something of ours.
func like(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	post, err := localPost(ctx, in.iris, tx, a.ObjectID)
	if err != nil {
		return ignoreMissing(err)
	}
	return reactTo(ctx, tx, a, models.ReactionLike, post)
}

// reactTo counts what somebody did with a post of ours.
func reactTo(ctx context.Context, tx *models.Store, a *received, typ string, post *models.Post) (string, error) {
	if blocked, err := blockedBy(ctx, tx, post.ActorID, a.actor); err != nil || blocked {
		return outcomeBlocked, err
	}
	row := &models.Reaction{Type: typ, ActorID: a.actor.ID, PostID: post.ID, CreatedAt: a.now}
	if err := tx.Reactions.Put(ctx, row, a.ID); err != nil {
		return "", err
	}
	return outcomeDone, notify(ctx, tx, post.ActorID, notifyOf[typ], a.actor, post.ID, a.now)
}

// block ends what the blocker and one of ours follow of each other, as Mastodon does: they
// want nothing more from us, and will send nothing more.
func block(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	target, err := localActor(ctx, in.iris, tx, a.ObjectID)
	if err != nil {
		return ignoreMissing(err)
	}
	return outcomeDone, errors.Join(unfollow(ctx, tx, a.actor.ID, target.ID), unfollow(ctx, tx, target.ID, a.actor.ID))
}
