package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"confnotes/models"
)

func TestAnAuthorAnswersLikesAndBoostsFromThePage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	article := gwen.article("Day one")
	asked := a.reply(a.stranger("alice", "social.example"), article, "How?")
	conversation := gwen.get("/write/" + *article.PublicID + "/conversation")
	here := "/answer/" + strconv.FormatInt(asked.ID, 10)
	if !strings.Contains(conversation.body, `href="`+here+`"`) {
		t.Fatalf("the conversation has no link to %s", here)
	}
	page := gwen.get(here).want(t, "the page", http.StatusOK)
	form := page.form()
	if form.Get("source") != "@alice@social.example " || !page.has("How?") {
		t.Errorf("the form starts with %q", form.Get("source"))
	}
	form.Set("source", "@alice@social.example <script>alert(1)</script> So.")
	form.Set("action", "send")
	sent := gwen.post(here, form).wantRedirect(t, "send", http.StatusSeeOther, "/answer/")
	again := gwen.post(here, form)
	if first, second := sent.header("Location"), again.header("Location"); first != second {
		t.Errorf("sent twice: %s and %s", first, second)
	}
	public := a.nobody().get("/@gwen/day-one").want(t, "article", http.StatusOK)
	if !public.has("So.") || strings.Contains(public.body, "<script>alert") {
		t.Errorf("the answer isn't shown, or not harmless: %s", public.body)
	}
	own := gwen.get(sent.header("Location")).want(t, "one's own", http.StatusOK)
	change := own.form()
	change.Set("source", "Better.")
	change.Set("action", "send")
	mine, _, _ := strings.Cut(sent.header("Location"), "?")
	gwen.post(mine, change).wantRedirect(t, "change", http.StatusSeeOther, mine)
	if page := a.nobody().get("/@gwen/day-one"); !page.has("Better.") || page.has("So.") {
		t.Error("the change isn't shown")
	}
	for _, action := range []string{"like", "boost", "unlike", "unboost"} {
		gwen.post(here, url.Values{"action": {action}}).wantRedirect(t, action, http.StatusSeeOther, here)
		if got := gwen.get(here); strings.Count(got.body, `aria-pressed="true"`) != map[string]int{"like": 1, "boost": 2, "unlike": 1, "unboost": 0}[action] {
			t.Errorf("after %s the buttons are %s", action, got.body)
		}
	}
	gwen.post(mine, url.Values{"action": {"delete"}}).wantRedirect(t, "delete", http.StatusSeeOther, "/answer/")
	gwen.get(mine).want(t, "after deleting", http.StatusNotFound)
}

func TestWhoMayNotAnswer(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	article := gwen.article("Day one")
	private := a.reply(a.stranger("alice", "social.example"), article, "For gwen", gwen.ActorID)
	draft := gwen.draft("Draft")
	public := answerURL(article.ID)
	for name, path := range map[string]string{"a private reply": answerURL(private.ID), "a draft": answerURL(draft.ID), "nothing": "/answer/9999", "no number": "/answer/x"} {
		ida.get(path).want(t, name, http.StatusNotFound)
		ida.post(path, url.Values{"action": {"send"}, "source": {"x"}, "client_id": {models.NewPublicID()}}).want(t, name, http.StatusNotFound)
		ida.post(path, url.Values{"action": {"like"}}).want(t, name, http.StatusNotFound)
	}
	ida.get(public).want(t, "somebody else's article", http.StatusOK)
	form := url.Values{"action": {"send"}, "source": {"From ida."}, "client_id": {models.NewPublicID()}}
	sent := ida.post(public, form).wantRedirect(t, "under somebody else's article", http.StatusSeeOther, "/answer/")
	mine, _, _ := strings.Cut(sent.header("Location"), "?")
	for _, action := range []string{"delete"} {
		gwen.post(mine, url.Values{"action": {action}}).want(t, action+" of somebody else's", http.StatusNotFound)
	}
	gwen.post(public, url.Values{"action": {"send"}, "source": {" "}, "client_id": {models.NewPublicID()}}).want(t, "nothing to say", http.StatusUnprocessableEntity)
	gwen.post(public, url.Values{"action": {"dance"}}).want(t, "an unknown action", http.StatusBadRequest)
}

