package programme

import (
	"context"
	"errors"
	"strings"
	"testing"

	"confnotes/internal/schedule"
	"confnotes/models"
)

func TestAConferenceIsAGroupWithAKeyThatItsMakerOwns(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.account("gwen", models.RoleAuthor)
	c, err := f.Add(ctx, New{Handle: " @Kormoran2026 ", Name: " Kormoran  Conf\u202e 2026 ", Zone: "Europe/Paris", StartsOn: "2026-06-11", City: "Vannes", URL: "https://kormoran.example/", Hashtag: "#Kormoran2026", By: gwen})
	f.must(err)
	got, err := f.store.Conferences.ByHandle(ctx, "kormoran2026")
	f.must(err)
	if got.ID != c.ID || got.Actor.Kind != "Group" || got.Actor.Name != "Kormoran Conf 2026" || got.Hashtag != "Kormoran2026" || got.EndsOn != "2026-06-11" || got.Announces != models.AnnounceEverything || got.Coverage != models.CoverageHeld {
		t.Errorf("stored %+v, %+v", got, got.Actor)
	}
	if keys, err := f.store.Actors.LocalKeys(ctx, c.ActorID); err != nil || len(keys[c.ActorID]) != 1 || keys[c.ActorID][0].PrivatePEM != "private" {
		t.Errorf("keys %+v, %v", keys, err)
	}
	if role, err := f.store.Conferences.Role(ctx, gwen, c.ActorID); err != nil || role != models.ManagerOwner {
		t.Errorf("its maker is %q, %v", role, err)
	}
	f.must(f.Change(ctx, c, New{Name: "Kormoran", Zone: "Europe/London", StartsOn: "2026-06-10", EndsOn: "2026-06-12"}))
	if got, err = f.store.Conferences.ByHandle(ctx, "kormoran2026"); err != nil || got.Actor.Name != "Kormoran" || got.StartsOn != "2026-06-10" || got.Zone != "Europe/London" || got.City != "" {
		t.Errorf("changed to %+v, %v", got, err)
	}
}

func TestWhatCannotBeAConferenceIsSaidByField(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	f.account("gwen", models.RoleAuthor)
	fine := New{Handle: "kormoran", Name: "Kormoran", Zone: "Europe/Paris", StartsOn: "2026-06-11", EndsOn: "2026-06-12"}
	with := func(change func(*New)) New { n := fine; change(&n); return n }
	tests := []struct {
		name   string
		in     New
		field  string
		reason models.Reason
	}{
		{"a handle with a hyphen", with(func(n *New) { n.Handle = "kormoran-2026" }), "handle", models.BadHandle},
		{"a person's handle", with(func(n *New) { n.Handle = "Gwen" }), "handle", models.HandleTaken},
		{"the server's handle", with(func(n *New) { n.Handle = "instance" }), "handle", models.HandleTaken},
		{"the address of the form", with(func(n *New) { n.Handle = "New" }), "handle", models.HandleTaken},
		{"no name", with(func(n *New) { n.Name = " \u202e" }), "name", models.Required},
		{"a long name", with(func(n *New) { n.Name = strings.Repeat("é", MaxName+1) }), "name", models.TooLong},
		{"a long city", with(func(n *New) { n.City = strings.Repeat("é", MaxCity+1) }), "city", models.TooLong},
		{"no zone", with(func(n *New) { n.Zone = "" }), "zone", models.BadZone},
		{"the machine's own zone", with(func(n *New) { n.Zone = "Local" }), "zone", models.BadZone},
		{"a zone that isn't one", with(func(n *New) { n.Zone = "Europe/Vannes" }), "zone", models.BadZone},
		{"a file for a zone", with(func(n *New) { n.Zone = "../../../etc/passwd" }), "zone", models.BadZone},
		{"no start", with(func(n *New) { n.StartsOn = "" }), "start", models.BadDate},
		{"a start that is no day", with(func(n *New) { n.StartsOn = "2026-06-31" }), "start", models.BadDate},
		{"a start in Roman times", with(func(n *New) { n.StartsOn = "0026-06-11" }), "start", models.BadDate},
		{"an end that is no day", with(func(n *New) { n.EndsOn = "June" }), "end", models.BadDate},
		{"an end before the start", with(func(n *New) { n.EndsOn = "2026-06-10" }), "end", models.BadDates},
		{"32 days", with(func(n *New) { n.EndsOn = "2026-07-12" }), "end", models.TooManyDays},
		{"a script for a link", with(func(n *New) { n.URL = "javascript:alert(1)" }), "url", models.BadURL},
		{"a link without a host", with(func(n *New) { n.URL = "https:///x" }), "url", models.BadURL},
		{"two words for a hashtag", with(func(n *New) { n.Hashtag = "Kormoran Conf" }), "hashtag", models.BadTag},
		{"a number for a hashtag", with(func(n *New) { n.Hashtag = "2026" }), "hashtag", models.BadTag},
	}
	for _, tt := range tests {
		_, err := f.Add(ctx, tt.in)
		if got, ok := errors.AsType[*models.InvalidError](err); !ok || got.Field != tt.field || got.Reason != tt.reason {
			t.Errorf("%s: %v, want %s %s", tt.name, err, tt.field, tt.reason)
		}
	}
	if list, err := f.store.Conferences.List(ctx, 9); err != nil || len(list) != 0 {
		t.Errorf("%d conferences, %v; want none", len(list), err)
	}
	if _, err := f.Add(ctx, with(func(n *New) { n.EndsOn = "2026-07-11" })); err != nil {
		t.Errorf("31 days: %v", err)
	}
	if _, err := f.Add(ctx, fine); err == nil {
		t.Error("a handle was given twice")
	}
}

func TestASchedulesConferenceIsSuggested(t *testing.T) {
	t.Parallel()
	got := Suggest(&schedule.Schedule{Title: "Été à Vannes – KormoranConf 2026!", Zone: "Europe/Paris", Start: "2026-06-11", End: "2026-06-12", URL: "https://kormoran.example/"})
	want := New{Handle: "eteavanneskormoranconf2026", Name: "Été à Vannes – KormoranConf 2026!", Zone: "Europe/Paris", StartsOn: "2026-06-11", EndsOn: "2026-06-12", URL: "https://kormoran.example/", Hashtag: "ÉtéÀVannesKormoranConf2026"}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := Suggest(&schedule.Schedule{Title: "会議"}); got.Handle != "" {
		t.Errorf("a handle of what has none: %q", got.Handle)
	}
}
