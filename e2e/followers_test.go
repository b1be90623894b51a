package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A reader elsewhere asks to follow, waits, is accepted in the page and gets the last
// articles; asks again and is rejected; and is told when the author moves to another
// server.
func TestFollowersAreChosenAndMoved(t *testing.T) {
	needChromium(t)
	bothKnocks(t, func(t *testing.T, k knock) {
		ours, theirs := needPlaces(t, 2, 1)
		ca := newAuthority(t)
		d := &door{old: newSecure(t, ca, ours[0]), anew: newSecure(t, ca, ours[1])}
		for _, in := range []*instance{d.old, d.anew} {
			in.addAuthor(t)
			in.start(t)
		}
		d.peer, d.b = startPeer(t, ca, theirs[0], k.settings()...), newBrowser(t)
		for _, title := range []string{"Un jour", "Deux jours"} {
			publishNote(t, d.old, title)
		}
		d.lock(t)
		d.accept(t)
		d.reject(t)
		d.move(t)
		d.old.process.stop(t)
		d.anew.process.stop(t)
	})
}

// door is an author with a server to leave and one to go to, and who wants to follow.
type door struct {
	old, anew *instance
	peer      *peer
	b         *browser
	follow    string // the last one that the peer made
}

// lock has the author approve followers by hand, and the peer ask.
func (d *door) lock(t *testing.T) {
	t.Helper()
	signIn(t, d.b, d.old)
	d.b.open(t, d.old.baseURL+"/settings", http.StatusOK)
	d.b.do(t, "approve by hand", chromedp.Click(`[name="approve"]`, chromedp.ByQuery))
	d.b.press(t, `#following button`)
	d.ask(t)
	if looked := d.peer.get(t, d.actor()); looked.Document["manuallyApprovesFollowers"] != true || len(looked.Understood.Dropped) > 0 {
		t.Errorf("the peer reads the author as %+v", looked)
	}
}

func (d *door) actor() string { return d.old.baseURL + "/users/" + author }

// ask has the peer ask to follow, and looks at the news.
func (d *door) ask(t *testing.T) {
	t.Helper()
	d.follow = ask[done](t, d.peer, "/follow", map[string]any{"actor": d.actor()}).Activity
	eventually(t, patience, "the author is asked", func() error {
		d.b.open(t, d.old.baseURL+"/notifications", http.StatusOK)
		if text := d.b.text(t, "main"); !strings.Contains(text, "1 person asks to follow you") {
			return fmt.Errorf("the news are %s", text)
		}
		return nil
	})
	d.stands(t, "pending")
}

// stands waits until the peer's follow is in a state; "" for none.
func (d *door) stands(t *testing.T, want string) {
	t.Helper()
	eventually(t, patience, "the follow is "+want, func() error {
		var state struct{ Following map[string]string }
		if err := d.peer.try("/state", nil, &state); err != nil {
			t.Fatal(err)
		}
		if got := state.Following[d.actor()]; got != want {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
}

// decide ticks the one who asks, on the page that the news lead to.
func (d *door) decide(t *testing.T, action string) {
	t.Helper()
	d.b.press(t, `.notice a[href$="state=pending"]`)
	if text := d.b.text(t, ".followers .rows"); !strings.Contains(text, d.peer.handle()) {
		t.Errorf("who asks is %s", text)
	}
	d.b.do(t, "tick", chromedp.Click(`[name="follow"]`, chromedp.ByQuery))
	d.b.press(t, `button[value="`+action+`"]`)
	d.b.quiet(t, "deciding")
}

// accept says yes; behind the Accept come the last articles, the oldest first.
func (d *door) accept(t *testing.T) {
	t.Helper()
	d.decide(t, "accept")
	d.stands(t, "accepted")
	d.peer.received(t, "Create", 2)
	var got []string
	for _, r := range d.peer.all(t, "") {
		if !r.Verified || r.Understood == nil || len(r.Understood.Dropped) > 0 {
			t.Errorf("the peer got %+v", r)
		}
		got = append(got, strings.TrimSpace(fmt.Sprint(r.Activity["type"], " ", r.object()["name"])))
	}
	if want := "[Accept <nil>][Create Un jour][Create Deux jours]"; "["+strings.Join(got, "][")+"]" != want {
		t.Errorf("the peer got %q, want %s", got, want)
	}
}

// reject says no to who unfollowed and asks again, and gets nothing a second time.
func (d *door) reject(t *testing.T) {
	t.Helper()
	ask[done](t, d.peer, "/undo", map[string]any{"activity": d.follow})
	d.ask(t)
	d.decide(t, "reject")
	d.stands(t, "")
	if rejected := d.peer.received(t, "Reject", 1); !rejected.Verified || rejected.object()["id"] != d.follow {
		t.Errorf("the peer got %+v", rejected)
	}
}

// move takes the peer, accepted once more, to the new server.
func (d *door) move(t *testing.T) {
	t.Helper()
	d.ask(t)
	d.decide(t, "accept")
	d.stands(t, "accepted")
	here, there := &venue{full: d.old, cookies: map[string]*http.Cookie{}}, &venue{full: d.anew, cookies: map[string]*http.Cookie{}}
	here.signIn(t, author)
	there.signIn(t, author)
	there.does(t, author, "/settings/move", url.Values{"action": {"alias"}, "alias": {"@" + author + "@" + d.old.host()}})
	here.does(t, author, "/settings/move", url.Values{"action": {"move"}, "target": {"@" + author + "@" + d.anew.host()}, "current": {password}})
	target := d.anew.baseURL + "/users/" + author
	moved := d.peer.received(t, "Move", 1)
	if a := moved.Activity; !moved.Verified || moved.Understood == nil || len(moved.Understood.Dropped) > 0 || a["object"] != d.actor() || a["actor"] != d.actor() || a["target"] != target {
		t.Errorf("the peer got %+v", moved)
	}
	if fetched := d.peer.get(t, fmt.Sprint(moved.Activity["id"])); fetched.Status != http.StatusOK || fetched.Understood.Class != "Move" {
		t.Errorf("the peer fetches the Move as %+v", fetched)
	}
	if creates := d.peer.all(t, "Create"); len(creates) != 2 {
		t.Errorf("the last articles came again: %d Creates", len(creates))
	}
	for name, c := range map[string]struct{ iri, property, want string }{
		"the old account": {d.actor(), "movedTo", target},
		"the new account": {target, "alsoKnownAs", "[" + d.actor() + "]"},
	} {
		got := d.peer.get(t, c.iri)
		if fmt.Sprint(got.Document[c.property]) != c.want || len(got.Understood.Dropped) > 0 {
			t.Errorf("the peer reads %s as %+v", name, got)
		}
	}
	d.b.forget(t)
	d.b.open(t, d.old.baseURL+"/@"+author, http.StatusOK)
	if got := eval[string](t, d.b, `document.querySelector(".follow .address a").href`); got != d.anew.baseURL+"/@"+author {
		t.Errorf("the old profile leads to %s", got)
	}
}
