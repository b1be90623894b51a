package activitypub

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	"image/png"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"confnotes/internal/replica"
	"confnotes/models"
)

// gallery is a talk whose replies come from a peer that serves pictures.
type gallery struct {
	*talk
	peer *peer
	ben  *remote
}

func newGallery(t *testing.T) *gallery {
	k := newTalk(t)
	p := newPeer(t)
	return &gallery{k, p, p.actor("ben")}
}

// show has the peer answer a path with a file, and returns its URL.
func (g *gallery) show(path, kind string, file []byte) string {
	g.peer.handle(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(file)
	})
	return g.peer.base + path
}

// work does what is due: jobs, then the round of the copies, then what that queued.
func (g *gallery) work() {
	g.t.Helper()
	g.runErrands()
	g.must(g.copies.Round(g.ctx()))
	g.runErrands()
}

// photo has GPS in its metadata, see internal/media/testdata.
func photo(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile("../internal/media/testdata/photo.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("CONFGPS-DATUM")) {
		t.Fatal("the sample says nothing of where it was taken: these tests prove nothing")
	}
	return file
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	for i := range m.Pix {
		m.Pix[i] = uint8(i / 7 % 2)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func attachment(url, alt string) map[string]any {
	return map[string]any{"type": "Document", "mediaType": "image/jpeg", "url": url, "name": alt}
}

// attached is what stands under a reply.
func (g *gallery) attached(note map[string]any) []*models.RemoteMedia {
	g.t.Helper()
	id := g.reply(note).ID
	rows, err := g.store.Media.Attached(g.ctx(), []int64{id})
	g.must(err)
	return rows[id]
}

func (g *gallery) face(of *remote) *models.RemoteMedia {
	g.t.Helper()
	id := g.actorOf(of).ID
	rows, err := g.store.Media.Avatars(g.ctx(), []int64{id})
	g.must(err)
	if rows[id] == nil {
		return &models.RemoteMedia{}
	}
	return rows[id]
}

// file reads a copy as our pages' readers get it; nil for one that is not served.
func (g *gallery) file(m *models.RemoteMedia) []byte {
	g.t.Helper()
	f, err := g.copies.Open(g.ctx(), m.PublicID, replica.File(m))
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	g.must(err)
	return data
}

func TestAFaceAndAPictureBecomeOurOwnCopies(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	icon := g.show("/ben.png", "image/png", pngOf(t, 400, 300))
	g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "mediaType": "image/png", "url": icon}))
	picture := g.show("/photo.jpg", "image/jpeg", photo(t))
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", []any{attachment(picture, "a <b>test</b> card"),
		map[string]any{"type": "Document", "mediaType": "video/mp4", "url": g.peer.base + "/film.mp4"}})
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen"))) // from now on no stranger, whose pictures would wait
	g.accept(g.ben, g.ben.does("Create", note))
	if g.peer.askedFor("/ben.png")+g.peer.askedFor("/photo.jpg") != 0 || g.count("jobs") != 2 {
		t.Fatalf("a picture was fetched before the answer, or %d jobs", g.count("jobs"))
	}
	g.work()
	rows := g.attached(note)
	if len(rows) != 2 || rows[0].State != models.MediaKept || rows[0].Alt != "a test card" || rows[1].Kind != models.MediaLink {
		t.Fatalf("attached: %+v", rows)
	}
	copied := g.file(rows[0])
	if len(copied) == 0 || bytes.Contains(copied, []byte("CONFGPS")) || bytes.Contains(copied, []byte("Exif")) || bytes.Equal(copied, photo(t)) {
		t.Errorf("the copy of %d bytes is the stranger's file, or says where it was taken", len(copied))
	}
	m, _, err := image.Decode(bytes.NewReader(g.file(g.face(g.ben))))
	if err != nil || m.Bounds().Dx() != 128 || m.Bounds().Dy() != 128 {
		t.Errorf("the face: %v %v", m, err)
	}
	if g.peer.askedFor("/film.mp4") != 0 || g.count("jobs") != 0 {
		t.Errorf("the film was fetched, or jobs are left")
	}
}

