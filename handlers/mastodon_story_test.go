package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"confnotes/activitypub"
	"confnotes/internal/account"
	"confnotes/internal/i18n"
	"confnotes/models"
)

// everythingHappens once, and a few things more often.
func everythingHappens(w *abroad) {
	gwen, boss := settleIn(w)
	recap := write(w, gwen)
	converse(w, gwen, recap)
	gatherRound(w, gwen, boss)
	moveOn(w, gwen, recap)
	part(w, gwen)
}

// settleIn makes people and a conference, and has alice follow them.
func settleIn(w *abroad) (gwen, boss *person) {
	gwen, boss = w.person("gwen", models.RoleAuthor), w.person("boss", models.RoleOwner)
	w.person("edit", models.RoleEditor)
	w.person("alix", models.RoleAuthor)
	gwen.upload("/settings/face", nil, "me.jpg", photo(w.t, 400, 400)).want(w.t, "a face", http.StatusSeeOther)
	w.does(boss, "/conferences/new", url.Values{"action": {"save"}, "handle": {"kormoran2026"}, "name": {"Kormoran Conf 2026"}, "zone": {"Europe/Paris"},
		"start": {"2026-06-11"}, "end": {"2026-06-12"}, "series": {"kormoran"}, "city": {"Port-Kerval"}, "url": {"https://kormoran.example"}})
	for _, who := range []string{"gwen", "alix", "kormoran2026", "kormoran"} {
		w.says("Follow", w.server.IRIs.Actor(who))
	}
	w.settle()
	return gwen, boss
}

// write publishes a recap with a cover, a hashtag, somebody of ours and a summary, one
// whose pictures are attached, one in no list, and one on a talk.
func write(w *abroad, gwen *person) *models.Post {
	picture := gwen.upload("/media", nil, "hall.jpg", photo(w.t, 1300, 800)).want(w.t, "a picture", http.StatusCreated).added(w.t)
	day := models.About{ConferenceID: w.conferenceCalled("kormoran2026").ID, Day: "2026-06-11"}
	text := models.RevisionText{Language: "fr", Title: "Premier jour : « WAL »", Summary: "Ce qu'on a dit <de> WAL, voir https://wal.example & le reste.",
		Source: "# Matin\n\nAvec @edit, sur #SQLite :\n\n- un\n- deux <b>trois</b>\n\n![La salle](" + picture.Path + ")\n\n| a | b |\n|---|---|\n| 1 | 2 |", Tags: "Kormoran2026",
		Cover: picture.ID, CoverAlt: "Une salle pleine"}
	recap := w.publishes(gwen, nil, day, text)
	for _, more := range []string{"Encore.", "Et encore."} {
		text.Source += "\n\n" + more
		recap = w.publishes(gwen, recap, day, text)
	}
	w.publishes(gwen, nil, models.About{}, models.RevisionText{Language: "en", Title: "Pictures", Source: "![The hall](" + picture.Path + ")", Attach: true})
	w.does(gwen, "/settings/profile", url.Values{"field-0-label": {"Site"}, "field-0-value": {"https://gwen.example/"}, "field-1-label": {"Says"}, "field-1-value": {"tides & <models>"}, "tags": {"SQLite tides"}, "domains": {"blog.example"}})
	for _, action := range []string{"pin", "unpin", "pin"} {
		w.does(gwen, "/posts", url.Values{"action": {action}, "post": {*recap.PublicID}})
	}
	quiet := w.publishes(gwen, nil, models.About{}, models.RevisionText{Language: "en", Title: "Quiet", Source: "Words."})
	w.change(quiet, func(p *models.Post) { p.Visibility = models.VisibilityUnlisted })
	w.publishes(gwen, quiet, models.About{}, models.RevisionText{Language: "en", Title: "Quiet", Source: "Other words."})
	talk := w.talk(w.conferenceCalled("kormoran2026"), "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec")
	w.judge.Document(w.server.IRIs.Talk(talk.PublicID))
	w.publishes(gwen, nil, models.About{ConferenceID: day.ConferenceID, TalkID: talk.ID}, models.RevisionText{Language: "en", Title: "Tides", Source: "[12:34] 4 t."})
	gone := w.publishes(gwen, nil, models.About{ConferenceID: day.ConferenceID, Day: "2026-06-12"}, models.RevisionText{Language: "en", Title: "Gone", Source: "Words."})
	fatal(w.t, w.server.Outbox.Delete(context.Background(), gwen.Account, gone.ID))
	w.settle()
	w.judge.Gone(w.server.IRIs.Article(*gone.PublicID))
	return recap
}

func (w *abroad) conferenceCalled(handle string) *models.Conference {
	w.t.Helper()
	c, err := w.server.Store.Conferences.ByHandle(context.Background(), handle)
	fatal(w.t, err)
	return c
}

