package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Activity is something one of our actors did, as it was, or will be, sent.
type Activity struct {
	ID         int64
	PublicID   string
	Type       string
	ActorID    int64
	ObjectURI  string
	Body       []byte // nil once the words it carried are deleted
	Visibility string
	CreatedAt  time.Time
}

// Activities queries what our actors did.
type Activities struct{ db *gorm.DB }

// Create stores an activity.
func (q Activities) Create(ctx context.Context, a *Activity) error {
	return translate(q.db.WithContext(ctx).Create(a).Error)
}

// ByPublicID returns an activity.
func (q Activities) ByPublicID(ctx context.Context, id string) (*Activity, error) {
	return one[Activity](q.db.WithContext(ctx).Where("public_id = ?", id))
}

// ByIDs returns activities by id.
func (q Activities) ByIDs(ctx context.Context, ids []int64) (map[int64]*Activity, error) {
	var rows []*Activity
	err := q.db.WithContext(ctx).Where("id IN ?", ids).Find(&rows).Error
	byID := make(map[int64]*Activity, len(rows))
	for _, a := range rows {
		byID[a.ID] = a
	}
	return byID, translate(err)
}

// CreatesOf returns the Create of each object, by the object's IRI, without what it carried.
func (q Activities) CreatesOf(ctx context.Context, objectURIs []string) (map[string]*Activity, error) {
	var rows []*Activity
	err := q.db.WithContext(ctx).Omit("Body").Where("object_uri IN ? AND type = 'Create'", objectURIs).Find(&rows).Error
	creates := make(map[string]*Activity, len(rows))
	for _, a := range rows {
		creates[a.ObjectURI] = a
	}
	return creates, translate(err)
}

// CreateOf returns the Create of an object.
func (q Activities) CreateOf(ctx context.Context, objectURI string) (*Activity, error) {
	return one[Activity](q.db.WithContext(ctx).Where("object_uri = ? AND type = 'Create'", objectURI))
}

// Latest returns the last activity of a type by an actor about an object.
func (q Activities) Latest(ctx context.Context, actorID int64, typ, objectURI string) (*Activity, error) {
	return one[Activity](q.db.WithContext(ctx).Where("object_uri = ? AND type = ? AND actor_id = ?", objectURI, typ, actorID).Order("id DESC"))
}

// ByPublicIDs returns activities in the order in which they were done.
func (q Activities) ByPublicIDs(ctx context.Context, ids []string) ([]*Activity, error) {
	var rows []*Activity
	err := q.db.WithContext(ctx).Where("public_id IN ?", ids).Order("id").Find(&rows).Error
	return rows, translate(err)
}

// standing is what an actor said and didn't take back.
const standing = "actor_id = ? AND body IS NOT NULL AND type IN ('Create', 'Announce')"

// Standing returns a page of that, newest first, from before the activity with id before
// (0: from the newest), of Announces with what they carried.
func (q Activities) Standing(ctx context.Context, actorID, before int64, limit int) ([]*Activity, error) {
	db := q.db.WithContext(ctx).Select("id, public_id, type, object_uri, CASE WHEN type = 'Announce' THEN body END AS body").Where(standing, actorID)
	if before != 0 {
		db = db.Where("id < ?", before)
	}
	var rows []*Activity
	err := db.Order("id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CountStanding returns how much it is.
func (q Activities) CountStanding(ctx context.Context, actorID int64) (n int64, err error) {
	err = q.db.WithContext(ctx).Model(&Activity{}).Where(standing, actorID).Count(&n).Error
	return n, translate(err)
}

// Withdraw empties an activity that is taken back, and takes it out of the queue where it
// wasn't sent yet.
func (q Activities) Withdraw(ctx context.Context, id int64, now time.Time) error {
	return q.forget(ctx, now, "id = ?", id)
}

// Restate gives an activity that may not have been sent everywhere yet a new body.
func (q Activities) Restate(ctx context.Context, id int64, body []byte) error {
	return changed(q.db.WithContext(ctx).Model(&Activity{}).Where("id = ?", id).Update("body", body))
}

// ForgetUpdates does as Forget with the Updates alone: a newer one stands for them.
func (q Activities) ForgetUpdates(ctx context.Context, objectURI string, now time.Time) error {
	return q.forget(ctx, now, "object_uri = ? AND type = 'Update'", objectURI)
}

// Forget empties every Create and Update of a deleted object, and takes those that
// were not sent out of the queue: the Delete that follows stands for them.
func (q Activities) Forget(ctx context.Context, objectURI string, now time.Time) error {
	return q.forget(ctx, now, "object_uri = ? AND type IN ('Create', 'Update')", objectURI)
}

// ForgetActor does the same with everything a leaving actor said.
func (q Activities) ForgetActor(ctx context.Context, actorID int64, now time.Time) error {
	return q.forget(ctx, now, "actor_id = ? AND type IN ('Create', 'Update')", actorID)
}

func (q Activities) forget(ctx context.Context, now time.Time, where string, args ...any) error {
	db := q.db.WithContext(ctx)
	err := db.Model(&Delivery{}).Where("state = ? AND activity_id IN (?)", DeliveryQueued, db.Model(&Activity{}).Select("id").Where(where, args...)).
		Updates(map[string]any{"state": DeliverySuperseded, "done_at": now.UTC()}).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Model(&Activity{}).Where(where, args...).Update("body", nil).Error)
}

// InboxSeen is an activity that came in and was acted upon.
type InboxSeen struct {
	ActorID int64  `gorm:"primaryKey;autoIncrement:false"`
	URI     string `gorm:"primaryKey"`
	At      time.Time
	Outcome string
}

// TableName keeps the table's name in the singular: it says what was seen.
func (InboxSeen) TableName() string { return "inbox_seen" }

// Inbox queries what came in.
type Inbox struct{ db *gorm.DB }

// Record stores that an activity was taken. It returns ErrConflict when it had
// been taken before.
func (q Inbox) Record(ctx context.Context, s *InboxSeen) error {
	return translate(q.db.WithContext(ctx).Create(s).Error)
}

// Seen says whether an activity was taken before.
func (q Inbox) Seen(ctx context.Context, actorID int64, uri string) (bool, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&InboxSeen{}).Where("actor_id = ? AND uri = ?", actorID, uri).Count(&n).Error
	return n > 0, translate(err)
}

