package models

import (
	"context"
	"slices"
	"testing"
)

// called are the talks that have a name.
func (s *Store) called(t *testing.T, names ...[2]string) (talks []int64) {
	t.Helper()
	rows, err := s.Talks.Called(context.Background(), names)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		talks = append(talks, r.TalkID)
	}
	return talks
}

// What several talks of a conference are called names none of them; elsewhere it may.
func TestANameThatIsRepeatedNamesNoTalk(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	here, there := s.addConference(t, "kormoran2026"), s.addConference(t, "goeland2026")
	first, second, other := s.addTalk(t, here, 1), s.addTalk(t, here, 2), s.addTalk(t, there, 3)
	const page = "https://kormoran.example/schedule"
	for talk, ids := range map[*Talk][]ExternalID{
		first:  {{Scheme: "uid", Value: "one"}, {Scheme: "url", Value: page}},
		second: {{Scheme: "uid", Value: "two"}, {Scheme: "url", Value: page + "\n2"}},
		other:  {{Scheme: "uid", Value: "one"}, {Scheme: "url", Value: page}},
	} {
		s.must(t, func(ctx context.Context, tx *Store) error { return tx.Talks.SetExternalIDs(ctx, talk, ids) })
	}
	if got := s.called(t, [2]string{"url", page}); !slices.Equal(got, []int64{other.ID}) {
		t.Errorf("the page is that of %v, want the one talk %d", got, other.ID)
	}
	if got := s.called(t, [2]string{"uid", "one"}, [2]string{"url", "two"}, [2]string{"url", page + "\n2"}); !slices.Equal(got, []int64{first.ID, other.ID}) {
		t.Errorf("called one are %v", got)
	}
	names, err := s.Talks.NamesOf(ctx, []int64{first.ID, second.ID, other.ID})
	if err != nil || len(names[first.ID]) != 1 || len(names[second.ID]) != 1 || len(names[other.ID]) != 2 {
		t.Errorf("names: %v, %v", names, err)
	}
}

func TestAConferenceHasSoManySistersAndEachTellsSoMuchADay(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c := s.addConference(t, "kormoran2026")
	var groups []*Actor
	for _, host := range []string{"a.example", "b.example", "c.example"} {
		groups = append(groups, s.addRemote(t, "kormoran", host, host))
	}
	propose := func(g *Actor) {
		s.must(t, func(ctx context.Context, tx *Store) error {
			return tx.Sisters.Propose(ctx, &Sister{ConferenceID: c.ID, ActorID: g.ID, CreatedAt: noon}, 2)
		})
	}
	for _, g := range groups {
		propose(g)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Sisters.Set(ctx, &Sister{ConferenceID: c.ID, ActorID: groups[0].ID, State: SisterRefused, CreatedAt: noon})
	})
	propose(groups[0])
	rows, err := s.Sisters.Of(ctx, c.ID)
	if err != nil || len(rows) != 2 || rows[0].State != SisterRefused || rows[1].State != SisterProposed {
		t.Errorf("%+v, %v", rows, err)
	}
	for i, want := range []bool{true, true, false} {
		s.must(t, func(ctx context.Context, tx *Store) error {
			if ok, err := tx.Sisters.Count(ctx, rows[0], "2026-06-11", 2); ok != want || err != nil {
				t.Errorf("the %d. of a day: %t, %v", i+1, ok, err)
			}
			return nil
		})
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		if ok, err := tx.Sisters.Count(ctx, rows[0], "2026-06-12", 2); !ok || err != nil {
			t.Errorf("the first of the next: %t, %v", ok, err)
		}
		return nil
	})
}
