package activitypub

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/models"
)

// queue records something that gwen did to an object, for inboxes.
func (s *site) queue(by *models.Account, typ, object string, inboxes ...string) {
	s.t.Helper()
	s.inTx(func(tx *models.Store) error {
		_, err := s.outbox.record(s.ctx(), tx, act{typ: typ, actor: by.Actor, object: object, objectIRI: object,
			visibility: models.VisibilityPublic, inboxes: inboxes}, s.clock.now())
		return err
	})
}

// deliver sends what is due now, and returns how many lanes were served.
func (s *site) deliver() int {
	s.t.Helper()
	served := 0
	for {
		lanes, err := s.courier.lease(s.ctx(), lanesAtOnce)
		s.must(err)
		if len(lanes) == 0 {
			return served
		}
		for _, l := range lanes {
			s.must(s.courier.serveLane(s.ctx(), l))
			served++
		}
	}
}

// states lists what became of the deliveries, oldest first.
func (s *site) states() []string {
	return s.strings("SELECT a.type || ' ' || d.state FROM deliveries d JOIN activities a ON a.id = d.activity_id ORDER BY d.id")
}

// types lists the types of what a peer got, in the order that it came.
func (p *peer) types() []string {
	var types []string
	for _, d := range p.got() {
		_, after, _ := strings.Cut(d.body, `"type":"`)
		typ, _, _ := strings.Cut(after, `"`)
		types = append(types, typ)
	}
	return types
}

func TestADeliveryIsSignedByItsAuthor(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	var problem error
	p.handle("/inbox", func(w http.ResponseWriter, r *http.Request) {
		got := p.got()
		sig, err := signature.Parse(r, []byte(got[len(got)-1].body), signature.Policy{Authorities: []string{r.Host}, Now: s.clock.now()})
		if err == nil && sig.KeyID != s.iris.Key("gwen") {
			err = fmt.Errorf("signed with %s", sig.KeyID)
		}
		if err == nil {
			err = sig.Verify(&testKeys()[0].private.PublicKey)
		}
		problem = err
		w.WriteHeader(http.StatusAccepted)
	})
	s.queue(gwen, "Create", s.iris.Article("A"), p.base+"/inbox")
	s.deliver()
	if problem != nil || !slices.Equal(s.states(), []string{"Create delivered"}) {
		t.Errorf("%v, %v", problem, s.states())
	}
	// The key was read once: parsing one costs more than a signature.
	_, err := s.raw.Exec("UPDATE actor_keys SET private_pem = 'unreadable'")
	s.must(err)
	s.queue(gwen, "Update", s.iris.Article("A"), p.base+"/inbox")
	if s.deliver(); problem != nil || len(p.got()) != 2 {
		t.Errorf("the second time: %v, %v", problem, p.types())
	}
}

