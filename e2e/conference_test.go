package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// A conference is followed from elsewhere: each form of what it announces arrives once,
// the plain one first; who mentions it is shown once its manager says so; and what is
// deleted is taken back in both forms. Mastodon's rules judge all of it.
func TestAConferenceIsFollowedFromElsewhere(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.start(t)
	f := &fair{thread: &thread{in: in}, p: startPeer(t, ca, theirs[0]), v: &venue{full: in, cookies: map[string]*http.Cookie{}, store: openStore(t, in)}}
	f.conference, f.talk = f.v.withTalk(t, "kormoran2026")
	f.group = in.baseURL + "/users/kormoran2026"
	f.v.signIn(t, author)
	f.follow(t)
	judge := newOnlooker(t, ca, in, f.group, in.baseURL+"/users/"+author)
	f.announce(t)
	f.understandAll(t)
	f.cover(t)
	in.idle(t) // the judge looks at what is announced before it is deleted
	f.takeBack(t)
	f.present(t)
	judge.verdict(t, []string{author + "@" + f.in.host(), "kormoran2026@" + f.in.host(), "instance@" + f.in.host()}, []string{"Accept", "Create", "Announce", "Undo", "Delete", "Update"})
	in.process.stop(t)
}

// fair is what the steps share.
type fair struct {
	*thread
	p           *peer
	v           *venue
	conference  *models.Conference
	talk        *models.Talk
	group       string // its id
	article     string
	edit        string
	first, then delivery // the two forms
}

// withTalk makes a conference with a talk, as an import would. It signs with the author's key.
func (v *venue) withTalk(t testing.TB, handle string) (*models.Conference, *models.Talk) {
	t.Helper()
	actor := &models.Actor{Kind: models.ActorGroup, Handle: handle, Name: "Kormoran Conf 2026", Discoverable: true, CreatedAt: evening}
	c := &models.Conference{Actor: actor, StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", City: "Port-Kerval", Hashtag: "Kormoran2026",
		Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: evening}
	talk := &models.Talk{PublicID: models.NewPublicID(), Slug: "tides", Title: "Ten years of tides", Kind: "keynote", Day: "2026-06-11", Room: "Main hall",
		State: models.TalkScheduled, StartsAt: evening, EndsAt: evening.Add(time.Hour), CreatedAt: evening, ChangedAt: evening}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		by, err := tx.Accounts.ByHandle(ctx, author)
		if err != nil {
			return err
		}
		keys, err := tx.Actors.LocalKeys(ctx, by.ActorID)
		if err != nil {
			return err
		}
		for _, key := range keys[by.ActorID] {
			key.ID = 0
		}
		if err := tx.Actors.CreateLocal(ctx, actor, keys[by.ActorID]...); err != nil {
			return err
		}
		c.ActorID = actor.ID
		if err := tx.Conferences.Create(ctx, c); err != nil {
			return err
		}
		talk.ConferenceID = c.ID
		if err := tx.Talks.Create(ctx, talk, nil); err != nil {
			return err
		}
		return tx.Conferences.SetManager(ctx, actor.ID, by.ID, models.ManagerOwner)
	})
	return c, talk
}

func (f *fair) follow(t *testing.T) {
	t.Helper()
	looked := ask[understood](t, f.p, "/lookup", map[string]any{"name": "@kormoran2026@" + f.in.host()})
	if looked.ID != f.group || looked.Class != "Group" || looked.URL != f.in.baseURL+"/conferences/kormoran2026" {
		t.Errorf("the peer found %+v", looked)
	}
	for i, who := range []string{"@kormoran2026@" + f.in.host(), "@" + author + "@" + f.in.host()} {
		ask[done](t, f.p, "/follow", map[string]any{"actor": who})
		f.got(t, f.p, "Accept", i+1)
	}
}

// announce publishes a recap of the conference's first day.
func (f *fair) announce(t *testing.T) {
	t.Helper()
	file := writeFile(t, "---\ntitle: Day one\nlanguage: en\nslug: day-one\n---\n\nA few words.\n")
	f.in.must(t, "", "publish", file, "--as", author, "--draft")
	write(t, f.v.store, func(ctx context.Context, tx *models.Store) error {
		by, err := tx.Accounts.ByHandle(ctx, author)
		if err != nil {
			return err
		}
		drafts, err := tx.Posts.WrittenBy(ctx, by.ID, 1)
		if err != nil {
			return err
		}
		post, err := tx.Posts.ByID(ctx, drafts[0].ID)
		if err != nil {
			return err
		}
		post.SetAbout(models.About{ConferenceID: f.conference.ID, Day: "2026-06-11"})
		return tx.Posts.Save(ctx, post)
	})
	f.page = f.in.must(t, "", "publish", file, "--as", author)
	create := f.got(t, f.p, "Create", 1)
	f.article, f.edit = fmt.Sprint(create.object()["id"]), f.v.editor(t, strings.TrimPrefix(f.page, f.in.baseURL))
	if create.object()["audience"] != f.group || create.Activity["audience"] != f.group {
		t.Errorf("the Create is for %v, the article for %v", create.Activity["audience"], create.object()["audience"])
	}
	f.first, f.then = f.got(t, f.p, "Announce", 1), f.got(t, f.p, "Announce", 2)
	if f.first.Activity["object"] != f.article || f.then.Activity["object"] != create.Activity["id"] || f.first.KeyID != f.group+"#main-key" {
		t.Errorf("announced were %v, by %s, and %v", f.first.Activity["object"], f.first.KeyID, f.then.Activity["object"])
	}
}

