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

// replies returns the texts of the replies under an article that a viewer sees.
func (k *talk) replies(v models.Viewer) []string {
	k.t.Helper()
	posts, err := k.store.Posts.Thread(k.ctx(), v, k.post.ID)
	k.must(err)
	var texts []string
	for _, p := range posts {
		texts = append(texts, p.HTML)
	}
	return texts
}

func (k *talk) reply(note map[string]any) *models.Post {
	k.t.Helper()
	p, err := k.store.Posts.ByURI(k.ctx(), note["id"].(string))
	k.must(err)
	return p
}

func TestWhoSeesAReply(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	hugo, ida := k.person("hugo", models.RoleEditor), k.person("ida", models.RoleAuthor)
	gwen, followers := k.iris.Actor("gwen"), k.alice.id+"/followers"
	everyone, author := []string{"the web", "gwen", "hugo", "ida"}, []string{"gwen"}
	for name, c := range map[string]struct {
		to, cc any
		want   string
		seenBy []string
	}{
		"public":                                 {[]any{vocab.Public}, []any{followers}, models.VisibilityPublic, everyone},
		"public, as one string":                  {vocab.Public, nil, models.VisibilityPublic, everyone},
		"public, shortened":                      {"as:Public", nil, models.VisibilityPublic, everyone},
		"unlisted":                               {[]any{followers}, []any{vocab.Public}, models.VisibilityUnlisted, everyone},
		"to followers and the author":            {[]any{followers}, []any{gwen}, models.VisibilityFollowers, author},
		"to followers, the author not named":     {[]any{followers}, nil, models.VisibilityFollowers, nil},
		"direct":                                 {[]any{gwen}, nil, models.VisibilityDirect, author},
		"direct, to somebody else of ours":       {[]any{k.iris.Actor("ida")}, nil, models.VisibilityDirect, []string{"ida"}},
		"to nobody":                              {nil, nil, models.VisibilityDirect, nil},
		"to the followers of somebody else":      {[]any{"https://social.example/users/bob/followers", gwen}, nil, models.VisibilityDirect, author},
		"to what isn't public but looks like it": {[]any{"https://www.w3.org/ns/activitystreams#public", gwen}, nil, models.VisibilityDirect, author},
	} {
		note := with(k.alice.note(k.article(k.post), name), "to", c.to, "cc", c.cc)
		k.accept(k.alice, k.alice.does("Create", note))
		stored := k.reply(note)
		if stored.Visibility != c.want {
			t.Errorf("%s is %s, want %s", name, stored.Visibility, c.want)
		}
		recipients, err := k.store.Posts.Recipients(k.ctx(), stored.ID)
		k.must(err)
		for viewer, account := range map[string]*models.Account{"the web": nil, "gwen": k.gwen, "hugo": hugo, "ida": ida} {
			want, v := slices.Contains(c.seenBy, viewer), models.ViewerOf(account)
			if got := models.CanSee(v, models.Sight{Post: stored, RootAuthor: k.gwen.ActorID, Recipients: recipients}); got != want {
				t.Errorf("%s: CanSee says %t of %s, want %t", name, got, viewer, want)
			}
			if got := slices.Contains(k.replies(v), stored.HTML); got != want {
				t.Errorf("%s: stands in the thread for %s: %t, want %t", name, viewer, got, want)
			}
		}
	}
}

func TestRepliesFindTheirPlace(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	first := k.alice.note(k.article(k.post), "first")
	second := k.alice.note(first["id"].(string), "second")
	third := k.alice.note(second["id"].(string), "third")
	for _, n := range []map[string]any{first, second, third} {
		k.accept(k.alice, k.alice.does("Create", n))
	}
	if got := k.replies(models.Viewer{}); len(got) != 3 {
		t.Fatalf("the thread has %q, want three", got)
	}
	if p := k.reply(third); *p.RootID != k.post.ID || *p.InReplyToID != k.reply(second).ID {
		t.Errorf("the third stands under post %d in thread %d", *p.InReplyToID, *p.RootID)
	}
}

// A reply may overtake what it answers. It waits, if it names one of ours, and takes its place then.
func TestRepliesThatComeBeforeTheirParent(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"parent child grandchild", "child parent grandchild", "child grandchild parent", "parent grandchild child",
		"grandchild parent child", "grandchild child parent"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			to := []any{vocab.Public, k.iris.Actor("gwen")}
			notes := map[string]map[string]any{"parent": with(k.alice.note(k.article(k.post), "parent"), "to", to)}
			notes["child"] = with(k.alice.note(notes["parent"]["id"].(string), "child"), "to", to)
			notes["grandchild"] = with(k.alice.note(notes["child"]["id"].(string), "grandchild"), "to", to)
			for who := range strings.FieldsSeq(order) {
				k.accept(k.alice, k.alice.does("Create", notes[who]))
			}
			if got := k.replies(models.Viewer{}); len(got) != 3 {
				t.Errorf("the thread has %q, want three", got)
			}
		})
	}
}

func TestABlockedReplyThatCameBeforeItsParentStaysHidden(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]models.Block{
		"the account":                   {ActorID: 1},
		"the server":                    {Domain: "deep.bad.example"},
		"the domain above":              {Domain: "bad.example"},
		"a domain that only looks like": {Domain: "ad.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			k.person("hugo", models.RoleAuthor)
			mallory := k.known("https://deep.bad.example", "mallory")
			parent := k.alice.note(k.article(k.post), "parent")
			k.accept(mallory, mallory.does("Create", with(mallory.note(parent["id"].(string), "hate"), "to", []any{vocab.Public, k.iris.Actor("hugo")})))
			block.AccountID, block.CreatedAt = k.gwen.ID, k.clock.now()
			k.inTx(func(tx *models.Store) error {
				if block.ActorID != 0 {
					actor, err := tx.Actors.ByURI(k.ctx(), mallory.id)
					k.must(err)
					block.ActorID = actor.ID
				}
				return tx.Blocks.Add(k.ctx(), &block)
			})
			k.accept(k.alice, k.alice.does("Create", parent))
			want := []string{"parent"}
			if block.Domain == "ad.example" {
				want = append(want, "hate")
			}
			got := k.replies(models.Viewer{})
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("the thread has %q, want %q", got, want)
			}
		})
	}
}

