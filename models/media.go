package models

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Kinds of what strangers show.
const (
	MediaAvatar  = "avatar"
	MediaPicture = "picture" // attached to a reply
	MediaEmoji   = "emoji"   // in the text of a reply; its name between colons stands in Alt
	MediaLink    = "link"    // attached, and no picture: it is never fetched
)

// States of a copy.
const (
	MediaAbsent = "absent" // not here, fetched when a page shows it
	MediaWanted = "wanted" // a job fetches it
	MediaKept   = "kept"
	MediaFailed = "failed" // left alone for a while
	MediaGone   = "gone"   // deleted; the row waits until its file is
)

// RemoteMedia is a face, or what is attached to a reply, on another server, with what
// we know of our copy.
type RemoteMedia struct {
	ID            int64
	Kind          string
	ActorID       int64 // whose face, or who attached it
	PostID        int64 // 0: a face
	Position      int
	URL           string // at its origin
	Alt           string
	State         string
	PublicID      string // of our file; "" for none
	MIME          string `gorm:"column:mime"`
	Width, Height int    // pixels, of our file
	Bytes         int
	CheckedAt     *time.Time // when it was last fetched, in vain or not
	UsedAt        time.Time  // when a page last showed it, by the day
}

// TableName says that it isn't ours.
func (RemoteMedia) TableName() string { return "remote_media" }

// Media queries what strangers show.
type Media struct{ db *gorm.DB }

// ByID returns what stands in a row.
func (q Media) ByID(ctx context.Context, id int64) (*RemoteMedia, error) {
	return one[RemoteMedia](q.db.WithContext(ctx).Where("id = ? AND state <> ?", id, MediaGone))
}

// ByFile returns the copy whose file has a public id.
func (q Media) ByFile(ctx context.Context, publicID string) (*RemoteMedia, error) {
	return one[RemoteMedia](q.db.WithContext(ctx).Where("public_id <> '' AND public_id = ? AND state = ?", publicID, MediaKept))
}

// Avatars returns the faces of those actors who have one, by actor.
func (q Media) Avatars(ctx context.Context, actorIDs []int64) (map[int64]*RemoteMedia, error) {
	var rows []*RemoteMedia
	err := q.db.WithContext(ctx).Where("actor_id IN ? AND post_id = 0 AND state <> ?", actorIDs, MediaGone).Find(&rows).Error
	byActor := make(map[int64]*RemoteMedia, len(rows))
	for _, m := range rows {
		byActor[m.ActorID] = m
	}
	return byActor, translate(err)
}

// Attached returns what is attached to posts, by post and in order.
func (q Media) Attached(ctx context.Context, postIDs []int64) (map[int64][]*RemoteMedia, error) {
	var rows []*RemoteMedia
	err := q.db.WithContext(ctx).Where("post_id IN ? AND post_id <> 0 AND state <> ?", postIDs, MediaGone).Order("post_id, position").Find(&rows).Error
	byPost := make(map[int64][]*RemoteMedia, len(postIDs))
	for _, m := range rows {
		byPost[m.PostID] = append(byPost[m.PostID], m)
	}
	return byPost, translate(err)
}

// Set makes what an actor shows, on a post or, with postID 0, as a face, exactly rows.
// What stands at the same place with the same URL stays as it is, but for its
// description. It returns those that are new.
func (q Media) Set(ctx context.Context, actorID, postID int64, rows []*RemoteMedia) ([]*RemoteMedia, error) {
	db := q.db.WithContext(ctx)
	var stand []*RemoteMedia
	if err := db.Where("post_id = ? AND actor_id = ? AND state <> ?", postID, actorID, MediaGone).Find(&stand).Error; err != nil {
		return nil, translate(err)
	}
	known := make(map[int]*RemoteMedia, len(stand))
	for _, m := range stand {
		known[m.Position] = m
	}
	var added, described []*RemoteMedia
	for i, m := range rows {
		m.ActorID, m.PostID, m.Position = actorID, postID, i
		was := known[i]
		if was == nil || was.URL != m.URL || was.Kind != m.Kind {
			added = append(added, m)
			continue
		}
		delete(known, i)
		if was.Alt != m.Alt {
			was.Alt = m.Alt
			described = append(described, was)
		}
	}
	if err := q.drop(ctx, "id IN ?", idsOf(slices.Collect(maps.Values(known)))); err != nil {
		return nil, err
	}
	byID := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"alt"})}
	if len(described) > 0 {
		if err := db.Clauses(byID).Create(&described).Error; err != nil {
			return nil, translate(err)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	return added, translate(db.Create(&added).Error)
}

func idsOf(rows []*RemoteMedia) []int64 {
	ids := make([]int64, len(rows))
	for i, m := range rows {
		ids[i] = m.ID
	}
	return ids
}

// Keep records the file that was made of a wanted copy. It returns ErrNotFound when
// the copy is not wanted any more: what it belongs to was deleted, or blocked.
func (q Media) Keep(ctx context.Context, m *RemoteMedia) error {
	m.State = MediaKept
	return changed(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("id = ? AND state = ?", m.ID, MediaWanted).
		Select("State", "PublicID", "MIME", "Width", "Height", "Bytes", "CheckedAt", "UsedAt").Updates(m))
}

// Fail records that a wanted copy can't be had.
func (q Media) Fail(ctx context.Context, id int64, now time.Time) error {
	return translate(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("id = ? AND state = ?", id, MediaWanted).
		Updates(map[string]any{"state": MediaFailed, "checked_at": now.UTC()}).Error)
}

// Touch records that pages show copies.
func (q Media) Touch(ctx context.Context, ids []int64, now time.Time) error {
	return translate(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("id IN ?", ids).Update("used_at", now.UTC()).Error)
}

// Want turns those of the copies that are absent, or failed before a time, into wanted
// ones, and returns their ids.
func (q Media) Want(ctx context.Context, ids []int64, failedBefore time.Time) ([]int64, error) {
	var wanted []int64
	err := q.db.WithContext(ctx).Raw(`UPDATE remote_media SET state = ? WHERE id IN ? AND kind <> ?
		AND (state = ? OR state = ? AND checked_at < ?) RETURNING id`,
		MediaWanted, ids, MediaLink, MediaAbsent, MediaFailed, failedBefore.UTC()).Scan(&wanted).Error
	return wanted, translate(err)
}

// Lose records that copies have no file any more.
func (q Media) Lose(ctx context.Context, ids []int64) error {
	return translate(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("id IN ? AND state = ?", ids, MediaKept).
		Updates(map[string]any{"state": MediaAbsent, "public_id": "", "bytes": 0}).Error)
}

// Expire lets the files go of at most limit copies that no page has shown since a
// time, and returns how many.
func (q Media) Expire(ctx context.Context, before time.Time, limit int) (int64, error) {
	res := q.db.WithContext(ctx).Exec(`UPDATE remote_media SET state = ? WHERE id IN (
		SELECT id FROM remote_media WHERE state = ? AND used_at < ? ORDER BY used_at LIMIT ?)`, MediaAbsent, MediaKept, before.UTC(), limit)
	return res.RowsAffected, translate(res.Error)
}

// Bytes returns what all copies take.
func (q Media) Bytes(ctx context.Context) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("state = ?", MediaKept).Select("COALESCE(SUM(bytes), 0)").Scan(&n).Error
	return n, translate(err)
}

