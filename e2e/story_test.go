package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"confnotes/internal/frontmatter"
)

// The whole path: a recap goes out, a follower on another server gets it, the answer
// comes back. Twice, as peers differ in the signature they try first and in whether
// they answer unsigned GETs, and authors in whether they type or paste.
func TestTheWholePath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		settings []string
		signed   signedAs
		enter    func(*browser, testing.TB, string, string)
	}{
		{"typed, to a peer that signs by RFC 9421",
			[]string{"PEER_KNOCK=rfc9421", "PEER_TAKES=rfc9421"}, signedAs{"rfc9421", "#main-key"}, (*browser).typeInto},
		{"pasted, to a peer that signs draft-cavage and demands signed GETs",
			[]string{"PEER_KNOCK=draft-cavage-http-signatures-12", "PEER_AUTHFETCH=1", "PEER_PLAIN=1"}, signedAs{"draft-cavage", "#main-key"}, (*browser).pasteInto},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tell(t, tt.settings, tt.signed, tt.enter)
		})
	}
}

// signedAs is the form of a signature, and the fragment of the key that made it.
type signedAs struct{ form, key string }

// story is what its steps share.
type story struct {
	notes   *instance
	peer    *peer
	browser *browser
	recap   *frontmatter.Document
	signed  signedAs                                              // how the peer expects our signatures
	enter   func(b *browser, t testing.TB, selector, text string) // how the author gets text into a field

	actor, handle     string // of the author
	edit, page        string // where the article is written and read
	article           string // its id
	preview           string // its body in the preview
	follow, replyNote string // what the peer made
	site              string // the author's own
}

// tell runs the steps in order; the first that fails ends the story.
func tell(t *testing.T, settings []string, signed signedAs, enter func(*browser, testing.TB, string, string)) {
	needPeer(t)
	needChromium(t)
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	s := &story{notes: newSecure(t, ca, ours[0]), enter: enter, signed: signed, actor: "https://" + ours[0].host + "/users/" + author, handle: "@" + author + "@" + ours[0].host}
	s.site = ownSite(t, ca, s.notes.baseURL+"/@"+author)
	s.notes.start(t)
	s.peer = startPeer(t, ca, theirs[0], settings...)
	s.browser = newBrowser(t)
	s.recap = recap(t, s.peer)
	steps := []struct {
		name string
		run  func(*testing.T)
	}{
		{"the host sets the site up through the one-time link", s.setUp},
		{"the author signs in", s.signIn},
		{"the peer finds the author by handle and follows", s.findAndFollow},
		{"the author types the recap and previews it", s.write},
		{"the author publishes what the preview showed", s.publish},
		{"the peer gets the article, signed and complete", s.receive},
		{"the author shows a site and a hashtag, pins the article, and an Add arrives", s.introduce},
		{"everything we serve is understood whole", s.understandAll},
		{"the peer likes, boosts and answers with hostile HTML", s.react},
		{"the page shows the answer harmless, and the counts", s.readAnswer},
		{"the peer edits its answer, and deletes it", s.changeAnswer},
		{"the author edits, and an Update arrives", s.editArticle},
		{"the author deletes, and the peer sees a Tombstone", s.deleteArticle},
		{"the peer unfollows", s.unfollow},
		{"every question that we asked the peer was signed", s.signedGets},
		{"the server stops in good order", func(t *testing.T) { s.notes.process.stop(t) }},
	}
	for _, step := range steps {
		began := time.Now()
		if !t.Run(step.name, step.run) {
			t.FailNow()
		}
		t.Logf("%-60s %s", step.name, time.Since(began).Round(time.Millisecond))
	}
}

func (s *story) setUp(t *testing.T) {
	b := s.browser
	link := s.notes.setupURL(t)
	b.open(t, link, http.StatusOK)
	b.do(t, "fill in the set-up page",
		chromedp.SendKeys("#field-site_name", "Notes de Kerval", chromedp.ByQuery),
		chromedp.SetValue("#field-site_language", "fr", chromedp.ByQuery),
		chromedp.SendKeys("#field-name", "Gwen Le Goff", chromedp.ByQuery),
		chromedp.SendKeys("#field-handle", author, chromedp.ByQuery),
		chromedp.SendKeys("#field-password", password, chromedp.ByQuery))
	b.press(t, "main form button.primary")
	if got := b.status(); got != http.StatusOK {
		t.Errorf("set-up answers %d", got)
	}
	b.quiet(t, "set-up")
	if res, _ := s.notes.get(t, link, "text/html"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the one-time link answers %d the second time, want 404", res.StatusCode)
	}
	b.forget(t)
}

func (s *story) signIn(t *testing.T) {
	b := s.browser
	b.open(t, s.notes.baseURL+"/write", http.StatusOK) // sends on to the form
	b.do(t, "fill in the form",
		chromedp.SendKeys("#field-handle", author, chromedp.ByQuery),
		chromedp.SendKeys("#field-password", password, chromedp.ByQuery))
	b.press(t, "main form button.primary")
	if at := eval[string](t, b, "location.pathname"); at != "/write" {
		t.Errorf("signed in, the browser is at %s, want /write", at)
	}
	cookies := b.cookies(t, s.notes.baseURL+"/")
	if len(cookies) != 1 || cookies[0].Name != "__Host-session" || !cookies[0].Secure || !cookies[0].HTTPOnly {
		t.Errorf("cookies = %+v, want one __Host-session, Secure and HttpOnly", cookies)
	}
	b.quiet(t, "sign-in")
}

