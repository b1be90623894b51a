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

func TestEmojiAsServersWriteThem(t *testing.T) {
	t.Parallel()
	const icon = `"icon":{"type":"Image","mediaType":"image/png","url":"https://a.example/g.png"}`
	for name, c := range map[string]struct {
		tag  string
		want []Emoji
	}{
		"Mastodon":              {`[{"id":"https://a.example/emojis/1","type":"Emoji","name":":gull:","updated":"2026-01-01T00:00:00Z",` + icon + `}]`, []Emoji{{"gull", "https://a.example/g.png"}}},
		"one, not a list":       {`{"type":"Emoji","name":"gull",` + icon + `}`, []Emoji{{"gull", "https://a.example/g.png"}}},
		"an icon without type":  {`{"type":"Emoji","name":":gull-2:","icon":{"type":"Image","url":"https://a.example/g.png"}}`, []Emoji{{"gull-2", "https://a.example/g.png"}}},
		"beside a hashtag":      {`[{"type":"Hashtag","name":"#sea"},{"type":"Emoji","name":":gull:",` + icon + `}]`, []Emoji{{"gull", "https://a.example/g.png"}}},
		"an SVG":                {`{"type":"Emoji","name":":gull:","icon":{"type":"Image","mediaType":"image/svg+xml","url":"https://a.example/g.svg"}}`, nil},
		"a name with markup":    {`{"type":"Emoji","name":":<b>:",` + icon + `}`, nil},
		"a name of spaces":      {`{"type":"Emoji","name":": :",` + icon + `}`, nil},
		"no name":               {`{"type":"Emoji","name":"::",` + icon + `}`, nil},
		"no icon":               {`{"type":"Emoji","name":":gull:"}`, nil},
		"an icon from nowhere":  {`{"type":"Emoji","name":":gull:","icon":{"type":"Image","url":"data:image/png;base64,AA"}}`, nil},
		"an icon that is a URL": {`{"type":"Emoji","name":":gull:","icon":"https://a.example/g.png"}`, nil},
	} {
		obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Note","tag":` + c.tag + `}`))
		if err != nil || !slices.Equal(obj.Emojis, c.want) {
			t.Errorf("%s: %+v %v, want %+v", name, obj.Emojis, err, c.want)
		}
	}
	many := strings.Repeat(`{"type":"Emoji","name":"gull",`+icon+`},`, maxEmojis+5)
	if obj, err := ParseObject([]byte(`{"id":"https://a.example/1","type":"Note","tag":[` + strings.TrimSuffix(many, ",") + `]}`)); err != nil || len(obj.Emojis) != maxEmojis {
		t.Errorf("of many: %d, %v", len(obj.Emojis), err)
	}
}
