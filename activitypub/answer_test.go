package activitypub

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// answer has an account answer a post.
func (k *talk) answer(by *models.Account, to *models.Post, source string) *models.Post {
	k.t.Helper()
	done, err := k.outbox.Answer(k.ctx(), Answer{Account: by, To: to, ClientID: newClientID(), Source: source, Language: "en"})
	k.must(err)
	return done.Post
}

// said stores a reply of a remote's and returns its row.
func (k *talk) said(by *remote, inReplyTo, content string, pairs ...any) *models.Post {
	k.t.Helper()
	note := with(by.note(inReplyTo, content), pairs...)
	k.accept(by, by.does("Create", note))
	return k.reply(note)
}

// inboxesOf lists where the last activity of a type goes.
func (k *talk) inboxesOf(typ string) []string {
	return k.strings("SELECT inbox FROM deliveries WHERE activity_id = (SELECT MAX(id) FROM activities WHERE type = ?) ORDER BY inbox", typ)
}

func (k *talk) last(typ string) map[string]any {
	k.t.Helper()
	var doc map[string]any
	k.must(json.Unmarshal([]byte(k.strings("SELECT body FROM activities WHERE type = ? ORDER BY id DESC LIMIT 1", typ)[0]), &doc))
	return doc
}

func TestAnAnswerGoesToEveryoneInTheThread(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	bob := k.known("https://other.example", "bob")
	asked := k.said(k.alice, k.article(k.post), "<p>How?</p>", "id", "https://social.example/notes/1")
	k.said(bob, k.article(k.post), "<p>Nice</p>")
	answer := k.answer(k.gwen, asked, "@alice@social.example Like *this*, see #WAL.\n\n# Loud")
	if got, want := k.inboxesOf("Create"), []string{"https://other.example/inbox", "https://social.example/inbox"}; !slices.Equal(got, want) {
		t.Errorf("sent to %v, want %v", got, want)
	}
	doc, err := k.docs.Note(k.ctx(), *answer.PublicID)
	k.must(err)
	ids := names{}
	golden(t, "note.json", ids.plain(doc))
	if strange := undefinedTerms(doc); len(strange) > 0 {
		t.Errorf("a JSON-LD processor drops %v", strange)
	}
	if sent := k.last("Create"); sent["to"].([]any)[0] != vocab.Public || !slices.Contains(sent["cc"].([]any), any(k.alice.id)) {
		t.Errorf("the Create is to %v, cc %v", sent["to"], sent["cc"])
	}
	for name, list := range map[string]func() ([]byte, error){
		"conversation": func() ([]byte, error) { return k.docs.Conversation(k.ctx(), *k.post.PublicID) },
	} {
		if body, err := list(); err != nil || !strings.Contains(string(body), k.iris.Note(*answer.PublicID)) {
			t.Errorf("the %s lacks the answer: %s, %v", name, body, err)
		}
	}
	under := k.answer(k.gwen, k.post, "To all.")
	if body, err := k.docs.Replies(k.ctx(), *k.post.PublicID, true); err != nil || !strings.Contains(string(body), k.iris.Note(*under.PublicID)) {
		t.Errorf("the replies lack the answer to the article: %s, %v", body, err)
	}
}

func TestTheSameAnswerSentTwiceStandsOnce(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	in := Answer{Account: k.gwen, To: k.said(k.alice, k.article(k.post), "How?"), ClientID: newClientID(), Source: "So.", Language: "en"}
	first, err := k.outbox.Answer(k.ctx(), in)
	k.must(err)
	second, err := k.outbox.Answer(k.ctx(), in)
	k.must(err)
	if first.Post.ID != second.Post.ID || k.count("posts WHERE local AND kind = 'reply'") != 1 || k.count("activities WHERE type = 'Create' AND object_uri LIKE '%/notes/%'") != 1 {
		t.Errorf("sent twice: posts %d and %d", first.Post.ID, second.Post.ID)
	}
}

