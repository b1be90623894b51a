package handlers

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"confnotes/internal/replica"
	"confnotes/models"
)

func drawing(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	fatal(t, png.Encode(&out, image.NewRGBA(image.Rect(0, 0, 300, 200))))
	return out.Bytes()
}

// keep makes the copy of something that was recorded as wanted.
func (a *app) keep(m *models.RemoteMedia) {
	a.t.Helper()
	fatal(a.t, a.server.Copies.Keep(context.Background(), m, drawing(a.t)))
}

// face gives a stranger a face, of which we have a copy.
func (a *app) face(of *models.Actor) {
	a.t.Helper()
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return replica.Face(ctx, tx, of.ID, "https://"+of.Domain+"/me.png", a.clock())
	})
	rows, err := a.server.Store.Media.Avatars(context.Background(), []int64{of.ID})
	fatal(a.t, err)
	a.keep(rows[of.ID])
}

// attach adds pictures to a reply, and returns them.
func (a *app) attach(to *models.Post, all ...replica.Attached) []*models.RemoteMedia {
	a.t.Helper()
	a.inTx(func(ctx context.Context, tx *models.Store) error { return replica.Attach(ctx, tx, to, all, a.clock()) })
	rows, err := a.server.Store.Media.Attached(context.Background(), []int64{to.ID})
	fatal(a.t, err)
	return rows[to.ID]
}

func (a *app) change(p *models.Post, change func(*models.Post)) {
	a.t.Helper()
	change(p)
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Posts.Save(ctx, p) })
}

// images returns the img elements of a page, by src, each with the names of the elements
// it stands in.
func images(t *testing.T, body string) map[string][]string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	fatal(t, err)
	found := map[string][]string{}
	var walk func(n *html.Node, within []string)
	walk = func(n *html.Node, within []string) {
		if n.Data == "img" {
			for _, a := range n.Attr {
				if a.Key == "src" {
					found[a.Val] = within
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c, append(within[:len(within):len(within)], n.Data))
		}
	}
	walk(root, nil)
	return found
}

