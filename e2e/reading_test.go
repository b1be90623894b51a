package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"confnotes/models"
)

// An attendee follows somebody elsewhere and needs no second app: what they write is there,
// is liked and answered from there, and follows their edits and deletions. It is not
// parallel: it uses the hosts of the story.
func TestAnAttendeeReadsWhomTheyFollow(t *testing.T) {
	needPeer(t)
	addresses := needHosts(t, "notes.test", "peer.test")
	ca := newAuthority(t)
	in := newSecure(t, ca, "notes.test", addresses[0])
	in.addAuthor(t)
	in.start(t)
	r := &readingRoom{thread: &thread{in: in}, p: startPeer(t, ca, "peer.test", addresses[1]), v: &venue{full: in, cookies: map[string]*http.Cookie{}}}
	r.v.signIn(t, author)
	r.follow(t)
	r.read(t)
	r.act(t)
	r.change(t)
	in.process.stop(t)
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
				return fmt.Errorf("of %q it has %t", gone, !absent)
			}
		}
		return nil
	})
}

func (r *readingRoom) follow(t *testing.T) {
	t.Helper()
	r.v.does(t, author, "/following", url.Values{"action": {"follow"}, "account": {r.p.handle()}})
	r.got(t, r.p, "Follow", 1)
	r.shows(t, "/following", r.p.handle(), "-waits for their server")
	r.shows(t, "/reading", "have written nothing yet")
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

func (r *readingRoom) change(t *testing.T) {
	t.Helper()
	writer := r.in.baseURL + "/users/" + author
	ask[done](t, r.p, "/edit", map[string]any{"object": r.note, "content": "<p>The hall is empty.</p>", "to": writer})
	r.shows(t, "/reading", "The hall is empty.", "-The hall is full.")
	ask[done](t, r.p, "/delete", map[string]any{"object": r.article, "to": writer})
	r.shows(t, "/reading", "The hall is empty.", "-Ten years of tides")
	r.v.does(t, author, "/following", url.Values{"action": {"unfollow"}, "actor": {formValue(r.open(t, "/following"), "actor")}})
	r.got(t, r.p, "Undo", 1)
	r.shows(t, "/reading", "You follow nobody yet.", "-The hall is empty.")
}

// formValue is what a form on a page sends under a name.
func formValue(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
