package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"confnotes/internal/replica"
	"confnotes/models"
)

// reader is gwen, who follows alice of another server.
type reader struct {
	*app
	gwen  *person
	alice *models.Actor
}

func newReader(t *testing.T) *reader {
	t.Helper()
	a := newTestApp(t)
	r := &reader{a, a.person("gwen", models.RoleAuthor), a.stranger("alice", "social.example")}
	r.follow(r.gwen, r.alice)
	return r
}

// follow stores a follow that was accepted.
func (a *app) follow(who *person, whom *models.Actor) {
	a.t.Helper()
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Follows.Put(ctx, &models.Follow{URI: "https://notes.example/activities/x", FollowerID: who.ActorID, TargetID: whom.ID, State: models.FollowAccepted, CreatedAt: noon})
	})
}

// wrote stores what somebody elsewhere wrote, on the pages of those who follow via.
func (a *app) wrote(by, via *models.Actor, change func(p *models.Post)) *models.Post {
	a.t.Helper()
	uri, at := fmt.Sprintf("https://%s/notes/%s", by.Domain, models.NewPublicID()), a.clock()
	p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindFollowed, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		Moderation: models.ModerationShown, Language: "en", CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	change(p)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Posts.Create(ctx, p); err != nil {
			return err
		}
		return tx.Readings.Add(ctx, p.ID, via.ID, at)
	})
	return p
}

func says(words string) func(*models.Post) {
	return func(p *models.Post) { p.HTML = "<p>" + words + "</p>" }
}

func TestAPageOfOnesOwnShowsEachPostAsItIs(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	far := r.stranger("far", "far.example")
	r.wrote(r.alice, r.alice, says("A plain note"))
	boosted := r.wrote(far, r.alice, says("Boosted words"))
	r.wrote(r.alice, r.alice, func(p *models.Post) { says("The boat sinks")(p); p.Summary, p.Sensitive = "Spoiler", true })
	r.wrote(r.alice, r.alice, func(p *models.Post) { says("Between us")(p); p.Visibility = models.VisibilityFollowers })
	r.wrote(r.alice, r.alice, func(p *models.Post) { says("Tea or coffee")(p); p.Type = "Question" })
	long := r.wrote(r.alice, r.alice, func(p *models.Post) {
		p.Type, p.Title, p.Summary, p.HTML = "Article", "Ten years", "In short.", "<p>"+strings.Repeat("Tides. ", 300)+"The very end.</p>"
	})
	page := r.gwen.get("/reading").want(t, "the page", http.StatusOK)
	for _, want := range []string{"A plain note", "Boosted words", "boosted this", "@far@far.example", "@alice@social.example", "<summary><bdi>Spoiler</bdi></summary>", "Between us", "For followers", "This is a poll",
		`<a href="` + answerURL(long.ID) + `">Ten years</a>`, "In short.", "Read on", "https://social.example/notes/"} {
		if !page.has(want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page.has("The very end.") {
		t.Error("a long article stands there in full")
	}
	if got := page.header("Cache-Control"); got != "private, no-store" {
		t.Errorf("it may be kept: %s", got)
	}
	whole := r.gwen.get(answerURL(long.ID)).want(t, "the article", http.StatusOK)
	if !whole.has("The very end.") || !whole.has(long.URL) || whole.has("/following?account=") {
		t.Errorf("the article isn't there in full, with its original, or she is asked to follow whom she follows:\n%s", whole.body)
	}
	if !r.gwen.get(answerURL(boosted.ID)).has("/following?account=%40far%40far.example") {
		t.Error("nothing leads to following whom somebody boosts")
	}
	stranger := r.person("hugo", models.RoleOwner)
	if body := stranger.get("/reading").body; strings.Contains(body, "A plain note") {
		t.Error("hugo, who follows nobody, reads it too")
	}
	private := r.wrote(r.alice, r.alice, func(p *models.Post) { says("For followers")(p); p.Visibility = models.VisibilityFollowers })
	stranger.get(answerURL(private.ID)).want(t, "what is for followers, by somebody else", http.StatusNotFound)
}

func TestLikingFromThePageComesBackToThePlace(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	p := r.wrote(r.alice, r.alice, says("A plain note"))
	here := answerURL(p.ID)
	place := fmt.Sprintf("/reading?before=9-9#post-%d", p.ID)
	for _, step := range []struct{ action, back, to string }{
		{"like", "/reading?before=9-9", place}, {"boost", "/reading", fmt.Sprintf("/reading#post-%d", p.ID)}, {"unlike", "", here},
		{"unboost", "https://evil.example/reading", here}, {"like", "//evil.example/reading", here}, {"boost", "/settings", here},
	} {
		r.gwen.post(here, url.Values{"action": {step.action}, "back": {step.back}}).wantRedirect(t, step.action+" from "+step.back, http.StatusSeeOther, step.to)
	}
	page := r.gwen.get("/reading")
	if !page.has(`value="unlike" aria-pressed="true">Liked`) || !page.has(`value="unboost" aria-pressed="true">Boosted`) {
		t.Error("the page doesn't show what gwen likes and boosts")
	}
}

func TestAnAnswerStandsUnderWhatItAnswers(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	p := r.wrote(r.alice, r.alice, says("A plain note"))
	form := r.gwen.get(answerURL(p.ID)).form()
	form.Set("source", "Well said.")
	form.Set("action", "send")
	r.gwen.post(answerURL(p.ID), form).wantRedirect(t, "send", http.StatusSeeOther, "/answer/")
	if page := r.gwen.get(answerURL(p.ID)); !page.has("Well said.") || !page.has("@alice@social.example ") {
		t.Errorf("the answer doesn't stand there:\n%s", page.body)
	}
}

// The news say what a note that names one is about, and lead to it; not past its warning.
func TestTheNewsLeadToWhatNamesOne(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	p := r.wrote(r.alice, r.alice, func(p *models.Post) { says("hello gwen")(p); p.Summary = "About lunch" })
	r.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: r.gwen.ID, Kind: models.NotifyMention, ActorID: r.alice.ID, PostID: p.ID, CreatedAt: noon})
	})
	if news := r.gwen.get("/notifications"); !news.has("About lunch") || !news.has(`href="`+answerURL(p.ID)+`"`) || news.has("hello gwen") {
		t.Errorf("the news are:\n%s", news.body)
	}
}

