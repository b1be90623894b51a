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

// program is the confnotes binary, built once, with the race detector when the
// tests have it.
var program struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program.dir != "" {
		_ = os.RemoveAll(program.dir)
	}
	os.Exit(code)
}

func confnotes(t testing.TB) string {
	t.Helper()
	program.once.Do(func() { program.err = build() })
	if program.err != nil {
		t.Fatal(program.err)
	}
	return program.path
}

func build() error {
	var err error
	if program.dir, err = os.MkdirTemp("", "confnotes-e2e-"); err != nil {
		return err
	}
	program.path = filepath.Join(program.dir, "confnotes")
	args := []string{"build", "-o", program.path}
	if raceDetector {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "confnotes/cmd/confnotes")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
