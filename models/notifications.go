package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Kinds of a notification.
const (
	NotifyFollow  = "follow"
	NotifyReply   = "reply"
	NotifyMention = "mention"
	NotifyLike    = "like"
	NotifyBoost   = "boost"
	NotifyQuote   = "quote"
	// NotifyCoverage tells those who look after a conference that coverage of it waits.
	NotifyCoverage = "coverage"
	// NotifyReport tells moderators that another server reported somebody here.
	NotifyReport = "report"
	// NotifyRequest tells who approves followers by hand that somebody asks.
	NotifyRequest = "request"
	// NotifyMoved tells who followed somebody elsewhere that they moved.
	NotifyMoved = "moved"
)

// Notification tells an account of what somebody did. PostID is what was liked,
// boosted or quoted, or the reply or mention itself; 0 for a follow.
type Notification struct {
	ID        int64
	AccountID int64
	Kind      string
	ActorID   int64
	PostID    int64
	// ConferenceID is the conference whose coverage waits; nil for every other kind.
	ConferenceID *int64
	CreatedAt    time.Time
}

// Notifications queries what accounts are told of.
type Notifications struct{ db *gorm.DB }

// Add tells an account of something, once.
func (q Notifications) Add(ctx context.Context, n *Notification) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(n).Error)
}

// shownNotifications leaves out what is about a post that is gone, that waits or is
// hidden, or that is private by now and for others: it may come back. Coverage is told of
// while it waits.
const shownNotifications = `notifications.account_id = ? AND (notifications.post_id = 0 OR EXISTS (
	SELECT 1 FROM posts WHERE posts.id = notifications.post_id AND posts.state = 'published'
	AND (posts.moderation = 'shown' OR notifications.kind = 'coverage')
	AND (notifications.kind <> 'coverage' OR posts.moderation <> 'hidden' AND EXISTS (SELECT 1 FROM coverage
		WHERE coverage.post_id = posts.id AND coverage.conference_id = notifications.conference_id AND coverage.state = 'held'))
	AND (posts.visibility IN ('public', 'unlisted') OR posts.account_id = notifications.account_id
		OR EXISTS (SELECT 1 FROM recipients r JOIN accounts ON accounts.actor_id = r.actor_id WHERE r.post_id = posts.id AND accounts.id = notifications.account_id))))`

// TellManagers tells those who look after a conference that somebody's post waits there;
// where nobody does, the owners of the instance, who look after all.
func (q Notifications) TellManagers(ctx context.Context, c *Conference, n Notification) error {
	actorID := c.ActorID
	return translate(q.db.WithContext(ctx).Exec(`INSERT INTO notifications (account_id, kind, actor_id, post_id, conference_id, created_at)
		SELECT id, ?, ?, ?, ?, ? FROM accounts WHERE state = ? AND (id IN (SELECT account_id FROM actor_managers WHERE actor_id = ?)
			OR role = ? AND NOT EXISTS (SELECT 1 FROM actor_managers WHERE actor_id = ?))
		ON CONFLICT DO NOTHING`, n.Kind, n.ActorID, n.PostID, c.ID, n.CreatedAt.UTC(), StateActive, actorID, RoleOwner, actorID).Error)
}

// TellModerators tells those who look after every conversation of something.
func (q Notifications) TellModerators(ctx context.Context, n Notification) error {
	return translate(q.db.WithContext(ctx).Exec(`INSERT INTO notifications (account_id, kind, actor_id, post_id, created_at)
		SELECT id, ?, ?, ?, ? FROM accounts WHERE state = ? AND role IN ?
		ON CONFLICT DO NOTHING`, n.Kind, n.ActorID, n.PostID, n.CreatedAt.UTC(), StateActive, []string{RoleOwner, RoleEditor}).Error)
}

// RemoveCoverage takes back that an account was told of what waits for a conference.
func (q Notifications) RemoveCoverage(ctx context.Context, accountID, conferenceID int64) error {
	return translate(q.db.WithContext(ctx).Where("account_id = ? AND kind = ? AND conference_id = ?", accountID, NotifyCoverage, conferenceID).Delete(&Notification{}).Error)
}

