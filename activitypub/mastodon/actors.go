package mastodon

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
)

// actorRules are of what an account needs to be taken at all.
var actorRules = []Rule{
	{6, "an actor has an inbox", actor, nil, func(t *thing) string {
		shared := t.doc.object("endpoints").text("sharedInbox")
		return first(unless(isHTTP(t.doc.text("inbox")), "inbox is %v", t.doc["inbox"]), unless(shared == "" || isHTTP(shared), "sharedInbox is %q", shared))
	}},
	{6, "an actor's page is on its own host", actor, nil, func(t *thing) string {
		return unless(sameHost(chosenURL(t.doc), t.doc.text("id")), "url is %v", t.doc["url"])
	}},
	{6, "an actor says since when it is there", actor, nil, func(t *thing) string {
		return unless(!t.doc.moment("published").IsZero(), "published is %v", t.doc["published"])
	}},
	{6, "an address leads to an actor of a type that Mastodon knows", webFinger, nil, func(t *thing) string {
		d := parse(t.get(selfLink(t.doc), acceptDocument).Body)
		return unless(kindOf(d) == actor, "type is %v", d["type"])
	}},
	{7, "an actor's keys are its own", actor, nil, func(t *thing) string {
		keys := t.doc.objects("publicKey")
		for _, k := range keys {
			home, _, _ := strings.Cut(k.text("id"), "#")
			if why := first(unless(k.text("owner") == t.doc.text("id"), "the owner of %s is %q", k.text("id"), k.text("owner")),
				unless(home == t.doc.text("id"), "the id of a key is %q", k.text("id"))); why != "" {
				return why
			}
		}
		return unless(len(keys) > 0 && len(keys) <= 10, "%d keys", len(keys))
	}},
	{7, "an actor's key can be read", actor, nil, func(t *thing) string {
		for _, k := range t.doc.objects("publicKey") {
			if readKey(k) == nil {
				return k.text("id") + " is no RSA key in PEM"
			}
		}
		return ""
	}},
	{7, "an actor's Multikeys are its own, and Ed25519 (FEP-521a, from 4.7)", actor, func(t *thing) bool { return t.doc["assertionMethod"] != nil }, func(t *thing) string {
		for _, k := range t.doc.objects("assertionMethod") {
			home, _, _ := strings.Cut(k.text("id"), "#")
			if why := first(unless(k.text("type") == "Multikey" && k.text("controller") == t.doc.text("id") && home == t.doc.text("id"), "it is %v", k),
				unless(isEd25519(k.text("publicKeyMultibase")), "publicKeyMultibase is %v", k["publicKeyMultibase"])); why != "" {
				return why
			}
		}
		return ""
	}},
	{8, "a face is a picture of a kind and size that Mastodon takes", actor, func(t *thing) bool { return t.doc["icon"] != nil }, func(t *thing) string {
		return first(unless(t.doc.object("icon").text("type") == "Image", "icon is of type %v", t.doc.object("icon")["type"]),
			t.picture(t.doc.object("icon").text("url"), 8<<20))
	}},
}

func readKey(k doc) *rsa.PublicKey {
	block, _ := pem.Decode([]byte(k.text("publicKeyPem")))
	if block == nil {
		return nil
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil
	}
	public, _ := key.(*rsa.PublicKey)
	return public
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// isEd25519 says whether a multibase is of 32 bytes behind the two that stand for Ed25519:
// in base58, as nothing else is read.
func isEd25519(multibase string) bool {
	digits, ok := strings.CutPrefix(multibase, "z")
	n := new(big.Int)
	for _, c := range digits {
		i := strings.IndexRune(base58, c)
		if i < 0 {
			return false
		}
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(i)))
	}
	b := n.Bytes()
	return ok && len(b) == 34 && b[0] == 0xed && b[1] == 0x01
}

// picture fetches one as Mastodon would, which believes the bytes, not the name.
func (j *Judge) picture(at string, most int) string {
	if !isHTTP(at) {
		return "the picture is at " + at
	}
	got := j.get(at, acceptAny)
	kind := http.DetectContentType(got.Body)
	return first(unless(got.Status == http.StatusOK, "%s: status %d", at, got.Status),
		unless(isPicture(kind), "%s is %s", at, kind), unless(len(got.Body) <= most, "%s has %d bytes", at, len(got.Body)))
}

func isPicture(mediaType string) bool {
	switch mediaType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	}
	return false
}
