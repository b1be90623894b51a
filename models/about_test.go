package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// addAbout publishes an article about a conference.
func (s *Store) addAbout(t testing.TB, by *Account, c *Conference, minutes int, f func(*Post)) *Post {
	t.Helper()
	p := s.addArticle(t, by, minutes)
	p.ConferenceID = &c.ID
	f(p)
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.Save(ctx, p) })
	return p
}

func ids(posts []*Post) (all []int64) {
	for _, p := range posts {
		all = append(all, p.ID)
	}
	return all
}

func TestWhatIsWrittenAboutAConferenceIsListedByDayAndTalk(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	gwen, yuki := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "yuki", RoleAuthor)
	c, other := s.addConference(t, "kormoran2026"), s.addConference(t, "other")
	first, second := s.addTalk(t, c, 1, "Maëlle"), s.addTalk(t, c, 2)
	second.Day = "2026-06-12"
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Talks.Save(ctx, second) })
	on := func(talk *Talk) func(*Post) { return func(p *Post) { p.TalkID = &talk.ID } }
	a := s.addAbout(t, gwen, c, 1, on(first))
	b := s.addAbout(t, yuki, c, 2, on(first))
	d := s.addAbout(t, gwen, c, 3, on(second))
	recap := s.addAbout(t, gwen, c, 4, func(p *Post) { p.Day = "2026-06-12" })
	s.addAbout(t, gwen, other, 5, func(p *Post) { p.Day = "2026-06-12" })
	s.addAbout(t, gwen, c, 6, func(p *Post) { p.TalkID, p.Visibility = &first.ID, VisibilityUnlisted })
	s.addAbout(t, gwen, c, 7, func(p *Post) { p.TalkID, p.Moderation = &first.ID, ModerationHidden })
	page := Page{Limit: 20}
	for what, tt := range map[string]struct {
		list func() ([]*Post, error)
		want []*Post
	}{
		"all":         {func() ([]*Post, error) { return s.Posts.ArticlesAbout(ctx, c.ID, page) }, []*Post{recap, d, b, a}},
		"first day":   {func() ([]*Post, error) { return s.Posts.ArticlesAboutDay(ctx, c.ID, "2026-06-11", page) }, []*Post{b, a}},
		"second day":  {func() ([]*Post, error) { return s.Posts.ArticlesAboutDay(ctx, c.ID, "2026-06-12", page) }, []*Post{recap, d}},
		"a talk":      {func() ([]*Post, error) { return s.Posts.NotesOn(ctx, first.ID, page) }, []*Post{b, a}},
		"a speaker's": {func() ([]*Post, error) { return s.Posts.NotesOnTalksOf(ctx, 1, page) }, []*Post{b, a}},
	} {
		if got, err := tt.list(); err != nil || !slices.Equal(ids(got), ids(tt.want)) {
			t.Errorf("%s: %v, %v; want %v", what, ids(got), err, ids(tt.want))
		}
	}
	notes, err := s.Posts.NotesByTalk(ctx, c.ID, "2026-06-11", 1)
	if err != nil || len(notes) != 1 || notes[first.ID].Count != 2 || !slices.Equal(ids(notes[first.ID].Newest), []int64{b.ID}) {
		t.Errorf("by talk: %+v, %v", notes, err)
	}
	if n, err := s.Posts.CountNotesOn(ctx, first.ID); n != 2 || err != nil {
		t.Errorf("counted: %d, %v", n, err)
	}
}

func TestAConferencesFiguresLeaveOutBreaksAndWhatWasRemoved(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newTestStore(t)
	c := s.addConference(t, "kormoran2026")
	lunch, gone := s.addTalk(t, c, 1), s.addTalk(t, c, 2)
	s.addTalk(t, c, 3)
	lunch.Kind, gone.State = "break", TalkRemoved
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Talks.Save(ctx, lunch), tx.Talks.Save(ctx, gone))
	})
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	for i := range 2 {
		s.addAbout(t, gwen, c, i, func(*Post) {})
	}
	f, err := s.Conferences.Figures(ctx, c.ID)
	if err != nil || f.Talks != 1 || f.Days["2026-06-11"] != 2 || f.Articles != 2 || f.Authors != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	places, err := s.Talks.Places(ctx, 10)
	if err != nil || len(places) != 1 || places[0].Handle != "kormoran2026" || places[0].Slug != "talk-3" {
		t.Errorf("places: %+v, %v", places, err)
	}
	by, err := s.Accounts.ActorsOf(ctx, []int64{gwen.ID, 99})
	if err != nil || len(by) != 1 || by[gwen.ID].HandleLC != "gwen" {
		t.Errorf("actors: %v, %v", by, fmt.Sprint(err))
	}
}
