package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exhibit is one page of the server in one state that people meet.
type exhibit struct {
	name     string // of its pictures, and in what a test says
	template string // in templates/, without ".html"
	path     string
	form     url.Values // posted to the path; nil: the path is opened
	as       string     // who is signed in
	fresh    bool       // on the instance that nobody has set up
	status   int64      // 0: 200
	has      string     // a selector that no other template's page has
}

// Who looks at a page.
const (
	nobody   = ""
	gone     = "tadhg"                          // who moved to another account
	newcomer = "erell"                          // who has written nothing
	longest  = "konstantinopolitanischer_pfeif" // who has the longest of handles, and writes like that
)

// sharedTemplates are those that others are made of.
var sharedTemplates = []string{"layout", "parts", "forms", "thread", "talks", "entries"}

// exhibits is every page that there is: one table for all that looks at pages.
func (v *venue) exhibits() []exhibit {
	text := func(action string, change ...string) url.Values { return v.manuscript(action, change...) }
	return []exhibit{
		{name: "home", template: "home", path: "/", has: "main > .hero + .entries"},
		{name: "home-empty", template: "home", path: "/", fresh: true, has: "main > .hero + .empty"},
		{name: "profile", template: "profile", path: "/@" + author, has: "main > .profile.h-card"},
		{name: "profile-limits", template: "profile", path: "/@" + longest, has: "main > .profile.h-card"},
		{name: "profile-empty", template: "profile", path: "/@" + newcomer, has: "main > .profile.h-card"},
		{name: "tag", template: "tag", path: "/tags/kormoran2026", has: "main > .hero"},
		{name: "article", template: "article", path: v.recap, has: ".replies .thread .thread"},
		{name: "article-limits", template: "article", path: v.limits, has: ".replies"},
		{name: "article-plain", template: "article", path: v.plain, has: ".replies"},
		{name: "replies", template: "replies", path: v.recap + "/replies", has: ".thread"},
		{name: "conferences", template: "conferences", path: "/conferences", has: ".conferences h3"},
		{name: "conferences-empty", template: "conferences", path: "/conferences", fresh: true, has: ".conference-page .none code"},
		{name: "conference", template: "programme", path: v.event.whole, has: ".slots + *, .coverage"},
		{name: "conference-empty", template: "programme", path: v.event.empty, has: ".tabs + .none"},
		{name: "conference-rooms", template: "programme", path: v.event.day + "?by=room", has: ".slots.rooms"},
		{name: "talk", template: "talk", path: v.event.talk, has: ".talk-page .speakers"},
		{name: "talk-elsewhere", template: "talk", path: v.event.covered, has: "#elsewhere .thread"},
		{name: "talk-limits", template: "talk", path: v.event.long, has: ".talk-page"},
		{name: "speakers", template: "speakers", path: v.event.whole + "/speakers", has: ".people"},
		{name: "speaker", template: "speaker", path: v.event.speaker, has: "main > .conference.h-card"},
		{name: "talk-links", template: "talk-links", path: v.event.links, as: author, has: "form.linking"},
		{name: "talk-links-problems", template: "talk-links", path: v.event.links, form: url.Values{"action": {"add"}, "type": {"slides"}, "url": {"slides"}}, as: author, status: 422, has: "#problem-url"},
		{name: "series", template: "series", path: "/conferences/sterne", has: ".conferences"},
		{name: "talk-form", template: "talk-form", path: v.event.talk + "/edit", as: author, has: ".talk-form .speaker"},
		{name: "talk-form-problems", template: "talk-form", path: v.event.talk + "/edit", form: url.Values{"title": {""}, "kind": {"talk"}, "speaker-0-name": {"Maëlle Quérec"}, "speaker-0-acct": {"maelle"}}, as: author, status: 422, has: ".talk-form .problem"},
		{name: "talk-new", template: "talk-form", path: v.event.whole + "/new-talk", as: author, has: ".talk-form #field-title"},
		{name: "gone", template: "gone", path: v.gone, status: 410, has: ".aside-page"},
		{name: "not-found", template: "error", path: "/nowhere", status: 404, has: ".aside-page .status"},
		{name: "setup", template: "setup", path: v.setup, fresh: true, has: "#field-site_name"},
		{name: "setup-problems", template: "setup", path: "/setup", form: v.setupForm(), fresh: true, status: 422, has: "#problem-handle"},
		{name: "sign-in", template: "signin", path: "/sign-in", has: "#field-password"},
		{name: "sign-in-kept", template: "signin", path: "/write", form: text("save"), status: 401, has: "#kept"},
		{name: "remote", template: "remote", path: "/remote", form: v.remoteForm("nobody"), status: 422, has: "#field-account"},
		{name: "remote-going", template: "remote", path: "/remote", form: v.remoteForm("me@" + v.elsewhere), has: ".form-page .button.primary"},
		{name: "posts", template: "posts", path: "/posts", as: author, has: "#published-title + .rows"},
		{name: "posts-empty", template: "posts", path: "/posts", as: newcomer, has: "#published-title + .none"},
		{name: "write", template: "write", path: "/write", as: author, has: "form.editor"},
		{name: "write-saved", template: "write", path: v.edit, as: author, has: ".added li img"},
		{name: "write-problems", template: "write", path: "/write", form: text("save", "slug", "no slug!", "title", ""), as: author, status: 422, has: "form.editor .problem"},
		{name: "write-note", template: "write", path: "/write?talk=" + v.talkID(3), as: author, has: "form.editor .talk-head"},
		{name: "write-note-saved", template: "write", path: v.note, as: author, has: "#field-takeaway"},
		{name: "write-recap", template: "write", path: "/recap/new?conference=kormoran_conf&day=2026-06-11", as: author, has: ".sections .noted"},
		{name: "line", template: "line", path: "/write?line=Keynote:+Ten+years+of+tides+-+Ma%C3%ABlle+Qu%C3%A9rec,+CTO,+Ateliers+Brume", as: author, has: "form.read-line"},
		{name: "plan", template: "plan", path: planPath + "?day=2026-06-11", as: author, has: ".plan .marked"},
		{name: "plan-feed", template: "plan", path: planPath, form: url.Values{"action": {"feed"}}, as: author, has: "#feed-url"},
		{name: "preview", template: "preview", path: v.edit, form: text("preview"), as: author, has: "form.previewing"},
		{name: "conflict", template: "conflict", path: v.edit, form: text("publish", "version", "0", "source", "Mine."), as: author, status: 409, has: "form.conflict"},
		{name: "delete", template: "delete", path: v.edit, form: text("delete"), as: author, has: ".form-page.narrow button.danger"},
		{name: "conversation", template: "conversation", path: v.edit + "/conversation", as: author, has: ".moderation, .offer, #quotes"},
		{name: "conversation-empty", template: "conversation", path: v.editPlain + "/conversation", as: author, has: ".list-page .none"},
		{name: "deliveries", template: "deliveries", path: v.edit + "/deliveries", as: author, has: ".list-page .reached"},
		{name: "deliveries-none", template: "deliveries", path: v.editPlain + "/deliveries", as: author, has: ".list-page h1 + .meta"},
		{name: "answer-article", template: "answer", path: v.answer(v.post), as: author, has: "form.answering"},
		{name: "answer-private", template: "answer", path: v.answer(v.private), as: author, has: ".quoted .flag"},
		{name: "answer-own", template: "answer", path: v.own, as: author, has: "form.answering .danger"},
		{name: "answer-elsewhere", template: "answer", path: v.answer(v.theirs), as: author, has: ".quoted .acts"},
		{name: "reading", template: "reading", path: "/reading", as: author, has: ".thread .acts"},
		{name: "reading-empty", template: "reading", path: "/reading", as: newcomer, has: ".begin"},
		{name: "following", template: "following", path: "/following?account=@yuki@hachyderm.example", as: author, has: "form.following + .rows"},
		{name: "following-empty", template: "following", path: "/following", as: newcomer, has: "form.following + .none"},
		{name: "following-problems", template: "following", path: "/following", form: url.Values{"action": {"follow"}, "account": {"mathilde"}}, as: author, status: 422, has: "#problem-account"},
		{name: "notifications", template: "notifications", path: "/notifications", as: author, has: ".notifications"},
		{name: "notifications-empty", template: "notifications", path: "/notifications", as: newcomer, has: ".list-page .none"},
		{name: "held", template: "held", path: "/held", as: author, has: "form.held"},
		{name: "held-empty", template: "held", path: "/held", as: newcomer, has: ".list-page .none"},
		{name: "followers", template: "followers", path: "/followers", as: author, has: "form.followers"},
		{name: "followers-asking", template: "followers", path: "/followers?state=pending", as: author, has: "form.followers .primary"},
		{name: "followers-conference", template: "followers", path: "/followers/goeland2026", as: author, has: "form.followers"},
		{name: "followers-empty", template: "followers", path: "/followers", as: newcomer, has: ".list-page .none"},
		{name: "move", template: "move", path: "/settings/move", as: author, has: "#field-target"},
		{name: "move-problems", template: "move", path: "/settings/move", form: url.Values{"action": {"alias"}, "alias": {"nobody"}}, as: author, status: 422, has: "#problem-alias"},
		{name: "move-moved", template: "move", path: "/settings/move", as: gone, has: ".form-page .warns"},
		{name: "profile-moved", template: "profile", path: "/@" + gone, has: ".profile .follow .address a"},
		{name: "coverage", template: "coverage", path: "/coverage/goeland2026", as: author, has: "form.held"},
		{name: "coverage-shown", template: "coverage", path: "/coverage/goeland2026?state=shown", as: author, has: "form.held"},
		{name: "coverage-empty", template: "coverage", path: "/coverage/goeland2026?state=hidden", as: author, has: ".list-page .none"},
		{name: "coverage-problems", template: "coverage", path: "/coverage/goeland2026", form: url.Values{"action": {"follow"}, "address": {"kormoran2026"}}, as: author, status: 422, has: "#problem-address"},
		{name: "reports", template: "reports", path: "/reports", as: author, has: ".notifications"},
		{name: "reports-empty", template: "reports", path: "/reports?after=99", as: author, has: ".list-page .none"},
		{name: "blocks", template: "blocks", path: "/blocks", as: author, has: ".rows"},
		{name: "blocks-problems", template: "blocks", path: "/blocks", form: url.Values{"action": {"block"}, "target": {"spam"}}, as: author, status: 422, has: "#problem-target"},
		{name: "blocks-empty", template: "blocks", path: "/blocks", as: newcomer, has: ".list-page .none"},
		{name: "conference-new", template: "conference-form", path: "/conferences/new", as: author, has: "#field-handle"},
		{name: "conference-problems", template: "conference-form", path: "/conferences/new", form: url.Values{"name": {strings.Repeat("Kormoran ", 30)}, "handle": {"no handle"}}, as: author, status: 422, has: "#problem-handle"},
		{name: "conference-edit", template: "conference-form", path: "/conferences/sterne2026/edit", as: author, has: "#field-city"},
		{name: "import", template: "import", path: "/conferences/sterne2026/import", as: author, has: "#field-schedule"},
		{name: "import-problems", template: "import", path: "/conferences/sterne2026/import", form: url.Values{"action": {"look"}, "from": {"https://10.0.0.1/schedule.xml"}}, as: author, status: 422, has: "#problem-from"},
		{name: "import-plan", template: "import", path: v.plan, as: author, has: ".import-plan"},
		{name: "health", template: "health", path: "/settings/health", as: author, has: ".findings .hint"},
		{name: "settings", template: "settings", path: "/settings", as: author, has: "#field-bio"},
		{name: "settings-profile-problems", template: "settings", path: "/settings/profile", form: url.Values{"field-0-value": {"https://gwen.example/"}, "tags": {"tides"}}, as: author, status: 422, has: "#problem-field-0-label"},
		{name: "settings-problems", template: "settings", path: "/settings", form: url.Values{"name": {strings.Repeat("Gwen ", 100)}}, as: author, status: 422, has: "#problem-name"},
	}
}