// Evict lets the files go that were shown longest ago, until the rest takes no more
// than so many bytes.
func (q Media) Evict(ctx context.Context, most int64) error {
	return translate(q.db.WithContext(ctx).Exec(`UPDATE remote_media SET state = ? WHERE id IN (SELECT id FROM (
		SELECT id, SUM(bytes) OVER (ORDER BY used_at DESC, id DESC) AS with_newer FROM remote_media WHERE state = ?) WHERE with_newer > ?)`,
		MediaAbsent, MediaKept, most).Error)
}

// LetGo returns at most limit copies whose files are to be removed.
func (q Media) LetGo(ctx context.Context, limit int) ([]*RemoteMedia, error) {
	var rows []*RemoteMedia
	err := q.db.WithContext(ctx).
		Where("public_id <> '' AND state IN ?", []string{MediaAbsent, MediaWanted, MediaFailed, MediaGone}).Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Removed records that the files of copies are gone, and forgets the rows that waited
// for it.
func (q Media) Removed(ctx context.Context, publicIDs []string) error {
	db := q.db.WithContext(ctx)
	err := db.Model(&RemoteMedia{}).Where("public_id <> '' AND public_id IN ?", publicIDs).Updates(map[string]any{"public_id": "", "bytes": 0}).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Where("state = ? AND public_id = ''", MediaGone).Delete(&RemoteMedia{}).Error)
}

// Strays returns those of the public ids that no copy has.
func (q Media) Strays(ctx context.Context, publicIDs []string) ([]string, error) {
	var known []string
	err := q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("public_id <> '' AND public_id IN ?", publicIDs).Pluck("public_id", &known).Error
	return slices.DeleteFunc(slices.Clone(publicIDs), func(id string) bool { return slices.Contains(known, id) }), translate(err)
}

// DropPost forgets what is attached to a post.
func (q Media) DropPost(ctx context.Context, postID int64) error {
	return q.drop(ctx, "post_id = ?", postID)
}

// DropActor forgets an actor's face and everything that they attached.
func (q Media) DropActor(ctx context.Context, actorID int64) error {
	return q.drop(ctx, "actor_id = ?", actorID)
}

// drop forgets what stands in rows; their files go later, and the rows with them.
func (q Media) drop(ctx context.Context, where string, args ...any) error {
	return translate(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where(where, args...).
		Updates(map[string]any{"state": MediaGone, "url": "", "alt": ""}).Error)
}

// LetGoPost lets the copies go of what is attached to a post that was hidden.
func (q Media) LetGoPost(ctx context.Context, postID int64) error {
	return translate(q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("post_id = ? AND state IN ?", postID, []string{MediaKept, MediaWanted}).
		Update("state", MediaAbsent).Error)
}

// LetGoBlocked lets the copies go of what a block hides: with rootActor, what was
// attached under their articles; with 0, faces and everything. Where a block is lifted,
// a page that shows them has them fetched again.
func (q Media) LetGoBlocked(ctx context.Context, b *Block, rootActor int64) error {
	db := q.db.WithContext(ctx).Model(&RemoteMedia{}).Where("state IN ?", []string{MediaKept, MediaWanted})
	db = named(db, "actor_id", b)
	if rootActor != 0 {
		db = db.Where("EXISTS (SELECT 1 FROM posts p JOIN posts root ON root.id = p.root_id WHERE p.id = remote_media.post_id AND root.actor_id = ?)", rootActor)
	}
	return translate(db.Update("state", MediaAbsent).Error)
}
