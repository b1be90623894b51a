package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/models"
)

// stage is a talk whose speaker is on another server, gwen's note on it, and the speaker.
type stage struct {
	*app
	gwen   *person
	talk   *models.Talk
	note   *models.Post
	maelle *models.Actor
	at     string // the note's conversation
}

func newStage(t testing.TB) *stage {
	s := &stage{app: newTestApp(t)}
	s.gwen, s.maelle = s.person("gwen", models.RoleAuthor), s.stranger("maelle", "social.example")
	c := s.twoDays("kormoran2026")
	s.talk = s.app.talk(c, "2026-06-11", 0, "Ten years of tides", "Maëlle Quérec")
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		p, err := tx.People.BySlug(ctx, c.ID, "maelle-querec")
		if err != nil {
			return err
		}
		p.Acct = "maelle@social.example"
		return tx.People.Save(ctx, p)
	})
	s.gwen.post("/write", filled(s.gwen.get("/write?talk="+s.talk.PublicID).form(), "action", "publish", "source", "They weigh 4 t."))
	notes, err := s.server.Store.Posts.OwnNotesOn(t.Context(), s.gwen.ID, []int64{s.talk.ID})
	fatal(t, err)
	s.note = notes[s.talk.ID]
	s.at = editURL(s.note) + "/conversation"
	return s
}

func TestASpeakersSlidesAreTakenOverWithOneTap(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	reply := s.reply(s.maelle, s.note, `<p><a href="https://notes.example/@gwen" class="u-url mention">@gwen</a> Slides: <a href="https://slides.example/tides.pdf">here</a>, <a href="https://youtu.be/1">talk</a></p>`)
	public := s.nobody().get("/@gwen/ten-years-of-tides").want(t, "the note", http.StatusOK)
	if !public.has(`<span class="byauthor">speaker</span>`) || public.has("take-link") {
		t.Error("readers don't see that the speaker answers, or may take over")
	}
	page := s.gwen.get(s.at).want(t, "the conversation", http.StatusOK)
	if strings.Count(page.body, `value="take-link"`) != 2 || !page.has(`value="https://slides.example/tides.pdf"`) || !page.has(`<option value="video" selected>`) || page.has(`value="https://notes.example/@gwen"`) {
		t.Errorf("offered is %s", page.body)
	}
	if page := s.gwen.get(answerURL(reply.ID)); strings.Count(page.body, `value="take-link"`) != 2 { // where the notification leads
		t.Errorf("on the reply's own page offered is %s", page.body)
	}
	form := url.Values{"action": {"take-link"}, "reply": {id(reply)}, "url": {"https://slides.example/tides.pdf"}, "type": {"slides"}, "talk": {s.talk.PublicID}}
	for range 2 { // a form is sent twice
		s.gwen.post(s.at, form).wantRedirect(t, "taken", http.StatusSeeOther, s.at)
	}
	if page := s.nobody().get("/conferences/kormoran2026/talks/ten-years-of-tides"); strings.Count(page.body, "https://slides.example/tides.pdf") < 1 || !page.has("from the speaker") {
		t.Error("the talk's page doesn't have the slides, or not from whom")
	}
	if page := s.gwen.get(s.at); !page.has("on the talk’s page") || strings.Count(page.body, `value="take-link"`) != 1 {
		t.Error("what was taken is offered again")
	}
	s.later()
	if !s.nobody().get("/@gwen/ten-years-of-tides").has(`<a href="https://slides.example/tides.pdf"`) {
		t.Error("the note's line doesn't have the slides")
	}
}

func TestNobodyTakesOverWhatWasNotOffered(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ida := s.person("ida", models.RoleAuthor)
	link := `<a href="https://slides.example/1">here</a>`
	hers, stranger := s.reply(s.maelle, s.note, link), s.reply(s.stranger("far", "far.example"), s.note, link)
	other := s.app.talk(s.conferenceOf(s.talk), "2026-06-11", 60, "Boats", "Sam Wells")
	good := url.Values{"action": {"take-link"}, "reply": {id(hers)}, "url": {"https://slides.example/1"}, "type": {"slides"}, "talk": {s.talk.PublicID}}
	for name, tt := range map[string]struct {
		by   *person
		over url.Values
		want int
	}{
		"another author":           {ida, nil, http.StatusNotFound},
		"a stranger's reply":       {s.gwen, url.Values{"reply": {id(stranger)}}, http.StatusNotFound},
		"another link":             {s.gwen, url.Values{"url": {"https://pills.example/"}}, http.StatusNotFound},
		"a talk of somebody else":  {s.gwen, url.Values{"talk": {other.PublicID}}, http.StatusNotFound},
		"a stranger's words":       {s.gwen, url.Values{"reply": {id(stranger)}, "action": {"take-words"}}, http.StatusNotFound},
		"another author for words": {ida, url.Values{"action": {"take-words"}}, http.StatusNotFound},
		"an odd type":              {s.gwen, url.Values{"type": {"virus"}}, http.StatusUnprocessableEntity},
	} {
		form := url.Values{}
		for _, values := range []url.Values{good, tt.over} {
			for k, v := range values {
				form[k] = v
			}
		}
		tt.by.post(s.at, form).want(t, name, tt.want)
	}
	byTalk, err := s.server.Store.Talks.Resources(t.Context(), s.talk.ID, other.ID)
	fatal(t, err)
	if len(byTalk[s.talk.ID])+len(byTalk[other.ID]) != 0 {
		t.Errorf("taken over was %v", byTalk)
	}
	boss := s.person("boss", models.RoleOwner)
	if page := boss.get(s.at); !page.has(`value="take-link"`) || page.has(`value="take-words"`) {
		t.Error("who looks after every conversation isn't offered links, or may put words into another's note")
	}
}

