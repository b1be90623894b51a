package programme

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// fixture is a Service over a real database, with a clock that tests set.
type fixture struct {
	*Service
	t     testing.TB
	store *models.Store
	past  atomic.Int64 // nanoseconds past noon
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	store, _ := modelstest.Open(t)
	f := &fixture{t: t, store: store}
	client := fetch.New(fetch.Options{UserAgent: "test", Off: true, AllowHTTP: true, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	makeKeys := func() ([]*models.ActorKey, error) {
		return []*models.ActorKey{{Algorithm: models.KeyRSA, PublicPEM: "public", PrivatePEM: "private"}}, nil
	}
	f.Service = NewService(store, makeKeys, client, slog.New(slog.DiscardHandler), func() time.Time { return noon.Add(time.Duration(f.past.Load())) })
	return f
}

func (f *fixture) wait(d time.Duration) { f.past.Add(int64(d)) }

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) inTx(do func(ctx context.Context, tx *models.Store) error) {
	f.t.Helper()
	ctx := context.Background()
	f.must(f.store.InTx(ctx, func(tx *models.Store) error { return do(ctx, tx) }))
}

func (f *fixture) account(handle, role string) *models.Account {
	f.t.Helper()
	a := &models.Account{Actor: &models.Actor{Kind: "Person", Handle: handle, CreatedAt: noon}, Role: role, CreatedAt: noon}
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, a.Actor, &models.ActorKey{Algorithm: "rsa", PrivatePEM: "private"}); err != nil {
			return err
		}
		a.ActorID = a.Actor.ID
		return tx.Accounts.Create(ctx, a)
	})
	return a
}

// kormoran is the conference of the samples.
func (f *fixture) kormoran() *models.Conference {
	f.t.Helper()
	c, err := f.Add(context.Background(), New{Handle: "kormoran2026", Name: "Kormoran Conf 2026", Zone: "Europe/Paris", StartsOn: "2026-06-11", EndsOn: "2026-06-12"})
	f.must(err)
	return c
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "schedule", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (f *fixture) read(c *models.Conference, data []byte) *schedule.Schedule {
	f.t.Helper()
	read, err := Given("sample", data).Read(nil, c.Location())
	f.must(err)
	return read
}

// apply imports a file and returns what was done.
func (f *fixture) apply(c *models.Conference, data []byte) *Plan {
	f.t.Helper()
	return f.applySchedule(c, f.read(c, data))
}

func (f *fixture) applySchedule(c *models.Conference, from *schedule.Schedule) *Plan {
	f.t.Helper()
	plan, err := f.Preview(context.Background(), c, from)
	f.must(err)
	done, err := f.Apply(context.Background(), plan, Source{Hash: "x"}, nil)
	f.must(err)
	return done
}

func (f *fixture) talks(c *models.Conference) []*models.Talk {
	f.t.Helper()
	talks, err := f.store.Talks.Programme(context.Background(), c.ID, "", true)
	f.must(err)
	return talks
}

// talk finds a talk by its title.
func (f *fixture) talk(c *models.Conference, title string) *models.Talk {
	f.t.Helper()
	talks := f.talks(c)
	i := slices.IndexFunc(talks, func(t *models.Talk) bool { return strings.Contains(t.Title, title) })
	if i < 0 {
		f.t.Fatalf("there is no talk %q", title)
	}
	return talks[i]
}

// inWords says what a plan does, so that a test can be read.
func inWords(p *Plan) []string {
	var out []string
	for _, t := range p.Added {
		out = append(out, "added "+t.Title)
	}
	for _, t := range p.Removed {
		out = append(out, "removed "+t.Title)
	}
	for _, l := range []struct {
		verb string
		list []schedule.Change
	}{{"moved", p.Moved}, {"renamed", p.Renamed}, {"changed", p.Changed}} {
		for _, ch := range l.list {
			out = append(out, fmt.Sprintf("%s %s: %s", l.verb, ch.New.Title, strings.Join(ch.Fields, ", ")))
		}
	}
	return out
}

// dump is everything that an import writes but for the source, to compare two states.
func (f *fixture) dump(c *models.Conference) string {
	f.t.Helper()
	st, err := load(context.Background(), f.store, c.ID)
	f.must(err)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", st.conference.StartsOn, st.conference.EndsOn)
	for _, t := range st.talks {
		ids := st.ids[t.ID]
		slices.SortFunc(ids, func(a, b models.ExternalID) int { return strings.Compare(a.Scheme+a.Value, b.Scheme+b.Value) })
		plain := *t
		plain.Speakers = nil
		fmt.Fprintf(&b, "%+v\n%+v\n%+v\n", plain, ids, st.resources[t.ID])
		for _, a := range t.Speakers {
			fmt.Fprintf(&b, "%d %s %s %s %v %+v\n", a.Position, a.Role, a.Affiliation, a.Person.Name, a.Moderator, *a.Person)
		}
	}
	return b.String()
}
