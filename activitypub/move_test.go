package activitypub

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// street is three servers of ours: gwen moves from home to away, and jonas, who follows
// her, is at a third.
type street struct {
	*neighbours
	far   *site
	jonas *models.Account
	anew  *models.Account // gwen, away
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{neighbours: newNeighbours(t), far: newServed(t)}
	s.jonas, s.anew = s.far.person("jonas", models.RoleAuthor), s.away.person("gwen_anew", models.RoleAuthor)
	_, err := s.far.outbox.Follow(t.Context(), s.jonas, s.address(s.gwen))
	s.far.must(err)
	s.settle()
	return s
}

// settle delivers until nobody has anything left to say.
func (s *street) settle() {
	for s.home.deliver()+s.away.deliver()+s.far.deliver() > 0 {
		for _, at := range []*site{s.home, s.away, s.far} {
			at.runErrands()
		}
	}
}

// later lets all clocks go on.
func (s *street) later(d time.Duration) {
	for _, at := range []*site{s.home, s.away, s.far} {
		at.clock.move(d)
	}
}

func (s *street) newAddress() string { return "@" + s.away.iris.Acct("gwen_anew") }

// sayAlias has gwen's new account say that it is also the old one.
func (s *street) sayAlias() {
	s.home.t.Helper()
	_, err := s.away.outbox.AddAlias(s.away.ctx(), s.anew, s.address(s.gwen))
	s.away.must(err)
}

// follows returns whom jonas follows, with the state of that.
func (s *street) follows() []string {
	return s.far.strings("SELECT a.handle || ' ' || f.state FROM follows f JOIN actors a ON a.id = f.target_id ORDER BY f.id")
}

func reasonOf(err error) models.Reason {
	if invalid, ok := errors.AsType[*models.InvalidError](err); ok {
		return invalid.Reason
	}
	return ""
}

func TestAnAccountMovesAndItsFollowersGoWithIt(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	ctx := t.Context()
	old := s.home.publish(s.gwen, text("Before", "Words."))
	s.settle()
	if _, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress()); reasonOf(err) != models.NoAlias {
		t.Fatalf("moved to who doesn't know of it: %v", err)
	}
	s.sayAlias()
	doc, err := s.away.docs.Actor(ctx, "gwen_anew")
	s.away.must(err)
	if !strings.Contains(string(doc), `"alsoKnownAs":["`+s.home.iris.Actor("gwen")+`"]`) {
		t.Errorf("the new account doesn't say it: %s", doc)
	}
	_, err = s.home.outbox.Move(ctx, s.gwen, s.newAddress())
	s.home.must(err)
	s.settle()
	s.home.same("whom jonas follows", s.follows(), "gwen_anew accepted")
	if home, away := s.home.count("follows"), s.away.count("follows WHERE state = 'accepted'"); home != 0 || away != 1 {
		t.Errorf("%d follow the old account and %d the new one", home, away)
	}
	if got := s.far.strings("SELECT kind FROM notifications"); !slices.Equal(got, []string{models.NotifyMoved}) {
		t.Errorf("jonas is told of %v", got)
	}
	// The old account says where it went and how many followed, keeps its articles, and takes nobody new.
	me, err := s.home.store.Accounts.ByHandle(ctx, "gwen")
	s.home.must(err)
	if doc, err = s.home.docs.Actor(ctx, "gwen"); err != nil || !strings.Contains(string(doc), `"movedTo":"`+s.away.iris.Actor("gwen_anew")+`"`) || me.Actor.MovedFollowers != 1 {
		t.Errorf("the old account, with %d followers then: %s, %v", me.Actor.MovedFollowers, doc, err)
	}
	if _, err := s.home.docs.Article(ctx, *old.PublicID); err != nil {
		t.Errorf("an article of before: %v", err)
	}
	s.home.edit(me, old, text("Before", "Other words."))
	if _, err := s.home.outbox.Publish(ctx, draft.Input{Account: me, ClientID: newClientID(), Text: text("After", "Words.")}, time.Time{}); reasonOf(err) != models.Moved {
		t.Errorf("published from where nobody is any more: %v", err)
	}
	_, err = s.away.outbox.Follow(ctx, s.priya, s.address(s.gwen))
	s.away.must(err)
	s.settle()
	if n := s.home.count("follows"); n != 0 || s.away.count("follows WHERE follower_id = ?", s.priya.ActorID) != 0 {
		t.Errorf("%d follow an account that moved", n)
	}
	// Of what is sent nothing is lost in a JSON-LD processor.
	for _, body := range append(s.home.strings("SELECT body FROM activities WHERE type = 'Move'"), string(doc)) {
		if lost := undefinedTerms([]byte(body)); len(lost) > 0 {
			t.Errorf("lost of %s: %v", body, lost)
		}
	}
}

