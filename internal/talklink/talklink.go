// Package talklink keeps what belongs to a talk and comes after it: slides, recordings,
// code. Anybody with an account may add it; who added it, and who looks after the
// conference, may take it away.
package talklink

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// What a talk can have at most, and what a link.
const (
	MaxLinks = 30 // of one talk
	maxURL   = 1000
	maxTitle = 150
)

// Types are what a link can lead to.
var Types = []schedule.LinkType{schedule.Slides, schedule.Video, schedule.Code, schedule.Paper, schedule.Web}

// Service adds and removes links.
type Service struct {
	store *models.Store
	now   func() time.Time
}

// NewService makes a Service.
func NewService(store *models.Store, now func() time.Time) *Service { return &Service{store, now} }

// Add adds a link to a talk. It returns *models.InvalidError for one that can't be
// taken; one that the talk has already stays as it is.
func (s *Service) Add(ctx context.Context, a *models.Account, t *models.Talk, linkType, address, title string) error {
	return s.add(ctx, a, &models.Resource{TalkID: t.ID, Type: linkType}, address, title)
}

// TakeOver adds a link that one of its speakers gave in a reply, as Add does.
func (s *Service) TakeOver(ctx context.Context, a *models.Account, t *models.Talk, from *models.Person, linkType, address string) error {
	return s.add(ctx, a, &models.Resource{TalkID: t.ID, Type: linkType, PersonID: &from.ID}, address, "")
}

func (s *Service) add(ctx context.Context, a *models.Account, r *models.Resource, address, title string) error {
	r.Title, r.AccountID, r.CreatedAt = richtext.StrangerText(title, maxTitle+1), &a.ID, s.now().UTC()
	var err error
	if r.URL, err = clean(address); err != nil {
		return err
	}
	switch {
	case !slices.Contains(Types, schedule.LinkType(r.Type)):
		return &models.InvalidError{Field: "type", Reason: models.BadPolicy}
	case len([]rune(strings.TrimSpace(title))) > maxTitle:
		return &models.InvalidError{Field: "title", Reason: models.TooLong, Limit: maxTitle}
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		has, err := tx.Talks.Resources(ctx, r.TalkID)
		if err != nil {
			return err
		}
		if len(has[r.TalkID]) >= MaxLinks {
			return &models.InvalidError{Field: "url", Reason: models.TooMany, Limit: MaxLinks}
		}
		return tx.Talks.AddResource(ctx, r)
	})
}

// clean is an address of the web in one spelling: with a host, and no password in it.
func clean(address string) (string, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", &models.InvalidError{Field: "url", Reason: models.Required}
	}
	if len(address) > maxURL {
		return "", &models.InvalidError{Field: "url", Reason: models.TooLong, Limit: maxURL}
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(u.Host, "<>\"'` ") {
		return "", &models.InvalidError{Field: "url", Reason: models.BadLink}
	}
	u.Host = strings.ToLower(u.Host)
	return u.String(), nil
}

// MayRemove says whether an account may take a link away, with its role at the
// conference, as Conferences.Role tells it.
func MayRemove(a *models.Account, role string, r models.Resource) bool {
	return role != "" || r.AccountID != nil && *r.AccountID == a.ID
}

// Remove takes a link away. It returns models.ErrNotFound for one that isn't there, or
// isn't the account's to remove.
func (s *Service) Remove(ctx context.Context, a *models.Account, c *models.Conference, t *models.Talk, id int64) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		role, err := tx.Conferences.Role(ctx, a, c.ActorID)
		if err != nil {
			return err
		}
		has, err := tx.Talks.Resources(ctx, t.ID)
		if err != nil {
			return err
		}
		for _, r := range has[t.ID] {
			if r.ID == id && MayRemove(a, role, r) {
				return tx.Talks.RemoveResource(ctx, t.ID, id)
			}
		}
		return models.ErrNotFound
	})
}