// Prune forgets what was taken before a time.
func (q Inbox) Prune(ctx context.Context, before time.Time) error {
	return translate(q.db.WithContext(ctx).Where("at < ?", before.UTC()).Delete(&InboxSeen{}).Error)
}

// Job is work that must not happen inside a request: a fetch from another server.
type Job struct {
	ID         int64
	Lane       string // each goes at its own pace
	Kind       string
	UniqueKey  string
	Payload    string
	RunAt      time.Time
	Attempt    int
	LeaseUntil *time.Time
	Error      string
}

// Jobs queries the work that waits.
type Jobs struct{ db *gorm.DB }

// Add queues a job unless one with its unique key waits already.
func (q Jobs) Add(ctx context.Context, j *Job) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(j).Error)
}

// AddAll does the same with several.
func (q Jobs) AddAll(ctx context.Context, jobs []*Job) error {
	if len(jobs) == 0 {
		return nil
	}
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&jobs, batch).Error)
}

// Lease takes up to limit due jobs of a lane until a time; a killed process loses its lease, not the job.
func (q Jobs) Lease(ctx context.Context, lane string, now, until time.Time, limit int) ([]*Job, error) {
	now, until = now.UTC(), until.UTC()
	var rows []*Job
	err := q.db.WithContext(ctx).Raw(`UPDATE jobs SET lease_until = ? WHERE id IN (
		SELECT id FROM jobs WHERE lane = ? AND run_at <= ? AND (lease_until IS NULL OR lease_until <= ?) ORDER BY run_at LIMIT ?) RETURNING *`,
		until, lane, now, now, limit).Scan(&rows).Error
	return rows, translate(err)
}

// Due says whether a job of a lane could be leased now.
func (q Jobs) Due(ctx context.Context, lane string, now time.Time) (bool, error) {
	now = now.UTC()
	var n int64
	err := q.db.WithContext(ctx).Model(&Job{}).Where("lane = ? AND run_at <= ? AND (lease_until IS NULL OR lease_until <= ?)", lane, now, now).Limit(1).Count(&n).Error
	return n > 0, translate(err)
}

// Waits says whether a job with a unique key waits, or is being done.
func (q Jobs) Waits(ctx context.Context, key string) (bool, error) {
	var ids []int64
	err := q.db.WithContext(ctx).Model(&Job{}).Where("unique_key = ?", key).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err)
}

// Cancel removes a job by its unique key, also while it is being done.
func (q Jobs) Cancel(ctx context.Context, key string) error {
	return translate(q.db.WithContext(ctx).Where("unique_key = ?", key).Delete(&Job{}).Error)
}

// Done removes a job.
func (q Jobs) Done(ctx context.Context, id int64) error {
	return translate(q.db.WithContext(ctx).Where("id = ?", id).Delete(&Job{}).Error)
}

// Retry puts a job back for later.
func (q Jobs) Retry(ctx context.Context, id int64, runAt time.Time, reason string) error {
	return changed(q.db.WithContext(ctx).Model(&Job{}).Where("id = ?", id).
		Updates(map[string]any{"run_at": runAt.UTC(), "attempt": gorm.Expr("attempt + 1"), "lease_until": nil, "error": reason}))
}

// Release frees every lease: those of a process that is gone.
func (q Jobs) Release(ctx context.Context) error {
	return translate(q.db.WithContext(ctx).Model(&Job{}).Where("lease_until IS NOT NULL").Update("lease_until", nil).Error)
}
