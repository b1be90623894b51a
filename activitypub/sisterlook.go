package activitypub

import (
	"context"
	"errors"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Jobs about sisters. Payloads begin with a conference's id and, but for jobMeet and
// jobHear, the sister's.
const (
	jobMeet = "meet-sister"    // then the id of a Group that spoke for itself
	jobHear = "hear-of-sister" // then the id of a Group that a sister follows
	jobLook = "look-at-sister"
	jobTold = "told-by-sister" // then the id of what she announced
)

const (
	lookEvery    = 24 * time.Hour
	looksAtOnce  = 100
	lookPages    = 5   // of an outbox
	maxHeard     = 10  // Groups that a sister follows, at each look
	maxAgain     = 50  // notes from a sister's server that are fetched again, at each look
	sisterBudget = 240 // of one host in ten minutes: each note is announced in two forms
	maxNews      = 200 // notes a day that a sister tells of for a conference and that are new here
)

func jobFor(kind, payload string, now time.Time) *models.Job {
	return &models.Job{Kind: kind, UniqueKey: kind + " " + payload, Payload: payload, RunAt: now}
}

// askFor counts what a host is asked for because of what sisters say.
func (e *Errands) askFor(host string) error { return e.ask(host, "sisters "+host, sisterBudget) }

// queueLooks queues a look at each sister that is due for one.
func queueLooks(ctx context.Context, store *models.Store, now time.Time) error {
	due, err := store.Sisters.Due(ctx, now, looksAtOnce)
	if err != nil || len(due) == 0 {
		return err
	}
	jobs := make([]*models.Job, len(due))
	for i, s := range due {
		jobs[i] = jobFor(jobLook, ids(s.ConferenceID, s.ActorID), now)
	}
	return store.InTx(ctx, func(tx *models.Store) error { return tx.Jobs.AddAll(ctx, jobs) })
}

// meet finds out whether what somebody said is a Group is one, and takes note of it.
func (e *Errands) meet(ctx context.Context, payload string, firsthand bool) error {
	of, iri, err := readIDs(payload, 1)
	if err != nil {
		return err
	}
	c, err := e.store.Conferences.ByID(ctx, of[0])
	if err != nil {
		return err
	}
	if blocked, err := e.store.Blocks.Blocked(ctx, 0, 0, vocab.Host(iri)); err != nil || blocked {
		return err
	}
	if err := e.askFor(vocab.Host(iri)); err != nil {
		return err
	}
	p, err := e.resolver.actor(ctx, iri, false)
	if err != nil || p.actor.Kind != models.ActorGroup {
		return err
	}
	err = e.store.InTx(ctx, func(tx *models.Store) error {
		now := e.now().UTC()
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		return e.inbox.outbox.propose(ctx, tx, c, p.actor, firsthand, now)
	})
	if err == nil {
		e.inbox.outbox.wake()
	}
	return err
}

// sister returns a conference and the Group that it follows, as a payload names them, and
// the rest of it. One that ended the follow is no sister until it comes again.
func (e *Errands) sister(ctx context.Context, payload string) (c *models.Conference, group *models.Actor, rest string, err error) {
	of, rest, err := readIDs(payload, 2)
	if err != nil {
		return nil, nil, "", err
	}
	s, err := e.store.Sisters.Between(ctx, of[0], of[1])
	if errors.Is(err, models.ErrNotFound) || err == nil && s.State != models.SisterFollowed {
		return nil, nil, "", unproved("%s is followed no more", payload)
	}
	if err != nil {
		return nil, nil, "", err
	}
	if c, err = e.store.Conferences.ByID(ctx, of[0]); err != nil {
		return nil, nil, "", err
	}
	if group, err = e.store.Actors.ByID(ctx, of[1]); err != nil {
		return nil, nil, "", err
	}
	_, err = e.store.Follows.Between(ctx, c.ActorID, group.ID)
	if errors.Is(err, models.ErrNotFound) {
		s.NextAt = nil
		err = e.store.InTx(ctx, func(tx *models.Store) error { return tx.Sisters.Set(ctx, s) })
		return nil, nil, "", errors.Join(unproved("%s wants no follow of ours", *group.URI), err)
	}
	return c, group, rest, err
}

// look reads what a sister announced, so that what stood before the follow, or got lost
// since, is found, and has what is known from her server fetched again. Whom she follows
// may be sisters, too.
func (e *Errands) look(ctx context.Context, payload string) error {
	c, group, _, err := e.sister(ctx, payload)
	if err != nil {
		return err
	}
	doc, err := vocab.ParseActor(group.Raw)
	if err != nil {
		return errors.Join(errUnproved, err)
	}
	notes, err := e.announced(ctx, *group.URI, doc.Outbox)
	if err != nil {
		return err
	}
	heard, err := e.following(ctx, *group.URI, doc.Following)
	if err != nil {
		return err
	}
	known, err := e.store.Coverage.From(ctx, c.ID, group.Host, maxAgain)
	if err != nil {
		return err
	}
	now := e.now().UTC()
	var jobs []*models.Job
	for _, iri := range append(notes, known...) {
		jobs = append(jobs, jobFor(jobTold, ids(c.ID, group.ID)+" "+iri, now))
	}
	for _, iri := range heard {
		jobs = append(jobs, jobFor(jobHear, ids(c.ID)+" "+iri, now))
	}
	next := now.Add(lookEvery)
	return e.store.InTx(ctx, func(tx *models.Store) error {
		row := &models.Sister{ConferenceID: c.ID, ActorID: group.ID, State: models.SisterFollowed, NextAt: &next, CreatedAt: now}
		return errors.Join(tx.Jobs.AddAll(ctx, jobs), tx.Sisters.Set(ctx, row))
	})
}

// announced are the ids of what a Group announced last, by its outbox.
func (e *Errands) announced(ctx context.Context, group, outbox string) (iris []string, err error) {
	seen := map[string]bool{}
	err = e.pages(ctx, group, outbox, lookPages, func(item vocab.ReceivedItem) {
		if item.Type == models.ReactionAnnounce && item.ObjectID != "" && !seen[item.ObjectID] && !e.inbox.iris.Ours(item.ObjectID) {
			seen[item.ObjectID] = true
			iris = append(iris, item.ObjectID)
		}
	})
	return iris, err
}

// following are the ids of those that a Group followed last.
func (e *Errands) following(ctx context.Context, group, collection string) (iris []string, err error) {
	err = e.pages(ctx, group, collection, 1, func(item vocab.ReceivedItem) {
		if vocab.Host(item.ID) != "" && !e.inbox.iris.Ours(item.ID) && len(iris) < maxHeard {
			iris = append(iris, item.ID)
		}
	})
	return iris, err
}

// pages reads so many pages of a collection of a Group's own server.
func (e *Errands) pages(ctx context.Context, group, collection string, most int, each func(vocab.ReceivedItem)) error {
	for n := 0; n <= most && vocab.SameHost(collection, group); n++ { // the collection itself is none
		if err := e.askFor(vocab.Host(collection)); err != nil {
			return err
		}
		doc, err := e.client.Object(ctx, collection)
		if err != nil {
			return err
		}
		page, err := vocab.ParsePage(doc.Raw)
		if err != nil {
			return errors.Join(errUnproved, err)
		}
		for _, item := range page.Items {
			each(item)
		}
		collection = page.Next
	}
	return nil
}

// told fetches what a sister told of from where it is. What is new here must be about a
// talk of the conference that follows her.
func (e *Errands) told(ctx context.Context, payload string) error {
	c, group, iri, err := e.sister(ctx, payload)
	if err != nil {
		return err
	}
	if blocked, err := e.store.Blocks.Blocked(ctx, 0, group.ID, vocab.Host(iri), group.Host); err != nil || blocked {
		return err
	}
	if err := e.askFor(vocab.Host(iri)); err != nil {
		return err
	}
	obj, err := e.atOrigin(ctx, iri)
	if err != nil || obj == nil || !slices.Contains(replyTypes, obj.Type) { // her second form names the Create
		return err
	}
	known, err := e.store.Posts.ByURI(ctx, obj.ID)
	if errors.Is(err, models.ErrNotFound) {
		known, err = nil, e.news(ctx, c, group, obj)
	}
	if err != nil {
		return err
	}
	p, err := e.author(ctx, obj)
	if err != nil {
		return err
	}
	outcome, err := e.take(ctx, p, obj)
	if err != nil || outcome == outcomeBlocked || known == nil {
		return err
	}
	return e.store.InTx(ctx, func(tx *models.Store) error { return tx.Coverage.Unhide(ctx, known.ID) })
}

// news counts what a sister tells of that isn't known here, so that none can flood a
// conference.
func (e *Errands) news(ctx context.Context, c *models.Conference, group *models.Actor, obj *vocab.ReceivedObject) error {
	about, err := talksNamed(ctx, e.store, obj)
	if err != nil {
		return err
	}
	for _, named := range about.conferences {
		if named.ID != c.ID {
			continue
		}
		return e.store.InTx(ctx, func(tx *models.Store) error {
			counted, err := tx.Sisters.Count(ctx, &models.Sister{ConferenceID: c.ID, ActorID: group.ID}, e.now().UTC().Format(time.DateOnly), maxNews)
			if err == nil && !counted {
				err = unproved("%s told of more than %d notes today", *group.URI, maxNews)
			}
			return err
		})
	}
	return unproved("%s is about no talk of the conference", obj.ID)
}
