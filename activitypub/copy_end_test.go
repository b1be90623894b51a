package activitypub

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

func TestAnEditAndANewFaceReplaceTheCopies(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	face := func(path string) {
		url := g.show(path, "image/jpeg", photo(t))
		g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "url": url}))
	}
	face("/old.jpg")
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	first, second := g.show("/1.jpg", "image/jpeg", photo(t)), g.show("/2.jpg", "image/jpeg", photo(t))
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", []any{attachment(first, "one"), attachment(second, "two")})
	g.accept(g.ben, g.ben.does("Create", note))
	g.work()
	before, oldFace := g.attached(note), g.face(g.ben)
	g.accept(g.ben, g.ben.does("Update", with(edited(note, "again", "2026-06-11T18:20:00Z"), "attachment", []any{attachment(first, "one, better said")})))
	face("/new.jpg")
	g.accept(g.ben, g.ben.does("Update", g.ben.id))
	g.work()
	after := g.attached(note)
	if len(after) != 1 || after[0].PublicID != before[0].PublicID || after[0].Alt != "one, better said" || g.peer.askedFor("/1.jpg") != 1 {
		t.Errorf("what stayed: %+v", after)
	}
	if g.file(before[1]) != nil || g.file(oldFace) != nil || g.file(g.face(g.ben)) == nil || g.face(g.ben).PublicID == oldFace.PublicID {
		t.Error("what was taken out is still served, or the new face is not")
	}
	if n := g.count("remote_media WHERE state = 'gone'"); n != 0 {
		t.Errorf("%d rows wait for files that are gone", n)
	}
	g.peer.serve(g.ben.id, g.ben.document())
	g.accept(g.ben, g.ben.does("Update", g.ben.id))
	g.work()
	if m := g.face(g.ben); m.ID != 0 {
		t.Errorf("a face that was taken away stays: %+v", m)
	}
}

func TestNothingIsLeftOfWhatIsDeletedOrBlocked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end        func(g *gallery, note map[string]any)
		faceStays  bool
		forgotten  bool // its URL, too
		reactStays bool
	}{
		"the reply": {func(g *gallery, note map[string]any) { g.accept(g.ben, g.ben.does("Delete", note["id"])) }, true, true, true},
		"the actor": {func(g *gallery, _ map[string]any) { g.accept(g.ben, g.ben.does("Delete", g.ben.id)) }, false, true, false},
		"the server": {func(g *gallery, _ map[string]any) {
			g.must(g.outbox.Block(g.ctx(), g.gwen, models.Block{Domain: vocab.Hostname(g.peer.base)}))
		}, false, false, false},
		"the account": {func(g *gallery, _ map[string]any) {
			g.must(g.outbox.Block(g.ctx(), g.gwen, models.Block{ActorID: g.actorOf(g.ben).ID}))
		}, false, false, false},
		"the account, by the article's author alone": {func(g *gallery, _ map[string]any) {
			g.must(g.outbox.Block(g.ctx(), g.gwen, models.Block{AccountID: g.gwen.ID, ActorID: g.actorOf(g.ben).ID}))
		}, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGallery(t)
			url := g.show("/photo.jpg", "image/jpeg", photo(t))
			g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "url": url}))
			g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
			g.accept(g.ben, g.ben.does("Like", g.article(g.post)))
			note := with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(url, "secret words"))
			g.accept(g.ben, g.ben.does("Create", note))
			g.work()
			face, picture := g.face(g.ben), g.attached(note)[0]
			if g.file(face) == nil || g.file(picture) == nil {
				t.Fatal("there are no copies")
			}
			c.end(g, note)
			if g.file(picture) != nil || (g.file(face) != nil) != c.faceStays {
				t.Error("what is gone is still served")
			}
			g.work()
			if files := g.count("remote_media WHERE public_id <> ''"); (files == 1) != c.faceStays || files > 1 {
				t.Errorf("%d files are left", files)
			}
			if got := g.count("remote_media WHERE alt = 'secret words'"); (got == 0) != c.forgotten {
				t.Errorf("%d rows still know what it showed", got)
			}
			if got := g.count("reactions"); (got == 1) != c.reactStays {
				t.Errorf("%d likes", got)
			}
		})
	}
}

func TestABlockedServersPicturesAreNotFetched(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	url := g.show("/photo.jpg", "image/jpeg", photo(t))
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	g.accept(g.ben, g.ben.does("Create", with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(url, ""))))
	g.must(g.outbox.Block(g.ctx(), g.gwen, models.Block{Domain: vocab.Hostname(g.peer.base)}))
	g.work()
	if n := g.peer.askedFor("/photo.jpg"); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhatNobodyLooksAtIsLetGoAndFetchedAgain(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	url := g.show("/photo.jpg", "image/jpeg", photo(t))
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(url, ""))
	g.accept(g.ben, g.ben.does("Create", note))
	g.work()
	for range 3 { // shown now and then, it stays
		g.clock.move(20 * 24 * time.Hour)
		g.copies.Shown(g.attached(note)...)
		g.work()
	}
	old := g.attached(note)[0]
	if g.file(old) == nil || g.peer.askedFor("/photo.jpg") != 1 {
		t.Fatalf("it is %s, asked for %d times", old.State, g.peer.askedFor("/photo.jpg"))
	}
	g.clock.move(29 * 24 * time.Hour)
	g.work()
	if m := g.attached(note)[0]; g.file(old) != nil || m.State != models.MediaAbsent || m.PublicID != "" {
		t.Fatalf("after a month unseen it is %s", m.State)
	}
	g.copies.Shown(g.attached(note)...)
	g.work()
	if m := g.attached(note)[0]; g.file(m) == nil || g.peer.askedFor("/photo.jpg") != 2 {
		t.Errorf("shown again it is %s", m.State)
	}
}

// Together the test's copies may take 10 kB.
func TestTheCopiesTogetherAreCappedAndTheOldestGoFirst(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	var notes []map[string]any
	for i := range 8 {
		url := g.show(fmt.Sprintf("/%d.png", i), "image/png", pngOf(t, 700, 500+i))
		note := with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(url, ""))
		g.accept(g.ben, g.ben.does("Create", note))
		g.work()
		notes = append(notes, note)
		g.clock.move(time.Hour)
	}
	var kept []bool
	total := 0
	for _, n := range notes {
		m := g.attached(n)[0]
		kept = append(kept, g.file(m) != nil)
		total += len(g.file(m))
	}
	if total > 10_000 || !slices.Contains(kept, true) || kept[0] || !kept[7] {
		t.Errorf("%d bytes are kept: %v", total, kept)
	}
	if at := slices.Index(kept, true); slices.Contains(kept[at:], false) {
		t.Errorf("a newer one went before an older one: %v", kept)
	}
}

func TestOnlyFourPicturesOfAReplyAreCopied(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	url := g.show("/photo.jpg", "image/jpeg", photo(t))
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	var many []any
	for range 40 {
		many = append(many, attachment(url, ""))
	}
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", many)
	g.accept(g.ben, g.ben.does("Create", note))
	g.work()
	if pictures, all := g.count("remote_media WHERE kind = 'picture'"), g.count("remote_media"); pictures != 4 || all != 16 {
		t.Errorf("%d pictures, %d attachments", pictures, all)
	}
}
