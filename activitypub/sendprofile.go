package activitypub

import (
	"context"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// sendProfile tells an actor's followers what its profile has come to say, and ends that
// they are to be told.
func (o *Outbox) sendProfile(ctx context.Context, c models.ActorChanged) error {
	err := o.store.InTx(ctx, func(tx *models.Store) error {
		actor, err := tx.Actors.ByID(ctx, c.ActorID)
		if err != nil {
			return err
		}
		if actor.State == models.StateActive {
			if err := o.updateActor(ctx, tx, actor, o.now().UTC()); err != nil {
				return err
			}
		}
		return tx.Actors.Told(ctx, c)
	})
	if err == nil {
		o.wake()
	}
	return err
}

func (o *Outbox) updateActor(ctx context.Context, tx *models.Store, actor *models.Actor, now time.Time) error {
	doc, err := actorIn(ctx, tx, o.iris, actor)
	if err != nil {
		return err
	}
	doc.Context = nil // the activity's
	inboxes, err := tx.Follows.Inboxes(ctx, actor.ID)
	if err != nil {
		return err
	}
	// What the profile no longer says is neither sent late nor read later.
	if err := tx.Activities.ForgetUpdates(ctx, doc.ID, now); err != nil {
		return err
	}
	_, err = o.record(ctx, tx, act{typ: "Update", actor: actor, object: doc, objectIRI: doc.ID, to: []string{vocab.Public},
		cc: []string{doc.Followers}, visibility: models.VisibilityPublic, inboxes: inboxes}, now)
	return err
}
