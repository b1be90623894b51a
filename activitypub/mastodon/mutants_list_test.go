package mastodon

import "strings"

// Where mutants are made.
const (
	site    = "https://notes.example"
	gwen    = site + "/users/gwen"
	day     = site + "/articles/1"
	dayPage = site + "/@gwen/day-one"
	finger  = site + "/.well-known/webfinger?resource=acct%3Agwen%40notes.example"
	anyPost = "POST "
	anyGet  = "GET "

	aMessage    = "POST https://social.example/users/alice/inbox gwen RFC"
	aMessageGet = "GET https://social.example/users/alice instance RFC"
	toPublic    = `"to": ["https://www.w3.org/ns/activitystreams#Public"]`
)

// Rules that break with others, as they look at the same.
var (
	served   = []string{"5 "}
	unsigned = []string{"13 ", "14 ", "16 ", "44 "}
	nobody   = []string{"1 ", "2 ", "5 ", "6 ", "27 "}
	nowhere  = []string{"2 ", "5 ", "6 ", "7 ", "12 "}
)

// mutants are of each rule, by how its name begins: what Mastodon wouldn't take.
var mutants = map[string][]mutant{
	"1 WebFinger answers": {
		{at: finger, old: "200 application", new: "404 application", with: nobody},
		{at: finger, old: `"subject": "acct:gwen@notes.example"`, new: `"subject": ""`, with: nobody},
		{at: finger, old: `"type": "application/activity+json"`, new: `"type": "application/json"`, with: nobody},
		{at: finger, old: `"rel": "self"`, new: `"rel": "me"`, with: nobody},
	},
	"1 host-meta": {
		{at: site + "/.well-known/host-meta", old: "200 ", new: "404 "},
		{at: site + "/.well-known/host-meta", old: "{uri}", new: "gwen"},
		{at: site + "/.well-known/host-meta", old: "lrdd", new: "self"},
	},
	"1 a 410 from WebFinger": {{at: site + "/.well-known/webfinger?resource=acct%3Aalix", old: "410", new: "404"}},
	"2 WebFinger, asked": {
		{at: finger, old: "acct:gwen@notes.example", new: "acct:gwenn@notes.example"},
		{at: finger, old: `"href": "https://notes.example/users/gwen"`, new: `"href": "https://notes.example/users/Gwen"`, with: nobody},
		{at: gwen, old: `"webfinger": "gwen@notes.example"`, new: `"webfinger": "gwen@other.example"`},
	},
	"3 neither actor": {
		{at: gwen, old: `"webfinger": "gwen@notes.example"`, new: `"webfinger": "gwen@notes.example:8443"`, with: []string{"2 "}},
		{at: gwen, old: `"id": "https://notes.example/users/gwen",`, new: `"id": "https://notes.example:8443/users/gwen",`, with: nowhere},
		{at: gwen, old: `"id": "https://notes.example/users/gwen",`, new: `"id": "http://notes.example/users/gwen",`, with: nowhere},
	},
	"4 a name": {
		{at: gwen, old: `"preferredUsername": "gwen"`, new: `"preferredUsername": "gwen le bihan"`},
		{at: gwen, old: `"preferredUsername": "gwen"`, new: `"preferredUsername": "gwen."`},
	},
	"5 a document, and": {
		{at: day + "/likes", old: `{"@context"`, new: `["@context"`, with: served},
		{at: anyPost, old: `{"@context"`, new: `<"@context"`, with: []string{"5 ", "44 "}},
	},
	"5 a document is answered": {{at: site + "/users/gwen/followers?page=1", old: "200 ", new: "202 "}},
	"5 a document says": {
		{at: gwen + "/followers", old: "application/activity+json", new: "application/json"},
		{at: day, old: `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, new: "application/ld+json"},
	},
	"5 a document has 1 MB":   {{at: gwen, old: `"name": "Gwen"`, new: `"name": "` + megabyte + `"`}},
	"5 a document has the id": {{at: gwen + "/followers", old: `"id": "https://notes.example/users/gwen/followers"`, new: `"id": "https://notes.example/users/gwen/followers/"`}},
	"5 a document's @context": {{at: day + "/likes", old: `"@context": "https://www.w3.org/ns/activitystreams"`, new: `"@context": "http://www.w3.org/ns/activitystreams"`}},
	"5 what is posted says": {
		{at: anyPost, old: `"@context"`, new: `"context"`},
		{at: anyPost, old: "Content-Type: application/activity+json", new: "Content-Type: application/json", header: true},
		{at: anyPost, old: "Words, ", new: megabyte, with: []string{"23 "}},
	},
	"6 an actor has an inbox": {
		{at: gwen, old: `"inbox": "https://notes.example/users/gwen/inbox"`, new: `"inbox": "/users/gwen/inbox"`},
		{at: gwen, old: `"inbox"`, new: `"innbox"`},
		{at: gwen, old: `"sharedInbox": "https://notes.example/inbox"`, new: `"sharedInbox": "/inbox"`},
	},
	"6 an actor's page":     {{at: gwen, old: `"url": "https://notes.example/@gwen"`, new: `"url": "https://www.notes.example/@gwen"`}},
	"6 an actor says since": {{at: gwen, old: "2026-06-01T00:00:00Z", new: "June 2026"}},
	"6 an address leads":    {{at: gwen, old: `"type": "Person"`, new: `"type": "Author"`, with: []string{"16 "}}},
	"7 an actor's keys": {
		{at: gwen, old: `"owner": "https://notes.example/users/gwen"`, new: `"owner": "https://notes.example/users/alix"`},
		{at: gwen, old: `"id": "https://notes.example/users/gwen#main-key"`, new: `"id": "https://notes.example/keys/gwen"`, with: unsigned},
		{at: gwen, old: `"publicKey"`, new: `"key"`, with: unsigned},
	},
	"7 an actor's key can": {{at: gwen, old: `BEGIN PUBLIC KEY`, new: `BEGIN A KEY`, with: unsigned}},
	"7 an actor's Multikeys": {
		{at: gwen, old: `"controller": "https://notes.example/users/gwen"`, new: `"controller": "https://notes.example/users/alix"`},
		{at: gwen, old: `"id": "https://notes.example/users/gwen#ed25519-key"`, new: `"id": "https://notes.example/keys/1"`},
		{at: gwen, old: `"type": "Multikey"`, new: `"type": "Key"`},
		{at: gwen, old: `"z6Mk`, new: `"u6Mk`},
		{at: gwen, old: `"z6Mk`, new: `"z6Mk2`},
		{at: gwen, old: `"z6Mk`, new: `"z6Lk`},
	},
	"8 a face": {
		{at: gwen, old: `{"type": "Image", "mediaType"`, new: `{"type": "Link", "mediaType"`},
		{at: gwen, old: `"url": "https://notes.example/face.gif"`, new: `"url": "/face.gif"`},
		{at: gwen, old: `"url": "https://notes.example/face.gif"`, new: `"url": "https://notes.example/@gwen"`},
	},
	"9 outbox": {
		{at: gwen + "/outbox", old: `"totalItems": 1, `, new: ``},
		{at: gwen + "/following", old: `"totalItems": 0`, new: `"totalItems": "0"`},
		{at: gwen + "/followers", old: `, "first": "https://notes.example/users/gwen/followers?page=1"`, new: ``},
		{at: gwen, old: `"followers": "https://notes.example/users/gwen/followers"`, new: `"followers": "https://notes.example/none"`, with: served},
	},
	"10 what is featured": {{at: gwen + "/featured", old: `["https://notes.example/articles/1"]`, new: `[{"type": "Page"}]`}},
	"10 featured hashtags": {
		{at: gwen + "/tags", old: `"type": "Hashtag"`, new: `"type": "Link"`},
		{at: gwen + "/tags", old: `"name": "#tides", `, new: ``},
		{at: gwen + "/tags", old: `[{"type": "Hashtag"`, new: `[` + strings.Repeat(`{"type": "Hashtag", "name": "#x"}, `, 10) + `{"type": "Hashtag"`},
		{at: gwen, old: `"featuredTags": "https://notes.example/users/gwen/tags"`, new: `"featuredTags": "https://notes.example/none"`, with: served},
	},
	"10 what is put first": {
		{at: anyPost, old: `"target": "https://notes.example/users/gwen/featured"`, new: `"target": "https://notes.example/users/alix/featured"`},
		{at: anyPost, old: `"object": "https://notes.example/articles/1", "target"`, new: `"object": {"type": "Article"}, "target"`},
		{at: anyPost, old: `"object": "https://notes.example/articles/1", "target"`, new: `"object": "https://other.example/articles/1", "target"`},
	},
	"11 a field": {
		{at: gwen, old: `>https://gwen.example/</a>`, new: `>gwen.example</a>`},
		{at: gwen, old: `>https://gwen.example/</a>`, new: `>https://gwen.example/</a> and more`},
		{at: gwen, old: `\"https://gwen.example/\" rel`, new: `\"http://gwen.example/\" rel`},
		{at: gwen, old: `"name": "Says", `, new: ``},
		{at: gwen, old: `"type": "PropertyValue", "name": "Says"`, new: `"type": "Note", "name": "Says"`},
	},
	"11 an account says": {
		{at: gwen, old: `"discoverable": true, `, new: ``},
		{at: gwen, old: `"indexable": true`, new: `"indexable": "true"`},
	},
	"11 an account names": {{at: gwen, old: `"attributionDomains": ["notes.example"]`, new: `"attributionDomains": ["notes.example", {"type": "Domain"}]`}},
	"12 a page": {
		{at: dayPage, old: `href="https://notes.example/articles/1"`, new: `href="/articles/1"`},
		{at: dayPage, old: `rel="alternate" type="application/activity+json"`, new: `rel="alternate" type="text/html"`},
		{at: dayPage, old: `href="https://notes.example/articles/1"`, new: `href="https://notes.example/articles/3"`},
	},
	"13 a signature names": {
		{at: anyPost, old: "keyId=", new: "key=", header: true, with: unsigned},
		{at: anyGet, old: "rsa-sha256", new: "rsa-sha512", header: true},
	},
	"13 a signature covers": {
		{at: anyPost, old: " date digest", new: " digest", header: true, with: unsigned},
		{at: anyPost, old: " date digest", new: " date", header: true, with: unsigned},
		{at: anyGet, old: "(request-target) host", new: "host", header: true, with: unsigned},
		{at: anyGet, old: " host ", new: " ", header: true, with: unsigned},
	},
	"13 the digest": {
		{at: anyPost, old: "Digest: SHA-256=", new: "Digest: SHA-512=", header: true, with: unsigned},
		{at: anyPost, old: "Digest: SHA-256=", new: "Digest: SHA-256=A", header: true, with: unsigned},
	},
	"13 the date": {
		{at: anyPost, old: "19:00:00", new: "17:54:59", header: true, with: unsigned},
		{at: anyGet, old: "19:00:00", new: "20:00:01", header: true, with: unsigned},
	},
	"13 the signature is": {
		{at: anyPost, old: `signature="`, new: `signature="AAAA`, header: true},
		{at: anyGet, old: "Host: social.example", new: "Host: other.example", header: true},
		{at: anyGet, old: "#main-key", new: "#other-key", header: true},
	},
	"14 a signature by": {
		{at: aMessage, old: ` "content-digest"`, new: ``, header: true, with: unsigned},
		{at: aMessage, old: `"@target-uri" `, new: ``, header: true, with: unsigned},
		{at: aMessageGet, old: `"@method" `, new: ``, header: true, with: unsigned},
		{at: aMessageGet, old: ";created=17812044", new: ";created=17812004", header: true, with: unsigned},
		{at: aMessage, old: ";keyid=", new: ";key=", header: true, with: unsigned},
	},
	"14 content-digest": {
		{at: aMessage, old: "Content-Digest: sha-256=", new: "Content-Digest: sha-512=", header: true, with: unsigned},
		{at: aMessage, old: "Content-Digest: sha-256=:", new: "Content-Digest: sha-256=:A", header: true, with: unsigned},
	},
	"14 the signature is": {
		{at: aMessage, old: `Signature: sig1=:`, new: `Signature: sig1=:AAAA`, header: true},
		{at: aMessageGet, old: `#main-key"`, new: `#main-key";alg="hmac-sha256"`, header: true},
		{at: aMessageGet, old: "#main-key", new: "#other-key", header: true},
	},
	"16 who signs": {
		{at: site + "/users/instance", old: "200 ", new: "401 ", with: []string{"13 ", "14 "}},
		{at: site + "/.well-known/webfinger?resource=acct%3Ainstance", old: "200 application/jrd+json\n{", new: "404 text/plain\n"},
	},
	"21 an article": {{at: day, old: `"name": "Day one", "nameMap": {"en": "Day one"}`, new: `"name": " ", "nameMap": {"en": " "}`}},
	"22 the first url": {
		{at: day, old: `"url": [{"type": "Link"`, new: `"url": [{"type": "Link", "href": "https://notes.example/oembed"}, {"type": "Link"`, with: []string{"12 ", "26 "}},
		{at: day, old: `"href": "https://notes.example/@gwen/day-one", "mediaType"`, new: `"href": "/@gwen/day-one", "mediaType"`},
	},
	"23 the language": {
		{at: day, old: `"contentMap": {"en": `, new: `"contentMap": {"english": `},
		{at: day, old: `"contentMap"`, new: `"language": "en", "contents"`},
		{at: day, old: `"nameMap"`, new: `"names"`},
		{at: day, old: `"contentMap": {`, new: `"contentMap": {"fr": "Mots", `},
	},
	"24 an attachment": {
		{at: day, old: `"mediaType": "image/gif"`, new: `"mediaType": "application/pdf"`},
		{at: day, old: `"name": "A face"`, new: `"name": "` + megabyte[:10_001] + `"`},
		{at: day, old: `"image/gif", "url"`, new: `"image/gif", "href"`, with: []string{"24 "}},
	},
	"24 the pictures": {{at: day, old: `"url": "https://notes.example/face.gif", "name"`, new: `"url": "https://notes.example/oembed", "name"`}},
	"25 a summary":    {{at: day, old: "In short", new: `In <a href=\"https://notes.example/\">short</a>`}},
	"26 a card is":    {{at: site + "/@gwen", old: "text/html", new: "application/xhtml+xml"}},
	"26 oEmbed":       {{at: site + "/oembed", old: "rich", new: "link"}},
	"26 OpenGraph": {
		{at: dayPage, old: `property="og:title"`, new: `property="title"`},
		{at: dayPage, old: `rel="canonical" href="https://notes.example`, new: `rel="canonical" href="https://www.notes.example`},
		{at: dayPage, old: `property="og:url" content="https://notes.example`, new: `property="og:url" content="https://www.notes.example`},
	},
	"26 a card's picture": {{at: dayPage, old: `"og:image" content="https://notes.example/face.gif"`, new: `"og:image" content="https://notes.example/oembed"`}},
	"27 whom a page": {
		{at: gwen, old: `"attributionDomains": ["notes.example"]`, new: `"attributionDomains": ["other.example"]`},
		{at: dayPage, old: "@gwen@notes.example", new: "@alix@notes.example"},
	},
	"28 a hashtag": {{at: day, old: `"#WAL"`, new: `"WAL"`}},
	"28 who is mentioned": {
		{at: day, old: `, "https://social.example/users/alice"]`, new: `]`},
		{at: day, old: `"href": "https://social.example/users/alice"`, new: `"href": "https://social.example/@alice"`},
	},
	"29 what everybody": {
		{at: day, old: toPublic, new: `"to": ["as:Public"]`},
		{at: day, old: toPublic, new: `"to": ["https://notes.example/users/gwen/followers"]`},
	},
	"29 what is public goes": {{at: "POST https://social.example/users/alice/inbox", old: `"actor": "https://notes.example/users/gwen",`, new: `"actor": "https://notes.example/users/gwen", "type": "Create", ` + toPublic + `,`,
		with: []string{"30 ", "36 "}}},
	"30 its author": {{at: day, old: `"attributedTo": "https://notes.example/users/gwen"`, new: `"attributedTo": "https://other.example/users/gwen"`}},
	"30 what somebody": {
		{at: anyPost, old: `"object": {"id": "https://notes.example/notes/1"`, new: `"object": {"id": "https://other.example/notes/1"`, with: []string{"30 "}},
		{at: anyPost, old: `"attributedTo": "https://notes.example/users/gwen"`, new: `"attributedTo": "https://notes.example/users/alix"`},
	},
	"31 likes": {{at: day, old: `"likes": {"id": "https://notes.example/articles/1/likes", "type": "Collection", "totalItems": 0}`, new: `"likes": "https://notes.example/articles/1/likes"`}},
	"31 updated": {
		{at: day, old: `"updated": "2026-06-11T18:45:00Z"`, new: `"updated": "2026-06-11T18:30:00Z"`},
		{at: day, old: `"published": "2026-06-11T18:30:00Z"`, new: `"published": "yesterday"`},
	},
	"32 an edit says": {{at: anyPost, old: `, "updated": "2026-06-11T18:40:00Z"`, new: ``, with: []string{"32 "}}},
	"32 an edit is":   {{at: anyPost, old: "18:41:00", new: "18:40:00"}},
	"33 what is deleted is named": {
		{at: anyPost, old: `"object": {"id": "https://notes.example/articles/2", "type": "Tombstone"}`, new: `"object": {"id": "https://notes.example/articles/2", "type": "Article"}`},
	},
	"33 what is deleted is gone": {{at: anyPost, old: `"object": {"id": "https://notes.example/articles/2"`, new: `"object": {"id": "https://notes.example/articles/1"`}},
	"33 the id of what": {
		{at: site + "/articles/2", old: "410", new: "200", with: []string{"33 "}},
		{at: site + "/articles/2", old: "Tombstone", new: "Article"},
	},
	"34 a boost": {
		{at: anyPost, old: `"published": "2026-06-11T18:30:00Z",
 "to"`, new: `"to"`},
		{at: anyPost, old: `18:30:00Z",
 ` + toPublic, new: `18:30:00Z", "to": ["https://social.example/users/alice"]`},
	},
	"34 what is boosted": {{at: anyPost, old: `"object": "https://notes.example/articles/1"`, new: `"object": "https://notes.example/articles/2"`}},
	"35 somebody may": {
		{at: day, old: `"canQuote"`, new: `"canReply"`},
		{at: day, old: `{"automaticApproval": ["https://www.w3.org/ns/activitystreams#Public"]}`, new: `{"automaticApproval": []}`},
	},
	"36 an activity has": {
		{at: anyPost, old: `"id": "https://notes.example/activities/7", `, new: ``},
		{at: anyPost, old: `"id": "https://notes.example/activities/7"`, new: `"id": "https://other.example/activities/7"`},
	},
	"36 an answer": {
		{at: anyPost, old: `"object": {"id": "https://social.example/follows/1", `, new: `"object": {`},
		{at: anyPost, old: `"type": "Follow", "actor": "https://social.example/users/alice"`, new: `"type": "Follow"`},
	},
	"40 an answer to who asks": {{at: anyPost, old: `"object": {"id": "https://social.example/quotes/9", "type": "QuoteRequest"`, new: `"object": {"type": "QuoteRequest"`}},
	"40 a yes to a quote": {
		{at: site + "/quotes/1", old: "200 ", new: "404 ", with: served},
		{at: site + "/quotes/1", old: `"QuoteAuthorization"`, new: `"Approval"`},
		{at: site + "/quotes/1", old: "social.example/notes/9", new: "social.example/notes/8"},
		{at: site + "/quotes/1", old: "notes.example/articles/1", new: "notes.example/articles/2"},
		{at: site + "/quotes/1", old: `"attributedTo": "https://notes.example/users/gwen"`, new: `"attributedTo": "https://notes.example/users/alix"`},
		{at: anyPost, old: `"result": "https://notes.example/quotes/1"`, new: `"result": "https://social.example/quotes/1"`},
	},
	"36 what is undone": {{at: anyPost, old: `"object": {"id": "https://notes.example/activities/0", "type": "Like", "actor": "https://notes.example/users/gwen", "object": "https://social.example/notes/1"}`,
		new: `"object": "https://notes.example/activities/0"`}},
	"36 who deletes": {{at: "POST https://social.example/inbox alix", old: `"object": "https://notes.example/users/alix"`, new: `"object": {"id": "https://notes.example/users/alix", "type": "Tombstone"}`}},
	"39 a conversation": {
		{at: day, old: `"conversation": "https://notes.example/articles/1/conversation"`, new: `"conversation": "tag:notes.example,2026:1"`},
		{at: day + "/conversation", old: "200 ", new: "404 ", with: served},
	},
	"41 replies": {
		{at: day, old: `"totalItems": 1, "first"`, new: `"totalItems": 2, "first"`},
		{at: day, old: `"id": "https://notes.example/articles/1/replies?page=1"`, new: `"id": "https://cdn.example/articles/1/replies?page=1"`},
		{at: day, old: `"items": ["https://social.example/notes/1"]`, new: `"items": ["https://social.example/notes/1"], "next": "https://notes.example/articles/1/replies?page=2"`},
	},
	"44 what is posted": {{at: anyPost, old: `"actor": "https://notes.example/users/gwen"`, new: `"actor": "https://notes.example/users/alix"`, with: []string{"30 ", "36 "}}},
	"46 what is said": {
		{at: gwen, old: `I write`, new: `<img src=\"https://notes.example/face.gif\">`},
		{at: gwen, old: `href=\"https://gwen.example/\"`, new: `href=\"/about\"`},
	},
	"46 what is shown": {
		{at: day, old: "In short", new: `<table><tr><td>In short</table>`},
		{at: anyPost, old: `<p>Other words</p>", "contentMap": {"en": "<p>Other words</p>"`, new: `<a href=\"mailto:gwen@notes.example\">x</a>", "contentMap": {"en": "<a href=\"mailto:gwen@notes.example\">x</a>"`},
	},
}

var megabyte = func() string {
	b := make([]byte, 1<<20)
	for i := range b {
		b[i] = 'x'
	}
	return string(b)
}()
