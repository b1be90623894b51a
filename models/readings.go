package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Reading says that a post stands on an account's page of what it follows, and why: Via,
// whom the account follows, wrote or boosted it. A post may stand there for several reasons.
type Reading struct {
	AccountID int64 `gorm:"primaryKey;autoIncrement:false"`
	PostID    int64 `gorm:"primaryKey;autoIncrement:false"`
	ViaID     int64 `gorm:"primaryKey;autoIncrement:false"`
	At        time.Time
}

// Readings queries what accounts read of those whom they follow. Rows go by themselves, by
// triggers, with the follow, the boost or the post that they rest on.
type Readings struct{ db *gorm.DB }

// whoFollow are the accounts that follow somebody and were accepted, with posts that they take
// in because of it: not their own, of nobody whom they block, and of replies those to
// somebody whom they follow, too, or to themselves. A boost is taken in whatever it answers.
const whoFollow = ` FROM follows JOIN accounts ON accounts.actor_id = follows.follower_id AND accounts.state = 'active' `

const takeIn = ` AND follows.state = 'accepted' AND posts.state = 'published' AND posts.actor_id <> accounts.actor_id AND posts.visibility <> 'direct'
	AND NOT EXISTS (SELECT 1 FROM blocks JOIN actors ON actors.id = posts.actor_id WHERE blocks.account_id IN (0, accounts.id) AND ` + blockNames + `)
	AND (posts.kind <> 'reply' OR posts.actor_id <> follows.target_id OR EXISTS (SELECT 1 FROM posts parent WHERE parent.id = posts.in_reply_to_id
		AND (parent.actor_id IN (posts.actor_id, accounts.actor_id) OR EXISTS (SELECT 1 FROM follows also
			WHERE also.follower_id = accounts.actor_id AND also.target_id = parent.actor_id AND also.state = 'accepted')))) `

func (q Readings) insert(ctx context.Context, what, posts, where string, args map[string]any) error {
	sql := "INSERT INTO readings (account_id, post_id, via_id, at) SELECT accounts.id, posts.id, follows.target_id, " + what + whoFollow + posts +
		" WHERE " + where + " ON CONFLICT DO NOTHING"
	return translate(q.db.WithContext(ctx).Exec(sql, args).Error)
}

// Add puts a post on the pages of those here who follow via, who wrote or boosted it.
func (q Readings) Add(ctx context.Context, postID, viaID int64, at time.Time) error {
	return q.insert(ctx, "@at", "JOIN posts ON posts.id = @post", "follows.target_id = @via"+takeIn,
		map[string]any{"post": postID, "via": viaID, "at": at.UTC()})
}

// AddAnswers does the same with the replies to a post that came before it.
func (q Readings) AddAnswers(ctx context.Context, postID int64) error {
	return q.insert(ctx, "posts.published_at", "JOIN posts ON posts.actor_id = follows.target_id",
		"posts.in_reply_to_id = @post AND posts.kind = 'reply'"+takeIn, map[string]any{"post": postID})
}

// Begin puts on the page of somebody who follows another from now on the newest that is
// here: at most limit posts that the other wrote, and as many that they boosted.
func (q Readings) Begin(ctx context.Context, followerID, viaID int64, limit int) error {
	args := map[string]any{"follower": followerID, "via": viaID, "limit": limit}
	const these = "follows.target_id = @via AND follows.follower_id = @follower" + takeIn
	err := q.insert(ctx, "posts.published_at", "JOIN posts ON posts.actor_id = @via",
		these+"AND posts.kind IN ('article', 'followed') ORDER BY posts.published_at DESC LIMIT @limit", args)
	if err != nil {
		return err
	}
	return q.insert(ctx, "reactions.created_at", "JOIN reactions ON reactions.actor_id = @via AND reactions.type = 'Announce' JOIN posts ON posts.id = reactions.post_id",
		these+"ORDER BY reactions.id DESC LIMIT @limit", args)
}

// Page returns what stands on an account's page, the newest first, from before a place in
// that order (nil: from the newest): each post once, at the first reason that there was.
func (q Readings) Page(ctx context.Context, v Viewer, before *Cursor, limit int) ([]Reading, error) {
	// SQLite takes a CROSS JOIN in the order it is written: from the account's newest.
	db := visibleTo(v, q.db.WithContext(ctx).Table("readings CROSS JOIN posts").Select("readings.*")).
		Where("posts.id = readings.post_id AND readings.account_id = ? AND posts.moderation = ?", v.AccountID, ModerationShown).
		Where(`NOT EXISTS (SELECT 1 FROM readings first WHERE first.account_id = readings.account_id AND first.post_id = readings.post_id
			AND (first.at < readings.at OR first.at = readings.at AND first.via_id < readings.via_id))`)
	if before != nil {
		at := before.At.UTC()
		db = db.Where("readings.at <= ? AND (readings.at < ? OR readings.post_id < ?)", at, at, before.ID)
	}
	var rows []Reading
	err := db.Order("readings.at DESC, readings.post_id DESC").Limit(limit).Scan(&rows).Error
	return rows, translate(err)
}

