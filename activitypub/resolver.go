package activitypub

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/internal/replica"
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

// InstanceKey returns the key that GETs are signed with.
func InstanceKey(store *models.Store, iris *IRIs) func(context.Context) (signature.Key, error) {
	return func(ctx context.Context) (signature.Key, error) {
		actor, err := store.Actors.LocalByHandle(ctx, InstanceHandle)
		if err != nil {
			return signature.Key{}, fmt.Errorf("instance actor: %w", err)
		}
		return localKey(ctx, store, iris, actor)
	}
}

func localKey(ctx context.Context, store *models.Store, iris *IRIs, actor *models.Actor) (signature.Key, error) {
	row, err := store.Actors.LocalKey(ctx, actor.ID)
	if err != nil {
		return signature.Key{}, fmt.Errorf("key of %s: %w", actor.Handle, err)
	}
	private, err := signature.ParsePrivateKey(row.PrivatePEM)
	if err != nil {
		return signature.Key{}, fmt.Errorf("key of %s: %w", actor.Handle, err)
	}
	return signature.Key{ID: iris.Key(actor.HandleLC), Private: private}, nil
}

// profile is a remote actor with its keys, from our tables or fetched just now.
type profile struct {
	actor  *models.Actor
	keys   []vocab.PublicKey
	stored bool
	icon   string // where its face is, of one that was fetched
}

// save stores a profile that was fetched. Of somebody who was deleted here nothing
// is stored again.
func (p *profile) save(ctx context.Context, tx *models.Store, now time.Time) error {
	if p.stored {
		return nil
	}
	known, err := tx.Actors.ByURI(ctx, *p.actor.URI)
	if err == nil && known.State == models.StateDeleted {
		p.actor, p.keys = known, nil
		return nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if err := tx.Actors.SaveRemote(ctx, p.actor); err != nil {
		return fmt.Errorf("save actor %s: %w", *p.actor.URI, err)
	}
	for _, k := range p.keys {
		row := &models.ActorKey{ActorID: p.actor.ID, KeyURI: &k.ID, Algorithm: "rsa", PublicPEM: k.PublicKeyPEM, FetchedAt: &now}
		if err := tx.Actors.SaveRemoteKey(ctx, row); err != nil {
			return fmt.Errorf("save actor %s: %w", *p.actor.URI, err)
		}
	}
	return replica.Face(ctx, tx, p.actor.ID, p.icon, now)
}

// key returns one of the profile's keys, nil where there is none that we can use.
func (p *profile) key(id string) *rsa.PublicKey {
	for _, k := range p.keys {
		if k.ID == id {
			key, _ := signature.ParsePublicKey(k.PublicKeyPEM)
			return key
		}
	}
	return nil
}

func (p *profile) lists(keyID string) bool {
	return slices.ContainsFunc(p.keys, func(k vocab.PublicKey) bool { return k.ID == keyID })
}

// keyHolder finds out from a key's own host who holds it. The owner that a key
// document names proves nothing until the owner's document lists the key
// (GoToSocial's key documents need the second step).
func (r *Resolver) keyHolder(ctx context.Context, keyID string) (*profile, error) {
	doc, err := r.client.KeyDocument(ctx, keyID)
	if err != nil {
		return nil, fetchError{fmt.Errorf("fetch key: %w", err)}
	}
	owner, err := vocab.KeyOwner(doc.Raw, keyID)
	if err != nil {
		return nil, unproved("%w", err)
	}
	if doc.ID != owner || doc.URL != owner {
		if doc, err = r.client.Object(ctx, owner); err != nil {
			return nil, fetchError{fmt.Errorf("fetch the key's owner: %w", err)}
		}
	}
	p, err := r.profileFrom(doc, keyID)
	if err != nil {
		return nil, err
	}
	if !p.lists(keyID) || *p.actor.URI != owner {
		return nil, unproved("%s does not list the key %s", owner, keyID)
	}
	return p, nil
}

// knownHolder returns who holds a key that was proved before.
func (r *Resolver) knownHolder(ctx context.Context, keyID string) (*profile, error) {
	row, err := r.store.Actors.RemoteKey(ctx, keyID)
	if err != nil {
		return nil, err
	}
	actor, err := r.store.Actors.ByID(ctx, row.ActorID)
	if err != nil {
		return nil, fmt.Errorf("holder of key %s: %w", keyID, err)
	}
	return &profile{actor: actor, keys: []vocab.PublicKey{{ID: keyID, Owner: *actor.URI, PublicKeyPEM: row.PublicPEM}}, stored: true}, nil
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

// profileFrom reads an actor's fetched document. Of the keys that it lists it keeps
// those whose ids point back to it, and the one proved by its own document: another
// actor of that server could list anyone's.
func (r *Resolver) profileFrom(doc *fetch.Document, proved string) (*profile, error) {
	got, err := vocab.ParseActor(doc.Raw)
	if err != nil {
		return nil, unproved("%w", err)
	}
	if got.ID != doc.ID || r.iris.Ours(got.ID) {
		return nil, unproved("%s is not where its document says it is", doc.URL)
	}
	now := r.now().UTC()
	actor := &models.Actor{
		URI: &got.ID, Kind: got.Type, Handle: richtext.StrangerText(got.PreferredUsername, maxName), Domain: vocab.Host(got.ID),
		Name: richtext.StrangerText(got.Name, maxName), BioHTML: richtext.Stranger(got.Summary), URL: got.ID,
		Inbox: got.Inbox, SharedInbox: got.SharedInbox, FollowersURI: got.Followers, Discoverable: got.Discoverable,
		Raw: doc.Raw, RenderVersion: richtext.Version, CreatedAt: now, FetchedAt: &now,
	}
	if !got.Published.IsZero() {
		actor.JoinedAt = &got.Published
	}
	// A page on another host could pose as anyone's; Mastodon drops it, too.
	if vocab.SameHost(got.URL, got.ID) {
		actor.URL = got.URL
	}
	p := &profile{actor: actor, icon: got.Icon}
	for _, k := range got.Keys {
		home, _, _ := strings.Cut(k.ID, "#")
		if k.Owner == got.ID && (home == got.ID || k.ID == proved && vocab.SameHost(k.ID, got.ID)) {
			p.keys = append(p.keys, k)
		}
	}
	return p, nil
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
