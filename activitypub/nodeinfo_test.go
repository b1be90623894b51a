package activitypub

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// nodeInfoRules are the rules of NodeInfo's schemas 2.0 and 2.1, which differ in the
// version and in what software may say (http://nodeinfo.diaspora.software/ns/schema/2.1).
const nodeInfoRules = `{"type":"object","additionalProperties":false,"required":["version","software","protocols","services","openRegistrations","usage","metadata"],"properties":{
	"version":{"enum":["%s"]},
	"software":{"type":"object","additionalProperties":false,"required":["name","version"],"properties":{
		"name":{"type":"string","pattern":"^[a-z0-9-]+$"},"version":{"type":"string"}%s}},
	"protocols":{"type":"array","minItems":1,"items":{"enum":["activitypub","buddycloud","dfrn","diaspora","libertree","ostatus","pumpio","tent","xmpp","zot"]}},
	"services":{"type":"object","additionalProperties":false,"required":["inbound","outbound"],"properties":{
		"inbound":{"type":"array","items":{"enum":["atom1.0","gnusocial","imap","pnut","pop3","pumpio","rss2.0","twitter"]}},
		"outbound":{"type":"array","items":{"enum":["atom1.0","rss2.0","smtp","xmpp"]}}}},
	"openRegistrations":{"type":"boolean"},
	"usage":{"type":"object","additionalProperties":false,"required":["users"],"properties":{
		"users":{"type":"object","additionalProperties":false,"properties":{
			"total":{"type":"integer","minimum":0},"activeHalfyear":{"type":"integer","minimum":0},"activeMonth":{"type":"integer","minimum":0}}},
		"localPosts":{"type":"integer","minimum":0},"localComments":{"type":"integer","minimum":0}}},
	"metadata":{"type":"object"}}}`

// schema is as much of JSON Schema, draft 4, as those rules need.
type schema struct {
	Type       string
	Enum       []any
	Pattern    string
	Minimum    *float64
	MinItems   int
	Items      *schema
	Required   []string
	Properties map[string]*schema
	Additional *bool `json:"additionalProperties"`
}

// broken lists which rules a value breaks.
func (s *schema) broken(at string, v any) (found []string) {
	say := func(what string) { found = append(found, at+": "+what) }
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		say(fmt.Sprintf("%v is none of %v", v, s.Enum))
	}
	kind := "null"
	switch v := v.(type) {
	case map[string]any:
		kind = "object"
		found = append(found, s.object(at, v)...)
	case []any:
		kind = "array"
		if len(v) < s.MinItems {
			say("too few")
		}
		for _, e := range v {
			if s.Items != nil {
				found = append(found, s.Items.broken(at+"[]", e)...)
			}
		}
	case string:
		kind = "string"
		if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			say(v + " doesn't match " + s.Pattern)
		}
	case bool:
		kind = "boolean"
	case float64:
		if kind = "number"; v == float64(int64(v)) {
			kind = "integer"
		}
		if s.Minimum != nil && v < *s.Minimum {
			say("too small")
		}
	}
	if s.Type != "" && s.Type != kind {
		say("is " + kind + ", no " + s.Type)
	}
	return found
}

func (s *schema) object(at string, v map[string]any) (found []string) {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			found = append(found, at+" lacks "+name)
		}
	}
	for name, e := range v {
		if p := s.Properties[name]; p != nil {
			found = append(found, p.broken(at+"."+name, e)...)
		} else if s.Additional != nil && !*s.Additional {
			found = append(found, at+" has "+name)
		}
	}
	return found
}

func brokenRules(t *testing.T, version string, doc []byte) []string {
	t.Helper()
	more := ""
	if version == "2.1" {
		more = `,"repository":{"type":"string"},"homepage":{"type":"string"}`
	}
	var rules schema
	var value any
	if err := json.Unmarshal(fmt.Appendf(nil, nodeInfoRules, version, more), &rules); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(doc, &value); err != nil {
		return []string{err.Error()}
	}
	return rules.broken("nodeinfo", value)
}

