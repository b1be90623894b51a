package models

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gorm.io/gorm"
)

// gallery is one post of every kind that CanSee has to decide on, and everyone who may ask.
type gallery struct {
	sights  []Sight
	viewers map[string]Viewer
}

func newGallery(t *testing.T, s *Store) gallery {
	author, reader := s.addAccount(t, "author", RoleAuthor), s.addAccount(t, "reader", RoleAuthor)
	editor, owner := s.addAccount(t, "editor", RoleEditor), s.addAccount(t, "owner", RoleOwner)
	stranger := s.addRemote(t, "stranger", "far.example", "far.example")
	follower, asking := s.addAccount(t, "follower", RoleAuthor), s.addAccount(t, "asking", RoleOwner)
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Follows.Put(ctx, &Follow{FollowerID: follower.ActorID, TargetID: stranger.ID, State: FollowAccepted, CreatedAt: noon}),
			tx.Follows.Put(ctx, &Follow{FollowerID: asking.ActorID, TargetID: stranger.ID, State: FollowPending, CreatedAt: noon}))
	})
	root := s.addArticle(t, author, 0)
	g := gallery{sights: []Sight{{Post: root}}, viewers: map[string]Viewer{"nobody": {}, "author": ViewerOf(author), "reader": ViewerOf(reader),
		"editor": ViewerOf(editor), "owner": ViewerOf(owner), "who follows the stranger": ViewerOf(follower), "who asked to": ViewerOf(asking)}}
	place := func(p *Post, recipients ...int64) {
		s.must(t, func(ctx context.Context, tx *Store) error {
			if err := tx.Posts.Save(ctx, p); err != nil {
				return err
			}
			return tx.Posts.SetRecipients(ctx, p.ID, recipients)
		})
		sight := Sight{Post: p, Recipients: recipients}
		if p.RootID != nil {
			sight.RootAuthor = author.ActorID
		}
		if p.ActorID == stranger.ID {
			sight.Followers = []int64{follower.ActorID}
		}
		g.sights = append(g.sights, sight)
	}
	for _, visibility := range []string{VisibilityPublic, VisibilityUnlisted, VisibilityFollowers, VisibilityDirect} {
		for _, state := range []string{PostDraft, "scheduled", PostPublished, PostDeleted} {
			for _, moderation := range []string{ModerationShown, ModerationHeld, ModerationHidden} {
				with := func(p *Post) *Post {
					p.Visibility, p.State, p.Moderation = visibility, state, moderation
					return p
				}
				place(with(s.addArticle(t, author, 1)))
				place(with(s.addReply(t, reader.Actor, root, 1)))
				place(with(s.addReply(t, stranger, root, 1)))
				place(with(s.addReply(t, stranger, root, 1)), author.ActorID)
				place(with(s.addReply(t, stranger, root, 1)), reader.ActorID, owner.ActorID)
				top := with(s.addReply(t, stranger, root, 1))
				top.Kind, top.RootID, top.InReplyToID = KindFollowed, nil, nil
				place(top)
			}
		}
	}
	return g
}

// disagreements names what a scope lets through and a rule doesn't, or the reverse.
func (g gallery) disagreements(t *testing.T, s *Store, scope func(Viewer, *gorm.DB) *gorm.DB, rule func(Viewer, Sight) bool) int {
	t.Helper()
	n := 0
	for name, v := range g.viewers {
		var ids []int64
		if err := scope(v, s.db.Model(&Post{})).Pluck("posts.id", &ids).Error; err != nil {
			t.Fatal(err)
		}
		for _, sight := range g.sights {
			p := sight.Post
			if got, want := slices.Contains(ids, p.ID), rule(v, sight); got != want {
				if n++; n < 5 {
					t.Logf("%s, %s %s %s %s for %v: SQL says %v, the rule %v", name, p.Visibility, p.State, p.Moderation, p.Kind, sight.Recipients, got, want)
				}
			}
		}
	}
	return n
}

// The rules that each scope has to say in SQL. Threads hold no drafts.
func ruleReadable(_ Viewer, s Sight) bool { return CanSee(Viewer{}, s) }
func ruleListable(_ Viewer, s Sight) bool {
	return CanSee(Viewer{}, s) && s.Post.Visibility == VisibilityPublic
}
func ruleVisibleTo(v Viewer, s Sight) bool { return CanSee(v, s) && s.Post.State != PostDraft }

