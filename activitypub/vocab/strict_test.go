package vocab

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// JSON that two readers could read in two ways is read by nobody.
func TestJSONHasOneReading(t *testing.T) {
	t.Parallel()
	good := `{"type":"Like","id":"https://a.example/1","actor":"https://a.example/u","object":"https://b.example/1"}`
	if _, err := ParseActivity([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"nothing":                         ``,
		"no object":                       `["x"]`,
		"a string":                        `"x"`,
		"null":                            `null`,
		"half":                            good[:20],
		"an object and more":              good + `{}`,
		"an object and a word":            good + ` x`,
		"a comment":                       `// hi` + "\n" + good,
		"a key twice":                     `{"id":"a","id":"b"}`,
		"a key twice, in other letters":   `{"id":"a","ID":"b"}`,
		"a key twice, escaped":            `{"id":"a","\u0069d":"b"}`,
		"a key twice, deep":               `{"object":[{"a":{"b":1,"B":2}}]}`,
		"nested too deep":                 strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40),
		"nested too deep, in an object":   strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40),
		"nested absurdly":                 strings.Repeat(`[`, 1<<20),
		"a term of a context twice":       `{"@context":{"a":"b","a":"c"}}`,
		"more values than anyone needs":   `{"a":[` + strings.Repeat("{},", maxValues) + `1]}`,
		"no UTF-8":                        "{\"id\":\"\xff\"}",
		"a byte order mark":               "\ufeff" + good,
		"single quotes":                   `{'id':'a'}`,
		"a comma too many":                `{"id":"a",}`,
		"a number that is none":           `{"id":NaN}`,
		"a control character in a string": "{\"id\":\"a\nb\"}",
	} {
		if _, err := ParseActivity([]byte(raw)); !errors.Is(err, ErrJSON) {
			t.Errorf("%s: %v, want unacceptable JSON", name, err)
		}
	}
	if _, err := ParseActivity([]byte(strings.Replace(good, `"type"`, strings.Repeat(`"x":`+strings.Repeat("[", 31)+strings.Repeat("]", 31), 1)+`,"type"`, 1))); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// In a context case tells terms apart: Fedify's defines a type and a property so.
func TestCaseTellsTermsOfAContextApart(t *testing.T) {
	t.Parallel()
	raw := `{"@context":["https://www.w3.org/ns/activitystreams",{"QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization",` +
		`"quoteAuthorization":"https://w3id.org/fep/044f#quoteAuthorization"}],"type":"Like","actor":"https://a.example/u","object":"https://b.example/1"`
	if _, err := ParseActivity([]byte(raw + `}`)); err != nil {
		t.Error(err)
	}
	if _, err := ParseActivity([]byte(raw + `,"Type":"Create"}`)); !errors.Is(err, ErrJSON) {
		t.Errorf("outside of it: %v", err)
	}
}

func TestWhatIsNoActivity(t *testing.T) {
	t.Parallel()
	const rest = `"actor":"https://a.example/u","object":"https://b.example/1"`
	for name, raw := range map[string]string{
		"without a type":               `{` + rest + `}`,
		"with a number for a type":     `{"type":1,` + rest + `}`,
		"without an actor":             `{"type":"Like","object":"https://b.example/1"}`,
		"with a relative actor":        `{"type":"Like","actor":"/u","object":"https://b.example/1"}`,
		"with an actor by mail":        `{"type":"Like","actor":"mailto:u@a.example","object":"https://b.example/1"}`,
		"with a password in the actor": `{"type":"Like","actor":"https://u:p@a.example/u","object":"https://b.example/1"}`,
		"without an object":            `{"type":"Like","actor":"https://a.example/u"}`,
		"with an empty object":         `{"type":"Like","actor":"https://a.example/u","object":[]}`,
		"with an id that is no URL":    `{"type":"Like","id":"1",` + rest + `}`,
		"with an id that is an object": `{"type":"Like","id":{"x":1},` + rest + `}`,
		"with an endless id":           `{"type":"Like","id":"https://a.example/` + strings.Repeat("x", maxIRI) + `",` + rest + `}`,
		"to too many":                  `{"type":"Like","to":[` + many(maxRecipients+1, `"https://a.example/%d"`) + `],` + rest + `}`,
		"of something to too many":     `{"type":"Create","actor":"https://a.example/u","object":{"id":"https://a.example/1","to":[` + many(maxRecipients+1, `"https://a.example/%d"`) + `]}}`,
		"of something that names too many": `{"type":"Create","actor":"https://a.example/u","object":{"id":"https://a.example/1","tag":[` +
			many(maxTags+1, `{"type":"Mention","href":"https://a.example/%d"}`) + `]}}`,
	} {
		if a, err := ParseActivity([]byte(raw)); err == nil {
			t.Errorf("%s: %+v", name, a)
		} else if text := err.Error(); strings.Contains(text, "\n") || len(text) > 200 {
			t.Errorf("%s: the reason is no short line: %q", name, text)
		}
	}
}

