package activitypub

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// readers has somebody at each of so many servers follow gwen.
func (s *site) readers(gwen *models.Account, n int) (peers []*peer) {
	s.t.Helper()
	for range n {
		p := newPeer(s.t)
		s.follow(s.known(p.base, "alice"), gwen)
		peers = append(peers, p)
	}
	return peers
}

func (p *peer) host() string { return strings.TrimPrefix(p.base, "http://") }

// reach is how an article stands at each peer, in their order: "given_up 410".
func (s *site) reach(post *models.Post, peers []*peer) (all []string) {
	s.t.Helper()
	reach, err := s.outbox.Reach(s.ctx(), post)
	s.must(err)
	for _, p := range peers {
		said := "nothing"
		for _, r := range reach {
			if r.Host == p.host() {
				said = strings.TrimSuffix(fmt.Sprint(r.State, " ", r.Status), " 0")
			}
		}
		all = append(all, said)
	}
	return all
}

func (s *site) resend(post *models.Post, host string) int {
	s.t.Helper()
	n, err := s.outbox.Resend(s.ctx(), post, host)
	s.must(err)
	return n
}

func TestAReportSaysHowAnArticleStandsAtEachServer(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	peers := s.readers(gwen, 5)
	for i, status := range []int{202, 410, 404, 500} {
		peers[i].status("/inbox", status)
	}
	peers[4].handle("/inbox", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, "slow down")
	})
	post := s.publish(gwen, text("A day", "Words."))
	if got, want := s.reach(post, peers), []string{"underway", "underway", "underway", "underway", "underway"}; !slices.Equal(got, want) {
		t.Errorf("before: %v", got)
	}
	s.deliver()
	if got, want := s.reach(post, peers), []string{"delivered 202", "given_up 410", "given_up 404", "waits 500", "waits 429"}; !slices.Equal(got, want) {
		t.Errorf("after: %v, want %v", got, want)
	}
	reach, err := s.outbox.Reach(s.ctx(), post)
	s.must(err)
	order := func(r Reach) int { return slices.Index(reachOrder, r.State) }
	if !slices.IsSortedFunc(reach, func(a, b Reach) int { return order(a) - order(b) }) {
		t.Errorf("what needs a look doesn't stand first: %+v", reach)
	}
	for _, r := range reach {
		if r.Host == peers[4].host() && (r.Reason != "slow down" || r.At.Sub(s.clock.now()) < time.Hour || r.Attempts != 1 || r.MayResend()) {
			t.Errorf("the one that asked for an hour: %+v", r)
		}
	}
}

