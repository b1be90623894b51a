package activitypub

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// keyring reads our private keys. It keeps what it parsed by the row that it stands in:
// parsing costs more than verifying a signature, and a key that is rotated, perhaps by
// another process, is another row.
type keyring struct {
	store  *models.Store
	iris   *IRIs
	parsed sync.Map // key's row id → crypto.Signer
}

// of returns the keys of some of our actors, by actor, without those that can't be read.
func (k *keyring) of(ctx context.Context, ids ...int64) (map[int64]signature.Keys, error) {
	actors, err := k.store.Actors.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := k.store.Actors.LocalKeys(ctx, ids...)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]signature.Keys, len(ids))
	for id, actor := range actors {
		if keys, ok := k.read(actor, rows[id]); ok {
			all[id] = keys
		}
	}
	return all, nil
}

func (k *keyring) read(actor *models.Actor, rows []*models.ActorKey) (keys signature.Keys, ok bool) {
	for _, row := range rows {
		private, err := k.parse(row)
		if err != nil {
			return keys, false
		}
		switch row.Algorithm {
		case models.KeyRSA:
			keys.RSA = signature.Key{ID: k.iris.Key(actor.HandleLC), Private: private}
		case models.KeyEd25519:
			keys.Ed25519 = signature.Key{ID: k.iris.Ed25519Key(actor.HandleLC), Private: private}
		}
	}
	return keys, keys.RSA.Private != nil
}

func (k *keyring) parse(row *models.ActorKey) (crypto.Signer, error) {
	if key, ok := k.parsed.Load(row.ID); ok {
		return key.(crypto.Signer), nil
	}
	key, err := signature.ParsePrivateKey(row.PrivatePEM)
	if err == nil {
		k.parsed.Store(row.ID, key)
	}
	return key, err
}

// errUnreadableKey: one of ours has no RSA key, or one that can't be parsed.
var errUnreadableKey = errors.New("the actor's key can't be read")

// InstanceKeys returns the keys that GETs are signed with.
func InstanceKeys(store *models.Store, iris *IRIs) func(context.Context) (signature.Keys, error) {
	ring := &keyring{store: store, iris: iris}
	return func(ctx context.Context) (signature.Keys, error) {
		actor, err := store.Actors.LocalByHandle(ctx, InstanceHandle)
		if err != nil {
			return signature.Keys{}, fmt.Errorf("instance actor: %w", err)
		}
		keys, err := ring.of(ctx, actor.ID)
		if err == nil && keys[actor.ID].RSA.Private == nil {
			err = errUnreadableKey
		}
		return keys[actor.ID], err
	}
}

// publicKeys are an actor's keys as its document lists them.
func publicKeys(iris *IRIs, handle string, rows []*models.ActorKey) (*vocab.PublicKey, []vocab.Multikey, error) {
	var rsa *vocab.PublicKey
	var others []vocab.Multikey
	for _, row := range rows {
		switch row.Algorithm {
		case models.KeyRSA:
			rsa = &vocab.PublicKey{ID: iris.Key(handle), Owner: iris.Actor(handle), PublicKeyPEM: row.PublicPEM}
		case models.KeyEd25519:
			key, err := signature.ParsePublicKey(row.PublicPEM)
			if err != nil {
				return nil, nil, fmt.Errorf("Ed25519 key of %s: %w", handle, err)
			}
			if key, ok := key.(ed25519.PublicKey); ok {
				others = append(others, vocab.Multikey{ID: iris.Ed25519Key(handle), Type: "Multikey", Controller: iris.Actor(handle),
					PublicKeyMultibase: signature.EncodeMultibase(key)})
			}
		}
	}
	if rsa == nil {
		return nil, nil, fmt.Errorf("keys of %s: %w", handle, models.ErrNotFound)
	}
	return rsa, others, nil
}