// understandAll fetches what belongs to the conference: it is whole and at its own id.
func (f *fair) understandAll(t *testing.T) {
	t.Helper()
	event := f.group + "/event"
	talk := f.in.baseURL + "/talks/" + f.talk.PublicID
	for _, url := range []string{f.group, f.group + "/outbox", f.group + "/outbox?page=1", f.group + "/followers", f.group + "/featured", f.article,
		fmt.Sprint(f.first.Activity["id"]), fmt.Sprint(f.then.Activity["id"]), event, talk} {
		got := f.p.get(t, url)
		if got.Status != http.StatusOK || got.ParseError != "" || len(got.Understood.Dropped) > 0 || got.Understood.ID != url {
			t.Errorf("%s: %d %s, lost %q, id %s", url, got.Status, got.ParseError, got.Understood.Dropped, got.Understood.ID)
		}
		if url == event || url == talk {
			if u := got.Understood; u.Class != "Event" || u.Name == "" || u.StartTime == "" || u.EndTime == "" {
				t.Errorf("%s is understood as %+v", url, u)
			}
		}
	}
}

// cover has the peer mention the conference, and its manager show and boost that.
func (f *fair) cover(t *testing.T) {
	t.Helper()
	note := ask[done](t, f.p, "/post", map[string]any{"content": "<p>What a keynote!</p>", "mention": []string{f.group}}).Object
	var page string
	eventually(t, patience, "the post waits", func() error {
		if _, page = f.v.send(t, f.in, author, "/coverage/kormoran2026", nil); !strings.Contains(page, "What a keynote!") {
			return fmt.Errorf("it doesn't")
		}
		return nil
	})
	shown := func() int {
		posts, err := f.v.store.Posts.CoverageOf(t.Context(), f.conference.ID, 0, 9)
		if err != nil {
			t.Fatal(err)
		}
		return len(posts)
	}
	if n := shown(); n != 0 {
		t.Errorf("%d posts are shown before anybody said yes", n)
	}
	id := regexp.MustCompile(`name="post" value="(\d+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("nothing to tick: %s", page)
	}
	for _, action := range []string{"show", "boost"} {
		f.v.does(t, author, "/coverage/kormoran2026", url.Values{"action": {action}, "post": {id[1]}})
	}
	if _, page := f.v.send(t, f.in, nobody, "/conferences/kormoran2026", nil); !strings.Contains(page, "What a keynote!") {
		t.Errorf("the conference's page doesn't have it: %s", page)
	}
	if boost := f.got(t, f.p, "Announce", 3); boost.Activity["object"] != note || shown() != 1 {
		t.Errorf("boosted was %v, and %d are shown", boost.Activity["object"], shown())
	}
	ask[done](t, f.p, "/delete", map[string]any{"object": note, "to": f.group})
	f.got(t, f.p, "Undo", 1)
	if n := shown(); n != 0 {
		t.Errorf("%d posts are shown after their end", n)
	}
}

// takeBack deletes the recap.
func (f *fair) takeBack(t *testing.T) {
	t.Helper()
	f.v.does(t, author, f.edit, f.v.read(t, f.edit, "action", "delete", "confirm", "yes"))
	for i, announced := range []delivery{f.first, f.then} {
		undo := f.got(t, f.p, "Undo", i+2)
		if undo.object()["id"] != announced.Activity["id"] || undo.object()["type"] != "Announce" {
			t.Errorf("Undo %d is of %v, want %v", i+1, undo.object()["id"], announced.Activity["id"])
		}
	}
	f.got(t, f.p, "Delete", 1)
	if all := f.p.all(t, "Announce"); len(all) != 3 {
		t.Errorf("the peer has %d Announces, want two of the recap and one of the post", len(all))
	}
}

// present has the author change their profile; followers hear of it, after a restart too.
func (f *fair) present(t *testing.T) {
	t.Helper()
	f.v.does(t, author, "/settings", url.Values{"name": {"Gwen of the quay"}, "bio": {"Writes *standing*."}, "language": {"en"}})
	f.in.process.stop(t)
	f.in.start(t)
	told := f.got(t, f.p, "Update", 1)
	if o := told.object(); o["id"] != f.in.baseURL+"/users/"+author || o["type"] != "Person" || o["name"] != "Gwen of the quay" || !strings.Contains(fmt.Sprint(o["summary"]), "<em>standing</em>") {
		t.Errorf("the Update is of %v", o)
	}
}
