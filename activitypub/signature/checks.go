package signature

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkCoverage insists on what a signature must cover, because the sender picks
// the list: without (request-target) and host it is good for any URL, without
// digest for any body, without a time for ever.
func checkCoverage(r *http.Request, body []byte, p *params) error {
	required := []string{"(request-target)", "host"}
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || len(body) > 0 {
		required = append(required, "digest")
	}
	for _, name := range required {
		if !p.covers(name) {
			return refuse("the signature of a %s must cover %s", quote(r.Method), name)
		}
	}
	switch {
	case !p.covers("date") && !p.covers("(created)"):
		return refuse("the signature must cover date or (created)")
	case p.covers("(created)") && p.created == "", p.covers("(expires)") && p.expires == "":
		return refuse("the signature covers (created) or (expires) without the parameter")
	case p.algorithm != "hs2019" && (p.covers("(created)") || p.covers("(expires)")):
		// Section 2.3 of the draft; Mastodon insists on it too.
		return refuse("(created) and (expires) need algorithm hs2019")
	}
	return nil
}

// checkSingle refuses repeats of the headers whose meaning we check: what we
// check could be another value than what a proxy or a handler reads.
func checkSingle(h http.Header) error {
	for _, name := range []string{"Date", "Digest", "Content-Digest", "Content-Type"} {
		if len(h[name]) > 1 {
			return refuse("the request has %d %s headers, one is accepted", len(h[name]), name)
		}
	}
	if len(h["Host"]) > 0 { // net/http's server moves the only one to r.Host
		return refuse("the request has more than one Host header")
	}
	return nil
}

func checkAuthority(r *http.Request, ours []string) error {
	if slices.ContainsFunc(ours, func(a string) bool { return a != "" && strings.EqualFold(a, r.Host) }) {
		return nil
	}
	return refuse("the request is addressed to host %s, which is not this server", quote(r.Host))
}

// checkTime insists that every time the signature covers is within the window,
// and that an expiry, covered or not, hasn't passed by more than the skew.
func checkTime(h http.Header, p *params, policy Policy) error {
	if p.covers("date") {
		if err := checkDate(h, policy); err != nil {
			return err
		}
	}
	var created, expires time.Time
	var err error
	if p.created != "" {
		if created, err = unixTime("created", p.created); err != nil {
			return err
		}
	}
	if p.expires != "" {
		if expires, err = unixTime("expires", p.expires); err != nil {
			return err
		}
	}
	return checkLife(created, expires, policy)
}

func checkDate(h http.Header, policy Policy) error {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return refuse("the Date header is missing or not an HTTP date")
	}
	return checkWindow("Date", date, policy.Now, policy.skew())
}

// checkLife holds a signature's own times against now. The zero time is none.
func checkLife(created, expires time.Time, policy Policy) error {
	if !created.IsZero() {
		if err := checkWindow("created", created, policy.Now, policy.skew()); err != nil {
			return err
		}
	}
	if !expires.IsZero() && (policy.Now.Sub(expires) > policy.skew() || expires.Before(created)) {
		return refuse("the signature has expired")
	}
	return nil
}

func checkWindow(what string, t, now time.Time, skew time.Duration) error {
	if off := now.Sub(t); off > skew || off < -skew {
		return refuse("%s is %s, more than %s from this server's %s", what,
			t.UTC().Format(time.RFC3339), skew, now.UTC().Format(time.RFC3339))
	}
	return nil
}

// unixTime reads plain digits: what was signed is the text itself, so it may
// have one form only.
func unixTime(what, s string) (time.Time, error) {
	const most = 11 // digits, until the year 5138
	seconds, err := strconv.ParseUint(s, 10, 63)
	if err != nil || len(s) > most {
		return time.Time{}, refuse("the parameter %s is not a time in Unix seconds", what)
	}
	return time.Unix(int64(seconds), 0), nil
}

// checkDigest compares the SHA-256 of body with the Digest header of RFC 3230,
// which may list other algorithms beside it; they are not looked at.
func checkDigest(header string, body []byte) error {
	var claimed string
	for entry := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		if !strings.EqualFold(name, "SHA-256") {
			continue
		}
		if claimed != "" {
			return refuse("the Digest header has SHA-256 twice")
		}
		claimed = value
	}
	if claimed == "" {
		return refuse("the Digest header has no SHA-256")
	}
	want := sha256.Sum256(body)
	got, err := base64.StdEncoding.DecodeString(claimed)
	if err != nil || !bytes.Equal(got, want[:]) {
		return refuse("the Digest header is not that of the body")
	}
	return nil
}