// What is said about one article arrives in the order it was said in; what is said
// about another overtakes it while it waits.
func TestOrderHoldsForEachArticleAndInbox(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	failing := true
	p.handle("/inbox", func(w http.ResponseWriter, _ *http.Request) {
		if got := p.got(); failing && strings.Contains(got[len(got)-1].body, "articles/A") {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	a, b := s.iris.Article("A"), s.iris.Article("B")
	s.queue(gwen, "Create", a, p.base+"/inbox", p.base+"/users/lone/inbox")
	s.queue(gwen, "Update", a, p.base+"/inbox", p.base+"/users/lone/inbox")
	s.queue(gwen, "Create", b, p.base+"/inbox")
	s.deliver()
	want := []string{"Create queued", "Create delivered", "Update queued", "Update delivered", "Create delivered"}
	if got := s.states(); !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	failing = false
	s.clock.move(2 * time.Minute)
	s.deliver()
	if got := p.types(); !slices.Equal(got[len(got)-2:], []string{"Create", "Update"}) || slices.Contains(s.states(), "Update queued") {
		t.Errorf("it got %v", got)
	}
}

func TestADeleteStandsForWhatWasNotSent(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	p.status("/inbox", http.StatusServiceUnavailable)
	s.follow(s.known(p.base, "alice"), gwen)
	post := s.publish(gwen, text("A day", "Words."))
	s.deliver()
	s.must(s.outbox.Delete(s.ctx(), gwen, post.ID))
	p.status("/inbox", http.StatusAccepted)
	s.clock.move(2 * time.Minute)
	s.deliver()
	if got := p.types(); !slices.Equal(got, []string{"Create", "Delete"}) {
		t.Errorf("it got %v, want the Create that failed and the Delete", got)
	}
}

func TestAServerThatFailsIsLeftAloneThenAskedOnce(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	p.status("/inbox", http.StatusInternalServerError)
	for i := range 12 {
		s.queue(gwen, "Create", s.iris.Article(fmt.Sprint(i)), p.base+"/inbox")
	}
	s.deliver()
	tried := len(p.got())
	if tried < breakerFailures || tried >= 12 {
		t.Fatalf("tried %d times of 12", tried)
	}
	s.clock.move(20 * time.Minute)
	if s.deliver(); len(p.got()) != tried {
		t.Errorf("asked %d times within the pause", len(p.got())-tried)
	}
	s.clock.move(11 * time.Minute)
	if s.deliver(); len(p.got()) != tried+1 {
		t.Errorf("asked %d times after the pause, want once", len(p.got())-tried)
	}
	p.status("/inbox", http.StatusAccepted)
	s.clock.move(31 * time.Minute)
	s.deliver()
	s.clock.move(3 * time.Hour) // for what was tried before
	if s.deliver(); s.count("deliveries WHERE state = 'delivered'") != 12 {
		t.Errorf("%v", s.states())
	}
}

func TestADeadServerIsGivenUpUntilItSpeaks(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	alice := p.actor("alice")
	p.status("/inbox", http.StatusInternalServerError)
	for day := range deadDays {
		s.queue(gwen, "Create", s.iris.Article(fmt.Sprint(day)), p.base+"/inbox")
		s.deliver()
		s.clock.move(24 * time.Hour)
	}
	s.deliver()
	tried := len(p.got())
	if n := s.count("deliveries WHERE state = 'queued'"); n != 0 {
		t.Fatalf("%d rows wait for a dead server", n)
	}
	s.queue(gwen, "Create", s.iris.Article("late"), p.base+"/inbox")
	if s.deliver(); len(p.got()) != tried || s.count("deliveries WHERE state = 'queued'") != 0 {
		t.Error("a dead server was asked again")
	}
	s.accept(alice, alice.does("Follow", s.iris.Actor("gwen"))) // it speaks
	p.status("/inbox", http.StatusAccepted)
	s.queue(gwen, "Create", s.iris.Article("after"), p.base+"/inbox")
	s.deliver()
	if got := s.states(); got[len(got)-1] != "Create delivered" || got[len(got)-2] != "Accept delivered" {
		t.Errorf("%v", got)
	}
}

// What we never sent says nothing about the server that it was for.
func TestOurOwnTroubleIsNotTheServers(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	inside := "https://10.0.0.1/inbox"
	for i := range 6 {
		s.queue(gwen, "Create", s.iris.Article(fmt.Sprint(i)), inside)
	}
	s.deliver()
	if n := s.count("deliveries WHERE state = 'failed' AND attempt = 1"); n != 6 {
		t.Errorf("%v: what must not be sent is not tried again", s.states())
	}
	s.courier.keys.parsed.Clear()
	_, err := s.raw.Exec("UPDATE actor_keys SET private_pem = 'unreadable'")
	s.must(err)
	for i := range 8 {
		s.queue(gwen, "Create", s.iris.Article(fmt.Sprint(i)), p.base+"/inbox")
	}
	s.deliver()
	if n := s.count("lanes WHERE failures > 0 OR paused_until IS NOT NULL"); n != 0 || len(p.got()) != 0 {
		t.Error("a server is held responsible for our key")
	}
}

func TestALeaseIsTakenOverWhenItRunsOut(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	s.queue(gwen, "Create", s.iris.Article("A"), p.base+"/inbox")
	other := NewCourier(s.store, s.iris, s.client, s.inbox.log, s.clock.now)
	mine, err := s.courier.lease(s.ctx(), 1)
	s.must(err)
	if theirs, err := other.lease(s.ctx(), 1); err != nil || len(theirs) != 0 || len(mine) != 1 {
		t.Fatalf("leased twice: %v, %v", theirs, err)
	}
	s.clock.move(laneLease + time.Second)
	theirs, err := other.lease(s.ctx(), 1)
	if err != nil || len(theirs) != 1 {
		t.Fatalf("not taken over: %v", err)
	}
	// Whoever comes back late finds the lane in other hands, and leaves it there.
	s.inTx(func(tx *models.Store) error { return tx.Deliveries.ReleaseLane(s.ctx(), mine[0]) })
	if s.count("lanes WHERE lease_until IS NOT NULL AND owner = ?", other.owner) != 1 {
		t.Error("a lease was given back by somebody who had lost it")
	}
	s.must(other.serveLane(s.ctx(), theirs[0]))
	if got := s.states(); !slices.Equal(got, []string{"Create delivered"}) || len(p.got()) != 1 {
		t.Errorf("%v, sent %d times", got, len(p.got()))
	}
}

func TestWhatAShutdownInterruptsStaysARow(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	ctx, cancel := context.WithCancel(s.ctx())
	p.handle("/inbox", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	s.queue(gwen, "Create", s.iris.Article("A"), p.base+"/inbox")
	lanes, err := s.courier.lease(s.ctx(), 1)
	s.must(err)
	s.must(s.courier.serveLane(ctx, lanes[0]))
	if s.count("deliveries WHERE state = 'queued' AND attempt = 0") != 1 || s.count("lanes WHERE lease_until IS NULL AND next_due IS NOT NULL AND failures = 0") != 1 {
		t.Errorf("what was interrupted isn't as it was before:\n%s", s.dump())
	}
}

// quiet is a peer for many: it only answers.
func quiet(t testing.TB, h http.HandlerFunc) string {
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}