func emoji(name, url string) map[string]any {
	return map[string]any{"type": "Emoji", "name": name, "icon": map[string]any{"type": "Image", "mediaType": "image/png", "url": url}}
}

func TestAnEmojiInTheTextBecomesOurOwnCopy(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	gull, tern := g.show("/gull.png", "image/png", pngOf(t, 400, 300)), g.show("/tern.png", "image/png", pngOf(t, 64, 64))
	note := with(g.ben.note(g.article(g.post), "<p>A :gull: over the sea</p>"), "tag", []any{emoji(":gull:", gull), emoji(":tern:", tern)})
	note["attachment"] = attachment(g.show("/photo.jpg", "image/jpeg", photo(t)), "a test card")
	g.accept(g.ben, g.ben.does("Create", note))
	g.work()
	rows := g.attached(note)
	if len(rows) != 2 || rows[0].Kind != models.MediaPicture || rows[1].Kind != models.MediaEmoji || rows[1].Alt != ":gull:" || rows[1].State != models.MediaKept {
		t.Fatalf("attached: %+v", rows)
	}
	if m, _, err := image.Decode(bytes.NewReader(g.file(rows[1]))); err != nil || m.Bounds().Dy() != 64 || m.Bounds().Dx() != 85 {
		t.Errorf("the copy: %v %v", m, err)
	}
	if g.peer.askedFor("/tern.png") != 0 {
		t.Error("an emoji was fetched that the text doesn't name")
	}
	g.accept(g.ben, g.ben.does("Update", with(with(note, "content", "<p>A :tern:, rather</p>"), "updated", g.clock.now().Add(time.Minute).Format(time.RFC3339))))
	g.work()
	if rows = g.attached(note); len(rows) != 2 || rows[1].Alt != ":tern:" || rows[1].State != models.MediaKept || rows[1].URL != tern {
		t.Errorf("after the edit: %+v", rows)
	}
}

func TestOfManyEmojiTheFirstBecomeCopies(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	var tags []any
	text := ""
	for n := range 30 {
		name := fmt.Sprintf(":gull%02d:", n)
		tags, text = append(tags, emoji(name, fmt.Sprintf("%s/%d.png", g.peer.base, n))), text+name
	}
	note := with(g.ben.note(g.article(g.post), text), "tag", tags)
	g.accept(g.ben, g.ben.does("Create", note))
	if rows := g.attached(note); len(rows) != 16 {
		t.Errorf("%d emoji", len(rows))
	}
}

