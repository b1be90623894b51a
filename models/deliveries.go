package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of a delivery.
const (
	DeliveryQueued     = "queued"
	DeliveryDelivered  = "delivered"
	DeliveryFailed     = "failed" // given up
	DeliverySuperseded = "superseded"
)

// Delivery is one activity on its way to one inbox.
type Delivery struct {
	ID         int64
	ActivityID int64
	Inbox      string
	Host       string
	OrderKey   string // object's IRI: order holds per (inbox, object)
	Chain      string // rows of one chain go out one after the other; "" for most
	RunAt      time.Time
	Attempt    int // attempts made
	State      string
	Status     int // HTTP status of the last answer, 0 for none
	Error      string
	DoneAt     *time.Time
}

// Lane is a host that something is, or was, sent to, with its breaker.
type Lane struct {
	Host        string `gorm:"primaryKey"`
	NextDue     *time.Time
	PausedUntil *time.Time
	LeaseUntil  *time.Time
	Owner       string
	Failures    int        // in a row
	FailedSince *time.Time // first of them
	FailedDays  int        // distinct UTC days with failures and no success
	FailedOn    string     // the last such day, 2006-01-02
	DeadAt      *time.Time
}

// Deliveries queries what has to go out.
type Deliveries struct{ db *gorm.DB }

// Enqueue stores a delivery of one activity to each inbox and makes their lanes
// due. Called in the transaction that makes the activity.
func (q Deliveries) Enqueue(ctx context.Context, rows []Delivery) error {
	if len(rows) == 0 {
		return nil
	}
	lanes := make([]Lane, 0, len(rows))
	hosts := make(map[string]bool, len(rows))
	for i := range rows {
		rows[i].State, rows[i].RunAt = DeliveryQueued, rows[i].RunAt.UTC()
		if !hosts[rows[i].Host] {
			hosts[rows[i].Host] = true
			lanes = append(lanes, Lane{Host: rows[i].Host, NextDue: &rows[i].RunAt})
		}
	}
	db := q.db.WithContext(ctx)
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, batch).Error; err != nil {
		return translate(err)
	}
	return translate(db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "host"}},
		DoUpdates: clause.Assignments(map[string]any{"next_due": gorm.Expr(
			"CASE WHEN lanes.next_due IS NULL OR excluded.next_due < lanes.next_due THEN excluded.next_due ELSE lanes.next_due END")}),
	}).CreateInBatches(lanes, batch).Error)
}

const laneDue = "next_due IS NOT NULL AND next_due <= ? AND (paused_until IS NULL OR paused_until <= ?) AND (lease_until IS NULL OR lease_until <= ?)"

// LeaseLanes takes up to limit lanes with something due, longest waiting first.
func (q Deliveries) LeaseLanes(ctx context.Context, owner string, now, until time.Time, limit int) ([]*Lane, error) {
	now = now.UTC()
	var lanes []*Lane
	err := q.db.WithContext(ctx).Raw(`UPDATE lanes SET lease_until = ?, owner = ? WHERE host IN (
		SELECT host FROM lanes WHERE `+laneDue+` ORDER BY next_due LIMIT ?) RETURNING *`,
		until.UTC(), owner, now, now, now, limit).Scan(&lanes).Error
	return lanes, translate(err)
}

// LanesDue says whether a lane could be leased now.
func (q Deliveries) LanesDue(ctx context.Context, now time.Time) (bool, error) {
	now = now.UTC()
	var hosts []string
	err := q.db.WithContext(ctx).Model(&Lane{}).Where(laneDue, now, now, now).Limit(1).Pluck("host", &hosts).Error
	return len(hosts) > 0, translate(err)
}

// first keeps the rows of a lane that nothing older for the same inbox and object, or of
// the same chain, waits before.
const first = `host = ? AND state = 'queued' AND NOT EXISTS (SELECT 1 FROM deliveries older
	WHERE older.state = 'queued' AND older.inbox = deliveries.inbox AND older.order_key = deliveries.order_key AND older.id < deliveries.id)
	AND NOT EXISTS (SELECT 1 FROM deliveries earlier
	WHERE earlier.state = 'queued' AND earlier.chain <> '' AND earlier.chain = deliveries.chain AND earlier.id < deliveries.id)`

