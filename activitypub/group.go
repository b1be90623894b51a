package activitypub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// checkAbout returns *models.InvalidError for a conference, a talk or a day that isn't
// there.
func checkAbout(ctx context.Context, tx *models.Store, about models.About) error {
	if about.ConferenceID == 0 {
		if about != (models.About{}) {
			return &models.InvalidError{Field: "conference", Reason: models.Required}
		}
		return nil
	}
	c, err := tx.Conferences.ByID(ctx, about.ConferenceID)
	if errors.Is(err, models.ErrNotFound) {
		return &models.InvalidError{Field: "conference", Reason: models.Unusable}
	}
	if err != nil {
		return err
	}
	if about.Day != "" && !slices.Contains(c.Days(), about.Day) {
		return &models.InvalidError{Field: "day", Reason: models.Unusable}
	}
	if about.TalkID == 0 {
		return nil
	}
	talk, err := tx.Talks.ByID(ctx, about.TalkID)
	if errors.Is(err, models.ErrNotFound) || err == nil && talk.ConferenceID != c.ID {
		return &models.InvalidError{Field: "talk", Reason: models.Unusable}
	}
	return err
}

// announces says whether a conference tells its followers of an article at once.
func announces(c *models.Conference, p *models.Post) bool {
	if p.Visibility != models.VisibilityPublic || p.State != models.PostPublished {
		return false
	}
	switch c.Announces {
	case models.AnnounceEverything:
		return true
	case models.AnnounceRecaps:
		return p.Day != "" && p.TalkID == nil
	}
	return false
}