// converse has alice like, boost and answer, and gwen answer her.
func converse(w *abroad, gwen *person, recap *models.Post) {
	article := w.server.IRIs.Article(*recap.PublicID)
	w.says("Like", article)
	w.says("Announce", article)
	w.saysWith("QuoteRequest", article, w.note("", "", "Read this"))
	said := make([]string, 7) // more than Mastodon pages for
	for i := range said {
		note := w.note(article, w.server.IRIs.Actor("gwen"), "How?")
		w.says("Create", note)
		said[i], _ = note["id"].(string)
	}
	reply, err := w.server.Store.Posts.ByURI(context.Background(), said[0])
	fatal(w.t, err)
	here := answerURL(reply.ID)
	w.does(gwen, editURL(recap)+"/conversation", url.Values{"action": {"report"}, "reply": {fmt.Sprint(reply.ID)}, "comment": {"Asks a lot"}})
	for _, action := range []string{"like", "boost", "unlike", "unboost"} {
		w.wait(time.Second)
		w.does(gwen, here, url.Values{"action": {action}})
	}
	for _, words := range []string{"Like *this*, see [there](https://there.example/) and #WAL.\n\n> A word\n\n1. one", "To be deleted"} {
		w.does(gwen, here, filled(gwen.get(here).form(), "action", "send", "source", words))
	}
	thread, err := w.server.Store.Posts.Thread(context.Background(), models.Viewer{}, recap.ID)
	fatal(w.t, err)
	var own []string
	for _, p := range thread {
		if p.Local {
			own = append(own, answerURL(p.ID))
		}
	}
	whisper := w.note(article, w.server.IRIs.Actor("gwen"), "Between us")
	whisper["to"], whisper["cc"] = []string{w.server.IRIs.Actor("gwen")}, nil
	w.says("Create", whisper)
	id, _ := whisper["id"].(string)
	private, err := w.server.Store.Posts.ByURI(context.Background(), id)
	fatal(w.t, err)
	w.does(gwen, answerURL(private.ID), url.Values{"action": {"like"}})
	w.does(gwen, answerURL(private.ID), filled(gwen.get(answerURL(private.ID)).form(), "action", "send", "source", "Quite so."))
	w.wait(time.Second)
	w.does(gwen, own[0], filled(gwen.get(own[0]).form(), "action", "send", "source", "Like **that**."))
	w.does(gwen, own[1], url.Values{"action": {"delete"}})
}

// gatherRound has the conference boost what alice wrote about it and write its digest, and
// gwen follow her.
func gatherRound(w *abroad, gwen, boss *person) {
	w.says("Create", w.note("", w.server.IRIs.Actor("kormoran2026"), "What a keynote!"))
	tick := regexp.MustCompile(`name="post" value="(\d+)"`).FindStringSubmatch(boss.get("/coverage/kormoran2026").body)
	if tick == nil {
		w.t.Fatal("what alice wrote about the conference doesn't wait")
	}
	for _, action := range []string{"show", "boost"} {
		w.does(boss, "/coverage/kormoran2026", url.Values{"action": {action}, "post": {tick[1]}})
	}
	_, err := w.server.Outbox.Follow(context.Background(), gwen.Account, "@alice@"+strings.TrimPrefix(w.base, "http://"))
	fatal(w.t, err)
	w.settle()
	for _, id := range w.got("Follow") {
		w.says("Accept", map[string]any{"id": id, "type": "Follow", "actor": w.server.IRIs.Actor("gwen"), "object": w.alice})
	}
	w.does(gwen, "/settings", url.Values{"name": {"Gwen Le Bihan"}, "bio": {"I *write*, see <https://gwen.example/> and #WAL."}, "language": {"en"}})
	w.later()
	w.settle()
	digest(w, gwen)
}

// digest has the conference tell of the day in the evening, as its owner chose by then.
func digest(w *abroad, gwen *person) {
	c := w.conferenceCalled("kormoran2026")
	c.Announces = models.AnnounceDigest
	w.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Conferences.Save(ctx, c) })
	w.publishes(gwen, nil, models.About{ConferenceID: c.ID, Day: "2026-06-11"}, models.RevisionText{Language: "en", Title: "Late", Source: "Words."})
	w.at(time.Date(2026, 6, 11, 20, 1, 0, 0, time.UTC)) // a minute past ten in Paris
	catalogue, err := i18n.Load()
	fatal(w.t, err)
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() {
		done <- activitypub.NewDigests(w.server.Store, w.server.Outbox, catalogue, slog.New(slog.NewTextHandler(w.log, nil)), w.clock).Run(ctx)
	}()
	for n := int64(0); n == 0; {
		n, err = w.server.Store.Posts.CountArticlesBy(ctx, c.ActorID)
		fatal(w.t, err)
	}
	stop()
	fatal(w.t, <-done)
	w.settle()
}

// moveOn gives gwen new keys, and has the other server ask for signatures of another form.
func moveOn(w *abroad, gwen *person, recap *models.Post) {
	fatal(w.t, account.NewService(w.server.Store, freshKeys, w.clock).RotateKeys(context.Background(), "gwen"))
	w.later()
	w.settle()
	w.renew()
	w.publishes(gwen, nil, models.About{}, models.RevisionText{Language: "en", Title: "With other keys", Source: "Words."})
	w.says("Create", w.note(w.server.IRIs.Article(*recap.PublicID), "", "Still here"))
}

// part has gwen block alice and go on, and alix move to another account, then leave.
func part(w *abroad, gwen *person) {
	alice, err := w.server.Store.Actors.ByURI(context.Background(), w.alice)
	fatal(w.t, err)
	fatal(w.t, w.server.Outbox.Block(context.Background(), gwen.Account, models.Block{AccountID: gwen.ID, ActorID: alice.ID}))
	w.settle()
	alix, err := w.server.Store.Accounts.ByHandle(context.Background(), "alix")
	fatal(w.t, err)
	edit, err := w.server.Store.Accounts.ByHandle(context.Background(), "edit")
	fatal(w.t, err)
	_, err = w.server.Outbox.AddAlias(context.Background(), edit, w.server.IRIs.Acct("alix"))
	fatal(w.t, err)
	_, err = w.server.Outbox.Move(context.Background(), alix, w.server.IRIs.Acct("edit"))
	fatal(w.t, err)
	w.settle()
	w.judge.Account(w.server.IRIs.Acct("alix"))
	fatal(w.t, w.server.Outbox.DeleteAccount(context.Background(), "alix"))
	w.settle()
}
