package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPublishFromAShell(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	first := writeFile(t, "---\ntitle: Une note\nslug: une-note\nlanguage: fr\ndate: 2026-06-11T19:42:00+02:00\n---\n\nPremière version.\n")
	second := writeFile(t, "---\ntitle: Une note\nslug: une-note\nlanguage: fr\n---\n\nSeconde version.\n")
	tomorrow := time.Now().Add(24 * time.Hour).Format(time.RFC3339)
	tests := []struct {
		name     string
		args     []string
		wantCode int
		wantSaid string // part of what is printed
	}{
		{"an update of what isn't there is refused", []string{first, "--as", author, "--update"}, 1, "leave out --update"},
		{"publishing prints the address", []string{first, "--as", author}, 0, "/@gwen/une-note\n"},
		{"publishing again is refused", []string{second, "--as", author}, 1, "--update"},
		{"publishing again with --update is done", []string{second, "--as", author, "--update"}, 0, "/@gwen/une-note\n"},
		{"a draft prints where to go on", []string{writeFile(t, "---\ntitle: Un brouillon\n---\n\nÀ suivre.\n"), "--as", author, "--draft"}, 0, "/write/"},
		{"an unknown account is named", []string{first, "--as", "nobody"}, 1, "nobody"},
		{"a file without front matter is refused", []string{writeFile(t, "Sans rien.\n"), "--as", author}, 1, "front matter"},
		{"a misspelt key is refused", []string{writeFile(t, "---\ntitel: Oups\n---\n\nRien.\n"), "--as", author}, 1, "titel"},
		{"a date in the future is refused", []string{writeFile(t, "---\ntitle: Demain\ndate: "+tomorrow+"\n---\n\nDemain.\n"), "--as", author}, 1, "future"},
		{"a file that isn't there is a slip of the keyboard", []string{"/no/such/file.md", "--as", author}, 2, "no/such/file.md"},
		{"so is a missing --as", []string{first}, 2, "--as"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := in.run(t, "", append([]string{"publish"}, tt.args...)...)
			if got.code != tt.wantCode || !strings.Contains(got.stdout+got.stderr, tt.wantSaid) {
				t.Errorf("%s\nwant exit code %d and %q", got, tt.wantCode, tt.wantSaid)
			}
		})
	}
	in.start(t)
	if _, page := in.get(t, in.baseURL+"/@gwen/une-note", "text/html"); !strings.Contains(page, "Seconde version.") {
		t.Errorf("the page shows not the second version:\n%s", page)
	}
}

func TestPublishWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	in := newPlain(t, "--allow-network", "127.0.0.0/8")
	in.addAuthor(t)
	in.start(t)
	readers := newSink(t, 1, 1)
	readers.followAll(t, in)
	page := publishNote(t, in, "En direct", "--allow-network", "127.0.0.0/8")
	if res, body := in.get(t, page, "text/html"); res.StatusCode != http.StatusOK || !strings.Contains(body, "Quelques mots.") {
		t.Errorf("at once the page answers %d", res.StatusCode)
	}
	eventually(t, patience, "the article is delivered", func() error {
		if len(readers.arrived(readers.actors[0], "Create")) == 0 {
			return fmt.Errorf("no Create has arrived")
		}
		return nil
	})
}

func TestAccountsFromAShell(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t) // all of it works beside the server
	steps := []struct {
		name     string
		stdin    string
		args     []string
		wantCode int
		wantSaid string
	}{
		{"a second account", "une longue phrase\n", []string{"add", "yann", "--name", "Yann", "--password-stdin"}, 0, "added yann, author"},
		{"the same handle again", "une longue phrase\n", []string{"add", "Yann", "--password-stdin"}, 1, "taken"},
		{"a handle that can't be", "une longue phrase\n", []string{"add", "y.a.n.n", "--password-stdin"}, 1, "handle"},
		{"a short password", "court\n", []string{"add", "loic", "--password-stdin"}, 1, "too short"},
		{"a role that isn't one", "une longue phrase\n", []string{"add", "loic", "--role", "king", "--password-stdin"}, 2, "role"},
		{"the list", "", []string{"list"}, 0, "gwen\towner\tGwen Le Goff\nyann\tauthor\tYann\n"},
		{"the last owner can't step down", "", []string{"role", author, "editor"}, 1, "last owner"},
		{"the last owner can't be deleted", "", []string{"delete", author, "--yes"}, 1, "last owner"},
		{"a second owner", "", []string{"role", "yann", "owner"}, 0, "yann is owner"},
		{"the first may step down now", "", []string{"role", author, "author"}, 0, "gwen is author"},
		{"a role for nobody", "", []string{"role", "nobody", "owner"}, 1, "no account"},
		{"deleting asks for the handle", "non\n", []string{"delete", author}, 1, "nothing was deleted"},
		{"a new password", "une autre phrase\n", []string{"password", author, "--password-stdin"}, 0, "signed out everywhere"},
		{"a move to who doesn't know of it", "", []string{"move", author, "@yann@" + in.address}, 1, "also this one"},
		{"who an account also is", "", []string{"alias", "yann", "@" + author + "@" + in.address}, 0, "yann is also @gwen@" + in.address},
		{"an alias that is no address", "", []string{"alias", "yann", "gwen"}, 1, "address of the fediverse"},
		{"a move", "", []string{"move", author, "@yann@" + in.address}, 0, "gwen has moved to @yann@" + in.address},
		{"another move", "", []string{"move", author, "@yann@" + in.address}, 1, "once in 30 days"},
		{"a move of nobody", "", []string{"move", "nobody", "@yann@" + in.address}, 1, "no account"},
		{"a password for nobody", "une autre phrase\n", []string{"password", "nobody", "--password-stdin"}, 1, "no account"},
	}
	session := signInByForm(t, in, author, password)
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			got := in.run(t, s.stdin, append([]string{"account"}, s.args...)...)
			if got.code != s.wantCode || !strings.Contains(got.stdout+got.stderr, s.wantSaid) {
				t.Errorf("%s\nwant exit code %d and %q", got, s.wantCode, s.wantSaid)
			}
		})
	}
	if session == nil || signedIn(t, in, session) {
		t.Error("the session that began before the new password goes on")
	}
	if signInByForm(t, in, author, password) != nil {
		t.Error("the old password still opens")
	}
	if session = signInByForm(t, in, author, "une autre phrase"); session == nil || !signedIn(t, in, session) {
		t.Error("the new password doesn't open")
	}
	in.must(t, author+"\n", "account", "delete", author)
	if signedIn(t, in, session) {
		t.Error("the session of a deleted account goes on")
	}
	if res, _ := in.get(t, in.baseURL+"/users/"+author, activityJSON); res.StatusCode != http.StatusGone {
		t.Errorf("a deleted account's id answers %d, want 410", res.StatusCode)
	}
	if got := in.run(t, "une longue phrase\n", "account", "add", author, "--password-stdin"); got.code != 1 {
		t.Errorf("a handle was given twice: %s", got)
	}
}