// DropBlocked takes what a block names off the pages that it is for.
func (q Readings) DropBlocked(ctx context.Context, b *Block) error {
	db := q.db.WithContext(ctx)
	posts := named(db.Model(&Post{}).Select("id"), "actor_id", b)
	return translate(db.Where("(? = 0 OR account_id = ?) AND post_id IN (?)", b.AccountID, b.AccountID, posts).Delete(&Reading{}).Error)
}

// Prune takes off all pages what came from elsewhere before a time, and what is more than
// keep posts of one whom an account follows.
func (q Readings) Prune(ctx context.Context, before time.Time, keep int) error {
	db := q.db.WithContext(ctx)
	err := db.Exec(`DELETE FROM readings WHERE at < ? AND EXISTS (SELECT 1 FROM posts WHERE posts.id = readings.post_id AND NOT posts.local)`, before.UTC()).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Exec(`DELETE FROM readings WHERE rowid IN (SELECT r.rowid FROM accounts
		CROSS JOIN follows ON follows.follower_id = accounts.actor_id
		CROSS JOIN readings r ON r.via_id = follows.target_id AND r.account_id = accounts.id AND r.at < (
			SELECT at FROM readings n WHERE n.via_id = follows.target_id AND n.account_id = accounts.id ORDER BY at DESC LIMIT 1 OFFSET ?))`, keep-1).Error)
}

// BeRead has coverage that stands on somebody's page be answered, liked and boosted as what
// else stands there. What conferences decided on it stays.
func (q Posts) BeRead(ctx context.Context, id int64) error {
	return translate(q.db.WithContext(ctx).Model(&Post{}).
		Where("id = ? AND kind = ? AND EXISTS (SELECT 1 FROM readings WHERE readings.post_id = posts.id)", id, KindCoverage).
		Update("kind", KindFollowed).Error)
}

// onlyRead keeps what was stored for reading alone and stands on no page kin more: nobody
// here answered, likes or boosts it or anything under it, was told of kin of that, and it is
// about no conference.
const onlyRead = `posts.kind = 'followed' AND NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.post_id = posts.id)
	AND NOT EXISTS (SELECT 1 FROM posts kin WHERE (kin.id = posts.id OR kin.root_id = posts.id) AND (kin.local
		OR EXISTS (SELECT 1 FROM readings WHERE readings.post_id = kin.id)
		OR EXISTS (SELECT 1 FROM notifications WHERE notifications.post_id = kin.id)
		OR EXISTS (SELECT 1 FROM reactions JOIN actors ON actors.id = reactions.actor_id AND actors.local WHERE reactions.post_id = kin.id)))`

// OnlyRead returns at most limit posts that nobody here reads any more, after the one with
// id after.
func (q Posts) OnlyRead(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	// Left to itself SQLite takes the index of lists, and sorts.
	err := q.db.WithContext(ctx).Table("posts INDEXED BY posts_followed").Where("posts.id > ?", after).Where(onlyRead).Order("posts.id").Limit(limit).Pluck("posts.id", &ids).Error
	return ids, translate(err)
}

// LetGo forgets those of the posts that OnlyRead still returns, with what stands under them.
func (q Posts) LetGo(ctx context.Context, ids []int64) error {
	db := q.db.WithContext(ctx)
	var gone []int64
	err := db.Raw(`WITH alone (id) AS (SELECT id FROM posts WHERE id IN ? AND `+onlyRead+`)
		SELECT id FROM alone UNION SELECT posts.id FROM posts JOIN alone ON posts.root_id = alone.id`, ids).Scan(&gone).Error
	if err != nil || len(gone) == 0 {
		return translate(err)
	}
	if err := (Media(q)).drop(ctx, "post_id IN ?", gone); err != nil {
		return err
	}
	for _, sql := range []string{
		"DELETE FROM reaction_uris WHERE reaction_id IN (SELECT id FROM reactions WHERE post_id IN ?)",
		"DELETE FROM reactions WHERE post_id IN ?",
		"DELETE FROM recipients WHERE post_id IN ?",
		"UPDATE posts SET in_reply_to_id = NULL WHERE in_reply_to_id IN ? AND root_id IS NULL",
		"DELETE FROM posts WHERE id IN ?",
	} {
		if err := db.Exec(sql, gone).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}
