package activitypub

import (
	"net/http"
	"strings"
	"testing"
)

// fromMastodon is what Mastodon sends, word for word as its serializers write it: A is gwen,
// ART her article, M a server of theirs, and B somebody there, whose id is a number.
var fromMastodon = []struct {
	name     string
	after    string // what came before, by its name
	activity string
	row      string // of what is counted when it has come
	want     int
}{
	{"Follow", "", `{"id":"{M}/7c1e","type":"Follow","actor":"{B}","object":"{A}"}`, "follows WHERE state = 'accepted'", 1},
	{"Undo of a Follow", "Follow", `{"id":"{B}#follows/1/undo","type":"Undo","actor":"{B}","object":{"id":"{M}/7c1e","type":"Follow","actor":"{B}","object":"{A}"}}`, "follows", 0},
	{"Like", "", `{"id":"{B}#likes/1","type":"Like","actor":"{B}","object":"{ART}"}`, "reactions WHERE type = 'Like'", 1},
	{"Undo of a Like", "Like", `{"id":"{B}#likes/1/undo","type":"Undo","actor":"{B}","object":{"id":"{B}#likes/1","type":"Like","actor":"{B}","object":"{ART}"}}`, "reactions", 0},
	{"Announce", "", `{"id":"{B}/statuses/9/activity","type":"Announce","actor":"{B}","published":"2026-06-11T18:00:00Z","to":["{P}"],"cc":["{A}","{B}/followers"],"object":"{ART}"}`,
		"reactions WHERE type = 'Announce'", 1},
	{"Undo of an Announce", "Announce", `{"id":"{B}#announces/9/undo","type":"Undo","actor":"{B}","to":["{P}"],"object":{"id":"{B}/statuses/9/activity","type":"Announce","actor":"{B}",
		"published":"2026-06-11T18:00:00Z","to":["{P}"],"cc":["{A}","{B}/followers"],"object":"{ART}"}}`, "reactions", 0},
	{"Create of a Note", "", `{"id":"{B}/statuses/1/activity","type":"Create","actor":"{B}","published":"2026-06-11T18:00:00Z","to":["{P}"],"cc":["{B}/followers","{A}"],"object":{NOTE}}`,
		"posts WHERE kind = 'reply' AND moderation = 'shown'", 1},
	{"Update of a Note", "Create of a Note", `{"id":"{B}/statuses/1#updates/1781202000","type":"Update","actor":"{B}","published":"2026-06-11T18:20:00Z","to":["{P}"],"cc":["{B}/followers","{A}"],"object":{EDIT}}`,
		"posts WHERE kind = 'reply' AND html LIKE '%better%'", 1},
	{"Delete of a Note", "Create of a Note", `{"id":"{B}/statuses/1#delete","type":"Delete","actor":"{B}","to":["{P}"],"object":{"id":"{B}/statuses/1","type":"Tombstone","atomUri":"{B}/statuses/1"}}`,
		"posts WHERE kind = 'reply' AND state = 'deleted'", 1},
	{"Create of a Note with a picture and a Link", "", `{"id":"{B}/statuses/2/activity","type":"Create","actor":"{B}","to":["{P}"],"object":{"id":"{B}/statuses/2","type":"Note","attributedTo":"{B}","inReplyTo":"{ART}",
		"published":"2026-06-11T18:00:00Z","to":["{P}"],"cc":["{A}"],"content":"<p>look</p>","attachment":[{"type":"Document","mediaType":"image/png","url":"{M}/1.png","name":"a hall","blurhash":"U","width":9,"height":9,"focalPoint":[0,0]},
		{"type":"Link","href":"https://slides.example/"}]}}`, "remote_media WHERE post_id IS NOT NULL", 2},
	{"Create of a poll", "", `{"id":"{B}/statuses/3/activity","type":"Create","actor":"{B}","to":["{P}"],"object":{"id":"{B}/statuses/3","type":"Question","attributedTo":"{B}","inReplyTo":"{ART}","published":"2026-06-11T18:00:00Z",
		"to":["{P}"],"cc":["{A}"],"content":"<p>which?</p>","endTime":"2026-06-12T18:00:00Z","votersCount":0,"oneOf":[{"type":"Note","name":"one","replies":{"type":"Collection","totalItems":0}}]}}`,
		"posts WHERE kind = 'reply'", 1},
	{"Block", "Follow", `{"id":"{B}#blocks/1","type":"Block","actor":"{B}","object":"{A}"}`, "follows", 0},
	{"Update of an actor", "Follow", `{"id":"{B}#updates/1781202000","type":"Update","actor":"{B}","to":["{P}"],"object":{"id":"{B}","type":"Person","preferredUsername":"alice","inbox":"{B}/inbox"}}`, "jobs", 1},
	{"Delete of an actor", "Follow", `{"id":"{B}#delete","type":"Delete","actor":"{B}","to":["{P}"],"object":"{B}"}`, "actors WHERE NOT local AND state = 'deleted'", 1},
	{"Add, without an id", "", `{"type":"Add","actor":"{B}","object":"{B}/statuses/1","target":"{B}/collections/featured"}`, "posts WHERE NOT local", 0},
	{"Remove, without an id", "", `{"type":"Remove","actor":"{B}","object":"{B}/statuses/1","target":"{B}/collections/featured"}`, "posts WHERE NOT local", 0},
}

