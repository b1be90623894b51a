package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The author answers from the page, and everyone in the thread hears of it; what they
// change is changed here; a wave of strangers alters nothing until the author says so.
func TestTheAuthorAnswersAndAWaveWaits(t *testing.T) {
	t.Parallel()
	needPeer(t)
	needChromium(t)
	ours, theirs := needPlaces(t, 1, 2)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	th := &thread{in: in, b: newBrowser(t)}
	th.asks, th.joins = startPeer(t, ca, theirs[0]), startPeer(t, ca, theirs[1])
	th.page = publishNote(t, in, "Un jour")
	th.begin(t)
	signIn(t, th.b, in)
	th.answer(t)
	th.react(t)
	th.change(t)
	th.leadReadersHome(t)
	signIn(t, th.b, in)
	wave(t, in, th.asks, th.b, th.article, th.page)
}

// thread is a conversation under an article: one asks, another joins in.
type thread struct {
	in                        *instance
	asks, joins               *peer
	b                         *browser
	page, article             string
	question, under, answered string // ids
}

// begin has one ask, and the other reply to them.
func (th *thread) begin(t *testing.T) {
	t.Helper()
	th.article = ask[understood](t, th.asks, "/lookup", map[string]any{"name": th.page}).ID
	th.question = ask[done](t, th.asks, "/reply", map[string]any{"object": th.article, "content": "<p>Comment ?</p>"}).Object
	writer := th.in.baseURL + "/users/" + author
	th.under = ask[done](t, th.joins, "/reply", map[string]any{"object": th.question, "content": "<p>Moi aussi</p>", "mention": []string{writer}}).Object
	th.shows(t, "Comment ?", "Moi aussi")
}

// shows waits until readers see all of this, and none of what is after a "-".
func (th *thread) shows(t *testing.T, words ...string) {
	t.Helper()
	eventually(t, patience, fmt.Sprintf("the page shows %q", words), func() error {
		_, page := th.in.get(t, th.page, "text/html")
		for _, w := range words {
			gone, absent := strings.CutPrefix(w, "-")
			if strings.Contains(page, gone) == absent {
				return fmt.Errorf("of %q it has %t", gone, !absent)
			}
		}
		return nil
	})
}

// answer writes from the page, as one would who reads the news.
func (th *thread) answer(t *testing.T) {
	t.Helper()
	th.b.open(t, th.in.baseURL+"/notifications", http.StatusOK)
	if news := th.b.text(t, "main"); !strings.Contains(news, "Comment ?") || !strings.Contains(news, "Moi aussi") {
		t.Errorf("the news are %s", news)
	}
	th.b.press(t, ".notifications li:last-child .words a") // the first that came: the question
	th.b.do(t, "write the answer", chromedp.SendKeys("#field-source", "Comme ça.", chromedp.ByQuery))
	th.b.press(t, `button[value="send"]`)
	th.b.quiet(t, "answering")
	for p, nth := range map[*peer]int{th.asks: 2, th.joins: 1} { // who asks was told by who joins before
		got := th.got(t, p, "Create", nth)
		object := got.object()
		th.answered = fmt.Sprint(object["id"])
		if object["type"] != "Note" || object["inReplyTo"] != th.question || !strings.Contains(fmt.Sprint(object["content"]), "Comme ça.") {
			t.Errorf("%s got %v", p.host, object)
		}
		if fetched := p.get(t, th.answered); fetched.Status != http.StatusOK || len(fetched.Understood.Dropped) > 0 || fetched.Understood.ID != th.answered {
			t.Errorf("%s fetches %+v", p.host, fetched)
		}
	}
	th.shows(t, "Comme ça.")
}

// got waits for the n-th activity of a type, which a peer must have verified and understood.
func (th *thread) got(t *testing.T, p *peer, typ string, n int) delivery {
	t.Helper()
	d := p.received(t, typ, n)
	if !d.Verified || d.Understood == nil || len(d.Understood.Dropped) > 0 || d.Status >= 300 {
		t.Errorf("%s got the %s as %+v", p.host, typ, d)
	}
	return d
}

func (th *thread) react(t *testing.T) {
	t.Helper()
	th.b.open(t, th.in.baseURL+"/notifications", http.StatusOK)
	th.b.press(t, ".notifications li:last-child .words a")
	for _, act := range []struct{ button, typ string }{{"like", "Like"}, {"boost", "Announce"}, {"unlike", "Undo"}} {
		th.b.press(t, `button[value="`+act.button+`"]`)
		if got := th.got(t, th.asks, act.typ, 1); act.typ != "Undo" && got.Activity["object"] != th.question {
			t.Errorf("%s: %+v", act.button, got)
		}
	}
	first := th.asks.received(t, "Like", 1)
	th.b.press(t, `button[value="like"]`)
	if again := th.got(t, th.asks, "Like", 2); again.Activity["id"] == first.Activity["id"] {
		t.Error("the second like has the id of the one that was taken back")
	}
}

