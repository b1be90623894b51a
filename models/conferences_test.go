package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

func (s *Store) addConference(t testing.TB, handle string) *Conference {
	t.Helper()
	actor := &Actor{Kind: "Group", Handle: handle, Name: "Kormoran Conf 2026", CreatedAt: noon}
	c := &Conference{Actor: actor, StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", Announces: AnnounceEverything, Coverage: CoverageHeld, CreatedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, &ActorKey{Algorithm: "rsa", PrivatePEM: "private"}); err != nil {
			return err
		}
		c.ActorID = actor.ID
		return tx.Conferences.Create(ctx, c)
	})
	return c
}

func (s *Store) addTalk(t testing.TB, c *Conference, n int, speakers ...string) *Talk {
	t.Helper()
	talk := &Talk{PublicID: NewPublicID(), ConferenceID: c.ID, Slug: fmt.Sprintf("talk-%d", n), Title: fmt.Sprintf("Talk %d", n), Kind: "talk", State: TalkScheduled,
		StartsAt: noon.Add(time.Duration(n) * time.Hour), EndsAt: noon.Add(time.Duration(n+1) * time.Hour), Day: "2026-06-11", CreatedAt: noon, ChangedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error {
		if err := tx.Talks.Create(ctx, talk, []ExternalID{{Scheme: "guid", Value: talk.Slug}}); err != nil {
			return err
		}
		var list []Appearance
		for i, name := range speakers {
			p := &Person{ConferenceID: c.ID, Slug: fmt.Sprintf("%s-%d-%d", name, n, i), Name: name}
			if err := tx.People.Create(ctx, p); err != nil {
				return err
			}
			list = append(list, Appearance{PersonID: p.ID, Role: "CTO", Moderator: i > 0})
		}
		return tx.Talks.SetSpeakers(ctx, talk.ID, list)
	})
	return talk
}

func TestAProgrammeComesWithItsSpeakersInOrder(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c := s.addConference(t, "kormoran2026")
	second, first := s.addTalk(t, c, 2, "Maëlle", "Tadhg"), s.addTalk(t, c, 1)
	gone := s.addTalk(t, c, 3)
	gone.State = TalkRemoved
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Talks.Save(ctx, gone) })
	programme, err := s.Talks.Programme(ctx, c.ID, "2026-06-11", false)
	if err != nil || len(programme) != 2 || programme[0].ID != first.ID {
		t.Fatalf("programme: %v, %v", programme, err)
	}
	speakers := programme[1].Speakers
	if len(speakers) != 2 || speakers[0].Person.Name != "Maëlle" || speakers[1].Person.Name != "Tadhg" || !speakers[1].Moderator || speakers[0].Role != "CTO" {
		t.Errorf("speakers: %+v", speakers)
	}
	if all, err := s.Talks.Programme(ctx, c.ID, "", true); err != nil || len(all) != 3 {
		t.Errorf("with what was removed: %d, %v", len(all), err)
	}
	if now, err := s.Talks.Around(ctx, c.ID, second.StartsAt, second.StartsAt.Add(time.Minute)); err != nil || len(now) != 1 || now[0].ID != second.ID {
		t.Errorf("on now: %v, %v", now, err)
	}
	if of, err := s.People.TalksOf(ctx, speakers[0].PersonID); err != nil || len(of) != 1 || of[0].ID != second.ID {
		t.Errorf("of the speaker: %v, %v", of, err)
	}
}

func TestATalkIsFoundByItsAddressesAndByWhatTheScheduleCallsIt(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c := s.addConference(t, "kormoran2026")
	talk := s.addTalk(t, c, 1)
	for what, find := range map[string]func() (*Talk, error){
		"slug": func() (*Talk, error) { return s.Talks.BySlug(ctx, c.ID, "talk-1") },
		"id":   func() (*Talk, error) { return s.Talks.ByID(ctx, talk.ID) },
		"iri":  func() (*Talk, error) { return s.Talks.ByPublicID(ctx, talk.PublicID) },
	} {
		if found, err := find(); err != nil || found.ID != talk.ID {
			t.Errorf("by %s: %v, %v", what, found, err)
		}
	}
	ids, err := s.Talks.ExternalIDs(ctx, c.ID)
	if err != nil || len(ids) != 1 || ids[0].TalkID != talk.ID || ids[0].Scheme != "guid" {
		t.Errorf("external ids: %+v, %v", ids, err)
	}
	err = s.InTx(ctx, func(tx *Store) error {
		twin := *talk
		twin.ID, twin.PublicID = 0, NewPublicID()
		return tx.Talks.Create(ctx, &twin, nil)
	})
	if !errors.Is(err, ErrConflict) {
		t.Errorf("a second talk with the slug: %v", err)
	}
}

