package activitypub

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// forwarding is a thread on our site whose replies come from a peer, passed on by
// another server.
type forwarding struct {
	*talk
	peer   *peer
	author *remote // on the peer
	relay  *remote // who passes on
}

func newForwarding(t *testing.T) *forwarding {
	k := newTalk(t)
	p := newPeer(t)
	return &forwarding{k, p, p.actor("ben"), k.known("https://relay.example", "relay")}
}

var ldSignature = map[string]any{"type": "RsaSignature2017", "signatureValue": "c2ln", "creator": "https://social.example/users/ben#main-key"}

// forward passes an activity of the author's on, with a signature inside that we
// don't check.
func (f *forwarding) forward(activity map[string]any) int {
	return f.send(f.relay, with(activity, "signature", ldSignature))
}

func (f *forwarding) work() { f.t.Helper(); f.runErrands() }

func TestWhatIsForwardedIsNeverTrusted(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	said := f.author.note(f.article(f.post), "what ben says")
	f.peer.serve(said["id"].(string), said)
	forged := with(said, "content", "what the relay says")
	if status := f.forward(f.author.does("Create", forged)); status != http.StatusAccepted {
		t.Fatalf("answered %d", status)
	}
	if f.count("posts WHERE kind = 'reply'") != 0 || f.count("jobs") != 1 || f.peer.askedFor(said["id"].(string)) != 0 {
		t.Fatal("something was done, or fetched, before the answer")
	}
	f.work()
	if got := f.replies(models.Viewer{}); len(got) != 1 || got[0] != "what ben says" {
		t.Errorf("the thread has %q, want what the origin says", got)
	}
}

