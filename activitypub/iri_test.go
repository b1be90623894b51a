package activitypub

import (
	"slices"
	"strings"
	"testing"

	"confnotes/models"
)

func newIRIs(t testing.TB, base, domain string) *IRIs {
	t.Helper()
	iris, err := NewIRIs(base, domain)
	if err != nil {
		t.Fatal(err)
	}
	return iris
}

// build is what Parse undoes.
func (i *IRIs) build(r Ref) string {
	switch r.Kind {
	case RefActor:
		return i.Actor(r.Name)
	case RefFollowers:
		return i.Followers(r.Name)
	case RefEvent:
		return i.Event(r.Name)
	case RefArticle:
		return i.Article(r.Name)
	case RefNote:
		return i.Note(r.Name)
	case RefTalk:
		return i.Talk(r.Name)
	default:
		return i.Activity(r.Name)
	}
}

func TestParseUndoesBuild(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://notes.example", "http://localhost:8080", "https://[2001:db8::1]:8443", "https://a.b-c.example"} {
		iris := newIRIs(t, base, "")
		for _, handle := range []string{"gwen", "a_", "0123456789_abcdefghijklmnopqrs"} {
			for _, ref := range []Ref{{RefActor, handle}, {RefFollowers, handle}, {RefEvent, handle}} {
				if got, err := iris.Parse(iris.build(ref)); err != nil || got != ref {
					t.Errorf("%s is %v, %v; want %v", iris.build(ref), got, err, ref)
				}
			}
			if got, err := iris.Parse(iris.Key(handle)); err != nil || got != (Ref{RefActor, handle}) {
				t.Errorf("a key's owner is %v, %v", got, err)
			}
		}
		for range 100 {
			for _, ref := range []Ref{{RefArticle, models.NewPublicID()}, {RefNote, models.NewPublicID()}, {RefActivity, models.NewPublicID()}, {RefTalk, models.NewPublicID()}} {
				if got, err := iris.Parse(iris.build(ref)); err != nil || got != ref {
					t.Errorf("%s is %v, %v; want %v", iris.build(ref), got, err, ref)
				}
			}
		}
	}
}

func TestWhatIsNotOneOfOurIDs(t *testing.T) {
	t.Parallel()
	iris := newIRIs(t, ourBase, "example")
	for _, iri := range []string{
		"", "/users/gwen", "users/gwen", "gwen", ourBase, ourBase + "/", ourBase + "/users", ourBase + "/users/",
		"https://notes.example.evil/users/gwen", "https://notes.example:8443/users/gwen", "https://notes.example@evil.example/users/gwen",
		"https://gwen@notes.example/users/gwen", "http://notes.example/users/gwen", "https://www.notes.example/users/gwen", "//notes.example/users/gwen",
		ourBase + "//users/gwen", ourBase + "/users//gwen", ourBase + "/users/gwen/", ourBase + "/users/../users/gwen", ourBase + "/users/%67wen",
		ourBase + "/users/%2e%2e/gwen", ourBase + "/users/gwen?x=1", ourBase + "/users/gwen%00", ourBase + "/users/gwen\n", ourBase + "/users/Gwen",
		ourBase + "/users/g", ourBase + "/users/" + strings.Repeat("g", 31), ourBase + "/users/gwen/inbox", ourBase + "/users/gwen/followers/1",
		ourBase + "/users/gwen/outbox", ourBase + "/USERS/gwen", ourBase + "/articles/short", ourBase + "/articles/AAAAAAAAAAAAAAAAAAAAA", // 21
		ourBase + "/articles/AAAAAAAAAAAAAAAAAAAAAAA", ourBase + "/articles/AAAAAAAAAAAAAAAAAAAA%2F", ourBase + "/articles/AAAAAAAAAAAAAAAAAAAAAA/replies",
		ourBase + "/activities/AAAAAAAAAAAAAAAAAAAA..", ourBase + "/@gwen", ourBase + "/@gwen/a-day", "acct:gwen@notes.example",
	} {
		if ref, err := iris.Parse(iri); err == nil {
			t.Errorf("%q is %v", iri, ref)
		}
	}
}

