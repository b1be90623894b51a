package activitypub

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

func mention(n int) (tags []any) {
	for i := range n {
		tags = append(tags, map[string]any{"type": "Mention", "href": fmt.Sprintf("https://far.example/users/%d", i)})
	}
	return tags
}

func TestWhichRepliesWait(t *testing.T) {
	t.Parallel()
	profile := map[string]any{"type": "Mention", "href": "https://far.example/users/1"}
	for name, tt := range map[string]struct {
		content string
		pairs   []any
		before  func(k *talk) // what makes the sender known, or young
		want    string
	}{
		"plain words":                     {"Thanks!", nil, nil, models.ModerationShown},
		"a link":                          {`Buy <a href="https://pills.example/">here</a>`, nil, nil, models.ModerationHeld},
		"a link that calls itself a name": {`<a class="u-url mention" href="https://pills.example/">@gwen</a>`, nil, nil, models.ModerationHeld},
		"a mention":                       {`<a class="u-url mention" href="https://far.example/@1">@1</a> yes`, []any{"tag", []any{profile}}, nil, models.ModerationShown},
		"its own server's hashtag":        {`<a class="mention hashtag" href="https://social.example/tags/go">#go</a>`, nil, nil, models.ModerationShown},
		"four mentions":                   {"Hello", []any{"tag", mention(4)}, nil, models.ModerationShown},
		"five mentions":                   {"Hello", []any{"tag", mention(5)}, nil, models.ModerationHeld},
		"a picture":                       {"Look", []any{"attachment", []any{map[string]any{"type": "Document", "url": "https://social.example/x.png"}}}, nil, models.ModerationHeld},
		"a young account":                 {"Hello", nil, func(k *talk) { k.joined(6 * 24 * time.Hour) }, models.ModerationHeld},
		"an account a week old":           {"Hello", nil, func(k *talk) { k.joined(8 * 24 * time.Hour) }, models.ModerationShown},
		"a follower's link": {`<a href="https://slides.example/">slides</a>`, nil, func(k *talk) {
			k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("gwen")))
		}, models.ModerationShown},
		"a link from who was shown before": {`<a href="https://slides.example/">slides</a>`, nil, func(k *talk) { k.said(k.alice, k.article(k.post), "Hello") }, models.ModerationShown},
		"a link from who waits already":    {`<a href="https://slides.example/">slides</a>`, nil, func(k *talk) { k.said(k.alice, k.article(k.post), "x", "tag", mention(9)) }, models.ModerationHeld},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			if tt.before != nil {
				tt.before(k)
			}
			reply := k.said(k.alice, k.article(k.post), tt.content, tt.pairs...)
			if reply.Moderation != tt.want {
				t.Fatalf("it is %s, want %s", reply.Moderation, tt.want)
			}
			n, newest, err := k.store.Posts.CountHeld(k.ctx(), models.ViewerOf(k.gwen))
			k.must(err)
			if tt.want == models.ModerationHeld && (n == 0 || newest != reply.ID) || tt.want == models.ModerationShown && n != 0 {
				t.Errorf("%d wait, the newest is %d", n, newest)
			}
		})
	}
}

// joined says how old alice's account is.
func (k *talk) joined(age time.Duration) {
	k.t.Helper()
	a := k.actorOf(k.alice)
	at := k.clock.now().Add(-age)
	a.JoinedAt = &at
	k.inTx(func(tx *models.Store) error { return tx.Actors.SaveRemote(k.ctx(), a) })
}

