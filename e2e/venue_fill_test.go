package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"confnotes/internal/richtext"
	"confnotes/models"
)

// fill writes and publishes as people would, by commands and forms. What came from
// other servers goes straight into the database: how it comes in is tested elsewhere.
func (v *venue) fill(t testing.TB) {
	v.recap = v.publish(t, "recap."+v.language+".md", author)
	v.limits = v.publish(t, "limits.md", longest)
	v.plain = v.publishText(t, v.words("---\ntitle: A short one\ndate: 2026-06-10T08:00:00Z\nlanguage: en\nreplies: closed\nslug: short\n---\nNothing more than this.\n",
		"---\ntitle: Un tout petit\ndate: 2026-06-10T08:00:00Z\nlanguage: fr\nreplies: closed\nslug: petit\n---\nRien de plus que ceci.\n"), author)
	v.gone = v.publishText(t, "---\ntitle: Gone\ndate: 2026-06-09T08:00:00Z\nlanguage: en\nslug: gone\n---\nGone.\n", author)
	v.post = v.article(t, v.recap)
	v.edit, v.editPlain = v.editor(t, v.recap), v.editor(t, v.plain)
	v.signIn(t, author)
	v.signIn(t, newcomer)
	for who, name := range map[string]string{author: "Gwen Le Goff", newcomer: "Erell"} {
		v.does(t, who, "/settings", url.Values{"name": {name}, "language": {v.language},
			"bio": {v.words("Keeps servers afloat in Port-Kerval. https://gwen.example", "Tient des serveurs à flot à Port-Kerval. https://gwen.example")}})
	}
	v.does(t, author, v.editor(t, v.gone), v.read(t, v.editor(t, v.gone), "action", "delete", "confirm", "yes"))
	v.does(t, author, "/write", url.Values{"client_id": {models.NewPublicID()}, "action": {"save"}, "language": {v.language}, "replies": {"open"},
		"title": {v.words("Day two, half written", "Deuxième jour, à moitié écrit")}, "source": {"…"}})
	v.move(t)
	v.introduce(t)
	v.attend(t)
	v.receive(t)
	v.sent(t)
	v.does(t, author, "/settings/health", url.Values{"address": {"@nobody"}})
	v.plan = v.scheduleToImport(t)
	v.recapText = v.read(t, v.edit)
	v.does(t, author, v.edit, v.manuscript("save", "source", v.recapText.Get("source")+"\n\n"+v.words("One more thought.", "Encore une pensée.")))
	v.recapText = v.read(t, v.edit)
}

// move has somebody move to the author's account, and the author name another one.
func (v *venue) move(t testing.TB) {
	v.signIn(t, gone)
	address := func(handle string) string { return "@" + handle + "@" + v.host }
	v.does(t, author, "/settings/move", url.Values{"action": {"alias"}, "alias": {address(gone)}})
	v.does(t, gone, "/settings/move", url.Values{"action": {"move"}, "target": {address(author)}, "current": {password}})
}

// words is a text in the venue's language.
func (v *venue) words(en, fr string) string {
	if v.language == "fr" {
		return fr
	}
	return en
}

func (v *venue) article(t testing.TB, path string) *models.Post {
	t.Helper()
	handle, slug, _ := strings.Cut(strings.TrimPrefix(path, "/@"), "/")
	post, err := v.store.Posts.ByPath(t.Context(), handle, slug)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return post
}

func (v *venue) editor(t testing.TB, path string) string {
	return "/write/" + *v.article(t, path).PublicID
}

func (v *venue) answer(p *models.Post) string {
	if p == nil {
		return ""
	}
	return "/answer/" + strconv.FormatInt(p.ID, 10)
}

