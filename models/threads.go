package models

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// CountThreads returns how many replies the viewer may see under each article.
func (q Posts) CountThreads(ctx context.Context, v Viewer, articles []*Post) (map[int64]int64, error) {
	ids := make([]int64, len(articles))
	for i, p := range articles {
		ids[i] = p.ID
	}
	var rows []struct{ RootID, N int64 }
	err := visibleTo(v, q.db.WithContext(ctx).Model(&Post{})).Select("posts.root_id, COUNT(*) AS n").
		Where("posts.root_id IN ? AND posts.kind = ?", ids, KindReply).Group("posts.root_id").Scan(&rows).Error
	byRoot := make(map[int64]int64, len(rows))
	for _, r := range rows {
		byRoot[r.RootID] = r.N
	}
	return byRoot, translate(err)
}

// PublicReplies returns what our `replies` collection lists: their ids alone.
func (q Posts) PublicReplies(ctx context.Context, postID int64) ([]*Post, error) {
	var rows []*Post
	err := readable(q.db.WithContext(ctx).Model(&Post{})).Select("id", "uri", "public_id", "local", "kind").
		Where("posts.in_reply_to_id = ?", postID).
		Order("posts.published_at, posts.id").Limit(maxThread).Find(&rows).Error
	return rows, translate(err)
}