func (s *story) write(t *testing.T) {
	b := s.browser
	b.open(t, s.notes.baseURL+"/write", http.StatusOK)
	b.typeInto(t, "#field-title", s.recap.Title)
	b.typeInto(t, "#field-summary", s.recap.Summary)
	began := time.Now()
	s.enter(b, t, "#field-source", s.recap.Source)
	t.Logf("entered %d characters in %s", len([]rune(s.recap.Source)), time.Since(began).Round(time.Millisecond))
	if got := eval[string](t, b, `document.querySelector("#field-source").value`); got != s.recap.Source {
		t.Fatalf("the field has not what was entered: %s", difference(got, s.recap.Source))
	}
	b.typeInto(t, "#field-tags", strings.Join(s.recap.Tags, " "))
	b.typeInto(t, "#field-slug", s.recap.Slug)
	b.do(t, "choose the language", chromedp.SetValue("#field-language", s.recap.Language, chromedp.ByQuery))
	b.press(t, `button[value="preview"]`)
	s.preview = eval[string](t, b, asSent)
	if got := b.text(t, "article h1"); got != s.recap.Title {
		t.Errorf("the preview's title is %q", got)
	}
	if n := eval[int](t, b, `document.querySelectorAll("article .e-content h2").length`); n != strings.Count(s.recap.Source, "\n## ") {
		t.Errorf("the preview has %d headings", n)
	}
	for _, selector := range []string{"table", "blockquote", "pre code", "ul ul ul", "ol", `a[href="https://` + s.peer.host + "/@" + peerUser + `"]`} {
		if !eval[bool](t, b, fmt.Sprintf(`document.querySelector("article .e-content").querySelector(%q) !== null`, selector)) {
			t.Errorf("the preview has no %s", selector)
		}
	}
	b.quiet(t, "editor and preview")
}

// asSent is an article's text as it was before a script put a button beside each block of
// code and let what scrolls be scrolled by keyboard.
const asSent = `(() => {
	const text = document.querySelector("article .e-content").cloneNode(true);
	for (const frame of text.querySelectorAll("div.code")) frame.replaceWith(frame.firstChild);
	for (const box of text.querySelectorAll("[tabindex]")) box.removeAttribute("tabindex");
	return text.innerHTML.trim();
})()`

func (s *story) publish(t *testing.T) {
	b := s.browser
	b.press(t, `button[value="publish"]`)
	s.edit = eval[string](t, b, "location.origin + location.pathname")
	s.article = strings.Replace(s.edit, "/write/", "/articles/", 1)
	s.page = s.notes.baseURL + "/@" + author + "/" + s.recap.Slug
	if got := eval[string](t, b, `document.querySelector("header.bar a").href`); got != s.page {
		t.Errorf("the editor links to %s, want %s", got, s.page)
	}
	b.quiet(t, "publishing")
	b.open(t, s.page, http.StatusOK)
	if got := eval[string](t, b, asSent); got != s.preview {
		t.Errorf("the page's body isn't the preview's.\npage:\n%s\npreview:\n%s", got, s.preview)
	}
	b.quiet(t, "the article")
}

func (s *story) editArticle(t *testing.T) {
	b := s.browser
	s.signIn(t)
	b.open(t, s.edit, http.StatusOK)
	b.do(t, "put the cursor at the end", chromedp.Evaluate(`{ const f = document.querySelector("#field-source"); f.focus(); f.setSelectionRange(f.value.length, f.value.length) }`, nil))
	const added = "\nMise à jour : les diapos de la keynote sont en ligne."
	b.typeInto(t, "#field-source", added)
	b.press(t, `button[value="publish"]`)
	got := s.changed(t, s.article)
	s.proved(t, got)
	object := got.object()
	published, updated := moment(t, object["published"]), moment(t, object["updated"])
	if !updated.After(published) || object["id"] != s.article || !strings.Contains(object["content"].(string), "Mise à jour") {
		t.Errorf("the Update is of %s, published %s, updated %s", object["id"], published, updated)
	}
	if looked := ask[understood](t, s.peer, "/lookup", map[string]any{"name": s.article}); looked.Updated == "" {
		t.Errorf("the edited article says nothing of an update: %+v", looked)
	}
}

func moment(t *testing.T, v any) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, fmt.Sprint(v))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (s *story) deleteArticle(t *testing.T) {
	b := s.browser
	b.open(t, s.edit, http.StatusOK)
	b.press(t, `button[value="delete"]`)
	b.press(t, `button.danger[value="delete"]`)
	b.quiet(t, "deleting")
	got := s.peer.received(t, "Delete", 1)
	s.proved(t, got)
	if object := got.object(); object["type"] != "Tombstone" || object["id"] != s.article {
		t.Errorf("the Delete is of %v", object)
	}
	if res, body := s.notes.get(t, s.article, activityJSON); res.StatusCode != http.StatusGone || !strings.Contains(body, `"Tombstone"`) {
		t.Errorf("GET %s answers %d %s, want 410 and a Tombstone", s.article, res.StatusCode, body)
	}
	if seen := s.peer.get(t, s.article); seen.Status != http.StatusGone || seen.Understood.Class != "Tombstone" || len(seen.Understood.Dropped) > 0 {
		t.Errorf("the peer sees %d %+v, want 410 and a whole Tombstone", seen.Status, seen.Understood)
	}
	if err := s.peer.try("/lookup", map[string]any{"name": s.article}, new(understood)); err == nil {
		t.Error("the peer still finds the article")
	}
	b.open(t, s.page, http.StatusGone)
}
