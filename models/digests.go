package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Digest is the one article of an evening that lists a conference's recaps.
type Digest struct {
	ConferenceID int64     `gorm:"primaryKey;autoIncrement:false"`
	Day          string    `gorm:"primaryKey"` // 2006-01-02, in its zone
	Until        time.Time // what was published later is the next one's
	PostID       int64
}

// Digests queries what goes into digests.
type Digests struct{ db *gorm.DB }

// Create stores that a day's digest is made. It returns ErrConflict when it was before.
func (q Digests) Create(ctx context.Context, d *Digest) error {
	return translate(q.db.WithContext(ctx).Create(d).Error)
}

// Last returns a conference's last digest.
func (q Digests) Last(ctx context.Context, conferenceID int64) (*Digest, error) {
	return one[Digest](q.db.WithContext(ctx).Where("conference_id = ?", conferenceID).Order("day DESC"))
}

// Conferences returns those that send digests and didn't end before a day.
func (q Digests) Conferences(ctx context.Context, day string) ([]*Conference, error) {
	var rows []*Conference
	err := q.db.WithContext(ctx).Where("announces = 'digest' AND ends_on >= ?", day).Order("id").Find(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	return rows, Conferences(q).load(ctx, rows)
}

// Recaps returns a conference's public recaps of some hours, without their HTML, but for
// those that were announced one by one.
func (q Digests) Recaps(ctx context.Context, c *Conference, after, until time.Time, limit int) ([]*Post, error) {
	var rows []*Post
	err := listable(q.db.WithContext(ctx)).Omit("HTML", "Raw").
		Where("posts.conference_id = ? AND posts.published_at > ? AND posts.published_at <= ?", c.ID, after.UTC(), until.UTC()).
		Where("posts.kind = ? AND posts.day <> '' AND posts.talk_id IS NULL", KindArticle).
		Where("NOT EXISTS (SELECT 1 FROM reactions WHERE reactions.post_id = posts.id AND reactions.type = 'Announce' AND reactions.actor_id = ?)", c.ActorID).
		Order("posts.published_at, posts.id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Takeaway is what somebody took home from a talk.
type Takeaway struct {
	ActorID  int64
	Day      string // of the talk
	Takeaway string
}

// Takeaways returns those of public talk notes on the talks of some days, in the order of
// the programme.
func (q Digests) Takeaways(ctx context.Context, conferenceID int64, days []string) ([]Takeaway, error) {
	var rows []Takeaway
	err := listable(q.db.WithContext(ctx).Table("talks CROSS JOIN posts")).Select("posts.actor_id", "talks.day", "posts.takeaway").
		Where("talks.conference_id = ? AND talks.day IN ? AND posts.talk_id = talks.id AND posts.takeaway <> ''", conferenceID, days).
		Order("talks.starts_at, talks.id, posts.id").Scan(&rows).Error
	return rows, translate(err)
}