// AnsweredByUs says whether one of ours answered an actor under an article.
func (q Posts) AnsweredByUs(ctx context.Context, rootID, actorID int64) (bool, error) {
	var answered bool
	err := q.db.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM posts theirs JOIN posts ours ON ours.in_reply_to_id = theirs.id
		WHERE theirs.root_id = ? AND theirs.kind = 'reply' AND theirs.actor_id = ? AND ours.local AND ours.state = 'published')`, rootID, actorID).Scan(&answered).Error
	return answered, translate(err)
}

// Held returns at most limit replies that wait under an account's own articles, or for a
// moderator under everyone's, the oldest first, from after the one with id after.
func (q Posts) Held(ctx context.Context, v Viewer, after int64, limit int) ([]*Post, error) {
	var rows []*Post
	err := held(v, q.db.WithContext(ctx)).Omit("Raw").Where("posts.id > ?", after).Order("posts.id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CountHeld returns how many replies wait for the viewer, and the id of the newest.
func (q Posts) CountHeld(ctx context.Context, v Viewer) (n, newest int64, err error) {
	var row struct{ N, Newest int64 }
	err = held(v, q.db.WithContext(ctx).Model(&Post{})).Select("COUNT(*) AS n, COALESCE(MAX(posts.id), 0) AS newest").Scan(&row).Error
	return row.N, row.Newest, translate(err)
}

// Decide releases or rejects those of the replies that wait for the viewer: all that
// came no later than the one with id last, or those with the ids.
func (q Posts) Decide(ctx context.Context, v Viewer, last int64, ids []int64, moderation string) error {
	db := q.db.WithContext(ctx)
	waiting := held(v, db.Model(&Post{})).Select("posts.id")
	if last != 0 {
		waiting = waiting.Where("posts.id <= ?", last)
	} else {
		waiting = waiting.Where("posts.id IN ?", ids)
	}
	return translate(db.Model(&Post{}).Where("id IN (?)", waiting).Update("moderation", moderation).Error)
}

// held keeps what waits for an account's word under an article that still stands: its own
// or, a moderator's, any that everybody may read. Private ones are for who is addressed.
func held(v Viewer, db *gorm.DB) *gorm.DB {
	return db.Where(`posts.moderation = 'held' AND posts.state = ? AND posts.root_id IS NOT NULL
		AND EXISTS (SELECT 1 FROM posts root WHERE root.id = posts.root_id AND root.state = 'published' AND (? AND root.visibility IN ? OR root.actor_id = ?))
		AND (posts.visibility IN ? OR EXISTS (SELECT 1 FROM recipients r WHERE r.post_id = posts.id AND r.actor_id = ?))`,
		PostPublished, v.Moderates, forEverybody, v.ActorID, forEverybody, v.ActorID)
}

// Adopt puts replies that came before their parent under it, and once the parent
// stands in a thread, everything below it into that thread. What the author of the
// thread's article, or the instance, blocks comes in hidden, and so does what the article
// doesn't take.
func (q Posts) Adopt(ctx context.Context, parent *Post) error {
	if parent.URI == nil {
		return nil
	}
	db := q.db.WithContext(ctx)
	err := db.Model(&Post{}).Where("in_reply_to_id IS NULL AND in_reply_to_uri = ?", *parent.URI).Update("in_reply_to_id", parent.ID).Error
	root := parent.RootID
	if parent.HeadsThread() {
		root = &parent.ID
	}
	if err != nil || root == nil {
		return translate(err)
	}
	// UNION ends a circle of replies, too.
	return translate(db.Exec(`WITH RECURSIVE below (id) AS (
			SELECT id FROM posts WHERE in_reply_to_id = ? UNION SELECT posts.id FROM posts JOIN below ON posts.in_reply_to_id = below.id)
		UPDATE posts SET root_id = ?, moderation = CASE WHEN EXISTS (
			SELECT 1 FROM blocks JOIN actors ON actors.id = posts.actor_id
			WHERE blocks.account_id IN (0, (SELECT account_id FROM posts root WHERE root.id = ?))
			AND `+blockNames+`
		) OR NOT posts.local AND NOT EXISTS (SELECT 1 FROM posts root WHERE root.id = ? AND `+takes+`) THEN ? ELSE moderation END
		WHERE root_id IS NULL AND id IN (SELECT id FROM below)`, parent.ID, *root, *root, *root, ModerationHidden).Error)
}

// takes says whether an article, root, takes a reply from the author of posts: what the
// inbox asks of one whose place is known when it comes.
const takes = `(root.reply_policy IN ('', 'open')
	OR root.reply_policy = 'followers' AND EXISTS (SELECT 1 FROM follows WHERE follower_id = posts.actor_id AND target_id = root.actor_id AND follows.state = 'accepted')
	OR root.reply_policy = 'mentioned' AND EXISTS (SELECT 1 FROM mentions WHERE mentions.post_id = root.id AND mentions.actor_id = posts.actor_id)
	OR EXISTS (SELECT 1 FROM posts r JOIN posts ours ON ours.in_reply_to_id = r.id
		WHERE r.root_id = root.id AND r.kind = 'reply' AND r.actor_id = posts.actor_id AND ours.local AND ours.state = 'published'))`

// SetModeration shows or hides a post.
func (q Posts) SetModeration(ctx context.Context, id int64, moderation string) error {
	return changed(q.db.WithContext(ctx).Model(&Post{}).Where("id = ?", id).Update("moderation", moderation))
}

// HideByActor hides what an actor wrote under the articles of rootActor, or under
// everyone's where rootActor is 0.
func (q Posts) HideByActor(ctx context.Context, actorID, rootActor int64) error {
	return q.hide(ctx, rootActor, "actor_id = ?", actorID)
}

// HideByDomain hides what came from a server and its subdomains, likewise.
func (q Posts) HideByDomain(ctx context.Context, domain string, rootActor int64) error {
	return q.hide(ctx, rootActor, "actor_id IN (SELECT id FROM actors WHERE "+fromDomain+")", underDomain(domain))
}

func (q Posts) hide(ctx context.Context, rootActor int64, where string, args ...any) error {
	db := q.db.WithContext(ctx).Model(&Post{}).Where("NOT local").Where(where, args...)
	if rootActor != 0 {
		db = db.Where("root_id IN (SELECT id FROM posts WHERE actor_id = ?)", rootActor)
	}
	return translate(db.Update("moderation", ModerationHidden).Error)
}

type recipient struct {
	PostID  int64 `gorm:"primaryKey;autoIncrement:false"`
	ActorID int64 `gorm:"primaryKey;autoIncrement:false"`
}

// SetRecipients records which local actors a followers-only or direct post is for.
func (q Posts) SetRecipients(ctx context.Context, postID int64, actorIDs []int64) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("post_id = ?", postID).Delete(&recipient{}).Error; err != nil || len(actorIDs) == 0 {
		return translate(err)
	}
	rows := make([]recipient, len(actorIDs))
	for i, id := range actorIDs {
		rows[i] = recipient{postID, id}
	}
	return translate(db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, batch).Error)
}

// Recipients returns the local actors a post is for.
func (q Posts) Recipients(ctx context.Context, postID int64) ([]int64, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&recipient{}).Where("post_id = ?", postID).Pluck("actor_id", &ids).Error
	return ids, translate(err)
}

// Mention is somebody named in a post; ActorID is nil for one who was not found.
type Mention struct {
	PostID  int64  `gorm:"primaryKey;autoIncrement:false"`
	Handle  string `gorm:"primaryKey"`
	ActorID *int64
}

// Hashtag is a tag of a post.
type Hashtag struct {
	PostID  int64  `gorm:"primaryKey;autoIncrement:false"`
	TagLC   string `gorm:"primaryKey"`
	Display string
}

// SetMentions replaces who is named in a post.
func (q Posts) SetMentions(ctx context.Context, postID int64, mentions []Mention) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("post_id = ?", postID).Delete(&Mention{}).Error; err != nil || len(mentions) == 0 {
		return translate(err)
	}
	for i := range mentions {
		mentions[i].PostID = postID
	}
	return translate(db.CreateInBatches(&mentions, batch).Error)
}

// Mentions returns who is named in a post, by handle.
func (q Posts) Mentions(ctx context.Context, postID int64) ([]Mention, error) {
	var rows []Mention
	err := q.db.WithContext(ctx).Where("post_id = ?", postID).Order("handle").Find(&rows).Error
	return rows, translate(err)
}

// SetHashtags replaces the tags of a post. Of two that differ in case alone the
// first stays.
func (q Posts) SetHashtags(ctx context.Context, postID int64, display []string) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("post_id = ?", postID).Delete(&Hashtag{}).Error; err != nil || len(display) == 0 {
		return translate(err)
	}
	rows := make([]Hashtag, len(display))
	for i, d := range display {
		rows[i] = Hashtag{postID, strings.ToLower(d), d}
	}
	return translate(db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, batch).Error)
}

// Hashtags returns the tags of several posts, by post, in the order of the tags.
func (q Posts) Hashtags(ctx context.Context, postIDs ...int64) (map[int64][]string, error) {
	var rows []Hashtag
	err := q.db.WithContext(ctx).Where("post_id IN ?", postIDs).Order("post_id, tag_lc").Find(&rows).Error
	byPost := make(map[int64][]string, len(postIDs))
	for _, r := range rows {
		byPost[r.PostID] = append(byPost[r.PostID], r.Display)
	}
	return byPost, translate(err)
}

// Tombstone is what remains of a deleted object.
type Tombstone struct {
	URI        string `gorm:"primaryKey"`
	ActorID    int64  `gorm:"primaryKey;autoIncrement:false"`
	FormerType string
	At         time.Time
}

// MarkDeleted empties a post and everything that carried its words; the row and
// its paths stay, so that neither is used again.
func (q Posts) MarkDeleted(ctx context.Context, id int64, now time.Time) error {
	db := q.db.WithContext(ctx)
	err := changed(db.Model(&Post{}).Where("id = ?", id).Updates(erased(now)))
	if err != nil {
		return err
	}
	for _, sql := range []string{
		"DELETE FROM revision_texts WHERE revision_id IN (SELECT id FROM revisions WHERE post_id = ?)",
		"DELETE FROM revision_pictures WHERE revision_id IN (SELECT id FROM revisions WHERE post_id = ?)",
		"DELETE FROM post_pictures WHERE post_id = ?",
		"DELETE FROM recap_notes WHERE recap_id = ?",
		"DELETE FROM recap_notes WHERE note_id = ?",
		"DELETE FROM revisions WHERE post_id = ?",
		"DELETE FROM mentions WHERE post_id = ?",
		"DELETE FROM hashtags WHERE post_id = ?",
		"DELETE FROM recipients WHERE post_id = ?",
	} {
		if err := db.Exec(sql, id).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}

// Bury records that an object is gone for ever.
func (q Posts) Bury(ctx context.Context, t *Tombstone) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(t).Error)
}

// PruneTombstones forgets, from before a time, the deletion of what was never here: a
// Create that is late comes within days.
func (q Posts) PruneTombstones(ctx context.Context, before time.Time) error {
	return translate(q.db.WithContext(ctx).Where("former_type = '' AND at < ?", before.UTC()).Delete(&Tombstone{}).Error)
}

// Buried says whether an actor deleted an object: on one host, nobody else can.
func (q Posts) Buried(ctx context.Context, uri string, actorID int64) (bool, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Tombstone{}).Where("uri = ? AND actor_id = ?", uri, actorID).Count(&n).Error
	return n > 0, translate(err)
}

// Erase forgets everything an actor wrote, ours or not. Tombstones keep what is
// remote from coming back; our own ids answer "deleted" by their state.
func (q Posts) Erase(ctx context.Context, actorID int64, now time.Time) error {
	db := q.db.WithContext(ctx)
	const theirs = "(SELECT id FROM posts WHERE actor_id = ?)"
	for _, sql := range []string{
		"DELETE FROM revision_texts WHERE revision_id IN (SELECT id FROM revisions WHERE post_id IN " + theirs + ")",
		"DELETE FROM revision_pictures WHERE revision_id IN (SELECT id FROM revisions WHERE post_id IN " + theirs + ")",
		"DELETE FROM post_pictures WHERE post_id IN " + theirs,
		"DELETE FROM revisions WHERE post_id IN " + theirs,
		"DELETE FROM recipients WHERE post_id IN " + theirs,
		"DELETE FROM mentions WHERE post_id IN " + theirs,
		"DELETE FROM hashtags WHERE post_id IN " + theirs,
	} {
		if err := db.Exec(sql, actorID).Error; err != nil {
			return translate(err)
		}
	}
	err := db.Exec(`INSERT INTO tombstones (uri, actor_id, former_type, at)
		SELECT uri, actor_id, type, ? FROM posts WHERE actor_id = ? AND uri IS NOT NULL ON CONFLICT DO NOTHING`, now.UTC(), actorID).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Model(&Post{}).Where("actor_id = ?", actorID).Updates(erased(now)).Error)
}

// erased is what is left of a deleted post.
func erased(now time.Time) map[string]any {
	return map[string]any{"state": PostDeleted, "title": "", "summary": "", "html": "", "outline": "", "excerpt": "", "takeaway": "", "raw": nil,
		"head_revision_id": nil, "published_revision_id": nil, "saved_at": now.UTC()}
}

// ThreadInboxes returns the inboxes of everyone elsewhere who liked or boosted an
// article, or whose reply is shown under it: a wave that waits is not written back to.
func (q Posts) ThreadInboxes(ctx context.Context, rootID int64) ([]string, error) {
	return q.inboxesOf(ctx, "SELECT actor_id FROM reactions WHERE post_id = ? UNION SELECT actor_id FROM posts WHERE root_id = ? AND state = 'published' AND moderation = 'shown'", rootID, rootID)
}

// ParticipantInboxes returns the inboxes of everyone elsewhere who liked, boosted, answered or
// quotes an article.
func (q Posts) ParticipantInboxes(ctx context.Context, postID int64) ([]string, error) {
	return q.inboxesOf(ctx, "SELECT actor_id FROM reactions WHERE post_id = ? UNION SELECT actor_id FROM posts WHERE root_id = ? UNION SELECT actor_id FROM quotes WHERE post_id = ?", postID, postID, postID)
}

func (q Posts) inboxesOf(ctx context.Context, actors string, args ...any) ([]string, error) {
	var inboxes []string
	err := q.db.WithContext(ctx).Table("actors").Where("NOT local AND state = ?", StateActive).Where("id IN ("+actors+")", args...).
		Distinct().Pluck(deliveryInbox, &inboxes).Error
	return inboxes, translate(err)
}
