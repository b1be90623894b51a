package activitypub

import (
	"context"
	"time"

	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/models"
)

// Freeze is a text as its readers see it, with what its talks and notes put into it as words
// of its own: what is left of a talk note or a recap that is about no conference any more.
func (o *Outbox) Freeze(ctx context.Context, author *models.Account, about models.About, text models.RevisionText) (models.RevisionText, error) {
	composed, err := composer(o.iris).Compose(ctx, o.store, recap.Article{ActorID: author.ActorID, About: about, Text: text})
	if err != nil {
		return text, err
	}
	text.Source, text.Takeaway = composed.Own, ""
	return text, nil
}

// Unpublish takes an article back as Delete does, and keeps what its author last saved as a
// draft, which it returns. Published again it is a new article: servers forget a deleted one
// for good. The author alone may; others get models.ErrNotFound.
func (o *Outbox) Unpublish(ctx context.Context, by *models.Account, postID int64) (kept *models.Post, err error) {
	now := o.now().UTC().Truncate(time.Millisecond)
	err = o.store.InTx(ctx, func(tx *models.Store) error {
		post, err := tx.Posts.ByID(ctx, postID)
		if err != nil {
			return err
		}
		if post.State != models.PostPublished || post.AccountID == nil || *post.AccountID != by.ID {
			return models.ErrNotFound
		}
		head, err := tx.Revisions.Head(ctx, post)
		if err != nil {
			return err
		}
		text, about := head.Text, post.About()
		text.Slug = "" // where it was says for ever that it was deleted
		if kept, _, err = o.drafts.Save(ctx, tx, draft.Input{Account: by, ClientID: models.NewPublicID(), Text: text, About: &about}); err != nil {
			return err
		}
		return o.deletePost(ctx, tx, post, now)
	})
	if err == nil {
		o.wake()
	}
	return kept, err
}
