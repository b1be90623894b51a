package account

import (
	"context"
	"errors"
	"strings"
	"testing"

	"confnotes/models"
)

func TestWhatCannotBeAnAccountIsSaidByField(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.add(t, "gwen", models.RoleOwner)
	fine := New{Handle: "alix", Name: "Alix", Password: password, Role: models.RoleAuthor}
	with := func(change func(*New)) New { n := fine; change(&n); return n }
	tests := []struct {
		name   string
		in     New
		field  string
		reason models.Reason
	}{
		{"a handle of one letter", with(func(n *New) { n.Handle = "a" }), "handle", models.BadHandle},
		{"no handle", with(func(n *New) { n.Handle = " @" }), "handle", models.BadHandle},
		{"a handle of 31 letters", with(func(n *New) { n.Handle = strings.Repeat("a", 31) }), "handle", models.BadHandle},
		{"a handle with a dot", with(func(n *New) { n.Handle = "al.ix" }), "handle", models.BadHandle},
		{"a handle in another script", with(func(n *New) { n.Handle = "аlix" }), "handle", models.BadHandle},
		{"a handle that is taken", with(func(n *New) { n.Handle = "@GWEN " }), "handle", models.HandleTaken},
		{"the server's own handle, before there is one", with(func(n *New) { n.Handle = "Instance" }), "handle", models.HandleTaken},
		{"a long name", with(func(n *New) { n.Name = strings.Repeat("é", MaxName+1) }), "name", models.TooLong},
		{"a short password", with(func(n *New) { n.Password = "ninechars" }), "password", models.TooShort},
		{"a very long password", with(func(n *New) { n.Password = strings.Repeat("x", MaxPassword+1) }), "password", models.TooLong},
		{"a role that isn't one", with(func(n *New) { n.Role = "admin" }), "role", models.BadRole},
	}
	for _, tt := range tests {
		_, err := f.Add(context.Background(), tt.in)
		if got, ok := errors.AsType[*models.InvalidError](err); !ok || got.Field != tt.field || got.Reason != tt.reason {
			t.Errorf("%s: %v, want %s %s", tt.name, err, tt.field, tt.reason)
		}
	}
	if n, err := f.store.Accounts.Count(context.Background()); err != nil || n != 1 {
		t.Errorf("%d accounts, %v; want gwen alone", n, err)
	}
}

func TestAnAccountIsMadeWithItsActorAndKey(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	a, err := f.Add(ctx, New{Handle: " @Gwen ", Name: " Gwen  the \t Great ", Password: strings.Repeat("é", MinPassword), Role: models.RoleEditor})
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.store.Accounts.ByHandle(ctx, "gwen")
	if err != nil || got.ID != a.ID || got.Role != models.RoleEditor || got.Actor.Name != "Gwen the Great" || got.Actor.Kind != "Person" {
		t.Errorf("stored %+v, %v", got, err)
	}
	if keys, err := f.store.Actors.LocalKeys(ctx, a.ActorID); err != nil || len(keys[a.ActorID]) != 1 || keys[a.ActorID][0].PrivatePEM != "private" {
		t.Errorf("keys = %+v, %v", keys, err)
	}
}

func TestTheServersActorIsMadeOnce(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	for range 2 {
		if err := f.EnsureInstanceActor(ctx, InstanceHandle); err != nil {
			t.Fatal(err)
		}
	}
	a, err := f.store.Actors.LocalByHandle(ctx, InstanceHandle)
	if err != nil || a.Kind != "Application" || f.keys.Load() != 1 {
		t.Errorf("actor %+v, %v, %d keys made; want one Application with one key", a, err, f.keys.Load())
	}
}

func TestAnInstanceKeepsAnOwner(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	if err := f.SetRole(ctx, "gwen", models.RoleEditor); !errors.Is(err, ErrLastOwner) {
		t.Errorf("the last owner's role: %v, want ErrLastOwner", err)
	}
	if err := f.SetRole(ctx, "gwen", models.RoleOwner); err != nil {
		t.Errorf("the last owner as owner: %v", err)
	}
	keep := func(a *models.Account) error {
		return f.store.InTx(ctx, func(tx *models.Store) error { return KeepAnOwner(ctx, tx, a) })
	}
	if err := keep(gwen); !errors.Is(err, ErrLastOwner) {
		t.Errorf("without the last owner: %v, want ErrLastOwner", err)
	}
	alix := f.add(t, "alix", models.RoleAuthor)
	if err := keep(alix); err != nil {
		t.Errorf("without an author: %v", err)
	}
	if err := errors.Join(f.SetRole(ctx, "ALIX", models.RoleOwner), keep(gwen), f.SetRole(ctx, "gwen", models.RoleAuthor)); err != nil {
		t.Errorf("with a second owner: %v", err)
	}
	if _, ok := errors.AsType[*models.InvalidError](f.SetRole(ctx, "gwen", "king")); !ok {
		t.Error("a role that isn't one was taken")
	}
	if err := f.SetRole(ctx, "nobody", models.RoleAuthor); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("nobody's role: %v, want ErrNotFound", err)
	}
}

func TestAProfileIsTrimmedBoundedAndRendered(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	if err := f.SetProfile(ctx, gwen, " Gwen  B ", "I write *notes*\r\n<script>alert(1)</script> ", "fr"); err != nil {
		t.Fatal(err)
	}
	a, err := f.store.Accounts.ByID(ctx, gwen.ID)
	if err != nil || a.Actor.Name != "Gwen B" || a.Locale != "fr" || !strings.Contains(a.Actor.BioHTML, "<em>notes</em>") || strings.Contains(a.Actor.BioHTML, "<script") {
		t.Errorf("stored %+v, %v", a.Actor, err)
	}
	for field, err := range map[string]error{
		"name": f.SetProfile(ctx, gwen, strings.Repeat("x", MaxName+1), "", "en"),
		"bio":  f.SetProfile(ctx, gwen, "Gwen", strings.Repeat("x", MaxBio+1), "en"),
	} {
		if got, ok := errors.AsType[*models.InvalidError](err); !ok || got.Field != field {
			t.Errorf("a long %s: %v", field, err)
		}
	}
}
