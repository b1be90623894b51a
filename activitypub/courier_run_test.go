package activitypub

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"confnotes/models"
)

// start runs the courier until the test ends.
func (s *site) start() (stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.ctx()))
	done := make(chan error, 1)
	go func() { done <- s.courier.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	}
	s.t.Cleanup(stop)
	return stop
}

// eventually waits for what must come soon; how soon is a benchmark's business.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within 20 s: %s", what)
}

func TestOneSlowServerDelaysNoOther(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	release := make(chan struct{})
	slow := quiet(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	var inboxes []string
	for range 20 {
		inboxes = append(inboxes, quiet(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })+"/inbox")
	}
	for i := range 12 {
		s.queue(gwen, "Create", s.iris.Article(fmt.Sprint("slow", i)), slow+"/inbox")
	}
	s.queue(gwen, "Create", s.iris.Article("A"), inboxes...)
	stop := s.start()
	eventually(t, "the twenty others have it", func() bool { return s.count("deliveries WHERE state = 'delivered'") == 20 })
	if n := s.count("deliveries WHERE state = 'queued'"); n != 12 {
		t.Errorf("%d of the slow server's 12 rows are left", n)
	}
	close(release) // a shutdown waits for what is under way, and leaves the rest
	stop()
	if done, left := s.count("deliveries WHERE state = 'delivered'"), s.count("deliveries WHERE state = 'queued'"); done+left != 32 || s.count("lanes WHERE lease_until IS NOT NULL") != 0 {
		t.Errorf("%d delivered, %d left, or a lane is still leased", done, left)
	}
}

func TestARowOfAnotherProcessIsNoticed(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	s.start()
	eventually(t, "the courier waits", func() bool { return s.count("lanes") == 0 })
	var file string
	s.must(s.raw.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file))
	other, err := models.Open(filepath.Dir(file), false)
	s.must(err)
	defer func() { _ = other.Close() }()
	written := time.Now()
	s.must(other.InTx(s.ctx(), func(tx *models.Store) error {
		_, err := s.outbox.record(s.ctx(), tx, act{typ: "Create", actor: gwen.Actor, object: "x", objectIRI: "x", visibility: models.VisibilityPublic,
			inboxes: []string{p.base + "/inbox"}}, s.clock.now())
		return err
	}))
	eventually(t, "the peer has it", func() bool { return len(p.got()) == 1 })
	t.Logf("noticed and sent after %s", time.Since(written))
}

// A killed process leaves its leases behind. The next one doesn't wait for them.
func TestAKilledProcesssLeasesAreTakenBack(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	s.queue(gwen, "Create", s.iris.Article("A"), p.base+"/inbox")
	killed := NewCourier(s.store, s.iris, s.client, s.inbox.log, s.clock.now)
	if lanes, err := killed.lease(s.ctx(), 1); err != nil || len(lanes) != 1 {
		t.Fatalf("%v, %v", lanes, err)
	}
	s.start()
	eventually(t, "the peer has it", func() bool { return len(p.got()) == 1 })
}
