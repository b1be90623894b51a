package handlers

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// answer stores an answer to a reply.
func (a *app) answer(by *models.Actor, to *models.Post, words string) *models.Post {
	a.t.Helper()
	root := to.ID
	if to.RootID != nil {
		root = *to.RootID
	}
	p := a.reply(by, to, words)
	a.change(p, func(p *models.Post) { p.RootID = &root })
	return p
}

// folds returns the summaries of a page, in order.
func folds(body string) (found []string) {
	for _, m := range regexp.MustCompile(`<details class="folded"><summary><span class="closed">([^<]*)`).FindAllStringSubmatch(body, -1) {
		found = append(found, m[1])
	}
	return found
}

func TestALongThreadFolds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		grow func(a *app, far *models.Actor, article *models.Post)
		want []string
	}{
		"three levels stand open": {func(a *app, far *models.Actor, p *models.Post) {
			for range 3 {
				p = a.answer(far, p, "deeper")
			}
		}, nil},
		"two more are not worth folding": {func(a *app, far *models.Actor, p *models.Post) {
			for range 5 {
				p = a.answer(far, p, "deeper")
			}
		}, nil},
		"a deep branch folds once": {func(a *app, far *models.Actor, p *models.Post) {
			for range 20 {
				p = a.answer(far, p, "deeper")
			}
		}, []string{"Show 17 more answers"}},
		"the article's own answers stand open": {func(a *app, far *models.Actor, p *models.Post) {
			for range 30 {
				a.answer(far, p, "beside")
			}
		}, nil},
		"many answers to one reply fold after five": {func(a *app, far *models.Actor, p *models.Post) {
			p = a.answer(far, p, "first")
			for range 4 {
				a.answer(far, p, "beside")
			}
			for range 3 {
				below := a.answer(far, p, "beside")
				a.answer(far, below, "below")
			}
		}, []string{"Show 4 more answers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			gwen := a.person("gwen", models.RoleOwner)
			post := gwen.article("Day one")
			tt.grow(a, a.stranger("far", "far.example"), post)
			page := a.nobody().get("/@gwen/day-one")
			if got := folds(page.body); fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("folded: %q, want %q", got, tt.want)
			}
			desk := gwen.get("/write/" + *post.PublicID + "/conversation")
			if all, open := strings.Count(page.body, `id="reply-`), strings.Count(desk.body, `id="reply-`); all != open || len(folds(desk.body)) != 0 {
				t.Errorf("%d on the page, %d for the author, who is to see everything", all, open)
			}
		})
	}
}

func TestAVeryLongReplyIsClamped(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	far := a.stranger("far", "far.example")
	a.reply(far, post, strings.Repeat("brief ", 100))
	if a.nobody().get("/@gwen/day-one").has(`<details class="long">`) {
		t.Error("a short one is clamped")
	}
	a.reply(far, post, strings.Repeat("lengthy ", 400)+"THE END")
	page := a.nobody().get("/@gwen/day-one")
	start, rest, ok := strings.Cut(page.body, "Read on")
	if !ok || strings.Count(start, "lengthy") > 100 || !strings.Contains(rest, "THE END") {
		t.Error("it isn't clamped, or its end is lost")
	}
}

func TestManyRepliesHaveAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	far := a.stranger("far", "far.example")
	for i := range 230 {
		a.reply(far, post, fmt.Sprintf("number %03d.", i))
	}
	numbers := func(r *response) (found []string) {
		return regexp.MustCompile(`number \d{3}`).FindAllString(r.body, -1)
	}
	page := a.nobody().get("/@gwen/day-one")
	if got := numbers(page); len(got) != repliesAPage || !page.has("All 230 answers") || !page.has("/@gwen/day-one/replies") {
		t.Fatalf("%d replies on the article's page", len(got))
	}
	var all []string
	next := "/@gwen/day-one/replies"
	for range 3 {
		r := a.nobody().get(next).want(t, next, http.StatusOK)
		all = append(all, numbers(r)...)
		m := regexp.MustCompile(`rel="next" href="https://notes.example([^"]*)"`).FindStringSubmatch(r.body)
		if m == nil {
			next = ""
			break
		}
		next = m[1]
	}
	if len(all) != 230 || next != "" || all[0] != "number 000" || all[229] != "number 229" {
		t.Errorf("%d replies on pages of their own, from %q; then %q", len(all), all[0], next)
	}
	a.nobody().get("/@gwen/day-one/replies", "Accept", mastodon).wantRedirect(t, "for a server", http.StatusSeeOther, "https://notes.example/articles/"+*post.PublicID+"/replies")
	a.nobody().get("/@gwen/nothing/replies").want(t, "of nothing", http.StatusNotFound)
	a.nobody().get("/@Gwen/day-one/replies").wantRedirect(t, "spelt otherwise", http.StatusMovedPermanently, "https://notes.example/@gwen/day-one/replies")
	a.nobody().get("/@gwen/day-one/replies?after=x").want(t, "from nowhere", http.StatusOK)
}

func TestTheIDOfALateReplyLeadsToWhereItStands(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	far := a.stranger("far", "far.example")
	for _, more := range []int{1, repliesAPage} {
		for range more {
			a.reply(far, post, "hi")
		}
		done, err := a.server.Outbox.Answer(context.Background(), activitypub.Answer{Account: gwen.Account, To: post, ClientID: models.NewPublicID(), Source: "Mine.", Language: "en"})
		fatal(t, err)
		r := a.nobody().get("/notes/"+*done.Post.PublicID, "Accept", firefox)
		r.wantRedirect(t, "its id", http.StatusFound, "https://notes.example/@gwen/day-one")
		place, anchor, _ := strings.Cut(strings.TrimPrefix(r.header("Location"), "https://notes.example"), "#")
		if page := a.nobody().get(place).want(t, place, http.StatusOK); !strings.Contains(page.body, `id="`+anchor+`"`) || anchor != "reply-"+id(done.Post) {
			t.Errorf("%s doesn't stand on %s", anchor, place)
		}
	}
}

// However long replies are, a page is bounded: what is beyond has the other page.
func TestLongRepliesMakeNoEndlessPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	far := a.stranger("far", "far.example")
	for range 12 {
		long := a.reply(far, post, "x")
		a.change(long, func(p *models.Post) { p.HTML = richtext.Stranger("<p>" + strings.Repeat("word ", 20_000) + "</p>") })
	}
	page := a.nobody().get("/@gwen/day-one").want(t, "page", http.StatusOK)
	if len(page.body) > 600<<10 || !page.has("/@gwen/day-one/replies") {
		t.Errorf("the page has %d kB", len(page.body)>>10)
	}
}
