package handlers

import (
	"net/http"
	"strings"
	"testing"

	"confnotes/models"
)

// Out of its conference, an article keeps what it showed, as words of its own.
func TestAnArticleIsTakenOutOfItsConference(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	page := "/@gwen/ten-years-of-tides"
	edit := editURL(s.note)
	if n := len(s.announced()); n != 1 {
		t.Fatalf("%d groups announce it", n)
	}
	s.gwen.post(edit, filled(s.gwen.get(edit).form(), "action", "leave")).wantRedirect(t, "out", http.StatusSeeOther, edit)
	now, err := s.server.Store.Posts.ByID(t.Context(), s.note.ID)
	fatal(t, err)
	if now.About() != (models.About{}) || len(s.announced()) != 0 {
		t.Errorf("it is about %+v, %d groups announce it", now.About(), len(s.announced()))
	}
	if shown := s.nobody().get(page); !shown.has("Maëlle Quérec, CTO") || !shown.has("They weigh 4 t.") {
		t.Errorf("it lost what it showed: %s", shown.body)
	}
	if s.nobody().get("/conferences/kormoran2026").has("They weigh") || s.gwen.get(edit).has(`value="leave"`) {
		t.Error("it still stands there, or can leave again")
	}
}

// A recap that leaves has its notes' words, and says no more which part it is.
func TestARecapThatLeavesHasItsNotesWords(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	talk := s.app.talk(s.conferenceOf(s.talk), "2026-06-11", 60, "Boats")
	s.gwen.post("/write", filled(s.gwen.get("/write?talk="+talk.PublicID).form(), "action", "save", "source", "Afloat."))
	for _, day := range []string{"2026-06-11", "2026-06-12"} {
		s.gwen.post("/write", filled(s.gwen.get("/recap/new?conference=kormoran2026&day="+day).form(), "action", "publish", "section", "Words."))
	}
	recaps, err := s.server.Store.Posts.Recaps(t.Context(), s.gwen.ActorID, *s.note.ConferenceID)
	fatal(t, err)
	edit := editURL(recaps[0])
	s.gwen.post(edit, filled(s.gwen.get(edit).form(), "action", "leave")).wantRedirect(t, "out", http.StatusSeeOther, edit)
	s.later()
	first, second := s.nobody().get("/@gwen/"+recaps[0].Slug), s.nobody().get("/@gwen/"+recaps[1].Slug)
	if first.has("{{note") || first.has("Part 1") || second.has("Part 2") {
		t.Errorf("after it left it is %s, the other %s", first.body, second.body)
	}
}

// What is taken back is gone for everybody else, and a draft for its author.
func TestAnArticleIsTakenBackAsADraft(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	edit := editURL(s.note)
	form := s.gwen.post(edit, filled(s.gwen.get(edit).form(), "action", "delete")).want(t, "asked", http.StatusOK).form()
	form.Set("keep", "yes")
	draft := s.gwen.post(edit, filled(form, "action", "delete")).wantRedirect(t, "kept", http.StatusSeeOther, "/write/").header("Location")
	draft, _, _ = strings.Cut(draft, "?")
	s.nobody().get("/@gwen/ten-years-of-tides").want(t, "its page", http.StatusGone)
	s.nobody().get("/articles/"+*s.note.PublicID, "Accept", mastodon).want(t, "its id", http.StatusGone)
	if n := len(s.announced()); n != 0 {
		t.Errorf("%d groups announce it", n)
	}
	kept := s.gwen.get(draft).want(t, "the draft", http.StatusOK)
	if !kept.has("They weigh 4 t.") || !kept.has("talk-head") {
		t.Errorf("the draft is %s", kept.body)
	}
	s.gwen.post(draft, filled(kept.form(), "action", "publish")).want(t, "published again", http.StatusSeeOther)
	if !s.nobody().get("/conferences/kormoran2026").has("Ten years of tides") {
		t.Error("published again it doesn't stand with the conference")
	}
	alix := s.person("alix", models.RoleAuthor)
	alix.post(draft, filled(form, "action", "delete")).want(t, "by another", http.StatusNotFound)
}

// announced are the groups that tell of the note.
func (s *stage) announced() []*models.Reaction {
	rows, err := s.server.Store.Reactions.ByGroups(s.t.Context(), s.note.ID)
	fatal(s.t, err)
	return rows
}
