package activitypub

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"time"

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

// NodeInfoLinks is the document at /.well-known/nodeinfo.
func (d *Documents) NodeInfoLinks() ([]byte, error) {
	links := make([]vocab.ResourceLink, 0, 2)
	for _, v := range []string{"2.1", "2.0"} {
		links = append(links, vocab.ResourceLink{Rel: "http://nodeinfo.diaspora.software/ns/schema/" + v, Href: d.iris.Base() + "/nodeinfo/" + v})
	}
	return json.Marshal(map[string]any{"links": links})
}

type nodeInfo struct {
	Version           string           `json:"version"`
	Software          nodeInfoSoftware `json:"software"`
	Protocols         []string         `json:"protocols"`
	Services          nodeInfoServices `json:"services"`
	OpenRegistrations bool             `json:"openRegistrations"`
	Usage             nodeInfoUsage    `json:"usage"`
	Metadata          map[string]any   `json:"metadata"`
}

type nodeInfoSoftware struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type nodeInfoServices struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

type nodeInfoUsage struct {
	Users struct {
		Total          int64 `json:"total"`
		ActiveHalfyear int64 `json:"activeHalfyear"`
		ActiveMonth    int64 `json:"activeMonth"`
	} `json:"users"`
	LocalPosts    int64 `json:"localPosts"`
	LocalComments int64 `json:"localComments"`
}

// NodeInfo is the instance's description in schema 2.0 or 2.1, with true figures:
// a person is active who published or edited something.
func (d *Documents) NodeInfo(ctx context.Context, schema, version string, now time.Time) ([]byte, error) {
	info := nodeInfo{Version: schema, Software: nodeInfoSoftware{"confnotes", version}, Protocols: []string{"activitypub"},
		Services: nodeInfoServices{[]string{}, []string{}}, Metadata: map[string]any{}}
	settings, err := d.store.Settings.All(ctx)
	if err != nil {
		return nil, err
	}
	info.Metadata["nodeName"] = settings[models.SettingSiteName]
	if info.Usage.Users.Total, err = d.store.Accounts.Count(ctx); err != nil {
		return nil, err
	}
	if info.Usage.LocalPosts, err = d.store.Posts.CountArticles(ctx); err != nil {
		return nil, err
	}
	if info.Usage.Users.ActiveMonth, err = d.store.Posts.CountActive(ctx, now.AddDate(0, -1, 0)); err != nil {
		return nil, err
	}
	if info.Usage.Users.ActiveHalfyear, err = d.store.Posts.CountActive(ctx, now.AddDate(0, -6, 0)); err != nil {
		return nil, err
	}
	return json.Marshal(info)
}
