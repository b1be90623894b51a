package activitypub

import (
	"context"
	"errors"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// undo takes back the actor's own Follow, Like or Announce, found by the undone
// activity's id, else by what it was about. The embedded copy proves nothing that
// the actor's own rows don't.
func undo(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	if a.Inner != nil && a.Inner.Actor != a.Actor {
		return outcomeIgnored, nil
	}
	if err := tx.Jobs.Cancel(ctx, boostKey(a.actor.ID, a.ObjectID)); err != nil {
		return "", err
	}
	done, err := undoByID(ctx, tx, a)
	if err != nil || done {
		return outcomeDone, err
	}
	if a.Inner == nil {
		return outcomeIgnored, nil
	}
	if err := forestall(ctx, tx, a); err != nil {
		return "", err
	}
	switch a.Inner.Type {
	case "Follow":
		target, err := localActor(ctx, in.iris, tx, a.Inner.ObjectID)
		if err != nil {
			return ignoreMissing(err)
		}
		return outcomeDone, unfollow(ctx, tx, a.actor.ID, target.ID)
	case models.ReactionLike, models.ReactionAnnounce:
		post, err := localPost(ctx, in.iris, tx, a.Inner.ObjectID)
		if errors.Is(err, models.ErrNotFound) {
			post, err = tx.Posts.ByURI(ctx, a.Inner.ObjectID)
		}
		if err != nil {
			return ignoreMissing(err)
		}
		return outcomeDone, unreact(ctx, tx, a.actor.ID, a.Inner.Type, post.ID)
	}
	return outcomeIgnored, nil
}

// forestall records the undone activity as taken, so that it has no effect should it
// come after its Undo.
func forestall(ctx context.Context, tx *models.Store, a *received) error {
	id := a.Inner.ID
	if id == "" || !vocab.SameHost(id, a.Actor) {
		return nil
	}
	if seen, err := tx.Inbox.Seen(ctx, a.actor.ID, id); err != nil || seen {
		return err
	}
	return tx.Inbox.Record(ctx, &models.InboxSeen{ActorID: a.actor.ID, URI: id, At: a.now, Outcome: outcomeUndone})
}

func undoByID(ctx context.Context, tx *models.Store, a *received) (bool, error) {
	id := a.ObjectID
	if id == "" {
		return false, nil
	}
	f, err := tx.Follows.ByURI(ctx, a.actor.ID, id)
	if err == nil {
		return true, unfollow(ctx, tx, a.actor.ID, f.TargetID)
	}
	if !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	for _, typ := range []string{models.ReactionLike, models.ReactionAnnounce} {
		r, err := tx.Reactions.ByURI(ctx, a.actor.ID, typ, id)
		if err == nil {
			return true, unreact(ctx, tx, a.actor.ID, typ, r.PostID)
		}
		if !errors.Is(err, models.ErrNotFound) {
			return false, err
		}
	}
	return false, nil
}

// unreact takes back a like or a boost, and that somebody was told of it.
func unreact(ctx context.Context, tx *models.Store, actorID int64, typ string, postID int64) error {
	return errors.Join(tx.Reactions.Remove(ctx, actorID, typ, postID), tx.Notifications.Remove(ctx, notifyOf[typ], actorID, postID))
}

func unfollow(ctx context.Context, tx *models.Store, followerID, targetID int64) error {
	return errors.Join(tx.Follows.Remove(ctx, followerID, targetID), tx.Notifications.RemoveFollow(ctx, targetID, followerID))
}

// ignoreMissing makes an outcome of a lookup that found nothing of ours.
func ignoreMissing(err error) (string, error) {
	if errors.Is(err, models.ErrNotFound) {
		return outcomeIgnored, nil
	}
	return "", err
}

// localPost returns the published article or reply of ours that an IRI names.
func localPost(ctx context.Context, iris *IRIs, tx *models.Store, iri string) (*models.Post, error) {
	ref, err := iris.Parse(iri)
	if err != nil || ref.Kind != RefArticle && ref.Kind != RefNote {
		return nil, models.ErrNotFound
	}
	post, err := tx.Posts.ByPublicID(ctx, ref.Name)
	if err != nil {
		return nil, err
	}
	if post.State != models.PostPublished || (ref.Kind == RefArticle) != (post.Kind == models.KindArticle) {
		return nil, models.ErrNotFound
	}
	return post, nil
}
