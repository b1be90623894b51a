package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const (
	// letter is how long the delivery is: more than a proxy passes on unread.
	letter = 200 << 10
	// upload is how long a request with a picture may be: one of 16 MB, and its form.
	upload = 17 << 20
)

// refusals tells by its words what a refusal of our own inbox means. They are those of
// activitypub and activitypub/signature; a test sends what provokes each.
var refusals = []struct {
	words string
	kind  kind
}{
	{"is addressed to host", hostChanged},
	{"has no Signature header", signatureDropped},
	{"the Signature header", signatureDropped}, // of one form, without the other's Signature-Input
	{"Digest header has no SHA-256", digestDropped},
	{`digest", which the request lacks`, digestDropped},
	{"Content-Digest header has neither", digestDropped},
	{"Digest header is not that of the body", bodyChanged},
	{"the body could not be read", bodyChanged},
	{"from this server's", serverClockOff},
	{"doesn't match the key", requestChanged},
}

// delivery sends ourselves a letter, signed in each of the forms that other servers use,
// and then what a browser sends that uploads a picture.
func (d *Doctor) delivery(ctx context.Context, keys signature.Keys) []Finding {
	var arrival activitypub.Arrival
	for _, form := range []signature.Form{signature.Cavage, signature.MessageRSA} {
		body, err := d.letter()
		if err != nil {
			return list(deliveryRefused.finding("URL", d.iris.SharedInbox(), "Status", 0, "Reason", why(err)))
		}
		echo, err := d.client.Probe(ctx, fetch.Probe{Method: http.MethodPost, URL: d.iris.SharedInbox(), Accept: vocab.ContentType, Type: vocab.ContentType,
			Body: body, Keys: &keys, Form: form})
		if err != nil {
			return list(deliveryRefused.finding("URL", d.iris.SharedInbox(), "Status", 0, "Reason", why(err)))
		}
		if echo.Status != http.StatusOK || json.Unmarshal(echo.Body, &arrival) != nil {
			return list(d.undelivered(echo))
		}
	}
	found := list(deliveryWorks.finding("URL", d.iris.SharedInbox()))
	return append(append(found, d.proxy(arrival)...), d.upload(ctx))
}

// letter is an activity of a type that has no effect anywhere, and long.
func (d *Doctor) letter() ([]byte, error) {
	us := d.iris.Actor(activitypub.InstanceHandle)
	return json.Marshal(map[string]any{"@context": vocab.Profile, "id": d.iris.Activity(models.NewPublicID()), "type": "View",
		"actor": us, "object": us, "summary": strings.Repeat("confnotes doctor ", letter/17)})
}

func (d *Doctor) undelivered(echo *fetch.Echo) Finding {
	args := []any{"URL", d.iris.SharedInbox(), "Host", d.iris.Host(), "Status", echo.Status, "Reason", fetch.Printable(echo.Body)}
	if to := echo.Header.Get("Location"); echo.Status >= 300 && echo.Status < 400 {
		return inboxMoved.finding(append(args, "To", fetch.Printable([]byte(to)))...)
	}
	if echo.Status == http.StatusRequestEntityTooLarge {
		return deliveryTooLarge.finding(args...)
	}
	for _, r := range refusals {
		if bytes.Contains(echo.Body, []byte(r.words)) {
			return r.kind.finding(args...)
		}
	}
	return deliveryRefused.finding(args...)
}

// proxy judges how the letter arrived: the sign-in throttle counts by address, and a
// proxy that isn't known for one makes all visitors the same.
func (d *Doctor) proxy(a activitypub.Arrival) []Finding {
	switch {
	case a.Forwarded && a.Client == a.Address:
		return list(proxyUnknown.finding("Address", a.Address))
	case !a.Forwarded && !a.TLS && d.iris.Secure():
		return list(proxySilent.finding("Address", a.Address))
	}
	return nil
}

// upload announces a large picture without a session: confnotes wants one before it
// reads, a proxy that takes less says so first.
func (d *Doctor) upload(ctx context.Context) Finding {
	at := d.iris.Base() + "/media"
	echo, err := d.client.Probe(ctx, fetch.Probe{Method: http.MethodPost, URL: at, Accept: "application/json",
		Type: "multipart/form-data; boundary=confnotes", Body: make([]byte, upload), Polite: true})
	switch {
	case err != nil:
		return uploadFails.finding("URL", at, "Status", 0, "Reason", why(err))
	case echo.Status == http.StatusRequestEntityTooLarge:
		return uploadLarge.finding("URL", at, "Status", echo.Status)
	case echo.Status != http.StatusUnauthorized:
		return uploadFails.finding("URL", at, "Status", echo.Status, "Reason", fetch.Printable(echo.Body))
	}
	return uploadWorks.finding("URL", at)
}
