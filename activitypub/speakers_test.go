package activitypub

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// auditorium is a room whose first talk is to be given by somebody on another server.
type auditorium struct {
	*room
	ilan    *models.Account
	boats   *models.Talk
	speaker *remote
}

const speakersHome = "https://social.example"

func newAuditorium(t testing.TB) *auditorium {
	h := &auditorium{room: newRoom(t)}
	h.ilan = h.person("ilan", models.RoleAuthor)
	h.speaker = h.known(speakersHome, "maelle")
	h.boats = h.addTalk("Boats", h.talk.StartsAt.Add(time.Hour), "Sam Wells")
	h.address("Sam Wells", "maelle@social.example")
	return h
}

// address says where a speaker is on the fediverse, and is told of what else changes.
func (h *auditorium) address(name, acct string, change ...func(*models.Person)) {
	h.t.Helper()
	h.inTx(func(tx *models.Store) error {
		p, err := tx.People.BySlug(h.ctx(), h.conference.ID, draft.Slug(name))
		if err != nil {
			return err
		}
		p.Acct = acct
		for _, f := range change {
			f(p)
		}
		return tx.People.Save(h.ctx(), p)
	})
}

// write publishes a note on a talk by somebody.
func (h *auditorium) write(by *models.Account, talk *models.Talk, words string) *models.Post {
	h.t.Helper()
	done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: by, ClientID: newClientID(), Text: text(talk.Title, words),
		About: &models.About{ConferenceID: h.conference.ID, TalkID: talk.ID}}, time.Time{})
	h.must(err)
	return done.Post
}

// mentions are whom an article mentions, as others read it.
func (h *auditorium) mentions(p *models.Post) (named []string) {
	h.t.Helper()
	raw, err := h.docs.Article(h.ctx(), *p.PublicID)
	h.must(err)
	var doc struct {
		CC  []string
		Tag []vocab.Tag
	}
	h.must(json.Unmarshal(raw, &doc))
	for _, t := range doc.Tag {
		if t.Type == "Mention" && slices.Contains(doc.CC, t.Href) {
			named = append(named, t.Name)
		}
	}
	return named
}

// told counts what was sent to the speaker's server about an article.
func (h *auditorium) told(p *models.Post, typ string) int {
	h.t.Helper()
	return h.count("deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.inbox = ? AND a.type = ? AND a.object_uri = ?", speakersHome+"/inbox", typ, h.article(p))
}

func TestASpeakerIsToldOfTheFirstNoteOnTheirTalk(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	first := h.write(h.gwen, h.boats, "Afloat.")
	if got := h.mentions(first); !slices.Equal(got, []string{"@maelle@social.example"}) || h.told(first, "Create") != 1 {
		t.Errorf("the first note mentions %q and was sent %d times", got, h.told(first, "Create"))
	}
	second := h.write(h.ilan, h.boats, "They float.")
	if got := h.mentions(second); len(got) != 0 || h.told(second, "Create") != 0 {
		t.Errorf("the second mentions %q, too, and was sent %d times", got, h.told(second, "Create"))
	}
	h.clock.move(time.Minute)
	h.edit(h.gwen, first, text("Boats", "Still afloat."))
	if got := h.mentions(first); len(got) != 1 || h.told(first, "Update") != 1 {
		t.Errorf("edited, the first mentions %q and was sent %d times", got, h.told(first, "Update"))
	}
	h.edit(h.ilan, second, text("Boats", "They do."))
	if got := h.mentions(second); len(got) != 0 {
		t.Errorf("edited, the second mentions %q", got)
	}
	h.must(h.outbox.Delete(h.ctx(), h.gwen, first.ID))
	if third := h.write(h.gwen, h.boats, "Once more."); len(h.mentions(third)) != 0 {
		t.Error("after the first note is deleted the next tells the speaker again")
	}
}

