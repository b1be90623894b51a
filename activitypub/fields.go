package activitypub

import (
	"context"
	"errors"
	"strconv"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// present adds to a person's document what they show of themselves: fields as Mastodon
// has them, and the hosts whose pages may credit them.
func present(iris *IRIs, doc *vocab.Actor, p models.Profile) {
	doc.FeaturedTags = iris.FeaturedTags(doc.PreferredUsername)
	doc.AttributionDomains = append(doc.AttributionDomains, p.Domains...)
	for _, f := range p.Fields {
		doc.Attachment = append(doc.Attachment, vocab.PropertyValue{Type: "PropertyValue", Name: f.Label, Value: richtext.FieldValue(f.Value, f.URL)})
	}
}

// verifyLink looks whether the page that a field leads to leads back with rel=me, to the
// profile's page as Mastodon asks for, or to the actor.
func (e *Errands) verifyLink(ctx context.Context, row string) error {
	id, err := strconv.ParseInt(row, 10, 64)
	if err != nil {
		return unproved("%q is no field's row", row)
	}
	f, err := e.store.Profiles.Field(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && f.URL == "" {
		return nil
	}
	if err != nil {
		return err
	}
	actor, err := e.store.Actors.ByID(ctx, f.ActorID)
	if err != nil {
		return err
	}
	page, err := e.client.Page(ctx, f.URL)
	if err != nil {
		return err
	}
	back := richtext.LinksBack(page, e.inbox.iris.ActorPage(actor), e.inbox.iris.Actor(actor.HandleLC))
	return e.store.InTx(ctx, func(tx *models.Store) error { return tx.Profiles.Checked(ctx, id, f.URL, back, e.now()) })
}

// unverified records that a field's page can't be had.
func (e *Errands) unverified(ctx context.Context, tx *models.Store, row string) error {
	id, err := strconv.ParseInt(row, 10, 64)
	if err != nil {
		return nil
	}
	f, err := tx.Profiles.Field(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Profiles.Checked(ctx, id, f.URL, false, e.now())
}
