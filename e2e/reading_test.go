package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"confnotes/models"
)

// An attendee follows somebody elsewhere and needs no second app: what they write is there,
// is liked and answered from there, and follows their edits and deletions, and the attendee
// follows them to where they move.
func TestAnAttendeeReadsWhomTheyFollow(t *testing.T) {
	bothKnocks(t, func(t *testing.T, k knock) {
		r := newReadingRoom(t, k.settings("PEER_APPROVES=1"))
		r.follow(t)
		r.read(t)
		r.act(t)
		r.choose(t)
		if k.signsAll { // by RFC 9421 the peer's word on its followers isn't signed, and so isn't heard
			r.forgotten(t)
		}
		r.change(t)
		r.move(t)
		r.in.process.stop(t)
	})
}

// newReadingRoom serves an author, and a peer with these settings.
func newReadingRoom(t *testing.T, settings []string) *readingRoom {
	t.Helper()
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.start(t)
	r := &readingRoom{thread: &thread{in: in}, p: startPeer(t, ca, theirs[0], settings...), v: &venue{full: in, cookies: map[string]*http.Cookie{}, store: openStore(t, in)}}
	r.v.signIn(t, author)
	return r
}

type readingRoom struct {
	*thread
	p             *peer
	v             *venue
	note, article string // ids
}

// open returns one of the author's pages.
func (r *readingRoom) open(t *testing.T, path string) string {
	t.Helper()
	res, body := r.v.send(t, r.in, author, path, nil)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s", path, res.Status)
	}
	return body
}

// shows waits until a page has these words, and none of those after a "-".
func (r *readingRoom) shows(t *testing.T, path string, words ...string) {
	t.Helper()
	eventually(t, patience, fmt.Sprintf("%s shows %q", path, words), func() error {
		page := r.open(t, path)
		for _, w := range words {
			gone, absent := strings.CutPrefix(w, "-")
			if strings.Contains(page, gone) == absent {
				_, main, _ := strings.Cut(page, "<main")
				return fmt.Errorf("there: %t for %q in %s", absent, gone, main)
			}
		}
		return nil
	})
}

// follow asks to, is rejected, asks again and is accepted.
func (r *readingRoom) follow(t *testing.T) {
	t.Helper()
	for i, accept := range []bool{false, true} {
		r.askToFollow(t, author, accept)
		if !accept {
			r.shows(t, "/following", "Nobody yet.")
		}
		r.got(t, r.p, "Follow", i+1)
	}
	r.shows(t, "/following", r.p.handle(), "-waits for their server")
	r.shows(t, "/reading", "have written nothing yet")
}

func (r *readingRoom) actor(handle string) string { return r.in.baseURL + "/users/" + handle }

// askToFollow has one of the server's people ask the peer's user, who answers by hand.
func (r *readingRoom) askToFollow(t *testing.T, handle string, accept bool) {
	t.Helper()
	r.v.does(t, handle, "/following", url.Values{"action": {"follow"}, "account": {r.p.handle()}})
	eventually(t, patience, handle+" asks", func() error {
		state := ask[struct{ Asking []string }](t, r.p, "/state", nil)
		if !slices.Contains(state.Asking, r.actor(handle)) {
			return fmt.Errorf("there ask %q", state.Asking)
		}
		return nil
	})
	if _, page := r.v.send(t, r.in, handle, "/following", nil); !strings.Contains(page, "waits for their server") {
		t.Errorf("before the answer, %s sees %s", handle, page)
	}
	ask[done](t, r.p, "/answer-follow", map[string]any{"actor": r.actor(handle), "accept": accept})
}

func (r *readingRoom) read(t *testing.T) {
	t.Helper()
	r.note = ask[done](t, r.p, "/tell", map[string]any{"content": "<p>The hall is full.</p><script>alert(1)</script>"}).Object
	r.article = ask[done](t, r.p, "/tell", map[string]any{"name": "Ten years of tides", "content": "<h2>Morning</h2>" + strings.Repeat("<p>The tide comes in twice a day.</p>", 60) + "<p>And goes out.</p>"}).Object
	r.shows(t, "/reading", "The hall is full.", "Ten years of tides", "-And goes out.", "-alert(1)", r.p.handle())
	r.shows(t, r.answerPage(t, "Ten years of tides"), "And goes out.", "<h3>Morning</h3>")
}

var answerLink = regexp.MustCompile(`action="(/answer/[0-9]+)"`)

// answerPage is the page of the post on the reading page that has some words.
func (r *readingRoom) answerPage(t *testing.T, words string) string {
	t.Helper()
	for _, entry := range strings.Split(r.open(t, "/reading"), `<li class="reply"`) {
		if found := answerLink.FindStringSubmatch(entry); found != nil && strings.Contains(entry, words) {
			return found[1]
		}
	}
	t.Fatalf("nothing to read says %q", words)
	return ""
}