// A recap that holds an unpublished note is where the note appears.
func TestARecapTellsTheSpeakersOfItsTalks(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.draft(h.gwen, text("Boats", "Afloat."))
	h.inTx(func(tx *models.Store) error {
		return tx.Posts.SetAbout(h.ctx(), note, models.About{ConferenceID: h.conference.ID, TalkID: h.boats.ID})
	})
	done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: h.gwen, ClientID: newClientID(), About: &models.About{ConferenceID: h.conference.ID, Day: "2026-06-11"},
		Text: text("Day one", "{{note "+*note.PublicID+"}}")}, time.Time{})
	h.must(err)
	if got := h.mentions(done.Post); !slices.Equal(got, []string{"@maelle@social.example"}) {
		t.Errorf("the recap mentions %q", got)
	}
	if again := h.write(h.ilan, h.boats, "They float."); len(h.mentions(again)) != 0 {
		t.Error("a note after it tells the speaker again")
	}
}

func TestWhoIsNotTold(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(h *auditorium){
		"who opted out": func(h *auditorium) {
			h.address("Sam Wells", "maelle@social.example", func(p *models.Person) { p.OptedOut = true })
		},
		"who isn't to be named": func(h *auditorium) {
			h.address("Sam Wells", "maelle@social.example", func(p *models.Person) { p.DoNotName = true })
		},
		"who opted out at another talk": func(h *auditorium) {
			h.address("Maëlle Quérec", "maelle@social.example", func(p *models.Person) { p.OptedOut = true })
		},
		"whose address isn't known": func(h *auditorium) { h.address("Sam Wells", "") },
		"who wrote the note":        func(h *auditorium) { h.address("Sam Wells", "gwen@notes.example") },
		"whom the author blocks": func(h *auditorium) {
			h.must(h.outbox.Block(h.ctx(), h.gwen, models.Block{AccountID: h.gwen.ID, ActorID: h.actorOf(h.speaker).ID, CreatedAt: h.clock.now()}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newAuditorium(t)
			before(h)
			if got := h.mentions(h.write(h.gwen, h.boats, "Afloat.")); len(got) != 0 {
				t.Errorf("mentioned are %q", got)
			}
		})
	}
}

// What is rendered again by itself, as when slides are added, tells nobody new.
func TestOnlyAnAuthorTells(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	h.address("Sam Wells", "")
	note := h.write(h.gwen, h.boats, "Afloat.")
	h.address("Sam Wells", "maelle@social.example")
	h.inTx(func(tx *models.Store) error {
		return tx.Talks.AddResource(h.ctx(), &models.Resource{TalkID: h.boats.ID, Type: "slides", URL: "https://slides.example/1", CreatedAt: h.clock.now()})
	})
	h.later()
	if got := h.mentions(note); len(got) != 0 || !strings.Contains(h.html(note), "slides.example") {
		t.Errorf("the note mentions %q by itself", got)
	}
	h.clock.move(time.Minute)
	h.edit(h.gwen, note, text("Boats", "Still afloat."))
	if got := h.mentions(note); len(got) != 1 {
		t.Errorf("saved again by its author it mentions %q", got)
	}
	h.inTx(func(tx *models.Store) error {
		return tx.Talks.AddResource(h.ctx(), &models.Resource{TalkID: h.boats.ID, Type: "video", URL: "https://youtu.be/1", CreatedAt: h.clock.now()})
	})
	h.later()
	if got := h.mentions(note); len(got) != 1 {
		t.Errorf("with a recording it mentions %q", got)
	}
}

// A speaker was asked to answer: their link doesn't wait, as a stranger's does.
func TestASpeakersReplyDoesNotWait(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.ilan, h.boats, "Afloat.")
	other := h.write(h.gwen, h.boats, "Also afloat.") // which doesn't mention her
	stranger := h.known("https://far.example", "eve")
	for _, tt := range []struct {
		by   *remote
		to   *models.Post
		want string
	}{{h.speaker, other, models.ModerationShown}, {h.speaker, h.note, models.ModerationShown}, {stranger, note, models.ModerationHeld}} {
		reply := tt.by.note(h.article(tt.to), `Slides: <a href="https://slides.example/1">here</a>`)
		h.accept(tt.by, tt.by.does("Create", reply))
		got, err := h.store.Posts.ByURI(h.ctx(), reply["id"].(string))
		h.must(err)
		if got.Moderation != tt.want {
			t.Errorf("%s's reply is %s, want %s", tt.by.name, got.Moderation, tt.want)
		}
	}
}

