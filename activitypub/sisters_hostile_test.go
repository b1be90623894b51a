package activitypub

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// abroad is a hall whose conference follows a Group of a server that isn't ours.
type abroad struct {
	*hall
	peer        *peer
	group, jill *remote
	talk        *models.Talk
}

func newAbroad(t *testing.T) *abroad {
	h := newHall(t, models.CoverageOpen)
	p := newPeer(t)
	a := &abroad{hall: h, peer: p, group: p.group("kormoran"), jill: p.actor("jill")}
	a.talk = h.talk(h.conf, "Why WAL", models.ExternalID{Scheme: "guid", Value: talkGUID})
	p.outbox(a.group)
	h.fetchActor(a.group)
	h.must(h.outbox.SetSister(h.ctx(), h.boss, h.conf, h.actorOf(a.group).ID, true))
	return a
}

// group makes a Group that a peer serves; nobody follows it, and it follows nobody.
func (p *peer) group(name string) *remote {
	r := newRemote(p.base, name)
	p.serve(r.id, with(r.document(), "type", "Group", "outbox", r.id+"/outbox", "following", r.id+"/following"))
	p.serve(r.id+"/following", map[string]any{"id": r.id + "/following", "type": "OrderedCollection", "totalItems": 0, "orderedItems": []any{}})
	return r
}

// outbox has a Group's outbox say that it announced some objects.
func (p *peer) outbox(r *remote, objects ...string) {
	items := []any{}
	for i, o := range objects {
		items = append(items, map[string]any{"id": fmt.Sprintf("%s/a/%d", p.base, i), "type": "Announce", "actor": r.id, "object": o})
	}
	p.serve(r.id+"/outbox", map[string]any{"id": r.id + "/outbox", "type": "OrderedCollection", "orderedItems": items})
}

// fetchActor gets to know somebody, and proposes them for a sister.
func (h *hall) fetchActor(r *remote) {
	h.t.Helper()
	h.inTx(func(tx *models.Store) error {
		return tx.Jobs.Add(h.ctx(), jobFor(jobHear, ids(h.conf.ID)+" "+r.id, h.clock.now()))
	})
	h.runErrands()
}

// note is an article about a talk, which the peer serves.
func (a *abroad) note(by *remote, name string, about ...string) map[string]any {
	tags := []any{}
	for _, iri := range about {
		tags = append(tags, map[string]any{"type": "Link", "rel": "about", "href": iri, "name": "A talk"})
	}
	doc := map[string]any{"id": a.peer.base + "/articles/" + name, "type": "Article", "attributedTo": by.id, "name": name, "content": "<p>" + name + "<script>alert(1)</script></p>",
		"published": "2026-06-11T18:00:00Z", "to": []any{vocab.Public}, "tag": tags}
	a.peer.serve(doc["id"].(string), doc)
	return doc
}

// tells has the Group announce something, and waits until it was looked at.
func (a *abroad) tells(iri any) {
	a.t.Helper()
	a.accept(a.group, a.group.does("Announce", iri))
	a.runErrands()
}

func (a *abroad) titles() (titles []string) {
	a.t.Helper()
	posts, err := a.store.Posts.CoverageOn(a.ctx(), a.talk, 0, 500)
	a.must(err)
	for _, p := range posts {
		titles = append(titles, p.Title)
	}
	return titles
}

const talkURN = "urn:uuid:" + talkGUID

func TestASisterTellsOfNotesAndOfNothingElse(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	other := a.conference("goeland2026", "")
	a.talk2(other)
	forged := a.note(a.jill, "forged", talkURN)
	a.peer.serve(forged["id"].(string), with(forged, "attributedTo", "https://victim.example/users/gwen"))
	moved := a.note(a.jill, "moved", talkURN)
	a.peer.serve(moved["id"].(string), with(moved, "id", "https://victim.example/articles/1"))
	private := a.note(a.jill, "private", talkURN)
	a.peer.serve(private["id"].(string), with(private, "to", []any{a.jill.id + "/followers"}))
	answer := a.note(a.jill, "answer", talkURN)
	a.peer.serve(answer["id"].(string), with(answer, "inReplyTo", a.peer.base+"/articles/0"))
	for name, iri := range map[string]string{
		"forged": forged["id"].(string), "moved": moved["id"].(string), "private": private["id"].(string), "answer": answer["id"].(string),
		"about nothing":              a.note(a.jill, "nothing")["id"].(string),
		"about another's talk":       a.note(a.jill, "other", "urn:uuid:f05a42ea-c4fa-5a7b-b5f3-2046970a756b")["id"].(string),
		"about what nobody has":      a.note(a.jill, "unknown", "urn:uuid:00000000-0000-0000-0000-000000000000")["id"].(string),
		"about a tampered IRI":       a.note(a.jill, "tampered", talkURN+"0", "urn:uuid:"+talkGUID[1:], "https://evil.example/#guid="+talkGUID)["id"].(string),
		"not there":                  a.peer.base + "/articles/none",
		"one of ours that isn't":     a.iris.Article("AAAAAAAAAAAAAAAAAAAAAA"),
		"no document of ActivityPub": a.peer.base + "/page",
		"an actor":                   a.jill.id,
	} {
		a.tells(iri)
		if n := a.count("posts"); n != 0 {
			t.Errorf("%s: %d posts are kept", name, n)
		}
	}
	fine := a.note(a.jill, "fine", talkURN, "urn:uuid:00000000-0000-0000-0000-000000000000")
	a.tells(fine["id"])
	if got := a.titles(); !slices.Equal(got, []string{"fine"}) {
		t.Fatalf("of a note on the talk: %q", got)
	}
	if got := a.strings("SELECT html FROM posts"); got[0] != "<p>fine</p>" {
		t.Errorf("it isn't sanitized: %q", got)
	}
	if n := a.count("coverage WHERE conference_id = ?", other.ID); n != 0 {
		t.Error("it is coverage of a conference that it doesn't name")
	}
	if n := a.count("activities WHERE type = 'Announce'"); n != 0 {
		t.Error("what a sister told of is announced again")
	}
}

