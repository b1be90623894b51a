package templates

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestTextsComeBackAsTheyWere posts no form, but reads what one would post.
func TestTextsComeBackAsTheyWere(t *testing.T) {
	pages := load(t)
	for _, source := range []string{"plain", "\nstarts with a line break", "  spaces  \n\n\n", "<b>&amp;</b> \"q\" 'q'", "日本語 🙂 \u202e", "a\tb"} {
		for _, name := range []string{"write", "conflict", "preview", "signin-kept"} {
			t.Run(fmt.Sprintf("%s %q", name, source), func(t *testing.T) {
				page, field := samples("en", asIs)[name], "source"
				switch p := page.(type) {
				case Write:
					p.Text.Source, p.Text.Title = source, "t"
					page = p
				case Conflict:
					p.Mine.Source = source
					page = p
				case Preview:
					p.Text.Source = source
					page = p
				case SignIn:
					p.Kept, field = []Field{{"source", source}}, "kept.source"
					page = p
				}
				if got := posted(t, render(t, pages, page))[field]; got != source {
					t.Errorf("%s = %q", field, got)
				}
			})
		}
	}
}

// posted is what the first form of a page holds, by the names of its fields.
func posted(t *testing.T, document []byte) map[string]string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(document)))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	walk(root, func(n *html.Node) {
		switch name := attribute(n, "name"); {
		case name == "":
		case n.Data == "input" && attribute(n, "type") != "submit":
			values[name] = attribute(n, "value")
		case n.Data == "textarea":
			values[name] = text(n)
		case n.Data == "select":
			walk(n, func(option *html.Node) {
				for _, a := range option.Attr {
					if a.Key == "selected" {
						values[name] = attribute(option, "value")
					}
				}
			})
		case n.Data == "button", n.Data == "input":
			values[name] += attribute(n, "value") + " "
		}
	})
	return values
}

func TestFormsPostTheFieldsThatHandlersRead(t *testing.T) {
	pages := load(t)
	tests := map[string]map[string]string{
		"write":        {"client_id": "c-1", "version": "3", "title": "First day at Kormoran: tides, models and a moody wifi", "summary": "Two keynotes, five packed rooms.", "language": "en", "tags": "Kormoran2026 eBPF", "slug": "first-day", "cover": "hallhallhallhallhall00", "cover_alt": "The main hall", "cover_caption": "Row 40", "attach": "yes", "picture": "", "picture_alt": "", "picture_caption": "", "picture_cover": "yes", "action": "save uncover picture save preview publish delete "},
		"write-new":    {"client_id": "c-2", "version": "0", "language": "fr", "action": "save uncover picture save preview publish "},
		"conflict":     {"client_id": "c-1", "version": "3", "cover": "hallhallhallhallhall00", "cover_alt": "The main hall", "cover_caption": "Row 40", "attach": "yes", "action": "save publish "},
		"preview":      {"client_id": "c-1", "version": "3", "cover": "hallhallhallhallhall00", "cover_alt": "The main hall", "cover_caption": "Row 40", "attach": "yes", "language": "en", "tags": "Kormoran2026 eBPF", "slug": "first-day", "action": "edit save publish "},
		"delete":       {"client_id": "c-1", "version": "3", "confirm": "yes", "action": "delete "},
		"signin":       {"handle": "gwen", "password": "", "next": "/posts"},
		"setup":        {"token": "t0ken", "site_name": "Carnets", "site_language": "fr", "handle": "gwen", "name": "Gwen", "password": ""},
		"settings":     {"name": "Gwen Le Floc’h", "language": "fr", "current": "", "password": ""},
		"conversation": {"reply": "5", "everywhere": "yes"},
		"blocks":       {"block": "1", "everywhere": "yes", "target": "bad"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			got := posted(t, render(t, pages, samples("fr", asIs)[name]))
			for field, value := range want {
				if posted, ok := got[field]; !ok || posted != value {
					t.Errorf("%s = %q, want %q", field, posted, value)
				}
			}
		})
	}
}

func TestALanguageOffTheListStaysChosen(t *testing.T) {
	page := Write{Page: Page{Site: Site{Language: "en"}}, Text: Manuscript{Language: "tlh"}, Action: "/write"}
	if got := posted(t, render(t, load(t), page))["language"]; got != "tlh" {
		t.Errorf("language = %q", got)
	}
}

func TestProblemOfFindsWordsForEveryReason(t *testing.T) {
	tests := []struct {
		reason string
		limit  int
		want   Problem
	}{
		{"too_long", 200, Problem{ID: TooLong, Limit: 200}},
		{"required", 0, Problem{ID: Required}},
		{"on_a_sunday", 7, Problem{ID: Unusable}},
		{"", 0, Problem{ID: Unusable}},
	}
	for _, tt := range tests {
		if got := ProblemOf(tt.reason, tt.limit); got != tt.want {
			t.Errorf("ProblemOf(%q) = %+v, want %+v", tt.reason, got, tt.want)
		}
	}
}

func TestAProblemStandsAtItsField(t *testing.T) {
	page := samples("en", asIs)["write-wrong"]
	document := string(render(t, load(t), page))
	for _, want := range []string{
		`<p class="problem" id="problem-source">Too long: 100,000 characters at most.</p>`,
		`aria-invalid="true" aria-describedby="problem-source"`,
		`Nothing was saved yet: 5 things need another look.`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