func TestAReplyShowsOurCopyAndNeverTheStrangersFile(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	far := a.stranger("far", "far.example")
	a.face(far)
	reply := a.reply(far, post, "look")
	a.change(reply, func(p *models.Post) {
		p.HTML = `<p>look <a href="https://far.example/x.png">there</a></p>`
	})
	rows := a.attach(reply, replica.Attached{URL: "https://cdn.example/1.png", Alt: "The hall & the harbour", Picture: true},
		replica.Attached{URL: "https://cdn.example/2.png", Alt: "Not here yet", Picture: true}, replica.Attached{URL: "https://cdn.example/film.mp4"})
	a.keep(rows[0])
	page := a.nobody().get("/@gwen/day-one").want(t, "page", http.StatusOK)
	for src := range images(t, page.body) {
		if !strings.HasPrefix(src, "https://notes.example/media/copies/") {
			t.Errorf("the page loads %s", src)
		}
	}
	file := "https://notes.example/media/copies/" + rows[0].PublicID + "/thumb."
	for _, want := range []string{file, `alt="The hall & the harbour"`, `loading="lazy"`, `href="https://cdn.example/2.png"`, "Not here yet", `href="https://cdn.example/film.mp4"`} {
		if !page.has(want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if csp := page.header("Content-Security-Policy"); !strings.Contains(csp, "img-src 'self' data:;") {
		t.Errorf("the policy is %s", csp)
	}
	path := "/media/copies/" + rows[0].PublicID + "/" + replica.File(rows[0])
	r := a.nobody().get(path).want(t, "the copy", http.StatusOK)
	for name, want := range map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "X-Robots-Tag": "noindex", "Content-Type": rows[0].MIME, "Set-Cookie": ""} {
		if got := r.header(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for _, bad := range []string{"/media/copies/" + rows[0].PublicID + "/x.png", "/media/copies/" + rows[0].PublicID + "/..", "/media/copies/AAAAAAAAAAAAAAAAAAAAAA/thumb.png", "/media/copies//thumb.png"} {
		a.nobody().get(bad).want(t, bad, http.StatusNotFound)
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Media.DropPost(ctx, reply.ID) })
	a.nobody().get(path).want(t, "the copy of what was deleted", http.StatusNotFound)
}

func TestAnEmojiStandsInTheTextAsSoonAsItIsHere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	reply := a.reply(a.stranger("far", "far.example"), post, "look")
	a.change(reply, func(p *models.Post) { p.HTML = `<p>A :gull: at sea</p>` })
	rows := a.attach(reply, replica.Attached{URL: "https://cdn.example/gull.png", Alt: ":gull:", Emoji: true})
	if page := a.nobody().get("/@gwen/day-one").want(t, "page", http.StatusOK); !page.has("A :gull: at sea") || page.has("cdn.example") {
		t.Error("before the copy is there, its name isn't all there is")
	}
	a.keep(rows[0])
	file := "https://notes.example/media/copies/" + rows[0].PublicID + "/thumb."
	page := a.nobody().get("/@gwen/day-one").want(t, "page", http.StatusOK)
	if !page.has(`<p>A <img class="emoji" src="`+file) || !page.has(`alt=":gull:"`) || page.has("cdn.example") {
		t.Errorf("the emoji isn't shown:\n%s", page.body)
	}
}

func TestSensitivePicturesWaitBehindTheirWarning(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	far := a.stranger("far", "far.example")
	shows := func(change func(*models.Post)) (folded bool) {
		reply := a.reply(far, post, "look")
		a.change(reply, change)
		m := a.attach(reply, replica.Attached{URL: "https://cdn.example/" + id(reply), Picture: true})[0]
		a.keep(m)
		page := a.nobody().get("/@gwen/day-one")
		within, ok := images(t, page.body)["https://notes.example/media/copies/"+m.PublicID+"/"+replica.File(m)]
		if !ok || strings.Contains(page.body, "<details open") {
			t.Errorf("it isn't there, or unfolded")
		}
		return strings.Contains(strings.Join(within, " "), "details")
	}
	if shows(func(*models.Post) {}) {
		t.Error("an ordinary picture is folded")
	}
	if !shows(func(p *models.Post) { p.Sensitive = true }) || !shows(func(p *models.Post) { p.Summary = "food" }) || !shows(func(p *models.Post) { p.Sensitive, p.Summary = true, "food" }) {
		t.Error("a picture with a warning stands open")
	}
}

func TestWhatWaitsOrIsHiddenShowsNoPicture(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	far, err := s.server.Store.Actors.ByID(context.Background(), s.public.ActorID)
	fatal(t, err)
	for _, moderation := range []string{models.ModerationHeld, models.ModerationHidden} {
		reply := s.reply(far, s.article, "from a stranger")
		rows := s.attach(reply, replica.Attached{URL: "https://cdn.example/" + moderation, Alt: "what " + moderation + " shows", Picture: true},
			replica.Attached{URL: "https://cdn.example/gull.png", Alt: ":gull:", Emoji: true})
		m, gull := rows[0], rows[1]
		s.keep(m)
		s.keep(gull)
		s.change(reply, func(p *models.Post) { p.HTML, p.Moderation = "<p>a :gull:</p>", moderation })
		if page := s.nobody().get(s.page); page.has(m.PublicID) || page.has(m.URL) {
			t.Errorf("what is %s stands on the page", moderation)
		}
		for _, path := range []string{s.desk, "/held", "/answer/" + id(reply)} {
			page := s.gwen.get(path)
			if _, shown := images(t, page.body)["https://notes.example/media/copies/"+m.PublicID+"/"+replica.File(m)]; shown {
				t.Errorf("%s shows the picture of a reply that is %s", path, moderation)
			}
			if page.has(gull.PublicID) || page.has(gull.URL) {
				t.Errorf("%s shows the emoji of a reply that is %s", path, moderation)
			}
			if !(path == "/held" && moderation == models.ModerationHidden) && !page.has("what "+moderation+" shows") {
				t.Errorf("%s doesn't say what a %s reply carries", path, moderation)
			}
		}
	}
}

func TestAHiddenReplysPicturesAreNotServedAnyMore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	m := s.attach(s.public, replica.Attached{URL: "https://cdn.example/1.png", Picture: true})[0]
	s.keep(m)
	path := "/media/copies/" + m.PublicID + "/" + replica.File(m)
	s.nobody().get(path).want(t, "a shown one's", http.StatusOK)
	s.do(s.gwen, "hide", s.public)
	s.nobody().get(path).want(t, "a hidden one's", http.StatusNotFound)
	s.do(s.gwen, "show", s.public)
	if page := s.nobody().get(s.page); !page.has("https://cdn.example/1.png") || page.has(m.PublicID) {
		t.Error("until it is fetched again it isn't a link")
	}
}

