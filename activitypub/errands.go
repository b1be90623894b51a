package activitypub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
	"confnotes/internal/introduce"
	"confnotes/internal/recent"
	"confnotes/internal/replica"
	"confnotes/models"
)

// Kinds of jobs: what must be fetched from elsewhere before it can take effect.
const (
	jobRefreshActor = "refresh-actor" // payload: the actor's id
	jobRefetch      = "refetch"       // payload: the id of an object that somebody forwarded
	jobSynchronize  = "synchronize"   // payload: an actor's id, and where the list of those who follow it from here is
	jobBoost        = "boost"         // payload: who boosted, the id of what, the id of the boost
	jobMove         = "move"          // payload: the ids of who moved and of where to, a line each
	jobAncestors    = "ancestors"     // payload: the id of a reply whose thread is not known here
)

// wordLane is that of all jobs but pictures and links of profiles: a slow server's keep
// nobody's words waiting.
const wordLane = ""

const (
	errandsAtOnce  = 4
	errandLease    = 2 * time.Minute
	errandAttempts = 5
	// pollEvery is how soon a row that another process wrote is noticed.
	pollEvery = 500 * time.Millisecond
)

func queueJob(ctx context.Context, tx *models.Store, kind, payload string, now time.Time) error {
	return tx.Jobs.Add(ctx, &models.Job{Kind: kind, UniqueKey: kind + " " + payload, Payload: payload, RunAt: now})
}

// refetchForwarded queues a look at the origin of what was forwarded: a thread's
// server passes on replies and deletions signed by itself. Only what touches a
// thread of ours is looked at.
func refetchForwarded(ctx context.Context, in *Inbox, tx *models.Store, by *models.Actor, a *vocab.ReceivedActivity, now time.Time) error {
	id := a.ObjectID
	if id == "" || in.iris.Ours(id) || !vocab.SameHost(id, a.Actor) {
		return nil
	}
	_, err := tx.Posts.ByURI(ctx, id)
	if errors.Is(err, models.ErrNotFound) && a.Object != nil {
		_, err = localPost(ctx, in.iris, tx, a.Object.InReplyTo)
		if errors.Is(err, models.ErrNotFound) {
			_, err = tx.Posts.ByURI(ctx, a.Object.InReplyTo)
		}
	}
	if errors.Is(err, models.ErrNotFound) {
		return in.lookUpwards(ctx, tx, by, a, now)
	}
	if err != nil {
		return err
	}
	return queueJob(ctx, tx, jobRefetch, id, now)
}

// Errands runs the jobs.
type Errands struct {
	store    *models.Store
	inbox    *Inbox
	resolver *Resolver
	client   *fetch.Client
	copies   *replica.Service
	log      *slog.Logger
	now      func() time.Time
	asked    *recent.Memory[int] // how often a host was asked for ancestors of late
}

// NewErrands makes the runner of jobs. What it fetches takes effect through inbox, or
// becomes one of the copies.
func NewErrands(store *models.Store, inbox *Inbox, resolver *Resolver, client *fetch.Client, copies *replica.Service, log *slog.Logger, now func() time.Time) *Errands {
	return &Errands{store, inbox, resolver, client, copies, log, now, recent.New[int](hostRest)}
}

// Run works until ctx ends. It first takes back what a killed process had leased.
func (e *Errands) Run(ctx context.Context) error {
	err := e.store.InTx(ctx, func(tx *models.Store) error { return tx.Jobs.Release(ctx) })
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("errands: %w", err)
	}
	var lanes sync.WaitGroup
	for _, lane := range []string{wordLane, replica.Lane, introduce.Lane} {
		lanes.Go(func() { e.work(ctx, lane) })
	}
	lanes.Wait()
	return nil
}