func TestTryingAgainSendsWhatWasGivenUpAndWhatWaits(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	peers := s.readers(gwen, 4)
	for i, status := range []int{202, 410, 500, 429} {
		peers[i].status("/inbox", status)
	}
	post := s.publish(gwen, text("A day", "Words."))
	s.deliver()
	for _, p := range peers {
		p.status("/inbox", http.StatusAccepted)
	}
	select {
	case <-s.courier.bell:
	default:
	}
	if n := s.resend(post, peers[1].host()); n != 1 || len(s.courier.bell) != 1 {
		t.Errorf("at one server: %d tried, or the courier sleeps", n)
	}
	if n := s.resend(post, ""); n != 1 { // the one that waits: the first is under way
		t.Errorf("at all: %d tried", n)
	}
	if n := s.resend(post, "") + s.resend(post, peers[1].host()) + s.resend(post, "nowhere.example"); n != 0 {
		t.Errorf("pressed once more: %d tried", n)
	}
	s.deliver()
	if got, want := s.reach(post, peers), []string{"delivered 202", "delivered 202", "delivered 202", "waits 429"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i, want := range []int{1, 2, 2, 1} {
		if got := len(peers[i].got()); got != want {
			t.Errorf("server %d got %d deliveries, want %d", i, got, want)
		}
	}
}

// An edited article goes out again as it is today, and its Update after it.
func TestTryingAgainKeepsTheOrder(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := s.readers(gwen, 1)[0]
	p.status("/inbox", http.StatusNotFound)
	post := s.publish(gwen, text("A day", "First words."))
	s.deliver()
	post = s.edit(gwen, post, text("A day", "Other words."))
	s.clock.move(time.Second) // an edit is later than what it edits
	s.deliver()
	if got := s.states(); !slices.Equal(got, []string{"Create failed", "Update failed"}) {
		t.Fatal(got)
	}
	p.status("/inbox", http.StatusBadGateway)
	if n := s.resend(post, ""); n != 2 {
		t.Errorf("%d tried", n)
	}
	s.deliver()
	if got := s.states(); !slices.Equal(got, []string{"Create queued", "Update queued"}) {
		t.Errorf("after the Create failed: %v", got)
	}
	p.status("/inbox", http.StatusAccepted)
	s.resend(post, "")
	s.deliver()
	got := p.got()
	last := got[len(got)-2:]
	if types := p.types(); !slices.Equal(types[len(types)-2:], []string{"Create", "Update"}) || !strings.Contains(last[0].body, "Other words.") || strings.Contains(last[0].body, "First words.") {
		t.Errorf("it got %v, at last %s", types, last[0].body)
	}
	if reach := s.reach(post, []*peer{p}); !slices.Equal(reach, []string{"delivered 202"}) {
		t.Error(reach)
	}
}

func TestADeadServerIsAskedOnceMore(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := s.readers(gwen, 1)[0]
	p.status("/inbox", http.StatusInternalServerError)
	post := s.publish(gwen, text("A day", "Words."))
	for range 14 {
		s.clock.move(24 * time.Hour)
		s.deliver()
	}
	reach, err := s.outbox.Reach(s.ctx(), post)
	s.must(err)
	if len(reach) != 1 || reach[0].State != ReachGivenUp || s.count("lanes WHERE dead_at IS NOT NULL") != 1 {
		t.Fatalf("%+v", reach)
	}
	asked := len(p.got())
	s.resend(post, "")
	s.deliver()
	if got := len(p.got()); got != asked+1 || s.count("lanes WHERE dead_at IS NOT NULL") != 1 {
		t.Errorf("it was asked %d times more, or lives", got-asked)
	}
	s.clock.move(time.Hour)
	s.deliver()
	if reach, err = s.outbox.Reach(s.ctx(), post); err != nil || !reach[0].Silent() {
		t.Errorf("it isn't given up again: %+v, %v", reach, err)
	}
	p.status("/inbox", http.StatusAccepted)
	s.resend(post, "")
	s.deliver()
	if got := s.reach(post, []*peer{p}); !slices.Equal(got, []string{"delivered 202"}) || s.count("lanes WHERE failures > 0") != 0 {
		t.Errorf("when it answers: %v", got)
	}
}

func TestWhoIsBlockedIsntTriedAgain(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(s *site, gwen *models.Account, p *peer) *models.Block{
		"the server, by the instance": func(_ *site, _ *models.Account, p *peer) *models.Block { return &models.Block{Domain: "127.0.0.1"} },
		"the server, by the author": func(_ *site, gwen *models.Account, _ *peer) *models.Block {
			return &models.Block{AccountID: gwen.ID, Domain: "127.0.0.1"}
		},
		"somebody with an inbox of their own": func(s *site, _ *models.Account, p *peer) *models.Block {
			var id int64
			s.must(s.raw.QueryRow("SELECT id FROM actors WHERE inbox = ?", p.base+"/inbox").Scan(&id))
			return &models.Block{ActorID: id}
		},
		"not by another author": func(s *site, _ *models.Account, _ *peer) *models.Block {
			return &models.Block{AccountID: s.person("alix", models.RoleAuthor).ID, Domain: "127.0.0.1"}
		},
	} {
		s, gwen := author(t)
		p := s.readers(gwen, 1)[0]
		p.status("/inbox", http.StatusGone)
		post := s.publish(gwen, text("A day", "Words."))
		s.deliver()
		_, err := s.raw.Exec("UPDATE actors SET inbox = shared_inbox, shared_inbox = '' WHERE shared_inbox <> ''")
		s.must(err)
		b := block(s, gwen, p)
		s.inTx(func(tx *models.Store) error { return tx.Blocks.Add(s.ctx(), b) })
		want := 0
		if strings.HasPrefix(name, "not") {
			want = 1
		}
		reach, err := s.outbox.Reach(s.ctx(), post)
		s.must(err)
		if n := s.resend(post, ""); n != want || reach[0].Blocked != (want == 0) {
			t.Errorf("%s: %d tried, %+v", name, n, reach[0])
		}
	}
}

// What somebody else published, and what groups announce, is no part of a report.
func TestAReportIsOfOneArticle(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := s.readers(gwen, 1)[0]
	p.status("/inbox", http.StatusGone)
	post, other := s.publish(gwen, text("A day", "Words.")), s.publish(gwen, text("Another", "Words."))
	s.deliver()
	s.resend(post, "")
	if got := s.states(); !slices.Equal(got, []string{"Create queued", "Create failed"}) {
		t.Errorf("%v", got)
	}
	alix := s.person("alix", models.RoleAuthor)
	s.queue(alix, "Announce", s.article(other), p.base+"/inbox", p.base+"/users/x/inbox")
	if reach, err := s.outbox.Reach(s.ctx(), other); err != nil || len(reach) != 1 || reach[0].State != ReachGivenUp {
		t.Errorf("%+v, %v", reach, err)
	}
	s.must(s.outbox.Delete(s.ctx(), gwen, other.ID))
	if reach, err := s.outbox.Reach(s.ctx(), other); err != nil || len(reach) != 0 {
		t.Errorf("of a deleted one: %+v, %v", reach, err)
	}
}

func TestWhatAServerSaidIsForgotten(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := s.readers(gwen, 1)[0]
	p.handle("/inbox", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "go away", http.StatusForbidden) })
	post := s.publish(gwen, text("A day", "Words."))
	s.deliver()
	upkeep := NewUpkeep(s.store, s.outbox, s.inbox.log, s.clock.now)
	for _, want := range []string{"go away", ""} {
		s.clock.move(answerLife - time.Hour)
		s.must(upkeep.round(s.ctx()))
		if reach, err := s.outbox.Reach(s.ctx(), post); err != nil || len(reach) != 1 || reach[0].Reason != want || reach[0].Status != http.StatusForbidden {
			t.Errorf("it said %q: %+v, %v", want, reach, err)
		}
	}
}
