package account

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/models"
	"confnotes/models/modelstest"
)

const (
	password = "correct horse battery"
	home     = "198.51.100.7"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// fixture is a Service over a real database, with a clock that tests set.
type fixture struct {
	*Service
	store *models.Store
	past  atomic.Int64 // nanoseconds past noon
	keys  atomic.Int64 // made so far
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	store, _ := modelstest.Open(t)
	f := &fixture{store: store}
	makeKeys := func() ([]*models.ActorKey, error) {
		f.keys.Add(1)
		return []*models.ActorKey{{Algorithm: models.KeyRSA, PublicPEM: "public", PrivatePEM: "private"}}, nil
	}
	f.Service = NewService(store, makeKeys, func() time.Time { return noon.Add(time.Duration(f.past.Load())) })
	f.cost = cost{64, 1, 1} // what a real hash costs is no matter but to its own test
	return f
}

func (f *fixture) wait(d time.Duration) { f.past.Add(int64(d)) }

func (f *fixture) add(t *testing.T, handle, role string) *models.Account {
	t.Helper()
	a, err := f.Add(context.Background(), New{Handle: handle, Password: password, Role: role})
	if err != nil {
		t.Fatalf("add %s: %v", handle, err)
	}
	return a
}

func (f *fixture) signIn(t *testing.T, handle string) string {
	t.Helper()
	token, err := f.SignIn(context.Background(), handle, password, home)
	if err != nil {
		t.Fatalf("sign in: %v", err)
	}
	return token
}

// alive says whether a session's token still names somebody.
func (f *fixture) alive(token string) bool {
	_, err := f.BySession(context.Background(), token)
	return err == nil
}
