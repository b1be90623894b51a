package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
)

// ProfileField is a label and a value that a person shows.
type ProfileField struct {
	ID         int64
	ActorID    int64
	Place      int
	Label      string
	Value      string
	URL        string     // what the value is, where it is the address of a page
	VerifiedAt *time.Time // when that page was last seen to lead back; nil: it doesn't
	CheckedAt  *time.Time
}

// FeaturedTag is a hashtag that a person put first.
type FeaturedTag struct {
	ActorID int64
	Place   int
	Tag     string // without #
}

// CreditDomain is where else a person writes, and wants to be credited.
type CreditDomain struct {
	ActorID int64
	Place   int
	Domain  string
}

// Profile is what a person shows beside their name, words and face, in their order.
type Profile struct {
	Fields  []*ProfileField
	Tags    []string
	Domains []string
}

// Profiles queries what people show of themselves.
type Profiles struct{ db *gorm.DB }

// Of returns an actor's profile.
func (q Profiles) Of(ctx context.Context, actorID int64) (p Profile, err error) {
	if p.Fields, err = q.Fields(ctx, actorID); err != nil {
		return p, err
	}
	if p.Tags, err = q.FeaturedTags(ctx, actorID); err != nil {
		return p, err
	}
	p.Domains, err = q.CreditDomains(ctx, actorID)
	return p, err
}

// Fields returns an actor's fields.
func (q Profiles) Fields(ctx context.Context, actorID int64) ([]*ProfileField, error) {
	var rows []*ProfileField
	err := q.db.WithContext(ctx).Where("actor_id = ?", actorID).Order("place").Find(&rows).Error
	return rows, translate(err)
}

// Field returns one field.
func (q Profiles) Field(ctx context.Context, id int64) (*ProfileField, error) {
	return one[ProfileField](q.db.WithContext(ctx).Where("id = ?", id))
}

// SetFields replaces an actor's fields, unless they say the same already. One whose page
// was checked stays so.
func (q Profiles) SetFields(ctx context.Context, actorID int64, fields []*ProfileField) error {
	had, err := q.Fields(ctx, actorID)
	if err != nil || slices.EqualFunc(had, fields, func(a, b *ProfileField) bool { return a.Label == b.Label && a.Value == b.Value }) {
		return err
	}
	db := q.db.WithContext(ctx)
	if err := db.Where("actor_id = ?", actorID).Delete(&ProfileField{}).Error; err != nil || len(fields) == 0 {
		return translate(err)
	}
	for i, f := range fields {
		f.ActorID, f.Place = actorID, i
		if k := slices.IndexFunc(had, func(h *ProfileField) bool { return h.URL == f.URL }); k >= 0 {
			f.VerifiedAt, f.CheckedAt = had[k].VerifiedAt, had[k].CheckedAt
		}
	}
	return translate(db.Create(&fields).Error)
}

// Checked records whether the page at url, which a field leads to, leads back. A field
// that leads elsewhere by now stays as it is.
func (q Profiles) Checked(ctx context.Context, id int64, url string, leadsBack bool, now time.Time) error {
	said := map[string]any{"checked_at": now.UTC(), "verified_at": nil}
	if leadsBack {
		said["verified_at"] = now.UTC()
	}
	return translate(q.db.WithContext(ctx).Model(&ProfileField{}).Where("id = ? AND url = ?", id, url).Updates(said).Error)
}

