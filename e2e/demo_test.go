package e2e

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"confnotes/internal/demo"
	"confnotes/internal/frontmatter"
)

var (
	demoReady = regexp.MustCompile(`(?m)^ready (http://localhost:[0-9]+) (http://localhost:[0-9]+)$`)
	imgTag    = regexp.MustCompile(`<img [^>]*>`)
	srcOf     = regexp.MustCompile(` src="([^"]+)"`)
	altOf     = regexp.MustCompile(` alt="([^"]+)"`)
)

// demonstration is a demo that runs in a folder for temporary files of its own.
type demonstration struct {
	*process
	temp, home, away string
}

func startDemo(t *testing.T, args ...string) *demonstration {
	t.Helper()
	d := &demonstration{temp: t.TempDir()}
	cmd := exec.Command(swiftConfnotes(t), append([]string{"demo", "--listen", "localhost:0"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+d.temp)
	d.process = start(t, "demo", cmd, nil)
	eventually(t, 2*startTime, "the demo is ready", func() error {
		m := demoReady.FindStringSubmatch(d.log.String())
		if m == nil {
			if err := d.running(); err != nil {
				t.Fatal(err)
			}
			return fmt.Errorf("no ready line")
		}
		d.home, d.away = m[1], m[2]
		return nil
	})
	return d
}

// fetch asks with an Accept header and returns the type and the body of a 200.
func (d *demonstration) fetch(t *testing.T, address, accept string) (contentType, body string) {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = d.home + address
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d, %v", address, res.StatusCode, err)
	}
	return res.Header.Get("Content-Type"), string(raw)
}

// items are the ids on the first page of a collection.
func (d *demonstration) items(t *testing.T, collection string) (ids []string) {
	t.Helper()
	_, body := d.fetch(t, collection+"?page=1", "application/activity+json")
	var page struct{ OrderedItems []string }
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatalf("%s: %v", collection, err)
	}
	return page.OrderedItems
}

func TestTheDemoIsAWeekendThatAnotherServerAnswers(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.checkHome(t)
	d.checkConversations(t)
	d.checkFaces(t)
	d.checkFollows(t)
	for _, typ := range []string{"Follow  ", "Accept  ", "Create  ", "Update  ", "Like    ", "Announce"} {
		if !regexp.MustCompile(typ + ` localhost:\d+ → localhost:\d+  202\n`).MatchString(d.log.String()) {
			t.Errorf("the terminal shows no delivery of %s", typ)
		}
	}
	if strings.Contains(d.log.String(), "\x1b") || strings.Contains(d.log.String(), "level=") {
		t.Error("there are colours, or warnings, where no terminal is")
	}
	if err := d.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-d.done
	if left, err := os.ReadDir(d.temp); d.err != nil || err != nil || len(left) > 0 {
		t.Errorf("after Ctrl-C: %v; left behind: %v, %v", d.err, left, err)
	}
	if c, err := net.DialTimeout("tcp", strings.TrimPrefix(d.away, "http://"), time.Second); err == nil {
		_ = c.Close()
		t.Error("the second server still answers")
	}
}

// checkHome looks for six recaps by three authors, whose pictures load and are described.
func (d *demonstration) checkHome(t *testing.T) {
	t.Helper()
	_, home := d.fetch(t, "/", "text/html")
	authors, pictures := map[string]bool{}, 0
	for _, e := range demo.Story() {
		if e.Does != demo.Publish {
			continue
		}
		path := d.path(t, e)
		authors[e.Who] = true
		if !strings.Contains(home, path+`"`) {
			t.Errorf("the home page has no link to %s", path)
		}
		_, page := d.fetch(t, path, "text/html")
		if strings.Contains(page, demo.Site) {
			t.Errorf("%s leads to %s, which is nowhere", path, demo.Site)
		}
		for _, img := range imgTag.FindAllString(page, -1) {
			src := srcOf.FindStringSubmatch(img)
			if src == nil || !strings.Contains(src[1], "/media/") || faceImg.MatchString(img) {
				continue
			}
			pictures++
			if altOf.FindStringSubmatch(img) == nil {
				t.Errorf("%s: a picture without a description: %s", path, img)
			}
			if typ, body := d.fetch(t, html.UnescapeString(src[1]), "image/*"); !strings.HasPrefix(typ, "image/") || len(body) < 1000 {
				t.Errorf("%s: %s is %s, %d bytes", path, src[1], typ, len(body))
			}
		}
	}
	if len(authors) != 3 || pictures < 12 {
		t.Errorf("%d authors and %d pictures, want 3 and a dozen", len(authors), pictures)
	}
}

