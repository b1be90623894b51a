package fetch

import (
	"context"
	"crypto/ed25519"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub/signature"
)

var edKey = sync.OnceValue(func() ed25519.PrivateKey {
	key, err := signature.GenerateEd25519()
	if err != nil {
		panic(err)
	}
	return key
})

const edKeyID = "https://notes.example/users/notes.example#ed25519-key"

func bothKeys() signature.Keys {
	keys := instanceKeys()
	keys.Ed25519 = signature.Key{ID: edKeyID, Private: edKey()}
	return keys
}

// doorman is a server that takes signatures of some forms alone, and writes down in which
// it was asked.
type doorman struct {
	mu     sync.Mutex
	takes  []string
	refuse int // with this status
	asked  []string
}

func (d *doorman) answer(_ string, w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	form := "cavage"
	switch input := r.Header.Get("Signature-Input"); {
	case strings.Contains(input, `alg="ed25519"`):
		form = "ed25519"
	case input != "":
		form = "rsa"
	}
	d.asked = append(d.asked, form)
	if err := verify(r, body); err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	if !slices.Contains(d.takes, form) {
		w.WriteHeader(d.refuse)
		return
	}
	if r.Method == http.MethodGet {
		activity(w, note("http://"+r.Host+"/note"))
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// since returns in which forms the server was asked meanwhile.
func (d *doorman) since() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := strings.Join(d.asked, " ")
	d.asked = nil
	return asked
}

func (d *doorman) changes(refuse int, takes ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.takes, d.refuse = takes, refuse
}

// TestADeliveryKnocksUntilItIsTaken: draft-cavage first, RFC 9421 on 400 and 401 within
// the same attempt; Ed25519 before both where such keys are listed. What was taken is how
// the next one begins.
func TestADeliveryKnocksUntilItIsTaken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		takes         []string
		refuse        int
		lists         bool
		first, second string
		status        int
	}{
		{"a server of today", []string{"cavage"}, 401, false, "cavage", "cavage", 202},
		{"one that takes RFC 9421 alone", []string{"rsa"}, 401, false, "cavage rsa", "rsa", 202},
		{"one that answers 400", []string{"rsa"}, 400, false, "cavage rsa", "rsa", 202},
		{"one that takes both", []string{"cavage", "rsa"}, 401, false, "cavage", "cavage", 202},
		{"one that lists Ed25519 keys", []string{"cavage", "rsa", "ed25519"}, 401, true, "ed25519", "ed25519", 202},
		{"one that lists them for something else", []string{"cavage"}, 401, true, "ed25519 cavage", "cavage", 202},
		{"one that lists them and takes RSA by RFC 9421", []string{"rsa"}, 401, true, "ed25519 cavage rsa", "rsa", 202},
		{"one that takes nothing", nil, 401, false, "cavage rsa", "cavage rsa", 401},
		{"one that blocks us is not asked again", nil, 403, false, "cavage", "cavage", 403},
		{"nor one that is broken", nil, 500, true, "ed25519", "ed25519", 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &doorman{takes: tt.takes, refuse: tt.refuse}
			inbox := serve(t, d.answer) + "/inbox"
			c := lab(t, nil)
			for _, want := range []string{tt.first, tt.second} {
				got, err := c.Post(t.Context(), Delivery{Inbox: inbox, Body: []byte(`{}`), Keys: bothKeys(), ListsEd25519: tt.lists})
				if err != nil || got.Status != tt.status {
					t.Fatalf("got %+v, %v", got, err)
				}
				if asked := d.since(); asked != want {
					t.Errorf("was asked by %q, want %q", asked, want)
				}
			}
		})
	}
}

func TestAFetchKnocksToo(t *testing.T) {
	t.Parallel()
	d := &doorman{takes: []string{"rsa"}, refuse: 401}
	base := serve(t, d.answer)
	c := lab(t, nil)
	for _, want := range []string{"cavage rsa", "rsa"} {
		if _, err := c.Object(t.Context(), base+"/note"); err != nil {
			t.Fatal(err)
		}
		if asked := d.since(); asked != want {
			t.Errorf("was asked by %q, want %q", asked, want)
		}
	}
}

