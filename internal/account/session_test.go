package account

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

func TestAPasswordIsStoredAsArgon2id(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	f.cost = todaysCost
	one, err1 := f.hash(ctx, password)
	two, err2 := f.hash(ctx, password)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") || one == two {
		t.Errorf("hashes %q and %q: want argon2id with its cost and salts of their own", one, two)
	}
	// Of a weaker cost, as an earlier version might have stored: "correct horse battery".
	old := fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$%s", oldKey(t, f))
	tests := []struct {
		name, hash, password string
		want                 bool
	}{
		{"its password", one, password, true},
		{"another", one, password + " ", false},
		{"another case", one, strings.ToUpper(password), false},
		{"none", one, "", false},
		{"a hash of another cost", old, password, true},
		{"a deleted account's", "", "", false},
		{"one that nobody has", noHash, password, false},
		{"a broken one", "$argon2id$v=19$m=0,t=0,p=0$AAAA$AAAA", password, false},
		{"another scheme", "$2a$10$abcdefghijklmnopqrstuv", password, false},
	}
	for _, tt := range tests {
		if got, err := f.matches(ctx, tt.hash, tt.password); err != nil || got != tt.want {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
}

func oldKey(t *testing.T, f *fixture) string {
	t.Helper()
	key, err := f.derive(context.Background(), password, []byte("somesaltsomesalt"), cost{64, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawStdEncoding.EncodeToString(key)
}

func TestOnlyHandleAndPasswordTogetherSignIn(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	f.add(t, "gwen", models.RoleOwner)
	for name, try := range map[string][2]string{"a wrong password": {"gwen", "wrong password"}, "an unknown handle": {"nobody", password}, "no handle": {"", ""}} {
		if token, err := f.SignIn(ctx, try[0], try[1], home); !errors.Is(err, ErrWrong) || token != "" {
			t.Errorf("%s: %q, %v; want ErrWrong", name, token, err)
		}
	}
	token, err := f.SignIn(ctx, "Gwen", password, home)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := f.BySession(ctx, token); err != nil || a.Actor.Handle != "gwen" {
		t.Errorf("the session is %+v's, %v", a, err)
	}
}

func TestAnUnknownHandleIsHashedLikeAKnownOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.add(t, "gwen", models.RoleOwner)
	for range hashesAtOnce {
		f.hashing <- struct{}{} // nothing can be hashed
	}
	for _, handle := range []string{"gwen", "nobody"} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		if _, err := f.SignIn(ctx, handle, password, home); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s was answered without hashing: %v", handle, err)
		}
		cancel()
	}
}

func TestASessionEndsInTimeAndWhenItIsRevoked(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	first, second := f.signIn(t, "gwen"), f.signIn(t, "gwen")
	if first == second || !f.alive(first) || !f.alive(second) {
		t.Fatal("two sign-ins don't have two live sessions")
	}
	if err := f.SignOut(ctx, first); err != nil || f.alive(first) || !f.alive(second) {
		t.Errorf("after signing out of the first: %v, first %v, second %v", err, f.alive(first), f.alive(second))
	}
	third := f.signIn(t, "gwen")
	if err := f.SetPassword(ctx, gwen, "another password", third); err != nil || f.alive(second) || !f.alive(third) {
		t.Errorf("after a new password: %v, second %v, kept %v", err, f.alive(second), f.alive(third))
	}
	if err := f.SetPassword(ctx, gwen, password, ""); err != nil || f.alive(third) {
		t.Errorf("a password set from the shell leaves a session: %v, %v", err, f.alive(third))
	}
	last := f.signIn(t, "gwen")
	f.wait(SessionLife - time.Second)
	if !f.alive(last) {
		t.Error("a session ended early")
	}
	f.wait(time.Second)
	if f.alive(last) || f.alive("") || f.alive("made up") {
		t.Error("an expired, empty or made up session is alive")
	}
}

func TestADeletedAccountsSessionIsOver(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	token := f.signIn(t, "gwen")
	if err := f.store.InTx(ctx, func(tx *models.Store) error { return tx.Accounts.MarkDeleted(ctx, gwen.ID) }); err != nil {
		t.Fatal(err)
	}
	if f.alive(token) {
		t.Error("the session outlives the account")
	}
	if _, err := f.SignIn(ctx, "gwen", password, home); !errors.Is(err, ErrWrong) {
		t.Errorf("a deleted account signs in: %v", err)
	}
}

func TestTheTokenItselfIsNotStored(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	f.add(t, "gwen", models.RoleOwner)
	token := f.signIn(t, "gwen")
	if _, err := f.store.Sessions.ByHash(ctx, token, noon); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the token is its own hash: %v", err)
	}
	if _, err := f.store.Sessions.ByHash(ctx, hashToken(token), noon); err != nil {
		t.Errorf("its hash isn't stored: %v", err)
	}
}

func TestChangingThePasswordNeedsTheCurrentOne(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	change := func(current, next string) error { return f.ChangePassword(ctx, gwen, current, next, "", home) }
	if got, ok := errors.AsType[*models.InvalidError](change("wrong", "another password")); !ok || got.Field != "current" || got.Reason != models.WrongPassword {
		t.Errorf("a wrong current password: %v", got)
	}
	if got, ok := errors.AsType[*models.InvalidError](change(password, "short")); !ok || got.Field != "password" {
		t.Errorf("a short new password: %v", got)
	}
	if err := change(password, "another password"); err != nil {
		t.Errorf("with the current password: %v", err)
	}
	if _, err := f.SignIn(ctx, "gwen", password, home); !errors.Is(err, ErrWrong) {
		t.Errorf("the old password: %v, want ErrWrong", err)
	}
	for range handleBurst {
		_, _ = f.SignIn(ctx, "gwen", "guess", home)
	}
	gwen, err := f.store.Accounts.ByHandle(ctx, "gwen")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := errors.AsType[*ThrottledError](change("another password", password)); !ok {
		t.Error("guesses at the door don't slow down guesses in the settings, or are called wrong")
	}
}
