package vocab

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWhatAnObjectIsAbout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tag  string
		want []About
	}{
		"as we send it":       {`[{"type":"Link","rel":"about","href":"urn:uuid:1","name":"x"},{"type":"Hashtag","href":"https://a.example/t","name":"#t"}]`, []About{{IRI: "urn:uuid:1"}}},
		"one, not a list":     {`{"type":"Link","rel":"about","href":"https://a.example/1"}`, []About{{IRI: "https://a.example/1"}}},
		"one of its rels":     {`{"type":"Link","rel":["tag","about"],"href":"urn:uuid:1"}`, []About{{IRI: "urn:uuid:1"}}},
		"part of it":          {`{"id":"https://a.example/1#x","type":"Link","rel":"about","href":"urn:uuid:1"}`, []About{{"urn:uuid:1", "https://a.example/1#x"}}},
		"another Link":        {`{"type":"Link","mediaType":"application/activity+json","href":"https://a.example/1"}`, nil},
		"a Mention about it":  {`{"type":"Mention","rel":"about","href":"urn:uuid:1"}`, nil},
		"no href":             {`{"type":"Link","rel":"about"}`, nil},
		"an IRI alone":        {`"urn:uuid:1"`, nil},
		"numbers and nesting": {`[1,null,[{"type":"Link"}],{"type":"Link","rel":{"about":1},"href":{}}]`, nil},
		"one too long":        {`{"type":"Link","rel":"about","href":"urn:uuid:` + strings.Repeat("1", maxIRI) + `"}`, nil},
	} {
		obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Article","audience":"https://a.example/g","tag":` + c.tag + `}`))
		if err != nil || !slices.Equal(obj.About, c.want) || obj.Audience != "https://a.example/g" {
			t.Errorf("%s: %+v %v, want %v", name, obj, err, c.want)
		}
	}
	var many []any
	for n := range 150 {
		many = append(many, map[string]any{"type": "Link", "rel": "about", "href": fmt.Sprintf("urn:uuid:%d", n)})
	}
	raw, _ := json.Marshal(map[string]any{"id": "https://a.example/1", "type": "Article", "tag": many})
	if obj, err := ParseObject(raw); err != nil || len(obj.About) != maxAbout {
		t.Errorf("of 150: %d, %v", len(obj.About), err)
	}
}

func TestPagesOfCollections(t *testing.T) {
	t.Parallel()
	const id = "https://a.example/outbox"
	announce := ReceivedItem{"https://a.example/a/1", "Announce", "https://b.example/1"}
	for name, c := range map[string]struct {
		json string
		want ReceivedPage
	}{
		"with a first page":   {`"type":"OrderedCollection","first":"https://a.example/outbox?page=1"`, ReceivedPage{id, "https://a.example/outbox?page=1", nil}},
		"which stands in it":  {`"type":"Collection","first":{"id":"https://a.example/1","type":"CollectionPage","next":"https://a.example/2","items":["https://b.example/1"]}`, ReceivedPage{id, "https://a.example/2", []ReceivedItem{{ID: "https://b.example/1"}}}},
		"a page":              {`"type":"OrderedCollectionPage","next":"https://a.example/2","orderedItems":[{"id":"https://a.example/a/1","type":"Announce","object":"https://b.example/1"}]`, ReceivedPage{id, "https://a.example/2", []ReceivedItem{announce}}},
		"whose objects stand": {`"type":"OrderedCollectionPage","orderedItems":{"id":"https://a.example/a/1","type":"Announce","object":{"id":"https://b.example/1"}}`, ReceivedPage{id, "", []ReceivedItem{announce}}},
		"in one piece":        {`"type":"OrderedCollection","orderedItems":["https://b.example/1",7]`, ReceivedPage{id, "", []ReceivedItem{{ID: "https://b.example/1"}, {}}}},
	} {
		got, err := ParsePage([]byte(`{"id":"` + id + `",` + c.json + `}`))
		if err != nil || got.ID != c.want.ID || got.Next != c.want.Next || !slices.Equal(got.Items, c.want.Items) {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, c.want)
		}
	}
	for _, bad := range []string{`{"id":"` + id + `","type":"Note"}`, `{"type":`, `[]`} {
		if got, err := ParsePage([]byte(bad)); err == nil {
			t.Errorf("%s is read as %+v", bad, got)
		}
	}
	many, _ := json.Marshal(map[string]any{"id": id, "type": "OrderedCollectionPage", "orderedItems": slices.Repeat([]string{"https://b.example/1"}, 500)})
	if got, err := ParsePage(many); err != nil || len(got.Items) != maxItems {
		t.Errorf("of 500: %+v %v", got, err)
	}
}
