package models

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm/clause"
)

type actorAlias struct {
	ActorID   int64 `gorm:"primaryKey;autoIncrement:false"`
	AliasID   int64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt time.Time
}

// AddAlias records that one of ours is also another actor; once.
func (q Actors) AddAlias(ctx context.Context, actorID, aliasID int64, now time.Time) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&actorAlias{actorID, aliasID, now.UTC()}).Error)
}

// RemoveAlias forgets that one of ours is also another actor.
func (q Actors) RemoveAlias(ctx context.Context, actorID, aliasID int64) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ? AND alias_id = ?", actorID, aliasID).Delete(&actorAlias{}).Error)
}

// Aliases returns who one of ours also is, in the order in which they were added.
func (q Actors) Aliases(ctx context.Context, actorID int64) ([]*Actor, error) {
	var rows []*Actor
	err := q.db.WithContext(ctx).Omit("Raw").Joins("JOIN actor_aliases ON actor_aliases.alias_id = actors.id").
		Where("actor_aliases.actor_id = ?", actorID).Order("actor_aliases.created_at, actors.id").Find(&rows).Error
	return rows, translate(err)
}

// HasAlias says whether one of ours is also another actor.
func (q Actors) HasAlias(ctx context.Context, actorID, aliasID int64) (bool, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&actorAlias{}).Where("actor_id = ? AND alias_id = ?", actorID, aliasID).Count(&n).Error
	return n > 0, translate(err)
}

// SetMoved records that an actor, which had so many followers, moved to another.
func (q Actors) SetMoved(ctx context.Context, actorID, targetID, followers int64, now time.Time) error {
	return changed(q.db.WithContext(ctx).Model(&Actor{}).Where("id = ?", actorID).
		Updates(map[string]any{"moved_to_id": targetID, "moved_at": now.UTC(), "moved_followers": followers}))
}

// SetMovedBack takes a move back; when it was stays known.
func (q Actors) SetMovedBack(ctx context.Context, actorID int64) error {
	return changed(q.db.WithContext(ctx).Model(&Actor{}).Where("id = ?", actorID).Update("moved_to_id", nil))
}

// ServerInboxes returns an inbox of every server that is known here: the shared one, or
// somebody's, where there is none.
func (q Actors) ServerInboxes(ctx context.Context) ([]string, error) {
	var inboxes []string
	err := q.db.WithContext(ctx).Raw(`SELECT DISTINCT shared_inbox FROM actors WHERE NOT local AND state = @active AND shared_inbox <> ''
		UNION SELECT MIN(inbox) FROM actors WHERE NOT local AND state = @active GROUP BY host HAVING MAX(shared_inbox) = '' AND MIN(inbox) <> ''`,
		sql.Named("active", StateActive)).Scan(&inboxes).Error
	return inboxes, translate(err)
}

// ForgetKeys forgets the private keys of those who left, once nothing that they sign waits
// to be sent any more.
func (q Actors) ForgetKeys(ctx context.Context) error {
	return translate(q.db.WithContext(ctx).Exec(`UPDATE actor_keys SET private_pem = '' WHERE private_pem <> ''
		AND actor_id IN (SELECT actor_id FROM handles WHERE retired_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.state = 'queued' AND a.actor_id = actor_keys.actor_id)`).Error)
}
