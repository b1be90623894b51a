package activitypub

import (
	"context"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Delete takes an article or a reply back: its words leave our tables and the queue, its id
// answers 410 for ever, everyone who may have it is told, and whatever conference
// announced it takes that back. The author may, of a digest those who look after its
// conference, and of what isn't theirs moderators; others get models.ErrNotFound.
func (o *Outbox) Delete(ctx context.Context, by *models.Account, postID int64) error {
	now := o.now().UTC().Truncate(time.Millisecond)
	err := o.store.InTx(ctx, func(tx *models.Store) error {
		post, err := tx.Posts.ByID(ctx, postID)
		if err != nil {
			return err
		}
		mine, err := mayDelete(ctx, tx, by, post)
		if err != nil {
			return err
		}
		if post.State == models.PostDeleted || !post.Local || !mine && (!by.Moderates() || post.State == models.PostDraft) {
			return models.ErrNotFound
		}
		return o.deletePost(ctx, tx, post, now)
	})
	if err == nil {
		o.wake()
	}
	return err
}

// mayDelete says whether a post is an account's own, or its conference's.
func mayDelete(ctx context.Context, tx *models.Store, by *models.Account, post *models.Post) (bool, error) {
	if post.AccountID != nil {
		return *post.AccountID == by.ID, nil
	}
	role, err := tx.Conferences.Role(ctx, by, post.ActorID)
	return role != "" && post.Local, err
}

// holders are the inboxes of everyone who may have a post: of a private reply, only
// those that it was sent to.
func (o *Outbox) holders(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post) ([]string, error) {
	if post.Kind == models.KindReply {
		return o.threadInboxes(ctx, tx, author, post)
	}
	return o.audience(ctx, tx, author, post)
}

func (o *Outbox) deletePost(ctx context.Context, tx *models.Store, post *models.Post, now time.Time) error {
	if err := leaveRecaps(ctx, tx, post); err != nil {
		return err
	}
	if _, err := tx.Profiles.Unfeature(ctx, post.ID); err != nil { // the Delete says so, too
		return err
	}
	if post.State == models.PostDraft {
		return tx.Posts.MarkDeleted(ctx, post.ID, now)
	}
	author, err := tx.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return err
	}
	inboxes, err := o.holders(ctx, tx, author, post)
	if err != nil {
		return err
	}
	if err := o.withdrawAll(ctx, tx, post.ID, now); err != nil {
		return err
	}
	iri := o.iris.Post(post)
	if err := tx.Activities.Forget(ctx, iri, now); err != nil {
		return err
	}
	if err := tx.Posts.MarkDeleted(ctx, post.ID, now); err != nil {
		return err
	}
	if err := tx.Posts.Bury(ctx, &models.Tombstone{URI: iri, ActorID: author.ID, FormerType: post.Type, At: now}); err != nil {
		return err
	}
	tombstone := vocab.Tombstone{ID: iri, Type: "Tombstone", Deleted: vocab.FormatTime(now)}
	_, err = o.record(ctx, tx, act{typ: "Delete", actor: author, object: tombstone, objectIRI: iri, to: []string{vocab.Public},
		visibility: models.VisibilityPublic, inboxes: inboxes}, now)
	return err
}