// talk2 is a talk of another conference here.
func (a *abroad) talk2(c *models.Conference) {
	a.hall.site.talk(c, "Other", models.ExternalID{Scheme: "guid", Value: "f05a42ea-c4fa-5a7b-b5f3-2046970a756b"})
}

func TestWhoIsNoSisterTellsNothing(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	stranger, person := a.peer.group("stranger"), a.jill
	note := a.note(a.jill, "fine", talkURN)["id"].(string)
	for name, by := range map[string]*remote{"a Group that isn't followed": stranger, "a person": person} {
		a.accept(by, by.does("Announce", note))
		if n := a.count("jobs WHERE kind = ?", jobTold); n != 0 {
			t.Errorf("%s has us fetch", name)
		}
	}
	sister := a.actorOf(a.group)
	a.must(a.outbox.SetSister(a.ctx(), a.boss, a.conf, sister.ID, false))
	a.tells(note)
	if got := a.titles(); len(got) != 0 {
		t.Errorf("one that is followed no more: %q", got)
	}
	a.accept(a.group, a.group.does("Follow", a.iris.Actor("kormoran2026")))
	if got := a.strings("SELECT state FROM sisters"); !slices.Equal(got, []string{models.SisterRefused}) {
		t.Errorf("by following us one that was refused is %v", got)
	}
	a.must(a.outbox.SetSister(a.ctx(), a.boss, a.conf, sister.ID, true))
	a.must(a.outbox.Block(a.ctx(), a.person("owner", models.RoleOwner), models.Block{ActorID: sister.ID}))
	if status := a.send(a.group, a.group.does("Announce", note)); status != http.StatusForbidden {
		t.Errorf("a blocked one is answered %d", status)
	}
	if got := a.strings("SELECT state FROM sisters"); !slices.Equal(got, []string{models.SisterProposed}) || a.count("follows WHERE follower_id = ?", a.conf.ActorID) != 0 {
		t.Errorf("a blocked one is %v", got)
	}
}

// However much a sister tells of, a conference takes so much a day.
func TestASisterCantFloodAConference(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	sister := &models.Sister{ConferenceID: a.conf.ID, ActorID: a.actorOf(a.group).ID}
	a.inTx(func(tx *models.Store) error {
		for range maxNews - 1 {
			if ok, err := tx.Sisters.Count(a.ctx(), sister, "2026-06-11", maxNews); !ok || err != nil {
				t.Fatalf("%t, %v", ok, err)
			}
		}
		return nil
	})
	for _, name := range []string{"one", "two", "three"} {
		a.tells(a.note(a.jill, name, talkURN)["id"])
	}
	if got := a.titles(); !slices.Equal(got, []string{"one"}) {
		t.Errorf("beyond the bound: %q", got)
	}
	a.clock.move(lookEvery)
	a.tells(a.peer.base + "/articles/three")
	if got := a.titles(); !slices.Equal(got, []string{"three", "one"}) {
		t.Errorf("a day later: %q", got)
	}
}

