package activitypub

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"confnotes/models"
)

// How an article stands at a server, the worst first.
const (
	ReachGivenUp   = "given_up"
	ReachWaits     = "waits" // for another attempt, or until its server has rested
	ReachUnderway  = "underway"
	ReachDelivered = "delivered"
)

var reachOrder = []string{ReachGivenUp, ReachWaits, ReachUnderway, ReachDelivered}

// Reach is how an article, or its last edit, stands at one server.
type Reach struct {
	Host     string
	State    string
	Blocked  bool      // here, by the author or the instance
	Edit     bool      // the article is there; what is spoken of is its last edit
	At       time.Time // delivered or given up; waits: the next attempt
	Attempts int
	Status   int    // of the last answer, 0 for none
	Reason   string // what it said, or why there was none; a stranger's words
}

// Silent says whether the server was given up for having been silent for a week.
func (r Reach) Silent() bool { return r.State == ReachGivenUp && r.Reason == silentForAWeek }

// MayResend says whether trying again, now, is of use.
func (r Reach) MayResend() bool {
	return !r.Blocked && (r.State == ReachGivenUp || r.State == ReachWaits && !patient(r.Status))
}

// patient says whether a server asked for time: pressing it would be answered the same.
func patient(status int) bool { return status == http.StatusTooManyRequests }

// Reach says how an article of ours stands at each server that it was sent to, those
// that need a look first. What groups announce goes to others, and isn't counted.
func (o *Outbox) Reach(ctx context.Context, post *models.Post) ([]Reach, error) {
	rows, out, err := o.atInboxes(ctx, o.store, post)
	if err != nil {
		return nil, err
	}
	now := o.now().UTC()
	var all []Reach
	for _, row := range rows {
		r := reachOf(row, out, now)
		if n := len(all) - 1; n >= 0 && all[n].Host == r.Host {
			all[n] = worse(all[n], r)
			continue
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b Reach) int { return cmp.Compare(rank(a), rank(b)) })
	return all, nil
}

func (o *Outbox) atInboxes(ctx context.Context, store *models.Store, post *models.Post) ([]*models.AtInbox, *models.KeptOut, error) {
	rows, err := store.Deliveries.ReachOf(ctx, post.ActorID, o.iris.Post(post))
	if err != nil {
		return nil, nil, err
	}
	var account int64
	if post.AccountID != nil {
		account = *post.AccountID
	}
	out, err := store.Blocks.KeptOut(ctx, account)
	return rows, out, err
}

func reachOf(row *models.AtInbox, out *models.KeptOut, now time.Time) Reach {
	r := Reach{Host: row.Host, Blocked: out.Inbox(row.Inbox, row.Host), Edit: row.Type == "Update", Attempts: row.Attempt, Status: row.Status, Reason: row.Error}
	next := row.RunAt
	if row.PausedUntil != nil && row.PausedUntil.After(next) {
		next = *row.PausedUntil
	}
	switch {
	case row.State == models.DeliveryDelivered:
		r.State, r.At = ReachDelivered, *row.DoneAt
	case row.State == models.DeliveryFailed:
		r.State, r.At = ReachGivenUp, *row.DoneAt
	case next.After(now):
		r.State, r.At = ReachWaits, next
	default:
		r.State = ReachUnderway
	}
	return r
}

func rank(r Reach) int { return slices.Index(reachOrder, r.State) }

// worse is what is said of a server of two things that stand there: of what it has, the
// later.
func worse(a, b Reach) Reach {
	if rank(b) < rank(a) || rank(b) == rank(a) && a.State == ReachDelivered {
		return b
	}
	return a
}

// Resend tries again what was given up, and at once what waits, at one host, or at all
// for "". What is under way, what a server wants time for and who is blocked are left
// alone, so that asking twice sends nothing twice. The Create of an edited article
// carries it as it is today, and goes before its Update. It returns how many inboxes
// are tried.
func (o *Outbox) Resend(ctx context.Context, post *models.Post, host string) (n int, err error) {
	err = o.change(ctx, func(tx *models.Store, now time.Time) error {
		rows, out, err := o.atInboxes(ctx, tx, post)
		if err != nil {
			return err
		}
		var ids []int64
		var hosts []string
		for _, row := range rows {
			if host != "" && row.Host != host || !reachOf(row, out, now).MayResend() {
				continue
			}
			ids = append(ids, row.ID)
			hosts = append(hosts, row.Host)
		}
		n = len(ids)
		return errors.Join(tx.Deliveries.Again(ctx, ids, now), tx.Deliveries.Open(ctx, slices.Compact(hosts), now))
	})
	return n, err
}
