package activitypub

import (
	"context"
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
// were added, times that moved, speakers put right.
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

// Round brings every article that is behind up to date, once.
func (a *Abreast) Round(ctx context.Context) error {
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
	r, err := o.render(ctx, post.About(), rev.Text)
	if err != nil {
		return err
	}
	if r.HTML == post.HTML {
		return o.store.InTx(ctx, done)
	}
	author, err := o.store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return fmt.Errorf("author of post %d: %w", post.ID, err)
	}
	err = o.store.InTx(ctx, func(tx *models.Store) error {
		now, err := tx.Posts.ByID(ctx, post.ID)
		if err != nil || now.State != post.State || *now.PublishedRevisionID != rev.ID {
			return err
		}
		if err := o.publish(ctx, tx, author, now, rev, r, o.now().UTC().Truncate(time.Millisecond), time.Time{}); err != nil {
			return err
		}
		return done(tx)
	})
	if err == nil {
		o.wake()
	}
	return err
}
