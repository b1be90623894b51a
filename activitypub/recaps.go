package activitypub

import (
	"context"
	"fmt"

	"confnotes/models"
)

// storeRecap stores what a recap shows, and has the author's others of the conference say
// which part they are.
func (o *Outbox) storeRecap(ctx context.Context, tx *models.Store, post *models.Post, r *rendered) error {
	if post.Day == "" {
		return nil
	}
	if err := tx.Posts.SetRecapNotes(ctx, post.ID, r.notes); err != nil {
		return fmt.Errorf("publish a recap: %w", err)
	}
	return otherParts(ctx, tx, post)
}

// leaveRecaps has the recaps that show a note about to be deleted rendered without it, and
// of a recap about to be deleted, the others by its author.
func leaveRecaps(ctx context.Context, tx *models.Store, post *models.Post) error {
	if post.Day != "" && post.State == models.PostPublished {
		return otherParts(ctx, tx, post)
	}
	if post.TalkID == nil {
		return nil
	}
	recaps, err := tx.Posts.RecapsWith(ctx, post.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(recaps))
	for i, p := range recaps {
		ids[i] = p.ID
	}
	return tx.Posts.FallBehind(ctx, ids)
}

// leaveDay has a recap that isn't one any more, or of another day, show no notes, and the
// author's others of the conference say anew which part they are.
func leaveDay(ctx context.Context, tx *models.Store, post *models.Post, before models.About) error {
	if err := tx.Posts.SetRecapNotes(ctx, post.ID, nil); err != nil {
		return err
	}
	return otherPartsOf(ctx, tx, post, before.ConferenceID)
}

// otherParts has the other recaps by the author of one rendered again.
func otherParts(ctx context.Context, tx *models.Store, post *models.Post) error {
	return otherPartsOf(ctx, tx, post, *post.ConferenceID)
}

func otherPartsOf(ctx context.Context, tx *models.Store, post *models.Post, conferenceID int64) error {
	all, err := tx.Posts.Recaps(ctx, post.ActorID, conferenceID)
	if err != nil {
		return err
	}
	var others []int64
	for _, p := range all {
		if p.ID != post.ID && p.State == models.PostPublished {
			others = append(others, p.ID)
		}
	}
	return tx.Posts.FallBehind(ctx, others)
}