func TestAWaveOfRepliesChangesNothingThatReadersSee(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	ida, hugo := k.person("ida", models.RoleAuthor), k.person("hugo", models.RoleEditor)
	k.said(k.alice, k.article(k.post), "Hello")
	before, err := k.docs.Article(k.ctx(), *k.post.PublicID)
	k.must(err)
	const wave = 40
	for i := range wave {
		spammer := k.known(fmt.Sprintf("https://s%d.example", i), "s")
		k.said(spammer, k.article(k.post), `<a href="https://pills.example/">pills</a>`)
	}
	after, err := k.docs.Article(k.ctx(), *k.post.PublicID)
	k.must(err)
	if string(before) != string(after) || len(k.replies(models.Viewer{})) != 1 {
		t.Errorf("readers see %d replies", len(k.replies(models.Viewer{})))
	}
	if told := k.news(k.gwen); len(told) != 1 {
		t.Errorf("the author is told %q one by one", told)
	}
	for who, tt := range map[string]struct {
		account *models.Account
		want    int64
	}{"the author": {k.gwen, wave}, "an editor": {hugo, wave}, "somebody else": {ida, 0}} {
		if n, _, err := k.store.Posts.CountHeld(k.ctx(), models.ViewerOf(tt.account)); err != nil || n != tt.want {
			t.Errorf("for %s %d wait, %v; want %d", who, n, err, tt.want)
		}
	}
	held, err := k.store.Posts.Held(k.ctx(), models.ViewerOf(k.gwen), 0, wave)
	k.must(err)
	decide := func(v models.Viewer, last int64, moderation string, ids ...int64) {
		k.inTx(func(tx *models.Store) error { return tx.Posts.Decide(k.ctx(), v, last, ids, moderation) })
	}
	decide(models.ViewerOf(ida), held[wave-1].ID, models.ModerationShown)
	decide(models.ViewerOf(k.gwen), 0, models.ModerationShown, held[0].ID, held[1].ID)
	if got := len(k.replies(models.Viewer{})); got != 3 {
		t.Errorf("readers see %d replies after two were released, want 3", got)
	}
	decide(models.ViewerOf(k.gwen), held[wave-2].ID, models.ModerationHidden)
	if n, _, err := k.store.Posts.CountHeld(k.ctx(), models.ViewerOf(k.gwen)); err != nil || n != 1 {
		t.Errorf("%d wait after all but the last were decided, %v", n, err)
	}
	decide(models.ViewerOf(k.gwen), held[0].ID, models.ModerationHidden)
	if got := len(k.replies(models.Viewer{})); got != 3 {
		t.Errorf("what was released is decided again: readers see %d", got)
	}
	if told := k.news(k.gwen); len(told) != 3 {
		t.Errorf("after the release the author is told %q", told)
	}
}

func TestAnArticleSaysWhoMayReply(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]map[string]bool{
		models.RepliesOpen:      {"stranger": true, "follower": true, "mentioned": true},
		models.RepliesFollowers: {"stranger": false, "follower": true, "mentioned": false},
		models.RepliesMentioned: {"stranger": false, "follower": false, "mentioned": true},
		models.RepliesClosed:    {"stranger": false, "follower": false, "mentioned": false},
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			follower, mentioned := k.known("https://fan.example", "fan"), k.known("https://named.example", "named")
			k.accept(follower, follower.does("Follow", k.iris.Actor("gwen")))
			words := text("Quiet", "With @named@named.example.")
			words.Replies = policy
			k.post = k.publish(k.gwen, words)
			for _, name := range []string{"stranger", "follower", "mentioned"} {
				r := map[string]*remote{"stranger": k.alice, "follower": follower, "mentioned": mentioned}[name]
				note := with(r.note(k.article(k.post), "from "+name), "id", r.base+"/notes/"+name)
				k.accept(r, r.does("Create", note))
				if _, err := k.store.Posts.ByURI(k.ctx(), note["id"].(string)); (err == nil) != want[name] {
					t.Errorf("the %s's reply: %v, want stored: %t", name, err, want[name])
				}
			}
			ida := k.person("ida", models.RoleAuthor)
			answer := k.answer(ida, k.post, "We are at home here.")
			k.answer(k.gwen, answer, "Yes.")
			doc, err := k.docs.Article(k.ctx(), *k.post.PublicID)
			k.must(err)
			ids := names{}
			golden(t, "policy-"+policy+".json", ids.plain(doc))
			if strange := undefinedTerms(doc); len(strange) > 0 {
				t.Errorf("a JSON-LD processor drops %v", strange)
			}
		})
	}
}

// Whoever is answered by the author may go on, though the article is closed by now.
func TestWhoIsAnsweredMayGoOn(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	asked := k.said(k.alice, k.article(k.post), "How?")
	bob := k.known("https://other.example", "bob")
	k.said(bob, k.article(k.post), "Me too")
	closed := text("Closed now", "Words.")
	closed.Replies = models.RepliesClosed
	k.post = k.edit(k.gwen, k.post, closed)
	answer := k.answer(k.gwen, asked, "So.")
	k.said(k.alice, k.iris.Note(*answer.PublicID), "Thanks")
	refused := bob.note(k.article(k.post), "And I?")
	k.accept(bob, bob.does("Create", with(refused, "to", []any{vocab.Public, k.iris.Actor("gwen")})))
	if _, err := k.store.Posts.ByURI(k.ctx(), refused["id"].(string)); err == nil {
		t.Error("who wasn't answered goes on, too")
	}
}

