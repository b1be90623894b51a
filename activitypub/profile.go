package activitypub

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/internal/replica"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// profile is a remote actor with its keys, from our tables or fetched just now.
type profile struct {
	actor  *models.Actor
	keys   []heldKey
	listed []string // ids of all the keys in its document, of one that was fetched
	stored bool
	icon   string // where its face is, of one that was fetched

	alsoKnownAs []string // of one that was fetched: ids of who it also is
	movedTo     string   // and of who stands for it now
}

// heldKey is a key that was proved to be somebody's.
type heldKey struct{ id, algorithm, pem string }

// save stores a profile that was fetched. Of somebody who was deleted here nothing
// is stored again.
func (p *profile) save(ctx context.Context, tx *models.Store, now time.Time) error {
	if p.stored {
		return nil
	}
	known, err := tx.Actors.ByURI(ctx, *p.actor.URI)
	if err == nil && known.State == models.StateDeleted {
		p.actor, p.keys = known, nil
		return nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if err := tx.Actors.SaveRemote(ctx, p.actor); err != nil {
		return fmt.Errorf("save actor %s: %w", *p.actor.URI, err)
	}
	for _, k := range p.keys {
		row := &models.ActorKey{ActorID: p.actor.ID, KeyURI: &k.id, Algorithm: k.algorithm, PublicPEM: k.pem, FetchedAt: &now}
		if err := tx.Actors.SaveRemoteKey(ctx, row); err != nil {
			return fmt.Errorf("save actor %s: %w", *p.actor.URI, err)
		}
	}
	if err := tx.Actors.KeepRemoteKeys(ctx, p.actor.ID, p.listed); err != nil {
		return fmt.Errorf("save actor %s: %w", *p.actor.URI, err)
	}
	return replica.Face(ctx, tx, p.actor.ID, p.icon, now)
}

// verify checks a signature with the key that it names. Some servers name the actor
// alone: that stands for any of its keys.
func (p *profile) verify(sig *signature.Signature) error {
	err := sig.Verify(crypto.PublicKey(nil))
	for _, k := range p.keys {
		if k.id != sig.KeyID && *p.actor.URI != sig.KeyID {
			continue
		}
		key, unread := signature.ParsePublicKey(k.pem)
		if unread != nil {
			err = unread
			continue
		}
		if err = sig.Verify(key); err == nil {
			return nil
		}
	}
	return err
}

// holds says whether a key id names one of the profile's keys, or them all.
func (p *profile) holds(keyID string) bool {
	return slices.ContainsFunc(p.keys, func(k heldKey) bool { return k.id == keyID || *p.actor.URI == keyID })
}

// keyHolder finds out from a key's own host who holds it. The owner that a key
// document names proves nothing until the owner's document lists the key
// (GoToSocial's key documents need the second step).
func (r *Resolver) keyHolder(ctx context.Context, keyID string) (*profile, error) {
	doc, err := r.client.KeyDocument(ctx, keyID)
	if err != nil {
		return nil, fetchError{fmt.Errorf("fetch key: %w", err)}
	}
	owner, err := vocab.KeyOwner(doc.Raw, keyID)
	if err != nil {
		return nil, unproved("%w", err)
	}
	if doc.ID != owner || doc.URL != owner {
		if doc, err = r.client.Object(ctx, owner); err != nil {
			return nil, fetchError{fmt.Errorf("fetch the key's owner: %w", err)}
		}
	}
	p, err := r.profileFrom(doc, keyID)
	if err != nil {
		return nil, err
	}
	if !p.holds(keyID) || *p.actor.URI != owner {
		return nil, unproved("%s does not list the key %s", owner, keyID)
	}
	return p, nil
}

// knownHolder returns who holds a key that was proved before.
func (r *Resolver) knownHolder(ctx context.Context, keyID string) (*profile, error) {
	var rows []*models.ActorKey
	actor, err := r.store.Actors.ByURI(ctx, keyID)
	switch {
	case err == nil:
		if rows, err = r.store.Actors.RemoteKeys(ctx, actor.ID); err == nil && len(rows) == 0 {
			err = models.ErrNotFound
		}
	case errors.Is(err, models.ErrNotFound):
		var row *models.ActorKey
		if row, err = r.store.Actors.RemoteKey(ctx, keyID); err == nil {
			rows = []*models.ActorKey{row}
			actor, err = r.store.Actors.ByID(ctx, row.ActorID)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("holder of key %s: %w", keyID, err)
	}
	p := &profile{actor: actor, stored: true}
	for _, row := range rows {
		p.keys = append(p.keys, heldKey{*row.KeyURI, row.Algorithm, row.PublicPEM})
	}
	return p, nil
}

// profileFrom reads an actor's fetched document. Of the keys that it lists it keeps
// those whose ids point back to it, and the one proved by its own document: another
// actor of that server could list anyone's.
func (r *Resolver) profileFrom(doc *fetch.Document, proved string) (*profile, error) {
	got, err := vocab.ParseActor(doc.Raw)
	if err != nil {
		return nil, unproved("%w", err)
	}
	if got.ID != doc.ID || r.iris.Ours(got.ID) {
		return nil, unproved("%s is not where its document says it is", doc.URL)
	}
	now := r.now().UTC()
	actor := &models.Actor{
		URI: &got.ID, Kind: got.Type, Handle: richtext.StrangerText(got.PreferredUsername, maxName), Domain: vocab.Host(got.ID),
		Name: richtext.StrangerText(got.Name, maxName), BioHTML: richtext.Stranger(got.Summary), URL: got.ID,
		Inbox: got.Inbox, SharedInbox: got.SharedInbox, FollowersURI: got.Followers, Discoverable: got.Discoverable,
		Raw: doc.Raw, RenderVersion: richtext.Version, CreatedAt: now, FetchedAt: &now,
	}
	if !got.Published.IsZero() {
		actor.JoinedAt = &got.Published
	}
	// A page on another host could pose as anyone's; Mastodon drops it, too.
	if vocab.SameHost(got.URL, got.ID) {
		actor.URL = got.URL
	}
	return &profile{actor: actor, icon: got.Icon, keys: provedKeys(got, proved), listed: keyIDs(got), alsoKnownAs: got.AlsoKnownAs, movedTo: got.MovedTo}, nil
}

// provedKeys returns the keys of an actor's document that are its own, and that we can read.
func provedKeys(a *vocab.ReceivedActor, proved string) []heldKey {
	var keys []heldKey
	for _, k := range a.Keys {
		home, _, _ := strings.Cut(k.ID, "#")
		if k.Owner != a.ID || home != a.ID && (k.ID != proved || !vocab.SameHost(k.ID, a.ID)) {
			continue
		}
		if k.PEM != "" {
			keys = append(keys, heldKey{k.ID, models.KeyRSA, k.PEM})
			continue
		}
		if key, err := signature.ParseMultibase(k.Multibase); err == nil {
			if pem, err := signature.EncodePublicKey(key); err == nil {
				keys = append(keys, heldKey{k.ID, models.KeyEd25519, pem})
			}
		}
	}
	return keys
}

func keyIDs(a *vocab.ReceivedActor) []string {
	ids := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		ids[i] = k.ID
	}
	return ids
}
