package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The steps of the story in which the peer acts, or looks.

func (s *story) findAndFollow(t *testing.T) {
	resource := "acct:" + author + "@" + s.notes.host()
	found := ask[webFinger](t, s.peer, "/webfinger", map[string]any{"resource": resource})
	if found.Subject != resource || !slices.Contains(found.Aliases, s.actor) {
		t.Errorf("WebFinger says %+v", found)
	}
	looked := ask[understood](t, s.peer, "/lookup", map[string]any{"name": s.handle})
	if looked.ID != s.actor || looked.Class != "Person" || looked.Name != "Gwen Le Goff" {
		t.Errorf("the peer looked %s up and found %+v", s.handle, looked)
	}
	followed := ask[done](t, s.peer, "/follow", map[string]any{"actor": s.handle})
	s.follow = followed.Activity
	var state struct{ Following map[string]string }
	eventually(t, patience, "the follow is accepted", func() error {
		if err := s.peer.try("/state", nil, &state); err != nil {
			t.Fatal(err)
		}
		if got := state.Following[s.actor]; got != "accepted" {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
	s.proved(t, s.peer.received(t, "Accept", 1))
	if n := s.followers(t); n != 1 {
		t.Errorf("the author has %d followers, want 1", n)
	}
}

// proved checks that a delivery was signed by the author, well, and lost nothing.
func (s *story) proved(t *testing.T, d delivery) {
	t.Helper()
	typ := d.Activity["type"]
	if !d.Verified || d.Signature != s.signed.form || d.KeyID != s.actor+s.signed.key {
		t.Errorf("%s: signature %s by %s, verified %t: %s; want %+v", typ, d.Signature, d.KeyID, d.Verified, d.Reason, s.signed)
	}
	if d.ParseError != "" || d.Understood == nil || len(d.Understood.Dropped) > 0 || d.Status >= 300 || len(d.Errors) > 0 {
		t.Errorf("%s: the peer answered %d, understood %+v: %s %v", typ, d.Status, d.Understood, d.ParseError, d.Errors)
	}
}

func (s *story) followers(t *testing.T) int {
	t.Helper()
	got := s.peer.get(t, s.actor+"/followers")
	if got.Understood.TotalItems == nil {
		t.Fatalf("followers has no totalItems: %v", got.Document)
	}
	return *got.Understood.TotalItems
}

func (s *story) receive(t *testing.T) {
	got := s.peer.received(t, "Create", 1)
	s.proved(t, got)
	object := got.object()
	if object["type"] != "Article" || object["id"] != s.article || object["name"] != s.recap.Title {
		t.Errorf("the Create carries a %s %s %q", object["type"], object["id"], object["name"])
	}
	if _, edited := object["updated"]; edited {
		t.Error("a new article has no updated")
	}
	looked := ask[understood](t, s.peer, "/lookup", map[string]any{"name": s.article})
	if looked.ID != s.article || looked.Class != "Article" || looked.URL != s.page || !strings.Contains(looked.Content, "On ne dimensionne pas pour la moyenne") {
		t.Errorf("the peer fetched %+v", looked)
	}
	if byPage := ask[understood](t, s.peer, "/lookup", map[string]any{"name": s.page}); byPage.ID != s.article {
		t.Errorf("looked up by its page the article is %s, want %s", byPage.ID, s.article)
	}
}

// understandAll fetches one document of each kind and checks that a JSON-LD
// processor loses nothing of it, and that it is at its own id.
func (s *story) understandAll(t *testing.T) {
	accept, create := s.peer.received(t, "Accept", 1), s.peer.received(t, "Create", 1)
	for name, url := range map[string]string{
		"actor": s.actor, "instance actor": s.notes.baseURL + "/users/instance",
		"outbox": s.actor + "/outbox", "outbox page": s.actor + "/outbox?page=1",
		"followers": s.actor + "/followers", "followers page": s.actor + "/followers?page=1",
		"following": s.actor + "/following", "featured": s.actor + "/featured", "featured tags": s.actor + "/tags",
		"article": s.article, "replies": s.article + "/replies", "replies page": s.article + "/replies?page=1",
		"likes": s.article + "/likes", "shares": s.article + "/shares", "conversation": s.article + "/conversation",
		"Accept": accept.Activity["id"].(string), "Create": create.Activity["id"].(string), "Add": s.peer.received(t, "Add", 1).Activity["id"].(string),
	} {
		got := s.peer.get(t, url)
		if got.Status != http.StatusOK || !strings.HasPrefix(got.ContentType, "application/activity+json") || got.ParseError != "" {
			t.Errorf("%s %s: %d %s %s", name, url, got.Status, got.ContentType, got.ParseError)
			continue
		}
		if len(got.Understood.Dropped) > 0 {
			t.Errorf("%s %s: lost %q", name, url, got.Understood.Dropped)
		}
		if got.Understood.ID != url {
			t.Errorf("%s: the id of %s is %s", name, url, got.Understood.ID)
		}
	}
	var listed struct{ Items []string }
	if err := s.peer.try("/collection", map[string]any{"url": s.actor + "/outbox"}, &listed); err != nil || !slices.Equal(listed.Items, []string{create.Activity["id"].(string)}) {
		t.Errorf("the outbox lists %q, %v; want the Create", listed.Items, err)
	}
	s.introduced(t)
}

// hostile is what a stranger may send: every way to run or load something that a
// browser knows, and what only confuses readers.
const hostile = `<p>Bravo pour ce récap, <b>vraiment</b> !</p>
<script>alert("script")</script><img src=x onerror="alert('img')"><svg onload="alert('svg')"></svg>
<p onclick="alert('p')" style="position:fixed;inset:0;background:red">style</p><style>body{display:none}</style>
<a href="javascript:alert('a')">lien javascript</a> <a href=" &#106;avascript:alert(1)">lien codé</a> <a href="//evil.example/x">lien sans schéma</a>
<iframe src="https://evil.example/"></iframe><form action="https://evil.example/"><input name=password><button>envoyer</button></form>
<math><mtext><table><mglyph><style><img src=x onerror=alert('mutation')></style></mglyph></table></mtext></math>
<p>` + "\u202egnol\u202c ol\u200bé" + `</p><p>fin de la réponse</p>`

func (s *story) react(t *testing.T) {
	ask[done](t, s.peer, "/like", map[string]any{"object": s.article})
	ask[done](t, s.peer, "/announce", map[string]any{"object": s.article})
	s.replyNote = ask[done](t, s.peer, "/reply", map[string]any{"object": s.article, "content": hostile}).Object
}

func (s *story) readAnswer(t *testing.T) {
	b := s.browser
	b.forget(t) // as any reader
	b.open(t, s.page, http.StatusOK)
	const answer = ".thread .reply .words"
	text := b.text(t, answer)
	for _, want := range []string{"Bravo pour ce récap, vraiment !", "fin de la réponse", "lien javascript"} {
		if !strings.Contains(text, want) {
			t.Errorf("the reply's text lacks %q: %s", want, text)
		}
	}
	if strings.ContainsAny(text, "\u202e\u202c\u200b") {
		t.Errorf("the reply keeps characters that turn or hide text: %q", text)
	}
	if strings.Contains(text, "alert") {
		t.Errorf("a script became text: %s", text)
	}
	for _, bad := range eval[[]string](t, b, harm) {
		t.Errorf("the reply keeps %s", bad)
	}
	if origin := eval[string](t, b, `document.querySelector(".thread .reply a.when").href`); !strings.HasPrefix(origin, "https://"+s.peer.host+"/@"+peerUser+"/") {
		t.Errorf("the reply links to %s, want its page at the peer", origin)
	}
	if got := b.text(t, "#replies-title"); got != "1 réponse, 1 favori, 1 partage" {
		t.Errorf("the counts read %q", got)
	}
	b.quiet(t, "the article with its reply")
	for collection, want := range map[string]int{"/likes": 1, "/shares": 1, "/replies": 1} {
		if got := s.peer.get(t, s.article+collection).Understood.TotalItems; got == nil || *got != want {
			t.Errorf("%s has totalItems %v, want %d", collection, got, want)
		}
	}
}

// harm lists what must not be in a stranger's HTML.
const harm = `[...document.querySelectorAll(".thread .words *")].flatMap((e) => [
	...(/^(A|B|BDI|BLOCKQUOTE|BR|CODE|DEL|EM|I|LI|OL|P|PRE|S|SPAN|STRONG|U|UL)$/.test(e.tagName) ? [] : ["<" + e.tagName + ">"]),
	...[...e.attributes].filter((a) => /^on|^style$|^id$|^src/.test(a.name)).map((a) => e.tagName + "[" + a.name + "]"),
	...(e.tagName === "A" && !/^https?:\/\//.test(e.getAttribute("href")) ? ["a link to " + e.getAttribute("href")] : []),
	...(e.tagName === "A" && !/nofollow/.test(e.rel) ? ["a link that is followed"] : []),
])`

func (s *story) changeAnswer(t *testing.T) {
	b := s.browser
	ask[done](t, s.peer, "/edit", map[string]any{"object": s.replyNote, "content": "<p>Corrigé : <i>merci</i>.</p>", "to": s.actor})
	b.open(t, s.page, http.StatusOK)
	if got := b.text(t, ".thread .reply .words"); got != "Corrigé : merci." {
		t.Errorf("after its author's edit the reply reads %q", got)
	}
	ask[done](t, s.peer, "/delete", map[string]any{"object": s.replyNote, "to": s.actor})
	b.open(t, s.page, http.StatusOK)
	if text := b.text(t, "main"); strings.Contains(text, "Corrigé") || !strings.Contains(text, "0 réponse") {
		t.Errorf("after its author's deletion the reply is still there: %s", text)
	}
}

func (s *story) unfollow(t *testing.T) {
	ask[done](t, s.peer, "/undo", map[string]any{"activity": s.follow})
	if n := s.followers(t); n != 0 {
		t.Errorf("after Undo the author has %d followers, want 0", n)
	}
}

// signedGets: a peer in secure mode answers nothing else. WebFinger alone is asked
// unsigned, and the server's actor is where signatures are looked up.
func (s *story) signedGets(t *testing.T) {
	var gets []struct {
		Path, UserAgent, KeyID string
		Verified               bool
	}
	if err := s.peer.try("/gets", nil, &gets); err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, g := range gets {
		if !strings.HasPrefix(g.UserAgent, "confnotes/") || !strings.HasPrefix(g.Path, "/users/"+peerUser) {
			continue
		}
		ours++
		if !g.Verified || g.KeyID != s.notes.baseURL+"/users/instance#main-key" {
			t.Errorf("GET %s was signed by %q, verified %t", g.Path, g.KeyID, g.Verified)
		}
	}
	if ours == 0 {
		t.Error("we asked the peer nothing")
	}
}
