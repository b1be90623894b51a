package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// FollowersIn returns at most limit of those who follow an actor or, by state, ask to, the
// newest first: with ids below before (0: from the newest).
func (q Follows) FollowersIn(ctx context.Context, targetID int64, state string, before int64, limit int) ([]*Follow, error) {
	db := q.db.WithContext(ctx).Where("target_id = ? AND state = ?", targetID, state)
	if before != 0 {
		db = db.Where("id < ?", before)
	}
	var rows []*Follow
	err := db.Order("id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CountFollowers returns how many follow an actor or, by state, ask to, and the id of the
// newest follow.
func (q Follows) CountFollowers(ctx context.Context, targetID int64, state string) (n, newest int64, err error) {
	var row struct{ N, Newest int64 }
	err = q.db.WithContext(ctx).Model(&Follow{}).Where("target_id = ? AND state = ?", targetID, state).
		Select("COUNT(*) AS n, COALESCE(MAX(id), 0) AS newest").Scan(&row).Error
	return row.N, row.Newest, translate(err)
}

// Chosen returns the follows of an actor that are in a state and have one of the ids or,
// with last, came no later than the one with that id; oldest first.
func (q Follows) Chosen(ctx context.Context, targetID int64, state string, last int64, ids []int64) ([]*Follow, error) {
	db := q.db.WithContext(ctx).Where("target_id = ? AND state = ?", targetID, state)
	if last != 0 {
		db = db.Where("id <= ?", last)
	} else {
		db = db.Where("id IN ?", ids)
	}
	var rows []*Follow
	err := db.Order("id").Find(&rows).Error
	return rows, translate(err)
}

type backfilled struct {
	ActorID int64  `gorm:"primaryKey;autoIncrement:false"`
	Host    string `gorm:"primaryKey"`
	At      time.Time
}

// TableName is backfilled: it says what was done.
func (backfilled) TableName() string { return "backfilled" }

// Backfill records that a server gets an actor's last articles, and says whether it is the
// first time.
func (q Follows) Backfill(ctx context.Context, actorID int64, host string, now time.Time) (bool, error) {
	res := q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&backfilled{actorID, host, now.UTC()})
	return res.RowsAffected == 1, translate(res.Error)
}
