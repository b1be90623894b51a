package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// attendee is somebody at a conference, in a browser.
type attendee struct {
	*browser
	in *instance
}

const firstDay = "/plan/kormoran2026?day=2026-06-11"

// importProgramme sets the conference up from its schedule's file.
func (a *attendee) importProgramme(t *testing.T) {
	t.Helper()
	a.open(t, a.in.baseURL+"/conferences/new", http.StatusOK)
	a.do(t, "choose the schedule", chromedp.SetUploadFiles("#field-schedule", []string{scheduleSample(t, "frab-schedule-v1.xml")}, chromedp.ByQuery))
	a.press(t, `button[value="fill"]`)
	a.do(t, "choose a handle", chromedp.SetValue("#field-handle", "kormoran2026", chromedp.ByQuery))
	a.press(t, `button[value="save"]`)
	if plan := a.text(t, ".import-plan"); !strings.Contains(plan, "23 talks are added") {
		t.Fatalf("the preview says:\n%s", plan)
	}
	a.press(t, `button[value="apply"]`)
}

// star stars talks of the first day by their titles.
func (a *attendee) star(t *testing.T, titles ...string) (ids map[string]string) {
	t.Helper()
	a.open(t, a.in.baseURL+firstDay, http.StatusOK)
	ids = map[string]string{}
	for _, title := range titles {
		id := eval[string](t, a.browser, fmt.Sprintf(`[...document.querySelectorAll(".plan > li")].find((li) => li.innerText.includes(%q)).id.slice("talk-".length)`, title))
		row := "#talk-" + id
		a.do(t, "star", chromedp.Click(row+` [data-mark="starred"]`, chromedp.ByQuery), chromedp.WaitVisible(row+` [data-mark="starred"][aria-pressed="true"]`, chromedp.ByQuery))
		ids[title] = id
	}
	a.open(t, a.in.baseURL+firstDay, http.StatusOK) // what the script showed is what was stored
	if n := eval[int](t, a.browser, `document.querySelectorAll('[data-mark="starred"][aria-pressed="true"]').length`); n != len(titles) {
		t.Errorf("%d stars, want %d", n, len(titles))
	}
	return ids
}

func (a *attendee) note(t *testing.T, talk, words, action string) {
	t.Helper()
	a.open(t, a.in.baseURL+"/write?talk="+talk, http.StatusOK)
	a.do(t, "write", chromedp.SendKeys("#field-source", words, chromedp.ByQuery), chromedp.SendKeys("#field-takeaway", "Remember this.", chromedp.ByQuery))
	a.press(t, `.actions button[value="`+action+`"]`)
}

// add adds a link to a talk by the form.
func (a *attendee) add(t *testing.T, talk, linkType, address string) {
	t.Helper()
	a.open(t, a.in.baseURL+"/talk-links/"+talk, http.StatusOK)
	a.do(t, "say what and where", chromedp.SetValue("#field-type", linkType, chromedp.ByQuery), chromedp.SendKeys("#field-url", address, chromedp.ByQuery))
	a.press(t, `form.linking button[value="add"]`)
}

// follows waits until a page has what a selector finds.
func (a *attendee) follows(t *testing.T, at, selector string) {
	t.Helper()
	found := false
	for deadline := time.Now().Add(3 * time.Minute); !found && time.Now().Before(deadline); time.Sleep(5 * time.Second) {
		a.open(t, at, http.StatusOK)
		found = eval[bool](t, a.browser, fmt.Sprintf(`!!document.querySelector(%q)`, selector))
	}
	if !found {
		t.Errorf("%s has no %s:\n%s", at, selector, a.html(t, "main"))
	}
}

