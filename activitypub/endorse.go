package activitypub

import (
	"context"
	"errors"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// React likes or boosts, by typ, an article or a reply that the account may see, and
// tells its author, for a boost also the account's followers. Doing it again changes
// nothing. What isn't public can't be boosted: models.ErrNotFound.
func (o *Outbox) React(ctx context.Context, by *models.Account, post *models.Post, typ string) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := seen(ctx, tx, by, post); err != nil {
			return err
		}
		if typ == models.ReactionAnnounce && post.Visibility != models.VisibilityPublic && post.Visibility != models.VisibilityUnlisted {
			return models.ErrNotFound
		}
		mine, err := tx.Reactions.Mine(ctx, by.ActorID, post.ID)
		if err != nil || mine[models.Reaction{Type: typ, PostID: post.ID}] {
			return err
		}
		author, err := tx.Actors.ByID(ctx, post.ActorID)
		if err != nil {
			return err
		}
		a, err := o.endorsement(ctx, tx, by.Actor, author, post, typ)
		if err != nil {
			return err
		}
		row, err := o.record(ctx, tx, *a, now)
		if err != nil {
			return err
		}
		reaction := &models.Reaction{Type: typ, ActorID: by.ActorID, PostID: post.ID, CreatedAt: now}
		if err := tx.Reactions.Put(ctx, reaction, o.iris.Activity(row.PublicID)); err != nil {
			return err
		}
		if typ == models.ReactionAnnounce {
			if err := tx.Readings.Add(ctx, post.ID, by.ActorID, now); err != nil {
				return err
			}
		}
		if !author.Local {
			return nil
		}
		return notify(ctx, tx, author.ID, notifyOf[typ], by.Actor, post.ID, now)
	})
}

// endorsement is a Like, sent to the author alone, or an Announce, sent to the
// followers too (mastodon.md 42).
func (o *Outbox) endorsement(ctx context.Context, tx *models.Store, by, author *models.Actor, post *models.Post, typ string) (*act, error) {
	iri := o.iris.Post(post)
	a := &act{typ: typ, actor: by, object: iri, objectIRI: iri, to: []string{actorIRI(o.iris, author)}, visibility: post.Visibility}
	if !author.Local {
		a.inboxes = []string{author.Inbox}
	}
	if typ == models.ReactionLike {
		return a, nil
	}
	a.to, a.cc = []string{vocab.Public}, []string{actorIRI(o.iris, author), o.iris.Followers(by.HandleLC)}
	followers, err := tx.Follows.Inboxes(ctx, by.ID)
	if !author.Local {
		a.inboxes = []string{author.DeliveryInbox()}
	}
	a.inboxes = append(a.inboxes, followers...)
	return a, err
}

// Unreact takes back a like or a boost, and tells everyone who was told of it, in an
// Undo that is addressed alike.
func (o *Outbox) Unreact(ctx context.Context, by *models.Account, post *models.Post, typ string) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		iri := o.iris.Post(post)
		done, err := tx.Activities.Latest(ctx, by.ActorID, typ, iri)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		mine, err := tx.Reactions.Mine(ctx, by.ActorID, post.ID)
		if err != nil || !mine[models.Reaction{Type: typ, PostID: post.ID}] {
			return err
		}
		if err := unreact(ctx, tx, by.ActorID, typ, post.ID); err != nil {
			return err
		}
		author, err := tx.Actors.ByID(ctx, post.ActorID)
		if err != nil {
			return err
		}
		a, err := o.endorsement(ctx, tx, by.Actor, author, post, typ)
		if err != nil {
			return err
		}
		if a.inboxes, err = tx.Deliveries.InboxesOf(ctx, done.ID); err != nil {
			return err
		}
		a.typ, a.object = "Undo", vocab.Activity{ID: o.iris.Activity(done.PublicID), Type: typ, Actor: o.iris.Actor(by.Actor.HandleLC), To: a.to, CC: a.cc, Object: iri}
		_, err = o.record(ctx, tx, *a, now)
		return err
	})
}

// change runs f in a transaction and has what it queued sent.
func (o *Outbox) change(ctx context.Context, f func(tx *models.Store, now time.Time) error) error {
	now := o.now().UTC().Truncate(time.Millisecond)
	err := o.store.InTx(ctx, func(tx *models.Store) error { return f(tx, now) })
	if err == nil {
		o.wake()
	}
	return err
}
