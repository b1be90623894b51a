package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"confnotes/activitypub"
)

// A peer's user asks to quote an article, reports it, is reported, and blocks its author:
// what they do takes effect here, and what we answer is understood there.
func TestAPeerQuotesReportsAndBlocks(t *testing.T) {
	bothKnocks(t, func(t *testing.T, k knock) {
		q := &quoted{readingRoom: newReadingRoom(t, k.settings())}
		q.page = publishNote(t, q.in, "Un jour")
		q.article = ask[understood](t, q.p, "/lookup", map[string]any{"name": q.page}).ID
		q.edit = q.v.editor(t, strings.TrimPrefix(q.page, q.in.baseURL))
		q.v.does(t, author, "/following", url.Values{"action": {"follow"}, "account": {q.p.handle()}})
		q.shows(t, "/following", q.p.handle(), "-waits for their server")
		ask[done](t, q.p, "/follow", map[string]any{"actor": q.actor(author)})
		q.got(t, q.p, "Accept", 1)
		q.quote(t)
		q.reported(t)
		q.report(t)
		q.blocked(t)
		q.in.process.stop(t)
	})
}

// quoted is an author whose article a reader elsewhere quotes.
type quoted struct {
	*readingRoom
	edit string // where the article is written
}

// quote is asked for and granted; anybody reads the authorization, until it is withdrawn.
func (q *quoted) quote(t *testing.T) {
	t.Helper()
	asked := ask[done](t, q.p, "/quote", map[string]any{"object": q.article, "content": "<p>As Gwen writes:</p>"})
	accept := q.got(t, q.p, "Accept", 2)
	stamp := fmt.Sprint(accept.Activity["result"])
	if accept.object()["id"] != asked.Activity || accept.object()["instrument"] != asked.Object {
		t.Errorf("the answer is to %v, want %+v", accept.object(), asked)
	}
	read := q.p.get(t, stamp)
	if read.Status != http.StatusOK || read.Understood.Class != "QuoteAuthorization" || len(read.Understood.Dropped) > 0 ||
		read.Document["interactingObject"] != asked.Object || read.Document["interactionTarget"] != q.article || read.Document["attributedTo"] != q.actor(author) {
		t.Errorf("the peer reads the authorization as %+v", read)
	}
	q.shows(t, "/notifications", "quotes", peerUser+" at "+q.p.host)
	q.shows(t, q.edit+"/conversation", "As Gwen writes:")
	q.v.does(t, author, q.edit+"/conversation", url.Values{"action": {"withdraw-quote"}, "quote": {formValue(q.open(t, q.edit+"/conversation"), "quote")}})
	if withdrawn := q.got(t, q.p, "Delete", 1); withdrawn.Activity["object"] != stamp && withdrawn.object()["id"] != stamp {
		t.Errorf("the peer was told of the withdrawal by %+v", withdrawn.Activity)
	}
	if read := q.p.get(t, stamp); read.Status != http.StatusGone {
		t.Errorf("the authorization that was withdrawn answers %d", read.Status)
	}
}

// reported is the article, by the peer's user.
func (q *quoted) reported(t *testing.T) {
	t.Helper()
	ask[done](t, q.p, "/report", map[string]any{"object": q.article, "content": "This is an advertisement."})
	q.shows(t, "/reports", "This is an advertisement.", peerUser+" at "+q.p.host, q.page)
}

// report tells the peer of what its user answered, in the server's name.
func (q *quoted) report(t *testing.T) {
	t.Helper()
	answer := ask[done](t, q.p, "/reply", map[string]any{"object": q.article, "content": "<p>Buy my boat.</p>"}).Object
	q.shows(t, q.edit+"/conversation", "Buy my boat.")
	q.v.does(t, author, q.edit+"/conversation", url.Values{"action": {"report"}, "reply": {formValue(q.open(t, q.edit+"/conversation"), "reply")}, "comment": {"He sells boats."}})
	flag := q.got(t, q.p, "Flag", 1)
	about, _ := flag.Activity["object"].([]any)
	if flag.Activity["actor"] != q.actor(activitypub.InstanceHandle) || flag.Activity["content"] != "He sells boats." || !slices.Equal(about, []any{q.p.actor(), answer}) {
		t.Errorf("the peer got the report %v", flag.Activity)
	}
}

// blocked is the author: neither follows the other any more, and both may again afterwards.
func (q *quoted) blocked(t *testing.T) {
	t.Helper()
	named := peerUser + " at " + q.p.host
	block := ask[done](t, q.p, "/block", map[string]any{"actor": q.actor(author)}).Activity
	q.shows(t, "/following", "Nobody yet.")
	q.shows(t, "/followers", "-"+named)
	ask[done](t, q.p, "/undo", map[string]any{"activity": block})
	q.v.does(t, author, "/following", url.Values{"action": {"follow"}, "account": {q.p.handle()}})
	q.shows(t, "/following", q.p.handle(), "-waits for their server")
	ask[done](t, q.p, "/follow", map[string]any{"actor": q.actor(author)})
	q.shows(t, "/followers", named)
}
