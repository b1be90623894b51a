package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

func TestWhomOneFollowsIsListedAndLetGo(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	hugo := r.person("hugo", models.RoleAuthor)
	event := r.kormoran()
	empty := hugo.get("/reading").want(t, "an empty page", http.StatusOK)
	if !empty.has("You follow nobody yet.") || !empty.has(event.Actor.Name) || !empty.has(`name="account"`) {
		t.Errorf("the empty page doesn't say how to begin:\n%s", empty.body)
	}
	for account, want := range map[string]string{"nobody": "Write an address such as", "@nobody@notes.example": "Nobody can be followed", "@hugo@notes.example": "Nobody can be followed", "@who@far.example": "couldn’t be asked"} {
		page := hugo.post("/following", url.Values{"action": {"follow"}, "account": {account}}).want(t, account, http.StatusUnprocessableEntity)
		if !page.has(want) || !page.has(`value="`+account+`"`) {
			t.Errorf("%s: the page doesn't say %q, or what was typed", account, want)
		}
	}
	hugo.post("/following", url.Values{"action": {"follow"}, "account": {"https://notes.example/@gwen"}}).wantRedirect(t, "follow gwen", http.StatusSeeOther, "/following?notice=notice.follow_begun")
	hugo.post("/following", url.Values{"action": {"follow"}, "account": {"@alice@social.example"}}).wantRedirect(t, "ask alice", http.StatusSeeOther, "/following?notice=notice.follow_asked")
	r.wait(time.Minute)
	r.gwen.article("Day one")
	if page := hugo.get("/reading"); !page.has(">Day one</a>") || !page.has("/@gwen/day-one") {
		t.Errorf("gwen's article isn't there:\n%s", page.body)
	}
	list := hugo.get("/following")
	if !list.has("@gwen@notes.example") || strings.Count(list.body, "waits for their server") != 1 {
		t.Errorf("the list is wrong:\n%s", list.body)
	}
	hugo.post("/following", url.Values{"action": {"unfollow"}, "actor": {strconv.FormatInt(r.gwen.ActorID, 10)}}).wantRedirect(t, "unfollow", http.StatusSeeOther, "/following?notice=notice.unfollowed")
	if page := hugo.get("/reading"); page.has("Day one") || !page.has("have written nothing yet") {
		t.Error("what the follow brought is there still")
	}
}

// From another server, or one's own, a link leads to the form with the address in it.
func TestAnAddressFromElsewhereIsFilledIn(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	known := r.wrote(r.alice, r.alice, says("A plain note"))
	for uri, to := range map[string]string{
		"https://far.example/users/bob":    "/following?account=https%3A%2F%2Ffar.example%2Fusers%2Fbob",
		"https://notes.example/users/gwen": "/following?account=%40gwen%40notes.example",
		*known.URI:                         answerURL(known.ID),
	} {
		r.gwen.get("/authorize_interaction?uri="+url.QueryEscape(uri)).wantRedirect(t, uri, http.StatusSeeOther, to)
	}
	if n := r.gwen.get("/following?account=%40bob%40far.example"); !n.has(`value="@bob@far.example"`) {
		t.Error("the address isn't filled in")
	}
	follows, err := r.server.Store.Follows.Of(t.Context(), r.gwen.ActorID, 0, 9)
	fatal(t, err)
	if len(follows) != 1 {
		t.Errorf("looking at the form followed somebody: %d follows", len(follows))
	}
}

func TestWhoIsReadCanBeBlockedFromThere(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	hugo := r.person("hugo", models.RoleAuthor)
	p := r.wrote(r.alice, r.alice, says("A plain note"))
	page := r.gwen.get(answerURL(p.ID)).want(t, "the note", http.StatusOK)
	if !page.has("Block @alice@social.example") {
		t.Errorf("nothing blocks alice there:\n%s", page.body)
	}
	r.gwen.post("/following", url.Values{"action": {"block"}, "actor": {strconv.FormatInt(hugo.ActorID, 10)}}).want(t, "block one of ours", http.StatusBadRequest)
	r.gwen.post("/following", url.Values{"action": {"block"}, "actor": {strconv.FormatInt(r.alice.ID, 10)}}).wantRedirect(t, "block alice", http.StatusSeeOther, "/reading?notice=notice.blocked")
	if r.gwen.get("/reading").has("A plain note") || !r.gwen.get("/blocks").has("@alice@social.example") || r.gwen.get("/following").has("@alice@social.example") {
		t.Error("alice isn't blocked")
	}
}