func TestNodeInfoKeepsTheSchemasRules(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.publish(gwen, text("A day", "Words."))
	for _, version := range []string{"2.0", "2.1"} {
		doc, err := s.docs.NodeInfo(s.ctx(), version, "1.2.3", "Notes.", s.clock.now())
		s.must(err)
		if broken := brokenRules(t, version, doc); len(broken) > 0 {
			t.Errorf("%s: %v\n%s", version, broken, doc)
		}
		for old, mutant := range map[string]string{
			`"version":"` + version + `"`: `"version":"1.0"`, `"name":"confnotes"`: `"name":"Conf Notes"`, `"protocols":["activitypub"]`: `"protocols":[]`,
			`["activitypub"]`: `["gopher"]`, `"inbound":[]`: `"inbound":null`, `"outbound":[]`: `"outbound":["smoke"]`, `"openRegistrations":false`: `"openRegistrations":"no"`,
			`"total":1`: `"total":-1`, `"activeMonth":1`: `"activeMonth":0.5`, `"localPosts":1`: `"localPosts":"1"`, `"usage":`: `"use":`, `"localComments":`: `"localReplies":`,
			`"metadata":{`: `"metadata":[],"x":{`,
		} {
			spoiled := strings.Replace(string(doc), old, mutant, 1)
			if spoiled == string(doc) {
				t.Errorf("%s: no mutant", old)
			} else if len(brokenRules(t, version, []byte(spoiled))) == 0 {
				t.Errorf("not seen: %s", spoiled)
			}
		}
	}
}

// A reply of a stranger's is no comment of ours; what is private or deleted counts nowhere.
func TestNodeInfosFiguresAreTrue(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	s := n.home
	alix, idle := s.person("alix", models.RoleAuthor), s.person("idle", models.RoleAuthor)
	s.person("gone", models.RoleAuthor)
	old := s.publish(alix, text("Long ago", "Words."))
	s.clock.move(100 * 24 * time.Hour)
	n.away.clock.move(100 * 24 * time.Hour)
	n.follow()
	n.exchange()
	post := s.publish(n.gwen, text("A day", "Words."))
	n.exchange()
	asked, err := n.away.outbox.Answer(t.Context(), Answer{Account: n.priya, To: n.copyOf(post), ClientID: newClientID(), Source: "Why?", Language: "en"})
	s.must(err)
	n.exchange()
	question, err := s.store.Posts.ByURI(t.Context(), n.away.iris.Post(asked.Post))
	s.must(err)
	_, err = s.outbox.Answer(t.Context(), Answer{Account: n.gwen, To: question, ClientID: newClientID(), Source: "So.", Language: "en"})
	s.must(err)
	s.draft(idle, text("Later", "Words."))
	s.unlisted(n.gwen)
	s.must(s.outbox.Delete(t.Context(), n.gwen, s.publish(n.gwen, text("A slip", "Words.")).ID))
	s.must(s.outbox.DeleteAccount(t.Context(), "gone"))
	figures := func() (u nodeInfoUsage) {
		doc, err := s.docs.NodeInfo(t.Context(), "2.1", "1", "", s.clock.now())
		s.must(err)
		info := nodeInfo{}
		s.must(json.Unmarshal(doc, &info))
		if info.OpenRegistrations || info.Metadata["nodeName"] == "" {
			t.Errorf("%+v", info)
		}
		return info.Usage
	}
	want := nodeInfoUsage{LocalPosts: 2, LocalComments: 1}
	want.Users.Total, want.Users.ActiveHalfyear, want.Users.ActiveMonth = 3, 2, 1
	if got := figures(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.clock.move(81 * 24 * time.Hour)
	want.Users.ActiveHalfyear, want.Users.ActiveMonth = 1, 0
	if got := figures(); got != want {
		t.Errorf("half a year after %q: %+v, want %+v", old.Title, got, want)
	}
}
