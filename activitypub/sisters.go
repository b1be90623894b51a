package activitypub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Sisters are the Groups of one conference on several instances. They follow each other, so
// that each tells the others which notes stand on which talks. What a Group elsewhere says
// of itself proves nothing, and needn't: what comes through it is coverage, which the
// conference's managers decide on, and it stands on the talks alone that it names.

// maxSisters bounds how many Groups are known for a conference, followed or not.
const maxSisters = 50

// FollowSister has a conference's Group follow another one of the same conference, by its
// address. It returns ErrNoServer for what is no address, *models.InvalidError for what is
// no Group, and models.ErrNotFound for one of ours, for one that the instance keeps out, and
// to whoever doesn't look after the conference.
func (o *Outbox) FollowSister(ctx context.Context, by *models.Account, c *models.Conference, address string) (*models.Actor, error) {
	h, err := readAddress(address)
	if err != nil {
		return nil, err
	}
	if err := manages(ctx, o.store, by, c); err != nil {
		return nil, err
	}
	p, err := o.resolver.byHandle(ctx, h)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", address, err)
	}
	err = o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := errors.Join(manages(ctx, tx, by, c), p.save(ctx, tx, now)); err != nil {
			return err
		}
		if err := mayBeSister(ctx, tx, c, p.actor); err != nil {
			return err
		}
		return o.join(ctx, tx, c, p.actor, now)
	})
	return p.actor, err
}

// mayBeSister says why an actor can't be followed for a conference.
func mayBeSister(ctx context.Context, tx *models.Store, c *models.Conference, actor *models.Actor) error {
	if actor.Local || actor.State != models.StateActive {
		return models.ErrNotFound
	}
	if actor.Kind != models.ActorGroup {
		return &models.InvalidError{Field: "address", Reason: models.NotAGroup}
	}
	if blocked, err := blockedBy(ctx, tx, c.ActorID, actor); err != nil || blocked {
		return errors.Join(err, models.ErrNotFound)
	}
	return nil
}

// SetSister has a conference's Group follow one that was found, or with on false no longer,
// and then it isn't asked about again. It returns models.ErrNotFound for one that isn't
// there, and to whoever doesn't look after the conference.
func (o *Outbox) SetSister(ctx context.Context, by *models.Account, c *models.Conference, actorID int64, on bool) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := manages(ctx, tx, by, c); err != nil {
			return err
		}
		if _, err := tx.Sisters.Between(ctx, c.ID, actorID); err != nil {
			return err
		}
		actor, err := tx.Actors.ByID(ctx, actorID)
		if err != nil {
			return err
		}
		if on {
			if err := mayBeSister(ctx, tx, c, actor); err != nil {
				return err
			}
			return o.join(ctx, tx, c, actor, now)
		}
		f, err := tx.Follows.Between(ctx, c.ActorID, actorID)
		if err == nil {
			err = o.endFollow(ctx, tx, c.Actor, actor, f, now)
		}
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		return tx.Sisters.Set(ctx, &models.Sister{ConferenceID: c.ID, ActorID: actorID, State: models.SisterRefused, CreatedAt: now})
	})
}

// join has a conference's Group follow another, and look at what stood there before.
func (o *Outbox) join(ctx context.Context, tx *models.Store, c *models.Conference, sister *models.Actor, now time.Time) error {
	if err := o.askToFollow(ctx, tx, c.Actor, sister, now); err != nil {
		return err
	}
	row := &models.Sister{ConferenceID: c.ID, ActorID: sister.ID, State: models.SisterFollowed, NextAt: &now, CreatedAt: now}
	return errors.Join(tx.Sisters.Set(ctx, row), queueJob(ctx, tx, jobLook, ids(c.ID, sister.ID), now))
}

// propose takes note of a Group that says it is of a conference. A conference that takes
// coverage at once follows it at once, where firsthand says that it spoke for itself; the
// managers of others are asked. One that is followed, and had ended that, is asked again:
// it came to us.
func (o *Outbox) propose(ctx context.Context, tx *models.Store, c *models.Conference, group *models.Actor, firsthand bool, now time.Time) error {
	if mayBeSister(ctx, tx, c, group) != nil {
		return nil
	}
	if err := tx.Sisters.Propose(ctx, &models.Sister{ConferenceID: c.ID, ActorID: group.ID, CreatedAt: now}, maxSisters); err != nil || !firsthand {
		return err
	}
	s, err := tx.Sisters.Between(ctx, c.ID, group.ID)
	if errors.Is(err, models.ErrNotFound) { // beyond the bound
		return nil
	}
	if err != nil || s.State == models.SisterRefused || s.State == models.SisterProposed && !open(c) {
		return err
	}
	if _, err = tx.Follows.Between(ctx, c.ActorID, group.ID); errors.Is(err, models.ErrNotFound) {
		return o.join(ctx, tx, c, group, now)
	}
	return err
}

