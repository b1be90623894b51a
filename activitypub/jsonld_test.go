package activitypub

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// activityStreams and security are the terms that the two contexts we name by URL
// define, as far as we could use them
// (https://www.w3.org/ns/activitystreams, https://w3id.org/security/v1).
var contexts = map[string]string{
	"https://www.w3.org/ns/activitystreams": `as id type
		Accept Activity Add Announce Application Article Block Collection CollectionPage Create Delete Document Event Flag Follow Group Image Like Link
		Mention Move Note OrderedCollection OrderedCollectionPage Organization Page Person Place Question Reject Remove Service Tombstone Undo Update
		actor attachment attributedTo audience cc content contentMap context deleted duration endTime endpoints first followers following formerType
		generator height href hreflang icon image inReplyTo inbox items last liked likes location mediaType name nameMap next object orderedItems
		outbox partOf preferredUsername prev preview published rel replies result sharedInbox shares source startTime summary summaryMap tag
		target to totalItems updated url width`,
	"https://w3id.org/security/v1": `id type owner publicKey publicKeyPem signature Key`,
}

var languageKey = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)

// undefinedTerms lists what a JSON-LD processor drops from a document: keys and
// types that its context doesn't define, because of the "@vocab": "_:" of
// ActivityStreams. It also lists short forms of Public, which other servers lose.
func undefinedTerms(doc []byte) []string {
	var root map[string]any
	if err := json.Unmarshal(doc, &root); err != nil {
		return []string{err.Error()}
	}
	defined, strange := definitions(root["@context"])
	delete(root, "@context")
	walkTerms(root, defined, &strange)
	return strange
}

func definitions(context any) (defined map[string]bool, strange []string) {
	defined = map[string]bool{}
	list, _ := context.([]any)
	for _, c := range list {
		switch c := c.(type) {
		case string:
			if contexts[c] == "" {
				strange = append(strange, "context "+c)
			}
			for term := range strings.FieldsSeq(contexts[c]) {
				defined[term] = true
			}
		case map[string]any:
			for term := range c {
				defined[term] = true
			}
			for term, iri := range c {
				if m, ok := iri.(map[string]any); ok {
					iri = m["@id"]
				}
				text, _ := iri.(string)
				if prefix, rest, ok := strings.Cut(text, ":"); !ok || !strings.HasPrefix(rest, "//") && !defined[prefix] {
					strange = append(strange, "definition of "+term)
				}
			}
		}
	}
	return defined, strange
}

func walkTerms(v any, defined map[string]bool, strange *[]string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walkTerms(e, defined, strange)
		}
	case string:
		if v == "Public" || v == "as:Public" {
			*strange = append(*strange, v)
		}
	case map[string]any:
		for key, value := range v {
			if !defined[key] {
				*strange = append(*strange, key)
			}
			if typ, ok := value.(string); ok && (key == "type" || key == "formerType") && !defined[typ] {
				*strange = append(*strange, "type "+typ)
			}
			if m, ok := value.(map[string]any); ok && strings.HasSuffix(key, "Map") {
				for language := range m {
					if !languageKey.MatchString(language) {
						*strange = append(*strange, key+" "+language)
					}
				}
				continue
			}
			walkTerms(value, defined, strange)
		}
	}
}

func TestTheTermCheckerSeesWhatIsLost(t *testing.T) {
	t.Parallel()
	const good = `{"@context":["https://www.w3.org/ns/activitystreams",{"toot":"http://joinmastodon.org/ns#","Hashtag":"as:Hashtag","featured":{"@id":"toot:featured","@type":"@id"}}],
		"type":"Article","contentMap":{"fr":"x"},"featured":"https://a.example/f","to":["https://www.w3.org/ns/activitystreams#Public"],"tag":[{"type":"Hashtag","name":"#x"}]}`
	if strange := undefinedTerms([]byte(good)); len(strange) > 0 {
		t.Fatalf("the good document has %v", strange)
	}
	for old, mutant := range map[string]string{
		`"name":"#x"`:                                      `"name":"#x","blurhash":"x"`,
		`"type":"Article"`:                                 `"type":"Recap"`,
		`"Hashtag":"as:Hashtag",`:                          ``,
		`"toot":"http://joinmastodon.org/ns#",`:            ``,
		`"https://www.w3.org/ns/activitystreams",`:         ``,
		`"https://www.w3.org/ns/activitystreams",{`:        `"https://www.w3.org/ns/activitystreams","https://unknown.example/ns",{`,
		`["https://www.w3.org/ns/activitystreams#Public"]`: `["as:Public"]`,
		`"fr":"x"`:      `"@value":"x"`,
		`"contentMap"`:  `"contentmap"`,
		`{"type":"Hash`: `{"@context":"https://www.w3.org/ns/activitystreams","type":"Hash`,
	} {
		spoiled := strings.Replace(good, old, mutant, 1)
		if spoiled == good {
			t.Errorf("%s: no mutant", old)
		} else if len(undefinedTerms([]byte(spoiled))) == 0 {
			t.Errorf("not seen: %s", spoiled)
		}
	}
	for name, terms := range contexts {
		if fields := strings.Fields(terms); len(slices.Compact(slices.Sorted(slices.Values(fields)))) != len(fields) {
			t.Errorf("%s lists a term twice", name)
		}
	}
}
