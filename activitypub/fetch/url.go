package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

const maxURL = 2048 // bytes; Mastodon stores no longer one

// target is a URL that may be asked for. text is how it was spelled, because ids
// are compared byte for byte and url.URL may spell another way, but without its
// fragment and with scheme and host in lower case: one actor, one id.
type target struct {
	text string
	url  *url.URL
}

// parseTarget checks a URL that a stranger named. The address behind its host
// is checked later, when it is dialled.
func (c *Client) parseTarget(raw string) (target, error) {
	bad := func(why string) (target, error) {
		return target{}, fmt.Errorf("%w: URL %.200q %s", ErrRefused, raw, why)
	}
	if len(raw) > maxURL {
		return bad("is too long")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return bad("has white space, control characters or backslashes")
	}
	text, _, _ := strings.Cut(raw, "#")
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return bad("can't be parsed")
	case u.Scheme != "https" && u.Scheme != "http":
		return bad("is neither https nor http")
	case u.Scheme == "http" && !c.opts.AllowHTTP:
		return bad("is not https")
	case u.User != nil:
		return bad("has a user name")
	case u.Hostname() == "" || u.Opaque != "":
		return bad("has no host")
	case c.opts.Only != nil && !slices.Contains(c.opts.Only, strings.ToLower(u.Host)):
		return bad("is not a server that this one speaks to")
	}
	return target{text: lowerOrigin(text), url: u}, nil
}

// lowerOrigin lowers what stands before the path of an absolute URL.
func lowerOrigin(text string) string {
	host := strings.Index(text, "//") + len("//")
	end := strings.IndexAny(text[host:], "/?")
	if end < 0 {
		return strings.ToLower(text)
	}
	return strings.ToLower(text[:host+end]) + text[host+end:]
}

// redirected resolves a Location against the place that sent it.
func (c *Client) redirected(from target, location string) (target, error) {
	next, err := from.url.Parse(location)
	if err != nil {
		return target{}, fmt.Errorf("%w: redirect from %s to %.200q", ErrRefused, from.text, location)
	}
	if from.url.Scheme == "https" && next.Scheme != "https" {
		return target{}, fmt.Errorf("%w: redirect from %s down to %.200q", ErrRefused, from.text, location)
	}
	return c.parseTarget(next.String())
}
