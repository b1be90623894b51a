// Package e2e drives the built program as its users meet it: over https on loopback,
// with a real browser, and with another ActivityPub server as its remote.
//
// Files without a story of their own are the rig: what a test needs stands in
// requirements_test.go, what it starts in confnotes_test.go, peer_test.go,
// browser_test.go and sink_test.go.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// program is the confnotes binary, built once.
type program struct {
	once sync.Once
	dir  string
	path string
	err  error
}

var (
	// watched has the race detector when the tests have it.
	watched program
	// swift never has it: it is for tests of how pages look and how much memory is taken,
	// and for the demo, which draws dozens of pictures. The detector would take minutes.
	swift program
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, p := range []*program{&watched, &swift} {
		if p.dir != "" {
			_ = os.RemoveAll(p.dir)
		}
	}
	os.Exit(code)
}

func confnotes(t testing.TB) string { return watched.at(t, raceDetector) }

func swiftConfnotes(t testing.TB) string { return swift.at(t, false) }

// at is where the binary is.
func (p *program) at(t testing.TB, race bool) string {
	t.Helper()
	p.once.Do(func() { p.err = p.build(race) })
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.path
}

func (p *program) build(race bool) error {
	var err error
	if p.dir, err = os.MkdirTemp("", "confnotes-e2e-"); err != nil {
		return err
	}
	p.path = filepath.Join(p.dir, "confnotes")
	args := []string{"build", "-o", p.path}
	if race {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "confnotes/cmd/confnotes")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