// TestAFetchIsSignedWithEd25519WhereADeliveryWas: what a host took of us once, it takes of
// the instance actor, too. Nobody else is asked with it, and one that refuses it gets what
// all take, within the same fetch.
func TestAFetchIsSignedWithEd25519WhereADeliveryWas(t *testing.T) {
	t.Parallel()
	every := []string{"cavage", "rsa", "ed25519"}
	for _, tt := range []struct {
		name          string
		keys          signature.Keys // of the instance actor
		takes         []string       // of a delivery
		lists         bool
		later         []string // of a fetch
		first, second string
	}{
		{"one that took it", bothKeys(), every, true, every, "ed25519", "ed25519"},
		{"one that lists no such keys", bothKeys(), every, false, every, "cavage", "cavage"},
		{"one that lists them for something else", bothKeys(), []string{"cavage"}, true, every, "cavage", "cavage"},
		{"one that takes it no more", bothKeys(), every, true, []string{"cavage", "rsa"}, "ed25519 cavage", "cavage"},
		{"one that took it, asked by who has no such key", instanceKeys(), every, true, every, "cavage", "cavage"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &doorman{takes: tt.takes, refuse: 401}
			base := serve(t, d.answer)
			c := lab(t, func(o *Options, _ *limits) {
				o.SignAs = func(context.Context) (signature.Keys, error) { return tt.keys, nil }
			})
			if _, err := c.Post(t.Context(), Delivery{Inbox: base + "/inbox", Body: []byte(`{}`), Keys: bothKeys(), ListsEd25519: tt.lists}); err != nil {
				t.Fatal(err)
			}
			d.since()
			d.changes(401, tt.later...)
			for _, want := range []string{tt.first, tt.second} {
				if _, err := c.Object(t.Context(), base+"/note"); err != nil {
					t.Fatal(err)
				}
				if asked := d.since(); asked != want {
					t.Errorf("was asked by %q, want %q", asked, want)
				}
			}
		})
	}
}

// TestWhatAHostTookIsForgottenWhenItStopsWorking, when the host has a new server, and
// after a week.
func TestWhatAHostTookIsForgottenWhenItStopsWorking(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Now()
	d := &doorman{}
	inbox := serve(t, d.answer) + "/inbox"
	c := lab(t, func(o *Options, _ *limits) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	post := func(want string) {
		t.Helper()
		if _, err := c.Post(t.Context(), Delivery{Inbox: inbox, Body: []byte(`{}`), Keys: bothKeys()}); err != nil {
			t.Fatal(err)
		}
		if asked := d.since(); asked != want {
			t.Errorf("was asked by %q, want %q", asked, want)
		}
	}
	d.changes(401, "rsa")
	post("cavage rsa")
	d.changes(503)
	post("rsa")
	d.changes(401, "cavage")
	post("rsa cavage")
	post("cavage")
	d.changes(401, "rsa")
	post("cavage rsa")
	d.changes(401)
	post("rsa cavage")
	post("cavage rsa")
	d.changes(401, "rsa")
	post("cavage rsa")
	post("rsa")
	c.forms.Put(strings.TrimSuffix(strings.TrimPrefix(inbox, "http://"), "/inbox"), signature.MessageRSA, now.Add(-formsKept))
	post("cavage rsa")
}

// TestWhatWasTakenIsRememberedForAWeek, however often it is used meanwhile, and what was
// answered with anything but a 2xx isn't.
func TestWhatWasTakenIsRememberedForAWeek(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Now()
	c := lab(t, func(o *Options, _ *limits) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	inbox := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusAccepted) }) + "/inbox"
	host := strings.TrimSuffix(strings.TrimPrefix(inbox, "http://"), "/inbox")
	for _, days := range []int{0, 6, 2} {
		mu.Lock()
		now = now.Add(time.Duration(days) * 24 * time.Hour)
		mu.Unlock()
		if kept := c.tookEd25519(host); kept != (days == 6) {
			t.Errorf("%d days later it is remembered: %t", days, kept)
		}
		if _, err := c.Post(t.Context(), Delivery{Inbox: inbox, Body: []byte(`{}`), Keys: bothKeys(), ListsEd25519: true}); err != nil {
			t.Fatal(err)
		}
	}
	failing := serve(t, func(_ string, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature-Input") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	if _, err := c.Object(t.Context(), failing+"/note"); err == nil {
		t.Error("a 404 is a document")
	}
	if form, remembered := c.forms.Get(strings.TrimPrefix(failing, "http://"), now); remembered {
		t.Errorf("after a 404 it is remembered that it took %s", form)
	}
}

// TestAnActorWithoutAnEd25519KeySignsWithRSA wherever such keys are listed.
func TestAnActorWithoutAnEd25519KeySignsWithRSA(t *testing.T) {
	t.Parallel()
	d := &doorman{takes: []string{"cavage", "ed25519"}, refuse: 401}
	if _, err := lab(t, nil).Post(t.Context(), Delivery{Inbox: serve(t, d.answer) + "/inbox", Body: []byte(`{}`), Keys: instanceKeys(), ListsEd25519: true}); err != nil {
		t.Fatal(err)
	}
	if asked := d.since(); asked != "cavage" {
		t.Errorf("was asked by %q", asked)
	}
}
