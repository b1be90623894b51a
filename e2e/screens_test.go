package e2e

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// go test ./e2e -run TestPages/screens -update takes every picture anew.
var update = flag.Bool("update", false, "take the pictures of docs/screens anew")

const screensFolder = "../docs/screens"

// shot is one way to look at a page: on what, and how much of it is kept.
type shot struct {
	size          string
	width, height int64
}

var shots = []shot{{"phone", 390, 1300}, {"desk", 1280, 1000}}

// pictureQuality keeps the folder at a few MB: letters can be read, and that will do.
const pictureQuality = 20

var schemes = []string{"light", "dark"}

func pictureName(e exhibit, language, size, scheme string) string {
	return strings.Join([]string{e.name, language, size, scheme, "webp"}, ".")
}

// pictures checks that docs/screens shows every page, and no other, and that its pictures
// can be taken; or takes them all.
func (l *looker) pictures(t *testing.T, venues []*venue) {
	l.visit(t, venues[0], venues[0].exhibits()[0]) // brings the faces, which come too late the first time
	if !*update {
		l.photograph(t, venues[0], venues[0].exhibits()[0], t.TempDir())
		checkScreens(t, venues)
		return
	}
	if err := os.MkdirAll(screensFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name := range screens(t) {
		if err := os.Remove(filepath.Join(screensFolder, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range venues {
		for _, e := range v.exhibits() {
			l.photograph(t, v, e, screensFolder)
		}
	}
	if err := os.WriteFile(filepath.Join(screensFolder, "README.md"), []byte(screensIndex(venues)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// photograph takes the pictures of a page, on a phone and at a desk, in both schemes.
func (l *looker) photograph(t *testing.T, v *venue, e exhibit, folder string) {
	t.Helper()
	for _, s := range shots {
		l.screen(t, s.width)
		l.visit(t, v, e)
		height := min(eval[int64](t, l.browser, "document.scrollingElement.scrollHeight"), s.height)
		for _, scheme := range schemes {
			l.scheme(t, scheme)
			var picture []byte
			l.do(t, "take a picture", chromedp.ActionFunc(func(ctx context.Context) (err error) {
				picture, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(pictureQuality).WithCaptureBeyondViewport(true).
					WithClip(&page.Viewport{Width: float64(s.width), Height: float64(height), Scale: 1}).Do(ctx)
				return err
			}))
			name := pictureName(e, v.language, s.size, scheme)
			if !isPicture(picture) {
				t.Errorf("%s is no WebP picture", name)
			}
			if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func isPicture(b []byte) bool {
	return len(b) > 100 && bytes.HasPrefix(b, []byte("RIFF")) && bytes.Equal(b[8:12], []byte("WEBP"))
}

// screens are the files in the folder, without the README's.
func screens(t *testing.T) map[string]bool {
	t.Helper()
	files, err := os.ReadDir(screensFolder)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), readmePrefix) {
			there[f.Name()] = true
		}
	}
	return there
}

func checkScreens(t *testing.T, venues []*venue) {
	t.Helper()
	const how = "go test ./e2e -run TestPages/screens -update"
	there := screens(t)
	for _, v := range venues {
		for _, e := range v.exhibits() {
			for _, s := range shots {
				for _, scheme := range schemes {
					name := pictureName(e, v.language, s.size, scheme)
					if b, err := os.ReadFile(filepath.Join(screensFolder, name)); err != nil || !isPicture(b) {
						t.Errorf("%s is missing: %s", name, how)
					}
					delete(there, name)
				}
			}
		}
	}
	if index, err := os.ReadFile(filepath.Join(screensFolder, "README.md")); err != nil || string(index) != screensIndex(venues) {
		t.Errorf("the index is not that of the table (%v): %s", err, how)
	}
	delete(there, "README.md")
	for name := range there {
		t.Errorf("%s shows no page of the table: %s", name, how)
	}
}

// screensIndex is the list of the pictures, to be read on the web.
func screensIndex(venues []*venue) string {
	var b strings.Builder
	b.WriteString("# Every page\n\nOn a phone (390 px wide) and at a desk (1280), in the light and in the dark, in English and French. Long pages are cut.\n" +
		"`go test ./e2e -run TestPages/screens -update` takes the pictures; the table of pages is `e2e/gallery_test.go`.\n\n| page |")
	rule := "\n|---|"
	for _, v := range venues {
		for _, s := range shots {
			fmt.Fprintf(&b, " %s, %s |", v.language, s.size)
			rule += "---|"
		}
	}
	b.WriteString(rule + "\n")
	for _, e := range venues[0].exhibits() {
		fmt.Fprintf(&b, "| %s |", e.name)
		for _, v := range venues {
			for _, s := range shots {
				for i, scheme := range schemes {
					fmt.Fprintf(&b, "%s[%s](%s)", []string{" ", " · "}[i], scheme, pictureName(e, v.language, s.size, scheme))
				}
				b.WriteString(" |")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