func TestASpeakerWhoSaysStopIsNotMentionedAgain(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "Afloat.")
	h.address("Maëlle Quérec", "maelle@social.example")
	eve := h.known("https://far.example", "eve")
	h.accept(eve, eve.does("Create", eve.note(h.article(note), "stop")))
	troll := eve.note(h.article(note), "You are a fraud")
	h.accept(eve, eve.does("Create", troll))
	h.accept(h.speaker, h.speaker.does("Create", h.speaker.note(troll["id"].(string), "Stop!")))
	if h.count("speakers_silent") != 0 || h.count("posts WHERE kind = 'reply' AND moderation = 'shown'") != 3 {
		t.Fatal("somebody else's word counts, or hers to somebody else")
	}
	reply := h.speaker.note(h.article(note), `<p><span class="h-card"><a href="https://notes.example/@gwen" class="u-url mention">@<span>gwen</span></a></span> STOP.</p>`)
	h.accept(h.speaker, h.speaker.does("Create", reply))
	if _, err := h.store.Posts.ByURI(h.ctx(), reply["id"].(string)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("her word to us is kept: %v", err)
	}
	h.address("Maëlle Quérec", "") // whatever forms do
	h.address("Maëlle Quérec", "maelle@social.example")
	if got := h.mentions(h.write(h.ilan, h.talk, "Tides.")); len(got) != 0 {
		t.Errorf("the next note mentions %q", got)
	}
	h.clock.move(time.Minute)
	h.edit(h.gwen, note, text("Boats", "Still afloat."))
	if got := h.mentions(note); len(got) != 0 {
		t.Errorf("edited, the first note still mentions %q", got)
	}
	for said, want := range map[string]bool{"<p>stop</p>": true, "« Stop ! »": true, "@gwen stop": true, "please stop": false, "stop it": false, "": false, "non-stop": false} {
		if got := saysStop(said); got != want {
			t.Errorf("%q says stop: %v", said, got)
		}
	}
}

// Whoever an article takes replies from: this isn't one.
func TestStopIsHeardWhateverAnArticleTakes(t *testing.T) {
	t.Parallel()
	for _, policy := range draft.Policies {
		h := newAuditorium(t)
		words := text("Boats", "Afloat.")
		words.Replies = policy
		done, err := h.outbox.Publish(h.ctx(), draft.Input{Account: h.gwen, ClientID: newClientID(), Text: words, About: &models.About{ConferenceID: h.conference.ID, TalkID: h.boats.ID}}, time.Time{})
		h.must(err)
		h.accept(h.speaker, h.speaker.does("Create", h.speaker.note(h.article(done.Post), "stop")))
		if h.count("speakers_silent") != 1 {
			t.Errorf("where replies are %s it isn't heard", policy)
		}
	}
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "Afloat.")
	typo := h.speaker.note(h.article(note), "stpo")
	h.accept(h.speaker, h.speaker.does("Create", typo))
	h.clock.move(time.Minute)
	h.accept(h.speaker, h.speaker.does("Update", with(typo, "content", "stop", "updated", h.clock.now().Format(time.RFC3339))))
	if h.count("speakers_silent") != 1 || h.count("posts WHERE kind = 'reply' AND moderation = 'shown'") != 0 {
		t.Error("put right it isn't heard, or stands under the note")
	}
}