// What leads to us is ours to answer for, however it is spelt: nobody may sign with
// it, and nothing of it is fetched.
func TestWhatLeadsToUs(t *testing.T) {
	t.Parallel()
	for base, c := range map[string]struct{ ours, others []string }{
		ourBase: {[]string{ourBase, ourBase + "/x", "https://NOTES.example/x", "HTTPS://notes.example/x", "https://notes.example:443/x", "https://notes.example./x", "https://u@notes.example/x"},
			[]string{"", "x", "https://notes.example.evil/x", "https://notes.example:8443/x", "https://evil.example/notes.example", "https://evil.example#@notes.example/", "https://xnotes.example/x"}},
		"http://localhost:8080": {[]string{"http://localhost:8080/x", "http://LOCALHOST:8080/x"}, []string{"http://localhost/x", "http://localhost:8081/x"}},
	} {
		iris := newIRIs(t, base, "")
		for _, iri := range c.ours {
			if !iris.Ours(iri) {
				t.Errorf("%s doesn't lead to %s", iri, base)
			}
		}
		for _, iri := range c.others {
			if iris.Ours(iri) {
				t.Errorf("%s leads to %s", iri, base)
			}
		}
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://notes.example": "https://notes.example", "https://notes.example/": "https://notes.example", "HTTPS://Notes.Example": "https://notes.example",
		"https://notes.example:443": "https://notes.example", "http://notes.example:80/": "http://notes.example", "http://localhost:8080": "http://localhost:8080",
		"https://notes.example:80": "https://notes.example:80", "https://xn--bcher-kva.example": "https://xn--bcher-kva.example", "http://[::1]:8080": "http://[::1]:8080",
		"http://127.0.0.1": "http://127.0.0.1",
		"":                 "", "notes.example": "", "//notes.example": "", "ftp://notes.example": "", "https://": "", "https:notes.example": "", "https://notes.example/blog": "",
		"https://notes.example//": "", "https://notes.example/?": "", "https://notes.example?": "", "https://notes.example?x": "", "https://notes.example#x": "",
		"https://me@notes.example": "", "https://notes.example:": "", "https://notes.example:x": "", "https://notes example": "", "https://bücher.example": "",
		"https://notes.example.": "", "https://-notes.example": "", "https://[::1": "", "https://notes_.example": "",
	} {
		iris, err := NewIRIs(given, "")
		if (err == nil) != (want != "") || err == nil && iris.Base() != want {
			t.Errorf("%q: %v, %v; want %q", given, iris, err, want)
		}
	}
}

func TestAccountDomains(t *testing.T) {
	t.Parallel()
	if iris := newIRIs(t, ourBase, "Example"); iris.Acct("Gwen") != "gwen@example" || iris.Domain() != "example" || iris.Host() != "notes.example" {
		t.Errorf("%s at %s", iris.Acct("Gwen"), iris.Host())
	}
	for _, bad := range []string{"https://example", "@example", "exa mple", "example/", "bücher.example"} {
		if iris, err := NewIRIs(ourBase, bad); err == nil {
			t.Errorf("%q is taken as %s", bad, iris.Domain())
		}
	}
	iris := newIRIs(t, ourBase, "example")
	for acct, want := range map[string]string{
		"gwen@example": "gwen", "@Gwen@Example": "gwen", "acct:gwen@notes.example": "gwen", "acct:@gwen@example": "gwen",
		"gwen@other.example": "", "gwen": "", "gwen@example@evil.example": "", "gwen@": "", "": "",
	} {
		if got, ok := iris.LocalName(acct); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", acct, got, ok, want)
		}
	}
}

// Servers leave a port out of Host, or don't.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	for base, want := range map[string][]string{
		ourBase: {"notes.example", "notes.example:443"}, "http://notes.example": {"notes.example", "notes.example:80"}, "https://notes.example:8443": {"notes.example:8443", "notes.example"},
	} {
		if got := newIRIs(t, base, "").Authorities(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", base, got, want)
		}
	}
}

func TestWhatWebFingerIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("gwen", models.RoleAuthor)
	for _, resource := range []string{"acct:gwen@notes.example", "acct:Gwen@Notes.example", "gwen@notes.example", s.iris.Actor("gwen"), s.iris.ProfilePage("gwen"), ourBase + "/@Gwen"} {
		doc, err := s.docs.WebFinger(s.ctx(), resource)
		if err != nil || !strings.Contains(string(doc), `"subject":"acct:gwen@notes.example"`) {
			t.Errorf("%s: %s, %v", resource, doc, err)
		}
	}
	for _, resource := range []string{"", "acct:", "acct:gwen", s.iris.Actor("gwen") + "/inbox", "https://notes.example.evil/users/gwen", ourBase, ourBase + "/@", ourBase + "/@gwen/x"} {
		if doc, err := s.docs.WebFinger(s.ctx(), resource); err == nil {
			t.Errorf("%q: %s", resource, doc)
		}
	}
}

// Whatever is taken for one of ours is built the same again: there is one spelling.
func FuzzParseIRI(f *testing.F) {
	for _, seed := range []string{ourBase + "/users/gwen", ourBase + "/users/gwen/followers#x", ourBase + "/articles/AAAAAAAAAAAAAAAAAAAAAA", ourBase + "/talks/AAAAAAAAAAAAAAAAAAAAAA", ourBase + "/users/gwen/event", "https://notes.example.evil/"} {
		f.Add(seed)
	}
	iris := newIRIs(f, ourBase, "")
	f.Fuzz(func(t *testing.T, iri string) {
		ref, err := iris.Parse(iri)
		if err != nil {
			return
		}
		if plain, _, _ := strings.Cut(iri, "#"); iris.build(ref) != plain {
			t.Errorf("%q is %v, which is %q", iri, ref, iris.build(ref))
		}
		if !iris.Ours(iri) {
			t.Errorf("%q is %v, but not ours", iri, ref)
		}
	})
}
