package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	judging "confnotes/activitypub/mastodon"
	"confnotes/models"
)

// Whatever we serve and send, of every kind that there is, Mastodon takes: each request is
// judged when it comes, each document and page at the end. Nothing stays unjudged: every
// rule was held against something, every kind of activity was sent, and every route that
// serves documents was read.
func TestMastodonTakesWhatWeServeAndSend(t *testing.T) {
	t.Parallel()
	w := newAbroad(t, "")
	everythingHappens(w)
	for _, who := range []string{"gwen", "edit", "boss", "instance", "kormoran2026", "kormoran"} {
		w.judge.Account(w.server.IRIs.Acct(who))
	}
	w.judge.Document(w.server.IRIs.Event("kormoran2026")) // who searches for a page may find it
	w.judge.Departed(w.server.IRIs.Acct("alix"))
	w.judge.Gone(w.server.IRIs.Actor("alix"))
	private := 0
	for _, id := range w.got("") {
		switch w.ask(id, mastodon).Status {
		case http.StatusGone:
			w.judge.Gone(id)
		case http.StatusNotFound:
			private++
		default:
			w.judge.Document(id)
		}
	}
	if private != 3 {
		t.Errorf("%d activities can't be read at their ids, want the like and the answer that are for alice alone, and the report", private)
	}
	for _, fact := range judging.Facts() {
		t.Run(fmt.Sprintf("fact %d", fact), func(t *testing.T) { verdict(t, w.judge, fact) })
	}
	w.wantEveryKind()
	w.wantEveryRoute()
}

// Accounts that go by another domain than the server's are found and credited as well.
func TestMastodonFindsAccountsByTheirOwnDomain(t *testing.T) {
	t.Parallel()
	w := newAbroad(t, "kormoran.example")
	w.person("gwen", models.RoleOwner).article("Day one")
	w.judge.Account("gwen@kormoran.example")
	for _, f := range w.judge.Findings() {
		t.Error(f)
	}
	if seen := w.judge.Seen(); !slices.Contains(seen, origin+"/@gwen/day-one") {
		t.Errorf("nothing but %q was judged", seen)
	}
}

// verdict fails the test for what breaks a rule of a fact, or if one was held against
// nothing.
func verdict(t *testing.T, judge *judging.Judge, fact int) {
	for _, f := range judge.Findings() {
		if f.Fact == fact {
			t.Error(f)
		}
	}
	for _, rule := range judge.Unmet() {
		if rule.Fact == fact {
			t.Errorf("nothing was there that shows whether %s", rule.Wants)
		}
	}
}

// wantEveryKind: the other server got one of every type of activity that FEDERATION.md
// says we send.
func (w *abroad) wantEveryKind() {
	w.t.Helper()
	federation, err := os.ReadFile("../FEDERATION.md")
	fatal(w.t, err)
	_, sent, _ := strings.Cut(string(federation), "\n## Sent\n")
	sent, _, _ = strings.Cut(sent, "\n## ")
	said := regexp.MustCompile("(?m)^\\| `([A-Z][a-z]+)`(?:, `([A-Z][a-z]+)`, `([A-Z][a-z]+)`|, and its `([A-Z][a-z]+)`)?").FindAllStringSubmatch(sent, -1)
	if len(said) < 10 {
		w.t.Errorf("FEDERATION.md says of %q that they are sent", said)
	}
	for _, row := range said {
		for _, typ := range row[1:] {
			if typ != "" && len(w.got(typ)) == 0 {
				w.t.Errorf("no %s was sent", typ)
			}
		}
	}
	if w.asks == 0 {
		w.t.Error("nobody was asked for a document")
	}
}

// wantEveryRoute: what docs/ROUTES.md says serves documents was judged.
func (w *abroad) wantEveryRoute() {
	w.t.Helper()
	doc, err := parseTable(readTable(w.t))
	fatal(w.t, err)
	seen := strings.Join(w.judge.Seen(), "\n") + "\n"
	for _, r := range doc.rows {
		if !strings.Contains(r.browser+r.server, "application/activity+json") || r.audience == "servers that sign" {
			continue
		}
		path := variable.ReplaceAllString(r.path, `[^/\n?]+`)
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(origin) + path + `(\?page=1)?$`).MatchString(seen) {
			w.t.Errorf("nothing at %s was judged", r.path)
		}
	}
}

func readActivity(body []byte) (a struct{ ID, Type string }) {
	_ = json.Unmarshal(body, &a)
	return a
}

func inJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
