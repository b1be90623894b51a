package activitypub

import (
	"context"
	"errors"
	"strconv"

	"confnotes/activitypub/vocab"
	"confnotes/internal/replica"
	"confnotes/models"
)

// copyPicture fetches a stranger's picture and makes our copy of it, unless in the
// meantime it is not wanted any more, or its server is blocked.
func (e *Errands) copyPicture(ctx context.Context, row string) error {
	id, err := strconv.ParseInt(row, 10, 64)
	if err != nil {
		return unproved("%q is no picture's row", row)
	}
	m, err := e.store.Media.ByID(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && m.State != models.MediaWanted {
		return nil
	}
	if err != nil {
		return err
	}
	actor, err := e.store.Actors.ByID(ctx, m.ActorID)
	if err != nil {
		return err
	}
	blocked, err := e.store.Blocks.Blocked(ctx, 0, actor.ID, actor.Host, actor.Domain, vocab.Host(m.URL))
	if err != nil {
		return err
	}
	if blocked {
		return unproved("%s is blocked", m.URL)
	}
	file, err := e.client.Picture(ctx, m.URL)
	if err != nil {
		return err
	}
	err = e.copies.Keep(ctx, m, file)
	if errors.Is(err, replica.ErrRefused) {
		return errors.Join(errUnproved, err)
	}
	return err
}

// giveUp records, in the transaction that ends a job, that what it was for can't be had.
func (e *Errands) giveUp(ctx context.Context, tx *models.Store, j *models.Job) error {
	id, err := strconv.ParseInt(j.Payload, 10, 64)
	if j.Kind != replica.Job || err != nil {
		return nil
	}
	return tx.Media.Fail(ctx, id, e.now())
}