// path is where a recap of the story is read.
func (d *demonstration) path(t *testing.T, e demo.Event) string {
	t.Helper()
	file, err := demo.Recaps().Open(e.What)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := frontmatter.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return "/@" + e.Who + "/" + doc.Slug
}

// checkConversations looks under each recap for everyone who answers there.
func (d *demonstration) checkConversations(t *testing.T) {
	t.Helper()
	pages, answers := map[string]string{}, map[string]int{} // by key of the story
	away := strings.TrimPrefix(d.away, "http://")
	abroad := slices.Collect(func(yield func(string) bool) {
		for _, p := range demo.Away().People {
			if !yield(p.Handle) {
				return
			}
		}
	})
	for _, e := range demo.Story() {
		switch e.Does {
		case demo.Publish:
			pages[e.Key] = d.path(t, e)
		case demo.Reply:
			page := pages[e.What]
			if e.Key != "" {
				pages[e.Key] = page
			}
			answers[page]++
			if _, body := d.fetch(t, page, "text/html"); slices.Contains(abroad, e.Who) && !strings.Contains(body, "@"+e.Who+"@"+away) {
				t.Errorf("%s doesn't answer under %s", e.Who, page)
			}
		}
	}
	for page, want := range answers {
		_, body := d.fetch(t, page, "text/html")
		if got := strings.Count(body, `id="reply-`); got != want {
			t.Errorf("%s shows %d replies, want %d", page, got, want)
		}
	}
	if _, body := d.fetch(t, "/@imogen/day-2", "text/html"); !strings.Contains(body, "Edit: three times.") {
		t.Error("the edit of a reply didn't arrive")
	}
}

// checkFollows compares what both servers say of who follows whom with the story.
func (d *demonstration) checkFollows(t *testing.T) {
	t.Helper()
	for _, e := range demo.Story() {
		if e.Does != demo.Follow {
			continue
		}
		who, whom := d.away+"/users/"+e.Who, d.home+"/users/"+e.What
		if got := d.items(t, who+"/following"); !slices.Contains(got, whom) {
			t.Errorf("%s follows %v, not %s", e.Who, got, e.What)
		}
		if got := d.items(t, whom+"/followers"); !slices.Contains(got, who) {
			t.Errorf("%s is followed by %v, not by %s", e.What, got, e.Who)
		}
	}
}

func TestTheDemoKeepsWhatItIsAskedTo(t *testing.T) {
	t.Parallel()
	kept := filepath.Join(t.TempDir(), "kept")
	d := startDemo(t, "--quiet", "--keep", kept)
	if got := strings.TrimSpace(d.log.String()); !demoReady.MatchString(got) || strings.Contains(got, "\n") {
		t.Errorf("quietly it says:\n%s", got)
	}
	d.stop(t)
	again := exec.Command(swiftConfnotes(t), "account", "list", "--data", filepath.Join(kept, "home"))
	if out, err := again.CombinedOutput(); err != nil || !strings.Contains(string(out), "gwen\towner") {
		t.Errorf("what was kept: %v\n%s", err, out)
	}
}

func TestADemoThatCannotBeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	full := filepath.Dir(writeFile(t, "something"))
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for name, c := range map[string]struct {
		args []string
		said string
	}{
		"a port that is taken":    {[]string{"--listen", "localhost:" + port}, "port " + port + " is taken by another program"},
		"open to the network":     {[]string{"--listen", "0.0.0.0:0"}, "stays on this machine"},
		"a folder that is in use": {[]string{"--keep", full}, "a new or an empty folder"},
	} {
		cmd := exec.Command(swiftConfnotes(t), append([]string{"demo"}, c.args...)...)
		temp := t.TempDir()
		cmd.Env = append(os.Environ(), "TMPDIR="+temp)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), c.said) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("%s: %v are left behind", name, left)
		}
	}
}