// Reading a page writes nothing: what it shows is recorded by the next round.
func TestReadingAPageHasItsPicturesFetchedLater(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ctx := context.Background()
	post := a.person("gwen", models.RoleOwner).article("Day one")
	reply := a.reply(a.stranger("far", "far.example"), post, "look")
	a.keep(a.attach(reply, replica.Attached{URL: "https://cdn.example/1.png", Picture: true})[0])
	state := func() (m *models.RemoteMedia, due bool) {
		rows, err := a.server.Store.Media.Attached(ctx, []int64{reply.ID})
		fatal(t, err)
		due, err = a.server.Store.Jobs.Due(ctx, replica.Lane, a.clock())
		fatal(t, err)
		return rows[reply.ID][0], due
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error { // as if the job that Attach queued were done
		jobs, err := tx.Jobs.Lease(ctx, replica.Lane, a.clock(), a.clock(), 9)
		if err == nil {
			err = tx.Jobs.Done(ctx, jobs[0].ID)
		}
		return err
	})
	a.wait(30 * 24 * time.Hour)
	fatal(t, a.server.Copies.Round(ctx))
	if m, due := state(); m.State != models.MediaAbsent || due {
		t.Fatalf("a month unseen it is %s, due %t", m.State, due)
	}
	a.nobody().get("/@gwen/day-one").want(t, "page", http.StatusOK)
	if m, due := state(); m.State != models.MediaAbsent || due {
		t.Errorf("reading wrote: it is %s, due %t", m.State, due)
	}
	fatal(t, a.server.Copies.Round(ctx))
	if m, due := state(); m.State != models.MediaWanted || !due {
		t.Errorf("it is %s, due %t", m.State, due)
	}
}

func TestTheFacesOfThoseWhoLikeAndBoost(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	react := func(typ string, by *models.Actor) {
		a.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Reactions.Put(ctx, &models.Reaction{Type: typ, ActorID: by.ID, PostID: post.ID, CreatedAt: noon}, "")
		})
	}
	for i := range 20 {
		by := a.stranger(fmt.Sprintf("fan%02d", i), "far.example")
		if i == 19 {
			a.face(by)
		}
		react(models.ReactionLike, by)
	}
	spam := a.stranger("spam", "bad.example")
	react(models.ReactionLike, spam)
	react(models.ReactionAnnounce, spam)
	page := a.nobody().get("/@gwen/day-one")
	if !page.has("21 likes, 1 boost") || !page.has("and 11 others") || strings.Count(page.body, `title="fan`) != 9 || strings.Count(page.body, `title="spam"`) != 2 {
		t.Errorf("the faces:\n%s", page.body[strings.Index(page.body, "replies-title"):])
	}
	fatal(t, a.server.Outbox.Block(context.Background(), gwen.Account, models.Block{AccountID: gwen.ID, ActorID: spam.ID}))
	page = a.nobody().get("/@gwen/day-one")
	if page.has("spam") || !page.has("20 likes, 0 boosts") || !page.has("and 10 others") || page.has("Boosted by") {
		t.Error("who is blocked still stands there")
	}
	if n := len(images(t, page.body)); n != 1 {
		t.Errorf("%d faces, want the one of which we have a copy", n)
	}
}

func TestNotificationsHaveFaces(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	far := a.stranger("far", "far.example")
	a.face(far)
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: gwen.ID, Kind: models.NotifyFollow, ActorID: far.ID, CreatedAt: noon})
	})
	if n := len(images(t, gwen.get("/notifications").body)); n != 1 {
		t.Errorf("%d faces", n)
	}
}
