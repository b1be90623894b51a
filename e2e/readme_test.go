package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/image/webp"
)

// The README's pictures stand beside TestPages', under names of their own.
const (
	readmePrefix = "readme-"
	readmeUpdate = "go test ./e2e -run TestTheREADMEsPictures -update"
	// readmeQuality is higher than that of the others: these are looked at.
	readmeQuality = 80
)

// readmeAddress is where the demo is when its pictures are kept: they show it.
var readmeAddress = []string{"localhost:8080", "localhost:8081"}

// readmeShot is a part of a page of the demo.
type readmeShot struct {
	name, path, as       string
	from                 string // what stands at its top; "" is the page's
	width, height, scale int64  // in CSS pixels, and how many pixels one is
	schemes              []string
}

var readmeShots = []readmeShot{
	{name: "home", path: "/", width: 1280, height: 1160, scale: 1, schemes: schemes},
	{name: "recap", path: "/@imogen/day-1", width: 1280, height: 1180, scale: 1, schemes: schemes[:1]},
	{name: "phone", path: "/@gwen/jour-1", width: 390, height: 820, scale: 2, schemes: schemes[1:]},
	{name: "conversation", path: "/@gwen/jour-1", from: ".replies", width: 700, height: 960, scale: 2, schemes: schemes},
	{name: "notifications", path: "/notifications", as: "imogen", width: 1280, height: 860, scale: 1, schemes: schemes[:1]},
}

func (s readmeShot) file(scheme string) string { return readmePrefix + s.name + "-" + scheme + ".webp" }
func (s readmeShot) size() image.Point {
	return image.Pt(int(s.width*s.scale), int(s.height*s.scale))
}

// readmePictures are the sizes that the pictures have, by the names of their files.
func readmePictures() map[string]image.Point {
	sizes := map[string]image.Point{}
	for _, s := range readmeShots {
		for _, scheme := range s.schemes {
			sizes[s.file(scheme)] = s.size()
		}
	}
	return sizes
}

func TestTheREADMEsPicturesAreTakenFromTheDemo(t *testing.T) {
	t.Parallel()
	needChromium(t)
	folder, listen := t.TempDir(), "localhost:0"
	if *update {
		folder, listen = screensFolder, readmeAddress[0]
		needFree(t, readmeAddress)
	}
	d, l := startDemo(t, "--listen", listen), newLooker(t)
	for _, s := range readmeShots {
		for _, scheme := range s.schemes {
			l.forget(t)
			l.scheme(t, scheme)
			picture := l.take(t, d, s)
			if err := os.WriteFile(filepath.Join(folder, s.file(scheme)), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, complaint := range unlikeShots(t, folder) {
		t.Errorf("what was taken: %s", complaint)
	}
}

// needFree ends a test that must have its very ports where they are taken.
func needFree(t *testing.T, addresses []string) {
	t.Helper()
	for _, address := range addresses {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			lack(t, fmt.Sprintf("the pictures show %s, which is taken: %v; end what listens there", address, err))
		}
		_ = listener.Close()
	}
}

// take opens a page of the demo, as who sees it, and returns the picture.
func (l *looker) take(t *testing.T, d *demonstration, s readmeShot) (picture []byte) {
	t.Helper()
	l.do(t, "choose a screen", emulation.SetDeviceMetricsOverride(s.width, s.height, float64(s.scale), false))
	if s.as != "" {
		l.open(t, d.home+"/sign-in", 200)
		l.do(t, "fill in the form", chromedp.SendKeys("#field-handle", s.as, chromedp.ByQuery), chromedp.SendKeys("#field-password", "port-kerval", chromedp.ByQuery))
		l.press(t, "main form button.primary")
	}
	l.open(t, d.home+s.path, 200)
	l.settle(t)
	if n := eval[int](t, l.browser, `[...document.querySelectorAll(".avatar")].filter((a) => !a.naturalWidth).length`); n > 0 {
		t.Errorf("%s: %d people have no face", s.name, n)
	}
	top := 0.0
	if s.from != "" {
		top = eval[float64](t, l.browser, fmt.Sprintf("Math.round(document.querySelector(%q).getBoundingClientRect().top + scrollY - 24)", s.from))
	}
	l.do(t, "take a picture", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(readmeQuality).WithCaptureBeyondViewport(true).
			WithClip(&page.Viewport{Y: top, Width: float64(s.width), Height: float64(s.height), Scale: 1}).Do(ctx)
		return err
	}))
	l.quiet(t, s.name)
	return picture
}

// unlikeShots lists what a folder lacks of the pictures, and what it has beside them.
func unlikeShots(t *testing.T, folder string) (found []string) {
	t.Helper()
	wanted := readmePictures()
	files, err := filepath.Glob(filepath.Join(folder, readmePrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		config, err := webp.DecodeConfig(bytes.NewReader(raw))
		if size, ok := wanted[name]; !ok || err != nil || image.Pt(config.Width, config.Height) != size {
			found = append(found, fmt.Sprintf("%s is %d×%d (%v), want %v: %v", name, config.Width, config.Height, err, size, ok))
		}
		delete(wanted, name)
	}
	for name := range wanted {
		found = append(found, name+" is missing")
	}
	return found
}

var readmeNames = regexp.MustCompile(`docs/screens/(` + readmePrefix + `[a-z-]+\.webp)`)

// unnamed lists the pictures that a README doesn't show, those it shows that are none, and
// those that somebody who can't see them is told nothing of.
func unnamed(readme string) (found []string) {
	var named []string
	for _, m := range readmeNames.FindAllStringSubmatch(readme, -1) {
		named = append(named, m[1])
	}
	wanted := readmePictures()
	for name := range wanted {
		if !slices.Contains(named, name) {
			found = append(found, name+" isn't named")
		}
	}
	for _, name := range named {
		if _, ok := wanted[name]; !ok {
			found = append(found, name+" is no picture")
		}
	}
	for _, img := range imgTag.FindAllString(readme, -1) {
		if altOf.FindString(img) == "" || !strings.Contains(img, ` width="`) {
			found = append(found, "neither described nor sized: "+img)
		}
	}
	return found
}

func TestTheREADMENamesItsPicturesAndTheyAreThere(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(raw)
	for _, complaint := range slices.Concat(unnamed(readme), unlikeShots(t, screensFolder)) {
		t.Errorf("%s: %s", complaint, readmeUpdate)
	}
	for name, mutant := range map[string]string{
		"a picture left out":       strings.ReplaceAll(readme, readmeShots[0].file("dark"), ""),
		"a picture that isn't":     strings.Replace(readme, readmeShots[0].file("light"), "readme-nothing-light.webp", 1),
		"a picture not described":  altOf.ReplaceAllString(readme, ""),
		"a picture without a size": strings.ReplaceAll(readme, ` width="`, ` w="`),
	} {
		if mutant == readme || len(unnamed(mutant)) == 0 {
			t.Errorf("the check can't fail: it takes a README with %s", name)
		}
	}
	folder := t.TempDir()
	for name, content := range map[string]string{readmeShots[0].file("light"): "RIFF", "readme-other.webp": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := len(unlikeShots(t, folder)), len(readmePictures())+1; got != want {
		t.Errorf("the check can't fail: of a folder of nothing right it says %d things, not %d", got, want)
	}
}