func TestAMoveIsTakenBackButNotRepeated(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	ctx := t.Context()
	s.sayAlias()
	_, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress())
	s.home.must(err)
	s.home.must(s.home.outbox.MoveBack(ctx, s.gwen))
	if doc, err := s.home.docs.Actor(ctx, "gwen"); err != nil || strings.Contains(string(doc), `"movedTo":"`) {
		t.Errorf("the account still says that it moved: %s, %v", doc, err)
	}
	s.home.publish(s.gwen, text("Back", "Words."))
	if _, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress()); reasonOf(err) != models.MovedRecently {
		t.Errorf("moved twice at once: %v", err)
	}
	s.later(moveAgain - time.Hour)
	if _, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress()); reasonOf(err) != models.MovedRecently {
		t.Errorf("moved twice within the time: %v", err)
	}
	s.later(2 * time.Hour)
	if _, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress()); err != nil {
		t.Errorf("a month later: %v", err)
	}
}

func TestWhereNobodyMoves(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	ctx := t.Context()
	hugo := s.home.person("hugo", models.RoleAuthor)
	for address, want := range map[string]models.Reason{
		"no address":                        models.BadAcct,
		s.address(s.gwen):                   models.IsSelf,
		"@nobody@" + s.away.iris.Domain():   models.NotThere,
		"@nobody@" + s.home.iris.Domain():   models.NotThere,
		"@instance@" + s.home.iris.Domain(): models.NotThere,
		"@" + s.home.iris.Acct("hugo"):      models.NoAlias,
		s.newAddress():                      models.NoAlias,
	} {
		if _, err := s.home.outbox.Move(ctx, s.gwen, address); reasonOf(err) != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	// Nor to who has moved themselves.
	s.sayAlias()
	_, err := s.far.outbox.AddAlias(ctx, s.jonas, s.newAddress())
	s.far.must(err)
	_, err = s.away.outbox.Move(ctx, s.anew, "@"+s.far.iris.Acct("jonas"))
	s.away.must(err)
	if _, err := s.home.outbox.Move(ctx, s.gwen, s.newAddress()); reasonOf(err) != models.TargetMoved {
		t.Errorf("to who moved on: %v", err)
	}
	if n := s.home.count("activities WHERE type = 'Move'"); n != 0 {
		t.Errorf("%d Moves were sent", n)
	}
	// To another account here it takes its word from our own table.
	_, err = s.home.outbox.AddAlias(ctx, hugo, s.address(s.gwen))
	s.home.must(err)
	_, err = s.home.outbox.Move(ctx, s.gwen, "@"+s.home.iris.Acct("hugo"))
	s.home.must(err)
	s.settle()
	s.home.same("whom jonas follows", s.follows(), "hugo accepted")
}

func TestWhoAnAccountAlsoIs(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	ctx := t.Context()
	for address, want := range map[string]models.Reason{"me": models.BadAcct, "@" + s.away.iris.Acct("gwen_anew"): models.IsSelf, "@nobody@" + s.home.iris.Domain(): models.NotThere} {
		if _, err := s.away.outbox.AddAlias(ctx, s.anew, address); reasonOf(err) != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	s.sayAlias()
	s.sayAlias()
	aliases, err := s.away.store.Actors.Aliases(ctx, s.anew.ActorID)
	if err != nil || len(aliases) != 1 {
		t.Fatalf("%d aliases, %v", len(aliases), err)
	}
	if n := s.away.count("actors_changed WHERE actor_id = ?", s.anew.ActorID); n != 1 {
		t.Error("followers aren't told")
	}
	s.away.must(s.away.outbox.RemoveAlias(ctx, s.anew, aliases[0].ID))
	if doc, err := s.away.docs.Actor(ctx, "gwen_anew"); err != nil || strings.Contains(string(doc), `"alsoKnownAs":[`) {
		t.Errorf("it still says it: %s, %v", doc, err)
	}
	for i := range maxAliases {
		other := s.away.person(fmt.Sprintf("other%d", i), models.RoleAuthor)
		_, err := s.away.outbox.AddAlias(ctx, s.anew, "@"+s.away.iris.Acct(other.Actor.Handle))
		s.away.must(err)
	}
	if _, err := s.away.outbox.AddAlias(ctx, s.anew, s.address(s.gwen)); reasonOf(err) != models.TooMany {
		t.Errorf("one more than there may be: %v", err)
	}
}

func TestDocumentsOfAMove(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	anew := s.person("anew", models.RoleAuthor)
	_, err := s.outbox.AddAlias(s.ctx(), anew, "@gwen@notes.example")
	s.must(err)
	_, err = s.outbox.Move(s.ctx(), gwen, "@anew@notes.example")
	s.must(err)
	s.must(s.outbox.SetFollowing(s.ctx(), gwen, false, true))
	var ids names
	for name, read := range map[string]func() ([]byte, error){
		"move.json":             func() ([]byte, error) { return s.docs.Activity(s.ctx(), s.activityID("Move")) },
		"person-moved.json":     func() ([]byte, error) { return s.docs.Actor(s.ctx(), "gwen") },
		"person-alias.json":     func() ([]byte, error) { return s.docs.Actor(s.ctx(), "anew") },
		"followers-hidden.json": func() ([]byte, error) { return s.docs.Followers(s.ctx(), "gwen", false, 0) },
	} {
		doc, err := read()
		s.must(err)
		golden(t, name, ids.plain(doc))
		if strange := undefinedTerms(doc); len(strange) > 0 {
			t.Errorf("%s: a JSON-LD processor drops %v", name, strange)
		}
	}
}