// What was typed outlives a session that ended and a reply that has gone.
func TestAnAnswerIsNeverLost(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor).withPassword()
	article := gwen.article("Day one")
	said := a.reply(a.stranger("alice", "social.example"), article, "How?")
	here := answerURL(said.ID)
	form := gwen.get(here).form()
	form.Set("source", "Hard-won words.")
	form.Set("action", "send")
	door := (&browser{app: a, cookie: "ended"}).post(here, form).want(t, "after the session", http.StatusUnauthorized).form()
	door.Set("handle", "gwen")
	door.Set("password", password)
	back := a.nobody().post("/sign-in", door).want(t, "signed in again", http.StatusOK)
	if got := back.form(); got.Get("source") != "Hard-won words." || got.Get("client_id") != form.Get("client_id") || !strings.Contains(back.body, `action="`+here+`"`) || !back.has("How?") {
		t.Errorf("the page of answering isn't there with the words: %s", back.body)
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Posts.MarkDeleted(ctx, said.ID, noon) })
	gone := gwen.post(here, form).want(t, "to what has gone", http.StatusNotFound)
	if got := gone.form(); got.Get("source") != "Hard-won words." {
		t.Errorf("the words are lost: %s", gone.body)
	}
	if empty := gwen.post(here, url.Values{"action": {"like"}}).want(t, "a like of what has gone", http.StatusNotFound); empty.form().Has("source") {
		t.Error("a like opens the editor")
	}
}

func TestANoteIsAnObjectAndAPlaceOnThePage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	article := gwen.article("Day one")
	sent := gwen.post(answerURL(article.ID), url.Values{"action": {"send"}, "source": {"More."}, "client_id": {models.NewPublicID()}})
	id, _, _ := strings.Cut(strings.TrimPrefix(sent.header("Location"), "/answer/"), "?")
	number, err := strconv.ParseInt(id, 10, 64)
	fatal(t, err)
	post, err := a.server.Store.Posts.ByID(context.Background(), number)
	fatal(t, err)
	iri := "/notes/" + *post.PublicID
	object := a.nobody().get(iri, "Accept", "application/activity+json").want(t, "object", http.StatusOK)
	if object.header("Content-Type") != activityJSON || !strings.Contains(object.body, `"type":"Note"`) || object.header("Vary") != "Accept" {
		t.Errorf("%s: %s", object.header("Content-Type"), object.body)
	}
	a.nobody().get(iri, "Accept", "text/html").wantRedirect(t, "page", http.StatusFound, "https://notes.example/@gwen/day-one#reply-"+id)
	a.nobody().get("/articles/"+*post.PublicID, "Accept", "application/activity+json").want(t, "a note asked for as an article", http.StatusNotFound)
	a.nobody().get("/notes/"+*article.PublicID, "Accept", "application/activity+json").want(t, "an article asked for as a note", http.StatusNotFound)
	gwen.post(answerURL(number), url.Values{"action": {"delete"}})
	a.nobody().get(iri, "Accept", "application/activity+json").want(t, "deleted object", http.StatusGone)
	a.nobody().get(iri, "Accept", "text/html").want(t, "deleted page", http.StatusGone)
}

