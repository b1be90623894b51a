package activitypub

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

func TestPeopleAreFoundByAddress(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, "http://notes.example")
	gwen := s.person("gwen", models.RoleAuthor)
	p := newPeer(t)
	host := strings.TrimPrefix(p.base, "http://")
	alice := p.actor("alice")
	p.webFinger(map[string]string{"alice": alice.id, "eve": alice.id})
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(),
		Text: text("A day", "Hello @alice@"+host+", @eve@"+host+" and @nobody@"+host)}, time.Time{})
	s.must(err)
	if want := []string{"@eve@" + host, "@nobody@" + host}; !slices.Equal(done.Unresolved, want) {
		t.Errorf("unresolved %v, want %v: eve's address leads to alice", done.Unresolved, want)
	}
	if got := s.told("Create"); len(got) != 1 || got[0] != p.base+"/inbox" {
		t.Errorf("sent to %v", got)
	}
}

// webFinger answers for addresses at the peer with the ids of actors, anyone's.
func (p *peer) webFinger(ids map[string]string) {
	host := strings.TrimPrefix(p.base, "http://")
	p.handle("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		acct := r.URL.Query().Get("resource")
		id := ids[strings.TrimSuffix(strings.TrimPrefix(acct, "acct:"), "@"+host)]
		if id == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/jrd+json")
		_, _ = w.Write(toJSON(map[string]any{"subject": acct, "links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": id}}}))
	})
}

// Any host can answer for an address of its own with somebody else's id. That must
// not give them another name.
func TestAnotherHostGivesNobodyAName(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, "http://notes.example")
	gwen := s.person("gwen", models.RoleAuthor)
	home, liar := newPeer(t), newPeer(t)
	alice := home.actor("alice")
	home.webFinger(map[string]string{"alice": alice.id})
	liar.webFinger(map[string]string{"alice": alice.id})
	s.publish(gwen, text("A day", "Hello @alice@"+strings.TrimPrefix(liar.base, "http://")))
	if got, want := s.actorOf(alice).Domain, strings.TrimPrefix(home.base, "http://"); got != want {
		t.Errorf("alice is at %s now, want %s", got, want)
	}
}

// Where both hosts agree, a person's domain is another than their server's.
func TestAnAccountDomainOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, "http://notes.example")
	gwen := s.person("gwen", models.RoleAuthor)
	server, domain := newPeer(t), newPeer(t)
	alice := server.actor("alice")
	host := strings.TrimPrefix(domain.base, "http://")
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jrd+json")
		_, _ = w.Write(toJSON(map[string]any{"subject": "acct:Alice@" + host, "links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": alice.id}}}))
	}
	server.handle("/.well-known/webfinger", answer)
	domain.handle("/.well-known/webfinger", answer)
	s.publish(gwen, text("A day", "Hello @alice@"+host))
	if got := s.actorOf(alice).Domain; got != host {
		t.Errorf("alice is at %s, want %s", got, host)
	}
}

func TestAnAuthorDoesNotWaitForASilentServer(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, "http://notes.example")
	gwen := s.person("gwen", models.RoleAuthor)
	p := newPeer(t)
	p.handle("/.well-known/webfinger", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	var mentions string
	for i := range 10 {
		mentions += fmt.Sprintf("@slow%d@%s ", i, strings.TrimPrefix(p.base, "http://"))
	}
	started := time.Now()
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(), Text: text("A day", mentions)}, time.Time{})
	if err != nil || len(done.Unresolved) != 10 || done.Post.State != models.PostPublished {
		t.Errorf("published %+v, %v", done, err)
	}
	if waited := time.Since(started); waited > 3*resolveWait {
		t.Errorf("waited %s for people who are not found", waited)
	}
}