// A handle may come to be spelt otherwise, as on a server with an account domain of its own:
// who a speaker is was settled when they were told.
func TestASpeakerIsKnownByWhoTheyAreNotByTheirHandle(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "Afloat.")
	if _, err := h.raw.Exec("UPDATE actors SET domain = 'web.social.example' WHERE uri = ?", h.speaker.id); err != nil {
		t.Fatal(err)
	}
	reply := h.answers(note, `<a href="https://slides.example/1">slides</a>`)
	if reply.Moderation != models.ModerationShown {
		t.Errorf("her reply is %s", reply.Moderation)
	}
	thief := h.known("https://evil.example", "maelle")
	if _, err := h.raw.Exec("UPDATE actors SET domain = 'social.example' WHERE uri = ?", thief.id); err != nil {
		t.Fatal(err)
	}
	h.accept(thief, thief.does("Create", thief.note(h.article(note), "stop")))
	if h.count("speakers_silent") != 0 {
		t.Error("who came by her handle speaks for her")
	}
	h.accept(h.speaker, h.speaker.does("Create", h.speaker.note(h.article(note), "stop")))
	if h.count("speakers_silent") != 1 {
		t.Error("her own word isn't heard")
	}
}

// The tick of who looks after one conference is theirs; it says nothing of others'.
func TestATickCountsInOnesOwnConferences(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	toy := h.site.conference("toy", "")
	h.inTx(func(tx *models.Store) error {
		return tx.People.Create(h.ctx(), &models.Person{ConferenceID: toy.ID, Slug: "x", Name: "X", Acct: "maelle@social.example", OptedOut: true})
	})
	if got := h.mentions(h.write(h.gwen, h.boats, "Afloat.")); len(got) != 1 {
		t.Errorf("another's conference silences her: %q", got)
	}
}

// What is edited into a reply that was asked for doesn't wait either.
func TestASpeakersEditDoesNotWait(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "Afloat.")
	thanks := h.speaker.note(h.article(note), "Thanks")
	h.accept(h.speaker, h.speaker.does("Create", thanks))
	h.clock.move(time.Minute)
	h.accept(h.speaker, h.speaker.does("Update", with(thanks, "content", `Thanks, <a href="https://slides.example/1">slides</a>`, "updated", h.clock.now().Format(time.RFC3339))))
	if got, err := h.store.Posts.ByURI(h.ctx(), thanks["id"].(string)); err != nil || got.Moderation != models.ModerationShown || !strings.Contains(got.HTML, "slides") {
		t.Errorf("it is %+v, %v", got, err)
	}
}

// Addresses of replies begin and escape like one another's.
func TestEachOfASpeakersRepliesIsTakenOnce(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "They weigh 4 t.")
	for i, url := range []string{"/?c=123", "/?c=12", "/?p=1&c=9"} {
		reply := h.answers(note, "It is "+[]string{"40", "50", "60"}[i]+" t", "id", speakersHome+url)
		for range 2 {
			h.clock.move(time.Minute)
			now, err := h.store.Posts.ByID(h.ctx(), note.ID)
			h.must(err)
			_, err = h.outbox.TakeCorrection(h.ctx(), h.gwen, now, reply)
			h.must(err)
		}
	}
	for _, words := range []string{"It is 40 t", "It is 50 t", "It is 60 t"} {
		if html := h.html(note); strings.Count(html, words) != 1 {
			t.Errorf("%q stands %d times in %s", words, strings.Count(html, words), html)
		}
	}
}

// answers has the speaker reply, and returns the reply.
func (h *auditorium) answers(to *models.Post, content string, pairs ...any) *models.Post {
	h.t.Helper()
	note := with(h.speaker.note(h.article(to), content), pairs...)
	h.accept(h.speaker, h.speaker.does("Create", note))
	reply, err := h.store.Posts.ByURI(h.ctx(), note["id"].(string))
	h.must(err)
	return reply
}

