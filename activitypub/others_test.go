package activitypub

import (
	"net/http"
	"strings"
	"testing"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
)

// fromOthers is what servers beside Mastodon send, in the shapes that they give it: A is gwen,
// ART her article, M a server of theirs, B somebody there.
var fromOthers = []struct {
	name     string
	who      string // the id of whoever sends it, on M
	key      string // the id of their key
	form     signature.Form
	activity string
	row      string // of what is counted when it has come
	want     int
}{
	{"GoToSocial's Follow: ids that are paths, to as one string", "/users/bob", "/users/bob/main-key", signature.Cavage,
		`{"id":"{M}/users/bob/follow/01J0","type":"Follow","actor":"{B}","object":"{A}","to":"{A}"}`, "follows WHERE state = 'accepted'", 1},
	{"GoToSocial's reply: lists of one collapsed, an empty summary, no attachments", "/users/bob", "/users/bob/main-key", signature.Cavage,
		`{"id":"{M}/users/bob/statuses/01J1/activity#Create","type":"Create","actor":"{B}","to":"{P}","cc":["{B}/followers","{A}"],"object":{"id":"{M}/users/bob/statuses/01J1","type":"Note","attributedTo":"{B}",
		"inReplyTo":"{ART}","content":"<p>hi</p>","contentMap":{"en":"<p>hi</p>"},"summary":"","attachment":[],"sensitive":false,"published":"2026-06-11T18:00:00Z","to":"{P}","cc":["{B}/followers","{A}"],
		"tag":{"type":"Mention","href":"{A}","name":"@gwen@notes.example"},"url":"{M}/@bob/statuses/01J1","interactionPolicy":{"canReply":{"always":"{P}","approvalRequired":[]}}}}`,
		"posts WHERE kind = 'reply' AND moderation = 'shown' AND visibility = 'public'", 1},
	{"Fedify's reply: signed by RFC 9421, nine digits of a second, a proof", "/users/bob", "/users/bob#main-key", signature.MessageRSA,
		`{"id":"{M}/activities/1","type":"Create","actor":"{B}","to":"as:Public","object":{"id":"{M}/notes/1","type":"Note","attributedTo":"{B}","inReplyTo":"{ART}","content":"hi","published":"2026-06-11T18:00:00.123456789Z",
		"to":"as:Public","cc":"{A}"},"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":"{B}#key-2","proofPurpose":"assertionMethod","proofValue":"z1"}}`,
		"posts WHERE kind = 'reply' AND visibility = 'public'", 1},
	{"Ghost's Like, by RFC 9421", "/.ghost/activitypub/users/index", "/.ghost/activitypub/users/index#main-key", signature.MessageRSA,
		`{"id":"{M}/.ghost/activitypub/like/7","type":"Like","actor":"{B}","object":"{ART}","to":["as:Public","{B}/followers"]}`, "reactions WHERE type = 'Like'", 1},
	{"Misskey's reply: a numberless actor, a quote of nothing", "/users/9abc", "/users/9abc#main-key", signature.Cavage,
		`{"id":"{M}/notes/9x/activity","type":"Create","actor":"{B}","published":"2026-06-11T18:00:00.000Z","object":{"id":"{M}/notes/9x","type":"Note","attributedTo":"{B}","summary":null,"content":"<p><span>hi</span></p>",
		"_misskey_content":"hi","source":{"content":"hi","mediaType":"text/x.misskeymarkdown"},"published":"2026-06-11T18:00:00.000Z","to":["{P}"],"cc":["{B}/followers","{A}"],"inReplyTo":"{ART}","attachment":[],"sensitive":false,
		"tag":[{"type":"Mention","href":"{A}","name":"@gwen@notes.example"}]},"to":["{P}"],"cc":["{B}/followers","{A}"]}`, "posts WHERE kind = 'reply' AND moderation = 'shown'", 1},
	{"Misskey's reaction is no like", "/users/9abc", "/users/9abc#main-key", signature.Cavage,
		`{"id":"{M}/likes/9y","type":"EmojiReact","actor":"{B}","object":"{ART}","content":"🎉"}`, "reactions", 0},
	{"Pleroma's reply: the mention by ostatus, both conversation and context", "/users/dee", "/users/dee#main-key", signature.Cavage,
		`{"id":"{M}/activities/a1","type":"Create","actor":"{B}","context":"{M}/contexts/1","context_id":7,"directMessage":false,"published":"2026-06-11T18:00:00.000000Z","object":{"id":"{M}/objects/o1","type":"Note","actor":"{B}","attributedTo":"{B}",
		"inReplyTo":"{ART}","content":"hi","context":"{M}/contexts/1","conversation":"{M}/contexts/1","published":"2026-06-11T18:00:00.000000Z","sensitive":null,"source":{"content":"hi","mediaType":"text/plain"},"summary":"",
		"to":["{P}","{A}"],"cc":["{B}/followers"],"tag":[{"href":"{A}","name":"@gwen@notes.example","type":"Mention"}]},"to":["{P}","{A}"],"cc":["{B}/followers"]}`, "posts WHERE kind = 'reply'", 1},
	{"Lemmy's Like: an audience", "/u/lem", "/u/lem#main-key", signature.Cavage,
		`{"id":"{M}/activities/like/1","type":"Like","actor":"{B}","object":"{ART}","audience":"{M}/c/talks"}`, "reactions WHERE type = 'Like'", 1},
	{"WordPress's Follow: an id with a query", "/?author=1", "/?author=1#main-key", signature.Cavage,
		`{"id":"{M}/?author=1#follow-7","type":"Follow","actor":"{M}/?author=1","object":"{A}"}`, "follows WHERE state = 'accepted'", 1},
	{"Announce of an embedded article is taken by its id", "/users/bob", "/users/bob#main-key", signature.Cavage,
		`{"id":"{M}/announces/1","type":"Announce","actor":"{B}","object":{"id":"{ART}","type":"Article","attributedTo":"{A}","content":"forged"},"to":"{P}"}`, "reactions WHERE type = 'Announce'", 1},
	{"a key id that is the actor's", "/users/bob", "/users/bob", signature.Cavage,
		`{"id":"{M}/follows/2","type":"Follow","actor":"{B}","object":{"id":"{A}","type":"Person"}}`, "follows WHERE state = 'accepted'", 1},
}

