package activitypub

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"confnotes/models"
)

func bodyOf(b []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(b)) }

func TestAFullInboxAsksToComeBackLater(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	alice := s.known("https://social.example", "alice")
	for range maxInboxAtOnce {
		s.inbox.places <- struct{}{}
	}
	before := s.dump()
	status, refusal := s.receive(s.request(alice, []byte("not even JSON"), s.clock.now()))
	if status != http.StatusServiceUnavailable || refusal.RetryAfter <= 0 {
		t.Errorf("answered %d, retry after %s; want 503 and a time", status, refusal.RetryAfter)
	}
	if s.dump() != before {
		t.Error("a request that was not taken changed the database")
	}
	<-s.inbox.places
	s.accept(alice, alice.does("Follow", s.iris.Actor("gwen")))
	if len(s.inbox.places) != maxInboxAtOnce-1 {
		t.Error("a request that was taken kept its place")
	}
}

// Strangers whose servers keep us waiting for their keys take no place of those whom we know.
func TestWhoeverIsKnownGetsInWhileOthersKeysAreFetched(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	p := newPeer(t)
	stranger, alice := p.actor("stranger"), s.known("https://social.example", "alice")
	for range maxKeysAtOnce {
		s.inbox.fetches <- struct{}{}
	}
	status, refusal := s.receive(s.request(stranger, toJSON(stranger.does("Follow", s.iris.Actor("gwen"))), s.clock.now()))
	if status != http.StatusServiceUnavailable || refusal.RetryAfter <= 0 || p.askedFor(stranger.id) != 0 {
		t.Errorf("answered %d, retry after %s, asked %d times", status, refusal.RetryAfter, p.askedFor(stranger.id))
	}
	s.accept(alice, alice.does("Follow", s.iris.Actor("gwen")))
	<-s.inbox.fetches
	s.accept(stranger, stranger.does("Follow", s.iris.Actor("gwen")))
	if len(s.inbox.fetches) != maxKeysAtOnce-1 {
		t.Error("a key that was fetched kept its place")
	}
}

// 202 means that it is on disk. Whatever keeps it from there is another answer.
func TestNothingIsAcceptedThatIsNotCommitted(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(s *site){
		"a closed database":    func(s *site) { s.must(s.store.Close()) },
		"a table that is gone": func(s *site) { _, err := s.raw.Exec("DROP TABLE inbox_seen"); s.must(err) },
		"a full disk": func(s *site) {
			_, err := s.raw.Exec(`CREATE TRIGGER full BEFORE INSERT ON inbox_seen BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
			s.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.person("gwen", models.RoleOwner)
			alice := s.known("https://social.example", "alice")
			req := s.request(alice, toJSON(alice.does("Follow", s.iris.Actor("gwen"))), s.clock.now())
			breakIt(s)
			if status, _ := s.receive(req); status == http.StatusAccepted {
				t.Error("answered 202 for what was not stored")
			}
			if n := s.count("follows") + s.count("activities") + s.count("deliveries"); n != 0 {
				t.Errorf("%d rows of an effect that was not recorded", n)
			}
		})
	}
}

func TestTheSameActivityTwentyTimesAtOnceTakesEffectOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	post := s.publish(gwen, text("A day", "Words."))
	p := newPeer(t)
	alice := p.actor("alice") // unknown: every request has to fetch her key, too
	for name, activity := range map[string]map[string]any{
		"follows":                    alice.does("Follow", s.iris.Actor("gwen")),
		"reactions":                  alice.does("Like", s.article(post)),
		"posts WHERE kind = 'reply'": alice.does("Create", alice.note(s.article(post), "<p>hi</p>")),
	} {
		var all sync.WaitGroup
		for range 20 {
			req := s.request(alice, toJSON(activity), s.clock.now())
			all.Go(func() {
				if status, refusal := s.receive(req); status != http.StatusAccepted {
					t.Errorf("%s: answered %d %s, want 202 every time", name, status, refusal.Error())
				}
			})
		}
		all.Wait()
		if n := s.count(name); n != 1 {
			t.Errorf("%s: %d rows, want 1", name, n)
		}
	}
	if n := s.count("activities WHERE type = 'Accept'"); n != 1 {
		t.Errorf("%d Accepts, want 1", n)
	}
}

func TestAReplayTakesEffectOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	alice := s.known("https://social.example", "alice")
	body := toJSON(alice.does("Follow", s.iris.Actor("gwen")))
	if status, _ := s.receive(s.request(alice, body, s.clock.now())); status != http.StatusAccepted {
		t.Fatalf("answered %d", status)
	}
	before := s.dump()
	s.clock.move(30 * time.Minute)
	if status, _ := s.receive(s.request(alice, body, s.clock.now())); status != http.StatusAccepted {
		t.Errorf("a replay was answered %d, want 202", status)
	}
	if s.dump() != before {
		t.Error("a replay changed the database")
	}
}
