package activitypub

import (
	"context"
	"errors"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// storeTop stores, or edits, what answers nothing: what somebody writes whom one of ours
// follows, to be read, answered, liked and boosted here, and what mentions a conference of
// ours. What is sent to some alone is not kept, what is for followers for those alone.
func (in *Inbox) storeTop(ctx context.Context, tx *models.Store, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) (string, error) {
	if buried, err := tx.Posts.Buried(ctx, o.ID, actor.ID); err != nil || buried {
		return outcomeIgnored, err
	}
	about, err := in.subjects(ctx, tx, actor, o)
	if err != nil {
		return "", err
	}
	known, err := tx.Posts.ByURI(ctx, o.ID)
	if err == nil && known.Kind != models.KindFollowed && known.Kind != models.KindCoverage {
		return outcomeIgnored, nil
	}
	if err == nil {
		return in.editTop(ctx, tx, actor, known, o, about, now)
	}
	if !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	post := replyFrom(actor, o, now)
	if flood, err := floods(ctx, tx, actor, about, now); err != nil {
		return "", err
	} else if flood || !everyone(post) {
		about = subjects{}
	}
	told := func() error {
		return errors.Join(cover(ctx, tx, post, about, now), in.meetGroup(ctx, tx, o, about, now))
	}
	followed, err := tx.Follows.Followed(ctx, actor.ID)
	switch {
	case err != nil:
		return "", err
	case followed && post.Visibility != models.VisibilityDirect && now.Sub(*post.PublishedAt) < readLife:
		return outcomeDone, errors.Join(in.keepFollowed(ctx, tx, actor, post, o, now), told())
	case len(about.conferences) == 0:
		return outcomeIgnored, nil
	}
	post.Kind, post.Moderation = models.KindCoverage, models.ModerationHeld
	if slices.ContainsFunc(about.conferences, open) {
		post.Moderation = models.ModerationShown
	}
	if err := tx.Posts.Create(ctx, post); err != nil {
		return "", err
	}
	return outcomeDone, errors.Join(attach(ctx, tx, post, o, now), told())
}

// keepFollowed stores what somebody writes whom one of ours follows, and tells those of ours
// whom it names.
func (in *Inbox) keepFollowed(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, o *vocab.ReceivedObject, now time.Time) error {
	addressed, err := in.addressed(ctx, tx, author, o)
	if err != nil {
		return err
	}
	if err := keep(ctx, tx, post, o, addressed, now); err != nil {
		return err
	}
	for _, id := range addressed {
		if err := notify(ctx, tx, id, models.NotifyMention, author, post.ID, now); err != nil {
			return err
		}
	}
	return tx.Readings.Add(ctx, post.ID, author.ID, earlier(*post.PublishedAt, now))
}

func open(c *models.Conference) bool { return c.Coverage == models.CoverageOpen }

// conferencesNamed returns the conferences of ours that an object mentions.
func (in *Inbox) conferencesNamed(ctx context.Context, tx *models.Store, author *models.Actor, o *vocab.ReceivedObject) ([]*models.Conference, error) {
	var handles []string
	for _, iri := range slices.Concat(o.To, o.CC, o.Mentions) {
		ref, err := in.iris.Parse(iri)
		if err == nil && ref.Kind == RefActor && !slices.Contains(handles, ref.Name) && len(handles) < maxAddressed {
			handles = append(handles, ref.Name)
		}
	}
	named, err := tx.Conferences.ByHandles(ctx, handles)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	if blocked, err := blockedBy(ctx, tx, named[0].ActorID, author); err != nil || blocked {
		return nil, err
	}
	return named, nil
}

// cover records which conferences a post is about, and which of their talks.
func cover(ctx context.Context, tx *models.Store, post *models.Post, about subjects, now time.Time) error {
	if err := tx.Coverage.SetTalks(ctx, post.ID, about.talks); err != nil {
		return err
	}
	for _, c := range about.conferences {
		row := &models.Coverage{ConferenceID: c.ID, PostID: post.ID, State: models.CoverageHeld, CreatedAt: now}
		if open(c) {
			row.State = models.CoverageShown
		}
		if err := tx.Coverage.Add(ctx, row); err != nil {
			return err
		}
		if err := tellOfWaiting(ctx, tx, c, post, now); err != nil {
			return err
		}
	}
	return nil
}

// tellOfWaiting tells those who look after a conference that coverage of it waits, when a
// post is the only one: they go and look, and a wave of spam is told of once.
func tellOfWaiting(ctx context.Context, tx *models.Store, c *models.Conference, post *models.Post, now time.Time) error {
	n, newest, err := tx.Coverage.Count(ctx, c.ID, models.CoverageHeld)
	if err != nil || n != 1 || newest != post.ID {
		return err
	}
	return tx.Notifications.TellManagers(ctx, c, models.Notification{Kind: models.NotifyCoverage, ActorID: post.ActorID, PostID: post.ID, CreatedAt: now})
}

// editTop changes a post that answers nothing. Where it doesn't mention a conference any
// more, or isn't for everyone, it is no coverage; where it gained what spam has, it waits
// again.
func (in *Inbox) editTop(ctx context.Context, tx *models.Store, actor *models.Actor, known *models.Post, o *vocab.ReceivedObject, about subjects, now time.Time) (string, error) {
	// What is followed is read on; a conference's page waits for a look at it.
	waits, err := in.editWaits(ctx, tx, actor, known, o)
	if err != nil {
		return "", err
	}
	outcome, err := in.editReply(ctx, tx, actor, known, o)
	if err != nil || outcome != outcomeDone {
		return outcome, err
	}
	if !everyone(known) {
		about = subjects{}
	}
	rows, err := tx.Coverage.Of(ctx, known.ID)
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if slices.ContainsFunc(about.conferences, func(c *models.Conference) bool { return c.ID == row.ConferenceID }) {
			continue
		}
		if err := in.outbox.uncover(ctx, tx, row, now); err != nil {
			return "", err
		}
	}
	if err := cover(ctx, tx, known, about, now); err != nil || !waits && known.Moderation != models.ModerationHeld {
		return outcomeDone, err
	}
	if err := errors.Join(tx.Coverage.Hold(ctx, known.ID), in.outbox.withdrawAll(ctx, tx, known.ID, now)); err != nil {
		return "", err
	}
	for _, c := range about.conferences {
		if err := tellOfWaiting(ctx, tx, c, known, now); err != nil {
			return "", err
		}
	}
	return outcomeDone, nil
}