// unseen returns the templates that none of the exhibits shows.
func unseen(t testing.TB, all []exhibit) (missing []string) {
	t.Helper()
	files, err := filepath.Glob("../templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		if slices.Contains(sharedTemplates, name) || slices.ContainsFunc(all, func(e exhibit) bool { return e.template == name }) {
			continue
		}
		missing = append(missing, name)
	}
	return missing
}

// Whoever adds a page adds it to the table, and so to everything that looks at pages.
func TestTheTableOfPagesIsComplete(t *testing.T) {
	t.Parallel()
	all := (&venue{}).exhibits()
	if missing := unseen(t, all); len(missing) > 0 {
		t.Errorf("no exhibit shows %v: add one to gallery_test.go", missing)
	}
	if missing := unseen(t, slices.DeleteFunc(slices.Clone(all), func(e exhibit) bool { return e.template == "gone" })); !slices.Equal(missing, []string{"gone"}) {
		t.Errorf("without the page of what is gone, the table lacks %v", missing)
	}
	names := map[string]bool{}
	for _, e := range all {
		if _, err := os.Stat("../templates/" + e.template + ".html"); err != nil || names[e.name] {
			t.Errorf("%s: %v; or its name is taken", e.name, err)
		}
		names[e.name] = true
	}
}