// What one of ours wrote for followers alone has no page for everybody: it is read here.
func TestAnArticleForFollowersHereIsReadByThem(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	hugo, boss := r.person("hugo", models.RoleAuthor), r.person("boss", models.RoleOwner)
	hugo.post("/following", url.Values{"action": {"follow"}, "account": {"@gwen@notes.example"}})
	article := r.gwen.article("Between us")
	r.change(article, func(p *models.Post) { p.Visibility = models.VisibilityFollowers })
	page := hugo.get("/reading")
	if !page.has(`<a href="`+answerURL(article.ID)+`">Between us</a>`) || !page.has("For followers") || page.has("/@gwen/between-us") {
		t.Errorf("hugo reads:\n%s", page.body)
	}
	if whole := hugo.get(answerURL(article.ID)).want(t, "all of it", http.StatusOK); !whole.has("Text of <strong>Between us</strong>") || whole.has(`value="boost"`) {
		t.Errorf("all of it is:\n%s", whole.body)
	}
	boss.get(answerURL(article.ID)).want(t, "who doesn't follow", http.StatusNotFound)
}

// An article's pictures stand where its author put them, as our own copies, its cover above.
func TestPicturesOfAnArticleStandInItsText(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	p := r.wrote(r.alice, r.alice, func(p *models.Post) {
		p.Type, p.Title, p.HTML = "Article", "Day one", `<p>Before :gull:.</p><hr class="picture-1"><p>`+strings.Repeat("Words. ", 300)+`</p>`
	})
	for _, m := range r.attach(p, replica.Attached{URL: "https://far.example/cover.png", Alt: "Gulls", Picture: true}, replica.Attached{URL: "https://far.example/hall.png", Alt: "The hall", Picture: true},
		replica.Attached{URL: "https://far.example/slides.pdf"}, replica.Attached{URL: "https://far.example/gull.png", Alt: ":gull:", Emoji: true}) {
		if m.Kind != models.MediaLink {
			r.keep(m)
		}
	}
	page := r.gwen.get(answerURL(p.ID)).want(t, "the article", http.StatusOK)
	from := 0
	for _, next := range []string{`alt="Gulls"`, "Before <img", `alt=":gull:"`, `alt="The hall"`, "Words.", "slides.pdf"} {
		at := strings.Index(page.body[from:], next)
		if at < 0 {
			t.Fatalf("%s doesn't stand where it should:\n%s", next, page.body)
		}
		from += at
	}
	if strings.Count(page.body, `alt="The hall"`) != 1 || page.has(`src="https://far.example`) || page.has("<hr") {
		t.Errorf("a picture stands twice, or is fetched from there:\n%s", page.body)
	}
	if list := r.gwen.get("/reading"); !list.has(`alt="Gulls"`) || list.has(`alt="The hall"`) || list.has("<hr") {
		t.Errorf("the list shows other pictures than the cover:\n%s", list.body)
	}
}