// However many pages a sister has, her server is asked for no more than Mastodon gives an
// address in a quarter of an hour (mastodon.md 45), and what is left is read later.
func TestASistersPagesAreReadWithinWhatHerServerGives(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	endless := a.group.id + "/endless"
	asked := 0
	a.peer.handle(endless, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", vocab.ContentType)
		_, _ = w.Write(toJSON(map[string]any{"id": a.peer.base + r.RequestURI, "type": "OrderedCollectionPage", "next": fmt.Sprintf("%s?page=%d", endless, asked)}))
	})
	for minute := range 15 {
		err := a.errands.pages(a.ctx(), a.group.id, endless+"?page=true", 1000, func(vocab.ReceivedItem) {})
		if !errors.Is(err, fetch.ErrPages) && !errors.Is(err, errHostBusy) || permanent(err) {
			t.Errorf("in minute %d reading ends with %v, want that it goes on later", minute, err)
		}
		a.clock.move(time.Minute)
	}
	if asked == 0 || asked > 300 {
		t.Errorf("in a quarter of an hour %d pages were asked for, want 300 at most", asked)
	}
	before := asked
	a.clock.move(time.Hour)
	if err := a.errands.pages(a.ctx(), a.group.id, endless+"?page=true", 5, func(vocab.ReceivedItem) {}); err != nil || asked == before {
		t.Errorf("an hour later: %d pages more, %v", asked-before, err)
	}
}

// Nor can a server whose people write to us themselves.
func TestAServerCantFloodAConference(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	jill := a.peer.actor("jill")
	for n := range maxNews + 3 {
		a.accept(jill, jill.does("Create", a.note(jill, fmt.Sprint("n", n), talkURN)))
	}
	if got := len(a.titles()); got != maxNews {
		t.Errorf("%d notes of a day are shown, want %d", got, maxNews)
	}
	first := with(a.note(jill, "n0", talkURN), "name", "put right", "updated", "2026-06-11T18:20:00Z")
	a.accept(jill, jill.does("Update", first))
	if got := a.titles(); !slices.Contains(got, "put right") {
		t.Error("what stands can't be put right by who wrote much")
	}
	a.clock.move(lookEvery + time.Minute)
	a.accept(jill, jill.does("Create", a.note(jill, "next day", talkURN)))
	if got := a.titles(); !slices.Contains(got, "next day") {
		t.Error("a day later nothing is taken")
	}
}

// A look finds what was missed: notes, edits and ends.
func TestALookFindsWhatGotLost(t *testing.T) {
	t.Parallel()
	a := newAbroad(t)
	one, two := a.note(a.jill, "one", talkURN), a.note(a.jill, "two", talkURN)
	look := func(told ...string) {
		t.Helper()
		a.peer.outbox(a.group, told...)
		a.clock.move(lookEvery)
		a.must(queueLooks(a.ctx(), a.store, a.clock.now()))
		a.runErrands()
	}
	look(one["id"].(string), two["id"].(string), "https://127.0.0.1:1/unreachable")
	if got := a.titles(); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"one", "two"}) {
		t.Fatalf("found: %q", got)
	}
	a.peer.serve(one["id"].(string), with(one, "name", "put right", "updated", "2026-06-11T18:20:00Z"))
	a.peer.status(two["id"].(string), http.StatusNotFound)
	look() // whatever stands in the outbox now
	if got := a.titles(); !slices.Equal(got, []string{"put right"}) {
		t.Errorf("after an edit and an end that nobody told of: %q", got)
	}
	before := a.peer.askedFor(one["id"].(string))
	a.must(queueLooks(a.ctx(), a.store, a.clock.now()))
	a.runErrands()
	if n := a.peer.askedFor(one["id"].(string)); n != before {
		t.Error("it is looked at more than once a day")
	}
}

// An article about our talks that comes by itself says which Group it belongs to.
func TestAnArticleLeadsToItsGroup(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meets    string
		audience func(a *abroad) string
		want     []string
	}{
		"open":             {models.CoverageOpen, func(a *abroad) string { return a.peer.group("new").id }, []string{models.SisterFollowed}},
		"held":             {models.CoverageHeld, func(a *abroad) string { return a.peer.group("new").id }, []string{models.SisterProposed}},
		"a person's":       {models.CoverageOpen, func(a *abroad) string { return a.peer.actor("new").id }, nil},
		"of another host":  {models.CoverageOpen, func(a *abroad) string { return newPeer(a.t).group("new").id }, nil},
		"ours":             {models.CoverageOpen, func(a *abroad) string { return a.iris.Actor("kormoran2026") }, nil},
		"not there at all": {models.CoverageOpen, func(a *abroad) string { return a.peer.base + "/users/none" }, nil},
	} {
		a := newAbroad(t)
		a.conf.Coverage = c.meets
		a.inTx(func(tx *models.Store) error { return tx.Conferences.Save(a.ctx(), a.conf) })
		doc := with(a.note(a.jill, "fine", talkURN), "audience", c.audience(a))
		a.accept(a.jill, a.jill.does("Create", doc))
		a.runErrands()
		if got := a.strings("SELECT state FROM sisters WHERE actor_id <> ?", a.actorOf(a.group).ID); !slices.Equal(got, c.want) {
			t.Errorf("%s: it is %v, want %v", name, got, c.want)
		}
		if shown := len(a.titles()) == 1; shown != (c.meets == models.CoverageOpen) {
			t.Errorf("%s: the note is shown: %t", name, shown)
		}
	}
}