func TestWhatBecomesNoCopy(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	redirect := func(path, to string) string {
		g.peer.handle(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		return g.peer.base + path
	}
	g.peer.status("/missing.png", http.StatusNotFound)
	g.peer.handle("/endless.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		for block := make([]byte, 1<<20); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	bomb := pngOf(t, 30, 30)
	copy(bomb[16:24], []byte{0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30}) // 30,000 by 30,000
	for name, url := range map[string]string{
		"an SVG":                          g.show("/a.svg", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)),
		"an SVG that says it is a PNG":    g.show("/b.png", "image/png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)),
		"a page":                          g.show("/c.png", "text/html", []byte("<script>alert(1)</script>")),
		"a page that says it is a PNG":    g.show("/d.png", "image/png", []byte("<script>alert(1)</script>")),
		"a bomb":                          g.show("/e.png", "image/png", bomb),
		"half a picture":                  g.show("/f.jpg", "image/jpeg", photo(t)[:2000]),
		"a file without end":              g.peer.base + "/endless.png",
		"what is missing":                 g.peer.base + "/missing.png",
		"a redirect to a private address": redirect("/g.png", "http://10.0.0.1/x.png"),
		"a redirect in a circle":          redirect("/h.png", g.peer.base+"/h.png"),
		"a private address":               "http://169.254.169.254/latest/meta-data",
		"our own address, odd port":       "http://[::1]:22/x.png",
	} {
		note := with(g.ben.note(g.article(g.post), name), "attachment", attachment(url, "what it shows"))
		g.accept(g.ben, g.ben.does("Create", note))
		g.work()
		rows := g.attached(note)
		if len(rows) != 1 || rows[0].State != models.MediaFailed || rows[0].PublicID != "" || rows[0].Alt != "what it shows" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	if n := g.count("jobs"); n != 0 {
		t.Errorf("%d jobs are left: what can't be had is asked for again and again", n)
	}
}

func TestAPictureThatFailsIsNotHammered(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.peer.status("/down.jpg", http.StatusBadGateway)
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(g.peer.base+"/down.jpg", ""))
	g.accept(g.ben, g.ben.does("Create", note))
	for range 3 * errandAttempts {
		g.work()
		g.clock.move(3 * time.Hour)
	}
	asked := g.peer.askedFor("/down.jpg")
	if state := g.attached(note)[0].State; asked != errandAttempts || state != models.MediaFailed {
		t.Fatalf("asked %d times, it is %s", asked, state)
	}
	g.copies.Shown(g.attached(note)...)
	g.work()
	if g.peer.askedFor("/down.jpg") != asked {
		t.Error("asked again the same week")
	}
	g.show("/down.jpg", "image/jpeg", photo(t))
	g.clock.move(8 * 24 * time.Hour)
	g.copies.Shown(g.attached(note)...)
	g.work()
	if state := g.attached(note)[0].State; state != models.MediaKept {
		t.Errorf("a week later it is %s", state)
	}
}

// Whoever changes their picture tells their followers, and may not tell us.
func TestAFaceThatMovedIsFoundAgain(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	url := g.show("/old.jpg", "image/jpeg", photo(t))
	g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "url": url}))
	g.accept(g.ben, g.ben.does("Follow", g.iris.Actor("gwen")))
	g.work()
	g.clock.move(30 * 24 * time.Hour) // and nobody looks
	g.work()
	g.peer.status("/old.jpg", http.StatusNotFound)
	url = g.show("/new.jpg", "image/jpeg", photo(t))
	asked := g.peer.askedFor(g.ben.id)
	g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "url": url}))
	g.copies.Shown(g.face(g.ben))
	g.work()
	g.work()
	if m := g.face(g.ben); m.URL != url || g.file(m) == nil || g.peer.askedFor(g.ben.id) != asked+1 {
		t.Errorf("it is %s at %s; the profile was fetched %d times", m.State, m.URL, g.peer.askedFor(g.ben.id)-asked)
	}
	g.peer.status("/new.jpg", http.StatusNotFound)
	for range 5 { // a profile that names another missing picture each time is not fetched on and on
		g.peer.serve(g.ben.id, with(g.ben.document(), "icon", map[string]any{"type": "Image", "url": url + newClientID()}))
		g.accept(g.ben, g.ben.does("Update", g.ben.id))
		g.work()
	}
	if n := g.peer.askedFor(g.ben.id) - asked; n != 6 || g.count("jobs") != 0 {
		t.Errorf("the profile was fetched %d times for six reasons", n)
	}
}

func TestAHeldReplysPicturesAreFetchedWhenItIsShown(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	picture := g.show("/photo.jpg", "image/jpeg", photo(t))
	note := with(g.ben.note(g.article(g.post), "look"), "attachment", attachment(picture, ""))
	g.accept(g.ben, g.ben.does("Create", note))
	g.work()
	held := g.attached(note)
	if g.reply(note).Moderation != models.ModerationHeld || g.peer.askedFor("/photo.jpg") != 0 || held[0].State != models.MediaAbsent {
		t.Fatalf("a stranger's picture was fetched before anybody said yes: %+v", held[0])
	}
	g.copies.Shown(held...)
	g.work()
	if m := g.attached(note)[0]; g.file(m) == nil {
		t.Errorf("it is %s once it is shown", m.State)
	}
}
