package schedule

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// names are what a schedule calls a talk.
func names(t Talk) (ids []ID) {
	for i, value := range []string{t.GUID, t.Code, t.UID, t.ID, t.URL} {
		if value != "" {
			ids = append(ids, ID{[]string{"guid", "code", "uid", "id", "url"}[i], value})
		}
	}
	return ids
}

const kormoranSite = "https://Kormoran.example:443/2026/"

// Two instances that imported any two of a conference's files speak of the same talks.
func TestTheFilesOfOneConferenceGiveItsTalksTheSameIRIs(t *testing.T) {
	t.Parallel()
	const guid, page = "urn:uuid:a4840de0-d593-5716-9269-bb6e8518a2fa", "https://kormoran.example/kormoran2026/talk/A2AB19/"
	for file, want := range map[string][]string{
		"frab-schedule-v1.xml":      {guid, page},
		"frab-schedule-v2.xml":      {guid, page},
		"frab-schedule.json":        {guid, page},
		"pretalx-schedule.ics":      {page},
		"pentabarf-old.xml":         {"https://kormoran.example/#id=13001"},
		"sessionize-all.json":       {"https://kormoran.example/#id=610001"},
		"sessionize-gridsmart.json": {"https://kormoran.example/#id=610001"},
		"sched-all.ics":             {"https://kormoran2026.sched.com/event/87f86870a27dde611198bf6e88ea5330"},
		"edge.ics":                  {"https://kormoran.example/#uid=edge-1"},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		read, err := Read(raw, Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if got := IRIs(names(read.Talks[0]), kormoranSite); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
		if file == "edge.ics" {
			continue // it repeats ids and lacks them; what is stored of those names no talk
		}
		called := map[string]string{}
		for _, talk := range read.Talks {
			for _, iri := range IRIs(names(talk), kormoranSite) {
				if called[iri] != "" {
					t.Errorf("%s: %q and %q are both called %s", file, called[iri], talk.Title, iri)
				}
				called[iri] = talk.Title
				ids, site := Named(iri)
				if !slices.ContainsFunc(ids, func(id ID) bool { return slices.Contains(names(talk), id) }) || site != "" && !AtSite(kormoranSite, site) {
					t.Errorf("%s: %s leads to %v at %q, not back to %v", file, iri, ids, site, names(talk))
				}
			}
		}
		if len(called) < len(read.Talks) {
			t.Errorf("%s: %d IRIs of %d talks", file, len(called), len(read.Talks))
		}
	}
}

func TestWhatATalkIsCalled(t *testing.T) {
	t.Parallel()
	const site = "https://kormoran.example/"
	for name, c := range map[string]struct {
		ids  []ID
		site string
		want []string
	}{
		"added by hand":                 {nil, site, nil},
		"a GUID in capitals":            {[]ID{{"guid", "A4840DE0-D593-5716-9269-BB6E8518A2FA"}}, site, []string{"urn:uuid:a4840de0-d593-5716-9269-bb6e8518a2fa"}},
		"a GUID that is no UUID":        {[]ID{{"guid", "slot 1"}, {"id", "7"}}, site, []string{"https://kormoran.example/#guid=slot+1"}},
		"a page on http":                {[]ID{{"url", "http://Kormoran.example:80/t/1?x=1"}, {"id", "1"}}, site, []string{"https://kormoran.example/t/1?x=1"}},
		"a script for a page":           {[]ID{{"url", "javascript:alert(1)"}}, site, nil},
		"a number and no site":          {[]ID{{"id", "7"}}, "", nil},
		"a number and a bad site":       {[]ID{{"id", "7"}}, "kormoran", nil},
		"a code":                        {[]ID{{"code", "A/B C+%"}}, site, []string{"https://kormoran.example/#code=A%2FB+C%2B%25"}},
		"named by ourselves, not by it": {[]ID{{"uid", "-AbC"}}, site, nil},
	} {
		got := IRIs(c.ids, c.site)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for _, iri := range got {
			if ids, _ := Named(iri); len(ids) == 0 || !slices.ContainsFunc(ids, func(id ID) bool { return id.Scheme == c.ids[0].Scheme }) {
				t.Errorf("%s: %s leads to %v", name, iri, ids)
			}
		}
	}
	if ids, site := Named("https://kormoran.example/#code=A%2FB+C%2B%25"); !slices.Equal(ids, []ID{{"code", "A/B C+%"}}) || site != "kormoran.example" {
		t.Errorf("%v at %q", ids, site)
	}
	for _, tampered := range []string{"", "urn:uuid:", "urn:uuid:a4840de0", "urn:isbn:1", "ftp://a.example/1", "https://me@a.example/1", "https://a.example/#code=", "https://a.example/#code=%zz", "https://", "acct:a@b"} {
		if ids, site := Named(tampered); len(ids) > 0 || site != "" {
			t.Errorf("%q is taken for %v at %q", tampered, ids, site)
		}
	}
}