func TestASpeakersWordsAreTakenIntoTheNote(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	reply := s.reply(s.maelle, s.note, "<p>It is 40 t.</p>")
	if !s.gwen.get(s.at).has(`value="take-words"`) {
		t.Fatal("her words aren't offered")
	}
	s.gwen.post(s.at, url.Values{"action": {"take-words"}, "reply": {id(reply)}}).wantRedirect(t, "taken", http.StatusSeeOther, s.at)
	page := s.nobody().get("/@gwen/ten-years-of-tides")
	if !page.has("<p>It is 40 t.</p>\n<p class=\"attribution\">") || !page.has("Maëlle Quérec, who gave the talk") {
		t.Errorf("the note is %s", page.body)
	}
	if again := s.gwen.get(s.at); again.has(`value="take-words"`) || !again.has("These words are in your article") {
		t.Error("they are offered again")
	}
	private := s.reply(s.maelle, s.note, `<p>Between us: <a href="https://slides.example/nda.pdf">the draft</a></p>`, s.gwen.ActorID)
	if page := s.gwen.get(s.at); !page.has("Between us") || page.has(`value="take-words"`) || page.has(`value="take-link"`) {
		t.Error("what she said to gwen alone is offered for everyone")
	}
	s.gwen.post(s.at, url.Values{"action": {"take-link"}, "reply": {id(private)}, "url": {"https://slides.example/nda.pdf"}, "type": {"slides"}, "talk": {s.talk.PublicID}}).want(t, "all the same", http.StatusNotFound)
}

// In a recap each link goes to a talk that its giver gave.
func TestASpeakerOfTwoTalksSaysWhichByTheChoice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.conferenceOf(s.talk)
	second := s.app.talk(c, "2026-06-11", 60, "Boats")
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Talks.SetSpeakers(ctx, second.ID, []models.Appearance{{PersonID: s.talkNow().Speakers[0].PersonID}})
	})
	note := filled(s.gwen.get("/write?talk="+second.PublicID).form(), "action", "save", "source", "Afloat.")
	s.gwen.post("/write", note)
	s.gwen.post("/write", filled(s.gwen.get("/recap/new?conference=kormoran2026&day=2026-06-11").form(), "action", "publish"))
	recaps, err := s.server.Store.Posts.Recaps(t.Context(), s.gwen.ActorID, c.ID)
	fatal(t, err)
	s.reply(s.maelle, recaps[0], `<a href="https://slides.example/both">both</a>`)
	if page := s.gwen.get(editURL(recaps[0]) + "/conversation"); !page.has(`<option value="`+s.talk.PublicID+`">Ten years of tides</option>`) || !page.has(`<option value="`+second.PublicID+`">Boats</option>`) {
		t.Errorf("the talks aren't to be chosen from: %s", page.body)
	}
}

func TestThePreviewSaysWhichSpeakersAreTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	second := s.app.talk(s.conferenceOf(s.talk), "2026-06-11", 60, "Boats")
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Talks.SetSpeakers(ctx, second.ID, []models.Appearance{{PersonID: s.talkNow().Speakers[0].PersonID}})
	})
	form := filled(s.gwen.get("/write?talk="+second.PublicID).form(), "action", "preview", "source", "Afloat.")
	if page := s.gwen.post("/write", form); !page.has("@maelle@social.example is mentioned") {
		t.Errorf("it says nothing: %s", page.body)
	}
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.People.Is(ctx, s.talkNow().Speakers[0].PersonID, s.maelle.ID)
	})
	page := s.nobody().get("/conferences/kormoran2026/speakers/maelle-querec")
	if !page.has("Is this you?") || !page.has("@maelle@social.example") {
		t.Error("her page doesn't say what happens, and how to end it")
	}
}

// filled is a form with other values, name by name.
func filled(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func (s *stage) conferenceOf(t *models.Talk) *models.Conference {
	c, err := s.server.Store.Conferences.ByID(s.t.Context(), t.ConferenceID)
	fatal(s.t, err)
	return c
}

func (s *stage) talkNow() *models.Talk {
	t, err := s.server.Store.Talks.ByID(s.t.Context(), s.talk.ID)
	fatal(s.t, err)
	return t
}
