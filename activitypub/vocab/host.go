package vocab

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

func isIRI(s string) bool {
	if len(s) > maxIRI {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// schemePort is left out where hosts are compared.
var schemePort = map[string]string{"https": "443", "http": "80"}

// Host returns the authority of an IRI as hosts are compared: in lower case and
// A-labels, without the root's dot and the scheme's own port. "" where it has none.
func Host(iri string) string {
	_, host := origin(iri)
	return host
}

// SameHost says whether two IRIs have the same, non-empty, authority and scheme.
func SameHost(a, b string) bool {
	schemeA, hostA := origin(a)
	schemeB, hostB := origin(b)
	return hostA != "" && hostA == hostB && schemeA == schemeB
}

// Hostname returns the host of an IRI without a port, an IPv6 address without brackets.
func Hostname(iri string) string {
	u, err := parse(iri)
	if err != nil {
		return ""
	}
	return hostname(u)
}

func origin(iri string) (scheme, host string) {
	u, err := parse(iri)
	if err != nil {
		return "", ""
	}
	host = hostname(u)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != schemePort[u.Scheme] {
		host += ":" + port
	}
	return u.Scheme, host
}

// parse leaves out the fragment, which says nothing of the host and may be malformed.
func parse(iri string) (*url.URL, error) {
	iri, _, _ = strings.Cut(iri, "#")
	return url.Parse(iri)
}

func hostname(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}