func many(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(all, ",")
}

func TestWhatIsNoActor(t *testing.T) {
	t.Parallel()
	const good = `{"id":"https://a.example/u","type":"Person","preferredUsername":"u","inbox":"https://a.example/i"}`
	if _, err := ParseActor([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for old, spoiled := range map[string]string{
		`"https://a.example/u"`: `"u"`, `"Person"`: `"Note"`, `"u"`: `""`, `"https://a.example/i"`: `"javascript:1"`, `"preferredUsername":"u",`: ``, `"type":"Person",`: ``,
	} {
		if a, err := ParseActor([]byte(strings.Replace(good, old, spoiled, 1))); err == nil {
			t.Errorf("%s instead of %s: %+v", spoiled, old, a)
		}
	}
}

// Hosts are compared as they are reached, not as they are spelt.
func TestHosts(t *testing.T) {
	t.Parallel()
	for iri, want := range map[string]string{
		"https://A.Example/x": "a.example", "https://a.example:443": "a.example", "http://a.example:80/": "a.example", "https://a.example:80": "a.example:80",
		"https://a.example.": "a.example", "https://a.example.:8443/": "a.example:8443", "https://bücher.example": "xn--bcher-kva.example", "https://b%C3%BCcher.example": "xn--bcher-kva.example",
		"https://[2001:DB8::1]:8443/x": "[2001:db8::1]:8443", "https://[::1]": "[::1]", "https://a_b.example": "a_b.example", "https://u@a.example": "a.example",
		"https://a.example#%zz": "a.example", "https://a.example#@b.example/": "a.example", "": "", "x": "", "/x": "", "https://": "", "https://a b/": "",
	} {
		if got := Host(iri); got != want {
			t.Errorf("Host(%q) = %q, want %q", iri, got, want)
		}
	}
	for _, pair := range [][2]string{{"https://a.example", "http://a.example"}, {"https://a.example", "https://b.example"}, {"", ""}, {"x", "x"}, {"https://a.example", "https://a.example:8443"}} {
		if SameHost(pair[0], pair[1]) {
			t.Errorf("%v are one host", pair)
		}
	}
	if !SameHost("https://a.example/x", "https://A.example:443/y") || Hostname("https://[::1]:8/") != "::1" {
		t.Error("one host is two")
	}
}

func TestWebFingerAnswers(t *testing.T) {
	t.Parallel()
	link := func(l string) string {
		return `{"subject":"acct:u@a.example","links":[{"rel":"http://webfinger.net/rel/profile-page","href":"https://a.example/@u"},` + l + `]}`
	}
	for l, want := range map[string]bool{
		`{"rel":"self","type":"application/activity+json","href":"https://a.example/u"}`:                                              true,
		`{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://a.example/u"}`: true,
		`{"rel":"self","type":"application/ld+json","href":"https://a.example/u"}`:                                                    false,
		`{"rel":"self","href":"https://a.example/u"}`:                                                                                 false,
		`{"rel":"self","type":"text/html","href":"https://a.example/u"}`:                                                              false,
		`{"rel":"me","type":"application/activity+json","href":"https://a.example/u"}`:                                                false,
		`{"rel":"self","type":"application/activity+json","href":"/u"}`:                                                               false,
		`"self"`: false,
	} {
		iri, subject, err := ParseWebFinger([]byte(link(l)))
		if (err == nil) != want || want && (iri != "https://a.example/u" || subject != "acct:u@a.example") {
			t.Errorf("%s: %q %q %v", l, iri, subject, err)
		}
	}
}
