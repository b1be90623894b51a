package models

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"
)

// Kinds of keys.
const (
	KeyRSA     = "rsa"
	KeyEd25519 = "ed25519"
)

// ActorKey is a public key, with the private one for ours.
type ActorKey struct {
	ID         int64
	ActorID    int64
	KeyURI     *string // nil for ours
	Algorithm  string  // KeyRSA or KeyEd25519
	PublicPEM  string
	PrivatePEM string
	RetiredAt  *time.Time
	FetchedAt  *time.Time
}

// addKeys stores keys of one of ours.
func (q Actors) addKeys(ctx context.Context, actorID int64, keys []*ActorKey) error {
	for _, k := range keys {
		k.ActorID = actorID
	}
	return translate(q.db.WithContext(ctx).Create(keys).Error)
}

// LocalKeys returns what some local actors sign with, by actor, the oldest first; also
// deleted ones': their Delete must still be signed.
func (q Actors) LocalKeys(ctx context.Context, actorIDs ...int64) (map[int64][]*ActorKey, error) {
	var rows []*ActorKey
	err := q.db.WithContext(ctx).Where("actor_id IN ? AND private_pem <> '' AND retired_at IS NULL", actorIDs).Order("id").Find(&rows).Error
	byActor := make(map[int64][]*ActorKey, len(actorIDs))
	for _, k := range rows {
		byActor[k.ActorID] = append(byActor[k.ActorID], k)
	}
	return byActor, translate(err)
}

// ReplaceLocalKeys has one of ours sign with other keys from now on. What is left of the
// old ones is public.
func (q Actors) ReplaceLocalKeys(ctx context.Context, actorID int64, keys []*ActorKey, now time.Time) error {
	err := q.db.WithContext(ctx).Model(&ActorKey{}).Where("actor_id = ? AND retired_at IS NULL", actorID).
		Updates(map[string]any{"retired_at": now.UTC(), "private_pem": ""}).Error
	if err != nil {
		return translate(err)
	}
	return q.addKeys(ctx, actorID, keys)
}

// AddLocalKey gives one of ours another key.
func (q Actors) AddLocalKey(ctx context.Context, actorID int64, key *ActorKey) error {
	return q.addKeys(ctx, actorID, []*ActorKey{key})
}

// LackingEd25519 returns the ids of our active actors that have no Ed25519 key.
func (q Actors) LackingEd25519(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Actor{}).
		Where("local AND state = ? AND NOT EXISTS (SELECT 1 FROM actor_keys k WHERE k.actor_id = actors.id AND k.algorithm = ? AND k.retired_at IS NULL)",
			StateActive, KeyEd25519).Order("id").Pluck("id", &ids).Error
	return ids, translate(err)
}

// RemoteKey returns a key that was fetched before.
func (q Actors) RemoteKey(ctx context.Context, keyURI string) (*ActorKey, error) {
	return one[ActorKey](q.db.WithContext(ctx).Where("key_uri = ?", keyURI))
}

// RemoteKeys returns all keys of a remote actor that are known.
func (q Actors) RemoteKeys(ctx context.Context, actorID int64) ([]*ActorKey, error) {
	var rows []*ActorKey
	err := q.db.WithContext(ctx).Where("actor_id = ? AND key_uri IS NOT NULL", actorID).Order("id").Find(&rows).Error
	return rows, translate(err)
}

// ListsEd25519 says whether an actor is known, of the server with this host, that lists an
// Ed25519 key.
func (q Actors) ListsEd25519(ctx context.Context, host string) (bool, error) {
	var lists bool
	err := q.db.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM actors a JOIN actor_keys k ON k.actor_id = a.id
		WHERE a.host = ? AND NOT a.local AND a.state = ? AND k.algorithm = ?)`, host, StateActive, KeyEd25519).Scan(&lists).Error
	return lists, translate(err)
}

// KeepRemoteKeys forgets the keys of a remote actor that it no longer lists: whoever stole
// one can't use it for ever.
func (q Actors) KeepRemoteKeys(ctx context.Context, actorID int64, listed []string) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ? AND key_uri NOT IN ?", actorID, append(listed, "")).Delete(&ActorKey{}).Error)
}

// SaveRemoteKey stores a remote actor's key. It returns ErrConflict when the key's
// URI already belongs to another actor.
func (q Actors) SaveRemoteKey(ctx context.Context, key *ActorKey) error {
	db := q.db.WithContext(ctx)
	err := db.Clauses(clause.OnConflict{
		Columns:     []clause.Column{{Name: "key_uri"}},
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "key_uri IS NOT NULL"}}},
		DoUpdates:   clause.AssignmentColumns([]string{"public_pem", "algorithm", "fetched_at"}),
		Where:       clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "actor_keys.actor_id = excluded.actor_id"}}},
	}).Create(key).Error
	if err != nil {
		return translate(err)
	}
	var n int64
	err = db.Model(&ActorKey{}).Where("key_uri = ? AND actor_id = ?", *key.KeyURI, key.ActorID).Count(&n).Error
	if err == nil && n == 0 {
		return fmt.Errorf("key %s: %w", *key.KeyURI, ErrConflict)
	}
	return translate(err)
}
