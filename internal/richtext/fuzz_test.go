package richtext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds adds each part of each file: the fuzzer works best from short inputs.
func seeds(f *testing.F, separator string, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds match %s: %v", pattern, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for part := range strings.SplitSeq(string(b), separator) {
				f.Add(unescapeSample(part))
			}
		}
	}
}

// FuzzStranger: whatever comes, what goes out is on the whitelist, and is left
// alone the second time.
func FuzzStranger(f *testing.F) {
	seeds(f, "%% ", "testdata/fediverse/*.html", "testdata/hostile/*.html")
	f.Fuzz(func(t *testing.T, s string) {
		once := Stranger(s)
		if err := strangerWhitelist.check(once); err != nil {
			t.Fatalf("%v\nin  %q\nout %q", err, s, once)
		}
		if twice := Stranger(once); twice != once {
			t.Fatalf("not idempotent\nin    %q\nonce  %q\ntwice %q", s, once, twice)
		}
		if len(once) > maxStranger {
			t.Fatalf("%d bytes out", len(once))
		}
		line := StrangerText(s, 40)
		if strings.ContainsAny(line, "\n\t\u202e\u200b") || len([]rune(line)) > 40 {
			t.Fatalf("StrangerText(%q) = %q", s, line)
		}
	})
}

// FuzzRender: whatever an author types, the article is on the whitelist and Scan
// agrees with Render.
func FuzzRender(f *testing.F) {
	seeds(f, "\n\n", "testdata/markdown/*.md")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return // long enough to nest deeper than the checker's parser goes
		}
		o := options("fr")
		for _, h := range Scan(s).Mentions {
			o.Mentions[h.String()] = Mention{Handle: h, Href: "https://peer.test/@x", Name: "@x"}
		}
		a := Render(s, o)
		if err := ownWhitelist.check(a.HTML); err != nil && !strings.Contains(err.Error(), "512") {
			t.Fatalf("%v\nin  %q\nout %q", err, s, a.HTML)
		}
		if again := Render(s, o); again.HTML != a.HTML {
			t.Fatalf("not stable\nin  %q\n1st %q\n2nd %q", s, a.HTML, again.HTML)
		}
		if strings.Join(a.Hashtags, " ") != strings.Join(Scan(s).Hashtags, " ") {
			t.Fatalf("Render and Scan find other hashtags in %q", s)
		}
	})
}
