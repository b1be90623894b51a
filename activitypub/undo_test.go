package activitypub

import (
	"testing"

	"confnotes/models"
)

// undoable are the activities that can be taken back, and where each leaves a row.
var undoable = []struct {
	typ    string
	table  string
	object func(k *talk) string
}{
	{"Follow", "follows", func(k *talk) string { return k.iris.Actor("gwen") }},
	{"Like", "reactions", func(k *talk) string { return k.article(k.post) }},
	{"Announce", "reactions", func(k *talk) string { return k.article(k.post) }},
}

func TestWhatWasDoneCanBeUndone(t *testing.T) {
	t.Parallel()
	ways := map[string]func(done map[string]any) any{
		"by its id":                        func(done map[string]any) any { return done["id"] },
		"by an object with its id alone":   func(done map[string]any) any { return map[string]any{"id": done["id"], "type": done["type"]} },
		"by the activity":                  func(done map[string]any) any { return done },
		"by the activity without an id":    func(done map[string]any) any { return with(done, "id", nil) },
		"by the activity under another id": func(done map[string]any) any { return with(done, "id", done["id"].(string)+"/other") },
	}
	for _, u := range undoable {
		for name, way := range ways {
			t.Run(u.typ+" "+name, func(t *testing.T) {
				t.Parallel()
				k := newTalk(t)
				done := k.alice.does(u.typ, u.object(k))
				k.accept(k.alice, done)
				if k.count(u.table) != 1 {
					t.Fatal("nothing to undo")
				}
				undo := k.alice.does("Undo", way(done))
				k.accept(k.alice, undo)
				k.accept(k.alice, k.alice.does("Undo", way(done))) // again: nothing to undo
				if k.count(u.table) != 0 || k.count("reaction_uris") != 0 || k.outcome(undo) != outcomeDone {
					t.Errorf("%d rows are left, outcome %s", k.count(u.table), k.outcome(undo))
				}
			})
		}
	}
}

func TestNobodyUndoesForAnother(t *testing.T) {
	t.Parallel()
	for _, u := range undoable {
		t.Run(u.typ, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			done := k.alice.does(u.typ, u.object(k))
			k.accept(k.alice, done)
			neighbour, stranger := k.known("https://social.example", "bob"), k.known("https://other.example", "mallory")
			for _, who := range []*remote{neighbour, stranger} {
				k.accept(who, who.does("Undo", done["id"]))
				k.accept(who, who.does("Undo", done))
				k.accept(who, who.does("Undo", with(done, "actor", who.id)))
				k.accept(who, who.does("Undo", with(done, "id", nil)))
			}
			if k.count(u.table) != 1 {
				t.Error("somebody else undid it")
			}
		})
	}
}

// A group may announce one post in two forms, and undo either.
func TestABoostAnnouncedTwiceIsUndoneByEither(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]int{"the first": 0, "the second": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			forms := []map[string]any{k.alice.does("Announce", k.article(k.post)), k.alice.does("Announce", k.article(k.post))}
			for _, f := range forms {
				k.accept(k.alice, f)
			}
			if k.count("reactions") != 1 || k.count("reaction_uris") != 2 {
				t.Fatalf("%d reactions under %d ids, want 1 under 2", k.count("reactions"), k.count("reaction_uris"))
			}
			k.accept(k.alice, k.alice.does("Undo", forms[which]["id"]))
			if k.count("reactions") != 0 || k.count("reaction_uris") != 0 {
				t.Error("the boost still counts")
			}
		})
	}
}

// An id is only good within its own type, and only on what it was given for.
func TestUndoingALikeLeavesTheBoost(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	like := k.alice.does("Like", k.article(k.post))
	k.accept(k.alice, like)
	k.accept(k.alice, k.alice.does("Announce", k.article(k.post)))
	k.accept(k.alice, k.alice.does("Undo", like))
	if got := k.strings("SELECT type FROM reactions"); len(got) != 1 || got[0] != models.ReactionAnnounce {
		t.Errorf("left are %v, want the boost", got)
	}
}

func TestWhatIsUndoneBeforeItComesHasNoEffect(t *testing.T) {
	t.Parallel()
	for _, u := range undoable {
		t.Run(u.typ, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			done := k.alice.does(u.typ, u.object(k))
			k.accept(k.alice, k.alice.does("Undo", done))
			k.accept(k.alice, done)
			if n := k.count(u.table); n != 0 {
				t.Errorf("%d rows: it came after its Undo", n)
			}
			k.accept(k.alice, k.alice.does(u.typ, u.object(k)))
			if n := k.count(u.table); n != 1 {
				t.Errorf("%d rows after doing it anew, want 1", n)
			}
		})
	}
}
