package introduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

func newService(t *testing.T) (*Service, *models.Account) {
	t.Helper()
	store, _ := modelstest.Open(t)
	a := &models.Account{Actor: &models.Actor{Kind: "Person", Handle: "gwen", CreatedAt: noon}, Role: models.RoleAuthor, CreatedAt: noon}
	err := store.InTx(t.Context(), func(tx *models.Store) error {
		if err := tx.Actors.CreateLocal(t.Context(), a.Actor, &models.ActorKey{Algorithm: models.KeyRSA, PrivatePEM: "private"}); err != nil {
			return err
		}
		a.ActorID = a.Actor.ID
		return tx.Accounts.Create(t.Context(), a)
	})
	if err != nil {
		t.Fatal(err)
	}
	return NewService(store, func() time.Time { return noon }), a
}

func field(label, value string) Input { return Input{Fields: []Field{{label, value}}} }

func TestWhatCanBeShown(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(all, " ")
	}
	for name, tt := range map[string]struct {
		in     Input
		field  string
		reason models.Reason
	}{
		"nothing":               {Input{}, "", ""},
		"empty rows":            {Input{Fields: []Field{{"", " "}, {"\n", ""}}}, "", ""},
		"words":                 {field("Pronouns", "she/her"), "", ""},
		"a value alone":         {Input{Fields: []Field{{}, {"", "x"}}}, "field-1-label", models.Required},
		"a label alone":         {field("Site", " "), "field-0-value", models.Required},
		"a long label":          {field(strings.Repeat("é", MaxLabel+1), "x"), "field-0-label", models.TooLong},
		"a long value":          {field("x", strings.Repeat("é", MaxValue+1)), "field-0-value", models.TooLong},
		"as long as can be":     {field(strings.Repeat("é", MaxLabel), strings.Repeat("é", MaxValue)), "", ""},
		"five fields":           {Input{Fields: slices.Repeat([]Field{{"a", "b"}}, MaxFields+1)}, "field-4-label", models.TooMany},
		"ten tags":              {Input{Tags: many(MaxTags, "#tag%d")}, "", ""},
		"eleven tags":           {Input{Tags: many(MaxTags+1, "#tag%d")}, "tags", models.TooMany},
		"a tag with a sign":     {Input{Tags: "c++"}, "tags", models.BadTag},
		"ten domains":           {Input{Domains: many(MaxDomains, "b%d.example")}, "", ""},
		"eleven domains":        {Input{Domains: many(MaxDomains+1, "b%d.example")}, "domains", models.TooMany},
		"a top-level domain":    {Input{Domains: "com"}, "domains", models.BadDomain},
		"an IP address":         {Input{Domains: "192.0.2.1"}, "domains", models.BadDomain},
		"an IPv6 address":       {Input{Domains: "[2001:db8::1]"}, "domains", models.BadDomain},
		"a port":                {Input{Domains: "blog.example:8443"}, "domains", models.BadDomain},
		"somebody's":            {Input{Domains: "me@blog.example"}, "domains", models.BadDomain},
		"a script":              {Input{Domains: "javascript:alert(1)"}, "domains", models.BadDomain},
		"a quote in the domain": {Input{Domains: `blog".example`}, "domains", models.BadDomain},
	} {
		s, gwen := newService(t)
		err := s.Save(t.Context(), gwen, tt.in)
		var invalid *models.InvalidError
		switch {
		case tt.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.field != "" && (!errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Reason != tt.reason):
			t.Errorf("%s: %v, want %s of %s", name, err, tt.reason, tt.field)
		}
	}
}

func TestWhatIsTypedIsStoredInOneSpelling(t *testing.T) {
	t.Parallel()
	s, gwen := newService(t)
	in := Input{Fields: []Field{{" My  site ", " https://GWEN.example/~me "}, {}, {"Says", "tides\x00\nand models"}},
		Tags: "#Go, #go sql", Domains: "https://Blog.example/about, bücher.example blog.example.\nblog.example"}
	if err := s.Save(t.Context(), gwen, in); err != nil {
		t.Fatal(err)
	}
	p, err := s.store.Profiles.Of(t.Context(), gwen.ActorID)
	if err != nil || len(p.Fields) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	if f := p.Fields[0]; f.Label != "My site" || f.Value != "https://gwen.example/~me" || f.URL != f.Value {
		t.Errorf("%+v", f)
	}
	if f := p.Fields[1]; f.Value != "tides and models" || f.URL != "" {
		t.Errorf("%+v", f)
	}
	if !slices.Equal(p.Tags, []string{"Go", "sql"}) || !slices.Equal(p.Domains, []string{"blog.example", "xn--bcher-kva.example"}) {
		t.Errorf("%q %q", p.Tags, p.Domains)
	}
}

// A page is looked at when it is named, when one asks again by saving, and a week after.
func TestPagesAreLookedAtOnceANeedArises(t *testing.T) {
	t.Parallel()
	s, gwen := newService(t)
	ctx := t.Context()
	take := func() (n int) {
		if err := s.store.InTx(ctx, func(tx *models.Store) error {
			jobs, err := tx.Jobs.Lease(ctx, Lane, noon.Add(2*recheckAfter), noon.Add(3*recheckAfter), 9)
			for _, j := range jobs {
				if err := tx.Jobs.Done(ctx, j.ID); err != nil {
					return err
				}
			}
			n = len(jobs)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	save := func(value string) {
		if err := s.Save(ctx, gwen, Input{Fields: []Field{{"Site", value}}}); err != nil {
			t.Fatal(err)
		}
	}
	recheck := func(at time.Time) int {
		if err := s.store.InTx(ctx, func(tx *models.Store) error { return Recheck(ctx, tx, at, 9) }); err != nil {
			t.Fatal(err)
		}
		return take()
	}
	save("words")
	if n := take(); n != 0 {
		t.Errorf("words: %d jobs", n)
	}
	save("https://gwen.example")
	save("https://gwen.example")
	if n := take(); n != 1 {
		t.Errorf("a page: %d jobs, want one", n)
	}
	save("https://gwen.example")
	if n := take(); n != 1 {
		t.Errorf("a page that didn't lead back, saved again: %d jobs", n)
	}
	checked := func(ctx context.Context, tx *models.Store) error {
		fields, err := tx.Profiles.Fields(ctx, gwen.ActorID)
		return errors.Join(err, tx.Profiles.Checked(ctx, fields[0].ID, fields[0].URL, true, noon))
	}
	if err := s.store.InTx(ctx, func(tx *models.Store) error { return checked(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	save("https://gwen.example")
	if n := take(); n != 0 {
		t.Errorf("a page that leads back: %d jobs", n)
	}
	if n := recheck(noon.Add(recheckAfter)); n != 0 {
		t.Errorf("within the week: %d jobs", n)
	}
	if n := recheck(noon.Add(recheckAfter + time.Second)); n != 1 {
		t.Errorf("after it: %d jobs", n)
	}
}
