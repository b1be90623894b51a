package models

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"
)

// Revision is one saved state of an article's text. Numbers count from 1.
type Revision struct {
	ID         int64
	PostID     int64
	Number     int
	BaseNumber int // the revision it was written over
	AccountID  *int64
	Kind       string // saved, published
	CreatedAt  time.Time
	Text       RevisionText `gorm:"-"`
}

// Kinds of a revision.
const (
	RevisionSaved     = "saved"
	RevisionPublished = "published"
)

// RevisionText is what the author typed, in one language.
type RevisionText struct {
	RevisionID int64  `gorm:"primaryKey;autoIncrement:false"`
	Language   string `gorm:"primaryKey"`
	Title      string
	Summary    string
	Source     string // Markdown
	Takeaway   string // of a talk note, Markdown in one line
	Tags       string // space separated, without "#"
	Slug       string // as wished for; empty: made from the title

	Cover        string // public id of a picture; empty for none
	CoverAlt     string
	CoverCaption string
	Attach       bool // send the pictures as attachments

	Replies    string // who may reply: RepliesOpen …; empty: open
	Quotes     string // who may quote it: QuotesOpen …; empty: open
	Visibility string // whom it is for: VisibilityPublic, Unlisted or Followers; empty: public
}

// fillChoices sets what was left open to what holds then.
func (t *RevisionText) fillChoices() {
	t.Replies, t.Quotes, t.Visibility = cmp.Or(t.Replies, RepliesOpen), cmp.Or(t.Quotes, QuotesOpen), cmp.Or(t.Visibility, VisibilityPublic)
}

// Revisions queries the versions of articles.
type Revisions struct{ db *gorm.DB }

// Add stores a revision with its text and makes it the head of its post, if the
// post's head is still the one it was written over; else it returns ErrConflict.
func (q Revisions) Add(ctx context.Context, r *Revision) error {
	db := q.db.WithContext(ctx)
	r.Number = r.BaseNumber + 1
	if err := db.Create(r).Error; err != nil {
		return translate(err)
	}
	r.Text.RevisionID = r.ID
	r.Text.fillChoices()
	if err := db.Create(&r.Text).Error; err != nil {
		return translate(err)
	}
	res := db.Model(&Post{}).Where("id = ? AND lock_version = ?", r.PostID, r.BaseNumber).
		Updates(map[string]any{"head_revision_id": r.ID, "lock_version": r.Number, "saved_at": r.CreatedAt.UTC()})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrConflict
	}
	return translate(res.Error)
}

// MarkPublished makes a revision the one that readers see.
func (q Revisions) MarkPublished(ctx context.Context, r *Revision) error {
	db := q.db.WithContext(ctx)
	if err := changed(db.Model(&Revision{}).Where("id = ?", r.ID).Update("kind", RevisionPublished)); err != nil {
		return err
	}
	return changed(db.Model(&Post{}).Where("id = ?", r.PostID).Update("published_revision_id", r.ID))
}

// ByID returns a revision with its text.
func (q Revisions) ByID(ctx context.Context, id int64) (*Revision, error) {
	r, err := one[Revision](q.db.WithContext(ctx).Where("id = ?", id))
	if err != nil {
		return nil, err
	}
	text, err := one[RevisionText](q.db.WithContext(ctx).Where("revision_id = ?", id))
	if err != nil {
		return nil, err
	}
	r.Text = *text
	return r, nil
}

// Head returns what was last saved of a post.
func (q Revisions) Head(ctx context.Context, p *Post) (*Revision, error) {
	if p.HeadRevisionID == nil {
		return nil, ErrNotFound
	}
	return q.ByID(ctx, *p.HeadRevisionID)
}

// HeadTitles returns the title and language last saved, by post.
func (q Revisions) HeadTitles(ctx context.Context, posts []*Post) (map[int64]RevisionText, error) {
	var rows []struct {
		PostID int64
		RevisionText
	}
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	err := q.db.WithContext(ctx).Table("posts").
		Select("posts.id AS post_id, revision_texts.title, revision_texts.language").
		Joins("JOIN revision_texts ON revision_texts.revision_id = posts.head_revision_id").
		Where("posts.id IN ?", ids).Scan(&rows).Error
	titles := make(map[int64]RevisionText, len(rows))
	for _, r := range rows {
		titles[r.PostID] = r.RevisionText
	}
	return titles, translate(err)
}
