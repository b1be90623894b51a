package activitypub

import (
	"context"
	"errors"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// Which replies from strangers wait for a yes (reference: FEDERATION.md, "Replies").
const (
	manyMentions = 5
	youngAccount = 7 * 24 * time.Hour
)

// mayStand says whether a reply may stand under an article: its author is not kept
// out, and the article takes replies from them. root is nil while that is unknown.
func (in *Inbox) mayStand(ctx context.Context, tx *models.Store, root, reply *models.Post, actor *models.Actor) (string, error) {
	if root == nil {
		blocked, err := blockedBy(ctx, tx, 0, actor)
		if blocked {
			return outcomeBlocked, err
		}
		return outcomeDone, err
	}
	if blocked, err := blockedBy(ctx, tx, root.ActorID, actor); err != nil || blocked {
		return outcomeBlocked, err
	}
	takes, err := takesReplies(ctx, tx, root, reply, actor)
	if err == nil && !takes {
		return outcomeRefused, nil
	}
	return outcomeDone, err
}

// takesReplies applies an article's policy. Whoever is answered by one of ours may
// always go on.
func takesReplies(ctx context.Context, tx *models.Store, root, reply *models.Post, actor *models.Actor) (bool, error) {
	if root.ReplyPolicy == models.RepliesOpen || root.ReplyPolicy == "" {
		return true, nil
	}
	if answered, err := tx.Posts.AnsweredByUs(ctx, root.ID, actor.ID); err != nil || answered {
		return answered, err
	}
	switch root.ReplyPolicy {
	case models.RepliesFollowers:
		_, err := tx.Follows.Between(ctx, actor.ID, root.ActorID)
		if errors.Is(err, models.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	case models.RepliesMentioned:
		mentioned, err := mentionedActors(ctx, tx, root.ID)
		for _, m := range mentioned {
			if m.ID == actor.ID {
				return true, nil
			}
		}
		return false, err
	}
	return false, nil
}

// waits says whether a reply is held: from somebody unknown here, with what spam has.
func waits(ctx context.Context, tx *models.Store, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) (bool, error) {
	young := actor.JoinedAt != nil && now.Sub(*actor.JoinedAt) < youngAccount
	if !young && len(o.Mentions) < manyMentions && len(o.Attachments) == 0 && !linksOut(actor, o) {
		return false, nil
	}
	known, err := tx.Actors.Known(ctx, actor.ID)
	return !known, err
}

// linksOut says whether a reply leads anywhere but to those it mentions and to the
// hashtags of its own server.
func linksOut(actor *models.Actor, o *vocab.ReceivedObject) bool {
	for _, link := range richtext.Links(richtext.Stranger(o.Content)) {
		host := vocab.Host(link)
		own := host == vocab.Host(*actor.URI)
		for _, m := range o.Mentions {
			own = own || host == vocab.Host(m)
		}
		if !own {
			return true
		}
	}
	return false
}
