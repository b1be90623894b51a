package activitypub

import (
	"context"
	"errors"
	"net/http"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const noMatch = "the signature doesn't match the key"

// authenticate finds out who signed. A key that we have and that doesn't match is
// fetched once: keys rotate. It returns nil, nil for what needs no effect: an
// unknown actor whose server says that it is gone.
func (in *Inbox) authenticate(ctx context.Context, sig *signature.Signature, a *vocab.ReceivedActivity) (*profile, error) {
	if in.iris.Ours(sig.KeyID) {
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "our own keys don't sign to us"}
	}
	if blocked, err := in.store.Blocks.Blocked(ctx, 0, 0, vocab.Host(sig.KeyID)); err != nil || blocked {
		return nil, refuseBlocked(err)
	}
	p, err := in.resolver.knownHolder(ctx, sig.KeyID)
	if err == nil && p.verify(sig) == nil {
		return p, nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	// What is not a minute old needs no second look, or anyone could make us ask
	// another server once for every request.
	mismatch := &Refusal{Status: http.StatusUnauthorized, Reason: noMatch}
	if refuted, ok := in.refuted.Get(sig.KeyID, in.now()); ok && refuted.verify(sig) != nil {
		return nil, mismatch
	}
	leave, err := enter(in.fetches)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, in.keyTime)
	defer cancel()
	if p, err = in.resolver.keyHolder(ctx, sig.KeyID); err != nil {
		return in.keyFailure(ctx, err, a)
	}
	if p.verify(sig) != nil {
		in.refuted.Put(sig.KeyID, p, in.now())
		return nil, mismatch
	}
	return p, nil
}

// keyFailure decides what a key that can't be had means.
func (in *Inbox) keyFailure(ctx context.Context, err error, a *vocab.ReceivedActivity) (*profile, error) {
	var status *fetch.StatusError
	if errors.As(err, &status) && (status.Status == http.StatusGone || status.Status == http.StatusNotFound) {
		if a.Type == "Delete" && a.ObjectID == a.Actor && status.Status == http.StatusGone {
			return in.goneActor(ctx, a.Actor)
		}
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "the key is gone", cause: err}
	}
	var network fetchError
	switch {
	case errors.Is(err, errUnproved):
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "the key proves nothing", cause: err}
	case !errors.As(err, &network):
		return nil, err
	case errors.Is(err, fetch.ErrOff):
		return nil, &Refusal{Status: http.StatusServiceUnavailable, Reason: "federation is off here", cause: err}
	case permanent(err):
		return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "the key could not be fetched", cause: err}
	}
	return nil, &Refusal{Status: http.StatusServiceUnavailable, Reason: "the key could not be fetched now, try again", RetryAfter: 5 * time.Minute, cause: err}
}

// goneActor takes a deleted actor's word for it: its key is often gone first, so its
// server's 410 stands for a signature. The 410 must be the actor's own: the key id
// is the sender's choice, and any deleted page of that server answers 410, too.
func (in *Inbox) goneActor(ctx context.Context, iri string) (*profile, error) {
	known, err := in.store.Actors.ByURI(ctx, iri)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = in.resolver.actor(ctx, iri, true)
	var status *fetch.StatusError
	if errors.As(err, &status) && status.Status == http.StatusGone && vocab.SameHost(status.URL, iri) {
		return &profile{actor: known, stored: true}, nil
	}
	return nil, &Refusal{Status: http.StatusUnauthorized, Reason: "the key is gone, but the actor isn't", cause: err}
}

// permanent says whether fetching the same again would fail the same.
func permanent(err error) bool {
	for _, e := range []error{fetch.ErrRefused, fetch.ErrID, fetch.ErrContentType, fetch.ErrTooLarge, fetch.ErrRedirects} {
		if errors.Is(err, e) {
			return true
		}
	}
	var status *fetch.StatusError
	return errors.As(err, &status) && status.Status < 500 && status.Status != http.StatusTooManyRequests && status.Status != http.StatusRequestTimeout
}
