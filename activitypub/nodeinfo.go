package activitypub

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

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

// The periods of NodeInfo's figures (schema 2.1, usage.users).
const (
	activeMonth    = 30 * 24 * time.Hour
	activeHalfyear = 180 * 24 * time.Hour
)

// NodeInfo is the instance's description in schema 2.0 or 2.1 (FEP-f1d5), with true
// figures: a person is active who published or edited something. about says in a line
// what the instance is.
func (d *Documents) NodeInfo(ctx context.Context, schema, version, about string, now time.Time) ([]byte, error) {
	info := nodeInfo{Version: schema, Software: nodeInfoSoftware{"confnotes", version}, Protocols: []string{"activitypub"},
		Services: nodeInfoServices{[]string{}, []string{}}}
	settings, err := d.store.Settings.All(ctx)
	if err != nil {
		return nil, err
	}
	info.Metadata = map[string]any{"nodeName": cmp.Or(settings[models.SettingSiteName], d.iris.Domain()), "nodeDescription": about}
	if info.Usage, err = d.usage(ctx, now); err != nil {
		return nil, err
	}
	return json.Marshal(info)
}

func (d *Documents) usage(ctx context.Context, now time.Time) (u nodeInfoUsage, err error) {
	if u.Users.Total, err = d.store.Accounts.Count(ctx); err != nil {
		return u, err
	}
	if u.Users.ActiveMonth, err = d.store.Posts.CountActive(ctx, now.Add(-activeMonth)); err != nil {
		return u, err
	}
	if u.Users.ActiveHalfyear, err = d.store.Posts.CountActive(ctx, now.Add(-activeHalfyear)); err != nil {
		return u, err
	}
	if u.LocalPosts, err = d.store.Posts.CountArticles(ctx); err != nil {
		return u, err
	}
	u.LocalComments, err = d.store.Posts.CountReplies(ctx)
	return u, err
}
