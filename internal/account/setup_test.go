package account

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"confnotes/models"
)

func setup(token, handle string) Setup {
	return Setup{Token: token, SiteName: " Notes  from here ", SiteLanguage: "fr", Owner: New{Handle: handle, Name: "Gwen", Password: password, Role: models.RoleAuthor}}
}

func (f *fixture) link(t *testing.T) string {
	t.Helper()
	token, err := f.SetupLink(context.Background())
	if err != nil || token == "" {
		t.Fatalf("link: %q, %v", token, err)
	}
	return token
}

func TestTheLinkMakesTheOwnerAndNamesTheSite(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	token, err := f.SetUp(ctx, setup(f.link(t), "gwen"))
	if err != nil {
		t.Fatal(err)
	}
	if a, err := f.BySession(ctx, token); err != nil || a.Role != models.RoleOwner {
		t.Errorf("signed in as %+v, %v; want the owner", a, err)
	}
	all, err := f.store.Settings.All(ctx)
	if err != nil || all[models.SettingSiteName] != "Notes from here" || all[models.SettingSiteLanguage] != "fr" || all[models.SettingSetupToken] != "" {
		t.Errorf("settings = %v, %v", all, err)
	}
	if link, err := f.SetupLink(ctx); err != nil || link != "" {
		t.Errorf("a link for an instance that has an owner: %q, %v", link, err)
	}
}

func TestFiftyUsesOfOneLinkMakeOneAccount(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	token := f.link(t)
	const uses = 50
	errs := make(chan error, uses)
	var all sync.WaitGroup
	for i := range uses {
		all.Go(func() {
			_, err := f.SetUp(ctx, setup(token, "owner_"+strings.Repeat("x", i%20)))
			errs <- err
		})
	}
	all.Wait()
	close(errs)
	won := 0
	for err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrSetupOver) {
			t.Errorf("a loser got %v, want ErrSetupOver", err)
		}
	}
	if n, err := f.store.Accounts.Count(ctx); won != 1 || n != 1 || err != nil {
		t.Errorf("%d won, %d accounts, %v; want one", won, n, err)
	}
}

func TestALinkIsClosed(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	old := f.link(t)
	token := f.link(t)
	for name, tt := range map[string]struct {
		token string
		want  bool
	}{"the newest": {token, true}, "an earlier one": {old, false}, "none": {"", false}, "made up": {"x", false}} {
		if open, err := f.SetupOpen(ctx, tt.token); err != nil || open != tt.want {
			t.Errorf("%s: open %v, %v; want %v", name, open, err, tt.want)
		}
		if tt.want {
			continue
		}
		if _, err := f.SetUp(ctx, setup(tt.token, "gwen")); !errors.Is(err, ErrSetupOver) {
			t.Errorf("%s: %v, want ErrSetupOver", name, err)
		}
	}
	if n := f.keys.Load(); n != 0 {
		t.Errorf("links that are no good cost %d keys", n)
	}
	f.add(t, "shell", models.RoleAuthor)
	if open, err := f.SetupOpen(ctx, token); err != nil || open {
		t.Errorf("open %v, %v although an account was made by the shell", open, err)
	}
	if _, err := f.SetUp(ctx, setup(token, "gwen")); !errors.Is(err, ErrSetupOver) {
		t.Errorf("set up beside an account: %v, want ErrSetupOver", err)
	}
}

func TestARefusedSetUpLeavesTheLinkGood(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	if err := f.EnsureInstanceActor(ctx, InstanceHandle); err != nil {
		t.Fatal(err)
	}
	token := f.link(t)
	with := func(change func(*Setup)) Setup { in := setup(token, "gwen"); change(&in); return in }
	for field, in := range map[string]Setup{
		"site_name": with(func(in *Setup) { in.SiteName = " " }),
		"handle":    with(func(in *Setup) { in.Owner.Handle = InstanceHandle }),
		"password":  with(func(in *Setup) { in.Owner.Password = "short" }),
		"name":      with(func(in *Setup) { in.Owner.Name = strings.Repeat("x", MaxName+1) }),
	} {
		_, err := f.SetUp(ctx, in)
		if got, ok := errors.AsType[*models.InvalidError](err); !ok || got.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	long := with(func(in *Setup) { in.SiteName = strings.Repeat("x", MaxSiteName+1) })
	if _, err := f.SetUp(ctx, long); err == nil {
		t.Error("a long site name was taken")
	}
	if _, err := f.SetUp(ctx, setup(token, "gwen")); err != nil {
		t.Errorf("after that the link is no good: %v", err)
	}
}
