package fetch

import (
	"context"
	"fmt"
	"mime"
	"slices"
	"strings"
)

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	acceptActivity  = `application/activity+json, application/ld+json; profile="` + activityStreams + `"`
)

// Document is an ActivityPub document as its server sent it: one JSON object.
type Document struct {
	ID  string // its id; for a KeyDocument "" if it has none
	Raw []byte
	URL string // where it was found in the end, without a fragment
}

// Object fetches an ActivityPub document by its IRI, whose fragment is ignored,
// signed by the instance actor. The document's id is the URL it was found at,
// byte for byte; failing that it is fetched once more from its id, which then
// must hold. So a host speaks only for its own ids. Errors: see the sentinels and
// StatusError.
func (c *Client) Object(ctx context.Context, iri string) (*Document, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	found, err := c.document(ctx, iri)
	if err != nil {
		return nil, fmt.Errorf("fetch object %.200s: %w", iri, err)
	}
	if found.ID != "" && found.ID != found.URL {
		if found, err = c.document(ctx, found.ID); err != nil {
			return nil, fmt.Errorf("fetch object %.200s from its id: %w", iri, err)
		}
	}
	if found.ID == "" || found.ID != found.URL {
		return nil, fmt.Errorf("fetch object %.200s: %w: id %.200q at %s", iri, ErrID, found.ID, found.URL)
	}
	return found, nil
}

// KeyDocument fetches what a signature's key id points to, signed by the
// instance actor: an actor, a key, or what GoToSocial serves at …/main-key, an
// actor's stub whose id isn't its URL. Nothing in it is proved but
// the owner it names: fetch that with Object, and look for the key id there.
func (c *Client) KeyDocument(ctx context.Context, keyID string) (*Document, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	found, err := c.document(ctx, keyID)
	if err != nil {
		return nil, fmt.Errorf("fetch key %.200s: %w", keyID, err)
	}
	return found, nil
}

// JSON fetches a JSON object that is no ActivityPub, such as a WebFinger JRD,
// unsigned. accept is sent as the Accept header; application/json and every
// +json type are accepted.
func (c *Client) JSON(ctx context.Context, url, accept string) ([]byte, error) {
	if c.opts.Off {
		return nil, ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	at, err := c.parseTarget(url)
	if err != nil {
		return nil, fmt.Errorf("fetch JSON: %w", err)
	}
	got, err := c.get(ctx, at, question{accept: accept, accepts: isJSON, bytes: c.limits.bytes})
	if err != nil {
		return nil, fmt.Errorf("fetch JSON: %w", err)
	}
	if err := checkObject(got.body); err != nil {
		return nil, fmt.Errorf("fetch JSON from %s: %w", got.from.text, err)
	}
	return got.body, nil
}

func (c *Client) document(ctx context.Context, iri string) (*Document, error) {
	at, err := c.parseTarget(iri)
	if err != nil {
		return nil, err
	}
	got, err := c.get(ctx, at, question{accept: acceptActivity, accepts: isActivity, sign: true, bytes: c.limits.bytes})
	if err != nil {
		return nil, err
	}
	id, err := topLevelID(got.body)
	if err != nil {
		return nil, fmt.Errorf("document at %s: %w", got.from.text, err)
	}
	return &Document{ID: id, Raw: got.body, URL: got.from.text}, nil
}

// isActivity is strict because hosts also serve their users' uploads: those are
// application/json or ld+json at best, never with this profile. See
// https://www.w3.org/TR/activitypub/#retrieving-objects.
func isActivity(contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	return kind == "application/activity+json" ||
		kind == "application/ld+json" && slices.Contains(strings.Fields(params["profile"]), activityStreams)
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