// CheckDue returns the fields whose pages were last looked at before a time.
func (q Profiles) CheckDue(ctx context.Context, before time.Time, limit int) ([]*ProfileField, error) {
	var rows []*ProfileField
	err := q.db.WithContext(ctx).Where("url <> '' AND checked_at < ?", before.UTC()).Order("checked_at").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// FeaturedTags returns the hashtags that an actor put first.
func (q Profiles) FeaturedTags(ctx context.Context, actorID int64) ([]string, error) {
	return q.texts(ctx, actorID, &FeaturedTag{}, "tag")
}

// SetFeaturedTags replaces them, unless they are the same.
func (q Profiles) SetFeaturedTags(ctx context.Context, actorID int64, tags []string) error {
	rows := make([]FeaturedTag, len(tags))
	for i, t := range tags {
		rows[i] = FeaturedTag{actorID, i, t}
	}
	return setTexts(ctx, q, actorID, "tag", tags, rows)
}

// CreditDomains returns where else an actor writes.
func (q Profiles) CreditDomains(ctx context.Context, actorID int64) ([]string, error) {
	return q.texts(ctx, actorID, &CreditDomain{}, "domain")
}

// SetCreditDomains replaces that, unless it is the same.
func (q Profiles) SetCreditDomains(ctx context.Context, actorID int64, domains []string) error {
	rows := make([]CreditDomain, len(domains))
	for i, d := range domains {
		rows[i] = CreditDomain{actorID, i, d}
	}
	return setTexts(ctx, q, actorID, "domain", domains, rows)
}

func (q Profiles) texts(ctx context.Context, actorID int64, of any, column string) ([]string, error) {
	var texts []string
	err := q.db.WithContext(ctx).Model(of).Where("actor_id = ?", actorID).Order("place").Pluck(column, &texts).Error
	return texts, translate(err)
}

func setTexts[T any](ctx context.Context, q Profiles, actorID int64, column string, texts []string, rows []T) error {
	had, err := q.texts(ctx, actorID, new(T), column)
	if err != nil || slices.Equal(had, texts) {
		return err
	}
	db := q.db.WithContext(ctx)
	if err := db.Where("actor_id = ?", actorID).Delete(new(T)).Error; err != nil || len(rows) == 0 {
		return translate(err)
	}
	return translate(db.Create(&rows).Error)
}

// UsedTags returns the hashtags of an actor's public articles, the most used first, each as
// it was spelt last. The unary plus keeps SQLite on the actor's index.
func (q Profiles) UsedTags(ctx context.Context, actorID int64, limit int) ([]string, error) {
	var tags []string
	err := listable(q.db.WithContext(ctx).Table("posts CROSS JOIN hashtags")).
		Where("hashtags.post_id = posts.id AND posts.actor_id = ? AND +posts.kind = ?", actorID, KindArticle).Group("hashtags.tag_lc").
		Order("count(*) DESC, hashtags.tag_lc").Limit(limit).Pluck("max(hashtags.display)", &tags).Error
	return tags, translate(err)
}

type featuredPost struct {
	PostID  int64 `gorm:"primaryKey;autoIncrement:false"`
	ActorID int64
	At      time.Time
}

// Featured returns the public articles that an actor put first, the last one to be put
// there at the top, without their HTML.
func (q Profiles) Featured(ctx context.Context, actorID int64) ([]*Post, error) {
	var rows []*Post
	err := Posts(q).articles(ctx).Table("featured_posts CROSS JOIN posts").Where("posts.id = featured_posts.post_id AND featured_posts.actor_id = ?", actorID).
		Order("featured_posts.at DESC, posts.id DESC").Find(&rows).Error
	return rows, translate(err)
}

// Feature puts an article first. It returns ErrConflict for one that stands there.
func (q Profiles) Feature(ctx context.Context, p *Post, now time.Time) error {
	return translate(q.db.WithContext(ctx).Create(&featuredPost{p.ID, p.ActorID, now.UTC()}).Error)
}

// Unfeature ends that and says whether it stood there.
func (q Profiles) Unfeature(ctx context.Context, postID int64) (bool, error) {
	res := q.db.WithContext(ctx).Where("post_id = ?", postID).Delete(&featuredPost{})
	return res.RowsAffected > 0, translate(res.Error)
}

// Forget removes everything that somebody who left showed.
func (q Profiles) Forget(ctx context.Context, actorID int64) error {
	for _, of := range []any{&ProfileField{}, &FeaturedTag{}, &CreditDomain{}, &featuredPost{}} {
		if err := q.db.WithContext(ctx).Where("actor_id = ?", actorID).Delete(of).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}
