package handlers

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"confnotes/internal/draft"
	"confnotes/internal/feed/feedcheck"
	"confnotes/models"
)

// markdown is an article with all that Markdown can do here.
const markdown = "# Jour\n\n## eBPF <script>\n\nUn [lien](https://slides.example/?a=1&b=2 \"titre\"), une note[^1], `x < y`, ==retenir==, ~~non~~, @ida, #Marées, https://nu.example/é.\n\n" +
	"| a | b |\n|:--|--:|\n| 1 | <b>2</b> |\n\n- [x] fait\n- à faire\n\n3. trois\n\n> Cité.\n> — Maëlle\n\n```go\nfunc main() {}\n```\n\n<div onclick=\"x\">brut</div>\n\n---\n\n[^1]: Là."

// feeds fills an instance with articles of every kind, and returns its feeds' addresses.
func feeds(t *testing.T) (*app, *person, []string) {
	t.Helper()
	a := newTestApp(t)
	gwen, ida := a.person("gwen", models.RoleOwner), a.person("ida", models.RoleAuthor)
	a.person("ola", models.RoleAuthor)
	picture := gwen.upload("/media", nil, "x.jpg", photo(t, 800, 500)).added(t)
	gwen.published(models.RevisionText{Language: "fr", Title: "Jour & <marées>", Source: markdown + "\n\n![La \"salle\"](" + picture.Path + ")\n\n![](" + picture.Path + ")", Cover: picture.ID, CoverAlt: `"<b>`, Tags: "Go, marées"})
	edited := gwen.article("Day one")
	form := gwen.get("/write/" + *edited.PublicID).form()
	form.Set("source", "Better")
	form.Set("action", "publish")
	gwen.post("/write/"+*edited.PublicID, form).want(t, "publish again", http.StatusSeeOther)
	ida.published(models.RevisionText{Language: "en", Title: "\u202eright\u0085 </title><script>", Summary: "\u2066a & <b>", Source: "\u0085\u202e", Tags: "Go"})
	var all []string
	for _, page := range []string{"", "/@gwen", "/@ida", "/@ola", "/tags/go", "/tags/mar%C3%A9es"} {
		all = append(all, page+"/feed.")
	}
	return a, gwen, all
}

func TestEveryFeedMeetsTheValidatorsRules(t *testing.T) {
	t.Parallel()
	a, _, paths := feeds(t)
	empty := newTestApp(t)
	for _, format := range feedcheck.Formats() {
		wantRules(t, format, "an empty instance", empty.nobody().get("/feed."+format.Format).body, "/feed."+format.Format)
		for _, path := range paths {
			wantRules(t, format, path, a.nobody().get(path+format.Format).want(t, path, http.StatusOK).body, path+format.Format)
		}
	}
}

func wantRules(t *testing.T, format feedcheck.Feed, what, source, path string) {
	t.Helper()
	doc, err := format.Parse(source, origin+path)
	if err != nil {
		t.Errorf("%s: %v\n%s", what, err, source)
		return
	}
	for _, rule := range format.Rules {
		t.Run(format.Format+"/"+rule.Name+"/"+what, func(t *testing.T) {
			for _, problem := range rule.Problems(doc) {
				t.Error(problem)
			}
		})
	}
}

func TestAFeedOrAPageComesAgainOnlyWhenItChanged(t *testing.T) {
	t.Parallel()
	a, gwen, _ := feeds(t)
	before := map[string]string{}
	paths := []string{"/feed.rss", "/feed.atom", "/feed.json", "/@gwen/feed.atom", "/tags/go/feed.rss", "/@gwen/day-one", "/@gwen", "/", "/tags/go"}
	for _, path := range paths {
		r := a.nobody().get(path, "Accept-Encoding", "gzip").want(t, path, http.StatusOK)
		before[path] = r.header("ETag")
		if before[path] == "" || !slices.Contains(r.Result().Header.Values("Vary"), "Accept-Encoding") || r.header("Content-Encoding") != "gzip" || r.header("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, r.Result().Header)
		}
		known := gwen.get(path, "Accept-Encoding", "gzip", "If-None-Match", before[path]).want(t, path+", known", http.StatusNotModified)
		if known.body != "" || known.header("ETag") != before[path] || known.header("Set-Cookie") != "" {
			t.Errorf("%s, known: %v %q", path, known.Result().Header, known.body)
		}
		if head := a.nobody().send(http.MethodHead, path, "", "Accept-Encoding", "gzip"); head.Code != http.StatusOK || head.body != "" || head.header("ETag") != before[path] {
			t.Errorf("HEAD %s: %d %v", path, head.Code, head.Result().Header)
		}
		if unchanged := a.nobody().get(path, "If-None-Match", `"other"`); unchanged.Code != http.StatusOK || unchanged.header("ETag") == before[path] {
			t.Errorf("%s, another and plain: %d %s", path, unchanged.Code, unchanged.header("ETag"))
		}
	}
	post, err := a.server.Store.Posts.ByPath(context.Background(), "gwen", "day-one")
	fatal(t, err)
	head, err := a.server.Store.Revisions.Head(context.Background(), post)
	fatal(t, err)
	_, err = a.server.Outbox.Publish(context.Background(), draft.Input{Account: gwen.Account, PostID: post.ID, ClientID: models.NewPublicID(), Base: head.Number,
		Text: models.RevisionText{Language: "en", Title: "Day one", Source: "Corrected", Tags: "Go"}}, noon)
	fatal(t, err)
	for _, path := range paths {
		r := a.nobody().get(path, "Accept-Encoding", "gzip", "If-None-Match", before[path])
		if r.Code != http.StatusOK || r.header("ETag") == before[path] {
			t.Errorf("%s, changed: %d", path, r.Code)
		}
	}
}