func TestWhatCantBeAnswered(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida := k.person("ida", models.RoleAuthor)
	private := k.said(k.alice, k.article(k.post), "For gwen", "to", []any{k.iris.Actor("gwen")}, "cc", nil)
	draft := k.draft(k.gwen, text("Draft", "Words."))
	for name, tt := range map[string]struct {
		in      Answer
		invalid models.Reason
	}{
		"what somebody else was told in private": {Answer{Account: ida, To: private, ClientID: newClientID(), Source: "x", Language: "en"}, ""},
		"a draft":                                {Answer{Account: k.gwen, To: draft, ClientID: newClientID(), Source: "x", Language: "en"}, ""},
		"with nothing":                           {Answer{Account: k.gwen, To: k.post, ClientID: newClientID(), Source: " \n", Language: "en"}, models.Required},
		"with a book":                            {Answer{Account: k.gwen, To: k.post, ClientID: newClientID(), Source: strings.Repeat("x", MaxAnswer+1), Language: "en"}, models.TooLong},
		"by no form of ours":                     {Answer{Account: k.gwen, To: k.post, ClientID: "'", Source: "x", Language: "en"}, models.Unusable},
		"in no known language":                   {Answer{Account: k.gwen, To: k.post, ClientID: newClientID(), Source: "x", Language: "??"}, models.BadLanguage},
	} {
		_, err := k.outbox.Answer(k.ctx(), tt.in)
		invalid, ok := errors.AsType[*models.InvalidError](err)
		if tt.invalid == "" && !errors.Is(err, models.ErrNotFound) || tt.invalid != "" && (!ok || invalid.Reason != tt.invalid) {
			t.Errorf("%s: %v, want %q", name, err, tt.invalid)
		}
	}
	if k.count("activities WHERE object_uri LIKE '%/notes/%'") != 0 {
		t.Error("something was sent")
	}
}

func TestAPrivateReplyIsAnsweredInPrivate(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	bob := k.known("https://other.example", "bob")
	k.said(bob, k.article(k.post), "I am in the thread, too")
	for name, pairs := range map[string][]any{
		"direct":       {"to", []any{k.iris.Actor("gwen")}, "cc", nil},
		"to followers": {"to", []any{k.alice.id + "/followers"}, "cc", []any{k.iris.Actor("gwen")}},
	} {
		private := k.said(k.alice, k.article(k.post), "Between us", pairs...)
		answer := k.answer(k.gwen, private, "Sure.")
		sent := k.last("Create")
		if answer.Visibility != models.VisibilityDirect || strings.Contains(string(toJSON(sent)), "activitystreams#Public\"],\"cc") || !slices.Equal(sent["to"].([]any), []any{k.alice.id}) {
			t.Errorf("%s: answered as %s, to %v cc %v", name, answer.Visibility, sent["to"], sent["cc"])
		}
		if got := k.inboxesOf("Create"); !slices.Equal(got, []string{"https://social.example/inbox"}) {
			t.Errorf("%s: sent to %v", name, got)
		}
		if _, err := k.docs.Note(k.ctx(), *answer.PublicID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: anyone reads it: %v", name, err)
		}
		if slices.Contains(k.replies(models.Viewer{}), answer.HTML) || !slices.Contains(k.replies(models.ViewerOf(k.gwen)), answer.HTML) {
			t.Errorf("%s: seen by the web %v, by its author %v", name, k.replies(models.Viewer{}), k.replies(models.ViewerOf(k.gwen)))
		}
		if err := k.outbox.React(k.ctx(), k.gwen, private, models.ReactionAnnounce); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: a boost of it: %v, want ErrNotFound", name, err)
		}
		k.must(k.outbox.Delete(k.ctx(), k.gwen, answer.ID))
		if got := k.inboxesOf("Delete"); !slices.Equal(got, []string{"https://social.example/inbox"}) {
			t.Errorf("%s: its Delete goes to %v", name, got)
		}
	}
}

