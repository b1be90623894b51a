package vocab

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestAttachmentsAsServersWriteThem(t *testing.T) {
	t.Parallel()
	const url = "https://cdn.example/1.jpg"
	for name, c := range map[string]struct {
		json string
		want []Attachment
	}{
		"Mastodon":                     {`[{"type":"Document","mediaType":"image/jpeg","url":"` + url + `","name":"a hall","blurhash":"U"}]`, []Attachment{{url, "a hall", true}}},
		"one, not a list":              {`{"type":"Image","url":"` + url + `"}`, []Attachment{{url, "", true}}},
		"PeerTube's Links":             {`{"type":"Image","url":[{"type":"Link","mediaType":"image/png","href":"` + url + `"}]}`, []Attachment{{url, "", true}}},
		"described in a summary":       {`{"type":"Image","summary":"a hall","url":"` + url + `"}`, []Attachment{{url, "a hall", true}}},
		"a film":                       {`{"type":"Document","mediaType":"video/mp4","url":"` + url + `"}`, []Attachment{{url, "", false}}},
		"a Link":                       {`{"type":"Link","href":"https://a.example/"}`, []Attachment{{"https://a.example/", "", false}}},
		"an SVG":                       {`{"type":"Image","mediaType":"image/svg+xml","url":"` + url + `"}`, []Attachment{{url, "", false}}},
		"a document of unknown type":   {`{"type":"Document","url":"` + url + `"}`, []Attachment{{url, "", false}}},
		"a URL alone":                  {`"` + url + `"`, []Attachment{{url, "", false}}},
		"a field of a profile":         {`{"type":"PropertyValue","name":"x","value":"y"}`, nil},
		"a script":                     {`{"type":"Image","url":"javascript:alert(1)"}`, nil},
		"data":                         {`{"type":"Image","url":"data:image/png;base64,AA"}`, nil},
		"numbers, nothing and nesting": {`[1,null,[{"type":"Image","url":"` + url + `"}],{"url":{}}]`, nil},
	} {
		obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Note","attachment":` + c.json + `}`))
		if err != nil || !slices.Equal(obj.Attachments, c.want) {
			t.Errorf("%s: %+v %v, want %+v", name, obj.Attachments, err, c.want)
		}
	}
	many, _ := json.Marshal(slices.Repeat([]string{url}, 300))
	if obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Note","attachment":` + string(many) + `}`)); err != nil || len(obj.Attachments) != maxAttachments {
		t.Errorf("of 300: %d, %v", len(obj.Attachments), err)
	}
}

func TestCoversAndChoicesAreRead(t *testing.T) {
	t.Parallel()
	obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Question","image":{"type":"Image","url":"https://a.example/c.png","name":"Gulls"},
		"oneOf":[{"type":"Note","name":"Tea"},{"type":"Note"},"x",null],"anyOf":{"type":"Note","name":"Coffee"}}`))
	if err != nil || !slices.Equal(obj.Pictures, []Attachment{{"https://a.example/c.png", "Gulls", true}}) || !slices.Equal(obj.Choices, []string{"Tea", "Coffee"}) {
		t.Errorf("%+v %v", obj, err)
	}
	many := `[` + strings.Repeat(`{"name":"x"},`, 99) + `{"name":"x"}]`
	if obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Question","anyOf":` + many + `}`)); err != nil || len(obj.Choices) != maxChoices {
		t.Errorf("of 100 choices %d are read, %v", len(obj.Choices), err)
	}
}

func TestIconsAsServersWriteThem(t *testing.T) {
	t.Parallel()
	const url = "https://cdn.example/me.png"
	for name, c := range map[string]struct{ json, want string }{
		"Mastodon":          {`{"type":"Image","mediaType":"image/png","url":"` + url + `"}`, url},
		"a list":            {`[{"type":"Image","url":"` + url + `"},{"type":"Image","url":"https://cdn.example/other.png"}]`, url},
		"a URL alone":       {`"` + url + `"`, url},
		"a Link":            {`{"type":"Image","url":{"type":"Link","href":"` + url + `"}}`, url},
		"an SVG":            {`{"type":"Image","mediaType":"image/svg+xml","url":"` + url + `"}`, ""},
		"an SVG, then this": {`[{"type":"Image","mediaType":"image/svg+xml","url":"https://cdn.example/me.svg"},{"type":"Image","url":"` + url + `"}]`, url},
		"nothing":           {`null`, ""},
		"a script":          {`"javascript:alert(1)"`, ""},
		"one too long":      {`"https://cdn.example/` + strings.Repeat("x", 3000) + `"`, ""},
	} {
		actor, err := ParseActor([]byte(`{"id":"https://a.example/1","type":"Person","preferredUsername":"a","inbox":"https://a.example/in","icon":` + c.json + `}`))
		if err != nil || actor.Icon != c.want {
			t.Errorf("%s: %+v %v", name, actor, err)
		}
	}
}