// TestWhatOtherServersSendTakesEffect in the shapes that they give it.
func TestWhatOtherServersSendTakesEffect(t *testing.T) {
	t.Parallel()
	for _, a := range fromOthers {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			k, p := newTalk(t), newPeer(t)
			by := newRemote(p.base, "bob")
			by.id, by.keyID, by.form = p.base+a.who, p.base+a.key, a.form
			document := by.document()
			if by.keyID == by.id {
				document["publicKey"] = with(document["publicKey"].(map[string]any), "id", by.id+"#main-key")
			}
			path, _, _ := strings.Cut(by.id, "?")
			p.serve(path, document)
			if strings.HasSuffix(by.keyID, "/main-key") {
				p.serve(by.keyID, map[string]any{"id": by.id, "type": "Person", "preferredUsername": "bob", "publicKey": document["publicKey"]})
			}
			body := strings.NewReplacer("{A}", k.iris.Actor("gwen"), "{B}", by.id, "{M}", p.base, "{ART}", k.article(k.post), "{P}", vocab.Public).Replace(a.activity)
			body = `{"@context":"https://www.w3.org/ns/activitystreams",` + strings.TrimPrefix(body, "{")
			before := k.dump()
			forged := *by
			forged.key = testKeys()[2]
			if status, _ := k.receive(k.request(&forged, []byte(body), k.clock.now())); status != http.StatusUnauthorized || k.dump() != before {
				t.Errorf("signed with another key it is answered %d, or changed something", status)
			}
			if status, refusal := k.receive(k.request(by, []byte(body), k.clock.now())); status != http.StatusAccepted {
				t.Fatalf("answered %d %s", status, refusal.Error())
			}
			if n := k.count(a.row); n != a.want {
				t.Errorf("%d rows of %s, want %d: %v", n, a.row, a.want, k.strings("SELECT outcome FROM inbox_seen"))
			}
		})
	}
}
