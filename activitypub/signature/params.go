package signature

import (
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

const (
	maxHeader  = 8 * 1024 // bytes of a Signature header; real ones have about 600
	maxKeyID   = 2048     // bytes
	maxCovered = 32       // header names
)

// params are the parameters of a Signature header, section 2.1 of the draft.
type params struct {
	keyID     string
	signature []byte
	algorithm string   // lower case, "" if absent
	headers   []string // lower case, in the order signed
	created   string   // decimal Unix seconds as sent, "" if absent
	expires   string   // likewise
}

// canonical writes the parameters for go-fed, which splits at every comma and "=" and
// trims quotes: no more than it needs, in a form that has one reading.
func (p *params) canonical() string {
	text := `keyId="key",headers="` + strings.Join(p.headers, " ") + `",signature="` + base64.StdEncoding.EncodeToString(p.signature) + `"`
	if p.covers("(created)") {
		text += ",created=" + p.created
	}
	if p.covers("(expires)") {
		text += ",expires=" + p.expires
	}
	return text
}

func (p *params) covers(name string) bool { return slices.Contains(p.headers, name) }

// parseParams reads a Signature header and checks each parameter by itself.
func parseParams(header string) (*params, error) {
	if len(header) > maxHeader {
		return nil, refuse("the Signature header has %d bytes, at most %d are read", len(header), maxHeader)
	}
	raw, err := splitParams(header)
	if err != nil {
		return nil, err
	}
	p := &params{
		keyID:     raw["keyId"],
		algorithm: strings.ToLower(raw["algorithm"]),
		created:   raw["created"],
		expires:   raw["expires"],
	}
	if p.keyID == "" || len(p.keyID) > maxKeyID {
		return nil, refuse("the Signature header needs a keyId of 1 to %d bytes", maxKeyID)
	}
	if p.signature, err = base64.StdEncoding.Strict().DecodeString(raw["signature"]); err != nil || len(p.signature) == 0 {
		return nil, refuse("the signature parameter is missing or not base64")
	}
	// The key decides how we verify; another name is a sender who means another
	// algorithm, and deserves a better answer than a mismatch.
	if !slices.Contains([]string{"", "rsa-sha256", "hs2019"}, p.algorithm) {
		return nil, refuse("algorithm %s is not supported, use rsa-sha256 or hs2019", quote(raw["algorithm"]))
	}
	if p.headers, err = coveredNames(raw); err != nil {
		return nil, err
	}
	return p, nil
}

func coveredNames(raw map[string]string) ([]string, error) {
	list, ok := raw["headers"]
	if !ok {
		list = "date" // the default in drafts before 12, as go-fed reads it
	}
	names := strings.Fields(strings.ToLower(list))
	if len(names) > maxCovered {
		return nil, refuse("the signature covers %d headers, at most %d are read", len(names), maxCovered)
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, refuse("the signature covers %s twice", quote(name))
		}
	}
	return names, nil
}

// splitParams reads name="value" and name=value, separated by commas with any
// white space around. Unknown names are kept, repeated ones refused: two readers
// could pick different ones.
func splitParams(s string) (map[string]string, error) {
	found := make(map[string]string, 8)
	for rest := strings.TrimSpace(s); rest != ""; {
		name, after, ok := strings.Cut(rest, "=")
		if name = strings.TrimSpace(name); !ok || !httpguts.ValidHeaderFieldName(name) { // a token
			return nil, refuse("the Signature header is malformed near %s", quote(rest))
		}
		if _, twice := found[name]; twice {
			return nil, refuse("the Signature header repeats %s", quote(name))
		}
		value, next, ok := cutValue(strings.TrimLeft(after, " \t"))
		if !ok {
			return nil, refuse("the Signature header is malformed near %s", quote(rest))
		}
		found[name], rest = value, next
	}
	return found, nil
}

// cutValue takes a quoted or a bare value off s, and the comma after it. ok is
// false for a quote that doesn't close, and for anything but a comma behind one.
// Backslashes have no meaning: neither a key id nor base64 has a quote in it.
func cutValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ",")
		value = strings.TrimSpace(value)
		return value, strings.TrimSpace(rest), !strings.ContainsAny(value, "\" \t")
	}
	value, rest, ok = strings.Cut(s[1:], `"`)
	if !ok {
		return "", "", false
	}
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return value, "", true
	}
	rest, ok = strings.CutPrefix(rest, ",")
	return value, strings.TrimSpace(rest), ok
}
