package activitypub

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"confnotes/models"
)

// What Mastodon does after an answer (app/workers/activitypub/delivery_worker.rb,
// mastodon.md 43).
const (
	isDone     = "is done"
	givesUp    = "gives up"
	triesAgain = "tries again"
)

func goesOn(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return triesAgain
	case http.StatusNotImplemented:
		return givesUp
	}
	switch status / 100 {
	case 2:
		return isDone
	case 4:
		return givesUp
	}
	return triesAgain
}

// How Mastodon goes on after what the door answers to a Follow that is spoiled so.
var afterTheDoor = map[string]string{
	"a good Follow is taken":                        isDone,
	"a body over 1 MB is too large, signed or not":  givesUp,
	"plain JSON is no ActivityPub":                  givesUp,
	"not JSON":                                      givesUp,
	"an activity without an actor":                  givesUp,
	"from a blocked server":                         givesUp,
	"from a blocked account":                        givesUp,
	"from somebody who was deleted":                 givesUp,
	"an activity with an id on another host":        givesUp,
	"unsigned":                                      triesAgain, // 4.7 signs in another form then
	"a date two hours old":                          triesAgain, // it is signed anew
	"another body than was signed":                  triesAgain, // a proxy on the way
	"signed by RFC 9421 for another inbox":          triesAgain,
	"in somebody else's name":                       triesAgain, // as Mastodon itself has it
	"signed as one of ours":                         triesAgain,
	"signed by RFC 9421 two hours ago":              triesAgain,
	"signed by RFC 9421 with another body":          triesAgain,
	"meant for another server":                      triesAgain,
	"a key that stands twice":                       givesUp,
	"from a server under a blocked domain":          givesUp,
	"no content type at all":                        givesUp,
	"ld+json without the profile is no ActivityPub": givesUp,
}

// TestMastodonGivesUpWhatIsRefusedForGood, and tries again what may be taken later.
func TestMastodonGivesUpWhatIsRefusedForGood(t *testing.T) {
	t.Parallel()
	for _, k := range knocks {
		want, said := afterTheDoor[k.name]
		if !said {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.person("gwen", models.RoleOwner)
			alice := s.known("https://social.example", "alice")
			if k.before != nil {
				k.before(s, alice)
			}
			if status, _ := s.receive(k.request(s, alice)); goesOn(status) != want {
				t.Errorf("after %d Mastodon %s, want that it %s", status, goesOn(status), want)
			}
		})
	}
	for name := range afterTheDoor {
		if !knocked(name) {
			t.Errorf("nobody knocks so: %s", name)
		}
	}
}

func knocked(name string) bool {
	for _, k := range knocks {
		if k.name == name {
			return true
		}
	}
	return false
}

// TestMastodonComesBackWhenWeFail: what goes wrong on our side, or on the way, loses nothing.
func TestMastodonComesBackWhenWeFail(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fail func(k *keyTest, r *http.Request)
		mend func(k *keyTest)
	}{
		"all places are taken": {func(k *keyTest, _ *http.Request) {
			for range maxInboxAtOnce {
				k.inbox.places <- struct{}{}
			}
		}, func(k *keyTest) { <-k.inbox.places }},
		"others' keys are waited for": {func(k *keyTest, _ *http.Request) {
			for range maxKeysAtOnce {
				k.inbox.fetches <- struct{}{}
			}
		}, func(k *keyTest) { <-k.inbox.fetches }},
		"the body breaks off": {func(_ *keyTest, r *http.Request) {
			r.Body = io.NopCloser(iotest.TimeoutReader(iotest.OneByteReader(r.Body)))
		}, nil},
		"the key's server is broken": {func(k *keyTest, _ *http.Request) { k.peer.status(k.alice.id, http.StatusBadGateway) },
			func(k *keyTest) { k.peer.serve(k.alice.id, k.alice.document()) }},
		"the key's server has enough of us": {func(k *keyTest, _ *http.Request) { k.peer.status(k.alice.id, http.StatusTooManyRequests) },
			func(k *keyTest) { k.peer.serve(k.alice.id, k.alice.document()) }},
		"the key is nowhere yet": {func(k *keyTest, _ *http.Request) { k.peer.status(k.alice.id, http.StatusNotFound) },
			func(k *keyTest) { k.peer.serve(k.alice.id, k.alice.document()) }},
		"the disk is full": {func(k *keyTest, _ *http.Request) {
			_, err := k.raw.Exec(`CREATE TRIGGER full BEFORE INSERT ON inbox_seen BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
			k.must(err)
		}, func(k *keyTest) { _, err := k.raw.Exec("DROP TRIGGER full"); k.must(err) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			follow := k.follow(k.alice)
			r := k.request(k.alice, toJSON(follow), k.clock.now())
			tt.fail(k, r)
			if status, _ := k.receive(r); goesOn(status) != triesAgain {
				t.Errorf("after %d Mastodon %s", status, goesOn(status))
			}
			if tt.mend != nil {
				tt.mend(k)
			}
			k.accept(k.alice, follow)
			if n := k.count("follows"); n != 1 {
				t.Errorf("come back, it made %d follows", n)
			}
		})
	}
}

// TestNobodyWaitsLongForASilentServersKey: Mastodon reads for 10 seconds. It is told before
// to come back, and its key is asked for again then.
func TestNobodyWaitsLongForASilentServersKey(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	if k.inbox.keyTime >= 10*time.Second {
		t.Errorf("a key is waited for %s", k.inbox.keyTime)
	}
	k.inbox.keyTime = 50 * time.Millisecond
	awake := make(chan struct{})
	t.Cleanup(func() { close(awake) })
	k.peer.handle(k.alice.id, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-awake:
		}
	})
	refusal := k.refused(k.alice, k.follow(k.alice), http.StatusServiceUnavailable)
	if !strings.Contains(refusal.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("it ended by %s, want by the time for keys", refusal.Error()) // and not by that of any request
	}
	if refusal.RetryAfter <= 0 || len(k.inbox.fetches) != 0 {
		t.Errorf("retry after %s, %d keys are waited for", refusal.RetryAfter, len(k.inbox.fetches))
	}
	k.inbox.keyTime = keyTime
	k.peer.serve(k.alice.id, k.alice.document())
	k.accept(k.alice, k.follow(k.alice))
}

// An answer that would lose what could succeed, or have it tried in vain, isn't taken for
// another.
func TestWhatMastodonMakesOfAnAnswer(t *testing.T) {
	t.Parallel()
	for want, statuses := range map[string][]int{
		isDone:     {200, 202, 204},
		givesUp:    {400, 403, 404, 405, 409, 410, 413, 415, 422, 501},
		triesAgain: {301, 307, 401, 408, 429, 500, 502, 503, 504},
	} {
		for _, status := range statuses {
			if got := goesOn(status); got != want {
				t.Errorf("after %d it %s, want that it %s", status, got, want)
			}
		}
	}
}
