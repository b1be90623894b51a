package mastodon

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// messageRules are of signatures by RFC 9421, as Mastodon reads them since 4.5.
var messageRules = []Rule{
	{14, "a signature by RFC 9421 says which key and when, and covers method, target and, of a POST, digest", post | signedGet, isMessage, func(t *thing) string {
		m := messageOf(t.request)
		wanted := []string{"@method", "@target-uri"}
		if t.kind == post {
			wanted = append(wanted, "content-digest")
		}
		for _, component := range wanted {
			if !slices.Contains(m.covered, component) {
				return "it covers no " + component
			}
		}
		age := t.now().Sub(m.created)
		return first(unless(m.keyID != "", "it names no key"), unless(age <= 65*time.Minute && age >= -time.Hour, "it was made at %s", m.created))
	}},
	{14, "content-digest is the body's SHA-256", post, isMessage, func(t *thing) string {
		sum := sha256.Sum256(t.request.Body)
		want := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
		return unless(strings.Contains(t.request.Header.Get("Content-Digest"), want), "Content-Digest is %q, the body's is %s", t.request.Header.Get("Content-Digest"), want)
	}},
	{14, "the signature is RSA with SHA-256 by the key which its owner shows", post | signedGet, isMessage, func(t *thing) string {
		m := messageOf(t.request)
		return first(unless(m.algorithm == "rsa-v1_5-sha256" || m.algorithm == "", "alg is %q", m.algorithm), t.verify(m.keyID, m.signature, m.base(t.request)))
	}},
}

func isMessage(t *thing) bool { return !isCavage(t) }

// message is a signature by RFC 9421.
type message struct {
	covered          []string
	params           string // as they were sent: they are signed, too
	keyID, algorithm string
	created          time.Time
	signature        string
}

var (
	messageInput = regexp.MustCompile(`^([a-z0-9]+)=(\(([^)]*)\)(.*))$`)
	messageParam = regexp.MustCompile(`;([a-z]+)=(?:"([^"]*)"|(\d+))`)
)

// messageOf reads the one signature of a request.
func messageOf(r *Request) (m message) {
	input := messageInput.FindStringSubmatch(r.Header.Get("Signature-Input"))
	if input == nil {
		return m
	}
	m.params = input[2]
	m.covered = strings.Fields(strings.ReplaceAll(input[3], `"`, ""))
	for _, p := range messageParam.FindAllStringSubmatch(input[4], -1) {
		switch p[1] {
		case "keyid":
			m.keyID = p[2]
		case "alg":
			m.algorithm = p[2]
		case "created":
			seconds, _ := strconv.ParseInt(p[3], 10, 64)
			m.created = time.Unix(seconds, 0)
		}
	}
	m.signature = strings.TrimSuffix(strings.TrimPrefix(r.Header.Get("Signature"), input[1]+"=:"), ":")
	return m
}

// base is what is signed (RFC 9421 section 2.5).
func (m message) base(r *Request) string {
	var b strings.Builder
	at, err := url.Parse(r.URL)
	if err != nil {
		return ""
	}
	for _, component := range m.covered {
		value := strings.Join(r.Header.Values(http.CanonicalHeaderKey(component)), ", ")
		switch component {
		case "@method":
			value = r.Method
		case "@target-uri":
			value = r.URL
		case "@authority":
			value = at.Host
		case "@path":
			value = at.EscapedPath()
		}
		fmt.Fprintf(&b, "%q: %s\n", component, value)
	}
	return b.String() + `"@signature-params": ` + m.params
}
