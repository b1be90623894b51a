package activitypub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"confnotes/models"
)

const (
	// abreastEvery is how often articles whose talks changed are rendered again. Whatever
	// changed in between makes one Update.
	abreastEvery = time.Minute
	abreastBatch = 50
)

// Abreast keeps published talk notes and recaps in step with their talks: slides that
// were added, times that moved, speakers put right. Other servers hear of profiles that
// changed in the same rounds.
type Abreast struct {
	store  *models.Store
	outbox *Outbox
	log    *slog.Logger
	every  time.Duration
}

// NewAbreast makes an Abreast.
func NewAbreast(store *models.Store, outbox *Outbox, log *slog.Logger) *Abreast {
	return &Abreast{store, outbox, log, abreastEvery}
}

// Run works until ctx ends.
func (a *Abreast) Run(ctx context.Context) error {
	tick := time.NewTicker(a.every)
	defer tick.Stop()
	for {
		if err := a.Round(ctx); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "articles about talks", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Round brings every article that is behind up to date, once, and sends each profile that
// changed.
func (a *Abreast) Round(ctx context.Context) error {
	return errors.Join(a.articles(ctx), a.profiles(ctx))
}

func (a *Abreast) articles(ctx context.Context) error {
	for after := int64(0); ctx.Err() == nil; {
		rows, err := a.store.Posts.Behind(ctx, after, abreastBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, b := range rows {
			if err := a.outbox.catchUp(ctx, b); err != nil && ctx.Err() == nil {
				a.log.ErrorContext(ctx, "render an article again", "post", b.PostID, "error", err)
			}
			after = b.PostID
		}
	}
	return nil
}

func (a *Abreast) profiles(ctx context.Context) error {
	for after := int64(0); ctx.Err() == nil; {
		rows, err := a.store.Actors.Changed(ctx, after, abreastBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, c := range rows {
			if err := a.outbox.sendProfile(ctx, c); err != nil && ctx.Err() == nil {
				a.log.ErrorContext(ctx, "send a profile", "actor", c.ActorID, "error", err)
			}
			after = c.ActorID
		}
	}
	return nil
}

// UpdateRecaps shows a note of an author's as it is by now in the published recaps that
// show it, with an Update of each. It returns how many there were.
func (o *Outbox) UpdateRecaps(ctx context.Context, author *models.Account, note *models.Post) (int, error) {
	recaps, err := o.store.Posts.RecapsWith(ctx, note.ID)
	if err != nil {
		return 0, err
	}
	for _, p := range recaps {
		rev, err := o.store.Revisions.ByID(ctx, *p.PublishedRevisionID)
		if err != nil {
			return 0, err
		}
		a, err := again(ctx, o.store, p, rev.Text)
		if err != nil {
			return 0, err
		}
		delete(a.Shown, note.ID) // of this one, the newest
		r, err := o.render(ctx, a)
		if err != nil {
			return 0, err
		}
		if err := o.republish(ctx, author.Actor, p, rev, r, nil); err != nil {
			return 0, err
		}
	}
	return len(recaps), nil
}

// republish publishes the same revision of an article as it was rendered again, unless
// another was published meanwhile.
func (o *Outbox) republish(ctx context.Context, author *models.Actor, post *models.Post, rev *models.Revision, r *rendered, done func(*models.Store) error) error {
	err := o.store.InTx(ctx, func(tx *models.Store) error {
		now, err := tx.Posts.ByID(ctx, post.ID)
		if err != nil || now.State != models.PostPublished || *now.PublishedRevisionID != rev.ID {
			return err
		}
		if r.HTML != now.HTML {
			if err := o.publish(ctx, tx, author, now, rev, r, o.now().UTC().Truncate(time.Millisecond), time.Time{}); err != nil {
				return err
			}
		}
		if done == nil {
			return nil
		}
		return done(tx)
	})
	if err == nil {
		o.wake()
	}
	return err
}

// catchUp renders an article again and, if readers see something else then, federates
// one Update. One that is published anew meanwhile stays behind until the next round.
func (o *Outbox) catchUp(ctx context.Context, b models.Behind) error {
	post, err := o.store.Posts.ByID(ctx, b.PostID)
	if err != nil {
		return err
	}
	done := func(tx *models.Store) error { return tx.Posts.CaughtUp(ctx, b) }
	if post.State != models.PostPublished || post.PublishedRevisionID == nil {
		return o.store.InTx(ctx, done)
	}
	rev, err := o.store.Revisions.ByID(ctx, *post.PublishedRevisionID)
	if err != nil {
		return err
	}
	a, err := again(ctx, o.store, post, rev.Text)
	if err != nil {
		return err
	}
	r, err := o.render(ctx, a)
	if err != nil {
		return err
	}
	author, err := o.store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return fmt.Errorf("author of post %d: %w", post.ID, err)
	}
	return o.republish(ctx, author, post, rev, r, done)
}
