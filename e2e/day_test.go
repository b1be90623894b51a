package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"confnotes/models"
)

// An attendee's day: star, make drafts, write three notes, compose the recap, publish;
// and when somebody adds slides a week later, everything shows them.
func TestADayFromStarsToARecapThatStaysInStep(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	store := openStore(t, in)
	h := host(t, store)
	b := newBrowser(t)
	signIn(t, b, in)

	plan := in.baseURL + planPath + "?day=2026-06-11"
	b.open(t, plan, http.StatusOK)
	for _, i := range []int{0, 1, 3} {
		row := "#talk-" + h.talks[i].PublicID
		b.do(t, "star", chromedp.Click(row+` [data-mark="starred"]`, chromedp.ByQuery), chromedp.WaitVisible(row+` [data-mark="starred"][aria-pressed="true"]`, chromedp.ByQuery))
	}
	b.open(t, plan, http.StatusOK) // what the script showed is what was stored
	if n := eval[int](t, b, `document.querySelectorAll('[data-mark="starred"][aria-pressed="true"]').length`); n != 3 {
		t.Errorf("%d stars, want 3", n)
	}
	b.press(t, `button[value="drafts"]`)
	words := map[int]string{0: "Two voices, one sea.", 1: "The verifier is a friend.", 3: "They do mend."}
	for i, action := range map[int]string{0: "publish", 1: "save", 3: "save"} {
		b.open(t, in.baseURL+"/write?talk="+h.talks[i].PublicID, http.StatusOK)
		b.do(t, "write", chromedp.SendKeys("#field-source", words[i], chromedp.ByQuery), chromedp.SendKeys("#field-takeaway", "Remember this.", chromedp.ByQuery))
		b.press(t, `button[value="`+action+`"].primary, .actions button[value="`+action+`"]`)
	}
	b.open(t, in.baseURL+"/recap/new?conference=kormoran_conf&day=2026-06-11", http.StatusOK)
	b.do(t, "open with words", chromedp.SendKeys("#section-0 textarea", "Got in last night.", chromedp.ByQuery))
	b.press(t, `#section-3 button[value="up-3"]`)
	b.press(t, `.actions button[value="publish"]`)
	b.quiet(t, "the day")

	recap := in.baseURL + "/@" + author + "/kormoran-conf-2026-day-1"
	b.open(t, recap, http.StatusOK)
	page := b.text(t, "main")
	for _, want := range []string{"Got in last night.", words[1], words[3], "Maëlle Quérec, CTO", "Read the whole note"} {
		if !strings.Contains(page, want) {
			t.Errorf("the recap lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, words[0]) || strings.Index(page, words[3]) > strings.Index(page, words[1]) {
		t.Errorf("the recap has a published note's text, or the notes in the old order:\n%s", page)
	}

	write(t, store, func(ctx context.Context, tx *models.Store) error {
		return tx.Talks.AddResource(ctx, &models.Resource{TalkID: h.talks[0].ID, Type: "slides", URL: "https://slides.example/tides", CreatedAt: evening})
	})
	for _, at := range []string{recap, in.baseURL + "/@" + author + "/ten-years-of-tides"} {
		follows := false
		for deadline := time.Now().Add(3 * time.Minute); !follows && time.Now().Before(deadline); time.Sleep(time.Second) {
			b.open(t, at, http.StatusOK)
			follows = eval[bool](t, b, `!!document.querySelector('.talk-links a[href="https://slides.example/tides"]')`)
		}
		if !follows {
			t.Errorf("%s doesn't show the slides:\n%s", at, b.html(t, "main"))
		}
	}
}
