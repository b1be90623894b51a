package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The author answers from the page, and everyone in the thread hears of it; a wave of
// strangers changes nothing until the author says so.
func TestTheAuthorAnswersAndAWaveWaits(t *testing.T) {
	t.Parallel()
	needPeer(t)
	needChromium(t)
	addresses := needHosts(t, "notes5.test", "peer5.test", "peer6.test")
	ca := newAuthority(t)
	in := newSecure(t, ca, "notes5.test", addresses[0])
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	asks, listens := startPeer(t, ca, "peer5.test", addresses[1]), startPeer(t, ca, "peer6.test", addresses[2])
	page := publishNote(t, in, "Un jour")
	article := ask[understood](t, asks, "/lookup", map[string]any{"name": page}).ID
	question := ask[done](t, asks, "/reply", map[string]any{"object": article, "content": "<p>Comment ?</p>"}).Object
	ask[done](t, listens, "/reply", map[string]any{"object": article, "content": "<p>Merci</p>"})

	b := newBrowser(t)
	signIn(t, b, in)
	b.open(t, in.baseURL+"/notifications", http.StatusOK)
	if news := b.text(t, "main"); !strings.Contains(news, "Comment ?") || !strings.Contains(news, "Merci") {
		t.Errorf("the news are %s", news)
	}
	b.press(t, ".notifications li:last-child .words a") // the first that came: the question
	b.do(t, "write the answer", chromedp.SendKeys("#field-source", "Comme ça.", chromedp.ByQuery))
	b.press(t, `button[value="send"]`)
	b.quiet(t, "answering")
	for name, p := range map[string]*peer{"who asked": asks, "who listens": listens} {
		got := p.received(t, "Create", 1)
		object := got.object()
		if !got.Verified || got.Understood == nil || len(got.Understood.Dropped) > 0 || got.Status >= 300 {
			t.Errorf("%s: %+v", name, got)
		}
		if object["type"] != "Note" || object["inReplyTo"] != question || !strings.Contains(fmt.Sprint(object["content"]), "Comme ça.") {
			t.Errorf("%s got %v", name, object)
		}
		if fetched := p.get(t, fmt.Sprint(object["id"])); fetched.Status != http.StatusOK || len(fetched.Understood.Dropped) > 0 || fetched.Understood.ID != object["id"] {
			t.Errorf("%s fetches %+v", name, fetched)
		}
	}
	b.open(t, in.baseURL+"/notifications", http.StatusOK)
	b.press(t, ".notifications li:last-child .words a")
	for _, act := range []struct{ button, typ string }{{"like", "Like"}, {"boost", "Announce"}, {"unlike", "Undo"}} {
		b.press(t, `button[value="`+act.button+`"]`)
		got := asks.received(t, act.typ, 1)
		if !got.Verified || got.Understood == nil || len(got.Understood.Dropped) > 0 || act.typ != "Undo" && got.Activity["object"] != question {
			t.Errorf("%s: %+v", act.button, got)
		}
	}
	b.forget(t) // as any reader
	b.open(t, page, http.StatusOK)
	b.do(t, "say who one is", chromedp.SendKeys("#remote-reply", "@"+peerUser+"@"+asks.host, chromedp.ByQuery), chromedp.Submit("#remote-reply", chromedp.ByQuery))
	eventually(t, 10*time.Second, "the reader is at their own server", func() error {
		if at := eval[string](t, b, "location.href"); at != "https://"+asks.host+"/authorize_interaction?uri="+url.QueryEscape(article) {
			return fmt.Errorf("at %s", at)
		}
		return nil
	})
	signIn(t, b, in)
	wave(t, in, asks, b, article, page)
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
	eventually(t, 30*time.Second, "the wave has come in", func() error {
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
