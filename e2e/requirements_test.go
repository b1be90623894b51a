package e2e

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
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
// port: each stands at a loopback address of its own, with its own port 443. A
// server of the project and its peer make a pair; tests that run at once take one each.
// `.ci/run --hosts` reads this line; the tests never edit /etc/hosts.
var hosts = []string{"notes.test", "peer.test", "notes2.test", "peer2.test", "notes3.test", "peer3.test", "notes4.test", "peer4.test", "notes5.test", "peer5.test", "peer6.test", "notes6.test", "peer7.test"}

// needHosts checks that names resolve to loopback and that port 443 can be had
// there, and returns the addresses.
func needHosts(t testing.TB, names ...string) (addresses []string) {
	t.Helper()
	for _, name := range names {
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
		addresses = append(addresses, found[0])
	}
	return addresses
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
