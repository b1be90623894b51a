package models

import (
	"context"
	"errors"
	"testing"
)

func TestEveryEditionFlowsIntoItsSeries(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	actor := &Actor{Kind: ActorGroup, Handle: "kormoran", Name: "Kormoran Conf", CreatedAt: noon}
	series := &Series{CreatedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, &ActorKey{Algorithm: "rsa", PrivatePEM: "private"}); err != nil {
			return err
		}
		series.ActorID = actor.ID
		return tx.Series.Create(ctx, series)
	})
	last, next, other := s.addConference(t, "kormoran2025"), s.addConference(t, "kormoran2026"), s.addConference(t, "other")
	last.StartsOn = "2025-06-11"
	for _, c := range []*Conference{last, next} {
		c.SeriesID = &series.ID
		s.must(t, func(ctx context.Context, tx *Store) error { return tx.Conferences.Save(ctx, c) })
	}
	if all, err := s.Series.Editions(ctx, series.ID); err != nil || len(all) != 2 || all[0].ID != next.ID || all[1].Actor.Handle != "kormoran2025" {
		t.Errorf("editions: %v, %v", all, err)
	}
	for c, want := range map[*Conference]int{next: 2, other: 1} {
		if of, groups, err := s.Conferences.Groups(ctx, c.ID); err != nil || of.ID != c.ID || len(groups) != want || groups[0].ID != c.ActorID {
			t.Errorf("%s is told of by %v, %v", c.Actor.Handle, groups, err)
		}
	}
	if found, err := s.Series.ByHandle(ctx, "Kormoran"); err != nil || found.ID != series.ID || found.Actor.Name != "Kormoran Conf" {
		t.Errorf("by handle: %+v, %v", found, err)
	}
	if _, err := s.Series.ByHandle(ctx, "kormoran2026"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an edition is no series: %v", err)
	}
}
