package activitypub

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"confnotes/models"
)

// TestAReportReachesTheModerators: Mastodon reports in its server's name, the account first,
// then what it wrote.
func TestAReportReachesTheModerators(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	boss, gwen := s.person("boss", models.RoleOwner), s.person("gwen", models.RoleAuthor)
	s.person("edit", models.RoleEditor)
	post, other := s.publish(gwen, text("Day one", "Words.")), s.publish(boss, text("Day two", "Words."))
	server := s.known("https://social.example", "actor")
	flags := func(objects any, words string) map[string]any {
		return with(server.does("Flag", objects), "content", words)
	}
	s.accept(server, flags([]any{s.iris.Actor("gwen"), s.iris.Post(post), s.iris.Post(post), s.iris.Post(other), "https://notes.example/articles/AAAAAAAAAAAAAAAAAAAAAA", "https://elsewhere.example/1"},
		"<b>Spam</b>\nagain"))
	rows, err := s.store.Reports.Open(s.ctx(), 0, 9)
	if err != nil || len(rows) != 1 || rows[0].TargetID != gwen.ActorID || rows[0].Comment != "Spam again" || fmt.Sprint(rows[0].PostIDs) != fmt.Sprint([]int64{post.ID}) {
		t.Fatalf("reports %+v, %v", rows, err)
	}
	if n := s.count("notifications WHERE kind = 'report'"); n != 2 {
		t.Errorf("%d are told, want the owner and the editor", n)
	}
	s.accept(server, flags(s.iris.Post(other), strings.Repeat("x", 2*MaxReport)))
	if rows, err = s.store.Reports.Open(s.ctx(), 0, 9); err != nil || len(rows) != 2 || utf8.RuneCountInString(rows[1].Comment) > MaxReport {
		t.Errorf("%d reports, %v", len(rows), err)
	}
	if n := s.count("notifications WHERE kind = 'report'"); n != 2 {
		t.Errorf("%d notifications, want one of each moderator, and anew", n)
	}
	for _, nothing := range []any{"https://elsewhere.example/users/x", s.iris.Actor("nobody"), s.iris.Actor(InstanceHandle) + "/outbox"} {
		s.accept(server, flags(nothing, "x"))
	}
	if n := s.count("reports"); n != 2 {
		t.Errorf("%d reports, want no more", n)
	}
}

// TestAServerCantFloodTheReports of others.
func TestAServerCantFloodTheReports(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	for i := range maxReports + 5 {
		by := s.known("https://social.example", fmt.Sprintf("m%d", i%3))
		s.accept(by, with(by.does("Flag", s.iris.Actor("gwen")), "content", "x"))
	}
	if n := s.count("reports"); n != maxReports {
		t.Errorf("%d reports wait, want %d", n, maxReports)
	}
	calm := s.known("https://calm.example", "m")
	s.accept(calm, with(calm.does("Flag", s.iris.Actor("gwen")), "content", "x"))
	if n := s.count("reports"); n != maxReports+1 {
		t.Errorf("%d reports: another server isn't heard", n)
	}
}

// TestAReplyIsReportedToItsServer: once, in the server's name, to nobody else, and unread by
// anybody.
func TestAReplyIsReportedToItsServer(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, k.alice.does("Create", k.alice.note(k.article(k.post), "<p>Spam</p>")))
	thread, err := k.store.Posts.Thread(k.ctx(), models.ViewerOf(k.gwen), k.post.ID)
	k.must(err)
	reply := thread[0]
	stranger := k.person("erell", models.RoleAuthor)
	if err := k.outbox.Report(k.ctx(), stranger, k.post, reply, "x"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody who has no say there: %v", err)
	}
	k.must(k.outbox.Report(k.ctx(), k.gwen, k.post, reply, "Sells things"))
	if err := k.outbox.Report(k.ctx(), k.gwen, k.post, reply, "Again"); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second time: %v", err)
	}
	rows, err := k.raw.Query("SELECT a.public_id, a.body, d.inbox FROM activities a JOIN deliveries d ON d.activity_id = a.id WHERE a.type = 'Flag'")
	k.must(err)
	defer rows.Close()
	sent := 0
	for rows.Next() {
		var id, inbox string
		var body []byte
		k.must(rows.Scan(&id, &body, &inbox))
		var doc map[string]any
		k.must(json.Unmarshal(body, &doc))
		sent++
		if inbox != k.alice.id+"/inbox" || doc["actor"] != k.iris.Actor(InstanceHandle) || doc["content"] != "Sells things" ||
			fmt.Sprint(doc["object"]) != fmt.Sprint([]any{k.alice.id, *reply.URI}) || strings.Contains(string(body), "gwen") {
			t.Errorf("sent to %s: %s", inbox, body)
		}
		if lost := undefinedTerms(body); len(lost) > 0 {
			t.Errorf("a JSON-LD processor drops %v", lost)
		}
		if _, err := k.docs.Activity(k.ctx(), id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("anybody can read it: %v", err)
		}
	}
	if k.must(rows.Err()); sent != 1 {
		t.Errorf("%d Flags, want one", sent)
	}
}
