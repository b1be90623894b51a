package activitypub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"confnotes/internal/introduce"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	upkeepEvery = time.Hour
	// seenLife is how long a received activity is remembered; signatures are good for
	// hours, so anything older can't be replayed.
	seenLife    = 30 * 24 * time.Hour
	renderBatch = 50
	letGoBatch  = 200
	// recheckBatch is how many links of profiles are looked at again in an hour.
	recheckBatch = 500
	newsLife     = 180 * 24 * time.Hour // of notifications
	// answerLife is how long what a server said that was given up is kept. That it was
	// told of an article stays known as long as the article: a Delete goes there, too.
	answerLife = 90 * 24 * time.Hour
)

// Upkeep does what keeps the tables in shape: HTML made by older rules is rendered
// again from its source, and what need not be remembered is forgotten.
type Upkeep struct {
	store  *models.Store
	outbox *Outbox
	log    *slog.Logger
	now    func() time.Time
}

// NewUpkeep makes an Upkeep.
func NewUpkeep(store *models.Store, outbox *Outbox, log *slog.Logger, now func() time.Time) *Upkeep {
	return &Upkeep{store, outbox, log, now}
}

// Run works at once, then every hour, until ctx ends.
func (u *Upkeep) Run(ctx context.Context) error {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		if err := u.round(ctx); err != nil && ctx.Err() == nil {
			u.log.ErrorContext(ctx, "upkeep", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (u *Upkeep) round(ctx context.Context) error {
	err := u.store.InTx(ctx, func(tx *models.Store) error {
		before := u.now().Add(-seenLife)
		return errors.Join(introduce.Recheck(ctx, tx, u.now(), recheckBatch), tx.Notifications.Prune(ctx, u.now().Add(-newsLife)), tx.Reports.Prune(ctx, u.now().Add(-newsLife)), tx.Inbox.Prune(ctx, before), tx.Posts.PruneTombstones(ctx, before), tx.Deliveries.PruneLanes(ctx),
			tx.Deliveries.ForgetAnswers(ctx, u.now().Add(-answerLife)), tx.Readings.Prune(ctx, u.now().Add(-readLife), maxRead), tx.Actors.ForgetKeys(ctx))
	})
	if err != nil {
		return err
	}
	if err := u.letGo(ctx); err != nil {
		return fmt.Errorf("let go of what was read: %w", err)
	}
	if err := queueLooks(ctx, u.store, u.now()); err != nil {
		return err
	}
	for ctx.Err() == nil {
		stale, err := u.store.Posts.Stale(ctx, richtext.Version, renderBatch)
		if err != nil || len(stale) == 0 {
			return err
		}
		for _, p := range stale {
			if err := u.rerender(ctx, p); err != nil {
				return fmt.Errorf("render post %d again: %w", p.ID, err)
			}
		}
	}
	return nil
}

// letGo forgets what was kept for reading and stands on nobody's page any more.
func (u *Upkeep) letGo(ctx context.Context) error {
	last := int64(0)
	for ctx.Err() == nil {
		ids, err := u.store.Posts.OnlyRead(ctx, last, letGoBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := u.store.InTx(ctx, func(tx *models.Store) error { return tx.Posts.LetGo(ctx, ids) }); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
	return nil
}

// rerender makes a post's HTML again by today's rules. Readers see it; other servers
// are not told, as nothing was edited.
func (u *Upkeep) rerender(ctx context.Context, p *models.Post) error {
	attached, err := u.store.Media.Attached(ctx, []int64{p.ID})
	if err != nil {
		return err
	}
	var urls []string
	for _, m := range attached[p.ID] {
		if m.Kind != models.MediaEmoji {
			urls = append(urls, m.URL)
		}
	}
	html, outline := strangersHTML(p, urls), ""
	if p.Local {
		rev, err := u.store.Revisions.ByID(ctx, *p.PublishedRevisionID)
		if err != nil {
			return err
		}
		render := func(ctx context.Context, text models.RevisionText) (*rendered, error) {
			a, err := again(ctx, u.store, p, text)
			if err != nil {
				return nil, err
			}
			return u.outbox.render(ctx, a)
		}
		if p.Kind == models.KindReply {
			render = func(ctx context.Context, text models.RevisionText) (*rendered, error) {
				return u.outbox.renderNote(ctx, text, *p.PublicID)
			}
		}
		r, err := render(ctx, rev.Text)
		if err != nil {
			return err
		}
		html, outline = r.HTML, richtext.EncodeOutline(r.Headings)
	}
	return u.store.InTx(ctx, func(tx *models.Store) error { return tx.Posts.SetHTML(ctx, p, html, outline, richtext.Version) })
}
