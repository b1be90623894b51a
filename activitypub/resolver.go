package activitypub

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// Bounds on how a stranger is named on our pages, in characters.
const maxName = 100

// errUnproved: what was fetched doesn't prove what was claimed.
var errUnproved = errors.New("not proved")

func unproved(format string, args ...any) error {
	return errors.Join(errUnproved, fmt.Errorf(format, args...))
}

// fetchError is a failure on the way to another server, as opposed to one of ours.
type fetchError struct{ error }

func (e fetchError) Unwrap() error { return e.error }

// Resolver finds out who somebody elsewhere is. What it fetches is stored by its
// callers, in the transaction that needs it.
type Resolver struct {
	store  *models.Store
	iris   *IRIs
	client *fetch.Client
	now    func() time.Time
}

// NewResolver makes a Resolver.
func NewResolver(store *models.Store, iris *IRIs, client *fetch.Client, now func() time.Time) *Resolver {
	return &Resolver{store, iris, client, now}
}

// actor returns the actor with an id: from our tables unless fresh, else fetched.
func (r *Resolver) actor(ctx context.Context, iri string, fresh bool) (*profile, error) {
	if !fresh {
		known, err := r.store.Actors.ByURI(ctx, iri)
		if err == nil {
			return &profile{actor: known, stored: true}, nil
		}
		if !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
	}
	doc, err := r.client.Object(ctx, iri)
	if err != nil {
		return nil, fetchError{fmt.Errorf("fetch actor: %w", err)}
	}
	return r.profileFrom(doc, "")
}

// byHandle finds somebody by address: ours, known, or through WebFinger.
func (r *Resolver) byHandle(ctx context.Context, h richtext.Handle) (*profile, error) {
	if name, ok := r.localName(h); ok {
		actor, err := r.store.Actors.LocalByHandle(ctx, name)
		if err == nil && (actor.State != models.StateActive || actor.HandleLC == InstanceHandle) {
			err = models.ErrNotFound
		}
		return &profile{actor: actor, stored: true}, err
	}
	known, err := r.store.Actors.RemoteByHandle(ctx, h.User, h.Host)
	if err == nil {
		return &profile{actor: known, stored: true}, nil
	}
	if !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	return r.webFinger(ctx, h)
}

// typed finds who somebody typed: an address in any form, an actor's id, or a page of theirs.
func (r *Resolver) typed(ctx context.Context, text string) (*profile, error) {
	text = strings.TrimSpace(text)
	h, err := readAddress(text)
	if err == nil {
		return r.byHandle(ctx, h)
	}
	if u, bad := url.Parse(text); bad != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, err
	}
	if name, ok := r.iris.ActorAt(text); ok {
		return r.byHandle(ctx, richtext.Handle{User: name})
	}
	if r.iris.Ours(text) {
		return nil, models.ErrNotFound
	}
	return r.actor(ctx, text, true)
}

func (r *Resolver) localName(h richtext.Handle) (string, bool) {
	if h.Host == "" {
		return strings.ToLower(h.User), true
	}
	return r.iris.LocalName(h.User + "@" + h.Host)
}

// webFinger finds somebody by address (RFC 7033). Any host may answer for an address
// of its own with anyone's id, so an address on another host than the actor's counts
// only if the actor's host names it, too; else they go by their own host's.
func (r *Resolver) webFinger(ctx context.Context, h richtext.Handle) (*profile, error) {
	iri, _, err := r.askWebFinger(ctx, h)
	if err != nil {
		return nil, err
	}
	p, err := r.actor(ctx, iri, true)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", h, err)
	}
	if !strings.EqualFold(p.actor.Handle, h.User) {
		return nil, unproved("look up %s: its server says %s", h, p.actor.Handle)
	}
	if strings.EqualFold(p.actor.Domain, h.Host) {
		return p, nil
	}
	home := richtext.Handle{User: h.User, Host: p.actor.Domain}
	if back, subject, err := r.askWebFinger(ctx, home); err == nil && back == iri && strings.EqualFold(subject, "acct:"+h.String()) {
		p.actor.Domain = strings.ToLower(h.Host)
	}
	return p, nil
}

// askWebFinger asks a host who an address is, and what it calls them. https always,
// except from a server that is itself on http: a lab.
func (r *Resolver) askWebFinger(ctx context.Context, h richtext.Handle) (iri, subject string, err error) {
	where := url.URL{Scheme: r.iris.base.Scheme, Host: h.Host, Path: "/.well-known/webfinger",
		RawQuery: url.Values{"resource": {"acct:" + h.User + "@" + h.Host}}.Encode()}
	raw, err := r.client.JSON(ctx, where.String(), "application/jrd+json, application/json")
	if err != nil {
		return "", "", fetchError{fmt.Errorf("look up %s: %w", h, err)}
	}
	if iri, subject, err = vocab.ParseWebFinger(raw); err != nil {
		return "", "", fmt.Errorf("look up %s: %w", h, err)
	}
	return iri, subject, nil
}
