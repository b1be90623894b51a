package richtext

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

// options are a small instance's: its tags, one remote person and one local.
func options(language string) Options {
	return Options{
		Language: language,
		TagURL:   func(tag string) string { return "https://notes.example/tags/" + strings.ToLower(tag) },
		Mentions: map[string]Mention{
			"carol@peer.test": {Handle: Handle{"carol", "peer.test"}, Href: "https://peer.test/@carol", Name: "@carol"},
			"gwen":            {Handle: Handle{"gwen", ""}, Href: "https://notes.example/@gwen", Name: "@gwen"},
		},
		Pictures: map[string]Picture{
			"/media/hallhallhallhallhall00": {Width: 1600, Height: 1000, Sources: []Source{
				{"https://notes.example/media/hallhallhallhallhall00/480.jpg", 480},
				{"https://notes.example/media/hallhallhallhallhall00/960.jpg", 960},
				{"https://notes.example/media/hallhallhallhallhall00/1600.jpg", 1600}}},
			"/media/slideslideslideslide00": {Width: 300, Height: 200, Sources: []Source{
				{"https://notes.example/media/slideslideslideslide00/480.png", 300}}},
		},
	}
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/markdown/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			language := "fr"
			if strings.HasSuffix(name, ".en.md") {
				language = "en"
			} else if strings.HasSuffix(name, ".br.md") {
				language = "br"
			}
			checkArticle(t, string(source), language, strings.TrimSuffix(name, ".md")+".html")
		})
	}
}

func TestRenderRecapGolden(t *testing.T) {
	t.Parallel()
	a := checkArticle(t, recap(t), "fr", "testdata/recap.html")
	h2 := 0
	for _, h := range a.Headings {
		if h.Level == 2 {
			h2++
		}
	}
	if h2 != 14 {
		t.Errorf("the recap has %d parts, want 14", h2)
	}
	if a.Words < 1000 {
		t.Errorf("the recap has %d words, want more than 1000", a.Words)
	}
}

// checkArticle renders, compares, and holds the result to the whitelist.
func checkArticle(t *testing.T, source, language, name string) Article {
	t.Helper()
	a := Render(source, options(language))
	var b strings.Builder
	b.WriteString(a.HTML + "\n<!--\nwords: " + fmt.Sprint(a.Words) + "\nhashtags: " + strings.Join(a.Hashtags, " ") + "\n")
	for _, h := range a.Headings {
		fmt.Fprintf(&b, "h%d #%s: %s\n", h.Level, h.ID, h.Text)
	}
	b.WriteString("text:\n" + a.Text + "\n-->\n")
	golden(t, name, b.String())
	if err := ownWhitelist.check(a.HTML); err != nil {
		t.Errorf("%v in\n%s", err, a.HTML)
	}
	return a
}

// recap is the body of the sample recap that the end-to-end tests publish.
func recap(tb testing.TB) string {
	tb.Helper()
	b, err := os.ReadFile("../../e2e/testdata/kormoran-jour-1.md")
	if err != nil {
		tb.Fatal(err)
	}
	_, body, ok := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
	if !ok {
		tb.Fatal("the recap has no front matter")
	}
	return body
}

func TestStrangerGolden(t *testing.T) {
	t.Parallel()
	var names []string
	for _, folder := range []string{"fediverse", "hostile"} {
		found, err := filepath.Glob("testdata/" + folder + "/*.html")
		if err != nil || len(found) == 0 {
			t.Fatalf("no samples in %s: %v", folder, err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := strangerSamples(t, string(b))
			golden(t, strings.TrimSuffix(name, ".html")+".golden", got)
		})
	}
}

// strangerSamples sanitizes each sample of a file; "%%" and a title part them.
// Escapes such as %u202E and %x00 stand for what an editor would hide.
func strangerSamples(t *testing.T, file string) string {
	t.Helper()
	var b strings.Builder
	for sample := range strings.SplitSeq(file, "%% ") {
		title, source, ok := strings.Cut(sample, "\n")
		if !ok {
			continue
		}
		source = unescapeSample(strings.TrimSuffix(source, "\n"))
		got := Stranger(source)
		if err := strangerWhitelist.check(got); err != nil {
			t.Errorf("%s: %v\nin  %s\nout %s", title, err, source, got)
		}
		if again := Stranger(got); again != got {
			t.Errorf("%s isn't idempotent:\nonce  %s\ntwice %s", title, got, again)
		}
		b.WriteString("%% " + title + "\n" + got + "\n= " + StrangerText(source, 80) + "\n")
	}
	return b.String()
}

func unescapeSample(s string) string {
	for _, r := range "\u202e\u202d\u202c\u2066\u2067\u2069\u200b\u200d\u200e\ufeff" {
		s = strings.ReplaceAll(s, fmt.Sprintf("%%u%04X", r), string(r))
	}
	for _, b := range []byte{0, 7, 0xc0, 0xff, '\r', '\f'} {
		s = strings.ReplaceAll(s, fmt.Sprintf("%%x%02X", b), string([]byte{b}))
	}
	return s
}
