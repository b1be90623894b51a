package moderation

import (
	"context"
	"errors"
	"testing"
	"time"

	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// scene is an article by gwen with a public, a hidden and a private reply.
type scene struct {
	*Service
	store                      *models.Store
	accounts                   map[string]*models.Account
	article, other             *models.Post
	public, hidden, toGwen     *models.Post
	blockOfAlix, blockOfServer int64
}

func newScene(t *testing.T) *scene {
	t.Helper()
	store, _ := modelstest.Open(t)
	ctx := context.Background()
	s := &scene{Service: NewService(store), store: store, accounts: map[string]*models.Account{}}
	if err := store.InTx(ctx, func(tx *models.Store) error { return s.fill(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *scene) fill(ctx context.Context, tx *models.Store) error {
	var errs []error
	for handle, role := range map[string]string{"gwen": models.RoleAuthor, "alix": models.RoleAuthor, "edit": models.RoleEditor, "boss": models.RoleOwner} {
		actor := &models.Actor{Kind: "Person", Handle: handle, CreatedAt: noon}
		errs = append(errs, tx.Actors.CreateLocal(ctx, actor, &models.ActorKey{Algorithm: "rsa"}))
		a := &models.Account{ActorID: actor.ID, Actor: actor, Role: role, CreatedAt: noon}
		errs = append(errs, tx.Accounts.Create(ctx, a))
		s.accounts[handle] = a
	}
	uri := "https://far.example/users/far"
	far := &models.Actor{URI: &uri, Kind: "Person", Handle: "far", Domain: "far.example", CreatedAt: noon}
	errs = append(errs, tx.Actors.SaveRemote(ctx, far))
	post := func(uri, kind, visibility, moderation string, by *models.Actor, account *models.Account, root *models.Post) *models.Post {
		p := &models.Post{URI: &uri, Type: "Note", Kind: kind, ActorID: by.ID, State: models.PostPublished, Visibility: visibility,
			Moderation: moderation, CreatedAt: noon, PublishedAt: &noon, SavedAt: &noon}
		if account != nil {
			p.AccountID = &account.ID
		}
		if root != nil {
			p.RootID = &root.ID
		}
		errs = append(errs, tx.Posts.Create(ctx, p))
		return p
	}
	gwen := s.accounts["gwen"]
	s.article = post("urn:a", models.KindArticle, models.VisibilityPublic, models.ModerationShown, gwen.Actor, gwen, nil)
	s.other = post("urn:o", models.KindArticle, models.VisibilityPublic, models.ModerationShown, gwen.Actor, gwen, nil)
	s.public = post("urn:1", models.KindReply, models.VisibilityPublic, models.ModerationShown, far, nil, s.article)
	s.hidden = post("urn:2", models.KindReply, models.VisibilityPublic, models.ModerationHidden, far, nil, s.article)
	s.toGwen = post("urn:3", models.KindReply, models.VisibilityDirect, models.ModerationShown, far, nil, s.article)
	errs = append(errs, tx.Posts.SetRecipients(ctx, s.toGwen.ID, []int64{gwen.ActorID}))
	mine, everywhere := &models.Block{AccountID: s.accounts["alix"].ID, ActorID: far.ID, CreatedAt: noon}, &models.Block{Domain: "far.example", CreatedAt: noon}
	errs = append(errs, tx.Blocks.Add(ctx, mine), tx.Blocks.Add(ctx, everywhere))
	s.blockOfAlix, s.blockOfServer = mine.ID, everywhere.ID
	return errors.Join(errs...)
}

func TestWhoLooksAfterWhichReply(t *testing.T) {
	t.Parallel()
	s, ctx := newScene(t), context.Background()
	tests := []struct {
		who                    string
		public, hidden, toGwen bool
	}{
		{"gwen", true, true, true},
		{"alix", false, false, false},
		{"edit", true, true, false},
		{"boss", true, true, false},
	}
	for _, tt := range tests {
		for name, reply := range map[string]struct {
			post *models.Post
			want bool
		}{"a public reply": {s.public, tt.public}, "a hidden one": {s.hidden, tt.hidden}, "one sent to gwen alone": {s.toGwen, tt.toGwen}} {
			got, err := s.Reply(ctx, s.accounts[tt.who], s.article, reply.post.ID)
			if (got != nil) != reply.want || got == nil && !errors.Is(err, models.ErrNotFound) {
				t.Errorf("%s, %s: %v, %v; want %v", tt.who, name, got != nil, err, reply.want)
			}
		}
	}
}

func TestAReplyIsLookedAfterUnderItsOwnArticle(t *testing.T) {
	t.Parallel()
	s, ctx := newScene(t), context.Background()
	for name, try := range map[string]struct {
		article *models.Post
		id      int64
	}{"another article": {s.other, s.public.ID}, "the article itself": {s.article, s.article.ID}, "an absent reply": {s.article, 99}, "a reply as the article": {s.public, s.hidden.ID}} {
		if _, err := s.Reply(ctx, s.accounts["boss"], try.article, try.id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
}

func TestOnlyAPublishedArticleHasAConversation(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, state := range []string{models.PostDraft, models.PostDeleted, "scheduled"} {
		p := *s.article
		p.State = state
		if MayModerate(s.accounts["gwen"], &p) || MayModerate(s.accounts["boss"], &p) {
			t.Errorf("a %s article has a conversation to look after", state)
		}
	}
}

func TestAHiddenReplyCanBeShownAgain(t *testing.T) {
	t.Parallel()
	s, ctx := newScene(t), context.Background()
	for _, moderation := range []string{models.ModerationHidden, models.ModerationShown} {
		if err := s.Set(ctx, s.public, moderation); err != nil {
			t.Fatal(err)
		}
		if p, err := s.store.Posts.ByID(ctx, s.public.ID); err != nil || p.Moderation != moderation {
			t.Errorf("stored %+v, %v; want %s", p, err, moderation)
		}
	}
}

func TestABlockIsLiftedByWhoMay(t *testing.T) {
	t.Parallel()
	s, ctx := newScene(t), context.Background()
	for _, who := range []string{"gwen", "edit", "boss"} {
		if _, err := s.Unblock(ctx, s.accounts[who], s.blockOfAlix); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s lifts alix's block: %v, want ErrNotFound", who, err)
		}
	}
	for _, who := range []string{"gwen", "alix", "edit"} {
		if _, err := s.Unblock(ctx, s.accounts[who], s.blockOfServer); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s lifts the instance's block: %v, want ErrNotFound", who, err)
		}
	}
	mine, err1 := s.Unblock(ctx, s.accounts["alix"], s.blockOfAlix)
	server, err2 := s.Unblock(ctx, s.accounts["boss"], s.blockOfServer)
	if err1 != nil || err2 != nil || mine.ActorID == 0 || server.Domain != "far.example" {
		t.Errorf("lifted %+v, %v and %+v, %v", mine, err1, server, err2)
	}
	if _, err := s.Unblock(ctx, s.accounts["alix"], s.blockOfAlix); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("lifted twice: %v, want ErrNotFound", err)
	}
}
