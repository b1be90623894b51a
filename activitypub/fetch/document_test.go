package fetch

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestContentTypes(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = r.URL.Query()["t"]
		_, _ = w.Write([]byte(note(base + r.RequestURI)))
	})
	c := lab(t, nil)
	tests := []struct {
		contentType string
		want        error
	}{
		{`application/activity+json`, nil},
		{`application/activity+json; charset=utf-8`, nil},
		{`Application/Activity+JSON`, nil},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, nil},
		{`application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams"`, nil},
		{`application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted https://www.w3.org/ns/activitystreams"`, nil},
		{`application/ld+json`, ErrContentType},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil"`, ErrContentType},
		{`application/json`, ErrContentType},
		{`application/json; profile="https://www.w3.org/ns/activitystreams"`, ErrContentType},
		{`text/html`, ErrContentType},
		{`text/html; x="application/activity+json"`, ErrContentType},
		{`text/plain; application/activity+json`, ErrContentType},
		{`application/activity+json, text/html`, ErrContentType},
		{``, ErrContentType},
	}
	for _, tt := range tests {
		at := base + "/?t=" + strings.NewReplacer(" ", "%20", "+", "%2B", ";", "%3B", "#", "%23", `"`, "%22", ":", "%3A").Replace(tt.contentType)
		if _, err := c.Object(t.Context(), at); !errors.Is(err, tt.want) {
			t.Errorf("%q: %v, want %v", tt.contentType, err, tt.want)
		}
	}
	if _, err := c.Object(t.Context(), base+"/?t=application/activity%2Bjson&t=text/html"); !errors.Is(err, ErrContentType) {
		t.Errorf("two content types: %v", err)
	}
}

// TestAnObjectComesFromItsOwnID counts what is asked for: at most one refetch.
func TestAnObjectComesFromItsOwnID(t *testing.T) {
	t.Parallel()
	victim := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/users/bob" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		activity(w, note(base+"/users/bob"))
	})
	var asked atomic.Int32
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if id, ok := map[string]string{
			"/moved":     base + "/users/eve",
			"/users/eve": base + "/users/eve",
			"/chain":     base + "/moved",
			"/contrary":  base + "/contrary/",
			"/contrary/": base + "/contrary",
			"/foreign":   victim + "/users/bob",
			"/forged":    victim + "/users/none",
			"/case":      strings.ToUpper(base) + "/case",
			"/relative":  "/relative",
			"/é":         base + "/é",
			"/fragment":  base + "/fragment#it",
		}[r.URL.Path]; ok {
			activity(w, note(id))
			return
		}
		if r.URL.Path == "/hop" {
			http.Redirect(w, r, "/users/eve", http.StatusFound)
			return
		}
		activity(w, map[string]string{
			"/none": `{"type":"Note"}`, "/number": `{"id":7}`, "/null": `{"id":null}`, "/empty": `{"id":""}`,
			"/twice": `{"id":"` + base + `/x","id":"` + base + `/twice"}`, "/folded": `{"id":"` + base + `/folded","ID":"x"}`,
			"/upper": `{"Id":"` + base + `/upper"}`, "/array": `[{"id":"` + base + `/array"}]`, "/string": `"x"`, "/cut": `{"id":"`,
			"/nested": `{"object":{"id":"` + base + `/nested"}}`, "/two": `{"id":"` + base + `/two"}{}`,
			"/latin1": "{\"id\":\"" + base + "/latin1\",\"name\":\"\xe9\"}",
		}[r.URL.Path])
	})
	c := lab(t, nil)
	tests := []struct {
		name, path string
		wantID     string
		want       error // any error is wanted if both are empty
		wantAsked  int32
	}{
		{"found at its id", "/users/eve", base + "/users/eve", nil, 1},
		{"found at its id, asked with a fragment", "/users/eve#main-key", base + "/users/eve", nil, 1},
		{"found at its id after a redirect", "/hop", base + "/users/eve", nil, 2},
		{"found under another URL of its host", "/moved", base + "/users/eve", nil, 2},
		{"another host's object is fetched there", "/foreign", victim + "/users/bob", nil, 1},
		{"an id in UTF-8", "/é", base + "/é", nil, 1},
		{"a chain of ids ends after one refetch", "/chain", "", ErrID, 2},
		{"two documents that name each other", "/contrary", "", ErrID, 2},
		{"an id with a fragment", "/fragment", "", ErrID, 2},
		{"an id spelled in another case", "/case", "", ErrID, 2},
		{"another host's id that it doesn't know", "/forged", "", nil, 1},
		{"a relative id", "/relative", "", ErrRefused, 1},
		{"no id", "/none", "", ErrID, 1},
		{"no id at the top", "/nested", "", ErrID, 1},
		{"a number as id", "/number", "", ErrID, 1},
		{"null as id", "/null", "", ErrID, 1},
		{"an empty id", "/empty", "", ErrID, 1},
		{"two ids", "/twice", "", ErrID, 1},
		{"two ids but for their case", "/folded", "", ErrID, 1},
		{"an id in capitals", "/upper", "", ErrID, 1},
		{"an array", "/array", "", ErrContentType, 1},
		{"a string", "/string", "", ErrContentType, 1},
		{"two objects", "/two", "", ErrContentType, 1},
		{"a document cut short", "/cut", "", ErrContentType, 1},
		{"a document that isn't UTF-8", "/latin1", "", ErrContentType, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked.Store(0)
			got, err := c.Object(t.Context(), base+tt.path)
			switch {
			case tt.wantID != "" && (err != nil || got.ID != tt.wantID || got.URL != tt.wantID):
				t.Errorf("got %+v, %v", got, err)
			case tt.wantID == "" && (err == nil || !errors.Is(err, tt.want) && tt.want != nil):
				t.Errorf("got %+v, %v, want %v", got, err, tt.want)
			}
			if asked.Load() != tt.wantAsked {
				t.Errorf("asked %d times, want %d", asked.Load(), tt.wantAsked)
			}
		})
	}
}

func TestAKeyDocumentMayHaveAnotherID(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bare" {
			activity(w, `{"owner":"`+base+`/users/bob"}`)
			return
		}
		activity(w, `{"id":"`+base+`/users/bob","publicKey":{}}`) // GoToSocial's stub of an actor
	})
	c := lab(t, nil)
	got, err := c.KeyDocument(t.Context(), base+"/users/bob/main-key")
	if err != nil || got.ID != base+"/users/bob" || got.URL != base+"/users/bob/main-key" || !strings.Contains(string(got.Raw), "publicKey") {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := c.KeyDocument(t.Context(), base+"/bare"); err != nil || got.ID != "" {
		t.Errorf("without an id: %+v, %v", got, err)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	base := serve(t, func(base string, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.Header().Set("Content-Type", "application/activity+json")
		w.WriteHeader(map[string]int{"/gone": 410, "/later": 503, "/accepted": 202, "/none": 204, "/same": 304}[r.URL.Path])
	})
	c := lab(t, nil)
	for path, want := range map[string]int{"/gone": 410, "/later": 503, "/accepted": 202, "/none": 204, "/same": 304} {
		_, err := c.Object(t.Context(), base+path)
		got, ok := errors.AsType[*StatusError](err)
		if !ok || got.Status != want || got.URL != base+path || got.RetryAfter != 2*time.Minute {
			t.Errorf("%s: %v %+v", path, err, got)
		}
	}
}