// regroup has groups that an article isn't about any more take back that they announced it
// and, where it is new or came to be about something else, has the conference that it is
// about, and its series, announce it. What a conference's owner chooses later changes
// nothing for what was announced before.
func (o *Outbox) regroup(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, news bool, now time.Time) error {
	var groups []*models.Actor
	tell := false
	if post.ConferenceID != nil {
		c, all, err := tx.Conferences.Groups(ctx, *post.ConferenceID)
		if err != nil {
			return err
		}
		groups, tell = all, news && announces(c, post)
	}
	stand, err := tx.Reactions.ByGroups(ctx, post.ID)
	if err != nil {
		return err
	}
	for _, r := range stand {
		stays := slices.ContainsFunc(groups, func(g *models.Actor) bool { return g.ID == r.ActorID })
		if stays && (tell || !news) {
			continue
		}
		if err := o.withdraw(ctx, tx, r, now); err != nil {
			return err
		}
	}
	if !tell {
		return nil
	}
	for _, g := range groups {
		if !slices.ContainsFunc(stand, func(r *models.Reaction) bool { return r.ActorID == g.ID }) {
			if err := o.announceAs(ctx, tx, g, author, post, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// announceAs has a group tell its followers of a post, once at each inbox. What is ours
// goes out in two forms, each under an id of its own: the Announce of the object, which
// Mastodon understands, and then that of its Create (FEP-1b12). The order of deliveries
// about one object holds, and the first to come names the boost. Both name their object by
// its id, so that nothing that an edit takes out stays in them.
func (o *Outbox) announceAs(ctx context.Context, tx *models.Store, group, author *models.Actor, post *models.Post, now time.Time) error {
	iri := o.iris.Post(post)
	inboxes, err := tx.Follows.Inboxes(ctx, group.ID)
	if err != nil {
		return err
	}
	forms := []string{iri}
	if post.Local {
		create, err := tx.Activities.CreateOf(ctx, iri)
		if err != nil {
			return fmt.Errorf("the Create of %s: %w", iri, err)
		}
		forms = append(forms, o.iris.Activity(create.PublicID))
	} else {
		inboxes = append(inboxes, author.DeliveryInbox())
	}
	for _, object := range forms {
		row, err := o.record(ctx, tx, act{typ: models.ReactionAnnounce, actor: group, object: object, objectIRI: iri, to: []string{vocab.Public},
			cc: []string{actorIRI(o.iris, author), o.iris.Followers(group.HandleLC)}, visibility: models.VisibilityPublic, inboxes: slices.Clone(inboxes)}, now)
		if err != nil {
			return err
		}
		reaction := &models.Reaction{Type: models.ReactionAnnounce, ActorID: group.ID, PostID: post.ID, CreatedAt: now}
		if err := tx.Reactions.Put(ctx, reaction, o.iris.Activity(row.PublicID)); err != nil {
			return err
		}
	}
	return errors.Join(tx.Readings.Add(ctx, post.ID, group.ID, now), tx.Posts.BeRead(ctx, post.ID))
}

// withdraw takes back a group's announcement in each of its forms: an Undo matches only
// the one that arrived first, and which that was at each server nobody knows.
func (o *Outbox) withdraw(ctx context.Context, tx *models.Store, r *models.Reaction, now time.Time) error {
	group, err := tx.Actors.ByID(ctx, r.ActorID)
	if err != nil {
		return err
	}
	uris, err := tx.Reactions.URIs(ctx, r.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(uris))
	for i, uri := range uris {
		ref, err := o.iris.Parse(uri)
		if err != nil {
			return fmt.Errorf("%s announced by %s: %w", uri, group.Handle, err)
		}
		ids[i] = ref.Name
	}
	rows, err := tx.Activities.ByPublicIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := o.undoAnnounce(ctx, tx, group, row, now); err != nil {
			return err
		}
	}
	return tx.Reactions.Remove(ctx, r.ActorID, r.Type, r.PostID)
}

// undoAnnounce sends an Undo to whom an Announce was, or was to be, sent.
func (o *Outbox) undoAnnounce(ctx context.Context, tx *models.Store, group *models.Actor, row *models.Activity, now time.Time) error {
	var done vocab.Activity
	if err := json.Unmarshal(row.Body, &done); err != nil {
		return fmt.Errorf("read activity %s: %w", row.PublicID, err)
	}
	done.Context = nil
	inboxes, err := tx.Deliveries.InboxesOf(ctx, row.ID)
	if err != nil {
		return err
	}
	if err := tx.Activities.Withdraw(ctx, row.ID, now); err != nil {
		return err
	}
	_, err = o.record(ctx, tx, act{typ: "Undo", actor: group, object: done, objectIRI: row.ObjectURI, to: done.To, cc: done.CC,
		visibility: models.VisibilityPublic, inboxes: inboxes}, now)
	return err
}

// withdrawAll has every group of ours take back that it announced a post: it is gone.
func (o *Outbox) withdrawAll(ctx context.Context, tx *models.Store, postID int64, now time.Time) error {
	stand, err := tx.Reactions.ByGroups(ctx, postID)
	if err != nil {
		return err
	}
	return o.withdrawEach(ctx, tx, stand, now)
}

// withdrawOf does the same with everything that somebody, or a server, wrote.
func (o *Outbox) withdrawOf(ctx context.Context, tx *models.Store, b *models.Block, now time.Time) error {
	stand, err := tx.Reactions.ByGroupsOf(ctx, b)
	if err != nil {
		return err
	}
	return o.withdrawEach(ctx, tx, stand, now)
}

func (o *Outbox) withdrawEach(ctx context.Context, tx *models.Store, stand []*models.Reaction, now time.Time) error {
	for _, r := range stand {
		if err := o.withdraw(ctx, tx, r, now); err != nil {
			return err
		}
	}
	return nil
}

// groupOutbox is what a conference or a series announced and didn't take back, and the
// digests that it wrote. Announces stand in it, so that who reads it learns of what they are
// without a request for each.
func (d *Documents) groupOutbox(ctx context.Context, group *models.Actor, page bool, before int64) ([]byte, error) {
	id := d.iris.Outbox(group.HandleLC)
	n, err := d.store.Activities.CountStanding(ctx, group.ID)
	if err != nil {
		return nil, err
	}
	if !page {
		return marshal(vocab.Collection{Context: vocab.Context, ID: id, Type: "OrderedCollection", TotalItems: &n, First: id + "?page=1"})
	}
	rows, err := d.store.Activities.Standing(ctx, group.ID, before, outboxPage)
	if err != nil {
		return nil, err
	}
	c := vocab.Collection{Context: vocab.Context, ID: pageID(id, before), Type: "OrderedCollectionPage", PartOf: id, TotalItems: &n, OrderedItems: []any{}}
	for _, row := range rows {
		if row.Body == nil { // a digest: by its id, as it is long
			c.OrderedItems = append(c.OrderedItems, d.iris.Activity(row.PublicID))
			continue
		}
		var told vocab.Activity
		if err := json.Unmarshal(row.Body, &told); err != nil {
			return nil, fmt.Errorf("read activity %s: %w", row.PublicID, err)
		}
		told.Context = nil
		c.OrderedItems = append(c.OrderedItems, told)
	}
	if len(rows) == outboxPage {
		c.Next = pageID(id, rows[len(rows)-1].ID)
	}
	return marshal(c)
}