func TestRepliesThatComeToNothing(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	bob := k.known("https://social.example", "bob")
	mine := func(pairs ...any) map[string]any { return with(k.alice.note(k.article(k.post), "hi"), pairs...) }
	for name, object := range map[string]map[string]any{
		"somebody else's":                    bob.note(k.article(k.post), "hi"),
		"nobody's":                           mine("attributedTo", nil),
		"on another host":                    mine("id", "https://other.example/notes/1"),
		"on a host that begins like theirs":  mine("id", "https://social.example.evil/notes/1"),
		"on one of our ids":                  mine("id", k.article(k.post)),
		"without an id":                      mine("id", nil),
		"under an id too long to keep":       mine("id", "https://social.example/"+strings.Repeat("n", 3000)),
		"no answer to anything":              mine("inReplyTo", nil),
		"an answer to an article never made": mine("inReplyTo", k.iris.Article("AAAAAAAAAAAAAAAAAAAAAA")),
		"an answer to something elsewhere":   mine("inReplyTo", "https://other.example/notes/7"),
		"no kind of text":                    mine("type", "Person"),
		"a tombstone":                        mine("type", "Tombstone"),
	} {
		create := k.alice.does("Create", object)
		k.accept(k.alice, create)
		if got := k.outcome(create); got != outcomeIgnored {
			t.Errorf("%s: outcome %s, want ignored", name, got)
		}
	}
	if n := k.count("posts"); n != 1 {
		t.Errorf("%d posts, want the article alone", n)
	}
}

func TestOneAddresseesBlockIsNotTheThreads(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	hugo := k.person("hugo", models.RoleAuthor)
	k.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: hugo.ID, ActorID: k.actorOf(k.alice).ID, CreatedAt: k.clock.now()})
	})
	note := with(k.alice.note(k.article(k.post), "hi"), "to", []any{k.iris.Actor("gwen"), k.iris.Actor("hugo")}, "cc", nil)
	k.accept(k.alice, k.alice.does("Create", note))
	if len(k.replies(models.ViewerOf(k.gwen))) != 1 {
		t.Error("gwen doesn't get what was meant for her, because hugo blocks its author")
	}
	recipients, err := k.store.Posts.Recipients(k.ctx(), k.reply(note).ID)
	k.must(err)
	if !slices.Equal(recipients, []int64{k.gwen.ActorID}) {
		t.Errorf("it reaches %v, want gwen alone", recipients)
	}
	k.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: k.gwen.ID, ActorID: k.actorOf(k.alice).ID, CreatedAt: k.clock.now()})
	})
	barred := k.alice.does("Create", k.alice.note(k.article(k.post), "again"))
	k.accept(k.alice, barred)
	if got := k.outcome(barred); got != outcomeBlocked || len(k.replies(models.ViewerOf(k.gwen))) != 1 {
		t.Errorf("outcome %s under an article whose author blocks", got)
	}
}

func TestHostileFieldsAreTamed(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	long := strings.Repeat("long ", 1000)
	note := with(k.alice.note(k.article(k.post), `<p onclick="x()">hi<script>alert(1)</script><img src=x onerror=x></p>`+long),
		"name", "<b>"+long, "summary", "\u202e<i>"+long, "sensitive", true, "url", "https://evil.example/phish", "contentMap", map[string]any{`x" onload="`: "hi"},
		"published", "2999-01-01T00:00:00Z", "updated", "2999-01-02T00:00:00Z")
	k.accept(k.alice, k.alice.does("Create", note))
	p := k.reply(note)
	for _, bad := range []string{"onclick", "<script", "<img", "alert"} {
		if strings.Contains(p.HTML, bad) {
			t.Errorf("%q is left in %s", bad, p.HTML)
		}
	}
	switch now := k.clock.now(); {
	case len([]rune(p.Title)) > maxName || len([]rune(p.Summary)) > maxWarning || strings.ContainsAny(p.Title+p.Summary, "<\u202e"):
		t.Errorf("title %q and warning %q", p.Title, p.Summary)
	case p.URL != note["id"]:
		t.Errorf("the page %s is on another host", p.URL)
	case p.Language != "":
		t.Errorf("language %q", p.Language)
	case !p.PublishedAt.Equal(now) || p.UpdatedAt != nil:
		t.Errorf("published %s, updated %v, it is %s", p.PublishedAt, p.UpdatedAt, now)
	case !p.Sensitive:
		t.Error("not sensitive any more")
	}
}

// Whom one post may reach is bounded, however many it names.
func TestALongListOfOurPeopleIsCut(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	names := []any{vocab.Public}
	for i := range 900 {
		names = append(names, k.iris.Actor(fmt.Sprintf("someone_%d", i)))
	}
	started := time.Now()
	note := with(k.alice.note(k.article(k.post), "hi"), "to", names)
	k.accept(k.alice, k.alice.does("Create", note))
	t.Logf("900 names took %s", time.Since(started))
	if status := k.send(k.alice, k.alice.does("Create", with(note, "cc", append(names, names...)))); status != 400 {
		t.Errorf("2,700 names were answered %d, want 400", status)
	}
}
