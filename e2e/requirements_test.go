package e2e

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// lack says that a test can't run here and how to get what it needs. Where
// everything must run, CONFNOTES_TEST_ALL=1, that is a failure.
func lack(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CONFNOTES_TEST_ALL") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// hosts are the names that the tests give to servers, so that their handles carry no
// port: each stands at a loopback address of its own, with its own port 443.
// `.ci/run --hosts` reads this line; the tests never edit /etc/hosts. New ones come last.
var hosts = []string{"notes.test", "peer.test", "notes2.test", "peer2.test", "notes3.test", "peer3.test", "notes4.test", "peer4.test", "notes5.test", "peer5.test", "peer6.test", "notes6.test", "peer7.test", "notes7.test", "notes8.test"}

// place is where a test puts a server.
type place struct{ host, address string }

// lent are the hosts that tests have at this moment.
var (
	lent   = map[string]bool{}
	lentMu sync.Mutex
	given  = sync.NewCond(&lentMu) // back
)

// needPlaces lends a test so many hosts for servers of ours, and for peers, until it ends. It
// waits for those that others have.
func needPlaces(t testing.TB, notes, peers int) (ours, theirs []place) {
	t.Helper()
	for _, host := range lend(t, notes, peers) {
		p := place{host, loopback(t, host)}
		if strings.HasPrefix(host, "notes") {
			ours = append(ours, p)
		} else {
			theirs = append(theirs, p)
		}
	}
	return ours, theirs
}

func lend(t testing.TB, notes, peers int) (names []string) {
	lentMu.Lock()
	defer lentMu.Unlock()
	for {
		names = nil
		for kind, n := range map[string]int{"notes": notes, "peer": peers} {
			free := slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return lent[h] || !strings.HasPrefix(h, kind) })
			names = append(names, free[:min(n, len(free))]...)
		}
		if len(names) == notes+peers {
			break
		}
		given.Wait()
	}
	for _, name := range names {
		lent[name] = true
	}
	t.Cleanup(func() {
		lentMu.Lock()
		defer lentMu.Unlock()
		for _, name := range names {
			delete(lent, name)
		}
		given.Broadcast()
	})
	return names
}

// loopback checks that a name resolves to loopback and that port 443 can be had there, and
// returns the address.
func loopback(t testing.TB, name string) string {
	t.Helper()
	found, err := net.LookupHost(name)
	if err != nil || !net.ParseIP(found[0]).IsLoopback() {
		lack(t, name+" is no name of this machine: as root, add the e2e tests' names to /etc/hosts with .ci/run --hosts")
	}
	l, err := net.Listen("tcp", net.JoinHostPort(found[0], "443"))
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			lack(t, "port 443 needs a right: run as root, or set net.ipv4.ip_unprivileged_port_start=443 with sysctl")
		}
		t.Fatalf("port 443 of %s: %v", name, err)
	}
	_ = l.Close()
	return found[0]
}

// needChromium returns where the browser is.
func needChromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lack(t, "there is no Chromium: apt-get install chromium")
	return ""
}

// peerFolder holds the peer's program.
const peerFolder = "peers/fedify"

// needPeer returns the Node that runs the peer: the folder's own, as the machine's
// may be older than 22.
func needPeer(t testing.TB) (node string) {
	t.Helper()
	node, err := filepath.Abs(filepath.Join(peerFolder, "node_modules", ".bin", "node"))
	if err == nil {
		_, err = os.Stat(node)
	}
	if err != nil {
		lack(t, "the Fedify peer is not installed: npm ci in e2e/"+peerFolder)
	}
	return node
}
