package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"confnotes/activitypub/signature"
)

// A demo speaks to its other half and to nobody else, however a URL leads there.
func TestAClientThatSpeaksToFewAsksNobodyElse(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other was asked") }))
	defer other.Close()
	friend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, other.URL, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))
	defer friend.Close()
	c := lab(t, func(o *Options, _ *limits) { o.Only = []string{strings.TrimPrefix(friend.URL, "http://")} })
	if _, err := c.JSON(t.Context(), friend.URL, "application/json"); err != nil {
		t.Errorf("the one: %v", err)
	}
	for name, raw := range map[string]string{"another port": other.URL, "a redirect": friend.URL + "/away", "the internet": "https://social.example/",
		"the same host without its port": "http://127.0.0.1/"} {
		if _, err := c.JSON(t.Context(), raw, "application/json"); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", name, err)
		}
	}
	if _, err := c.Post(t.Context(), Delivery{Inbox: other.URL, Body: nil, Keys: instanceKeys()}); !errors.Is(err, ErrRefused) {
		t.Errorf("a delivery: %v, want ErrRefused", err)
	}
}

func TestURLsThatAreNeverAskedFor(t *testing.T) {
	t.Parallel()
	c := lab(t, func(o *Options, _ *limits) { o.AllowHTTP = false })
	for name, raw := range map[string]string{
		"nothing":              "",
		"a relative URL":       "/users/bob",
		"http":                 "http://127.0.0.1/users/bob",
		"http in capitals":     "HTTP://127.0.0.1/users/bob",
		"another scheme":       "ftp://127.0.0.1/",
		"a file":               "file:///etc/passwd",
		"a script":             "javascript:alert(1)",
		"an account":           "acct:bob@mastodon.example",
		"a user name":          "https://bob@127.0.0.1/",
		"a password":           "https://bob:secret@127.0.0.1/",
		"an empty user name":   "https://@127.0.0.1/",
		"no host":              "https:///users/bob",
		"a port without host":  "https://:443/",
		"an opaque URL":        "https:127.0.0.1",
		"a space":              "https://127.0.0.1/a b",
		"a line break":         "https://127.0.0.1/\r\nHost:x",
		"a leading space":      " https://127.0.0.1/",
		"a backslash":          `https://127.0.0.1\@evil.example/`,
		"a broken escape":      "https://127.0.0.1/%zz",
		"a broken port":        "https://127.0.0.1:x/",
		"a very long URL":      "https://127.0.0.1/" + strings.Repeat("a", 3000),
		"a privileged port":    "https://93.184.215.14:22/",
		"an IPv4 number":       "https://[0x7f000001]/",
		"only a fragment left": "#main-key",
	} {
		if _, err := c.Object(t.Context(), raw); !errors.Is(err, ErrRefused) {
			t.Errorf("Object of %s: %v, want ErrRefused", name, err)
		}
		if _, err := c.JSON(t.Context(), raw, "application/json"); !errors.Is(err, ErrRefused) {
			t.Errorf("JSON of %s: %v, want ErrRefused", name, err)
		}
		if _, err := c.Post(t.Context(), Delivery{Inbox: raw, Body: nil, Keys: instanceKeys()}); !errors.Is(err, ErrRefused) {
			t.Errorf("Post to %s: %v, want ErrRefused", name, err)
		}
	}
}

func TestNothingIsSentWhileFederationIsOff(t *testing.T) {
	t.Parallel()
	c := New(Options{Off: true})
	_, object := c.Object(t.Context(), "https://x.example/")
	_, key := c.KeyDocument(t.Context(), "https://x.example/")
	_, jrd := c.JSON(t.Context(), "https://x.example/", "*/*")
	_, post := c.Post(t.Context(), Delivery{Inbox: "https://x.example/", Body: nil, Keys: signature.Keys{}})
	for _, err := range []error{object, key, jrd, post} {
		if !errors.Is(err, ErrOff) {
			t.Errorf("got %v", err)
		}
	}
}

func TestOriginsAreLowered(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	for raw, want := range map[string]string{
		"HTTPS://Mastodon.EXAMPLE":             "https://mastodon.example",
		"https://Mastodon.example/Users/Bob#K": "https://mastodon.example/Users/Bob",
		"https://Mastodon.example?Author=1":    "https://mastodon.example?Author=1",
		"https://x.example/a//B/É":             "https://x.example/a//B/É",
	} {
		got, err := c.parseTarget(raw)
		if err != nil || got.text != want {
			t.Errorf("%s: %s, %v, want %s", raw, got.text, err, want)
		}
	}
}
