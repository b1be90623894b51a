package activitypub

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// boosted fetches what somebody boosted whom one of ours follows, unless they took that
// back meanwhile.
func (e *Errands) boosted(ctx context.Context, j *models.Job) error {
	parts := strings.Split(j.Payload, "\n")
	if len(parts) != 3 {
		return unproved("%q is no boost", j.Payload)
	}
	boosterID, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return unproved("%q is no boost", j.Payload)
	}
	post, found, err := e.boostedObject(ctx, parts[1])
	if err != nil {
		return err
	}
	now := e.now().UTC()
	return e.store.InTx(ctx, func(tx *models.Store) error {
		if stands, err := tx.Jobs.Waits(ctx, j.UniqueKey); err != nil || !stands {
			return err
		}
		booster, err := tx.Actors.ByID(ctx, boosterID)
		if err != nil {
			return err
		}
		followed, err := tx.Follows.Followed(ctx, boosterID)
		if err != nil || !followed || booster.State != models.StateActive {
			return err
		}
		if post == nil {
			post, err = e.inbox.storeBoosted(ctx, tx, found, now)
		}
		if err != nil {
			_, err = ignoreMissing(err)
			return err
		}
		_, err = boost(ctx, tx, booster, post, parts[2], now)
		return err
	})
}

// boostedObject finds what a boost names, or what its Create carries where it names that
// (FEP-1b12): here, else at its own server. A Create speaks for its own host alone.
func (e *Errands) boostedObject(ctx context.Context, iri string) (*models.Post, *ancestor, error) {
	if post, err := e.known(ctx, iri); err == nil || !errors.Is(err, models.ErrNotFound) {
		return post, nil, err
	}
	doc, err := e.ownWords(ctx, iri)
	if err != nil {
		return nil, nil, err
	}
	activity, err := vocab.ParseActivity(doc.Raw)
	if err != nil || activity.Type != "Create" {
		found, err := e.proved(ctx, doc)
		return nil, found, err
	}
	if !vocab.SameHost(activity.ObjectID, doc.ID) {
		return nil, nil, unproved("%s creates something elsewhere", doc.ID)
	}
	if post, err := e.known(ctx, activity.ObjectID); err == nil || !errors.Is(err, models.ErrNotFound) {
		return post, nil, err
	}
	found, err := e.fetchAncestor(ctx, activity.ObjectID)
	return nil, found, err
}

// storeBoosted stores what was fetched for a boost: in its thread, where that is here, else
// on its own. It returns models.ErrNotFound for what may not stand here.
func (in *Inbox) storeBoosted(ctx context.Context, tx *models.Store, found *ancestor, now time.Time) (*models.Post, error) {
	if err := found.by.save(ctx, tx, now); err != nil {
		return nil, err
	}
	author, o := found.by.actor, found.obj
	blocked, err := tx.Blocks.Blocked(ctx, 0, author.ID, vocab.Host(o.ID), author.Domain)
	if err != nil || blocked || author.State == models.StateDeleted {
		return nil, errors.Join(err, models.ErrNotFound)
	}
	if _, err := in.storeReply(ctx, tx, author, o, now); err != nil {
		return nil, err
	}
	known, err := tx.Posts.ByURI(ctx, o.ID)
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return known, err
	}
	if buried, err := tx.Posts.Buried(ctx, o.ID, author.ID); err != nil || buried {
		return nil, errors.Join(err, models.ErrNotFound)
	}
	post := replyFrom(author, o, now)
	post.InReplyToURI = "" // what it answers isn't here
	return post, keep(ctx, tx, post, o, nil, now)
}
