// Package moderation decides who may look after a conversation, and does what
// needs no word to other servers: hiding a reply, lifting a block.
package moderation

import (
	"context"

	"confnotes/models"
)

// MayModerate says whether an account looks after the replies to a published
// article: its author does, and editors and owners do wherever they can read it.
func MayModerate(a *models.Account, article *models.Post) bool {
	if article.State != models.PostPublished || article.Kind != models.KindArticle {
		return false
	}
	return article.AccountID != nil && *article.AccountID == a.ID || a.Moderates() && models.CanSee(models.Viewer{}, models.Sight{Post: article})
}

// Service looks after conversations.
type Service struct{ store *models.Store }

// NewService makes a Service.
func NewService(store *models.Store) *Service { return &Service{store} }

// Reply returns a reply under an article that the account may see and moderate, else
// models.ErrNotFound.
func (s *Service) Reply(ctx context.Context, a *models.Account, article *models.Post, id int64) (*models.Post, error) {
	reply, err := s.store.Posts.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	sight, err := s.store.Posts.Sight(ctx, reply)
	if err != nil {
		return nil, err
	}
	if reply.RootID == nil || *reply.RootID != article.ID || !MayModerate(a, article) || !models.CanSee(models.ViewerOf(a), sight) {
		return nil, models.ErrNotFound
	}
	return reply, nil
}

// Set shows or hides a reply that Reply returned. Our copies of a hidden one's pictures
// go; they are fetched again should it be shown.
func (s *Service) Set(ctx context.Context, reply *models.Post, moderation string) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if moderation == models.ModerationHidden {
			if err := tx.Media.LetGoPost(ctx, reply.ID); err != nil {
				return err
			}
		}
		return tx.Posts.SetModeration(ctx, reply.ID, moderation)
	})
}

// Decide shows or hides replies that wait for the account's word: those with the ids
// or, with last, all that came no later than the one with that id. Others it leaves alone.
func (s *Service) Decide(ctx context.Context, a *models.Account, last int64, ids []int64, moderation string) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		return tx.Posts.Decide(ctx, models.ViewerOf(a), last, ids, moderation)
	})
}

// Unblock lifts a block of the account's own or, for an owner, of the instance's.
// What was hidden stays hidden until it is shown again by hand. Others get
// models.ErrNotFound.
func (s *Service) Unblock(ctx context.Context, a *models.Account, id int64) (*models.Block, error) {
	var block *models.Block
	err := s.store.InTx(ctx, func(tx *models.Store) (err error) {
		if block, err = tx.Blocks.ByID(ctx, id); err != nil {
			return err
		}
		if block.AccountID != a.ID && (block.AccountID != 0 || a.Role != models.RoleOwner) {
			return models.ErrNotFound
		}
		return tx.Blocks.Remove(ctx, id)
	})
	return block, err
}
