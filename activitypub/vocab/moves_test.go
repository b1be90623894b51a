package vocab

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

func TestMovesAsServersWriteThem(t *testing.T) {
	t.Parallel()
	const old, anew = "https://a.example/users/gwen", "https://b.example/users/gwen"
	for name, body := range map[string]string{
		"Mastodon's":         `{"id":"https://a.example/users/gwen#moves/1","type":"Move","actor":"` + old + `","object":"` + old + `","target":"` + anew + `"}`,
		"with whole actors":  `{"type":"Move","actor":"` + old + `","object":{"id":"` + old + `","type":"Person"},"target":{"id":"` + anew + `","type":"Person"}}`,
		"collected in lists": `{"type":"Move","actor":["` + old + `"],"object":["` + old + `"],"target":["` + anew + `","https://c.example/"]}`,
	} {
		a, err := ParseActivity([]byte(body))
		if err != nil || a.ObjectID != old || a.TargetID != anew || a.Actor != old {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestWhoAnActorAlsoIs(t *testing.T) {
	t.Parallel()
	many := make([]string, 2*maxAliases)
	for i := range many {
		many[i] = fmt.Sprintf("https://a.example/users/%d", i)
	}
	for name, c := range map[string]struct {
		value any
		want  []string
	}{
		"nobody":              {nil, nil},
		"one, as a string":    {many[0], many[:1]},
		"one, in a list":      {many[:1], many[:1]},
		"not what isn't one":  {[]any{7, map[string]any{}, many[0]}, many[:1]},
		"no more than others": {many, many[:maxAliases]},
	} {
		doc, err := json.Marshal(map[string]any{"id": "https://b.example/users/gwen", "type": "Person", "preferredUsername": "gwen", "inbox": "https://b.example/inbox",
			"alsoKnownAs": c.value, "movedTo": "https://c.example/users/gwen"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseActor(doc)
		if err != nil || !slices.Equal(got.AlsoKnownAs, c.want) || got.MovedTo != "https://c.example/users/gwen" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
