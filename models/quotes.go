package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of a quote.
const (
	QuoteGranted   = "granted"
	QuoteWithdrawn = "withdrawn" // by the author of what is quoted: for good
	QuoteUnasked   = "unasked"   // by a server that doesn't ask
)

// Who may quote an article.
const (
	QuotesOpen      = "open"
	QuotesFollowers = "followers" // of its author
	QuotesClosed    = "closed"
)

// Quote is somebody's post elsewhere that quotes one of ours.
type Quote struct {
	ID        int64
	PublicID  string
	PostID    int64
	ActorID   int64
	URI       string
	URL       string
	Excerpt   string
	State     string
	CreatedAt time.Time
}

// Quotes queries who quotes what is ours.
type Quotes struct{ db *gorm.DB }

// Put stores a quote. Of one that is known it takes the words, and the grant of one that
// nobody asked for; one that was withdrawn stays so. q becomes what stands.
func (qs Quotes) Put(ctx context.Context, q *Quote) error {
	db := qs.db.WithContext(ctx)
	q.PublicID = NewPublicID()
	err := db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "post_id"}, {Name: "uri"}},
		DoUpdates: clause.Assignments(map[string]any{
			"url":     gorm.Expr("CASE WHEN excluded.url <> '' THEN excluded.url ELSE quotes.url END"),
			"excerpt": gorm.Expr("CASE WHEN excluded.excerpt <> '' THEN excluded.excerpt ELSE quotes.excerpt END"),
			"state":   gorm.Expr("CASE WHEN quotes.state = 'unasked' THEN excluded.state ELSE quotes.state END"),
		}),
		Where: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "quotes.actor_id = excluded.actor_id"}}},
	}).Create(q).Error
	if err != nil {
		return translate(err)
	}
	stored, err := one[Quote](db.Where("post_id = ? AND uri = ?", q.PostID, q.URI))
	if err != nil {
		return err
	}
	if stored.ActorID != q.ActorID {
		return ErrConflict
	}
	*q = *stored
	return nil
}

// Disprove forgets what others than its author claimed of a post elsewhere: whoever asks to
// quote may name a post without sending it.
func (qs Quotes) Disprove(ctx context.Context, uri string, authorID int64) error {
	return translate(qs.db.WithContext(ctx).Where("uri = ? AND actor_id <> ?", uri, authorID).Delete(&Quote{}).Error)
}

// ByPublicID returns a quote by what its authorization's IRI names.
func (qs Quotes) ByPublicID(ctx context.Context, publicID string) (*Quote, error) {
	return one[Quote](qs.db.WithContext(ctx).Where("public_id = ?", publicID))
}

// ByID returns a quote.
func (qs Quotes) ByID(ctx context.Context, id int64) (*Quote, error) {
	return one[Quote](qs.db.WithContext(ctx).Where("id = ?", id))
}

// mostQuotes is how many quotes of an article are shown.
const mostQuotes = 100

// Of returns the newest quotes of a post that weren't withdrawn, 100 at most.
func (qs Quotes) Of(ctx context.Context, postID int64) ([]*Quote, error) {
	var rows []*Quote
	err := qs.db.WithContext(ctx).Where("post_id = ? AND state <> ?", postID, QuoteWithdrawn).Order("id DESC").Limit(mostQuotes).Find(&rows).Error
	return rows, translate(err)
}

// Withdraw takes a grant back for good.
func (qs Quotes) Withdraw(ctx context.Context, id int64) error {
	return changed(qs.db.WithContext(ctx).Model(&Quote{}).Where("id = ?", id).Updates(map[string]any{"state": QuoteWithdrawn, "excerpt": ""}))
}

// Remove forgets the quotes in a post elsewhere that its author deleted.
func (qs Quotes) Remove(ctx context.Context, actorID int64, uri string) error {
	return translate(qs.db.WithContext(ctx).Where("uri = ? AND actor_id = ?", uri, actorID).Delete(&Quote{}).Error)
}

// RemoveActor forgets all quotes by an actor.
func (qs Quotes) RemoveActor(ctx context.Context, actorID int64) error {
	return translate(qs.db.WithContext(ctx).Where("actor_id = ?", actorID).Delete(&Quote{}).Error)
}

// RemoveBlocked forgets the quotes by those whom a block keeps out: of the posts of one of
// ours, or of all where that is 0.
func (qs Quotes) RemoveBlocked(ctx context.Context, b *Block, of int64) error {
	db := named(qs.db.WithContext(ctx), "actor_id", b)
	if of != 0 {
		db = db.Where("post_id IN (SELECT id FROM posts WHERE actor_id = ?)", of)
	}
	return translate(db.Delete(&Quote{}).Error)
}
