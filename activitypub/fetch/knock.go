package fetch

import (
	"net/http"
	"slices"
	"time"

	"confnotes/activitypub/signature"
)

// formsKept is how long it is remembered how a host takes a signature. Then, and after a
// restart, it costs a request more.
const formsKept = 7 * 24 * time.Hour

// order is how a host is asked: as it took a signature last, then draft-cavage, which
// every server takes, then RFC 9421. Ed25519 is for hosts that know such keys: they are
// asked with it first, as an Ed25519 key is of use under RFC 9421 alone.
func order(last signature.Form, remembered, knowsEd25519 bool) []signature.Form {
	all := []signature.Form{signature.Cavage, signature.MessageRSA}
	if knowsEd25519 {
		all = slices.Insert(all, 0, signature.MessageEd25519)
	}
	if i := slices.Index(all, last); remembered && i > 0 {
		all = slices.Insert(slices.Delete(all, i, i+1), 0, last)
	}
	return all
}

// tookEd25519 says whether a host took Ed25519 last, of a POST: so a GET knows, which isn't
// told what the actors there list.
func (c *Client) tookEd25519(host string) bool {
	last, remembered := c.forms.Get(host, c.opts.Now())
	return remembered && last == signature.MessageEd25519
}

// knock sends a request, signed in one form after the other until the host takes one:
// 400 and 401 are how servers refuse a signature. What it took is remembered after a 2xx,
// and forgotten when it is refused (https://swicg.github.io/activitypub-http-signature/,
// "How to upgrade supported versions"). Where all are refused, the last answer is returned.
// knowsEd25519 is only for who has such a key.
func (c *Client) knock(host string, knowsEd25519 bool, send func(signature.Form) (*http.Response, error)) (*http.Response, error) {
	last, remembered := c.forms.Get(host, c.opts.Now())
	all := order(last, remembered, knowsEd25519)
	for i := 0; ; i++ {
		resp, err := send(all[i])
		if err != nil {
			return nil, err
		}
		refused := resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized
		switch {
		case refused && remembered && all[i] == last:
			c.forms.Forget(host)
		case resp.StatusCode/100 == 2 && (i > 0 || all[i] == signature.MessageEd25519 && !remembered):
			c.forms.Put(host, all[i], c.opts.Now())
		}
		if !refused || i == len(all)-1 {
			return resp, nil
		}
		_ = resp.Body.Close()
	}
}