func TestWhatWasPutRightByHandIsKnown(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	talk := s.addTalk(t, s.addConference(t, "kormoran2026"), 1)
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Talks.Correct(ctx, talk.ID, []string{"title"}, nil, noon), tx.Talks.Correct(ctx, talk.ID, []string{"title"}, nil, noon), tx.Talks.Correct(ctx, talk.ID, []string{"room"}, nil, noon))
	})
	got, err := s.Talks.Corrected(ctx, talk.ConferenceID)
	if err != nil || !got[talk.ID]["title"] || !got[talk.ID]["room"] || len(got[talk.ID]) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestWhoLooksAfterAConference(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c := s.addConference(t, "kormoran2026")
	people := map[string]*Account{"owner": s.addAccount(t, "boss", RoleOwner), "editor": s.addAccount(t, "ed", RoleEditor), "made it": s.addAccount(t, "gwen", RoleAuthor), "other": s.addAccount(t, "yuki", RoleAuthor), "nobody": nil}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Conferences.SetManager(ctx, c.ActorID, people["made it"].ID, ManagerOwner)
	})
	for who, want := range map[string]string{"owner": ManagerOwner, "editor": ManagerEditor, "made it": ManagerOwner, "other": "", "nobody": ""} {
		if got, err := s.Conferences.Role(ctx, people[who], c.ActorID); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", who, got, err, want)
		}
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Conferences.SetManager(ctx, c.ActorID, people["made it"].ID, "")
	})
	if got, err := s.Conferences.Role(ctx, people["made it"], c.ActorID); err != nil || got != "" {
		t.Errorf("dismissed, %q, %v", got, err)
	}
	if found, err := s.Conferences.ByHandle(ctx, "Kormoran2026"); err != nil || found.ID != c.ID || found.Actor.Name != "Kormoran Conf 2026" {
		t.Errorf("by handle: %+v, %v", found, err)
	}
	if _, err := s.Conferences.ByHandle(ctx, "gwen"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a person is no conference: %v", err)
	}
}

func TestAPlanHasOneMarkATalk(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c, gwen := s.addConference(t, "kormoran2026"), s.addAccount(t, "gwen", RoleAuthor)
	one, two := s.addTalk(t, c, 1), s.addTalk(t, c, 2)
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Plans.Mark(ctx, gwen.ID, one.ID, PlanStarred, noon), tx.Plans.Mark(ctx, gwen.ID, one.ID, PlanMissed, noon),
			tx.Plans.Mark(ctx, gwen.ID, two.ID, PlanStarred, noon), tx.Plans.Mark(ctx, gwen.ID, two.ID, "", noon))
	})
	if marks, err := s.Plans.Marks(ctx, gwen.ID, c.ID); err != nil || len(marks) != 1 || marks[one.ID] != PlanMissed {
		t.Errorf("%v, %v", marks, err)
	}
}

func TestDaysOfAConference(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     []string
	}{
		{"2026-02-28", "2026-03-01", []string{"2026-02-28", "2026-03-01"}},
		{"2026-06-11", "2026-06-11", []string{"2026-06-11"}},
		{"2026-06-12", "2026-06-11", nil},
		{"never", "2026-06-11", nil},
	} {
		if got := (&Conference{StartsOn: tt.from, EndsOn: tt.to}).Days(); !slices.Equal(got, tt.want) {
			t.Errorf("%s to %s: %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
	if got := len((&Conference{StartsOn: "2026-01-01", EndsOn: "2027-01-01"}).Days()); got != 31 {
		t.Errorf("a year has %d days, want 31", got)
	}
}
