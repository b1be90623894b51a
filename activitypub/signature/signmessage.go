package signature

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"
)

// label is what Mastodon and Fedify call their one signature, too.
const label = "sig1"

// signMessage signs r as RFC 9421 section 3.1 says. Like Fedify it names the algorithm,
// so that a receiver that fetches the key by its id knows which of an actor's is meant.
func signMessage(r *http.Request, body []byte, key Key, form Form, now time.Time) error {
	names := []string{"@method", "@target-uri", "accept"}
	if r.Method == http.MethodPost {
		names = synchronized(r, "@method", "@target-uri", "content-digest", "content-type")
		sum := sha256.Sum256(body)
		digest := httpsfv.NewDictionary()
		digest.Add("sha-256", httpsfv.NewItem(sum[:]))
		text, err := httpsfv.Marshal(digest)
		if err != nil {
			return err
		}
		r.Header.Set("Content-Digest", text)
	}
	components := httpsfv.InnerList{Params: httpsfv.NewParams()}
	for _, name := range names {
		components.Items = append(components.Items, httpsfv.NewItem(name))
	}
	components.Params.Add("created", now.Unix())
	components.Params.Add("keyid", key.ID)
	components.Params.Add("alg", map[Form]string{MessageRSA: algRSA, MessageEd25519: algEd25519}[form])
	base, err := signatureBase(components, target{r.Method, r.URL.Scheme, r.Host, r.Host, r.URL.RequestURI(), r.Header})
	if err != nil {
		return err
	}
	bytes, err := signBase(base, key.Private, form)
	if err != nil {
		return err
	}
	return setMessage(r.Header, components, bytes)
}

func signBase(base []byte, key crypto.Signer, form Form) ([]byte, error) {
	if form == MessageEd25519 {
		return key.Sign(rand.Reader, base, crypto.Hash(0))
	}
	sum := sha256.Sum256(base)
	return key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

// setMessage writes the two headers of a signature.
func setMessage(h http.Header, components httpsfv.InnerList, signature []byte) error {
	input, result := httpsfv.NewDictionary(), httpsfv.NewDictionary()
	input.Add(label, components)
	result.Add(label, httpsfv.NewItem(signature))
	for name, d := range map[string]*httpsfv.Dictionary{"Signature-Input": input, "Signature": result} {
		text, err := httpsfv.Marshal(d)
		if err != nil {
			return err
		}
		h.Set(name, text)
	}
	return nil
}
