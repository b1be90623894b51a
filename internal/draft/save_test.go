package draft

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// desk is two authors at one instance.
type desk struct {
	*Service
	store      *models.Store
	gwen, alix *models.Account
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	store, _ := modelstest.Open(t)
	ctx := context.Background()
	d := &desk{Service: NewService(func() time.Time { return noon }), store: store}
	for handle, a := range map[string]**models.Account{"gwen": &d.gwen, "alix": &d.alix} {
		actor := &models.Actor{Kind: "Person", Handle: handle, CreatedAt: noon}
		*a = &models.Account{Actor: actor, Role: models.RoleAuthor, CreatedAt: noon}
		err := store.InTx(ctx, func(tx *models.Store) error {
			if err := tx.Actors.CreateLocal(ctx, actor, &models.ActorKey{Algorithm: "rsa"}); err != nil {
				return err
			}
			(*a).ActorID = actor.ID
			return tx.Accounts.Create(ctx, *a)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *desk) save(in Input) (post *models.Post, rev *models.Revision, err error) {
	ctx := context.Background()
	err = d.store.InTx(ctx, func(tx *models.Store) error {
		post, rev, err = d.Save(ctx, tx, in)
		return err
	})
	return post, rev, err
}

func (d *desk) mustSave(t *testing.T, in Input) (*models.Post, *models.Revision) {
	t.Helper()
	post, rev, err := d.save(in)
	if err != nil {
		t.Fatalf("save: %v", err)
	}
	return post, rev
}

func (d *desk) input(source string) Input {
	return Input{Account: d.gwen, ClientID: "client-one", Text: models.RevisionText{Language: "en", Title: "Day one", Source: source}}
}

func (d *desk) posts(t *testing.T) int {
	t.Helper()
	rows, err := d.store.Posts.WrittenBy(context.Background(), d.gwen.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

func TestTheSameFormTwiceIsSavedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	post, rev := d.mustSave(t, d.input("hello"))
	again, same := d.mustSave(t, d.input("hello"))
	if again.ID != post.ID || same.ID != rev.ID || rev.Number != 1 || d.posts(t) != 1 {
		t.Errorf("saved again as post %d revision %d, %d posts; want %d and %d, one", again.ID, same.ID, d.posts(t), post.ID, rev.ID)
	}
	if post.State != models.PostDraft || post.PublicID == nil || len(*post.PublicID) != 22 {
		t.Errorf("a first save makes %+v, want a draft with an id", post)
	}
}

func TestTheSameFormFromTwoTabsAtOnceMakesOnePost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var tabs sync.WaitGroup
	for range 10 {
		tabs.Go(func() {
			if _, _, err := d.save(d.input("hello")); err != nil {
				t.Error(err)
			}
		})
	}
	tabs.Wait()
	if n := d.posts(t); n != 1 {
		t.Errorf("%d posts, want one", n)
	}
}

func TestASaveOverAnOlderVersionGivesBoth(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	post, _ := d.mustSave(t, d.input("one"))
	edit := func(base int, source string) Input {
		in := d.input(source)
		in.PostID, in.Base = post.ID, base
		return in
	}
	_, second := d.mustSave(t, edit(1, "two"))
	for name, in := range map[string]Input{"an edit of the first version": edit(1, "mine"), "the first form again, changed": d.input("mine"), "a version that isn't there yet": edit(7, "mine")} {
		_, _, err := d.save(in)
		conflict, ok := errors.AsType[*ConflictError](err)
		if !ok || conflict.Theirs.ID != second.ID || conflict.Theirs.Text.Source != "two" || conflict.Post.ID != post.ID {
			t.Errorf("%s: %v, want the conflict with what was saved", name, err)
		}
	}
	if _, same, err := d.save(edit(1, "two")); err != nil || same.ID != second.ID {
		t.Errorf("the same words over an older version: %v, want no conflict", err)
	}
	post, third := d.mustSave(t, edit(2, "three"))
	if third.Number != 3 || third.BaseNumber != 2 || post.LockVersion != 3 || *post.HeadRevisionID != third.ID {
		t.Errorf("third = %+v of %+v", third, post)
	}
	if head, err := d.store.Revisions.Head(context.Background(), post); err != nil || head.Text.Source != "three" {
		t.Errorf("head = %+v, %v", head, err)
	}
}

func TestOthersAndDeletedPostsAreAsAbsent(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), context.Background()
	mine, _ := d.mustSave(t, d.input("one"))
	theirs := d.input("stolen")
	theirs.Account, theirs.PostID, theirs.Base = d.alix, mine.ID, 1
	absent := d.input("x")
	absent.PostID = 99
	for name, in := range map[string]Input{"another's": theirs, "an absent one": absent} {
		if _, _, err := d.save(in); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	sameID := d.input("alix's own")
	sameID.Account = d.alix
	if post, _ := d.mustSave(t, sameID); post.ID == mine.ID {
		t.Error("two accounts' forms with one client id are one post")
	}
	if err := d.store.InTx(ctx, func(tx *models.Store) error { return tx.Posts.MarkDeleted(ctx, mine.ID, noon) }); err != nil {
		t.Fatal(err)
	}
	edit := d.input("more")
	edit.PostID, edit.Base = mine.ID, 1
	for name, in := range map[string]Input{"an edit of a deleted one": edit, "its first form again": d.input("one")} {
		if _, _, err := d.save(in); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
}

func TestAClientIDIsOneThatAFormMade(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, id := range []string{"", "short", strings.Repeat("x", 65), "has space", "has/slash", "ünicode1", "'; DROP TABLE posts"} {
		in := d.input("x")
		in.ClientID = id
		if got, ok := errors.AsType[*models.InvalidError](second(d.save(in))); !ok || got.Field != "client_id" {
			t.Errorf("client id %q: %v, want InvalidError", id, got)
		}
	}
	in := d.input("x")
	in.ClientID = models.NewPublicID()
	d.mustSave(t, in)
}

func second(_ *models.Post, _ *models.Revision, err error) error { return err }
