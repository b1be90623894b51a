package activitypub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Bounds on what one reply may have us fetch, as a stranger could invent endless threads.
const (
	maxHops    = 10 // upwards from one reply
	hostBudget = 30 // ancestors fetched from one host in a while
	hostRest   = 10 * time.Minute
)

// errHostBusy: a host was asked for much already. It may be asked later.
var errHostBusy = errors.New("this host was asked for much just now")

// lookUpwards queues a look at a forwarded reply of which we know neither the parent nor
// itself: its thread may lead to an article of ours. It must come through somebody who is
// no stranger here, or name one of ours.
func (in *Inbox) lookUpwards(ctx context.Context, tx *models.Store, by *models.Actor, a *vocab.ReceivedActivity, now time.Time) error {
	o := a.Object
	if o == nil || a.Type != "Create" || o.InReplyTo == "" || in.iris.Ours(o.InReplyTo) {
		return nil
	}
	if !slices.ContainsFunc(slices.Concat(o.To, o.CC, o.Mentions), in.iris.Ours) {
		if known, err := tx.Actors.Known(ctx, by.ID, 0); err != nil || !known {
			return err
		}
	}
	return queueJob(ctx, tx, jobAncestors, a.ObjectID, now)
}

// awaitParent queues a look at a reply that names none of ours and came before what it
// answers, as two deliveries side by side may: it says that its thread is one of ours
// (Mastodon repeats our `conversation`, and gives it as `context`, too), or somebody here who
// follows its author may read what it answers.
func (in *Inbox) awaitParent(ctx context.Context, tx *models.Store, author *models.Actor, o *vocab.ReceivedObject, now time.Time) error {
	if !slices.ContainsFunc(o.Threads, in.iris.Ours) {
		whom := o.Mentions
		if len(whom) == 0 {
			whom = []string{o.AttributedTo} // going on from their own words
		}
		if read, err := tx.Follows.Together(ctx, author.ID, whom); err != nil || !read {
			return err
		}
	}
	return queueJob(ctx, tx, jobAncestors, o.ID, now)
}

// ancestor is a reply on the way up, with its author.
type ancestor struct {
	by  *profile
	obj *vocab.ReceivedObject
}

// ancestors fetches what stands between a reply and an article of ours, each part from
// its own server, and stores it from the top. A thread that leads elsewhere leaves
// nothing here.
func (e *Errands) ancestors(ctx context.Context, iri string) error {
	missing, err := e.climb(ctx, iri)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(missing) {
		outcome, err := e.take(ctx, a.by, a.obj)
		if err != nil || outcome == outcomeRefused || outcome == outcomeBlocked {
			return err
		}
	}
	return nil
}

// climb goes from a reply up to something that stands under an article of ours, and
// returns what is missing on the way, the lowest first.
func (e *Errands) climb(ctx context.Context, iri string) (missing []ancestor, err error) {
	seen := map[string]bool{}
	for range maxHops + 1 {
		if iri == "" || seen[iri] {
			return nil, unproved("the thread doesn't lead to us")
		}
		seen[iri] = true
		post, err := e.known(ctx, iri)
		switch {
		case err == nil && (post.HeadsThread() || post.RootID != nil):
			return missing, nil
		case err == nil:
			iri = post.InReplyToURI
		case !errors.Is(err, models.ErrNotFound):
			return nil, err
		default:
			a, err := e.fetchAncestor(ctx, iri)
			if err != nil {
				return nil, err
			}
			missing, iri = append(missing, *a), a.obj.InReplyTo
			if followed, err := e.store.Follows.Followed(ctx, a.by.actor.ID); err != nil || followed && iri == "" {
				return missing, err
			}
		}
	}
	return nil, unproved("the thread is longer than %d replies", maxHops)
}

func (e *Errands) known(ctx context.Context, iri string) (*models.Post, error) {
	post, err := localPost(ctx, e.inbox.iris, e.store, iri)
	if errors.Is(err, models.ErrNotFound) {
		return e.store.Posts.ByURI(ctx, iri)
	}
	return post, err
}

// ownWords fetches an object from its own server, which isn't blocked and wasn't asked for
// too much.
func (e *Errands) ownWords(ctx context.Context, iri string) (*fetch.Document, error) {
	host := vocab.Host(iri)
	if e.inbox.iris.Ours(iri) {
		return nil, unproved("%s is ours and isn't there", iri)
	}
	if blocked, err := e.store.Blocks.Blocked(ctx, 0, 0, host); err != nil {
		return nil, err
	} else if blocked {
		return nil, unproved("%s is blocked", host)
	}
	if err := e.ask(host, host, hostBudget); err != nil {
		return nil, err
	}
	return e.client.Object(ctx, iri)
}

// fetchAncestor fetches a public reply.
func (e *Errands) fetchAncestor(ctx context.Context, iri string) (*ancestor, error) {
	doc, err := e.ownWords(ctx, iri)
	if err != nil {
		return nil, err
	}
	return e.proved(ctx, doc)
}

// proved reads a fetched post that is for everyone, and finds its author.
func (e *Errands) proved(ctx context.Context, doc *fetch.Document) (*ancestor, error) {
	obj, err := vocab.ParseObject(doc.Raw)
	if err != nil || !slices.Contains(replyTypes, obj.Type) {
		return nil, errors.Join(errUnproved, err)
	}
	by, err := e.author(ctx, obj)
	if err != nil {
		return nil, err
	}
	if v := visibility(by.actor, obj); v != models.VisibilityPublic && v != models.VisibilityUnlisted {
		return nil, unproved("%s is not for everyone", obj.ID)
	}
	return &ancestor{by, obj}, nil
}

// ask counts a question to a host under a key, or says that it had enough of them.
func (e *Errands) ask(host, key string, budget int) error {
	n, lately := e.asked.Get(key, e.now())
	if !lately {
		n = 0
	}
	if n >= budget {
		return fmt.Errorf("%s: %w", host, errHostBusy)
	}
	e.asked.Put(key, n+1, e.now())
	return nil
}
