package signature

import (
	"bytes"
	"crypto/ed25519"
	"strings"

	"github.com/mr-tron/base58"
)

// ed25519Prefix is the multicodec ed25519-pub, as an unsigned varint.
var ed25519Prefix = []byte{0xed, 0x01}

// maxMultibase bounds a publicKeyMultibase, in bytes; Ed25519's has 48.
const maxMultibase = 64

// EncodeMultibase writes key as a publicKeyMultibase: base58btc of its multicodec
// (https://www.w3.org/TR/cid-1.0/#Multikey, FEP-521a).
func EncodeMultibase(key ed25519.PublicKey) string {
	return "z" + base58.Encode(append(bytes.Clone(ed25519Prefix), key...))
}

// ParseMultibase reads an Ed25519 key from a publicKeyMultibase. Other kinds of keys are
// refused. The input may be hostile.
func ParseMultibase(text string) (ed25519.PublicKey, error) {
	encoded, ok := strings.CutPrefix(text, "z")
	if !ok || len(text) > maxMultibase {
		return nil, refuse("the publicKeyMultibase is not base58btc of an Ed25519 key")
	}
	raw, err := base58.Decode(encoded)
	key, ok := bytes.CutPrefix(raw, ed25519Prefix)
	if err != nil || !ok || len(key) != ed25519.PublicKeySize {
		return nil, refuse("the publicKeyMultibase is not base58btc of an Ed25519 key")
	}
	return key, nil
}