func (r *readingRoom) act(t *testing.T) {
	t.Helper()
	for i, words := range []string{"The hall is full.", "Ten years of tides"} {
		post := r.answerPage(t, words)
		if to := r.v.does(t, author, post, url.Values{"action": {"like"}, "back": {"/reading"}}); !strings.HasPrefix(to, "/reading#") {
			t.Errorf("liking from the page leads to %s", to)
		}
		r.v.does(t, author, post, url.Values{"action": {"send"}, "client_id": {models.NewPublicID()}, "source": {"I was there."}})
		object := []string{r.note, r.article}[i]
		if like := r.got(t, r.p, "Like", i+1); like.Activity["object"] != object {
			t.Errorf("the peer was told that %v is liked, want %s", like.Activity["object"], object)
		}
		if answer := r.got(t, r.p, "Create", i+1).object(); answer["inReplyTo"] != object || !strings.Contains(fmt.Sprint(answer["content"]), "I was there.") {
			t.Errorf("the peer got the answer %v", answer)
		}
	}
}

var emojiShown = regexp.MustCompile(`<img class="emoji" src="(https://[^"]+)" alt=":wave:"`)

// choose shows what a poll asks, and an emoji as a picture of our own.
func (r *readingRoom) choose(t *testing.T) {
	t.Helper()
	ask[done](t, r.p, "/tell", map[string]any{"content": "<p>What next? :wave:</p>", "choices": []string{"Spring tides", "Neap tides"}})
	r.shows(t, "/reading", "What next?", "Spring tides", "Neap tides", `class="emoji"`)
	shown := emojiShown.FindStringSubmatch(r.open(t, "/reading"))
	if shown == nil || !strings.HasPrefix(shown[1], r.in.baseURL+"/") {
		t.Fatalf("the emoji is shown as %q", shown)
	}
	if res, _ := r.in.get(t, shown[1], "image/*"); res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the emoji's picture answers %s, %s", res.Status, res.Header.Get("Content-Type"))
	}
}

// forgotten has the peer lose one of two followers, and say so with what it tells the other:
// who was lost follows no more (FEP-8fcf).
func (r *readingRoom) forgotten(t *testing.T) {
	t.Helper()
	r.in.must(t, password+"\n", "account", "add", newcomer, "--role", "author", "--name", "Erell", "--password-stdin")
	r.v.signIn(t, newcomer)
	follows := func(handle string, want bool) {
		t.Helper()
		eventually(t, patience, fmt.Sprintf("%s follows the peer: %t", handle, want), func() error {
			_, page := r.v.send(t, r.in, handle, "/following", nil)
			if strings.Contains(page, r.p.handle()) != want || strings.Contains(page, "waits for their server") {
				return fmt.Errorf("the page is %s", page)
			}
			return nil
		})
	}
	r.askToFollow(t, newcomer, true)
	follows(newcomer, true)
	ask[done](t, r.p, "/tell", map[string]any{"content": "<p>To both of you.</p>"})
	r.shows(t, "/reading", "To both of you.")
	follows(newcomer, true)
	ask[done](t, r.p, "/forget", map[string]any{"actor": r.actor(newcomer)})
	ask[done](t, r.p, "/tell", map[string]any{"content": "<p>To you alone.</p>"})
	r.shows(t, "/reading", "To you alone.")
	follows(newcomer, false)
	follows(author, true)
}

func (r *readingRoom) change(t *testing.T) {
	t.Helper()
	writer := r.actor(author)
	ask[done](t, r.p, "/edit", map[string]any{"object": r.note, "content": "<p>The hall is empty.</p>", "to": writer})
	r.shows(t, "/reading", "The hall is empty.", "-The hall is full.")
	ask[done](t, r.p, "/delete", map[string]any{"object": r.article, "to": writer})
	r.shows(t, "/reading", "The hall is empty.", "-Ten years of tides")
}

// move follows the peer's user to their new account, and unfollows them there.
func (r *readingRoom) move(t *testing.T) {
	t.Helper()
	ask[done](t, r.p, "/move", nil)
	anew := r.p.actor() + "_anew"
	r.shows(t, "/following", "@"+peerUser+"_anew@"+r.p.host, "waits for their server", "-<bdi translate=\"no\">"+r.p.handle()+"<")
	eventually(t, patience, "the new account is asked", func() error {
		if !slices.ContainsFunc(r.p.all(t, "Follow"), func(d delivery) bool {
			return d.Verified && d.Activity["object"] == anew && d.Activity["actor"] == r.actor(author)
		}) {
			return errors.New("it isn't")
		}
		return nil
	})
	r.shows(t, "/notifications", "@"+peerUser+"_anew@"+r.p.host)
	r.v.does(t, author, "/following", url.Values{"action": {"unfollow"}, "actor": {formValue(r.open(t, "/following"), "actor")}})
	r.shows(t, "/reading", "You follow nobody yet.", "-The hall is empty.")
}

// formValue is what a form on a page sends under a name.
func formValue(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
