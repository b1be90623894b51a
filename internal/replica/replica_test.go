package replica

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"confnotes/internal/media"
	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// gallery is a Service on a new database, with somebody who has a face.
type gallery struct {
	*Service
	t      *testing.T
	folder string
	actor  *models.Actor
}

func newGallery(t *testing.T) *gallery {
	store, dir := modelstest.Open(t)
	g := &gallery{t: t, folder: filepath.Join(dir, "copies")}
	files, err := media.OpenFolder(g.folder)
	g.must(err)
	g.Service = NewService(store, media.NewProcessor(), files, DefaultLimits, slog.New(slog.NewTextHandler(io.Discard, nil)), func() time.Time { return noon })
	uri := "https://far.example/users/far"
	g.actor = &models.Actor{URI: &uri, Kind: "Person", Handle: "far", Domain: "far.example", Inbox: uri + "/inbox", CreatedAt: noon}
	g.must(store.InTx(t.Context(), func(tx *models.Store) error {
		if err := tx.Actors.SaveRemote(t.Context(), g.actor); err != nil {
			return err
		}
		return Face(t.Context(), tx, g.actor.ID, "https://far.example/me.png", noon)
	}))
	return g
}

func (g *gallery) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *gallery) face() *models.RemoteMedia {
	g.t.Helper()
	rows, err := g.store.Media.Avatars(g.t.Context(), []int64{g.actor.ID})
	g.must(err)
	return rows[g.actor.ID]
}

// noise is a picture that no encoder makes small; what is see-through must be a PNG.
func noise(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(7)
	for i := range m.Pix {
		seed = seed*1664525 + 1013904223
		m.Pix[i] = uint8(seed >> 24)
	}
	m.SetNRGBA(0, 0, color.NRGBA{})
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestACopyThatIsTooLargeIsMadeSmallerOrRefused(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for name, tt := range map[string]struct{ w, h, wantWidth int }{
		"a small one keeps its size":      {400, 300, 400},
		"a wide one is as wide as a page": {1900, 100, 960},
		"one of megabytes is halved":      {960, 500, 480},
		"one that stays large is refused": {960, 2800, 0},
	} {
		v, err := g.shrink(t.Context(), models.MediaPicture, noise(t, tt.w, tt.h))
		switch {
		case tt.wantWidth == 0 && !errors.Is(err, ErrRefused):
			t.Errorf("%s: %v", name, err)
		case tt.wantWidth != 0 && (err != nil || v.Width != tt.wantWidth || len(v.Data) > maxCopy):
			t.Errorf("%s: %+v %v", name, v, err)
		}
	}
}

func TestWhatIsNotWantedAnyMoreIsNotKept(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := g.face()
	g.must(g.store.InTx(t.Context(), func(tx *models.Store) error { return tx.Media.DropActor(t.Context(), g.actor.ID) }))
	g.must(g.Keep(t.Context(), m, noise(t, 20, 20)))
	if _, err := g.Open(t.Context(), m.PublicID, File(m)); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("it is served: %v", err)
	}
	if _, err := os.Stat(filepath.Join(g.folder, m.PublicID)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its file is there: %v", err)
	}
}

func TestALostFileIsFetchedAgain(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := g.face()
	g.must(g.Keep(t.Context(), m, noise(t, 20, 20)))
	g.must(os.RemoveAll(filepath.Join(g.folder, m.PublicID)))
	if _, err := g.Open(t.Context(), m.PublicID, File(m)); !errors.Is(err, models.ErrNotFound) {
		t.Fatalf("%v", err)
	}
	g.must(g.Round(t.Context()))
	if lost := g.face(); lost.State != models.MediaAbsent || lost.PublicID != "" {
		t.Errorf("it is %s", lost.State)
	}
	g.Shown(g.face())
	g.must(g.Round(t.Context()))
	if wanted := g.face(); wanted.State != models.MediaWanted {
		t.Errorf("shown again it is %s", wanted.State)
	}
}

func TestFilesWithoutACopyGo(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	m := g.face()
	g.must(g.Keep(t.Context(), m, noise(t, 20, 20)))
	old, fresh := models.NewPublicID(), models.NewPublicID()
	for id, at := range map[string]time.Time{old: noon.Add(-48 * time.Hour), fresh: noon, m.PublicID: noon.Add(-48 * time.Hour)} {
		g.must(g.Service.folder.Put(id+"/thumb.png", []byte("x")))
		g.must(os.Chtimes(filepath.Join(g.folder, id), at, at))
	}
	g.must(g.removeStrays(t.Context()))
	for id, want := range map[string]bool{old: false, fresh: true, m.PublicID: true} {
		if _, err := os.Stat(filepath.Join(g.folder, id)); (err == nil) != want {
			t.Errorf("%v, want it there: %t", err, want)
		}
	}
}

func TestWhatPagesShowIsNotedWithinBounds(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for id := range int64(maxNoted + 100) {
		g.Shown(&models.RemoteMedia{ID: id, Kind: models.MediaAvatar, State: models.MediaAbsent})
	}
	if n := len(g.shown); n != maxNoted {
		t.Errorf("%d are noted", n)
	}
	g.must(g.Round(context.Background()))
	if n := len(g.shown); n != 0 {
		t.Errorf("%d are left", n)
	}
}