func (e *Errands) work(ctx context.Context, lane string) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := e.round(ctx, lane); err != nil && ctx.Err() == nil {
			e.log.ErrorContext(ctx, "errands", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round runs what is due in a lane, a few at a time.
func (e *Errands) round(ctx context.Context, lane string) error {
	for ctx.Err() == nil {
		if due, err := e.store.Jobs.Due(ctx, lane, e.now()); err != nil || !due {
			return err
		}
		var jobs []*models.Job
		err := e.store.InTx(ctx, func(tx *models.Store) (err error) {
			jobs, err = tx.Jobs.Lease(ctx, lane, e.now(), e.now().Add(errandLease), errandsAtOnce)
			return err
		})
		if err != nil {
			return err
		}
		done := make(chan error, len(jobs))
		for _, j := range jobs {
			go func() { done <- e.run(ctx, j) }()
		}
		for range jobs {
			err = errors.Join(err, <-done)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// run does one job and removes it, or puts it off by the delivery's own policy.
func (e *Errands) run(ctx context.Context, j *models.Job) error {
	var err error
	switch j.Kind {
	case jobRefreshActor:
		err = e.refreshActor(ctx, j.Payload)
	case jobRefetch:
		err = e.refetch(ctx, j.Payload)
	case jobSynchronize:
		err = e.synchronize(ctx, j.Payload)
	case jobMove:
		err = e.move(ctx, j.Payload)
	case jobAncestors:
		err = e.ancestors(ctx, j.Payload)
	case jobBoost:
		err = e.boosted(ctx, j)
	case introduce.Job:
		err = e.verifyLink(ctx, j.Payload)
	case jobMeet, jobHear:
		err = e.meet(ctx, j.Payload, j.Kind == jobMeet)
	case jobLook:
		err = e.look(ctx, j.Payload)
	case jobTold:
		err = e.told(ctx, j.Payload)
	case replica.Job:
		err = e.copyPicture(ctx, j.Payload)
	default:
		err = fmt.Errorf("unknown kind %q: %w", j.Kind, errUnproved)
	}
	if err != nil && ctx.Err() != nil {
		return nil // the lease runs out and the job is taken up again
	}
	return e.store.InTx(ctx, func(tx *models.Store) error {
		if err == nil || errors.Is(err, errUnproved) || permanent(err) || j.Attempt+1 >= errandAttempts {
			if err != nil {
				e.log.InfoContext(ctx, "errand given up", "kind", j.Kind, "what", j.Payload, "error", err)
				if err := e.giveUp(ctx, tx, j); err != nil {
					return err
				}
			}
			return tx.Jobs.Done(ctx, j.ID)
		}
		return tx.Jobs.Retry(ctx, j.ID, e.now().Add(backoff[j.Attempt]), err.Error())
	})
}

func (e *Errands) refreshActor(ctx context.Context, iri string) error {
	p, err := e.resolver.actor(ctx, iri, true)
	if err != nil {
		return err
	}
	return e.store.InTx(ctx, func(tx *models.Store) error { return p.save(ctx, tx, e.now().UTC()) })
}

// refetch asks an object's own server what it says today. Gone there is gone here.
func (e *Errands) refetch(ctx context.Context, iri string) error {
	obj, err := e.atOrigin(ctx, iri)
	if err != nil || obj == nil {
		return err
	}
	p, err := e.author(ctx, obj)
	if err != nil {
		return err
	}
	_, err = e.take(ctx, p, obj)
	return err
}

// atOrigin fetches an object from its own server. What is gone there is forgotten here,
// and nil.
func (e *Errands) atOrigin(ctx context.Context, iri string) (*vocab.ReceivedObject, error) {
	doc, err := e.client.Object(ctx, iri)
	var status *fetch.StatusError
	if errors.As(err, &status) && (status.Status == http.StatusGone || status.Status == http.StatusNotFound) {
		return nil, e.forget(ctx, iri, status.Status == http.StatusGone)
	}
	if err != nil {
		return nil, err
	}
	obj, err := vocab.ParseObject(doc.Raw)
	if err != nil {
		return nil, errors.Join(errUnproved, err)
	}
	if obj.Type == "Tombstone" {
		return nil, e.forget(ctx, doc.ID, true)
	}
	return obj, nil
}

// author returns who wrote a fetched object, which must be their own.
func (e *Errands) author(ctx context.Context, obj *vocab.ReceivedObject) (*profile, error) {
	p, err := e.resolver.actor(ctx, obj.AttributedTo, false)
	if err != nil {
		return nil, err
	}
	if !owns(p.actor, obj) {
		return nil, unproved("%s is not its author's", obj.ID)
	}
	return p, nil
}

// take has a fetched reply take effect as if its author had sent it.
func (e *Errands) take(ctx context.Context, p *profile, obj *vocab.ReceivedObject) (outcome string, err error) {
	now := e.now().UTC()
	err = e.store.InTx(ctx, func(tx *models.Store) error {
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		blocked, err := tx.Blocks.Blocked(ctx, 0, p.actor.ID, vocab.Host(obj.ID), p.actor.Domain)
		if err != nil || blocked || p.actor.State == models.StateDeleted {
			outcome = outcomeBlocked
			return err
		}
		outcome, err = e.inbox.storeReply(ctx, tx, p.actor, obj, now)
		return err
	})
	return outcome, err
}

// forget deletes a reply that its server no longer has. Where it says only "not
// found", a private one may just not be for us: whoever forwards something must not
// be able to delete it so.
func (e *Errands) forget(ctx context.Context, iri string, gone bool) error {
	return e.store.InTx(ctx, func(tx *models.Store) error {
		post, err := tx.Posts.ByURI(ctx, iri)
		if err != nil {
			return errors.Join(errUnproved, err)
		}
		if !gone && post.Visibility != models.VisibilityPublic && post.Visibility != models.VisibilityUnlisted {
			return unproved("%s is private, and hidden from us or gone", iri)
		}
		actor, err := tx.Actors.ByID(ctx, post.ActorID)
		if err != nil {
			return err
		}
		_, err = e.inbox.outbox.deleteReply(ctx, tx, actor, iri, e.now().UTC())
		return err
	})
}
