package activitypub

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"confnotes/activitypub/vocab"
)

func TestReadersGoToTheirOwnServer(t *testing.T) {
	t.Parallel()
	const object = "https://notes.example/articles/a?b&c"
	const escaped = "https%3A%2F%2Fnotes.example%2Farticles%2Fa%3Fb%26c"
	links := func(pairs ...string) (list []any) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, map[string]any{"rel": pairs[i], "template": pairs[i+1]})
		}
		return list
	}
	for name, tt := range map[string]struct {
		links  []any
		intent string
		want   string
	}{
		"OStatus":                        {links(subscribe, "https://s.example/authorize_interaction?uri={uri}"), IntentReply, "https://s.example/authorize_interaction?uri=" + escaped},
		"an intent to follow goes first": {links(subscribe, "https://s.example/o?uri={uri}", intentPrefix+"Follow", "https://s.example/f?object={object}&on={on-success}"), IntentFollow, "https://s.example/f?object=" + escaped + "&on="},
		"an intent to reply":             {links(intentPrefix+"Create", "https://s.example/c?text={content}&to={inReplyTo}"), IntentReply, "https://s.example/c?text=&to=" + escaped},
		"one that can't reply":           {links(intentPrefix+"Create", "https://s.example/share?text={content}", intentPrefix+"Object", "https://s.example/i?uri={object}"), IntentReply, "https://s.example/i?uri=" + escaped},
		"a script":                       {links(subscribe, "javascript:alert('{uri}')"), IntentReply, ""},
		"data":                           {links(subscribe, "data:text/html,{uri}"), IntentReply, ""},
		"no place for the object":        {links(subscribe, "https://s.example/"), IntentReply, ""},
		"a brace that stays open":        {links(subscribe, "https://s.example/{uri}{x"), IntentReply, ""},
		"a host that is the object":      {links(subscribe, "https://{uri}/"), IntentReply, ""},
		"a password":                     {links(subscribe, "https://user:pass@s.example/{uri}"), IntentReply, ""},
		"nothing":                        {nil, IntentReply, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := newSiteAt(t, "http://notes.example"), newPeer(t)
			p.handle("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
				if got := r.URL.Query().Get("resource"); got != "acct:me@"+vocab.Host(p.base) {
					t.Errorf("asked for %q", got)
				}
				w.Header().Set("Content-Type", "application/jrd+json")
				_, _ = w.Write(toJSON(map[string]any{"subject": "acct:me@" + vocab.Host(p.base), "links": tt.links}))
			})
			for _, typed := range []string{"@me@" + vocab.Host(p.base), "me@" + vocab.Host(p.base), " acct:me@" + vocab.Host(p.base) + " ", p.base + "/@me"} {
				got, err := s.resolver.Intent(s.ctx(), typed, tt.intent, object)
				if got != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, ErrNoWay) {
					t.Errorf("%s: %q, %v; want %q", typed, got, err, tt.want)
				}
			}
		})
	}
}

func TestWhatIsNoAddressIsNotAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, typed := range []string{"", "me", "@me", "social.example", "https://social.example/", "https://social.example/about", "a b@c.example", "@a@b@c", "javascript:alert(1)", "me@", "@@x", strings.Repeat("x", 9000)} {
		if got, err := s.resolver.Intent(s.ctx(), typed, IntentFollow, "https://notes.example/users/gwen"); !errors.Is(err, ErrNoServer) || got != "" {
			t.Errorf("%.40q: %q, %v", typed, got, err)
		}
	}
}
