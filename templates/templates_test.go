package templates

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"confnotes/internal/i18n"
)

func load(t *testing.T) *Templates {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := New(catalogue, func(name string) string { return "/static/" + name })
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func render(t *testing.T, pages *Templates, page any) []byte {
	t.Helper()
	document, err := pages.Render(page)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func asIs(s string) string { return s }

func TestEveryPageIsSoundInBothLanguages(t *testing.T) {
	pages := load(t)
	for _, language := range i18n.Languages() {
		for name, page := range samples(language.Tag, asIs) {
			t.Run(language.Tag+" "+name, func(t *testing.T) {
				for _, fault := range faults(render(t, pages, page), language.Tag) {
					t.Error(fault)
				}
			})
		}
	}
}

// TestEveryPageHasASample keeps the other tests honest: a page that nobody
// renders can't fail.
func TestEveryPageHasASample(t *testing.T) {
	shown := map[string]bool{}
	for _, page := range samples("en", asIs) {
		shown[page.(view).file()] = true
	}
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !shown[entry.Name()] && !slices.Contains(shared, entry.Name()) {
			t.Errorf("%s is in no sample", entry.Name())
		}
	}
}

// TestHostileWordsChangeNothingButWords renders each page with harmless and
// with hostile words: the elements and their attributes must be the same.
func TestHostileWordsChangeNothingButWords(t *testing.T) {
	pages := load(t)
	const knock = `</textarea></title><script>alert(1)</script>"><img src=x onerror=alert(1)>' onfocus=alert(1) autofocus {{.}} <!-- ` + "`"
	harmless := samples("en", func(s string) string { return "x" + s })
	for name, page := range samples("en", func(s string) string { return knock + s }) {
		t.Run(name, func(t *testing.T) {
			want, got := outline(t, render(t, pages, harmless[name])), outline(t, render(t, pages, page))
			if !slices.Equal(want, got) {
				for i := range min(len(want), len(got)) {
					if want[i] != got[i] {
						t.Fatalf("element %d is %s, want %s", i, got[i], want[i])
					}
				}
				t.Fatalf("%d elements, want %d", len(got), len(want))
			}
		})
	}
}

// outline is the names of the elements of a page with those of their attributes.
func outline(t *testing.T, document []byte) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(document)))
	if err != nil {
		t.Fatal(err)
	}
	var elements []string
	walk(root, func(n *html.Node) {
		element := n.Data
		for _, a := range n.Attr {
			element += " " + a.Key
		}
		elements = append(elements, element)
	})
	return elements
}

func TestHostileAddressesGoNowhere(t *testing.T) {
	pages := load(t)
	const script = "javascript:alert(1)"
	article := samples("en", asIs)["article"].(Article)
	article.Author.URL = script
	article.Replies = []Reply{{ID: "1", Author: Author{Name: "M", Handle: "@m@bad.example", URL: script}, URL: script}}
	article.Tags = []Link{{Label: "tag", URL: script}}
	if document := string(render(t, pages, article)); strings.Contains(document, script) {
		t.Error("a javascript: address reached the page")
	}
}

func TestPublicPagesHoldNothingOfAViewer(t *testing.T) {
	pages := load(t)
	for name, page := range samples("en", asIs) {
		base := page.(view).page()
		document := string(render(t, pages, page))
		if base.Viewer == nil && (strings.Contains(document, PathSignOut) || strings.Contains(document, PathPosts+`"`) && name != "signin") {
			t.Errorf("%s has controls of the signed-in", name)
		}
		if base.Viewer != nil && !strings.Contains(document, `content="noindex"`) {
			t.Errorf("%s may be indexed", name)
		}
	}
}

func TestAnArticleSaysWhatOtherServersLookFor(t *testing.T) {
	document := string(render(t, load(t), samples("fr", asIs)["article"]))
	for _, want := range []string{
		`<link rel="alternate" type="application/activity+json" href="https://notes.example/articles/1">`,
		`<link rel="canonical" href="https://notes.example/x">`,
		`<meta name="fediverse:creator" content="@gwen@notes.example">`,
		`<meta property="og:type" content="article">`,
		`<meta property="og:description" content="Two keynotes &amp; a lesson">`,
		`<meta property="og:image" content="https://notes.example/media/1.jpg">`,
		`<meta property="article:published_time" content="2026-06-11T21:02:00Z">`,
		`<time class="dt-published" datetime="2026-06-11T21:02:00Z">11 juin 2026</time>`,
		`<h2 id="replies-title">5 réponses, 41 favoris, 12 partages</h2>`,
		`translate="no">@gwen@notes.example</code>`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("it lacks %s", want)
		}
	}
}

func TestWhichLanguageAPageSpeaks(t *testing.T) {
	pages := load(t)
	tests := []struct {
		name, site, content, viewer, want string
	}{
		{"an article in a language of ours", "en", "fr", "", "fr"},
		{"an article in another language gets the site's words", "fr", "de", "", "fr"},
		{"a page without content", "fr", "", "", "fr"},
		{"a viewer has chosen", "en", "en", "fr", "fr"},
		{"a site in a language that we don't speak", "ja", "ja", "", "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := Page{Language: tt.content, Site: Site{Language: tt.site}}
			if tt.viewer != "" {
				page.Viewer = &Viewer{Language: tt.viewer}
			}
			if got := pages.speak(page); got != tt.want {
				t.Errorf("it speaks %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEveryErrorIsExplained(t *testing.T) {
	pages := load(t)
	for _, status := range []int{400, 403, 404, 405, 413, 422, 429, 500, 502, 503, 418} {
		document := string(render(t, pages, Error{Page: Page{Site: Site{Language: "fr"}}, Status: status}))
		for _, id := range (Error{Status: status}).Explain() {
			if strings.Contains(document, id) {
				t.Errorf("%d: %s has no words", status, id)
			}
		}
	}
}

func TestRenderRefusesWhatIsNoPage(t *testing.T) {
	if _, err := load(t).Render("a string"); err == nil {
		t.Error("it didn't")
	}
}

func TestInitials(t *testing.T) {
	tests := []struct{ name, person, handle, want string }{
		{"first and last", "Gwen Le Floc’h", "@gwen@x", "GF"},
		{"one word", "ilan", "@ilan@x", "I"},
		{"letters beyond Latin", "Ольга Ёлкина", "@o@x", "ОЁ"},
		{"an emoji has no initial", "🙂 Yuki", "@yuki@x", "Y"},
		{"no letter at all", "🙂", "@yuki@x", "Y"},
		{"nothing", "", "", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := initials(tt.person, tt.handle); got != tt.want {
				t.Errorf("initials = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAWaitIsRoundedUp(t *testing.T) {
	for wait, want := range map[time.Duration]int{time.Second: 1, time.Minute: 1, 61 * time.Second: 2} {
		if got := (SignIn{Wait: wait}).WaitMinutes(); got != want {
			t.Errorf("%v: %d minutes, want %d", wait, got, want)
		}
	}
}

func TestFieldRefusesAnUnknownSetting(t *testing.T) {
	if _, err := field("name", "Name", "", nil, "hnit", "x"); err == nil {
		t.Error("a misspelt setting went unnoticed")
	}
	if _, err := field("name", "Name", "", nil, "required", "true"); err == nil {
		t.Error("a setting of the wrong type went unnoticed")
	}
}
