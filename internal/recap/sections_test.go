package recap

import (
	"reflect"
	"strings"
	"testing"

	"confnotes/internal/richtext"
)

func TestSections(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		want         []Section
	}{
		{"none", "", nil},
		{"words alone", "Hello.\n\nMore.\n", []Section{{Text: "Hello.\n\nMore."}}},
		{"a note between words", "Hello.\n\n{{note abc_-1}}\n\nBye.", []Section{{Text: "Hello."}, {Note: "abc_-1"}, {Text: "Bye."}}},
		{"notes beside each other", "{{note a}}\n{{note b whole}}", []Section{{Note: "a"}, {Note: "b", Whole: true}}},
		{"a line break before and spaces after", "Hello.\n{{note a}}  \nBye.", []Section{{Text: "Hello."}, {Note: "a"}, {Text: "Bye."}}},
		{"within a line it is words", "Write {{note a}} there.", []Section{{Text: "Write {{note a}} there."}}},
		{"in code it is code", "```\n{{note a}}\n```\n\n{{note b}}", []Section{{Text: "```\n{{note a}}\n```"}, {Note: "b"}}},
		{"a longer fence has the shorter in it", "````\n```\n{{note a}}\n````\n{{note b}}", []Section{{Text: "````\n```\n{{note a}}\n````"}, {Note: "b"}}},
		{"what is no id", "{{note a/b}}\n{{note}}\n{{notes a}}", []Section{{Text: "{{note a/b}}\n{{note}}\n{{notes a}}"}}},
		{"code that begins a text keeps its spaces", "    code\n\n{{note a}}", []Section{{Text: "    code"}, {Note: "a"}}},
	}
	for _, tt := range tests {
		got := ReadSections(tt.source)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
		if again := ReadSections(WriteSections(got)); !reflect.DeepEqual(again, got) {
			t.Errorf("%s: written and read again: %+v", tt.name, again)
		}
	}
}

func FuzzSectionsAreReadBack(f *testing.F) {
	for _, s := range []string{"", "a\n\n{{note x}}\n\nb", "```\n{{note x}}", "~~~\n{{note a whole}}\n~~~\n{{note b}}", "\n\n  \n{{note a}}\n\t\n", "{{note a}}\r\n{{note b}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		first := ReadSections(source)
		if again := ReadSections(WriteSections(first)); !reflect.DeepEqual(again, first) {
			t.Errorf("%q is %+v, and then %+v", source, first, again)
		}
		var kept []string
		for _, s := range first {
			kept = append(kept, strings.Fields(s.Text+" "+s.Note)...)
		}
		for _, w := range kept {
			if !strings.Contains(source, w) {
				t.Errorf("%q isn't in %q", w, source)
			}
		}
	})
}

// Two notes with the same labels stand in one recap, and each keeps its own.
func TestNotesInARecapKeepTheirFootnotesAndLinks(t *testing.T) {
	t.Parallel()
	const text = "# Top\n\n## Part\n\nSee [slides][s] and [s][], they say.[^1]\n\n```\n## no heading [^1] [x][s]\n```\n\n[s]: https://NAME.example/\n[^1]: Said NAME."
	one, two := embed(strings.ReplaceAll(text, "NAME", "one"), "n1-"), embed(strings.ReplaceAll(text, "NAME", "two"), "n2-")
	html := richtext.Render(one+"\n\n"+two, richtext.Options{Language: "en"}).HTML
	for _, want := range []string{`href="https://one.example/"`, `href="https://two.example/"`, "Said one.", "Said two.", ">Part</h3>", "## no heading [^1] [x][s]"} {
		if !strings.Contains(html, want) {
			t.Errorf("%s isn't in %s", want, html)
		}
	}
	if strings.Contains(html, ">Part</h2>") || strings.Contains(html, "[s]:") {
		t.Errorf("a heading stands beside the talks', or a definition is text: %s", html)
	}
}
