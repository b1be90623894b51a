package mastodon

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// signatureRules are of draft-cavage signatures, read as Mastodon reads them, and of who
// signs in any form.
var signatureRules = []Rule{
	{13, "a signature names its key, and is of a kind that it knows", post | signedGet, isCavage, func(t *thing) string {
		s := signatureOf(t.request)
		return first(unless(s["keyId"] != "" && s["signature"] != "", "Signature is %q", t.request.Header.Get("Signature")),
			unless(slices.Contains([]string{"rsa-sha256", "hs2019", ""}, s["algorithm"]), "algorithm is %q", s["algorithm"]))
	}},
	{13, "a signature covers the date, of a POST the digest, of a GET host and target", post | signedGet, isCavage, func(t *thing) string {
		s := signatureOf(t.request)
		covered := strings.Fields(s["headers"])
		wanted := []string{"host", "(request-target)"}
		if t.kind == post {
			wanted = []string{"digest"}
		}
		for _, h := range wanted {
			if !slices.Contains(covered, h) {
				return "it covers no " + h
			}
		}
		dated := slices.Contains(covered, "date") || s["algorithm"] == "hs2019" && slices.Contains(covered, "(created)")
		return unless(dated, "it covers %q", covered)
	}},
	{13, "the digest is the body's SHA-256", post, isCavage, func(t *thing) string {
		sum := sha256.Sum256(t.request.Body)
		want := "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
		return unless(t.request.Header.Get("Digest") == want, "Digest is %q, the body's is %s", t.request.Header.Get("Digest"), want)
	}},
	{13, "the date is at most an hour ahead, and not more than 65 minutes ago", post | signedGet, isCavage, func(t *thing) string {
		at, err := http.ParseTime(t.request.Header.Get("Date"))
		age := t.now().Sub(at)
		return unless(err == nil && age <= 65*time.Minute && age >= -time.Hour, "Date is %q", t.request.Header.Get("Date"))
	}},
	{13, "the signature is that of the key which its owner shows", post | signedGet, isCavage, func(t *thing) string {
		s := signatureOf(t.request)
		return t.verify(s["keyId"], s["signature"], signedText(t.request, strings.Fields(s["headers"])))
	}},
	{16, "who signs a GET is found by WebFinger, and can be read by everybody", signedGet, nil, func(t *thing) string {
		owner, _, _ := strings.Cut(keyID(t.request), "#")
		got := t.get(owner, acceptDocument)
		who := parse(got.Body)
		return first(unless(got.Status == http.StatusOK && kindOf(who) == actor, "%s answers %d", owner, got.Status), t.backCheck(who))
	}},
	{44, "what is posted is signed by whose it is: what others pass on needs more", post, nil, func(t *thing) string {
		owner, _, _ := strings.Cut(keyID(t.request), "#")
		return unless(owner == t.doc.idOf("actor"), "%s signs what %s does", owner, t.doc.idOf("actor"))
	}},
}

// isCavage: Mastodon reads a Signature-Input, if there is one, and else this form.
func isCavage(t *thing) bool { return t.request.Header.Get("Signature-Input") == "" }

// keyID is what a request says of its key, in either form.
func keyID(r *Request) string {
	if id := signatureOf(r)["keyId"]; id != "" {
		return id
	}
	return messageOf(r).keyID
}

// verify says why a signature isn't that of a text under a key.
func (j *Judge) verify(keyID, signature, text string) string {
	key := j.key(keyID)
	if key == nil {
		return "nobody shows the key " + keyID
	}
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return err.Error()
	}
	sum := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], given); err != nil {
		return err.Error()
	}
	return ""
}

var parameter = regexp.MustCompile(`([A-Za-z]+)="([^"]*)"`)

func signatureOf(r *Request) map[string]string {
	found := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(r.Header.Get("Signature"), -1) {
		found[m[1]] = m[2]
	}
	return found
}

// signedText is what a signature is of (draft-cavage-12 section 2.3).
func signedText(r *Request, covered []string) string {
	lines := make([]string, len(covered))
	for i, h := range covered {
		switch h {
		case "(request-target)":
			at, err := url.Parse(r.URL)
			if err != nil {
				return ""
			}
			lines[i] = fmt.Sprintf("%s: %s %s", h, strings.ToLower(r.Method), at.RequestURI())
		case "(created)", "(expires)":
			lines[i] = h + ": " + signatureOf(r)[strings.Trim(h, "()")]
		default:
			lines[i] = h + ": " + strings.Join(r.Header.Values(h), ", ")
		}
	}
	return strings.Join(lines, "\n")
}

// key is the one with an id: as its owner shows it, or, of an owner who is gone, as it
// was known before.
func (j *Judge) key(id string) *rsa.PublicKey {
	owner, _, _ := strings.Cut(id, "#")
	got := j.get(owner, acceptDocument)
	if got.Status == http.StatusGone {
		return j.keys[id]
	}
	d := parse(got.Body)
	for _, k := range d.objects("publicKey") {
		if k.text("id") == id && got.Status == http.StatusOK {
			j.keys[id] = readKey(k)
			return j.keys[id]
		}
	}
	return nil
}
