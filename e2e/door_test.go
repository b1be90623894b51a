package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is not proved gets 401, what can't be read its own status, and neither
// changes a row.
func TestTheInboxTakesNothingUnproved(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 1, 1)
	ca := newAuthority(t)
	notes := newSecure(t, ca, ours[0])
	notes.addAuthor(t)
	notes.start(t)
	remote := startPeer(t, ca, theirs[0])
	ask[done](t, remote, "/follow", map[string]any{"actor": "@" + author + "@" + ours[0].host}) // so that its key is known here
	article := publishNote(t, notes, "La porte", "--base-url", notes.baseURL, "--allow-network", "127.0.0.0/8")
	id := remote.received(t, "Create", 1).object()["id"]

	reply := func(actor string) map[string]any {
		note := actor + "/notes/1"
		public := "https://www.w3.org/ns/activitystreams#Public"
		return map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": note + "/activity", "type": "Create", "actor": actor, "to": public,
			"object": map[string]any{"id": note, "type": "Note", "attributedTo": actor, "to": public, "inReplyTo": id, "content": "<p>Entrez !</p>"}}
	}
	mine := reply(remote.actor())
	deletion := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": remote.actor() + "#delete", "type": "Delete",
		"actor": remote.actor(), "object": remote.actor()}
	large := reply(remote.actor())
	large["object"].(map[string]any)["content"] = strings.Repeat("x", 1<<20)
	tests := []struct {
		name string
		raw  map[string]any
		want int
	}{
		{"unsigned", map[string]any{"body": mine, "mode": "unsigned"}, 401},
		{"an unsigned deletion of an account", map[string]any{"body": deletion, "mode": "unsigned"}, 401},
		{"a signature with a changed letter", map[string]any{"body": mine, "mode": "bad-signature"}, 401},
		{"another body than was signed", map[string]any{"body": mine, "mode": "bad-digest"}, 401},
		{"signed two days ago", map[string]any{"body": mine, "mode": "old-date"}, 401},
		{"signed with another key under the name of the right one", map[string]any{"body": mine, "mode": "wrong-key"}, 401},
		{"the right key with another actor of the same server", map[string]any{"body": reply("https://" + remote.host + "/users/mallory")}, 401},
		{"the right key with an actor of another server", map[string]any{"body": reply("https://elsewhere.test/users/carol")}, 401},
		{"the right key with an actor of ours", map[string]any{"body": reply(notes.baseURL + "/users/" + author)}, 401},
		{"signed by RFC 9421, with a changed letter", map[string]any{"body": mine, "spec": "rfc9421", "mode": "bad-signature"}, 401},
		{"signed by RFC 9421, with another body than was signed", map[string]any{"body": mine, "spec": "rfc9421", "mode": "bad-digest"}, 401},
		{"signed by RFC 9421 two days ago", map[string]any{"body": mine, "spec": "rfc9421", "mode": "old-date"}, 401},
		{"signed by RFC 9421 with another key under the name of the right one", map[string]any{"body": mine, "spec": "rfc9421", "mode": "wrong-key"}, 401},
		{"more than 1 MB", map[string]any{"body": large}, 413},
		{"plain JSON", map[string]any{"body": mine, "contentType": "application/json"}, 415},
		{"LD-JSON without the profile", map[string]any{"body": mine, "contentType": "application/ld+json"}, 415},
		{"no JSON", map[string]any{"body": "Entrez !"}, 400},
		{"JSON with two readings", map[string]any{"body": `{"id":"https://` + remote.host + `/1","ID":"https://` + remote.host + `/2","type":"Create","actor":"` + remote.actor() + `"}`}, 400},
		{"no actor", map[string]any{"body": `{"id":"https://` + remote.host + `/1","type":"Create"}`}, 400},
	}
	db := notes.open(t)
	eventually(t, patience, "the deliveries have ended", func() error {
		left := column(t, db, "SELECT COUNT(*) FROM deliveries WHERE state = 'queued' UNION ALL SELECT COUNT(*) FROM lanes WHERE lease_until IS NOT NULL")
		if left[0] != "0" || len(left) > 1 && left[1] != "0" {
			return fmt.Errorf("some are left: %v", left)
		}
		return nil
	})
	before := dump(t, db)
	for _, inbox := range []string{notes.baseURL + "/inbox", notes.baseURL + "/users/" + author + "/inbox"} {
		for _, tt := range tests {
			t.Run(strings.TrimPrefix(inbox, notes.baseURL)+" "+tt.name, func(t *testing.T) {
				tt.raw["inbox"] = inbox
				got := ask[answer](t, remote, "/raw", tt.raw)
				if got.Status != tt.want {
					t.Errorf("%s answers %d %s, want %d", inbox, got.Status, got.Body, tt.want)
				}
				if got.Body == "" || strings.Count(strings.TrimSpace(got.Body), "\n") > 0 {
					t.Errorf("the reason is no single line: %q", got.Body)
				}
				sameDatabase(t, before, dump(t, db))
			})
		}
	}

	// The same thing well signed is taken: what was refused was refused for its proof.
	if got := ask[answer](t, remote, "/raw", map[string]any{"inbox": notes.baseURL + "/inbox", "body": mine}); got.Status != http.StatusAccepted {
		t.Errorf("well signed, the reply gets %d %s", got.Status, got.Body)
	}
	if before == dump(t, db) {
		t.Error("a reply that was taken changed nothing: the comparison above can't fail")
	}
	if _, page := notes.get(t, article, "text/html"); !strings.Contains(page, "Entrez !") {
		t.Error("the reply that was taken isn't on the page")
	}
	notes.process.stop(t)
}

// publishNote publishes a short article from a shell and returns its page.
func publishNote(t testing.TB, in *instance, title string, flags ...string) string {
	t.Helper()
	file := writeFile(t, "---\ntitle: "+title+"\n---\n\nQuelques mots.\n")
	return in.must(t, "", append([]string{"publish", file, "--as", author}, flags...)...)
}

func writeFile(t testing.TB, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "article.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
