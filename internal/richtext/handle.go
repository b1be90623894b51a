package richtext

import (
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// Handle is a mention as written: @user@host, or @user for a local one, whose
// Host is empty. Host holds A-labels: two spellings of one domain are one handle.
type Handle struct {
	User, Host string
}

// String is the lower-cased "user@host" or "user", the key of Options.Mentions.
func (h Handle) String() string {
	if h.Host == "" {
		return strings.ToLower(h.User)
	}
	return strings.ToLower(h.User + "@" + h.Host)
}

// handlePattern reads a mention at the start of a line's rest. The user part is
// Mastodon's (reference/mastodon.md 4), the host takes a port because labs and
// tests run on one.
var handlePattern = regexp.MustCompile(
	`^@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?:@([\pL\pN](?:[\pL\pM\pN.-]*[\pL\pM\pN])?(?::[0-9]{1,5})?))?`)

// parseHandle reads the mention that line starts with and says how many bytes
// it takes; zero when there is none.
func parseHandle(line []byte) (Handle, int) {
	m := handlePattern.FindSubmatch(line)
	if m == nil {
		return Handle{}, 0
	}
	if next := firstRune(line[len(m[0]):]); next == '@' || next == '/' || isWordRune(next) {
		return Handle{}, 0 // @angular/core is a package, a@b@c is nobody
	}
	host, port, _ := strings.Cut(string(m[2]), ":")
	if host != "" {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return Handle{}, 0
		}
		host = ascii
	}
	if port != "" {
		host += ":" + port
	}
	return Handle{User: string(m[1]), Host: host}, len(m[0])
}
