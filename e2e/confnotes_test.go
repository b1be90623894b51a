package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The account that every test writes with.
const (
	author   = "gwen"
	password = "marée haute à 19 h 42"
)

// instance is a data folder with the server that runs on it.
type instance struct {
	data    string
	baseURL string
	address string   // that it listens on
	args    []string // of serve
	env     []string
	client  *http.Client
	log     *logbook
	process *process
	program func(testing.TB) string // that it runs
}

// newSecure makes an instance at https://<host>, that reaches others on loopback
// and trusts their certificates. It doesn't run yet.
func newSecure(t testing.TB, ca *authority, at place) *instance {
	t.Helper()
	in := newInstance(t, "https://"+at.host, net.JoinHostPort(at.address, "443"))
	in.args = append(in.args, "--tls-cert", ca.file("leaf.pem"), "--tls-key", ca.file("leaf.key"), "--allow-network", "127.0.0.0/8")
	in.env = append(in.env, "SSL_CERT_FILE="+ca.file("ca.pem"))
	in.client = ca.client()
	return in
}

// newPlain makes an instance over http on a free port. extra are more arguments of serve.
func newPlain(t testing.TB, extra ...string) *instance {
	t.Helper()
	address := freeAddress(t)
	in := newInstance(t, "http://"+address, address)
	in.args = append(in.args, extra...)
	return in
}

func newInstance(t testing.TB, baseURL, listen string) *instance {
	t.Helper()
	in := &instance{data: filepath.Join(t.TempDir(), "data"), baseURL: baseURL, address: listen, log: &logbook{}, program: confnotes}
	in.args = []string{"--listen", listen, "--base-url", baseURL, "--log-level", "debug"}
	in.client = &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	showOnFailure(t, "confnotes at "+baseURL, in.log)
	t.Cleanup(func() {
		if strings.Contains(in.log.String(), "WARNING: DATA RACE") {
			t.Error("the race detector found something in confnotes: see its log")
		}
	})
	return in
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// start runs the server, unless it was launched, and waits until it answers.
func (in *instance) start(t testing.TB) {
	t.Helper()
	if in.process == nil || in.process.running() != nil {
		in.launch(t)
	}
	eventually(t, startTime, in.baseURL+" answers", func() error {
		if err := in.process.running(); err != nil {
			t.Fatal(err)
		}
		res, err := in.client.Get(in.baseURL + "/readyz")
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("/readyz answers %s", res.Status)
		}
		return nil
	})
}

// launch runs the server and doesn't wait.
func (in *instance) launch(t testing.TB) {
	t.Helper()
	cmd := exec.Command(in.program(t), append([]string{"serve", "--data", in.data}, in.args...)...)
	cmd.Env = append(environment(), in.env...)
	in.process = start(t, "confnotes serve", cmd, in.log)
}

// environment is the test's own without settings of a confnotes that its user runs.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CONFNOTES_") {
			env = append(env, v)
		}
	}
	return env
}

// said is how a command ended.
type said struct {
	code           int
	stdout, stderr string
}

func (s said) String() string {
	return fmt.Sprintf("exit code %d\nstdout: %s\nstderr: %s", s.code, s.stdout, s.stderr)
}

// run runs a command of the program on the instance's data folder.
func (in *instance) run(t testing.TB, stdin string, args ...string) said {
	t.Helper()
	cmd := exec.Command(confnotes(t), append(args, "--data", in.data)...)
	cmd.Env = append(environment(), in.env...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatalf("confnotes %s: %v", args[0], err)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// must runs a command that has to succeed and returns what it printed.
func (in *instance) must(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	got := in.run(t, stdin, args...)
	if got.code != 0 {
		t.Fatalf("confnotes %s: %s", strings.Join(args, " "), got)
	}
	return strings.TrimSpace(got.stdout)
}

// host is the server's, as handles have it.
func (in *instance) host() string {
	return strings.TrimPrefix(in.baseURL, "https://")
}

// addAuthor makes the account from a shell.
func (in *instance) addAuthor(t testing.TB) {
	t.Helper()
	if err := os.MkdirAll(in.data, 0o700); err != nil {
		t.Fatal(err)
	}
	in.must(t, password+"\n", "account", "add", author, "--role", "owner", "--name", "Gwen Le Goff", "--password-stdin")
}

// idle waits until nothing is on its way any more.
func (in *instance) idle(t testing.TB) {
	t.Helper()
	db := in.open(t)
	eventually(t, patience, "everything is sent", func() error {
		if waiting := column(t, db, "SELECT id FROM deliveries WHERE state = 'queued'"); len(waiting) > 0 {
			return fmt.Errorf("%d deliveries wait", len(waiting))
		}
		return nil
	})
}

var setupLink = regexp.MustCompile(`https?://\S+/setup\?token=\S+`)

// setupURL is the one-time link that the server printed.
func (in *instance) setupURL(t testing.TB) string {
	t.Helper()
	link := setupLink.FindString(in.log.String())
	if link == "" {
		t.Fatalf("serve printed no link to the set-up page:\n%s", in.log)
	}
	return link
}

// activityJSON is how a server asks for an id's document.
const activityJSON = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

// get asks for a URL and returns the answer with its whole body.
func (in *instance) get(t testing.TB, url, accept string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	return res, string(body)
}
