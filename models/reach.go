package models

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// AtInbox is how a Create or an Update stands at one inbox.
type AtInbox struct {
	ID          int64 // of the delivery
	Type        string
	Host, Inbox string
	State       string
	Attempt     int
	Status      int    // of the last answer, 0 for none
	Error       string // what it said; forgotten after a while
	RunAt       time.Time
	DoneAt      *time.Time
	PausedUntil *time.Time // the host rests until then
}

// ReachOf returns how what an actor of ours says of an object stands everywhere, by
// host and inbox, older activities first. What was withdrawn is left out, and with it
// everything superseded.
func (q Deliveries) ReachOf(ctx context.Context, actorID int64, objectURI string) ([]*AtInbox, error) {
	var rows []*AtInbox
	err := q.db.WithContext(ctx).Table("activities").
		Select("deliveries.id, activities.type, deliveries.host, deliveries.inbox, deliveries.state, deliveries.attempt, deliveries.status, deliveries.error, deliveries.run_at, deliveries.done_at, lanes.paused_until").
		Joins("JOIN deliveries ON deliveries.activity_id = activities.id").Joins("LEFT JOIN lanes ON lanes.host = deliveries.host").
		Where("activities.object_uri = ? AND activities.type IN ('Create', 'Update') AND activities.actor_id = ? AND activities.body IS NOT NULL", objectURI, actorID).
		Order("deliveries.host, deliveries.inbox, deliveries.id").Scan(&rows).Error
	return rows, translate(err)
}

// CountFailed returns at how many hosts what an actor of ours says of objects was given
// up, by the object's IRI.
func (q Deliveries) CountFailed(ctx context.Context, actorID int64, objectURIs []string) (map[string]int, error) {
	var rows []struct {
		ObjectURI string
		N         int
	}
	err := q.db.WithContext(ctx).Table("activities").Select("activities.object_uri, COUNT(DISTINCT deliveries.host) AS n").
		Joins("JOIN deliveries ON deliveries.activity_id = activities.id AND deliveries.state = 'failed'").
		Where("activities.object_uri IN ? AND activities.type IN ('Create', 'Update') AND activities.actor_id = ? AND activities.body IS NOT NULL", objectURIs, actorID).
		Group("activities.object_uri").Scan(&rows).Error
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.ObjectURI] = r.N
	}
	return counts, translate(err)
}

// Again makes deliveries due that were given up, from the first attempt on, or that wait
// for another. Others of the ids stay as they are. Open their hosts, too.
func (q Deliveries) Again(ctx context.Context, ids []int64, now time.Time) error {
	now = now.UTC()
	for some := range slices.Chunk(ids, batch) {
		these := q.db.WithContext(ctx).Model(&Delivery{}).Where("id IN ?", some).Session(&gorm.Session{})
		hurried := these.Where("state = ? AND run_at > ?", DeliveryQueued, now).Update("run_at", now)
		revived := these.Where("state = ?", DeliveryFailed).
			Updates(map[string]any{"state": DeliveryQueued, "attempt": 0, "run_at": now, "done_at": nil})
		if err := errors.Join(hurried.Error, revived.Error); err != nil {
			return translate(err)
		}
	}
	return nil
}

// Open has hosts asked now, whatever is known of their failures: those stay counted, so
// that one that fails once more is left alone as before.
func (q Deliveries) Open(ctx context.Context, hosts []string, now time.Time) error {
	if len(hosts) == 0 {
		return nil
	}
	now = now.UTC()
	lanes := make([]Lane, len(hosts))
	for i, host := range hosts {
		lanes[i] = Lane{Host: host, NextDue: &now}
	}
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "host"}},
		DoUpdates: clause.Assignments(map[string]any{"next_due": now, "paused_until": nil, "dead_at": nil})}).CreateInBatches(lanes, batch).Error)
}

// ForgetAnswers forgets the words of servers that were given up before a time.
func (q Deliveries) ForgetAnswers(ctx context.Context, before time.Time) error {
	return translate(q.db.WithContext(ctx).Model(&Delivery{}).Where("error <> '' AND done_at < ?", before.UTC()).Update("error", "").Error)
}

// Troubled returns up to limit lanes of those that rest from failing or were given up,
// and as many of those that could have been leased since a time and weren't.
func (q Deliveries) Troubled(ctx context.Context, since time.Time, limit int) ([]*Lane, error) {
	since = since.UTC()
	const bad = "(dead_at IS NOT NULL OR paused_until IS NOT NULL)"
	var failing, standing []*Lane
	db := q.db.WithContext(ctx)
	err := db.Where(bad + " AND host > ''").Order("host").Limit(limit).Find(&failing).Error
	if err != nil {
		return nil, translate(err)
	}
	err = db.Where("NOT "+bad+" AND "+laneDue, since, since, since).Order("next_due").Limit(limit).Find(&standing).Error
	return slices.Concat(standing, failing), translate(err)
}

// KeptOut is what blocks keep an account from.
type KeptOut struct{ domains, inboxes map[string]bool }

// KeptOut returns the blocks of an account, 0 for none, and of the instance.
func (q Blocks) KeptOut(ctx context.Context, accountID int64) (*KeptOut, error) {
	var rows []struct{ Domain, Inbox string }
	err := q.db.WithContext(ctx).Table("blocks").Select("blocks.domain, COALESCE(actors.inbox, '') AS inbox").Joins("LEFT JOIN actors ON actors.id = blocks.actor_id AND blocks.actor_id <> 0").
		Where("blocks.account_id IN ?", []int64{0, accountID}).Scan(&rows).Error
	out := &KeptOut{map[string]bool{}, map[string]bool{}}
	for _, r := range rows {
		if r.Domain != "" {
			out.domains[r.Domain] = true
			continue
		}
		out.inboxes[r.Inbox] = true
	}
	return out, translate(err)
}

// Host says whether a host, or a domain above it, is blocked.
func (k *KeptOut) Host(host string) bool {
	return slices.ContainsFunc(domainAndParents(host), func(d string) bool { return k.domains[d] })
}

// Inbox says the same of the inbox of somebody who is, or whose host is. An inbox that
// several share is nobody's.
func (k *KeptOut) Inbox(inbox, host string) bool { return k.inboxes[inbox] || k.Host(host) }