func TestTheScopesInSQLSayWhatCanSeeSays(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	g := newGallery(t, s)
	scopes := map[string]func(Viewer, *gorm.DB) *gorm.DB{
		"readable":  func(_ Viewer, db *gorm.DB) *gorm.DB { return readable(db) },
		"listable":  func(_ Viewer, db *gorm.DB) *gorm.DB { return listable(db) },
		"visibleTo": visibleTo,
	}
	rules := map[string]func(Viewer, Sight) bool{"readable": ruleReadable, "listable": ruleListable, "visibleTo": ruleVisibleTo}
	for name, scope := range scopes {
		if n := g.disagreements(t, s, scope, rules[name]); n > 0 {
			t.Errorf("%s disagrees with CanSee %d times", name, n)
		}
	}
	mutants := map[string]func(Viewer, Sight) bool{
		"moderators read what was sent to others": func(v Viewer, s Sight) bool {
			return ruleVisibleTo(v, s) || v.Moderates && s.Post.State == PostPublished
		},
		"recipients don't count": func(v Viewer, s Sight) bool {
			s.Recipients = nil
			return ruleVisibleTo(v, s)
		},
		"followers don't count": func(v Viewer, s Sight) bool {
			s.Followers = nil
			return ruleVisibleTo(v, s)
		},
		"what is for followers is for all who asked": func(v Viewer, s Sight) bool {
			if s.Followers != nil {
				s.Followers = append(slices.Clone(s.Followers), g.viewers["who asked to"].ActorID)
			}
			return ruleVisibleTo(v, s)
		},
		"what is sent to somebody is for followers": func(v Viewer, s Sight) bool {
			if p := *s.Post; p.Visibility == VisibilityDirect {
				p.Visibility = VisibilityFollowers
				s.Post = &p
			}
			return ruleVisibleTo(v, s)
		},
		"hidden is seen by all": func(v Viewer, s Sight) bool {
			shown := *s.Post
			shown.Moderation = ModerationShown
			return ruleVisibleTo(v, Sight{&shown, s.RootAuthor, s.Recipients, s.Followers})
		},
		"the author doesn't see what is hidden under their article": func(v Viewer, s Sight) bool {
			s.RootAuthor = 0
			return ruleVisibleTo(v, s)
		},
		"one's own reply is like anybody's": func(v Viewer, s Sight) bool {
			if s.Post.ActorID == v.ActorID {
				v.ActorID = 99
			}
			return ruleVisibleTo(v, s)
		},
		"deleted is seen": func(v Viewer, s Sight) bool { return ruleVisibleTo(v, s) || s.Post.State == PostDeleted },
	}
	for name, mutant := range mutants {
		if g.disagreements(t, s, visibleTo, mutant) == 0 {
			t.Errorf("the comparison can't fail: it takes the mutant %q", name)
		}
	}
}

// What the stores gather about a post is what the rule is given in these tests.
func TestASightHasAllThatDecides(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	for _, want := range newGallery(t, s).sights {
		got, err := s.Posts.Sight(context.Background(), want.Post)
		if err != nil {
			t.Fatal(err)
		}
		if want.Post.Visibility != VisibilityFollowers {
			want.Followers = nil
		}
		slices.Sort(got.Recipients)
		if got.RootAuthor != want.RootAuthor || !slices.Equal(got.Recipients, want.Recipients) || !slices.Equal(got.Followers, want.Followers) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
}

func TestPrivateRepliesReachTheAddressedAlone(t *testing.T) {
	t.Parallel()
	author, owner, addressed := Viewer{1, 1, false}, Viewer{2, 2, true}, Viewer{3, 3, false}
	for _, visibility := range []string{VisibilityFollowers, VisibilityDirect} {
		sight := Sight{Post: &Post{State: PostPublished, Moderation: ModerationShown, Visibility: visibility, ActorID: 9}, RootAuthor: 1, Recipients: []int64{3}, Followers: []int64{4}}
		for name, tt := range map[string]struct {
			viewer Viewer
			want   bool
		}{
			"the open web": {Viewer{}, false}, "the article's author": {author, false},
			"an owner": {owner, false}, "the addressed": {addressed, true},
			"a follower of its author": {Viewer{4, 4, false}, visibility == VisibilityFollowers},
		} {
			if got := CanSee(tt.viewer, sight); got != tt.want {
				t.Errorf("%s sees a %s reply: %v, want %v", name, visibility, got, tt.want)
			}
		}
	}
}

func TestADraftIsItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	one := int64(1)
	sight := Sight{Post: &Post{State: PostDraft, Visibility: VisibilityPublic, Moderation: ModerationShown, AccountID: &one, ActorID: 1}}
	for name, tt := range map[string]struct {
		viewer Viewer
		want   bool
	}{"the open web": {Viewer{}, false}, "its author": {Viewer{1, 1, false}, true}, "an owner": {Viewer{2, 2, true}, false}} {
		if got := CanSee(tt.viewer, sight); got != tt.want {
			t.Errorf("%s sees a draft: %v, want %v", name, got, tt.want)
		}
	}
}