func TestNewsAreCountedShownAndMarkedAsSeen(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	article := gwen.article("Day one")
	for i := range 3 {
		fan := a.stranger(fmt.Sprintf("fan%d", i), "social.example")
		a.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Notifications.Add(ctx, &models.Notification{AccountID: gwen.ID, Kind: models.NotifyLike, ActorID: fan.ID, PostID: article.ID, CreatedAt: noon})
		})
	}
	alice := a.stranger("alice", "social.example")
	said := a.reply(alice, article, "A <b>question</b>")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: gwen.ID, Kind: models.NotifyReply, ActorID: alice.ID, PostID: said.ID, CreatedAt: noon})
	})
	if desk := gwen.get("/posts"); !strings.Contains(desk.body, `class="count" title="4 things`) {
		t.Errorf("the desk doesn't count four: %s", desk.body)
	}
	page := gwen.get("/notifications").want(t, "news", http.StatusOK)
	for _, want := range []string{"and 2 others", "liked", "Day one", "A question", answerURL(said.ID)} {
		if !page.has(want) {
			t.Errorf("the news lack %q", want)
		}
	}
	if again := gwen.get("/notifications"); strings.Count(again.body, `<li class="new">`) != 2 {
		t.Error("looking changed what is new")
	}
	if likes := gwen.get("/notifications?kind=like"); !likes.has("and 2 others") || likes.has("A question") {
		t.Error("the filter shows something else")
	}
	if followed := gwen.get("/notifications?from=followed"); followed.has("A question") || followed.has("liked") || !followed.has(`href="/notifications?from=followed&kind=reply"`) {
		t.Error("those whom gwen doesn't follow stand among those whom she does")
	}
	a.follow(gwen, alice)
	if followed := gwen.get("/notifications?from=followed"); !followed.has("A question") || followed.has("liked") {
		t.Error("whom gwen follows isn't there, or others are")
	}
	gwen.get("/notifications?kind='&before=x").want(t, "nonsense", http.StatusOK)
	gwen.post("/notifications", url.Values{"newest": {page.form().Get("newest")}}).wantRedirect(t, "seen", http.StatusSeeOther, "/notifications")
	if after := gwen.get("/notifications"); strings.Contains(after.body, `<li class="new">`) || strings.Contains(after.body, `class="count"`) {
		t.Error("something is still new")
	}
	gwen.post("/notifications", url.Values{"newest": {"x"}}).want(t, "nonsense", http.StatusBadRequest)
	elsewhere := a.reply(alice, article, "Elsewhere")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		elsewhere.RootID, elsewhere.InReplyToID = nil, nil
		return errors.Join(tx.Posts.Save(ctx, elsewhere), tx.Notifications.Add(ctx, &models.Notification{AccountID: gwen.ID, Kind: models.NotifyMention, ActorID: alice.ID, PostID: elsewhere.ID, CreatedAt: noon}))
	})
	if !gwen.get("/notifications?kind=mention").has(`<a href="` + elsewhere.URL + `"`) {
		t.Error("a mention in a conversation elsewhere leads nowhere")
	}
}

func TestHeldRepliesAreReleasedAndRejectedInBatches(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	article := gwen.article("Day one")
	spammer := a.stranger("spam", "social.example")
	var ids []string
	for i := range 55 {
		p := a.reply(spammer, article, fmt.Sprintf("word %d.", i))
		a.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Posts.SetModeration(ctx, p.ID, models.ModerationHeld)
		})
		ids = append(ids, strconv.FormatInt(p.ID, 10))
	}
	if page := a.nobody().get("/@gwen/day-one"); page.has("word 1.") || !page.has("0 replies") {
		t.Error("readers see what waits")
	}
	page := gwen.get("/held").want(t, "held", http.StatusOK)
	if !page.has("55 replies wait.") || !page.has("word 49.") || page.has("word 50.") || !strings.Contains(page.body, "/held?after=") {
		t.Errorf("the page: %s", page.body)
	}
	if other := ida.get("/held"); !other.has("Nothing waits") {
		t.Error("somebody else sees them")
	}
	ida.post("/held", url.Values{"action": {"release-all"}, "last": {page.form().Get("last")}})
	gwen.post("/held", url.Values{"action": {"release"}, "last": {"0"}, "reply": ids[:2]}).wantRedirect(t, "release two", http.StatusSeeOther, "/held")
	if page := a.nobody().get("/@gwen/day-one"); !page.has("word 0.") || !page.has("word 1.") || page.has("word 2.") {
		t.Error("not the two that were ticked are shown")
	}
	gwen.post("/held", url.Values{"action": {"reject-all"}, "last": {page.form().Get("last")}}).wantRedirect(t, "reject the rest", http.StatusSeeOther, "/held")
	if !gwen.get("/held").has("Nothing waits") || a.nobody().get("/@gwen/day-one").has("word 2.") {
		t.Error("something still waits, or was shown")
	}
	for _, bad := range []url.Values{{"action": {"release-all"}}, {"action": {"x"}, "last": {"1"}}, {}} {
		gwen.post("/held", bad).want(t, fmt.Sprint(bad), http.StatusBadRequest)
	}
}
