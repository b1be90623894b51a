package config

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// program has the flags of two commands, as cmd/confnotes has.
type program struct {
	Config kong.ConfigFlag
	Serve  struct {
		Common
		Federation
		Serve
	} `cmd:""`
	Account struct{ Common } `cmd:""`
}

// parse reads a configuration file and a command's words.
func parse(t *testing.T, file string, args ...string) (*program, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "confnotes.toml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{}
	parser, err := kong.New(p, kong.Configuration(TOML), kong.Exit(func(int) { t.Fatal("kong wants to exit") }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(append(args, "--config", path))
	return p, err
}

// Environment variables belong to the whole process, so this test is not parallel.
func TestAFlagWeighsMoreThanTheEnvironmentThanTheFile(t *testing.T) {
	file := `
		base-url = "https://file.example"
		listen = "file:1"
		log-level = "warn"
		allow-network = ["127.0.0.0/8", "10.0.0.0/8"]
		data = "/srv/file"`
	t.Setenv("CONFNOTES_LISTEN", "env:1")
	t.Setenv("CONFNOTES_BASE_URL", "https://env.example")
	t.Setenv("CONFNOTES_TRUSTED_PROXIES", "192.0.2.0/24,2001:db8::/32")
	p, err := parse(t, file, "serve", "--base-url", "https://flag.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, got, want string }{
		{"flag over environment and file", p.Serve.BaseURL, "https://flag.example"},
		{"environment over file", p.Serve.Listen, "env:1"},
		{"file over default", p.Serve.LogLevel, "warn"},
		{"a path from the file", p.Serve.Data, "/srv/file"},
		{"default", p.Serve.AccountDomain, ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if want := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}; !slices.Equal(p.Serve.AllowNetwork, want) {
		t.Errorf("networks from the file: %v, want %v", p.Serve.AllowNetwork, want)
	}
	if want := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}; !slices.Equal(p.Serve.TrustedProxies, want) {
		t.Errorf("proxies from the environment: %v, want %v", p.Serve.TrustedProxies, want)
	}
}

func TestTheFileIsReadStrictly(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"a misspelt key", `base_url = "https://a.example"`, "base_url"},
		{"a section", "[serve]\nlisten = \"a:1\"", "serve"},
		{"no TOML", "listen: a", "configuration file"},
		{"a value of another kind", `allow-network = "not a network"`, "allow-network"},
		{"a level that isn't one", `log-level = "loud"`, "log-level"},
	}
	for _, tt := range tests {
		if _, err := parse(t, tt.file, "serve"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want an error that names %q", tt.name, err, tt.want)
		}
	}
	if p, err := parse(t, "listen = \"a:1\"\ndata = \"/srv\"", "account"); err != nil || p.Account.Data != "/srv" {
		t.Errorf("a key of another command: %+v, %v; want it taken", p.Account, err)
	}
}

func TestFederationIsOffWhereIdsWouldMeanNothing(t *testing.T) {
	t.Parallel()
	lab := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	tests := []struct {
		base  string
		allow []netip.Prefix
		want  bool
	}{
		{"http://localhost:8080", nil, true},
		{"http://notes.localhost", nil, true},
		{"http://127.0.0.1:8080", nil, true},
		{"http://[::1]:8080", nil, true},
		{"http://localhost:8080", lab, false},
		{"https://localhost:8443", nil, false},
		{"https://notes.example", nil, false},
		{"http://notes.example", nil, false},
		{"http://notlocalhost", nil, false},
	}
	for _, tt := range tests {
		reason, off := Federation{BaseURL: tt.base, AllowNetwork: tt.allow}.Off()
		if off != tt.want || off != strings.Contains(reason, "--base-url") {
			t.Errorf("%s, %v: off %v, %q; want %v, and what to do", tt.base, tt.allow, off, reason, tt.want)
		}
	}
}

func TestADataFolderHasOneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	release, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("a second server: %v, want ErrLocked", err)
	}
	if other, err := Lock(t.TempDir()); err != nil {
		t.Errorf("another folder: %v", err)
	} else {
		other()
	}
	release()
	again, err := Lock(dir)
	if err != nil {
		t.Fatalf("after it stopped: %v", err)
	}
	again()
	if _, err := Lock(filepath.Join(dir, "absent")); err == nil || errors.Is(err, ErrLocked) {
		t.Errorf("a folder that isn't there: %v", err)
	}
}

func TestTheDataFolderIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := CheckOwner(dir); err != nil {
		t.Errorf("one's own folder: %v", err)
	}
	if err := CheckOwner(filepath.Join(dir, "absent")); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("an absent folder: %v, want an error that says what to give", err)
	}
	if os.Geteuid() != 0 {
		if err := CheckOwner("/"); err == nil {
			t.Error("root's folder was taken")
		}
		return
	}
	if err := os.Chown(dir, 12345, -1); err != nil {
		t.Fatal(err)
	}
	if err := CheckOwner(dir); err == nil || !strings.Contains(err.Error(), "12345") {
		t.Errorf("another user's folder: %v, want an error that names the user", err)
	}
}