// signInByForm returns the session's cookie, nil when the password is wrong.
func signInByForm(t *testing.T, in *instance, handle, password string) *http.Cookie {
	t.Helper()
	res, err := in.client.PostForm(in.baseURL+"/sign-in", url.Values{"handle": {handle}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "session" && res.StatusCode == http.StatusSeeOther {
			return c
		}
	}
	return nil
}

func signedIn(t *testing.T, in *instance, session *http.Cookie) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.baseURL+"/posts", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(session)
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func TestAnotherSchemaIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, change, wantSaid string
		serve                  bool // refuses, too; of an older one it makes a newer
	}{
		{"a newer one, by everything", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)", "newer confnotes", true},
		{"an older one, by commands", "DELETE FROM goose_db_version WHERE version_id > 0", "confnotes serve", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := newPlain(t)
			in.addAuthor(t)
			if _, err := in.open(t).ExecContext(t.Context(), tt.change); err != nil {
				t.Fatal(err)
			}
			for _, command := range [][]string{{"account", "list"}, {"publish", recapFile, "--as", author}} {
				if got := in.run(t, "", command...); got.code != 1 || !strings.Contains(got.stderr, "schema version") || !strings.Contains(got.stderr, tt.wantSaid) {
					t.Errorf("%s: %s\nwant a refusal with %q", command[0], got, tt.wantSaid)
				}
			}
			if tt.serve {
				if got := in.run(t, "", append([]string{"serve"}, in.args...)...); got.code != 1 || !strings.Contains(got.stderr, "schema version") {
					t.Errorf("serve: %s", got)
				}
			}
		})
	}
}

func TestWhatServeRefuses(t *testing.T) {
	t.Parallel()
	in := newPlain(t, "--allow-network", "127.0.0.0/8")
	in.addAuthor(t)
	in.start(t)
	t.Run("a second server on the same data", func(t *testing.T) {
		got := in.run(t, "", "serve", "--listen", freeAddress(t), "--base-url", in.baseURL)
		if got.code != 1 || !strings.Contains(got.stderr, "another confnotes server") {
			t.Error(got)
		}
	})
	t.Run("half of a certificate", func(t *testing.T) {
		got := newPlain(t).run(t, "", "serve", "--tls-cert", "leaf.pem")
		if got.code != 1 || !strings.Contains(got.stderr, "--tls-key") {
			t.Error(got)
		}
	})
	newSink(t, 1, 1).followAll(t, in)
	in.process.stop(t)
	t.Run("another base URL, once others know the first", func(t *testing.T) {
		got := in.run(t, "", "serve", "--listen", freeAddress(t), "--base-url", "https://elsewhere.example")
		if got.code != 1 || !strings.Contains(got.stderr, "--base-url "+in.baseURL) {
			t.Error(got)
		}
	})
	t.Run("and so does a command", func(t *testing.T) {
		got := in.run(t, "", "publish", recapFile, "--as", author, "--base-url", "https://elsewhere.example")
		if got.code != 1 || !strings.Contains(got.stderr, "--base-url "+in.baseURL) {
			t.Error(got)
		}
	})
	in.start(t)
	in.process.stop(t)
}

func TestBeforeAnythingFederatedTheBaseURLMayChange(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	in.process.stop(t)
	moved := newPlain(t)
	moved.data = in.data
	moved.start(t)
	if page := publishNote(t, moved, "Déménagement"); !strings.HasPrefix(page, moved.baseURL+"/") {
		t.Errorf("the command publishes at %s, want the recorded %s", page, moved.baseURL)
	}
	moved.process.stop(t)
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"--help"}} {
		out, err := exec.Command(confnotes(t), args...).CombinedOutput()
		for _, command := range []string{"serve", "account add", "account list", "publish", "version"} {
			if err != nil || !strings.Contains(string(out), command) {
				t.Errorf("confnotes %v: %v, and no %q in\n%s", args, err, command, out)
			}
		}
	}
	in := &instance{data: filepath.Join(t.TempDir(), "nothing")}
	if got := in.run(t, "", "account", "list"); got.code != 1 || !strings.Contains(got.stderr, "no data folder") {
		t.Errorf("without a data folder: %s", got)
	}
}