// sisterAsks takes note of a Group that follows one of ours.
func (o *Outbox) sisterAsks(ctx context.Context, tx *models.Store, target, group *models.Actor, now time.Time) error {
	if target.Kind != models.ActorGroup || group.Kind != models.ActorGroup {
		return nil
	}
	c, err := tx.Conferences.ByActor(ctx, target)
	if errors.Is(err, models.ErrNotFound) { // a series
		return nil
	}
	if err != nil {
		return err
	}
	return o.propose(ctx, tx, c, group, true, now)
}

// sisterInboxes are where the Groups elsewhere are that follow the conference of a public
// article: they are told of it by itself, whatever readers who follow the conference are told
// of, and so hear of edits and ends of what they found for themselves.
func sisterInboxes(ctx context.Context, tx *models.Store, post *models.Post) ([]string, error) {
	if post.ConferenceID == nil || post.Visibility != models.VisibilityPublic {
		return nil, nil
	}
	c, err := tx.Conferences.ByID(ctx, *post.ConferenceID)
	if err != nil {
		return nil, err
	}
	return tx.Follows.GroupInboxes(ctx, c.ActorID)
}

// floods says whether a server has said so much of a conference's talks since yesterday that
// it isn't listened to: anybody may write of a talk, and by thousands of accounts.
func floods(ctx context.Context, tx *models.Store, author *models.Actor, about subjects, now time.Time) (bool, error) {
	if len(about.talks) == 0 {
		return false, nil
	}
	of := make([]int64, len(about.conferences))
	for i, c := range about.conferences {
		of[i] = c.ID
	}
	n, err := tx.Coverage.Newest(ctx, of, author.Host, now.Add(-lookEvery))
	return n >= maxNews, err
}

// meetGroup has the Group looked at that an article about talks of ours belongs to.
func (in *Inbox) meetGroup(ctx context.Context, tx *models.Store, o *vocab.ReceivedObject, about subjects, now time.Time) error {
	if len(about.talks) == 0 || in.iris.Ours(o.Audience) || !vocab.SameHost(o.Audience, o.ID) {
		return nil
	}
	var jobs []*models.Job
	for _, c := range about.conferences {
		jobs = append(jobs, jobFor(jobMeet, ids(c.ID)+" "+o.Audience, now))
	}
	return tx.Jobs.AddAll(ctx, jobs)
}

// sisterTells has what a sister announces looked at where it is: she tells of notes, and
// says nothing of what is in them. Whatever she says, nothing of ours announces it again.
func sisterTells(ctx context.Context, tx *models.Store, a *received, iri string) (string, error) {
	followed, err := tx.Sisters.Followed(ctx, a.actor.ID)
	if err != nil || len(followed) == 0 {
		return outcomeIgnored, err
	}
	if _, err := tx.Posts.ByURI(ctx, iri); !errors.Is(err, models.ErrNotFound) { // its author told us
		return outcomeIgnored, err
	}
	var jobs []*models.Job
	for _, s := range followed {
		jobs = append(jobs, jobFor(jobTold, ids(s.ConferenceID, s.ActorID)+" "+iri, a.now))
	}
	return outcomeDone, tx.Jobs.AddAll(ctx, jobs)
}

// ids are what a job is about, as its payload has them.
func ids(all ...int64) string {
	words := make([]string, len(all))
	for i, id := range all {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, " ")
}

// readIDs is the inverse of ids: the first n of a payload, and what follows them.
func readIDs(payload string, n int) (all []int64, rest string, err error) {
	words := strings.SplitN(payload, " ", n+1)
	if len(words) < n {
		return nil, "", unproved("a job about %q", payload)
	}
	for _, w := range words[:n] {
		id, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			return nil, "", unproved("a job about %q", payload)
		}
		all = append(all, id)
	}
	return all, strings.Join(slices.Clone(words[n:]), " "), nil
}
