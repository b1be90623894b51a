package activitypub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const (
	lanesAtOnce = 25
	rowsAtOnce  = 4 // of one lane
	laneLease   = time.Minute
	// drainTime is how long a shutdown waits for what is on the wire. What isn't
	// answered by then stays a row.
	drainTime = 20 * time.Second
)

// silentForAWeek is what is said of deliveries to a dead host.
const silentForAWeek = "the server has not answered for a week"

// Courier delivers. It leases lanes, sends a few rows of each at a time and stores
// how it went; all it knows is in the rows, so it can be killed at any moment.
type Courier struct {
	store  *models.Store
	iris   *IRIs
	client *fetch.Client
	log    *slog.Logger
	now    func() time.Time
	owner  string
	bell   chan struct{}
	keys   *keyring
}

// NewCourier makes a Courier.
func NewCourier(store *models.Store, iris *IRIs, client *fetch.Client, log *slog.Logger, now func() time.Time) *Courier {
	return &Courier{store: store, iris: iris, client: client, log: log, now: now, keys: &keyring{store: store, iris: iris}, owner: models.NewPublicID(), bell: make(chan struct{}, 1)}
}

// Wake says that rows were written just now. Rows of another process are noticed
// within pollEvery.
func (c *Courier) Wake() {
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends, then waits up to drainTime for what is under way. It
// first takes back what a killed process had leased: one `serve` runs at a time.
func (c *Courier) Run(ctx context.Context) error {
	err := c.store.InTx(ctx, func(tx *models.Store) error { return tx.Deliveries.ReleaseAll(ctx) })
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("courier: %w", err)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var lanes errgroup.Group
	lanes.SetLimit(lanesAtOnce)
	free := make(chan struct{}, lanesAtOnce)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		leased, err := c.lease(ctx, lanesAtOnce-len(free))
		if err != nil && ctx.Err() == nil {
			c.log.ErrorContext(ctx, "lease lanes", "error", err)
		}
		for _, l := range leased {
			free <- struct{}{}
			lanes.Go(func() error {
				defer func() { <-free; c.Wake() }()
				if err := c.serveLane(work, l); err != nil && work.Err() == nil {
					c.log.ErrorContext(ctx, "lane", "host", l.Host, "error", err)
				}
				return nil
			})
		}
		if len(leased) > 0 && len(free) < lanesAtOnce {
			continue
		}
		select {
		case <-ctx.Done():
		case <-c.bell:
		case <-tick.C:
		}
	}
	time.AfterFunc(drainTime, stop)
	return lanes.Wait()
}

func (c *Courier) lease(ctx context.Context, limit int) ([]*models.Lane, error) {
	now := c.now()
	if limit <= 0 {
		return nil, nil
	}
	if due, err := c.store.Deliveries.LanesDue(ctx, now); err != nil || !due {
		return nil, err
	}
	var lanes []*models.Lane
	err := c.store.InTx(ctx, func(tx *models.Store) (err error) {
		lanes, err = tx.Deliveries.LeaseLanes(ctx, c.owner, now, now.Add(laneLease), limit)
		return err
	})
	return lanes, err
}

// serveLane sends the next few rows of a lane and gives the lane back.
func (c *Courier) serveLane(ctx context.Context, l *models.Lane) error {
	limit := rowsAtOnce
	if probing(*l) {
		limit = 1
	}
	rows, err := c.store.Deliveries.Due(ctx, l.Host, c.now(), limit)
	if err != nil {
		return err
	}
	var sent []sending
	if l.DeadAt == nil {
		if sent, err = c.sendAll(ctx, rows); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx) // what was answered is stored, whoever is shutting down
	return c.store.InTx(ctx, func(tx *models.Store) error { return c.settle(ctx, tx, *l, sent) })
}

// settle stores how the attempts went and gives the lane back.
func (c *Courier) settle(ctx context.Context, tx *models.Store, lane models.Lane, sent []sending) error {
	now := c.now().UTC()
	if lane.DeadAt != nil {
		if err := tx.Deliveries.GiveUp(ctx, lane.Host, silentForAWeek, now); err != nil {
			return err
		}
	}
	for _, s := range sent {
		if s.interrupted {
			continue
		}
		if !s.unsent {
			lane = afterAnswer(lane, s.answer, now)
		}
		after := afterAttempt(*s.row, s.answer, now, rand.Float64())
		if err := tx.Deliveries.Finish(ctx, &after); err != nil {
			return err
		}
		c.log.InfoContext(ctx, "delivery", "type", s.typ, "inbox", after.Inbox, "state", after.State, "status", after.Status, "attempt", after.Attempt, "error", after.Error)
	}
	return tx.Deliveries.ReleaseLane(ctx, &lane)
}

// sending is one attempt. It was interrupted when we shut down before the answer;
// unsent, it says nothing about the host.
type sending struct {
	row                 *models.Delivery
	typ                 string // of the activity; "" where it is gone
	answer              answer
	interrupted, unsent bool
}

// sendAll makes one attempt for each row, side by side. The rows are for different
// objects or inboxes, so their order doesn't matter.
func (c *Courier) sendAll(ctx context.Context, rows []*models.Delivery) ([]sending, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ActivityID
	}
	activities, err := c.store.Activities.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	actors := make([]int64, 0, len(rows))
	for _, a := range activities {
		actors = append(actors, a.ActorID)
	}
	keys, err := c.keys.of(ctx, actors...)
	if err != nil {
		return nil, err
	}
	listsEd25519, err := c.store.Actors.ListsEd25519(ctx, vocab.Hostname(rows[0].Inbox))
	if err != nil {
		return nil, err
	}
	synchronizations, err := c.synchronizations(ctx, activities, rows[0].Inbox)
	if err != nil {
		return nil, err
	}
	sent := make([]sending, len(rows))
	var wg sync.WaitGroup
	for i, r := range rows {
		a := activities[r.ActivityID]
		if a == nil || a.Body == nil {
			sent[i] = sending{row: r, unsent: true, answer: answer{status: http.StatusGone, reason: "what it carried was deleted"}}
			continue
		}
		d := fetch.Delivery{Inbox: r.Inbox, Body: a.Body, Keys: keys[a.ActorID], ListsEd25519: listsEd25519}
		if a.Visibility == models.VisibilityFollowers {
			d.Synchronization = synchronizations[a.ActorID]
		}
		wg.Go(func() { sent[i] = c.send(ctx, r, a.Type, d) })
	}
	wg.Wait()
	return sent, nil
}

func (c *Courier) send(ctx context.Context, row *models.Delivery, typ string, d fetch.Delivery) sending {
	s := sending{row: row, typ: typ}
	if d.Keys.RSA.Private == nil {
		s.unsent, s.answer = true, answer{reason: errUnreadableKey.Error()}
		return s
	}
	res, err := c.client.Post(ctx, d)
	switch {
	case err == nil:
		s.answer = answer{res.Status, res.RetryAfter, res.Reason}
	case ctx.Err() != nil:
		s.interrupted = true
	case errors.Is(err, fetch.ErrRefused):
		// Never sent, and never to be sent there: as final as a 4xx.
		s.unsent, s.answer = true, answer{status: http.StatusForbidden, reason: err.Error()}
	default:
		s.answer = answer{reason: err.Error()}
	}
	return s
}
