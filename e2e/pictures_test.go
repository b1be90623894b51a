package e2e

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// drawing is a PNG with something to see in it.
func drawing(t testing.TB, width, height int, tint uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), tint, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPublishTakesThePicturesThatAFileNames(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("cover.png", drawing(t, 1300, 700, 10))
	write("img/slide one.png", drawing(t, 640, 360, 200))
	outside := filepath.Join(t.TempDir(), "private.png")
	if err := errors.Join(os.WriteFile(outside, drawing(t, 40, 30, 1), 0o600), os.Symlink(outside, filepath.Join(folder, "link.png"))); err != nil {
		t.Fatal(err)
	}
	up, err := filepath.Rel(folder, outside)
	if err != nil {
		t.Fatal(err)
	}
	write("bad.png", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
	day := func(image, source string) string {
		return write("day.md", []byte("---\ntitle: Day one\nlanguage: en\nimage: "+image+"\nimage_alt: The hall\n---\n\n"+source+"\n"))
	}
	for name, tt := range map[string]struct{ image, source, want string }{
		"a missing file":        {"cover.png", "![x](nowhere.png)", "nowhere.png: there is no such file"},
		"a missing cover":       {"none.png", "text", "none.png: there is no such file"},
		"what is no picture":    {"cover.png", "![x](bad.png)", "bad.png: SVG is not taken"},
		"a path that leads out": {"cover.png", "![x](" + filepath.ToSlash(up) + ")", "it lies outside of the text's folder"},
		"one that hides it":     {"cover.png", "![x](" + strings.ReplaceAll(filepath.ToSlash(up), "..", "%2e%2e") + ")", "it lies outside of the text's folder"},
		"a path from the root":  {outside, "text", "it lies outside of the text's folder"},
		"a link that leads out": {"cover.png", "![x](link.png)", "it lies outside of the text's folder"},
		"a folder":              {"cover.png", "![x](img)", "that is no file"},
		"a cover from abroad":   {"https://far.example/x.png", "text", "aren't fetched from elsewhere"},
	} {
		if got := in.run(t, "", "publish", day(tt.image, tt.source), "--as", author); got.code != 1 || !strings.Contains(got.stderr, tt.want) {
			t.Errorf("%s: %s\nwant %q", name, got, tt.want)
		}
	}
	got := in.run(t, "", "publish", day("cover.png", "![A slide](<img/slide one.png> \"From the talk\")\n\n![](img/slide%20one.png)"), "--as", author)
	if got.code != 0 || !strings.Contains(got.stderr, "pictures without a description: 1") {
		t.Fatal(got)
	}
	_, page := in.get(t, strings.TrimSpace(got.stdout), "text/html")
	for _, want := range []string{`<figure class="cover">`, `alt="The hall"`, `alt="A slide"`, "<figcaption>From the talk</figcaption>", `property="og:image"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, url := range regexp.MustCompile(regexp.QuoteMeta(in.baseURL)+`/media/[^" ]+`).FindAllString(page, -1) {
		if res, file := in.get(t, url, "image/*"); res.StatusCode != http.StatusOK || !strings.HasPrefix(http.DetectContentType([]byte(file)), "image/") {
			t.Errorf("%s answers %s with %d bytes", url, res.Status, len(file))
		}
	}
	again := in.run(t, "", "publish", day("cover.png", "Without the slide."), "--as", author, "--update")
	if again.code != 0 {
		t.Fatal(again)
	}
	if files := column(t, in.open(t), "SELECT sha256 FROM pictures"); len(files) != 2 {
		t.Errorf("%d pictures are stored, want the cover and the slide, each once", len(files))
	}
}

// A cover and attachments arrive whole at another server, which can fetch them.
func TestPicturesReachAnotherServer(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	remote := startPeer(t, ca, theirs[0])
	ask[done](t, remote, "/follow", map[string]any{"actor": "@" + author + "@" + in.host()})
	remote.received(t, "Accept", 1)
	folder := t.TempDir()
	for name, data := range map[string][]byte{"cover.png": drawing(t, 1300, 700, 10), "slide.png": drawing(t, 640, 360, 200),
		"day.md": []byte("---\ntitle: Day one\nlanguage: en\nimage: cover.png\nimage_alt: The hall\nattach: true\n---\n\n![A slide](slide.png \"From the talk\")\n")} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in.must(t, "", "publish", filepath.Join(folder, "day.md"), "--as", author)
	got := remote.received(t, "Create", 1)
	if got.Understood == nil || len(got.Understood.Dropped) > 0 || !got.Verified {
		t.Fatalf("the Create was understood as %+v", got.Understood)
	}
	object := remote.get(t, got.object()["id"].(string)).Understood
	if len(object.Dropped) > 0 || object.Image == nil || object.Image.Name != "The hall" || object.Image.Width != 1300 || object.Image.Height != 700 || len(object.Attachments) != 2 {
		t.Fatalf("the article was understood as %+v, image %+v", object, object.Image)
	}
	if a := object.Attachments[1]; a.Class != "Image" || a.Name != "A slide" || a.Width != 640 {
		t.Errorf("the slide was understood as %+v", a)
	}
	for _, p := range append(object.Attachments, *object.Image) {
		file := ask[fetchedFile](t, remote, "/file", map[string]any{"url": p.URL})
		if file.Status != http.StatusOK || file.ContentType != p.MediaType || file.Length < 500 {
			t.Errorf("%s is %+v, said to be %s", p.URL, file, p.MediaType)
		}
	}
}

// fetchedFile is what the peer got when it fetched a file.
type fetchedFile struct {
	Status      int
	ContentType string
	Length      int
}