// uncover forgets that a post is about a conference, whose Group takes its boost back.
func (o *Outbox) uncover(ctx context.Context, tx *models.Store, row *models.Coverage, now time.Time) error {
	c, err := tx.Conferences.ByID(ctx, row.ConferenceID)
	if err != nil {
		return err
	}
	return errors.Join(tx.Coverage.Drop(ctx, row.PostID, row.ConferenceID), o.withdrawBy(ctx, tx, c.ActorID, []int64{row.PostID}, now))
}

// withdrawBy has one group take back that it announced some posts.
func (o *Outbox) withdrawBy(ctx context.Context, tx *models.Store, groupID int64, postIDs []int64, now time.Time) error {
	stand, err := tx.Reactions.OfGroup(ctx, groupID, postIDs)
	if err != nil {
		return err
	}
	return o.withdrawEach(ctx, tx, stand, now)
}

// manages returns models.ErrNotFound to who doesn't look after a conference.
func manages(ctx context.Context, tx *models.Store, by *models.Account, c *models.Conference) error {
	role, err := tx.Conferences.Role(ctx, by, c.ActorID)
	if err == nil && role == "" {
		return models.ErrNotFound
	}
	return err
}

// DecideCoverage shows or hides, by state, what was written elsewhere about a conference:
// the posts with the ids or, with last, all that wait and came no later than the one with
// that id. What is hidden the Group no longer boosts. It returns models.ErrNotFound to
// whoever doesn't look after the conference.
func (o *Outbox) DecideCoverage(ctx context.Context, by *models.Account, c *models.Conference, last int64, ids []int64, state string) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := manages(ctx, tx, by, c); err != nil {
			return err
		}
		posts, err := tx.Coverage.Decide(ctx, c.ID, models.CoverageHeld, last, ids, state)
		if err != nil || state == models.CoverageShown {
			return err
		}
		return o.withdrawBy(ctx, tx, c.ActorID, posts, now)
	})
}

// BoostCoverage has the Group of a conference boost posts that are shown about it, or with
// on false take that back. It returns models.ErrNotFound to whoever doesn't look after the
// conference.
func (o *Outbox) BoostCoverage(ctx context.Context, by *models.Account, c *models.Conference, ids []int64, on bool) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := manages(ctx, tx, by, c); err != nil {
			return err
		}
		posts, err := tx.Coverage.Shown(ctx, c.ID, ids)
		if err != nil {
			return err
		}
		if !on {
			return o.withdrawBy(ctx, tx, c.ActorID, idsOf(posts), now)
		}
		stand, err := tx.Reactions.OfGroup(ctx, c.ActorID, ids)
		if err != nil {
			return err
		}
		authors, err := tx.Actors.ByIDs(ctx, authorsOf(posts))
		if err != nil {
			return err
		}
		for _, p := range posts {
			if slices.ContainsFunc(stand, func(r *models.Reaction) bool { return r.PostID == p.ID }) {
				continue
			}
			if err := o.announceAs(ctx, tx, c.Actor, authors[p.ActorID], p, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func idsOf(posts []*models.Post) []int64 {
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	return ids
}

func authorsOf(posts []*models.Post) []int64 {
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ActorID
	}
	return ids
}