// read returns the text of a post as its editor's form carries it.
func (v *venue) read(t testing.TB, edit string, change ...string) url.Values {
	t.Helper()
	post, err := v.store.Posts.ByPublicID(t.Context(), strings.TrimPrefix(edit, "/write/"))
	if err != nil {
		t.Fatal(err)
	}
	head, err := v.store.Revisions.Head(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	text := head.Text
	form := url.Values{"version": {strconv.Itoa(head.Number)}, "title": {text.Title}, "summary": {text.Summary}, "language": {text.Language}, "tags": {text.Tags},
		"slug": {text.Slug}, "source": {text.Source}, "cover": {text.Cover}, "cover_alt": {text.CoverAlt}, "replies": {text.Replies}}
	if post.ClientID != nil {
		form.Set("client_id", *post.ClientID)
	}
	return with(form, change...)
}

// with is a copy of a form with other values: name, value, name, value.
func with(form url.Values, change ...string) url.Values {
	other := url.Values{}
	for name, values := range form {
		other[name] = values
	}
	for i := 0; i+1 < len(change); i += 2 {
		other.Set(change[i], change[i+1])
	}
	return other
}

func (v *venue) manuscript(action string, change ...string) url.Values {
	return with(with(v.recapText, "action", action), change...)
}

func (v *venue) setupForm() url.Values {
	_, token, _ := strings.Cut(v.setup, "token=")
	return url.Values{"token": {token}, "site_name": {"Kormoran"}, "site_language": {v.language}, "name": {"Gwen"}, "handle": {"no handle"}, "password": {"short"}}
}

func (v *venue) remoteForm(account string) url.Values {
	form := url.Values{"account": {account}}
	if v.full != nil {
		form.Set("object", v.full.baseURL+"/users/"+author)
	}
	return form
}

// evening is when replies came.
var evening = time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)

// receive puts what others sent under the recap, with all that can be told of it.
func (v *venue) receive(t testing.TB) {
	mathilde := v.neighbour(t, "mathilde", "hachyderm.example", "Mathilde Kerbrat")
	long := v.neighbour(t, "a_handle_that_is_as_long_as_mastodon_lets_it_be_3", "social.a-very-long-name-of-a-server-that-nobody-types.example", "Konstantinopolitanischerdudelsackpfeifenmachergeselle ⚓️ (she/her) 🦀 at #Kormoran2026")
	arab := v.neighbour(t, "layla", "masto.example", "ليلى")
	spam := v.neighbour(t, "pills", "spam.example", "Cheap pills")
	first := v.reply(t, mathilde, v.post, v.words("<p>I was in room Hoëdic, and it was just as full. Thank you for the notes!</p>", "<p>J’étais en salle Hoëdic, c’était tout aussi plein. Merci pour les notes !</p>"))
	deep := first
	for i := range 7 {
		by := []*models.Actor{long, mathilde}[i%2]
		deep = v.reply(t, by, deep, fmt.Sprintf("<p>@gwen https://programme.kormoran.example/2026/sessions/%s <code>%s</code> %d</p>", strings.Repeat("long", 12), strings.Repeat("Identifier", 9), i))
	}
	ewen := v.neighbour(t, "ewen", "tides.example", "Ewen Le Quéré")
	v.reply(t, ewen, v.post, v.words(`<p>Thank you! The slides: <a href="https://ewen.example/tides.pdf">ewen.example/tides.pdf</a>, and the recording: <a href="https://tube.example/w/abc">tube.example/w/abc</a></p>`,
		`<p>Merci ! Les diapos : <a href="https://ewen.example/tides.pdf">ewen.example/tides.pdf</a>, et l’enregistrement : <a href="https://tube.example/w/abc">tube.example/w/abc</a></p>`))
	v.reply(t, arab, v.post, "<p>شكرا على الملاحظات</p><ul><li>واحد</li></ul>", func(p *models.Post) { p.Language = "ar" })
	v.reply(t, mathilde, v.post, v.words("<p>The keynote ends with the boat.</p>", "<p>La keynote finit par le bateau.</p>"), func(p *models.Post) {
		p.Summary, p.Sensitive = v.words("Spoiler of the second day", "Divulgâche le deuxième jour"), true
	})
	v.reply(t, spam, v.post, "<p>Buy!</p>", func(p *models.Post) { p.Moderation = models.ModerationHidden })
	for i := range 3 {
		v.reply(t, spam, v.post, fmt.Sprintf("<p>Pills %d</p>", i), func(p *models.Post) { p.Moderation = models.ModerationHeld })
	}
	v.private = v.reply(t, long, v.post, v.words("<p>Just between us: there is a typo.</p>", "<p>Entre nous : il y a une coquille.</p>"), func(p *models.Post) { p.Visibility = models.VisibilityDirect })
	v.coverage(t, mathilde, long)
	v.follow(t, mathilde, long, arab)
	v.own = v.does(t, author, v.answer(first), url.Values{"client_id": {models.NewPublicID()}, "action": {"send"}, "source": {v.words("With pleasure!", "Avec plaisir !")}})
	write(t, v.store, func(ctx context.Context, tx *models.Store) error { return v.react(ctx, tx, mathilde, long, arab, spam) })
	write(t, v.store, func(ctx context.Context, tx *models.Store) error { return v.complain(ctx, tx, mathilde, long) })
	v.wait(t, ewen, v.neighbour(t, "another_handle_that_is_quite_as_long_as_it_may_be", "wait.a-very-long-name-of-a-server-that-nobody-types.example", ""))
}

