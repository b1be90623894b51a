package e2e

import (
	"net/http"
	"testing"
)

// TestSignaturesOfBothKinds: a server in secure mode, and two peers in secure mode that take
// one form each. Both follow and get what is published, before and after the author's keys
// are rotated, and no follower is lost.
func TestSignaturesOfBothKinds(t *testing.T) {
	t.Parallel()
	needPeer(t)
	ours, theirs := needPlaces(t, 1, 2)
	ca := newAuthority(t)
	in := newSecure(t, ca, ours[0])
	in.addAuthor(t)
	in.args = append(in.args, "--secure-mode")
	in.start(t)
	actor := in.baseURL + "/users/" + author
	peers := []struct {
		*peer
		signed signedAs
	}{
		{startPeer(t, ca, theirs[0], "PEER_KNOCK=rfc9421", "PEER_TAKES=rfc9421", "PEER_PLAIN=1", "PEER_AUTHFETCH=1"),
			signedAs{"rfc9421", "#main-key"}},
		{startPeer(t, ca, theirs[1], "PEER_KNOCK=draft-cavage-http-signatures-12", "PEER_TAKES=draft-cavage", "PEER_AUTHFETCH=1"),
			signedAs{"draft-cavage", "#main-key"}},
	}
	arrived := func(typ string, n int) {
		t.Helper()
		for _, p := range peers {
			got := p.received(t, typ, n)
			if !got.Verified || got.Signature != p.signed.form || got.KeyID != actor+p.signed.key || got.Status >= 300 {
				t.Errorf("%s got a %s signed %s by %s, verified %t (%s), and answered %d", p.host, typ, got.Signature, got.KeyID, got.Verified, got.Reason, got.Status)
			}
		}
	}
	for _, p := range peers {
		ask[done](t, p.peer, "/follow", map[string]any{"actor": "@" + author + "@" + in.host()})
	}
	arrived("Accept", 1)
	text := func(words string) string {
		return writeFile(t, "---\ntitle: Day one\nlanguage: en\nslug: day-one\n---\n\n"+words+"\n")
	}
	in.must(t, "", "publish", text("Before the keys changed."), "--as", author)
	arrived("Create", 1)
	in.must(t, "", "account", "rotate-key", author)
	in.must(t, "", "publish", text("After the keys changed."), "--as", author, "--update")
	arrived("Update", 1)
	for _, p := range peers {
		if got := p.get(t, actor+"/followers"); p.signed.form == "draft-cavage" && (got.Understood.TotalItems == nil || *got.Understood.TotalItems != 2) {
			t.Errorf("%s reads %d %v", p.host, got.Status, got.Document)
		}
	}
	if res, _ := in.get(t, actor, "application/activity+json"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("unsigned, the actor answers %d", res.StatusCode)
	}
	if res, _ := in.get(t, in.baseURL+"/users/instance", "application/activity+json"); res.StatusCode != http.StatusOK {
		t.Errorf("unsigned, the instance actor answers %d", res.StatusCode)
	}
	in.process.stop(t)
}
