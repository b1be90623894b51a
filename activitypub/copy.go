package activitypub

import (
	"context"
	"errors"
	"strconv"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/introduce"
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

// faceRest is how long a profile is left alone that names a picture which can't be had.
const faceRest = 24 * time.Hour

// giveUp records, in the transaction that ends a job, that what it was for can't be had.
// A face that is not there any more may have moved without our being told.
func (e *Errands) giveUp(ctx context.Context, tx *models.Store, j *models.Job) error {
	if j.Kind == introduce.Job {
		return e.unverified(ctx, tx, j.Payload)
	}
	id, err := strconv.ParseInt(j.Payload, 10, 64)
	if j.Kind != replica.Job || err != nil {
		return nil
	}
	m, err := tx.Media.ByID(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := e.now().UTC()
	if err := tx.Media.Fail(ctx, id, now); err != nil || m.Kind != models.MediaAvatar {
		return err
	}
	actor, err := tx.Actors.ByID(ctx, m.ActorID)
	if err != nil || actor.Local || actor.FetchedAt == nil || now.Sub(*actor.FetchedAt) < faceRest {
		return err
	}
	return queueJob(ctx, tx, jobRefreshActor, *actor.URI, now)
}