// An attendee's day: import the programme, star five talks, make drafts, write three notes,
// compose the recap, publish; and when slides and a recording are added later, and the room
// is put right, everything shows it.
func TestADayFromStarsToARecapThatStaysInStep(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	a := &attendee{newBrowser(t), in}
	signIn(t, a.browser, in)
	a.importProgramme(t)
	const tides, models, ebpf, csi, petabytes = "Dix ans de marées", "Small Models, Big Harbours", "eBPF sans larmes", "CSI - The Long Way Round", "Moving 4 PB over a Weekend"
	ids := a.star(t, tides, models, ebpf, csi, petabytes)
	a.press(t, `button[value="drafts"]`)
	if drafts := a.text(t, "main"); !strings.Contains(drafts, tides) || !strings.Contains(drafts, petabytes) {
		t.Errorf("no drafts of the stars:\n%s", drafts)
	}

	a.note(t, ids[tides], "[12:34] deux voix.", "publish")
	a.note(t, ids[models], "The verifier is a friend.", "save")
	a.note(t, ids[csi], "They do mend.", "save")
	a.note(t, ids[ebpf], "No tears.", "save")
	a.open(t, in.baseURL+"/recap/new?conference=kormoran2026&day=2026-06-11", http.StatusOK)
	a.do(t, "open with words", chromedp.SendKeys("#section-0 textarea", "Got in last night.", chromedp.ByQuery))
	a.press(t, `#section-3 button[value="up-3"]`)
	a.press(t, `.actions button[value="publish"]`)
	a.quiet(t, "the day")

	recap := in.baseURL + "/@" + author + "/kormoran-conf-2026-day-1"
	a.open(t, recap, http.StatusOK)
	page := a.text(t, "main")
	if strings.Contains(page, petabytes) {
		t.Errorf("a draft that nobody wrote in stands in the recap:\n%s", page)
	}
	for _, want := range []string{"Got in last night.", "No tears.", "The verifier is a friend.", "They do mend.", "Maëlle Quérec", "Read the whole note"} {
		if !strings.Contains(page, want) {
			t.Errorf("the recap lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "deux voix") || strings.Index(page, ebpf) > strings.Index(page, models) {
		t.Errorf("the recap has a published note's text, or the notes in the old order:\n%s", page)
	}

	a.add(t, ids[tides], "slides", "https://slides.example/tides")
	a.add(t, ids[tides], "video", "https://youtu.be/tides?t=60")
	a.press(t, `a[href$="/edit"]`)
	a.do(t, "put the room right", chromedp.SetValue("#field-room", "Quai Sud", chromedp.ByQuery))
	a.press(t, `button[value="save"]`)
	a.quiet(t, "what came later")
	note := in.baseURL + "/@" + author + "/dix-ans-de-marees-ce-que-l-infrastructure-nous-a-appris"
	for _, at := range []string{recap, note} {
		a.follows(t, at, `.talk-links a[href="https://slides.example/tides"]`)
		if page := a.text(t, "main"); !strings.Contains(page, "Quai Sud") || strings.Contains(page, "Maëlle Quérec · Grande salle") {
			t.Errorf("%s has the old room:\n%s", at, page)
		}
	}
	a.follows(t, note, `a.moment[href="https://youtu.be/tides?t=814"]`)
}

// The button writes how far into the talk it is; outside its time the mark is to be typed.
func TestTheButtonWritesATimeMark(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	h := host(t, openStore(t, in))
	b := newBrowser(t)
	signIn(t, b, in)
	b.open(t, in.baseURL+"/write?talk="+h.talks[0].PublicID, http.StatusOK)
	const button = `#field-source ~ button`
	for _, since := range []struct {
		seconds int
		want    string
	}{{754, "Said [12:34] "}, {3723, "Said [1:02:03] "}, {-60, "Said [0:00] "}, {86400, "Said [0:00] "}} {
		b.do(t, "be there then", chromedp.SetValue("#field-source", "Said", chromedp.ByQuery), chromedp.Evaluate(fmt.Sprintf(
			`document.querySelector(".talk-head").dataset.starts = Math.floor(Date.now() / 1000) - %d; document.getElementById("field-source").setSelectionRange(4, 4)`, since.seconds), nil), chromedp.Click(button, chromedp.ByQuery))
		got := eval[string](t, b, `document.getElementById("field-source").value`)
		if got != since.want && got != strings.Replace(since.want, ":34", ":35", 1) && got != strings.Replace(since.want, ":03", ":04", 1) {
			t.Errorf("%d seconds in, the text is %q, want %q", since.seconds, got, since.want)
		}
	}
	b.do(t, "type the time", chromedp.KeyEvent("7:08"))
	if got := eval[string](t, b, `document.getElementById("field-source").value`); got != "Said [7:08] " {
		t.Errorf("typed over, the text is %q", got)
	}
	b.quiet(t, "marking")
}