// A stranger can't say something harmless first and make an advertisement of it.
func TestAnEditIsHeldAsAReplyIs(t *testing.T) {
	t.Parallel()
	const spam, more = `Buy <a href="https://pills.example/">here</a>`, `Buy <a href="https://pills.example/">here</a>, please`
	for name, tt := range map[string]struct {
		before  func(k *talk)
		release bool // the author shows the reply before it is edited
		first   string
		edited  string
		pairs   []any
		want    string
	}{
		"a link is added":                {nil, false, "Thanks!", spam, nil, models.ModerationHeld},
		"mentions are added":             {nil, false, "Thanks!", "Thanks!", []any{"tag", mention(manyMentions)}, models.ModerationHeld},
		"a picture is added":             {nil, false, "Thanks!", "Thanks!", []any{"attachment", []any{map[string]any{"type": "Document", "url": "https://social.example/x.png"}}}, models.ModerationHeld},
		"words are changed":              {nil, false, "Thanks!", "Thank you!", nil, models.ModerationShown},
		"what was released goes on":      {nil, true, spam, more, nil, models.ModerationShown},
		"what was released leads away":   {nil, true, spam, `<a href="https://worse.example/">here</a>`, nil, models.ModerationHeld},
		"what waits goes on waiting":     {nil, false, spam, "Thanks!", nil, models.ModerationHeld},
		"a young account's words change": {func(k *talk) { k.joined(time.Hour) }, true, "Thanks!", "Thank you!", nil, models.ModerationShown},
		"somebody known adds a link":     {func(k *talk) { k.said(k.alice, k.article(k.post), "Hello") }, false, "Thanks!", spam, nil, models.ModerationShown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			if tt.before != nil {
				tt.before(k)
			}
			note := k.alice.note(k.article(k.post), tt.first)
			k.accept(k.alice, k.alice.does("Create", note))
			if tt.release {
				k.inTx(func(tx *models.Store) error {
					return tx.Posts.SetModeration(k.ctx(), k.reply(note).ID, models.ModerationShown)
				})
			}
			k.clock.move(time.Hour)
			edited := with(with(note, "content", tt.edited, "updated", k.clock.now().Format(time.RFC3339)), tt.pairs...)
			k.accept(k.alice, k.alice.does("Update", edited))
			if got := k.reply(note).Moderation; got != tt.want {
				t.Errorf("it is %s, want %s", got, tt.want)
			}
		})
	}
}

// A reply that came before what it answers is held to the article's policy when it
// finds its place.
func TestALateParentOpensNoClosedDoor(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string][]string{
		models.RepliesOpen:      {"fan", "named", "stranger"},
		models.RepliesFollowers: {"fan"},
		models.RepliesMentioned: {"named"},
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			people := map[string]*remote{"fan": k.known("https://fan.example", "fan"), "named": k.known("https://named.example", "named"), "stranger": k.known("https://stranger.example", "stranger")}
			k.accept(people["fan"], people["fan"].does("Follow", k.iris.Actor("gwen")))
			words := text("Quiet", "With @named@named.example.")
			words.Replies = policy
			k.post = k.publish(k.gwen, words)
			parent := k.alice.note(k.article(k.post), "First")
			for name, r := range people {
				note := r.note(parent["id"].(string), "from "+name)
				k.accept(r, r.does("Create", with(note, "to", []any{vocab.Public, k.iris.Actor("gwen")})))
			}
			// Whatever let the parent in: alice follows or is named by now.
			k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("gwen")))
			k.inTx(func(tx *models.Store) error {
				actor := k.actorOf(k.alice)
				mentions, err := tx.Posts.Mentions(k.ctx(), k.post.ID)
				if err != nil {
					return err
				}
				return tx.Posts.SetMentions(k.ctx(), k.post.ID, append(mentions, models.Mention{Handle: "alice@social.example", ActorID: &actor.ID}))
			})
			k.accept(k.alice, k.alice.does("Create", parent))
			var got []string
			for _, html := range k.replies(models.Viewer{}) {
				if _, name, ok := strings.Cut(html, "from "); ok {
					got = append(got, strings.TrimSuffix(name, "</p>"))
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("readers see those of %q, want %q", got, want)
			}
		})
	}
}

func TestUnderADeletedArticleNothingWaits(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.said(k.alice, k.article(k.post), `<a href="https://pills.example/">pills</a>`)
	k.must(k.outbox.Delete(k.ctx(), k.gwen, k.post.ID))
	for _, who := range []*models.Account{k.gwen, k.person("hugo", models.RoleEditor)} {
		if n, _, err := k.store.Posts.CountHeld(k.ctx(), models.ViewerOf(who)); err != nil || n != 0 {
			t.Errorf("for %s %d wait, %v", who.Role, n, err)
		}
	}
}