func TestAForwardedProofIsNoBetter(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	note := f.author.note(f.article(f.post), "hi")
	status := f.send(f.relay, with(f.author.does("Create", note), "proof", map[string]any{"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}))
	if status != http.StatusAccepted || f.count("jobs") != 1 || f.count("posts WHERE kind = 'reply'") != 0 {
		t.Errorf("answered %d, %d jobs", status, f.count("jobs"))
	}
}

func TestAnEditAndADeleteAreSeenAtTheOrigin(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	note := f.author.note(f.article(f.post), "first")
	id := note["id"].(string)
	f.accept(f.author, f.author.does("Create", note))
	f.peer.serve(id, edited(note, "second", "2026-06-11T18:10:00Z"))
	f.forward(f.author.does("Update", edited(note, "forged", "2026-06-11T18:20:00Z")))
	f.work()
	if p := f.reply(note); p.HTML != "second" {
		t.Fatalf("it is %q", p.HTML)
	}
	f.forward(f.author.does("Delete", id)) // a lie: it is still there
	f.work()
	if p := f.reply(note); p.State != models.PostPublished {
		t.Fatal("deleted on a stranger's word")
	}
	f.peer.status(id, http.StatusGone)
	f.forward(f.author.does("Delete", id))
	f.work()
	if p := f.reply(note); p.State != models.PostDeleted || p.HTML != "" || f.count("jobs") != 0 {
		t.Errorf("it is %s", p.State)
	}
}

func TestWhatTheOriginSaysOfADeletedReply(t *testing.T) {
	t.Parallel()
	gone := func(f *forwarding, id string) { f.peer.status(id, http.StatusGone) }
	missing := func(f *forwarding, id string) { f.peer.status(id, http.StatusNotFound) }
	tombstone := func(f *forwarding, id string) {
		f.peer.serve(id, map[string]any{"@context": vocab.Profile, "id": id, "type": "Tombstone"})
	}
	forbidden := func(f *forwarding, id string) { f.peer.status(id, http.StatusForbidden) }
	public, private := []any{vocab.Public}, []any{ourBase + "/users/gwen"}
	for name, c := range map[string]struct {
		answer func(f *forwarding, id string)
		to     []any
		state  string
	}{
		"410, public":       {gone, public, models.PostDeleted},
		"404, public":       {missing, public, models.PostDeleted},
		"Tombstone, public": {tombstone, public, models.PostDeleted},
		"410, private":      {gone, private, models.PostDeleted},
		// A private reply is "not found" to our instance actor while it is well: or
		// anybody could delete it here by passing on a Delete.
		"404, private": {missing, private, models.PostPublished},
		"403, public":  {forbidden, public, models.PostPublished},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newForwarding(t)
			note := with(f.author.note(f.article(f.post), "hi"), "to", c.to, "cc", nil)
			f.accept(f.author, f.author.does("Create", note))
			c.answer(f, note["id"].(string))
			f.forward(f.author.does("Delete", note["id"]))
			f.work()
			if p := f.reply(note); p.State != c.state || f.count("jobs") != 0 {
				t.Errorf("it is %s with %d jobs left, want %s", p.State, f.count("jobs"), c.state)
			}
		})
	}
}

func TestForwardsThatComeToNothing(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	elsewhere := f.author.note("https://other.example/notes/1", "hi")
	foreign := with(f.author.note(f.article(f.post), "hi"), "id", "https://third.example/notes/1")
	for name, a := range map[string]map[string]any{
		"an answer to something elsewhere": f.author.does("Create", elsewhere),
		"an object on another host":        f.author.does("Create", foreign),
		"a like":                           f.author.does("Like", f.article(f.post)),
		"a follow":                         f.author.does("Follow", f.iris.Actor("gwen")),
		"the end of its actor":             f.author.does("Delete", f.author.id),
		"a delete of something unknown":    f.author.does("Delete", f.peer.base+"/notes/none"),
	} {
		if status := f.forward(a); status != http.StatusAccepted {
			t.Errorf("%s: answered %d", name, status)
		}
	}
	if n := f.count("jobs") + f.count("reactions") + f.count("follows") + f.count("tombstones"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestTheOriginSpeaksForItsOwnAlone(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	other := newPeer(t)
	victim := other.actor("victim")
	for name, spoil := range map[string]func(note map[string]any){
		"an author elsewhere": func(note map[string]any) { note["attributedTo"] = victim.id },
		"no author":           func(note map[string]any) { delete(note, "attributedTo") },
		"an author of ours":   func(note map[string]any) { note["attributedTo"] = f.iris.Actor("gwen") },
		"another id":          func(note map[string]any) { note["id"] = victim.base + "/notes/1" },
	} {
		note := f.author.note(f.article(f.post), name)
		id := note["id"].(string)
		served := with(note)
		spoil(served)
		f.peer.serve(id, served)
		f.forward(f.author.does("Create", note))
		f.work()
	}
	if got := f.replies(models.ViewerOf(f.gwen)); len(got) != 0 {
		t.Errorf("the thread has %q", got)
	}
}

func TestAnErrandIsTriedAgainLater(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	note := f.author.note(f.article(f.post), "hi")
	f.peer.status(note["id"].(string), http.StatusBadGateway)
	f.forward(f.author.does("Create", note))
	for range errandAttempts - 1 {
		f.work()
		f.work() // nothing is due
		if f.count("jobs WHERE error <> '' AND lease_until IS NULL") != 1 {
			t.Fatal("the job is gone, or still leased")
		}
		f.clock.move(12 * time.Hour)
	}
	f.peer.serve(note["id"].(string), note)
	f.work()
	if got := strings.Join(f.replies(models.Viewer{}), " "); got != "hi" || f.count("jobs") != 0 {
		t.Errorf("the thread has %q, %d jobs are left", got, f.count("jobs"))
	}
	if n := f.peer.askedFor(note["id"].(string)); n != errandAttempts {
		t.Errorf("asked %d times, want %d", n, errandAttempts)
	}
}

func TestABlockedServersRepliesAreNotFetchedIn(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	note := f.author.note(f.article(f.post), "hi")
	f.peer.serve(note["id"].(string), note)
	f.forward(f.author.does("Create", note))
	f.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(f.ctx(), &models.Block{Domain: vocab.Hostname(f.peer.base), CreatedAt: f.clock.now()})
	})
	f.work()
	if got := f.replies(models.ViewerOf(f.gwen)); len(got) != 0 {
		t.Errorf("the thread has %q", got)
	}
}

// A killed process leaves its leases behind. The next one doesn't wait for them.
func TestAKilledProcesssErrandsAreTakenUp(t *testing.T) {
	t.Parallel()
	f := newForwarding(t)
	note := f.author.note(f.article(f.post), "hi")
	f.peer.serve(note["id"].(string), note)
	f.forward(f.author.does("Create", note))
	f.inTx(func(tx *models.Store) error {
		_, err := tx.Jobs.Lease(f.ctx(), wordLane, f.clock.now(), f.clock.now().Add(errandLease), 1)
		return err
	})
	ctx, cancel := context.WithCancel(f.ctx())
	done := make(chan error, 1)
	go func() { done <- f.errands.Run(ctx) }()
	eventually(t, "the job is done", func() bool { return f.count("jobs") == 0 })
	cancel()
	if err := <-done; err != nil || len(f.replies(models.Viewer{})) != 1 {
		t.Errorf("%v, the thread has %q", err, f.replies(models.Viewer{}))
	}
}
