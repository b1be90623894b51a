package vocab

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func fixture(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

const (
	article = "https://notes.example/articles/AAAAAAAAAAAAAAAAAAAAAA"
	gwen    = "https://notes.example/users/gwen"
)

// The actors of every server that we were told of have what a follower needs.
func TestActorsOfOtherServers(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]ReceivedActor{
		"mastodon.example/users/alice.json": {ID: "https://mastodon.example/users/alice", Type: "Person", PreferredUsername: "alice", Name: "Alice ✨",
			URL: "https://mastodon.example/@alice", SharedInbox: "https://mastodon.example/inbox", Discoverable: true},
		"gts.example/users/bob.json": {ID: "https://gts.example/users/bob", Type: "Person", PreferredUsername: "bob", Name: "bob",
			URL: "https://gts.example/@bob", Discoverable: true}, // no shared inbox
		"misskey.example/users/9abc.json": {ID: "https://misskey.example/users/9abc", Type: "Person", PreferredUsername: "kit",
			URL: "https://misskey.example/@kit", SharedInbox: "https://misskey.example/inbox", Discoverable: true},
		"pleroma.example/users/dee.json": {ID: "https://pleroma.example/users/dee", Type: "Service", PreferredUsername: "dee", Name: "dee",
			URL: "https://pleroma.example/users/dee", SharedInbox: "https://pleroma.example/inbox"},
		"lemmy.example/c/talks.json": {ID: "https://lemmy.example/c/talks", Type: "Group", PreferredUsername: "talks", Name: "Talks",
			SharedInbox: "https://lemmy.example/inbox"},
		"fedify.example/users/fay.json": {ID: "https://fedify.example/users/fay?v=1", Type: "Person", PreferredUsername: "fay", Name: "Fay",
			URL: "https://fedify.example/@fay", SharedInbox: "https://fedify.example/inbox"},
	} {
		got, err := ParseActor(fixture(t, path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		keys := 1
		if want.PreferredUsername == "fay" {
			keys = 2 // an RSA key, and a Multikey of FEP-521a
		}
		if len(got.Keys) != keys || got.Keys[0].Owner != got.ID || got.Keys[0].PEM == "" || got.Inbox == "" || got.Followers == "" {
			t.Errorf("%s: keys %v, inbox %q, followers %q", path, got.Keys, got.Inbox, got.Followers)
		}
		if got.ID != want.ID || got.Type != want.Type || got.PreferredUsername != want.PreferredUsername || got.Name != want.Name ||
			got.URL != want.URL || got.SharedInbox != want.SharedInbox || got.Discoverable != want.Discoverable {
			t.Errorf("%s: %+v\nwant %+v", path, got, want)
		}
	}
}

func TestRepliesOfOtherServers(t *testing.T) {
	t.Parallel()
	six := time.Date(2026, 6, 11, 18, 0, 0, 0, time.UTC)
	for path, want := range map[string]ReceivedObject{
		"mastodon.example/create.json": {ID: "https://mastodon.example/users/alice/statuses/1", URL: "https://mastodon.example/@alice/1", Language: "en",
			Published: six, To: []string{Public}, Mentions: []string{gwen}},
		"gts.example/create.json": {ID: "https://gts.example/users/bob/statuses/01J", URL: "https://gts.example/@bob/statuses/01J", Language: "fr",
			Published: six.Add(123456789), Updated: six.Add(5*time.Minute + 500*time.Millisecond), To: []string{Public}, Mentions: []string{gwen}},
		"misskey.example/create.json": {ID: "https://misskey.example/notes/9xyz", Published: six.Add(123 * time.Millisecond), To: []string{"as:Public"}, Mentions: []string{gwen}},
		"pleroma.example/create.json": {ID: "https://pleroma.example/objects/1", Language: "en", Summary: "cw", Published: six.Add(123456 * time.Microsecond),
			To: []string{Public, gwen}, Mentions: []string{gwen}},
		"fedify.example/create.json": {ID: "https://fedify.example/n/1", URL: "https://fedify.example/@fay/1", Language: "en-GB",
			Published: six.Add(999999999), To: []string{"as:Public"}},
	} {
		a, err := ParseActivity(fixture(t, path))
		if err != nil || a.Type != "Create" || a.Object == nil || a.ObjectID != a.Object.ID || a.ID == "" {
			t.Errorf("%s: %+v, %v", path, a, err)
			continue
		}
		got := a.Object
		if got.InReplyTo != article || got.AttributedTo != a.Actor || got.Content == "" || got.Type != "Note" {
			t.Errorf("%s: in reply to %q by %q: %q", path, got.InReplyTo, got.AttributedTo, got.Content)
		}
		if got.ID != want.ID || got.URL != want.URL || got.Language != want.Language || got.Summary != want.Summary || !got.Published.Equal(want.Published) ||
			!got.Updated.Equal(want.Updated) || !slices.Equal(got.To, want.To) || !slices.Equal(got.Mentions, want.Mentions) {
			t.Errorf("%s: %+v\nwant %+v", path, got, want)
		}
	}
}

func TestActivitiesOfOtherServers(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		typ, object, inner string
		relayed            bool
	}{
		"mastodon.example/create.json":       {"Create", "https://mastodon.example/users/alice/statuses/1", "", true},
		"mastodon.example/delete.json":       {"Delete", "https://mastodon.example/users/alice/statuses/1", "", false},
		"mastodon.example/delete-actor.json": {"Delete", "https://mastodon.example/users/alice", "", false},
		"mastodon.example/like.json":         {"Like", article, "", false},
		"mastodon.example/announce.json":     {"Announce", article, "", false},
		"mastodon.example/undo.json":         {"Undo", "https://mastodon.example/0b7c", "Follow", false},
		"lemmy.example/announce.json":        {"Announce", "https://lemmy.example/activities/create/2", "Create", false},
		"fedify.example/accept.json":         {"Accept", "https://notes.example/activities/BBBBBBBBBBBBBBBBBBBBBB", "Follow", true},
	} {
		a, err := ParseActivity(fixture(t, path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		inner := ""
		if a.Inner != nil {
			inner = a.Inner.Type
		}
		if a.Type != want.typ || a.ObjectID != want.object || inner != want.inner || a.Relayed != want.relayed {
			t.Errorf("%s: %s of %s, inner %q, relayed %t", path, a.Type, a.ObjectID, inner, a.Relayed)
		}
	}
}

func TestKeyDocumentsOfOtherServers(t *testing.T) {
	t.Parallel()
	for path, key := range map[string]string{
		"gts.example/users/bob/main-key.json": "https://gts.example/users/bob/main-key",
		"mastodon.example/users/alice.json":   "https://mastodon.example/users/alice#main-key",
		"fedify.example/users/fay.json":       "https://fedify.example/users/fay?v=1#main-key",
	} {
		if owner, err := KeyOwner(fixture(t, path), key); err != nil || owner == "" {
			t.Errorf("%s: %q, %v", path, owner, err)
		}
		if owner, err := KeyOwner(fixture(t, path), key+"2"); err == nil {
			t.Errorf("%s: a key that isn't there is %q's", path, owner)
		}
	}
	alone := `{"id":"https://a.example/key","owner":"https://a.example/u","publicKeyPem":"x"}`
	if owner, err := KeyOwner([]byte(alone), "https://a.example/key"); err != nil || owner != "https://a.example/u" {
		t.Errorf("a key alone: %q, %v", owner, err)
	}
}
