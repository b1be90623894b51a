package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"confnotes/internal/media"
	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// desk is a Service over a new database and folder, and an author.
type desk struct {
	*Service
	t      *testing.T
	author *models.Account
	at     time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	store, dir := modelstest.Open(t)
	folder, err := media.OpenFolder(filepath.Join(dir, "media"))
	must(t, err)
	t.Cleanup(func() { _ = folder.Close() })
	actor := &models.Actor{Kind: "Person", Handle: "gwen", CreatedAt: noon}
	d := &desk{t: t, author: &models.Account{Actor: actor, Role: models.RoleAuthor, CreatedAt: noon}, at: time.Now()}
	must(t, store.InTx(context.Background(), func(tx *models.Store) error {
		err := tx.Actors.CreateLocal(context.Background(), actor, &models.ActorKey{Algorithm: "rsa"})
		d.author.ActorID = actor.ID
		return errors.Join(err, tx.Accounts.Create(context.Background(), d.author))
	}))
	d.Service = NewService(store, folder, slog.New(slog.DiscardHandler), func() time.Time { return d.at })
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drawing is a PNG that differs from others of another tint.
func drawing(t *testing.T, tint uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		img.Set(x, x%40, color.RGBA{tint, uint8(x), 9, 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

func (d *desk) add(file []byte) (*models.Picture, error) {
	upload, err := d.Receive(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	defer func() { _ = upload.Close() }()
	return d.Add(context.Background(), d.author, upload)
}

// files lists the ids that have files.
func (d *desk) files() (ids []string) {
	d.t.Helper()
	for kept, err := range d.folder.List() {
		must(d.t, err)
		ids = append(ids, kept.ID)
	}
	return ids
}

func TestPathAndIDAreInverse(t *testing.T) {
	t.Parallel()
	id := models.NewPublicID()
	for dest, want := range map[string]string{Path(id): id, Path(id) + "/960.jpg": id, "/media/short": "", "media/" + id: "", "/media/" + id + "/../x": "",
		"https://far.example/media/" + id: "", Path(id) + "?x": "", Path(id) + "/960.svg": ""} {
		if got, ok := ID(dest); got != want || ok != (want != "") {
			t.Errorf("%s names %q, %t; want %q", dest, got, ok, want)
		}
	}
}

func TestNamedListsTheCoverFirstAndEachOnce(t *testing.T) {
	t.Parallel()
	a, b := models.NewPublicID(), models.NewPublicID()
	text := models.RevisionText{Cover: b, Source: "![x](" + Path(a) + ") ![y](" + Path(b) + ") ![z](" + Path(a) + "/480.png) ![](https://far.example/x.png) `![c](/media/" + models.NewPublicID() + ")`"}
	if got := Named(text); !slices.Equal(got, []string{b, a}) {
		t.Errorf("named %v, want %v", got, []string{b, a})
	}
}

func TestTheSameFileSentAtOnceIsOnePicture(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var wg sync.WaitGroup
	ids := make([]string, 6)
	file := drawing(t, 1)
	for i := range ids {
		wg.Go(func() {
			p, err := d.add(file)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = p.PublicID
		})
	}
	wg.Wait()
	if one := slices.Compact(slices.Clone(ids)); len(one) != 1 {
		t.Errorf("became %v", ids)
	}
	if files := d.files(); len(files) != 1 || files[0] != ids[0] {
		t.Errorf("files of %v, want of %s alone", files, ids[0])
	}
}

func TestWhatCantBeTakenLeavesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, tt := range map[string]struct {
		file []byte
		want models.InvalidError
	}{
		"too large": {make([]byte, media.MaxBytes+1), models.InvalidError{Field: "picture", Reason: models.TooManyBytes, Limit: 16}},
		"a text":    {[]byte("words"), models.InvalidError{Field: "picture", Reason: models.NotAPicture}},
		"cut short": {drawing(t, 1)[:60], models.InvalidError{Field: "picture", Reason: models.Damaged}},
	} {
		_, err := d.add(tt.file)
		if invalid, ok := errors.AsType[*models.InvalidError](err); !ok || *invalid != tt.want {
			t.Errorf("%s: %v, want %v", name, err, &tt.want)
		}
	}
	if files := d.files(); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

// Every reason of the leaf has words for the command line.
func TestEveryRefusalHasWords(t *testing.T) {
	t.Parallel()
	for _, reason := range media.Reasons() {
		err := invalid(&media.RefusedError{Reason: reason, Limit: 16 << 20})
		if len(err.Error()) < len("picture: ")+10 {
			t.Errorf("%s: %q", reason, err)
		}
	}
}

func TestTheSweepTakesWhatNothingShowsAndStrayFiles(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	unused, err := d.add(drawing(t, 1))
	must(t, err)
	shown, err := d.add(drawing(t, 2))
	must(t, err)
	must(t, d.folder.Put("strayfileofakilledadd0/480.png", drawing(t, 3)))
	must(t, d.store.InTx(context.Background(), func(tx *models.Store) error {
		ctx, id := context.Background(), models.NewPublicID()
		post := &models.Post{PublicID: &id, Local: true, Type: "Article", Kind: models.KindArticle, ActorID: d.author.ActorID, AccountID: &d.author.ID,
			State: models.PostPublished, Visibility: models.VisibilityPublic, CreatedAt: noon, PublishedAt: &noon}
		if err := tx.Posts.Create(ctx, post); err != nil {
			return err
		}
		return tx.Pictures.SetOfPost(ctx, post.ID, []models.PostPicture{{PictureID: shown.ID, Role: models.RoleText}})
	}))
	all := d.files()
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{time.Hour, 3}, {fresh + time.Hour, 2}, {grace + time.Hour, 1}} {
		d.at = d.at.Add(step.wait)
		must(t, d.Sweep(context.Background()))
		if left := d.files(); len(left) != step.want {
			t.Errorf("after %s: %v are left of %v, want %d", step.wait, left, all, step.want)
		}
	}
	if left := d.files(); !slices.Equal(left, []string{shown.PublicID}) {
		t.Errorf("left: %v, want %s", left, shown.PublicID)
	}
	if _, err := d.Open(unused.PublicID, "480.png"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a swept file opens: %v", err)
	}
	for _, v := range shown.Variants {
		f, err := d.Open(shown.PublicID, File(v))
		must(t, err)
		must(t, f.Close())
	}
}

func TestAFullDiskIsSaidToBeFull(t *testing.T) {
	t.Parallel()
	for _, err := range []error{fmt.Errorf("write: %w", syscall.ENOSPC), syscall.EDQUOT} {
		if !errors.Is(full(err), models.ErrFull) {
			t.Errorf("%v isn't ErrFull", err)
		}
	}
	if errors.Is(full(errors.New("other")), models.ErrFull) {
		t.Error("any error is a full disk")
	}
}

// Not parallel: it takes the system's folder for such files away.
func TestUploadsWaitOnThePicturesOwnDisk(t *testing.T) {
	d := newDesk(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	if _, err := d.add(drawing(t, 1)); err != nil {
		t.Fatal(err)
	}
}
