package models

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// enqueue stores one delivery of a new activity about an object to each inbox, due at a time.
func (s *Store) enqueue(t *testing.T, by *Actor, typ, object string, at time.Time, host string, inboxes ...string) {
	t.Helper()
	s.must(t, func(ctx context.Context, tx *Store) error {
		a := &Activity{PublicID: NewPublicID(), Type: typ, ActorID: by.ID, ObjectURI: object, Body: []byte("{}"), Visibility: VisibilityPublic, CreatedAt: at}
		if err := tx.Activities.Create(ctx, a); err != nil {
			return err
		}
		rows := make([]Delivery, len(inboxes))
		for i, inbox := range inboxes {
			rows[i] = Delivery{ActivityID: a.ID, Inbox: inbox, Host: host, OrderKey: object, RunAt: at}
		}
		return tx.Deliveries.Enqueue(ctx, rows)
	})
}

func TestDeliveriesOfOneObjectToOneInboxKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addLocal(t, "gwen")
	s.enqueue(t, gwen, "Create", "urn:one", noon, "a.example", "https://a.example/inbox", "https://a.example/other")
	s.enqueue(t, gwen, "Update", "urn:one", noon, "a.example", "https://a.example/inbox")
	s.enqueue(t, gwen, "Create", "urn:two", noon, "a.example", "https://a.example/inbox")
	s.enqueue(t, gwen, "Create", "urn:later", noon.Add(time.Minute), "a.example", "https://a.example/inbox")
	due := func(now time.Time) []int64 {
		rows, err := s.Deliveries.Due(ctx, "a.example", now, 10)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]int64, len(rows))
		for i, d := range rows {
			ids[i] = d.ID
		}
		slices.Sort(ids)
		return ids
	}
	if got, want := due(noon), []int64{1, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("due = %v, want %v: the Update waits for its Create, others don't", got, want)
	}
	// The Create backs off: its Update waits, the rest overtakes.
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Deliveries.Finish(ctx, &Delivery{ID: 1, State: DeliveryQueued, RunAt: noon.Add(time.Hour), Attempt: 1})
	})
	if got, want := due(noon.Add(time.Minute)), []int64{2, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("due while the Create backs off = %v, want %v", got, want)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Deliveries.Finish(ctx, &Delivery{ID: 1, State: DeliveryDelivered, RunAt: noon, DoneAt: &noon})
	})
	if got, want := due(noon), []int64{2, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("due after the Create went out = %v, want %v", got, want)
	}
}

func TestADeletedObjectTakesItsWordsOutOfTheQueue(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addLocal(t, "gwen")
	s.enqueue(t, gwen, "Create", "urn:one", noon, "a.example", "https://a.example/inbox")
	s.enqueue(t, gwen, "Create", "urn:two", noon, "a.example", "https://a.example/inbox")
	s.must(t, func(ctx context.Context, tx *Store) error {
		// A worker that was sending meanwhile reports its success too late.
		return errors.Join(tx.Activities.Forget(ctx, "urn:one", noon),
			tx.Deliveries.Finish(ctx, &Delivery{ID: 1, State: DeliveryDelivered, RunAt: noon, DoneAt: &noon}))
	})
	counts, err := s.Deliveries.Count(ctx)
	if err != nil || counts[DeliverySuperseded] != 1 || counts[DeliveryQueued] != 1 {
		t.Errorf("deliveries = %v, %v; want one superseded, one queued", counts, err)
	}
	byID, err := s.Activities.ByIDs(ctx, []int64{1, 2})
	if err != nil || byID[1].Body != nil || byID[2].Body == nil {
		t.Errorf("bodies = %v, %v; want the deleted one's gone", byID, err)
	}
}

