package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/models"
)

const editKormoran = "/conferences/kormoran2026/edit"

// chosen is what is stored of what the owner chooses.
func (s *stand) chosen() [2]string {
	c, err := s.server.Store.Conferences.ByID(s.t.Context(), s.conf.ID)
	fatal(s.t, err)
	return [2]string{c.Announces, c.Coverage}
}

func TestAnOwnerChoosesWhatFollowersAreToldAndWhatCoverageMeets(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	boss := s.people["owner"]
	form := boss.get(editKormoran).want(t, "the form", http.StatusOK).form()
	if form.Get("announces") != models.AnnounceEverything || form.Get("coverage") != models.CoverageHeld {
		t.Fatalf("the form says %v", form)
	}
	for _, announces := range models.Announces() {
		for _, coverage := range models.CoverageChoices() {
			form.Set("announces", announces)
			form.Set("coverage", coverage)
			boss.post(editKormoran, form).wantRedirect(t, "save", http.StatusSeeOther, editKormoran+"?notice=")
			if got := s.chosen(); got != [2]string{announces, coverage} {
				t.Errorf("%s, %s: stored %q", announces, coverage, got)
			}
			if again := boss.get(editKormoran).form(); again.Get("announces") != announces || again.Get("coverage") != coverage {
				t.Errorf("%s, %s: the form then says %v", announces, coverage, again)
			}
		}
	}
	before := s.chosen()
	for _, field := range []string{"announces", "coverage"} {
		form := boss.get(editKormoran).form()
		form.Set(field, "nothing")
		form.Set("name", "Not stored")
		if r := boss.post(editKormoran, form).want(t, "an unknown "+field, http.StatusUnprocessableEntity); !strings.Contains(r.body, `id="problem-`+field+`"`) {
			t.Errorf("an unknown %s: %s", field, r.body)
		}
	}
	form = boss.get(editKormoran).form()
	form.Del("announces")
	form.Del("coverage")
	boss.post(editKormoran, form).want(t, "without a choice", http.StatusSeeOther)
	if got := s.chosen(); got != before || form.Get("name") == "Not stored" {
		t.Errorf("stored %q, want %q; the name is %q", got, before, form.Get("name"))
	}
}

func TestAnEditorChangesAConferenceButNotWhatItsOwnerChooses(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	editor := s.people["editor"]
	form := editor.get(editKormoran).want(t, "the form", http.StatusOK).form()
	if form.Has("announces") || form.Has("coverage") {
		t.Errorf("an editor is offered %v", form)
	}
	form.Set("city", "Vannes")
	editor.post(editKormoran, form).want(t, "save", http.StatusSeeOther)
	form.Set("city", "Lorient")
	for field, value := range map[string]string{"announces": models.AnnounceDigest, "coverage": models.CoverageOpen} {
		typed := url.Values{field: {value}}
		for k, v := range form {
			typed[k] = v
		}
		editor.post(editKormoran, typed).want(t, field+" by an editor", http.StatusNotFound)
	}
	if form = editor.get(editKormoran).form(); form.Get("city") != "Vannes" || s.chosen() != [2]string{models.AnnounceEverything, models.CoverageHeld} {
		t.Errorf("stored %v, %q", form, s.chosen())
	}
}

func TestTheFormOfAConferenceLeadsToWhatOthersWrote(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, who := range []string{"owner", "editor"} {
		if page := s.browser(who).get(editKormoran); !page.has("(1 post waits)") || !strings.Contains(page.body, `href="/coverage/kormoran2026"`) {
			t.Errorf("the %s reads %s", who, page.body)
		}
	}
	fatal(t, s.server.Outbox.DecideCoverage(t.Context(), s.people["owner"].Account, s.conf, 0, []int64{s.waits.ID}, models.CoverageHidden))
	if page := s.people["owner"].get(editKormoran); page.has("waits)") || !strings.Contains(page.body, `href="/coverage/kormoran2026"`) {
		t.Errorf("with nothing that waits: %s", page.body)
	}
}
