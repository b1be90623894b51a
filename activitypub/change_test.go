package activitypub

import (
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// edited is a note after an edit.
func edited(note map[string]any, content, at string) map[string]any {
	return with(note, "content", content, "updated", at)
}

func TestAnEditCountsWhenItIsNewer(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "first") // published at 18:00, now is 18:30
	k.accept(k.alice, k.alice.does("Create", note))
	for _, step := range []struct{ at, content, want string }{
		{"", "without a time", "first"},
		{"yesterday", "with an unreadable time", "first"},
		{"2026-06-11T18:00:00Z", "as old as the note", "first"},
		{"2026-06-11T18:10:00.123456789Z", "newer", "newer"},
		{"2026-06-11T18:10:00.123456789Z", "the same time again", "newer"},
		{"2026-06-11T18:05:00Z", "older than what stands", "newer"},
		{"2026-06-11T19:15:00+02:00", "older, in another zone", "newer"},
		{"2026-06-11T18:20:00Z", "newer still", "newer still"},
		{"2999-01-01T00:00:00Z", "from the far future", "newer still"},
	} {
		k.accept(k.alice, k.alice.does("Update", edited(note, step.content, step.at)))
		if got := k.reply(note).HTML; got != step.want {
			t.Errorf("after an edit %s: %q, want %q", step.content, got, step.want)
		}
	}
}

func TestAnEditMayChangeWhoItIsFor(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "everyone")
	k.accept(k.alice, k.alice.does("Create", note))
	k.accept(k.alice, k.alice.does("Update", with(edited(note, "for gwen", "2026-06-11T18:10:00Z"), "to", k.iris.Actor("gwen"), "cc", nil)))
	if len(k.replies(models.Viewer{})) != 0 || len(k.replies(models.ViewerOf(k.gwen))) != 1 {
		t.Error("what is for gwen alone now is not")
	}
}

func TestAnEditOfWhatWeNeverSawIsStored(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, k.alice.does("Update", edited(k.alice.note(k.article(k.post), ""), "late", "2026-06-11T18:10:00Z")))
	k.accept(k.alice, k.alice.does("Update", edited(k.alice.note("https://other.example/1", ""), "not ours", "2026-06-11T18:10:00Z")))
	if got := k.replies(models.Viewer{}); len(got) != 1 || got[0] != "late" {
		t.Errorf("the thread has %q", got)
	}
}

func TestNobodyChangesAnothersReply(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "mine")
	k.accept(k.alice, k.alice.does("Create", note))
	for _, who := range []*remote{k.known("https://social.example", "bob"), k.known("https://other.example", "mallory")} {
		k.accept(who, who.does("Update", edited(note, "stolen", "2026-06-11T18:10:00Z")))
		k.accept(who, who.does("Update", with(edited(note, "stolen", "2026-06-11T18:10:00Z"), "attributedTo", who.id)))
		k.accept(who, who.does("Create", with(edited(note, "stolen", "2026-06-11T18:10:00Z"), "attributedTo", who.id)))
		k.accept(who, who.does("Delete", note["id"]))
		k.accept(who, who.does("Delete", map[string]any{"id": note["id"], "type": "Tombstone"}))
	}
	if p := k.reply(note); p.HTML != "mine" || p.State != models.PostPublished || p.ActorID != k.actorOf(k.alice).ID {
		t.Errorf("it is %q now, %s", p.HTML, p.State)
	}
	// What bob claims to have deleted is still alice's to send again.
	k.accept(k.alice, k.alice.does("Update", edited(note, "mine still", "2026-06-11T18:20:00Z")))
	if p := k.reply(note); p.HTML != "mine still" {
		t.Errorf("it is %q", p.HTML)
	}
}

func TestADeletedReplyStaysDeleted(t *testing.T) {
	t.Parallel()
	forms := map[string]func(id any) any{
		"an id":       func(id any) any { return id },
		"a Tombstone": func(id any) any { return map[string]any{"id": id, "type": "Tombstone", "atomUri": id} },
		"the note":    func(id any) any { return map[string]any{"id": id, "type": "Note"} },
	}
	for name, form := range forms {
		for _, order := range []string{"create delete create update", "delete create update", "update delete update"} {
			t.Run(name+" "+order, func(t *testing.T) {
				t.Parallel()
				k := newTalk(t)
				note := k.alice.note(k.article(k.post), "xylophone")
				for step := range strings.FieldsSeq(order) {
					switch step {
					case "create":
						k.accept(k.alice, k.alice.does("Create", note))
					case "update":
						k.accept(k.alice, k.alice.does("Update", edited(note, "xylophone again", "2026-06-11T18:10:00Z")))
					case "delete":
						k.accept(k.alice, k.alice.does("Delete", form(note["id"])))
					}
				}
				if got := k.replies(models.ViewerOf(k.gwen)); len(got) != 0 || strings.Contains(k.dump(), "xylophone") {
					t.Errorf("the thread has %q, or its words are left somewhere", got)
				}
			})
		}
	}
}