func TestALaneHasOneHolderUntilItsLeaseEnds(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addLocal(t, "gwen")
	s.enqueue(t, gwen, "Create", "urn:one", noon.Add(time.Second), "late.example", "https://late.example/inbox")
	s.enqueue(t, gwen, "Create", "urn:one", noon, "soon.example", "https://soon.example/inbox")
	lease := func(owner string, now time.Time, limit int) []string {
		var hosts []string
		s.must(t, func(ctx context.Context, tx *Store) error {
			lanes, err := tx.Deliveries.LeaseLanes(ctx, owner, now, now.Add(time.Minute), limit)
			for _, l := range lanes {
				hosts = append(hosts, l.Host)
			}
			return err
		})
		return hosts
	}
	now := noon.Add(time.Second)
	if got := lease("first", now, 1); !slices.Equal(got, []string{"soon.example"}) {
		t.Fatalf("leased %v, want the one that waited longest", got)
	}
	if got := lease("second", now, 9); !slices.Equal(got, []string{"late.example"}) {
		t.Errorf("leased beside it %v, want the other", got)
	}
	if due, err := s.Deliveries.LanesDue(ctx, now); err != nil || due {
		t.Errorf("lanes due while both are held: %v, %v", due, err)
	}
	later := now.Add(2 * time.Minute)
	if got := lease("third", later, 9); len(got) != 2 {
		t.Errorf("leased after the holders died: %v, want both", got)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Deliveries.ReleaseLane(ctx, &Lane{Host: "soon.example", Owner: "first", Failures: 7})
	})
	var lane Lane
	if err := s.db.Where("host = 'soon.example'").Take(&lane).Error; err != nil || lane.Owner != "third" || lane.LeaseUntil == nil || lane.Failures != 0 {
		t.Errorf("whoever lost the lease changed the lane: %+v, %v", lane, err)
	}
}

func TestAReleasedLaneIsDueWhenItsNextRowIs(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	gwen := s.addLocal(t, "gwen")
	s.enqueue(t, gwen, "Create", "urn:one", noon.Add(time.Hour), "a.example", "https://a.example/inbox")
	lane := func() (l Lane) {
		if err := s.db.Where("host = 'a.example'").Take(&l).Error; err != nil {
			t.Fatal(err)
		}
		return l
	}
	s.enqueue(t, gwen, "Create", "urn:two", noon, "a.example", "https://a.example/inbox")
	if got := lane().NextDue; got == nil || !got.Equal(noon) {
		t.Errorf("an earlier row makes the lane due at %v, want noon", got)
	}
	held := lane()
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Deliveries.Finish(ctx, &Delivery{ID: 2, State: DeliveryDelivered, RunAt: noon, DoneAt: &noon}),
			tx.Deliveries.ReleaseLane(ctx, &held))
	})
	if got := lane().NextDue; got == nil || !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("the lane is due at %v, want an hour past noon", got)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Deliveries.GiveUp(ctx, "a.example", "dead", noon), tx.Deliveries.ReleaseLane(ctx, &held))
	})
	if got := lane().NextDue; got != nil {
		t.Errorf("an empty lane is due at %v", got)
	}
}

func TestAJobWaitsOnceAndSurvivesItsWorker(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	add := func(key string) {
		s.must(t, func(ctx context.Context, tx *Store) error {
			return tx.Jobs.Add(ctx, &Job{Kind: "fetch", UniqueKey: key, RunAt: noon})
		})
	}
	lease := func(now time.Time) (rows []*Job) {
		s.must(t, func(ctx context.Context, tx *Store) (err error) {
			rows, err = tx.Jobs.Lease(ctx, "", now, now.Add(time.Minute), 9)
			return err
		})
		return rows
	}
	add("one")
	add("one")
	if got := lease(noon); len(got) != 1 {
		t.Fatalf("%d jobs, want one", len(got))
	}
	if got := lease(noon.Add(time.Second)); len(got) != 0 {
		t.Errorf("%d jobs while leased, want none", len(got))
	}
	got := lease(noon.Add(time.Minute))
	if len(got) != 1 {
		t.Fatalf("%d jobs after the worker died, want one", len(got))
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Jobs.Retry(ctx, got[0].ID, noon.Add(time.Hour), "no answer")
	})
	if got := lease(noon.Add(59 * time.Minute)); len(got) != 0 {
		t.Errorf("%d jobs before the retry is due, want none", len(got))
	}
	if got = lease(noon.Add(time.Hour)); len(got) != 1 || got[0].Attempt != 1 {
		t.Fatalf("jobs = %v, want the one with an attempt", got)
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Jobs.Done(ctx, got[0].ID) })
	add("one")
	if got := lease(noon); len(got) != 1 {
		t.Error("the key of a job that is done can't be used again")
	}
}
