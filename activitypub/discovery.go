package activitypub

import (
	"context"
	"fmt"
	"html"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// WebFinger answers for an acct: address or for an actor's URL (RFC 7033). It
// returns *GoneError for a deleted actor: Mastodon takes a 410 as "gone for ever".
func (d *Documents) WebFinger(ctx context.Context, resource string) ([]byte, error) {
	handle, ok := d.subject(resource)
	if !ok {
		return nil, models.ErrNotFound
	}
	actor, err := d.store.Actors.LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	if actor.State == models.StateDeleted {
		return nil, &GoneError{}
	}
	h := actor.HandleLC
	page := d.iris.ActorPage(actor)
	// The self link must equal the actor's id byte for byte.
	links := []vocab.ResourceLink{
		{Rel: "self", Type: vocab.ContentType, Href: d.iris.Actor(h)},
		{Rel: "http://webfinger.net/rel/profile-page", Type: "text/html", Href: page},
	}
	if actor.Kind == "Person" {
		// Where other servers send them to follow somebody from here.
		interact := d.iris.Interact()
		links = append(links, vocab.ResourceLink{Rel: subscribe, Template: interact + "{uri}"},
			vocab.ResourceLink{Rel: intentPrefix + IntentFollow, Template: interact + "{object}"})
	}
	return marshal(vocab.WebFinger{Subject: "acct:" + d.iris.Acct(h), Aliases: []string{d.iris.Actor(h), page}, Links: links})
}

// subject finds the handle that a WebFinger resource asks for.
func (d *Documents) subject(resource string) (string, bool) {
	if name, ok := d.iris.ActorAt(resource); ok {
		return name, true
	}
	return d.iris.LocalName(resource)
}

// HostMeta is the XRD that says where WebFinger is (RFC 6415).
func (d *Documents) HostMeta() []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="%s/.well-known/webfinger?resource={uri}"/></XRD>
`, html.EscapeString(d.iris.Base()))
}
