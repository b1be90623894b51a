package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"confnotes/models"
)

func TestConferencesAreListedByWhenTheyAre(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if page := a.nobody().get("/conferences").want(t, "none", http.StatusOK); !page.has("No conference yet") || page.has(`href="/conferences"`) {
		t.Error("without a conference: it doesn't say how to begin, or the header leads there")
	}
	for handle, days := range map[string][2]string{"past1": {"2025-01-01", "2025-01-02"}, "past2": {"2026-06-09", "2026-06-10"}, "now1": {"2026-06-11", "2026-06-12"},
		"next1": {"2026-06-12", "2026-06-13"}, "next2": {"2027-01-01", "2027-01-01"}} {
		a.conference(handle, "Europe/Paris", days[0], days[1])
	}
	page := a.nobody().get("/conferences")
	var order []string
	for _, found := range regexp.MustCompile(`<h3><a href="https://notes\.example/conferences/(\w+)">`).FindAllStringSubmatch(page.body, -1) {
		order = append(order, found[1])
	}
	if got := strings.Join(order, " "); got != "now1 next1 next2 past2 past1" {
		t.Errorf("they stand as %s", got)
	}
	if !a.nobody().get("/").has(`href="/conferences"`) {
		t.Error("the header doesn't lead to them")
	}
}

func TestManyNotesAreRead20AtATime(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	c := a.kormoran()
	gwen := a.person("gwen", models.RoleAuthor)
	for i := range 25 {
		c.note(gwen, fmt.Sprintf("Note number %d.", i), c.talks[tides], "")
	}
	for _, path := range []string{"/conferences/kormoran2026", day11, "/conferences/kormoran2026/talks/" + c.talks[tides].Slug} {
		first := a.nobody().get(path)
		older := regexp.MustCompile(`rel="next" href="([^"#]+)#notes"`).FindStringSubmatch(first.body)
		if older == nil {
			t.Fatalf("%s: no way to older notes", path)
		}
		second := a.nobody().get(strings.ReplaceAll(older[1], "&amp;", "&")).want(t, "older", http.StatusOK)
		for i := range 25 {
			if title := fmt.Sprintf(">Note number %d.<", i); first.has(title) != (i >= 5) || second.has(title) != (i < 5) {
				t.Errorf("%s: note %d is on neither page, both, or the wrong one", path, i)
			}
		}
	}
	if row := a.nobody().get(day11); !row.has("22 more notes") {
		t.Error("the programme doesn't say how many more there are")
	}
}