// complain has neighbours quote the recap, and a server report it.
func (v *venue) complain(ctx context.Context, tx *models.Store, quoter, server *models.Actor) error {
	for i, words := range []string{v.words("The best thing I read about this keynote", "Ce que j’ai lu de mieux sur cette keynote"), ""} {
		uri := fmt.Sprintf("%s/notes/quote-%d", *quoter.URI, i)
		q := &models.Quote{PostID: v.post.ID, ActorID: quoter.ID, URI: uri, URL: uri, Excerpt: words, State: []string{models.QuoteGranted, models.QuoteUnasked}[i], CreatedAt: evening}
		if err := tx.Quotes.Put(ctx, q); err != nil {
			return err
		}
	}
	return tx.Reports.Add(ctx, &models.Report{ActorID: server.ID, TargetID: v.post.ActorID, CreatedAt: evening, PostIDs: []int64{v.post.ID},
		Comment: v.words("Names somebody who asked not to be named.", "Nomme quelqu’un qui avait demandé à ne pas l’être.")})
}

// wait has neighbours ask to follow the author, and follow a conference.
func (v *venue) wait(t testing.TB, by ...*models.Actor) {
	group, err := v.store.Conferences.ByHandle(t.Context(), "goeland2026")
	if err != nil {
		t.Fatal(err)
	}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		account, err := tx.Accounts.ByActor(ctx, v.post.ActorID)
		for _, a := range by {
			err = errors.Join(err,
				tx.Follows.Put(ctx, &models.Follow{URI: *a.URI + "/follows/1", FollowerID: a.ID, TargetID: v.post.ActorID, State: models.FollowPending, CreatedAt: evening}),
				tx.Follows.Put(ctx, &models.Follow{URI: *a.URI + "/follows/2", FollowerID: a.ID, TargetID: group.ActorID, State: models.FollowAccepted, CreatedAt: evening}),
				tx.Notifications.Add(ctx, &models.Notification{AccountID: account.ID, Kind: models.NotifyRequest, ActorID: a.ID, CreatedAt: evening}))
		}
		return err
	})
}

// coverage is what neighbours wrote about a conference, which the author looks after.
func (v *venue) coverage(t testing.TB, by ...*models.Actor) {
	c, _ := v.withTalk(t, "goeland2026")
	v.sisters(t, c)
	for i, state := range []string{models.CoverageHeld, models.CoverageShown} {
		for n, actor := range by {
			uri := *actor.URI + "/notes/" + models.NewPublicID()
			p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindCoverage, ActorID: actor.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
				Moderation: []string{models.ModerationHeld, models.ModerationShown}[i], Language: v.language, RenderVersion: richtext.Version, CreatedAt: evening, PublishedAt: &evening, SavedAt: &evening,
				HTML: richtext.Stranger(v.words("<p>What a keynote!</p>", "<p>Quelle keynote !</p>"))}
			write(t, v.store, func(ctx context.Context, tx *models.Store) error {
				if err := tx.Posts.Create(ctx, p); err != nil {
					return err
				}
				if err := tx.Coverage.Add(ctx, &models.Coverage{ConferenceID: c.ID, PostID: p.ID, State: state, CreatedAt: evening}); err != nil || i == 0 || n > 0 {
					return err
				}
				return tx.Reactions.Put(ctx, &models.Reaction{Type: models.ReactionAnnounce, ActorID: c.ActorID, PostID: p.ID, CreatedAt: evening}, "")
			})
		}
	}
}

