package media

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func folder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "media")
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, dir
}

func ids(t *testing.T, f *Folder) []string {
	t.Helper()
	var all []string
	for kept, err := range f.List() {
		if err != nil {
			t.Fatal(err)
		}
		if time.Since(kept.Modified) > time.Hour {
			t.Errorf("%s is from %v", kept.ID, kept.Modified)
		}
		all = append(all, kept.ID)
	}
	slices.Sort(all)
	return all
}

func TestAFileComesBackUntilItsPictureGoes(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	for _, key := range []string{"Ab-1_c/480.jpg", "Ab-1_c/card.jpg", "other/960.gif"} {
		if err := f.Put(key, []byte("first")); err != nil {
			t.Fatal(err)
		}
		if err := f.Put(key, []byte(key)); err != nil { // again, as after a crash
			t.Fatal(err)
		}
		file, err := f.Open(key)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(file)
		if err != nil || string(data) != key {
			t.Errorf("%s holds %q, %v", key, data, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := ids(t, f); !slices.Equal(got, []string{"Ab-1_c", "other"}) {
		t.Errorf("List: %q", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "Ab-1_c", "480.jpg")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for range 2 { // the second time there is nothing to do
		if err := f.Remove("Ab-1_c"); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Open("Ab-1_c/480.jpg"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Remove: %v", err)
	}
	if got := ids(t, f); !slices.Equal(got, []string{"other"}) {
		t.Errorf("List after Remove: %q", got)
	}
}

func TestKeysThatLeadElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	secret := filepath.Join(filepath.Dir(dir), "secret.jpg")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := []string{"", ".", "..", "/", "../secret.jpg", "a/../../secret.jpg", "a/../secret.jpg", secret, "/etc/x.jpg", "a/b/c.jpg", "a.jpg",
		"a/", "a//b.jpg", "a/.jpg", "a/..jpg", "./a.jpg", "a/b.svg", "a/b.html", "a/b.jpg.html", "a/b", "a/b.JPG", "a/b.jpg\n", "\na/b.jpg", "a\x00/b.jpg",
		"a b/c.jpg", "é/c.jpg", `a\b.jpg`, "%2e%2e/secret.jpg", ".incoming/x.jpg", "a/b?.jpg", strings.Repeat("a", 65) + "/b.jpg"}
	for _, key := range keys {
		if err := f.Put(key, []byte("x")); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Put %q: %v", key, err)
		}
		if file, err := f.Open(key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open %q: %v, %v", key, file, err)
		}
		if strings.Trim(key, "/.") == key && key != "" && idPattern.MatchString(key) {
			continue
		}
		if err := f.Remove(key); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Remove %q: %v", key, err)
		}
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "secret" {
		t.Errorf("the file outside: %q, %v", data, err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, incoming)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	outside := t.TempDir()
	if err := errors.Join(
		os.WriteFile(filepath.Join(outside, "480.jpg"), []byte("secret"), 0o600),
		f.Put("real/480.jpg", []byte("ours")),
		os.Symlink(outside, filepath.Join(dir, "out")),
		os.Symlink("real", filepath.Join(dir, "in")),
		os.Symlink(filepath.Join(outside, "480.jpg"), filepath.Join(dir, "real", "960.jpg")),
		os.Symlink("480.jpg", filepath.Join(dir, "real", "1600.jpg")),
	); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"out/480.jpg", "in/480.jpg", "real/960.jpg", "real/1600.jpg"} {
		if _, err := f.Open(key); err == nil {
			t.Errorf("%s opens", key)
		}
	}
	for _, key := range []string{"out/960.jpg", "in/960.jpg"} {
		if err := f.Put(key, []byte("x")); err == nil {
			t.Errorf("%s is written", key)
		}
	}
	for _, id := range []string{"out", "in"} {
		if err := f.Remove(id); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{filepath.Join(outside, "480.jpg"), filepath.Join(dir, "real", "480.jpg")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("Remove went through the link: %v", err)
		}
	}
	if got := ids(t, f); !slices.Equal(got, []string{"real"}) {
		t.Errorf("List: %q", got)
	}
}

// A folder in the way makes the last step fail, as a full disk would: nothing is left.
func TestAFileIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "id", "480.jpg"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Put("id/480.jpg", []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(filepath.Join(dir, incoming)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReadersNeverSeeHalfAFile(t *testing.T) {
	t.Parallel()
	f, _ := folder(t)
	long, short := bytes.Repeat([]byte("l"), 1<<20), bytes.Repeat([]byte("s"), 1<<10)
	if err := f.Put("id/480.jpg", short); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		for range 10 {
			if err := errors.Join(f.Put("id/480.jpg", long), f.Put("id/480.jpg", short)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
			file, err := f.Open("id/480.jpg")
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(file)
			if err := errors.Join(err, file.Close()); err != nil || len(data) != len(long) && len(data) != len(short) {
				t.Fatalf("%d bytes, %v", len(data), err)
			}
		}
	}
}

func TestWhatAKilledProcessLeftIsSweptLater(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	old, young := filepath.Join(dir, incoming, "old"), filepath.Join(dir, incoming, "young")
	then := time.Now().Add(-2 * staleAfter)
	if err := errors.Join(os.WriteFile(old, nil, 0o600), os.WriteFile(young, nil, 0o600), os.Chtimes(old, then, then), f.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the old one: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("one that is being written: %v", err)
	}
}