// Due returns up to limit rows of a lane that may be sent now, in any order.
func (q Deliveries) Due(ctx context.Context, host string, now time.Time, limit int) ([]*Delivery, error) {
	var rows []*Delivery
	err := q.db.WithContext(ctx).Where(first+" AND run_at <= ?", host, now.UTC()).Order("run_at, id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Finish stores what became of a delivery. One that was superseded meanwhile keeps that.
func (q Deliveries) Finish(ctx context.Context, d *Delivery) error {
	return translate(q.db.WithContext(ctx).Model(&Delivery{}).Where("id = ? AND state = ?", d.ID, DeliveryQueued).
		Updates(map[string]any{"state": d.State, "run_at": d.RunAt.UTC(), "attempt": d.Attempt, "status": d.Status, "error": d.Error, "done_at": d.DoneAt}).Error)
}

// ReleaseLane stores the lane's breaker and works out when its next row is due.
// It does nothing when the lease was lost to another owner.
func (q Deliveries) ReleaseLane(ctx context.Context, l *Lane) error {
	db := q.db.WithContext(ctx)
	var next []time.Time
	err := db.Model(&Delivery{}).Where(first, l.Host).Order("run_at").Limit(1).Pluck("run_at", &next).Error
	if err != nil {
		return translate(err)
	}
	l.NextDue = nil
	if len(next) > 0 {
		l.NextDue = &next[0]
		if l.PausedUntil != nil && l.PausedUntil.After(next[0]) {
			l.NextDue = l.PausedUntil
		}
	}
	return translate(db.Model(&Lane{}).Where("host = ? AND owner = ?", l.Host, l.Owner).Updates(map[string]any{
		"next_due": l.NextDue, "paused_until": l.PausedUntil, "lease_until": nil, "failures": l.Failures,
		"failed_since": l.FailedSince, "failed_days": l.FailedDays, "failed_on": l.FailedOn, "dead_at": l.DeadAt}).Error)
}

// GiveUp fails every queued row of a lane whose host is dead.
func (q Deliveries) GiveUp(ctx context.Context, host, reason string, now time.Time) error {
	return translate(q.db.WithContext(ctx).Model(&Delivery{}).Where("host = ? AND state = 'queued'", host).
		Updates(map[string]any{"state": DeliveryFailed, "error": reason, "done_at": now.UTC()}).Error)
}

// Revive closes the breaker of a host that spoke to us, and lets what waits for it go.
func (q Deliveries) Revive(ctx context.Context, host string, now time.Time) error {
	return translate(q.db.WithContext(ctx).Model(&Lane{}).
		Where("host = ? AND (failures > 0 OR failed_days > 0 OR dead_at IS NOT NULL OR paused_until IS NOT NULL)", host).
		Updates(map[string]any{"failures": 0, "failed_since": nil, "failed_days": 0, "failed_on": "", "dead_at": nil, "paused_until": nil,
			"next_due": gorm.Expr("CASE WHEN paused_until IS NULL OR next_due IS NULL THEN next_due ELSE ? END", now.UTC())}).Error)
}

// PruneLanes forgets hosts with nothing to send to and nothing to remember.
func (q Deliveries) PruneLanes(ctx context.Context) error {
	return translate(q.db.WithContext(ctx).Where("next_due IS NULL AND lease_until IS NULL AND failures = 0 AND failed_days = 0 AND dead_at IS NULL").
		Delete(&Lane{}).Error)
}

// ReleaseAll frees every lease: those of a process that is gone.
func (q Deliveries) ReleaseAll(ctx context.Context) error {
	return translate(q.db.WithContext(ctx).Model(&Lane{}).Where("lease_until IS NOT NULL").Update("lease_until", nil).Error)
}

// Count returns how many deliveries stand in each state.
func (q Deliveries) Count(ctx context.Context) (map[string]int64, error) {
	var rows []struct {
		State string
		N     int64
	}
	err := q.db.WithContext(ctx).Model(&Delivery{}).Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error
	byState := make(map[string]int64, len(rows))
	for _, r := range rows {
		byState[r.State] = r.N
	}
	return byState, translate(err)
}

// InboxesOf returns every inbox that an activity was, or is to be, sent to.
func (q Deliveries) InboxesOf(ctx context.Context, activityID int64) ([]string, error) {
	var inboxes []string
	err := q.db.WithContext(ctx).Model(&Delivery{}).Where("activity_id = ?", activityID).Pluck("inbox", &inboxes).Error
	return inboxes, translate(err)
}

// SentTo says whether one of some activities was, or is to be, sent to a host.
func (q Deliveries) SentTo(ctx context.Context, host string, activityIDs []int64) (bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Delivery{}).Where("activity_id IN ? AND host = ?", activityIDs, host).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err)
}

// InboxesTold returns every inbox that something about an object was, or is to be,
// sent to.
func (q Deliveries) InboxesTold(ctx context.Context, objectURI string) ([]string, error) {
	var inboxes []string
	err := q.db.WithContext(ctx).Model(&Delivery{}).
		Where("activity_id IN (SELECT id FROM activities WHERE object_uri = ?)", objectURI).Distinct().Pluck("inbox", &inboxes).Error
	return inboxes, translate(err)
}

// InboxesKnowing returns every inbox that an actor of ours ever sent something to,
// and those of its followers and of everyone who liked, boosted, quoted or answered it.
func (q Deliveries) InboxesKnowing(ctx context.Context, actorID int64) ([]string, error) {
	var told, joined []string
	db := q.db.WithContext(ctx)
	err := db.Model(&Delivery{}).Where("activity_id IN (SELECT id FROM activities WHERE actor_id = ?)", actorID).Distinct().Pluck("inbox", &told).Error
	if err != nil {
		return nil, translate(err)
	}
	const theirs = "(SELECT id FROM posts WHERE actor_id = ?)"
	err = db.Table("actors").Where("NOT local AND state = ? AND id IN (SELECT actor_id FROM reactions WHERE post_id IN "+theirs+
		" UNION SELECT actor_id FROM posts WHERE root_id IN "+theirs+" UNION SELECT actor_id FROM quotes WHERE post_id IN "+theirs+")",
		StateActive, actorID, actorID, actorID).Distinct().Pluck(deliveryInbox, &joined).Error
	if err != nil {
		return nil, translate(err)
	}
	followers, err := Follows(q).Inboxes(ctx, actorID)
	return slices.Concat(told, joined, followers), err
}
