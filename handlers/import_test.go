package handlers

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
)

func scheduleSample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "internal", "schedule", "testdata", name))
	fatal(t, err)
	return data
}

// conference sets up a conference that a person looks after.
func (p *person) conference(handle string) *models.Conference {
	p.app.t.Helper()
	c, err := p.app.server.Programmes.Add(context.Background(), programme.New{Handle: handle, Name: "Kormoran Conf 2026", Zone: "Europe/Paris", StartsOn: "2026-06-11", EndsOn: "2026-06-12", By: p.Account})
	fatal(p.app.t, err)
	return c
}

// keptSchedule is a sample that somebody has looked at and not applied yet.
func (a *app) keptSchedule(by *person, name string) (token string) {
	a.t.Helper()
	token, err := a.server.Programmes.Keep(context.Background(), by.Account, programme.Given(name, scheduleSample(a.t, name)), "")
	fatal(a.t, err)
	return token
}

// An import that takes a while says how far it is, to whoever looks after the conference. That
// one by the form does is shown in a browser.
func TestAnImportSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleAuthor), a.person("ida", models.RoleAuthor)
	gwen.conference("kormoran2026")
	const at = "/conferences/kormoran2026/import/progress?file=t"
	if body := gwen.get(at).want(t, "before", http.StatusOK).body; strings.TrimSpace(body) != "{}" {
		t.Errorf("before there is one it says %s", body)
	}
	hear, end := a.server.imports.of("t")
	hear(250, 1000)
	if !gwen.get(at).has(`{"words":"25% of 1,000 talks are read in."}`) {
		t.Errorf("it says %s", gwen.get(at).body)
	}
	ida.get(at).want(t, "to somebody else", http.StatusNotFound)
	end()
	if body := gwen.get(at).body; strings.TrimSpace(body) != "{}" {
		t.Errorf("afterwards it says %s", body)
	}
}

// give posts a form with a schedule as a browser does.
func (b *browser) give(path string, fields url.Values, name string, data []byte) *response {
	b.app.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, values := range fields {
		for _, v := range values {
			fatal(b.app.t, w.WriteField(field, v))
		}
	}
	part, err := w.CreateFormFile("schedule", name)
	fatal(b.app.t, err)
	_, err = part.Write(data)
	fatal(b.app.t, err)
	fatal(b.app.t, w.Close())
	return b.send(http.MethodPost, path, body.String(), "Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin")
}

func (a *app) programmeOf(handle string) []*models.Talk {
	a.t.Helper()
	c, err := a.server.Store.Conferences.ByHandle(context.Background(), handle)
	fatal(a.t, err)
	talks, err := a.server.Store.Talks.Programme(context.Background(), c.ID, "", false)
	fatal(a.t, err)
	return talks
}

func TestAConferenceIsSetUpFromItsScheduleInThreeSteps(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	form := gwen.give("/conferences/new", url.Values{"action": {"fill"}}, "schedule.xml", scheduleSample(t, "frab-schedule-v1.xml")).want(t, "fill in", http.StatusOK).form()
	for field, want := range map[string]string{"name": "Kormoran Conf 2026", "handle": "kormoranconf2026", "zone": "Europe/Paris", "start": "2026-06-11", "end": "2026-06-12", "hashtag": "KormoranConf2026"} {
		if form.Get(field) != want {
			t.Errorf("%s is filled in with %q, want %q", field, form.Get(field), want)
		}
	}
	form.Set("action", "save")
	added := gwen.post("/conferences/new", form).wantRedirect(t, "add", http.StatusSeeOther, "/conferences/kormoranconf2026/import?file=")
	preview := gwen.get(added.header("Location")).want(t, "preview", http.StatusOK)
	if !preview.has("23 talks are added") || !preview.has("eBPF sans larmes") || len(a.programmeOf("kormoranconf2026")) != 0 {
		t.Errorf("the preview is %s", preview.body)
	}
	gwen.post("/conferences/kormoranconf2026/import", url.Values{"action": {"apply"}, "token": {preview.form().Get("token")}}).wantRedirect(t, "apply", http.StatusSeeOther, "/conferences/kormoranconf2026/import?notice=")
	if n := len(a.programmeOf("kormoranconf2026")); n != 23 {
		t.Errorf("%d talks were imported", n)
	}
	again := gwen.post("/conferences/kormoranconf2026/import", url.Values{"action": {"apply"}, "token": {preview.form().Get("token")}}).want(t, "what was applied already", http.StatusUnprocessableEntity)
	if !again.has("can’t be empty") {
		t.Errorf("it says %s", again.body)
	}
}

