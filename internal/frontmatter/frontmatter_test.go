package frontmatter

import (
	"errors"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"
)

func utc(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
}

func TestParse(t *testing.T) {
	t.Parallel()
	whole := Document{Title: "Day one: why WAL", Date: utc(2026, 6, 11, 17, 42), Summary: "Short.", Language: "fr",
		Tags: []string{"go", "sqlite"}, Slug: "day-one", Image: "cover.jpg", Source: "# Hello\n\n---\n\nBye\n"}
	yaml := "---\ntitle: \"Day one: why WAL\"\ndate: 2026-06-11T19:42:00+02:00\nsummary: Short.\nlanguage: fr\ntags: [go, sqlite]\nslug: day-one\nimage: cover.jpg\n---\n\n# Hello\n\n---\n\nBye\n"
	toml := "+++\ntitle = \"Day one: why WAL\"\ndate = 2026-06-11T19:42:00+02:00\nsummary = \"Short.\"\nlanguage = \"fr\"\ntags = [\"go\", \"sqlite\"]\nslug = \"day-one\"\nimage = \"cover.jpg\"\n+++\n\n# Hello\n\n---\n\nBye\n"
	tests := []struct {
		name, file string
		want       Document
	}{
		{"YAML", yaml, whole},
		{"TOML", toml, whole},
		{"lines as Windows ends them", strings.ReplaceAll(yaml, "\n", "\r\n"), whole},
		{"a byte order mark", "\xef\xbb\xbf" + toml, whole},
		{"spaces after the fences", strings.ReplaceAll(yaml, "---\n", "---  \n"), Document{Title: whole.Title, Date: whole.Date, Summary: whole.Summary,
			Language: "fr", Tags: whole.Tags, Slug: "day-one", Image: "cover.jpg", Source: "# Hello\n\n---  \n\nBye\n"}},
		{"no text", "---\ntitle: A\n---", Document{Title: "A"}},
		{"nothing between the lines", "---\n---\nHello", Document{Source: "Hello"}},
		{"nothing between TOML's lines", "+++\n+++\nHello", Document{Source: "Hello"}},
		{"three hyphens in a value", "---\ntitle: a --- b\nsummary: |\n  x\n  ---\n---\nHello", Document{Title: "a --- b", Summary: "x\n---\n", Source: "Hello"}},
	}
	for _, tt := range tests {
		got, err := Parse([]byte(tt.file))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got.Date = got.Date.UTC()
		if !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tt.name, *got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		line string
		want time.Time
	}{
		{"date: 2026-06-11", utc(2026, 6, 11, 0, 0)},
		{"date: 2026-06-11T19:42:00Z", utc(2026, 6, 11, 19, 42)},
		{"date: 2026-06-11 19:42:00 +0200", utc(2026, 6, 11, 17, 42)},
		{"date: 2026-06-11 19:42", utc(2026, 6, 11, 19, 42)},
		{`date: "2026-06-11T19:42:00"`, utc(2026, 6, 11, 19, 42)},
		{`date: " 2026-06-11 "`, utc(2026, 6, 11, 0, 0)},
		{"date = 2026-06-11", utc(2026, 6, 11, 0, 0)},
		{"date = 2026-06-11T19:42:00", utc(2026, 6, 11, 19, 42)},
		{`date = "2026-06-11 19:42"`, utc(2026, 6, 11, 19, 42)},
		{"date:", time.Time{}},
		{"title: none", time.Time{}},
	}
	for _, tt := range tests {
		got, err := Parse([]byte(fenced(tt.line)))
		if err != nil || !got.Date.Equal(tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.line, got, err, tt.want)
		}
	}
}

func fenced(line string) string {
	if strings.Contains(line, " = ") {
		return "+++\n" + line + "\n+++\n"
	}
	return "---\n" + line + "\n---\n"
}

// A TOML date without a zone must not depend on where the command runs.
func TestDatesAreTheSameInEveryZone(t *testing.T) {
	t.Parallel()
	const zone = "Pacific/Auckland"
	cmd := exec.Command(os.Args[0], "-test.run=^TestDates$")
	cmd.Env = append(os.Environ(), "TZ="+zone)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("in %s: %v\n%s", zone, err, out)
	}
}

func TestWhatCannotBeReadSaysWhy(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"an unknown key", "---\ntitle: A\nsumary: B\n---\n", "sumary"},
		{"an unknown TOML key", "+++\ntitle = \"A\"\nsumary = \"B\"\n+++\n", "sumary"},
		{"no closing line", "---\ntitle: A\n\nHello\n", `no closing "---" line`},
		{"the other format's closing line", "+++\ntitle = \"A\"\n---\n", `no closing "+++" line`},
		{"broken YAML", "---\ntitle: [\n---\n", "front matter: "},
		{"broken TOML", "+++\ntitle = \n+++\n", "front matter: "},
		{"a date that isn't one", "---\ndate: next Tuesday\n---\n", "next Tuesday"},
		{"a number for a date", "---\ndate: 2026\n---\n", "2026"},
		{"a time without its date", "+++\ndate = 19:42:00\n+++\n", "needs its date"},
		{"a key twice", "---\ntitle: A\ntitle: B\n---\n", "title"},
	}
	for _, tt := range tests {
		got, err := Parse([]byte(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %+v, %v; want an error with %q", tt.name, got, err, tt.want)
		}
	}
	for name, file := range map[string]string{"a plain file": "# Hello\n", "an empty one": "", "a rule further down": "Hello\n---\n", "four hyphens": "----\ntitle: A\n----\n"} {
		if _, err := Parse([]byte(file)); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v, want ErrNone", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"---\ntitle: A\ndate: 2026-06-11\ntags: [a, b]\n---\nHello", "+++\ntitle = \"A\"\ndate = 2026-06-11\n+++\n", "---\na: &a [*a, *a]\n---\n", "\xef\xbb\xbf---\r\n---", "+++\ndate = 07:32:00\n+++"} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		doc, err := Parse(file)
		if (doc == nil) == (err == nil) {
			t.Fatalf("Parse = %v, %v: one of the two is wanted", doc, err)
		}
		if doc != nil && strings.HasPrefix(doc.Source, "\n") {
			t.Errorf("the text starts with an empty line: %q", doc.Source)
		}
	})
}
