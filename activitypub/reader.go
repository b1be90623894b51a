package activitypub

import (
	"context"
	"net/http"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Reader finds out who signed a GET. It returns a *Refusal for a request without a
// signature, for one whose signature proves nothing, and for a signer who is blocked: that
// ends it where the host demands signatures, else it is a reader like any other.
func (in *Inbox) Reader(ctx context.Context, r *http.Request) (*models.Actor, error) {
	now := in.now().UTC()
	sig, err := signature.Parse(r, nil, in.policy(now))
	if err != nil {
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: reason(err)}
	}
	reader, err := in.authenticate(ctx, sig, &vocab.ReceivedActivity{})
	if err != nil {
		return nil, err
	}
	if reader.stored { // reading writes nothing
		return reader.actor, admit(ctx, in.store, reader.actor, &vocab.ReceivedActivity{Actor: *reader.actor.URI})
	}
	err = in.store.InTx(ctx, func(tx *models.Store) error {
		if err := reader.save(ctx, tx, now); err != nil {
			return err
		}
		return admit(ctx, tx, reader.actor, &vocab.ReceivedActivity{Actor: *reader.actor.URI})
	})
	return reader.actor, err
}
