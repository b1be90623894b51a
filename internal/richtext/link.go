package richtext

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
	"golang.org/x/net/idna"
)

// maxLink is the longest address, in bytes, that a link may have.
const maxLink = 2048

// hostPattern is a host in ASCII, an IPv6 address in brackets, and a port.
var hostPattern = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$`)

// webLink is an absolute http(s) address in the one spelling that a browser,
// bluemonday and net/url agree on, with its host in ASCII. An address with a user
// name is refused: it only serves to look like another host.
func webLink(href string) (address string, host idnHost, ok bool) {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return "", idnHost{}, false
	}
	u.Host, host, ok = asciiHost(u)
	if !ok {
		return "", idnHost{}, false
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	address = u.String()
	again, err := url.Parse(address)
	if err != nil || again.String() != address || len(address) > maxLink {
		return "", idnHost{}, false
	}
	return address, host, true
}

// safeLink says where an author's link may lead: to the web, to a mailbox, or to
// an id on this page, which gets the article's prefix.
func safeLink(dest []byte, prefix string) (string, bool) {
	s := string(util.URLEscape(dest, true))
	if id, ok := strings.CutPrefix(s, "#"); ok {
		return "#" + prefix + id, id != ""
	}
	if address, _, ok := webLink(s); ok {
		return address, true
	}
	u, err := url.Parse(s)
	return s, err == nil && u.Scheme == "mailto" && u.Opaque != ""
}

// idnHost is a host that is spelt otherwise in ASCII. The zero value is none.
type idnHost struct {
	ascii, unicode, typed string
}

// asciiHost turns a host into A-labels, so that a homoglyph of a known name shows.
func asciiHost(u *url.URL) (string, idnHost, bool) {
	typed := u.Hostname()
	name := strings.ToLower(typed)
	var host idnHost
	if !isASCII(name) || strings.Contains(name, "xn--") {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return "", idnHost{}, false
		}
		unicode, err := idna.Lookup.ToUnicode(ascii)
		if err != nil {
			return "", idnHost{}, false
		}
		name, host = ascii, idnHost{ascii: ascii, unicode: unicode, typed: typed}
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if port := u.Port(); port != "" {
		name += ":" + port
	}
	return name, host, hostPattern.MatchString(name)
}

// unmask writes the ASCII spelling wherever a link's text has the other one.
func (h idnHost) unmask(text string) string {
	for _, spelling := range []string{h.typed, h.unicode} {
		if spelling != "" && !isASCII(spelling) {
			text = strings.ReplaceAll(text, spelling, h.ascii)
		}
	}
	return text
}

// escapeQuery percent-encodes what net/url leaves in a query as it came.
func escapeQuery(q string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`", c) >= 0 {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