func TestAReimportShowsWhatItChangesBeforeItDoes(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.conference("kormoran2026")
	const at = "/conferences/kormoran2026/import"
	gwen.post(at, url.Values{"action": {"apply"}, "token": {a.keptSchedule(gwen, "frab-schedule-v1.xml")}}).want(t, "the first", http.StatusSeeOther)
	to := gwen.give(at, url.Values{"action": {"look"}}, `C:\Temp\v2.xml`, scheduleSample(t, "frab-schedule-v2.xml")).wantRedirect(t, "look", http.StatusSeeOther, at+"?file=").header("Location")
	preview := gwen.get(to).want(t, "preview", http.StatusOK)
	for _, want := range []string{"1 talk is added", "1 talk moves", "1 talk has another title", "1 talk is gone; its notes stay", "3 talks change otherwise", "17 talks stay", "slides and links",
		"11 June 2026, 11:00", "11 June 2026, 15:30", "Salle Hoëdic", "Schema Evolution Is a People Problem", "v2.xml"} {
		if !preview.has(want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if preview.has("C:") || preview.has("Look at the address again") {
		t.Error("it shows a path, or offers to look at a file again")
	}
	alix := a.person("alix", models.RoleAuthor)
	alix.get(to).want(t, "the preview, for another author", http.StatusNotFound)
	alix.post(at, url.Values{"action": {"apply"}, "token": {preview.form().Get("token")}}).want(t, "applied by another author", http.StatusNotFound)
	gwen.post(at, url.Values{"action": {"apply"}, "token": {preview.form().Get("token")}}).want(t, "apply", http.StatusSeeOther)
	if !slices.ContainsFunc(a.programmeOf("kormoran2026"), func(t *models.Talk) bool { return strings.Contains(t.Title, "(Still)") }) {
		t.Error("the second version wasn't imported")
	}
}

func TestAScheduleThatCannotBeTakenSaysWhyAndChangesNothing(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.conference("kormoran2026")
	const at = "/conferences/kormoran2026/import"
	for _, tt := range []struct {
		what string
		data []byte
		says string
	}{
		{"one cut short", scheduleSample(t, "frab-schedule-v1.xml")[:3000], "bad.xml:65:"},
		{"a web page", []byte("<!doctype html><title>x</title>"), "web page"},
		{"nothing", nil, "empty"},
		{"one that is too large", make([]byte, schedule.MaxSize+1), "larger than 16 MB"},
		{"next year's", bytes.ReplaceAll(scheduleSample(t, "frab-schedule-v1.xml"), []byte("2026-06-1"), []byte("2027-06-1")), "more than 31 days"},
	} {
		r := gwen.give(at, url.Values{"action": {"look"}}, "bad.xml", tt.data)
		if r.Code == http.StatusSeeOther {
			r = gwen.get(r.header("Location"))
		}
		if r.want(t, tt.what, http.StatusUnprocessableEntity); !r.has(tt.says) {
			t.Errorf("%s: no %q in %s", tt.what, tt.says, r.body)
		}
	}
	gwen.give("/conferences/new", url.Values{"action": {"fill"}}, "bad.xml", []byte("<!doctype html>")).want(t, "fill in from a web page", http.StatusUnprocessableEntity)
	gwen.post(at, url.Values{"action": {"look"}}).want(t, "nothing given", http.StatusUnprocessableEntity)
	private := gwen.post(at, url.Values{"action": {"look"}, "from": {"https://10.0.0.1/schedule.xml"}}).want(t, "a private address", http.StatusUnprocessableEntity)
	if !private.has("not a public address") || len(a.programmeOf("kormoran2026")) != 0 {
		t.Errorf("it says %s", private.body)
	}
}

func TestAScheduleWithoutAZoneIsAskedForItAndKept(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	asked := gwen.give("/conferences/new", url.Values{"action": {"fill"}}, "all.ics", scheduleSample(t, "sched-all.ics")).want(t, "without a zone", http.StatusUnprocessableEntity)
	if !asked.has("in which time zone") || !asked.has("all.ics is here") {
		t.Errorf("it says %s", asked.body)
	}
	again := url.Values{"action": {"fill"}, "token": {asked.form().Get("token")}, "fill_zone": {"Europe/Vannes"}}
	wrong := gwen.post("/conferences/new", again).want(t, "with a zone that isn't one", http.StatusUnprocessableEntity)
	again.Set("fill_zone", "Europe/Paris")
	again.Set("token", wrong.form().Get("token"))
	filled := gwen.post("/conferences/new", again).want(t, "with a zone", http.StatusOK).form()
	if filled.Get("zone") != "Europe/Paris" || filled.Get("start") != "2026-06-11" || filled.Get("token") == "" {
		t.Errorf("filled in with %v", filled)
	}
}

func TestAScheduleFromAnAddressCanBeLookedAtAgain(t *testing.T) {
	t.Parallel()
	a := newTestAppWith(t, options{baseURL: "http://notes.example", federated: true})
	gwen := a.person("gwen", models.RoleAuthor)
	c := gwen.conference("kormoran2026")
	organiser := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		_, _ = w.Write(scheduleSample(t, "frab-schedule.json"))
	}))
	defer organiser.Close()
	const at = "/conferences/kormoran2026/import"
	to := gwen.post(at, url.Values{"action": {"look"}, "from": {" " + organiser.URL + "/schedule.json "}}).wantRedirect(t, "look", http.StatusSeeOther, at+"?file=").header("Location")
	preview := gwen.get(to).want(t, "preview", http.StatusOK)
	gwen.post(at, url.Values{"action": {"apply"}, "token": {preview.form().Get("token")}, "refresh": {"daily"}}).want(t, "apply", http.StatusSeeOther)
	source, err := a.server.Store.Schedules.Source(context.Background(), c.ID)
	if fatal(t, err); source.Refresh != 24*3600 || source.ETag != `"1"` || source.URL != organiser.URL+"/schedule.json" || source.NextAt == nil {
		t.Errorf("stored %+v", source)
	}
	if page := gwen.get(at).want(t, "the page", http.StatusOK); !page.has("every day") || page.form().Get("from") != source.URL {
		t.Errorf("the page says %s", page.body)
	}
}

func TestTheFormOfAConferenceSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.conference("kormoran2026")
	fine := url.Values{"action": {"save"}, "handle": {"other"}, "name": {"Other"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}, "end": {"2026-06-12"}}
	for field, value := range map[string]string{"handle": "kormoran2026", "name": " ", "zone": "Mars/Olympus", "start": "soon", "end": "2026-06-01", "url": "javascript:alert(1)", "hashtag": "two words"} {
		form := url.Values{}
		for k, v := range fine {
			form[k] = v
		}
		form.Set(field, value)
		r := gwen.post("/conferences/new", form).want(t, "add with a wrong "+field, http.StatusUnprocessableEntity)
		if !strings.Contains(r.body, `id="problem-`+field+`"`) || r.form().Get("name") == "" && field != "name" {
			t.Errorf("%s: %s", field, r.body)
		}
		if field != "handle" {
			gwen.post("/conferences/kormoran2026/edit", form).want(t, "edit with a wrong "+field, http.StatusUnprocessableEntity)
		}
	}
	gwen.post("/conferences/kormoran2026/edit", url.Values{"name": {"Kormoran"}, "zone": {"UTC"}, "start": {"2026-06-11"}, "city": {"Vannes"}}).want(t, "edit", http.StatusSeeOther)
	if form := gwen.get("/conferences/kormoran2026/edit").form(); form.Get("name") != "Kormoran" || form.Get("city") != "Vannes" || form.Get("zone") != "UTC" {
		t.Errorf("stored %v", form)
	}
}