// react adds likes, boosts, follows, blocks, and what the author is told of them.
func (v *venue) react(ctx context.Context, tx *models.Store, actors ...*models.Actor) error {
	account, err := tx.Accounts.ByActor(ctx, v.post.ActorID)
	if err != nil {
		return err
	}
	for i, a := range actors {
		at := evening.Add(time.Duration(i) * time.Hour)
		for kind, as := range map[string]string{models.ReactionLike: models.NotifyLike, models.ReactionAnnounce: models.NotifyBoost} {
			if err := tx.Reactions.Put(ctx, &models.Reaction{Type: kind, ActorID: a.ID, PostID: v.post.ID, CreatedAt: at}, ""); err != nil {
				return err
			}
			if err := tx.Notifications.Add(ctx, &models.Notification{AccountID: account.ID, Kind: as, ActorID: a.ID, PostID: v.post.ID, CreatedAt: at}); err != nil {
				return err
			}
		}
		if err := tx.Follows.Put(ctx, &models.Follow{URI: *a.URI + "/follows/1", FollowerID: a.ID, TargetID: v.post.ActorID, State: models.FollowAccepted, CreatedAt: at}); err != nil {
			return err
		}
		if err := tx.Notifications.Add(ctx, &models.Notification{AccountID: account.ID, Kind: models.NotifyFollow, ActorID: a.ID, CreatedAt: at}); err != nil {
			return err
		}
	}
	if err := tx.Blocks.Add(ctx, &models.Block{AccountID: account.ID, ActorID: actors[len(actors)-1].ID, CreatedAt: evening}); err != nil {
		return err
	}
	return tx.Blocks.Add(ctx, &models.Block{Domain: "an-endless-name-of-a-server-full-of-noise.and-nothing-but-noise.example", CreatedAt: evening})
}

// neighbour is somebody on another server, where nothing can be delivered.
func (v *venue) neighbour(t testing.TB, handle, domain, name string) *models.Actor {
	t.Helper()
	uri := "https://" + domain + "/users/" + handle
	a := &models.Actor{URI: &uri, Kind: "Person", Handle: handle, Domain: domain, Name: name, URL: "https://" + domain + "/@" + handle,
		Inbox: "https://127.0.0.1:9/inbox", CreatedAt: evening, FetchedAt: &evening}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error { return tx.Actors.SaveRemote(ctx, a) })
	return a
}

// reply stores what a neighbour answered, and tells the author.
func (v *venue) reply(t testing.TB, by *models.Actor, to *models.Post, html string, change ...func(*models.Post)) *models.Post {
	t.Helper()
	uri := *by.URI + "/notes/" + models.NewPublicID()
	at := to.PublishedAt.Add(17 * time.Minute)
	p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindReply, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		Language: v.language, InReplyToID: &to.ID, RootID: &v.post.ID, HTML: richtext.Stranger(html), RenderVersion: richtext.Version, CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	for _, f := range change {
		f(p)
	}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		account, err := tx.Accounts.ByActor(ctx, v.post.ActorID)
		if err != nil {
			return err
		}
		if err := tx.Posts.Create(ctx, p); err != nil {
			return err
		}
		if err := tx.Posts.SetRecipients(ctx, p.ID, []int64{v.post.ActorID}); err != nil {
			return err
		}
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: account.ID, Kind: models.NotifyReply, ActorID: by.ID, PostID: p.ID, CreatedAt: at})
	})
	return p
}

// forgetSeen makes everything new again to the author.
func (v *venue) forgetSeen(t testing.TB) {
	t.Helper()
	if _, err := v.full.open(t).ExecContext(t.Context(), "UPDATE accounts SET seen_notification_id = 0"); err != nil {
		t.Fatal(err)
	}
}

// scheduleToImport sets a conference up with its first schedule and gives it the second.
func (v *venue) scheduleToImport(t testing.TB) (path string) {
	t.Helper()
	v.full.must(t, "", "conference", "add", "sterne2026", "--name", "Sterne Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--end", "2026-06-12", "--owner", author, "--series", "sterne")
	v.full.must(t, "", "import", "schedule", scheduleSample(t, "frab-schedule-v1.xml"), "--conference", "sterne2026")
	data, err := os.ReadFile(scheduleSample(t, "frab-schedule-v2.xml"))
	if err != nil {
		t.Fatal(err)
	}
	gwen, err := v.store.Accounts.ByHandle(t.Context(), author)
	if err != nil {
		t.Fatal(err)
	}
	file := &models.ScheduleFile{AccountID: gwen.ID, Token: models.NewPublicID(), Name: "schedule.xml", Data: data, CreatedAt: time.Now().UTC()}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error { return tx.Schedules.Keep(ctx, file, file.CreatedAt) })
	return "/conferences/sterne2026/import?file=" + file.Token
}
