package activitypub

import (
	"context"
	"errors"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/account"
	"confnotes/models"
)

// DeleteAccount ends an account and its actor for good: every article and session
// goes, the handle is never given again, and every server that was told of anything,
// or is known here, is told of the end: a boost may have taken an article anywhere. The
// key stays until that Delete is delivered: it must be signed. It returns account.ErrLastOwner for the last owner.
func (o *Outbox) DeleteAccount(ctx context.Context, handle string) error {
	now := o.now().UTC()
	err := o.store.InTx(ctx, func(tx *models.Store) error {
		a, err := tx.Accounts.ByHandle(ctx, handle)
		if err != nil {
			return err
		}
		if err := account.KeepAnOwner(ctx, tx, a); err != nil {
			return err
		}
		inboxes, err := tx.Deliveries.InboxesKnowing(ctx, a.ActorID)
		if err != nil {
			return err
		}
		everywhere, err := tx.Actors.ServerInboxes(ctx)
		if err != nil {
			return err
		}
		if err := o.withdrawOf(ctx, tx, &models.Block{ActorID: a.ActorID}, now); err != nil {
			return err
		}
		if err := forgetPerson(ctx, tx, a, now); err != nil {
			return err
		}
		iri := o.iris.Actor(a.Actor.HandleLC)
		_, err = o.record(ctx, tx, act{typ: "Delete", actor: a.Actor, object: iri, objectIRI: iri, to: []string{vocab.Public},
			visibility: models.VisibilityPublic, inboxes: slices.Concat(inboxes, everywhere)}, now)
		return err
	})
	if err == nil {
		o.wake()
	}
	return err
}

func forgetPerson(ctx context.Context, tx *models.Store, a *models.Account, now time.Time) error {
	return errors.Join(
		tx.Activities.ForgetActor(ctx, a.ActorID, now),
		tx.Posts.Erase(ctx, a.ActorID, now),
		tx.Profiles.Forget(ctx, a.ActorID),
		tx.Follows.RemoveActor(ctx, a.ActorID),
		tx.Reactions.RemoveActor(ctx, a.ActorID),
		tx.Notifications.RemoveActor(ctx, a.ActorID),
		tx.Sessions.DeleteAll(ctx, a.ID, ""),
		tx.Accounts.MarkDeleted(ctx, a.ID),
		tx.Actors.MarkDeleted(ctx, a.ActorID, now),
	)
}
