package activitypub

import (
	"context"
	"errors"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// update takes what was edited as it is now, seen before or not, or notes that the actor's
// profile changed.
func update(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	if a.ObjectID == a.Actor {
		return outcomeDone, queueJob(ctx, tx, jobRefreshActor, a.Actor, a.now)
	}
	return create(ctx, in, tx, a)
}

// editReply changes a stored reply, if it is its stored author who asks and the
// edit is strictly newer than what stands.
func (in *Inbox) editReply(ctx context.Context, tx *models.Store, actor *models.Actor, known *models.Post, o *vocab.ReceivedObject) (string, error) {
	if known.ActorID != actor.ID || known.State != models.PostPublished {
		return outcomeIgnored, nil
	}
	stands := *known.PublishedAt
	if known.UpdatedAt != nil {
		stands = *known.UpdatedAt
	}
	if !o.Updated.After(stands) || o.Updated.After(in.now().Add(maxAhead)) {
		return outcomeIgnored, nil
	}
	stops, err := in.heardStop(ctx, tx, actor, o, in.now())
	if err != nil {
		return "", err
	}
	wait, err := in.editWaits(ctx, tx, actor, known, o)
	if err != nil {
		return "", err
	}
	if stops {
		known.Moderation = models.ModerationHidden // it is said to us
	} else if wait && known.Kind != models.KindFollowed {
		known.Moderation = models.ModerationHeld
	}
	fill(known, actor, o)
	if err := tx.Posts.Save(ctx, known); err != nil {
		return "", err
	}
	if err := attach(ctx, tx, known, o, in.now().UTC()); err != nil {
		return "", err
	}
	addressed, err := in.addressed(ctx, tx, actor, o)
	if err != nil {
		return "", err
	}
	return outcomeDone, tx.Posts.SetRecipients(ctx, known.ID, addressed)
}

// remove deletes a reply, or everything of an actor that is gone. A Delete may come
// before its Create: the tombstone waits for it.
func remove(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	if a.ObjectID == a.Actor {
		return outcomeDone, in.outbox.eraseActor(ctx, tx, a.actor, a.now)
	}
	if a.ObjectID == "" || !vocab.SameHost(a.ObjectID, a.Actor) {
		return outcomeIgnored, nil
	}
	return in.outbox.deleteReply(ctx, tx, a.actor, a.ObjectID, a.now)
}

// deleteReply forgets what somebody elsewhere wrote; a Group that boosted it takes that
// back.
func (o *Outbox) deleteReply(ctx context.Context, tx *models.Store, actor *models.Actor, uri string, now time.Time) (string, error) {
	post, err := tx.Posts.ByURI(ctx, uri)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	former := ""
	if post != nil {
		if post.ActorID != actor.ID {
			return outcomeIgnored, nil
		}
		former = post.Type
		if err := o.withdrawAll(ctx, tx, post.ID, now); err != nil {
			return "", err
		}
		if err := tx.Coverage.Drop(ctx, post.ID, 0); err != nil {
			return "", err
		}
		if err := tx.Media.DropPost(ctx, post.ID); err != nil {
			return "", err
		}
		if err := tx.Posts.MarkDeleted(ctx, post.ID, now); err != nil {
			return "", err
		}
	}
	if err := tx.Quotes.Remove(ctx, actor.ID, uri); err != nil {
		return "", err
	}
	return outcomeDone, tx.Posts.Bury(ctx, &models.Tombstone{URI: uri, ActorID: actor.ID, FormerType: former, At: now})
}

// eraseActor forgets somebody who is gone, but for the fact that they are.
func (o *Outbox) eraseActor(ctx context.Context, tx *models.Store, actor *models.Actor, now time.Time) error {
	return errors.Join(
		o.withdrawOf(ctx, tx, &models.Block{ActorID: actor.ID}, now),
		tx.Posts.Erase(ctx, actor.ID, now),
		tx.Reactions.RemoveActor(ctx, actor.ID),
		tx.Quotes.RemoveActor(ctx, actor.ID),
		tx.Follows.RemoveActor(ctx, actor.ID),
		tx.Sisters.RemoveActor(ctx, actor.ID),
		tx.Notifications.RemoveActor(ctx, actor.ID),
		tx.Media.DropActor(ctx, actor.ID),
		tx.Actors.MarkDeleted(ctx, actor.ID, now),
	)
}