// What answers a deleted reply stays, in its place.
func TestAReplyToADeletedReplyStays(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	first := k.alice.note(k.article(k.post), "first")
	k.accept(k.alice, k.alice.does("Create", first))
	k.accept(k.alice, k.alice.does("Create", k.alice.note(first["id"].(string), "second")))
	k.accept(k.alice, k.alice.does("Delete", first["id"]))
	k.accept(k.alice, k.alice.does("Create", k.alice.note(first["id"].(string), "third")))
	if got := k.replies(models.Viewer{}); len(got) != 2 {
		t.Errorf("the thread has %q, want the second and the third", got)
	}
}

func TestWhoeverIsGoneIsForgottenAndStaysSo(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "xylophone")
	k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("gwen")))
	k.accept(k.alice, k.alice.does("Like", k.article(k.post)))
	k.accept(k.alice, k.alice.does("Announce", k.article(k.post)))
	k.accept(k.alice, k.alice.does("Create", note))
	gone := k.alice.does("Delete", k.alice.id)
	k.accept(k.alice, gone)
	for _, again := range []any{gone, k.alice.does("Delete", k.alice.id), k.alice.does("Delete", map[string]any{"id": k.alice.id, "type": "Person"})} {
		k.accept(k.alice, again)
	}
	for _, a := range []any{k.alice.does("Create", note), k.alice.does("Follow", k.iris.Actor("gwen")), k.alice.does("Like", k.article(k.post))} {
		if status := k.send(k.alice, a); status != 403 {
			t.Errorf("answered %d to somebody who is gone, want 403", status)
		}
	}
	dump := k.dump()
	if n := k.count("follows") + k.count("reactions") + k.count("posts WHERE kind = 'reply' AND state <> 'deleted'"); n != 0 ||
		strings.Contains(dump, "xylophone") || strings.Contains(dump, "The alice") {
		t.Errorf("%d rows, or words, of somebody who is gone", n)
	}
}

func TestAChangedProfileIsFetchedLater(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	p := newPeer(t)
	alice := p.actor("alice")
	s.accept(alice, alice.does("Follow", s.iris.Actor("gwen")))
	p.serve(alice.id, with(alice.document(), "name", "Alice the Great", "inbox", alice.base+"/new-inbox"))
	// What the activity carries counts for nothing: its origin says what is so.
	update := with(alice.document(), "name", "Somebody Else")
	s.accept(alice, alice.does("Update", update))
	s.accept(alice, alice.does("Update", alice.id))
	if n := s.count("jobs"); n != 1 || p.askedFor(alice.id) != 1 {
		t.Fatalf("%d jobs, asked %d times before the answer; want one job and the first key alone", n, p.askedFor(alice.id))
	}
	s.runErrands()
	if a := s.actorOf(alice); a.Name != "Alice the Great" || a.Inbox != alice.base+"/new-inbox" || s.count("jobs") != 0 {
		t.Errorf("%s at %s, %d jobs", a.Name, a.Inbox, s.count("jobs"))
	}
}

// A profile that is fetched while its owner leaves must not come back.
func TestARefreshDoesNotBringBackWhoLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	p := newPeer(t)
	alice := p.actor("alice")
	s.accept(alice, alice.does("Follow", s.iris.Actor("gwen")))
	s.accept(alice, alice.does("Update", alice.id))
	s.accept(alice, alice.does("Delete", alice.id))
	s.runErrands()
	if a := s.actorOf(alice); a.State != models.StateDeleted || a.Name != "" || len(a.Raw) != 0 {
		t.Errorf("%s %q is back", a.State, a.Name)
	}
}

func TestAnEditAfterAnHourFollowsOurClock(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	note := k.alice.note(k.article(k.post), "first")
	k.accept(k.alice, k.alice.does("Create", note))
	k.clock.move(48 * time.Hour)
	k.accept(k.alice, k.alice.does("Update", with(edited(note, "second", "2026-06-13T18:30:00Z"), "published", "2020-01-01T00:00:00Z", "to", vocab.Public)))
	if p := k.reply(note); p.HTML != "second" || !p.PublishedAt.Equal(time.Date(2026, 6, 11, 18, 0, 0, 0, time.UTC)) {
		t.Errorf("%q, published %s: an edit doesn't move it", p.HTML, p.PublishedAt)
	}
}
