package e2e

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startTime = 60 * time.Second // two cores may be shared by everything else
	stopTime  = 40 * time.Second
	pollEvery = 100 * time.Millisecond
)

// patience is how long a test waits for what takes a second on quiet cores: with all the
// tests running side by side it can take thirty.
const patience = time.Minute

// eventually tries again until f returns nil, and fails the test with f's last
// error when that takes too long.
func eventually(t testing.TB, within time.Duration, what string, f func() error) {
	t.Helper()
	deadline := time.Now().Add(within)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited %s until %s: %v", within, what, err)
		}
		time.Sleep(pollEvery)
	}
}

// logbook keeps what a process writes.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// process is a child that the test started and that ends with it.
type process struct {
	name string
	cmd  *exec.Cmd
	log  *logbook
	done chan struct{}
	err  error // once done
}

// start runs a command. Its output is shown if the test fails; into may be nil.
func start(t testing.TB, name string, cmd *exec.Cmd, into *logbook) *process {
	t.Helper()
	if into == nil {
		into = &logbook{}
		showOnFailure(t, name, into)
	}
	p := &process{name: name, cmd: cmd, log: into, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = into, into
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(p.kill)
	return p
}

func showOnFailure(t testing.TB, name string, log *logbook) {
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		const most = 150
		if n := len(lines) - most; n > 0 {
			lines = lines[n:]
		}
		t.Logf("%s wrote last:\n%s", name, strings.Join(lines, "\n"))
	})
}

// kill ends the process at once, as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// stop asks the process to end and fails the test unless it does so well.
func (p *process) stop(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop %s: %v", p.name, err)
	}
	select {
	case <-p.done:
	case <-time.After(stopTime):
		t.Fatalf("%s did not stop within %s", p.name, stopTime)
	}
	if p.err != nil {
		t.Errorf("%s ended badly: %v", p.name, p.err)
	}
}

// running returns an error once the process has ended.
func (p *process) running() error {
	select {
	case <-p.done:
		return errors.New(p.name + " has ended, see its log")
	default:
		return nil
	}
}
