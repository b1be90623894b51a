package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"confnotes/models"
)

func id(p *models.Post) string { return strconv.FormatInt(p.ID, 10) }

// scene is gwen's article with a public reply and one to her alone.
type scene struct {
	*app
	gwen, owner     *person
	article         *models.Post
	public, private *models.Post
	page, desk      string // the article's, and its conversation's
}

func newScene(t *testing.T) *scene {
	a := newTestApp(t)
	s := &scene{app: a, gwen: a.person("gwen", models.RoleAuthor), owner: a.person("boss", models.RoleOwner)}
	s.article = s.gwen.article("Day one")
	far := a.stranger("far", "far.example")
	s.public, s.private = a.reply(far, s.article, "public words"), a.reply(far, s.article, "private words", s.gwen.ActorID)
	s.page, s.desk = "/@gwen/"+s.article.Slug, "/write/"+*s.article.PublicID+"/conversation"
	return s
}

func (s *scene) do(who *person, action string, reply *models.Post, more ...string) *response {
	form := url.Values{"action": {action}, "reply": {id(reply)}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return who.post(s.desk, form)
}

func (s *scene) blocks(t *testing.T, accountID int64) []*models.Block {
	t.Helper()
	rows, err := s.server.Store.Blocks.List(context.Background(), accountID, false)
	fatal(t, err)
	return rows
}

func TestAPrivateReplyIsSeenByTheAddressedAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for name, tt := range map[string]struct {
		r    *response
		want bool
	}{
		"the page":                  {s.nobody().get(s.page), false},
		"the page, signed in":       {s.gwen.get(s.page), false},
		"the replies collection":    {s.nobody().get("/articles/" + *s.article.PublicID + "/replies?page=true"), false},
		"the conversation":          {s.nobody().get("/articles/" + *s.article.PublicID + "/conversation"), false},
		"the document":              {s.nobody().get("/articles/" + *s.article.PublicID), false},
		"the author's conversation": {s.gwen.get(s.desk), true},
		"the owner's":               {s.owner.get(s.desk), false},
	} {
		tt.r.want(t, name, http.StatusOK)
		if got := tt.r.has("private words") || tt.r.has(*s.private.URI); got != tt.want {
			t.Errorf("%s has the private reply: %v, want %v", name, got, tt.want)
		}
	}
}

func TestHidingAndShowingAReply(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.do(s.gwen, "hide", s.public).wantRedirect(t, "hide", http.StatusSeeOther, s.desk+"?notice=notice.hidden")
	if s.nobody().get(s.page).has("public words") || !s.gwen.get(s.desk).has("public words") {
		t.Error("a hidden reply stands on the page, or is gone from the author's")
	}
	s.do(s.gwen, "show", s.public).wantRedirect(t, "show", http.StatusSeeOther, s.desk+"?notice=notice.shown")
	if !s.nobody().get(s.page).has("public words") {
		t.Error("a reply that is shown again is not")
	}
}

func TestBlockingFromAConversation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, action, everywhere string
		who                      func(*scene) *person
		wantAll                  bool // the instance's block
		wantDomain               string
	}{
		{"the author, an account", "block-account", "", func(s *scene) *person { return s.gwen }, false, ""},
		{"the author, a server", "block-server", "", func(s *scene) *person { return s.gwen }, false, "far.example"},
		{"the owner, an account everywhere", "block-account", "yes", func(s *scene) *person { return s.owner }, true, ""},
		{"the owner, a server everywhere", "block-server", "yes", func(s *scene) *person { return s.owner }, true, "far.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			who := tt.who(s)
			r := s.do(who, tt.action, s.public, "everywhere", tt.everywhere).wantRedirect(t, "block", http.StatusSeeOther, s.desk+"?notice=notice.blocked")
			if after := who.get(r.header("Location")); !after.has("far.example") {
				t.Error("the notice doesn't name who is blocked")
			}
			holder := who.ID
			if tt.wantAll {
				holder = 0
			}
			rows := s.blocks(t, holder)
			if len(rows) != 1 || rows[0].Domain != tt.wantDomain || (rows[0].ActorID == 0) != (tt.wantDomain != "") {
				t.Fatalf("blocks = %+v", rows)
			}
			if s.nobody().get(s.page).has("public words") {
				t.Error("what they wrote still stands")
			}
			list := who.get("/blocks").want(t, "the list", http.StatusOK)
			if !list.has("far.example") {
				t.Error("the list doesn't name them")
			}
			if other := s.person("alix", models.RoleAuthor).get("/blocks"); other.has("far.example") {
				t.Error("another author's list names them")
			}
			form := url.Values{"action": {"unblock"}, "block": {list.form().Get("block")}}
			who.post("/blocks", form).wantRedirect(t, "unblock", http.StatusSeeOther, "/blocks?notice=notice.unblocked")
			if left := s.blocks(t, holder); len(left) != 0 {
				t.Errorf("left = %+v", left)
			}
			who.post("/blocks", form).want(t, "unblock again", http.StatusNotFound)
		})
	}
}

func TestOnlyAnOwnerLiftsTheInstancesBlock(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.do(s.owner, "block-server", s.public, "everywhere", "yes")
	form := url.Values{"action": {"unblock"}, "block": {strconv.FormatInt(s.blocks(t, 0)[0].ID, 10)}}
	for name, who := range map[string]*person{"an author": s.gwen, "an editor": s.person("edit", models.RoleEditor)} {
		who.post("/blocks", form).want(t, name, http.StatusNotFound)
	}
	if len(s.blocks(t, 0)) != 1 {
		t.Error("the block is gone")
	}
}

func TestAConversationTakesNothingElse(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	other := s.gwen.article("Day two")
	s.gwen.post(s.desk, url.Values{"action": {"hide"}, "reply": {"x"}}).want(t, "no number", http.StatusBadRequest)
	s.gwen.post(s.desk, url.Values{"action": {"hide"}, "reply": {"999"}}).want(t, "an absent reply", http.StatusNotFound)
	s.gwen.post(s.desk, url.Values{"action": {"hide"}, "reply": {id(other)}}).want(t, "an article", http.StatusNotFound)
	s.do(s.gwen, "explode", s.public).want(t, "an unknown action", http.StatusBadRequest)
	s.gwen.post("/write/"+*other.PublicID+"/conversation", url.Values{"action": {"hide"}, "reply": {id(s.public)}}).want(t, "a reply under another article", http.StatusNotFound)
	s.gwen.post("/blocks", url.Values{"action": {"unblock"}, "block": {"x"}}).want(t, "no number of a block", http.StatusBadRequest)
	s.gwen.post("/blocks", url.Values{"action": {"x"}, "block": {"1"}}).want(t, "an unknown action on a block", http.StatusBadRequest)
	s.gwen.get("/write/AAAAAAAAAAAAAAAAAAAAAA/conversation").want(t, "an absent article", http.StatusNotFound)
}