func TestAnAnswerIsEditedAndDeleted(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida := k.person("ida", models.RoleOwner)
	answer := k.answer(k.gwen, k.said(k.alice, k.article(k.post), "How?"), "Secret word.")
	_, err := k.outbox.EditAnswer(k.ctx(), ida, answer, "Mine now")
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody else's edit: %v", err)
	}
	k.clock.move(time.Minute)
	for range 2 {
		_, err = k.outbox.EditAnswer(k.ctx(), k.gwen, answer, "Better words.")
		k.must(err)
	}
	if n := k.count("activities WHERE type = 'Update'"); n != 1 {
		t.Errorf("%d Updates for one change", n)
	}
	update := k.last("Update")["object"].(map[string]any)
	if update["updated"] == nil || !strings.Contains(update["content"].(string), "Better") || strings.Contains(string(toJSON(k.last("Create"))), "Secret") {
		t.Errorf("the Update carries %v", update)
	}
	k.must(k.outbox.Delete(k.ctx(), k.gwen, answer.ID))
	_, err = k.docs.Note(k.ctx(), *answer.PublicID)
	if gone, ok := errors.AsType[*GoneError](err); !ok || !strings.Contains(string(gone.Tombstone), k.iris.Note(*answer.PublicID)) {
		t.Errorf("after its deletion: %v", err)
	}
	if strings.Contains(k.dump(), "Better words") {
		t.Error("its words are still here")
	}
	if got := k.inboxesOf("Delete"); !slices.Equal(got, []string{"https://social.example/inbox"}) {
		t.Errorf("the Delete goes to %v", got)
	}
}

func TestLikesAndBoostsGoOutOnceAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	bob := k.known("https://other.example", "bob")
	k.accept(bob, bob.does("Follow", k.iris.Actor("gwen")))
	liked := k.said(k.alice, k.article(k.post), "How?")
	for typ, want := range map[string][]string{
		models.ReactionLike:     {"https://social.example/users/alice/inbox"},
		models.ReactionAnnounce: {"https://other.example/inbox", "https://social.example/inbox"},
	} {
		for range 2 {
			k.must(k.outbox.React(k.ctx(), k.gwen, liked, typ))
		}
		if n := k.count("activities WHERE type = ?", typ); n != 1 {
			t.Errorf("%d %ss", n, typ)
		}
		if got := k.inboxesOf(typ); !slices.Equal(got, want) {
			t.Errorf("the %s goes to %v, want %v", typ, got, want)
		}
		sent := k.last(typ)
		if sent["object"] != *liked.URI || strings.Contains(string(toJSON(sent["to"])), "Public") != (typ == models.ReactionAnnounce) {
			t.Errorf("the %s is %v", typ, sent)
		}
		for range 2 {
			k.must(k.outbox.Unreact(k.ctx(), k.gwen, liked, typ))
		}
		undo := k.last("Undo")
		if inner := undo["object"].(map[string]any); inner["id"] != sent["id"] || inner["type"] != typ || inner["object"] != *liked.URI {
			t.Errorf("the Undo carries %v", inner)
		}
		if got := k.inboxesOf("Undo"); !slices.Equal(got, want) {
			t.Errorf("the Undo goes to %v, want %v", got, want)
		}
		if k.count("reactions") != 0 {
			t.Error("the reaction is still counted")
		}
	}
	if n := k.count("activities WHERE type = 'Undo'"); n != 2 {
		t.Errorf("%d Undos, want one for each", n)
	}
}

// Whoever waits, was hidden or blocked is not written to: a wave of strangers would have
// us knock on every door that they name.
func TestAnAnswerIsNotSentToThoseWhoseRepliesArentShown(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	for _, host := range []string{"waits.example", "hidden.example", "blocked.example"} {
		r := k.known("https://"+host, "s")
		words := "Hello"
		if host == "waits.example" {
			words = `<a href="https://pills.example/">pills</a>`
		}
		reply := k.said(r, k.article(k.post), words)
		switch host {
		case "hidden.example":
			k.inTx(func(tx *models.Store) error {
				return tx.Posts.SetModeration(k.ctx(), reply.ID, models.ModerationHidden)
			})
		case "blocked.example":
			k.must(k.outbox.Block(k.ctx(), k.gwen, models.Block{AccountID: k.gwen.ID, Domain: host}))
		}
	}
	k.said(k.alice, k.article(k.post), "Hello")
	answer := k.answer(k.gwen, k.post, "To all.")
	if got, want := k.inboxesOf("Create"), []string{"https://social.example/inbox"}; !slices.Equal(got, want) {
		t.Errorf("the answer goes to %v, want %v", got, want)
	}
	k.must(k.outbox.Delete(k.ctx(), k.gwen, answer.ID))
	if got, want := k.inboxesOf("Delete"), []string{"https://social.example/inbox"}; !slices.Equal(got, want) {
		t.Errorf("its deletion goes to %v, want %v", got, want)
	}
}