// fromTheirs is a site that Mastodon's alice sends to.
type fromTheirs struct {
	*talk
	alice, bob *remote
	words      *strings.Replacer
}

func newFromTheirs(t *testing.T) *fromTheirs {
	k, p := newTalk(t), newPeer(t)
	f := &fromTheirs{talk: k, bob: p.actor("bob")}
	f.alice = newRemote(p.base, "alice")
	f.alice.id = p.base + "/ap/users/115830274"
	f.alice.keyID = f.alice.id + "#main-key"
	p.serve(f.alice.id, f.alice.document())
	const note = `{"id":"{B}/statuses/1","type":"Note","summary":null,"inReplyTo":"{ART}","published":"2026-06-11T18:00:00Z",{MORE}"url":"{M}/@alice/1","attributedTo":"{B}","to":["{P}"],"cc":["{B}/followers","{A}"],
		"sensitive":false,"atomUri":"{B}/statuses/1","inReplyToAtomUri":"{ART}","conversation":"{ART}/conversation","context":"{ART}/conversation",
		"content":"<p><span class=\"h-card\" translate=\"no\"><a href=\"{A}\" class=\"u-url mention\">@<span>gwen</span></a></span> {SAID}</p>","contentMap":{"en":"<p>{SAID}</p>"},"attachment":[],
		"tag":[{"type":"Mention","href":"{A}","name":"@gwen@notes.example"}],"replies":{"id":"{B}/statuses/1/replies","type":"Collection","first":{"type":"CollectionPage","next":"{B}/statuses/1/replies?page=true","items":[]}},
		"interactionPolicy":{"canQuote":{"automaticApproval":["{P}"]}},"signature":{"type":"RsaSignature2017","creator":"{B}#main-key","created":"2026-06-11T18:00:00Z","signatureValue":"c2ln"}}`
	f.words = strings.NewReplacer("{NOTE}", strings.NewReplacer("{MORE}", "", "{SAID}", "hi").Replace(note), "{EDIT}", strings.NewReplacer("{MORE}", `"updated":"2026-06-11T18:20:00Z",`, "{SAID}", "better").Replace(note))
	return f
}

// body is an activity with names filled in.
func (f *fromTheirs) body(activity string) []byte {
	filled := strings.NewReplacer("{A}", f.iris.Actor("gwen"), "{B}", f.alice.id, "{M}", f.alice.base, "{ART}", f.article(f.post), "{P}", "https://www.w3.org/ns/activitystreams#Public").Replace(f.words.Replace(activity))
	return []byte(`{"@context":"https://www.w3.org/ns/activitystreams",` + strings.TrimPrefix(filled, "{"))
}

// What Mastodon sends takes effect as it writes it, from ids that are numbers; signed by
// somebody else of the same server it is refused.
func TestWhatMastodonSendsTakesEffect(t *testing.T) {
	t.Parallel()
	activities := map[string]string{}
	for _, a := range fromMastodon {
		activities[a.name] = a.activity
	}
	for _, a := range fromMastodon {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			f := newFromTheirs(t)
			if a.after != "" {
				if status, refusal := f.receive(f.request(f.alice, f.body(activities[a.after]), f.clock.now())); status != http.StatusAccepted {
					t.Fatalf("%s is answered %d %s", a.after, status, refusal.Error())
				}
			}
			before := f.dump()
			if status, _ := f.receive(f.request(f.bob, f.body(a.activity), f.clock.now())); status != http.StatusUnauthorized || f.dump() != before {
				t.Errorf("signed by somebody else, it is answered %d, or changed something", status)
			}
			if status, refusal := f.receive(f.request(f.alice, f.body(a.activity), f.clock.now())); status != http.StatusAccepted {
				t.Fatalf("answered %d %s", status, refusal.Error())
			}
			if n := f.count(a.row); n != a.want {
				t.Errorf("%d rows of %s, want %d:\n%s", n, a.row, a.want, f.strings("SELECT outcome FROM inbox_seen"))
			}
		})
	}
}

// What is for one of ours alone comes to their own inbox, and all else may: what was signed
// for the one isn't taken at the other (mastodon.md 42).
func TestMastodonSendsToTheInboxThatItSignedFor(t *testing.T) {
	t.Parallel()
	for _, a := range fromMastodon {
		if a.after != "" {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			f := newFromTheirs(t)
			personal := func() *http.Request {
				return f.requestTo(f.iris.Inbox("gwen"), f.alice, f.body(a.activity), f.clock.now())
			}
			before := f.dump()
			elsewhere := personal()
			elsewhere.RequestURI = "/inbox"
			if status, _ := f.receive(elsewhere); status != http.StatusUnauthorized || f.dump() != before {
				t.Errorf("at the shared inbox it is answered %d, or changed something", status)
			}
			if status, refusal := f.receive(personal()); status != http.StatusAccepted {
				t.Fatalf("at the personal one it is answered %d %s", status, refusal.Error())
			}
			if n := f.count(a.row); n != a.want {
				t.Errorf("%d rows of %s, want %d", n, a.row, a.want)
			}
		})
	}
}