// Which notifications are asked for.
type Which struct {
	Kind     string // "": every kind
	Followed bool   // only of what those did whom the account follows
	Before   int64  // only with ids below; 0: from the newest
}

// Newest returns at most limit notifications of an account.
func (q Notifications) Newest(ctx context.Context, accountID int64, which Which, limit int) ([]*Notification, error) {
	db := q.db.WithContext(ctx).Where(shownNotifications, accountID)
	if which.Before > 0 {
		db = db.Where("notifications.id < ?", which.Before)
	}
	if which.Kind != "" {
		db = db.Where("notifications.kind = ?", which.Kind)
	}
	if which.Followed {
		db = db.Where(`EXISTS (SELECT 1 FROM follows JOIN accounts ON accounts.actor_id = follows.follower_id
			WHERE accounts.id = notifications.account_id AND follows.target_id = notifications.actor_id AND follows.state = ?)`, FollowAccepted)
	}
	var rows []*Notification
	err := db.Order("notifications.id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// maxCounted is where counting what is new ends: nobody reads on to know more.
const maxCounted = 100

// CountNew returns how many notifications an account has not seen, 100 at most.
func (q Notifications) CountNew(ctx context.Context, accountID int64) (int64, error) {
	db := q.db.WithContext(ctx)
	newest := db.Model(&Notification{}).Select("1").Where(shownNotifications, accountID).
		Where("notifications.id > (SELECT seen_notification_id FROM accounts WHERE id = ?)", accountID).Limit(maxCounted)
	var n int64
	err := db.Table("(?) AS newest", newest).Count(&n).Error
	return n, translate(err)
}

// Seen returns the id of the newest notification that an account has seen.
func (q Notifications) Seen(ctx context.Context, accountID int64) (id int64, err error) {
	err = q.db.WithContext(ctx).Model(&Account{}).Where("id = ?", accountID).Pluck("seen_notification_id", &id).Error
	return id, translate(err)
}

// MarkSeen records that an account has seen its notifications up to an id. What was
// seen stays seen.
func (q Notifications) MarkSeen(ctx context.Context, accountID, id int64) error {
	return translate(q.db.WithContext(ctx).Model(&Account{}).Where("id = ? AND seen_notification_id < ?", accountID, id).
		Update("seen_notification_id", id).Error)
}

// Remove takes back what an actor's act told accounts of.
func (q Notifications) Remove(ctx context.Context, kind string, actorID, postID int64) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ? AND post_id = ? AND kind = ?", actorID, postID, kind).Delete(&Notification{}).Error)
}

// RemoveFollow takes back that actors follow an account's, or ask to.
func (q Notifications) RemoveFollow(ctx context.Context, targetActorID int64, followerIDs ...int64) error {
	for some := range slices.Chunk(followerIDs, maxVariables) {
		err := q.db.WithContext(ctx).Where("actor_id IN ? AND kind IN ? AND account_id IN (SELECT id FROM accounts WHERE actor_id = ?)",
			some, []string{NotifyFollow, NotifyRequest}, targetActorID).Delete(&Notification{}).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// RemoveActor takes back everything that an actor did, and forgets what one of ours was told.
func (q Notifications) RemoveActor(ctx context.Context, actorID int64) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ? OR account_id IN (SELECT id FROM accounts WHERE actor_id = ?)", actorID, actorID).
		Delete(&Notification{}).Error)
}

// RemoveBlocked takes back what those did whom a block keeps out, from the account that
// it is for or, the instance's, from all.
func (q Notifications) RemoveBlocked(ctx context.Context, b *Block) error {
	db := q.db.WithContext(ctx)
	db = named(db, "actor_id", b)
	if b.AccountID != 0 {
		db = db.Where("account_id = ?", b.AccountID)
	}
	return translate(db.Delete(&Notification{}).Error)
}

// Prune forgets what accounts were told before a time.
func (q Notifications) Prune(ctx context.Context, before time.Time) error {
	return translate(q.db.WithContext(ctx).Where("created_at < ?", before.UTC()).Delete(&Notification{}).Error)
}