// change has both sides edit and delete what they wrote.
func (th *thread) change(t *testing.T) {
	t.Helper()
	writer := th.in.baseURL + "/users/" + author
	ask[done](t, th.asks, "/edit", map[string]any{"object": th.question, "content": "<p>Comment, au juste ?</p>", "to": writer})
	th.shows(t, "Comment, au juste ?", "-<p>Comment ?</p>", "Moi aussi")
	ask[done](t, th.joins, "/delete", map[string]any{"object": th.under, "to": writer})
	th.shows(t, "Comment, au juste ?", "-Moi aussi")
	own := column(t, th.in.open(t), "SELECT id FROM posts WHERE local AND kind = 'reply'")[0]
	th.b.open(t, th.in.baseURL+"/answer/"+own, http.StatusOK)
	th.b.do(t, "edit the answer", chromedp.SetValue("#field-source", "Comme ceci.", chromedp.ByQuery))
	th.b.press(t, `button[value="send"]`)
	for _, p := range []*peer{th.asks, th.joins} {
		if got := th.got(t, p, "Update", 1).object(); got["id"] != th.answered || !strings.Contains(fmt.Sprint(got["content"]), "Comme ceci.") {
			t.Errorf("%s got the edit as %v", p.host, got)
		}
	}
	th.shows(t, "Comme ceci.", "-Comme ça.")
	th.b.press(t, `button[value="delete"]`)
	for _, p := range []*peer{th.asks, th.joins} {
		if got := th.got(t, p, "Delete", 1).object(); got["id"] != th.answered {
			t.Errorf("%s got the deletion as %v", p.host, got)
		}
		if fetched := p.get(t, th.answered); fetched.Status != http.StatusGone {
			t.Errorf("%s fetches what was deleted: %d", p.host, fetched.Status)
		}
	}
	th.shows(t, "-Comme ceci.")
	th.b.quiet(t, "changing")
}

// leadReadersHome takes a reader without an account here to their own server.
func (th *thread) leadReadersHome(t *testing.T) {
	t.Helper()
	th.b.forget(t)
	th.b.open(t, th.page, http.StatusOK)
	th.b.do(t, "say who one is", chromedp.SendKeys("#remote-reply", "@"+peerUser+"@"+th.asks.host, chromedp.ByQuery), chromedp.Submit("#remote-reply", chromedp.ByQuery))
	eventually(t, patience, "the reader is at their own server", func() error {
		if at := eval[string](t, th.b, "location.href"); at != "https://"+th.asks.host+"/authorize_interaction?uri="+url.QueryEscape(th.article) {
			return fmt.Errorf("at %s", at)
		}
		return nil
	})
}

func signIn(t *testing.T, b *browser, in *instance) {
	t.Helper()
	b.open(t, in.baseURL+"/sign-in", http.StatusOK)
	b.do(t, "sign in", chromedp.SendKeys("#field-handle", author, chromedp.ByQuery), chromedp.SendKeys("#field-password", password, chromedp.ByQuery))
	b.press(t, "main form button.primary")
}

const waveSize = 300

func wave(t *testing.T, in *instance, asks *peer, b *browser, article, page string) {
	_, before := in.get(t, page, "text/html")
	ask[done](t, asks, "/wave", map[string]any{"object": article, "count": waveSize, "content": `<p>Achetez <a href="https://pills.example/">ici</a>`})
	db := in.open(t)
	eventually(t, patience, "the wave has come in", func() error {
		if held := column(t, db, "SELECT id FROM posts WHERE moderation = 'held'"); len(held) != waveSize {
			return fmt.Errorf("%d replies wait", len(held))
		}
		return nil
	})
	if _, after := in.get(t, page, "text/html"); after != before {
		t.Error("the wave changed the page that readers see")
	}
	b.open(t, in.baseURL+"/held", http.StatusOK)
	if text := b.text(t, "main"); !strings.Contains(text, fmt.Sprint(waveSize)) || strings.Contains(text, "wave60") {
		t.Errorf("the list is %.400s", text)
	}
	b.do(t, "tick two", chromedp.Click(`.reply:nth-child(1) input`, chromedp.ByQuery), chromedp.Click(`.reply:nth-child(2) input`, chromedp.ByQuery))
	b.press(t, `button[value="release"]`)
	b.press(t, `button[value="reject-all"]`)
	b.quiet(t, "deciding what waits")
	_, after := in.get(t, page, "text/html")
	if n := strings.Count(after, "pills.example"); n != 2 {
		t.Errorf("%d of the wave are on the page, want the two that were released", n)
	}
	if left := column(t, db, "SELECT id FROM posts WHERE moderation = 'held'"); len(left) != 0 {
		t.Errorf("%d still wait", len(left))
	}
}
