package activitypub

import (
	"context"
	"errors"
	"slices"
	"time"

	"confnotes/models"
)

// notifyOf is what a reaction is told as.
var notifyOf = map[string]string{models.ReactionLike: models.NotifyLike, models.ReactionAnnounce: models.NotifyBoost}

// notify tells the account of one of our actors what somebody did, in the transaction
// in which it took effect. Nobody is told of what they did themselves.
func notify(ctx context.Context, tx *models.Store, localActorID int64, kind string, by *models.Actor, postID int64, now time.Time) error {
	if localActorID == by.ID {
		return nil
	}
	account, err := tx.Accounts.ByActor(ctx, localActorID)
	if errors.Is(err, models.ErrNotFound) {
		return nil // the instance itself
	}
	if err != nil {
		return err
	}
	return tx.Notifications.Add(ctx, &models.Notification{AccountID: account.ID, Kind: kind, ActorID: by.ID, PostID: postID, CreatedAt: now})
}

// notifyOfReply tells the author of what a reply answers, the author of the article it
// stands under, and those of ours whom it names: of a private one, only those whom it
// is addressed to.
func notifyOfReply(ctx context.Context, tx *models.Store, reply *models.Post, by *models.Actor, addressed []int64, now time.Time) error {
	told := map[int64]bool{}
	public := reply.Visibility == models.VisibilityPublic || reply.Visibility == models.VisibilityUnlisted
	tell := func(actorID int64, kind string) error {
		if told[actorID] {
			return nil
		}
		told[actorID] = true
		return notify(ctx, tx, actorID, kind, by, reply.ID, now)
	}
	for _, id := range []*int64{reply.InReplyToID, reply.RootID} {
		if id == nil {
			continue
		}
		post, err := tx.Posts.ByID(ctx, *id)
		if err != nil {
			return err
		}
		if !post.Local || !public && !slices.Contains(addressed, post.ActorID) {
			continue
		}
		if err := tell(post.ActorID, models.NotifyReply); err != nil {
			return err
		}
	}
	for _, id := range addressed {
		if err := tell(id, models.NotifyMention); err != nil {
			return err
		}
	}
	return nil
}

// notifyNamed tells those of ours whom an article names, once.
func notifyNamed(ctx context.Context, tx *models.Store, named []*models.Actor, author *models.Actor, article *models.Post, now time.Time) error {
	for _, m := range named {
		if !m.Local {
			continue
		}
		if err := notify(ctx, tx, m.ID, models.NotifyMention, author, article.ID, now); err != nil {
			return err
		}
	}
	return nil
}
