package activitypub

import (
	"context"
	"errors"
	"slices"
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
		f, err := tx.Follows.Between(ctx, actor.ID, root.ActorID)
		if errors.Is(err, models.ErrNotFound) {
			return false, nil
		}
		return err == nil && f.State == models.FollowAccepted, err
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

// waits says whether a reply is held: from somebody unknown here, with what spam has. Whom
// the article mentions, and who speaks at the talks that it shows, was asked to answer.
func (in *Inbox) waits(ctx context.Context, tx *models.Store, root *models.Post, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) (bool, error) {
	young := actor.JoinedAt != nil && now.Sub(*actor.JoinedAt) < youngAccount
	if !young && !loud(o) && !linksOut(actor, o, "") {
		return false, nil
	}
	if known, err := tx.Actors.Known(ctx, actor.ID, 0); err != nil || known {
		return false, err
	}
	asked, err := in.invited(ctx, tx, root, actor)
	return !asked, err
}

// editWaits says whether an edit has a reply wait that is shown: somebody known by this
// reply alone adds what spam has. What it says already was let through.
func (in *Inbox) editWaits(ctx context.Context, tx *models.Store, actor *models.Actor, reply *models.Post, o *vocab.ReceivedObject) (bool, error) {
	if reply.Moderation != models.ModerationShown || !loud(o) && !linksOut(actor, o, reply.HTML) {
		return false, nil
	}
	if known, err := tx.Actors.Known(ctx, actor.ID, reply.ID); err != nil || known || reply.RootID == nil {
		return !known, err
	}
	root, err := tx.Posts.ByID(ctx, *reply.RootID)
	if err != nil {
		return false, err
	}
	asked, err := in.invited(ctx, tx, root, actor)
	return !asked, err
}

func loud(o *vocab.ReceivedObject) bool {
	return len(o.Mentions) >= manyMentions || len(o.Attachments) > 0
}

// linksOut says whether a reply leads anywhere but to those it mentions, to the hashtags
// of its own server and to where the HTML that stood before led.
func linksOut(actor *models.Actor, o *vocab.ReceivedObject, before string) bool {
	fine := map[string]bool{vocab.Host(*actor.URI): true}
	for _, known := range slices.Concat(o.Mentions, richtext.Links(before)) {
		fine[vocab.Host(known)] = true
	}
	return slices.ContainsFunc(richtext.Links(richtext.Stranger(o.Content)), func(link string) bool { return !fine[vocab.Host(link)] })
}