func TestASpeakersCorrectionIsTakenIntoTheNote(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "They weigh 4 t.")
	reply := h.answers(note, `<p><a href="https://notes.example/@gwen" class="u-url mention">@gwen</a> It is 40 t.</p><p>- and #not @4, *really*</p>`)
	h.clock.move(time.Minute)
	for range 2 { // a form is sent twice
		now, err := h.store.Posts.ByID(h.ctx(), note.ID)
		h.must(err)
		done, err := h.outbox.TakeCorrection(h.ctx(), h.gwen, now, reply)
		if err != nil || !done.Published {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	html := h.html(note)
	for _, want := range []string{"They weigh 4 t.", "<blockquote>\n<p>It is 40 t.</p>\n<p>- and #not @4, *really*</p>\n", `<p class="attribution">— <a href="` + reply.URL + `"`, "Sam Wells, who gave the talk</a>"} {
		if strings.Count(html, want) != 1 {
			t.Errorf("%q stands %d times in %s", want, strings.Count(html, want), html)
		}
	}
	if n := h.told(note, "Update"); n != 1 {
		t.Errorf("%d Updates", n)
	}
}

// What the author hasn't published yet isn't published by the way.
func TestACorrectionJoinsUnpublishedChanges(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note := h.write(h.gwen, h.boats, "They weigh 4 t.")
	reply := h.answers(note, "It is 40 t.")
	h.inTx(func(tx *models.Store) error {
		_, _, err := draft.NewService(h.clock.now).Save(h.ctx(), tx, draft.Input{Account: h.gwen, PostID: note.ID, Base: note.LockVersion, Text: text("Boats", "A secret.")})
		return err
	})
	now, err := h.store.Posts.ByID(h.ctx(), note.ID)
	h.must(err)
	done, err := h.outbox.TakeCorrection(h.ctx(), h.gwen, now, reply)
	if err != nil || done.Published || strings.Contains(h.html(note), "secret") {
		t.Fatalf("%+v, %v; readers see %s", done, err, h.html(note))
	}
	now, err = h.store.Posts.ByID(h.ctx(), note.ID)
	h.must(err)
	head, err := h.store.Revisions.Head(h.ctx(), now)
	h.must(err)
	if !strings.HasPrefix(head.Text.Source, "A secret.\n\n> It is 40 t.") {
		t.Errorf("the draft is %q", head.Text.Source)
	}
}

func TestOnlyASpeakersPublicReplyToOnesOwnNoteIsACorrection(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	note, others := h.write(h.gwen, h.boats, "Afloat."), h.write(h.ilan, h.boats, "They float.")
	eve := h.known("https://far.example", "eve")
	strange := eve.note(h.article(note), "I gave it.")
	h.accept(eve, eve.does("Create", strange))
	stranger, err := h.store.Posts.ByURI(h.ctx(), strange["id"].(string))
	h.must(err)
	public := h.answers(note, "It is 40 t.")
	for name, tt := range map[string]struct {
		by             *models.Account
		article, reply *models.Post
	}{
		"somebody else's article":     {h.ilan, note, public},
		"a reply to another article":  {h.gwen, note, h.answers(others, "Thanks")},
		"a stranger's reply":          {h.gwen, note, stranger},
		"what was said to gwen alone": {h.gwen, note, h.answers(note, "Between us", "to", []any{h.iris.Actor("gwen")}, "cc", []any{})},
	} {
		if _, err := h.outbox.TakeCorrection(h.ctx(), tt.by, tt.article, tt.reply); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if html := richtext.PlainText(h.html(note)); strings.Contains(html, "gave it") || strings.Contains(html, "Between us") {
		t.Errorf("the note is %s", html)
	}
}

// Whoever previews a note knows whom it reaches.
func TestPreviewSaysWhoWouldBeTold(t *testing.T) {
	t.Parallel()
	h := newAuditorium(t)
	about := models.About{ConferenceID: h.conference.ID, TalkID: h.boats.ID}
	shown, err := h.outbox.Preview(h.ctx(), h.gwen, 0, about, text("Boats", "Afloat."))
	if err != nil || !slices.Equal(shown.Speakers, []string{"maelle@social.example"}) {
		t.Errorf("it would tell %q, %v", shown.Speakers, err)
	}
	h.write(h.ilan, h.boats, "They float.")
	if shown, err = h.outbox.Preview(h.ctx(), h.gwen, 0, about, text("Boats", "Afloat.")); err != nil || len(shown.Speakers) != 0 {
		t.Errorf("after ilan's note it would tell %q, %v", shown.Speakers, err)
	}
}