// Whoever may see a reply, but not what it answers, learns nothing of that.
func TestAReplyTellsNothingOfWhatIsForOthers(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	hugo := r.person("hugo", models.RoleOwner)
	root := r.wrote(r.alice, r.alice, func(p *models.Post) {
		says("The secret")(p)
		p.Title, p.Visibility = "The secret's title", models.VisibilityFollowers
	})
	reply := r.reply(r.stranger("far", "far.example"), root, "I say so in public")
	page := hugo.get(answerURL(reply.ID)).want(t, "the reply", http.StatusOK)
	if !page.has("I say so in public") || page.has("secret") {
		t.Errorf("hugo reads:\n%s", page.body)
	}
	if !r.gwen.get(answerURL(reply.ID)).has("secret") {
		t.Error("gwen, who may see it, isn't led to it")
	}
}

func TestThePageIsReadInParts(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for i := range entriesAPage + 5 {
		r.wrote(r.alice, r.alice, says(fmt.Sprintf("word-%02d.", i)))
	}
	first := r.gwen.get("/reading")
	older := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(first.body)
	if older == nil {
		t.Fatalf("the first part leads to no other:\n%s", first.body)
	}
	second := r.gwen.get(older[1]).want(t, older[1], http.StatusOK)
	for i := range entriesAPage + 5 {
		word, inFirst := fmt.Sprintf("word-%02d.", i), i >= 5
		if first.has(word) != inFirst || second.has(word) == inFirst {
			t.Errorf("%s stands on the first part: %t, on the second: %t", word, first.has(word), second.has(word))
		}
	}
	if second.has(`rel="next"`) || !second.has(`rel="prev" href="/reading"`) {
		t.Error("the second part isn't the last, or leads nowhere")
	}
}

func TestThePageTakesTheSameQueriesHoweverMuchIsRead(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	queries := 0
	fatal(t, r.server.Store.Watch(func(string) { queries++ }))
	count := func() int {
		queries = 0
		r.gwen.get("/reading").want(t, "the page", http.StatusOK)
		return queries
	}
	fill := func(n int) {
		for i := range n {
			far := r.stranger(fmt.Sprintf("far%d-%d", n, i), "far.example")
			p := r.wrote(far, r.alice, says("Boosted"))
			r.inTx(func(ctx context.Context, tx *models.Store) error {
				_, err := tx.Media.Set(ctx, far.ID, p.ID, []*models.RemoteMedia{{Kind: models.MediaPicture, URL: "https://far.example/x.png", State: models.MediaAbsent, UsedAt: noon}})
				return err
			})
			r.wrote(r.alice, r.alice, func(reply *models.Post) {
				says("Replied")(reply)
				reply.Kind, reply.InReplyToID, reply.RootID = models.KindReply, &p.ID, &p.ID
			})
		}
	}
	fill(1)
	few := count()
	fill(20)
	if many := count(); many != few {
		t.Errorf("%d queries with little to read, %d with more", few, many)
	}
}
