package richtext

import (
	"html/template"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestScan(t *testing.T) {
	t.Parallel()
	got := Scan("#KubeCon2018 avec @Carol@Peer.test et @gwen, #kubecon2018, `#code @x`, " +
		"[#lien @y](https://a.example/#z), https://a.example/@w, @carol@peer.test, @bob@münchen.example, @lab@localhost:8080")
	if want := "KubeCon2018"; strings.Join(got.Hashtags, " ") != want {
		t.Errorf("hashtags = %q, want %q", got.Hashtags, want)
	}
	var handles []string
	for _, h := range got.Mentions {
		handles = append(handles, h.String())
	}
	if want := "carol@peer.test gwen bob@xn--mnchen-3ya.example lab@localhost:8080"; strings.Join(handles, " ") != want {
		t.Errorf("mentions = %q, want %q", handles, want)
	}
}

func TestRenderWithoutOptions(t *testing.T) {
	t.Parallel()
	a := Render("#Tag @gwen", Options{})
	if want := "<p>#Tag @gwen</p>\n"; a.HTML != want {
		t.Errorf("HTML = %q, want %q", a.HTML, want)
	}
	if len(a.Hashtags) != 1 || a.Hashtags[0] != "Tag" {
		t.Errorf("hashtags = %q", a.Hashtags)
	}
}

func TestRenderRefusesUnsafeResolutions(t *testing.T) {
	t.Parallel()
	a := Render("#Tag @gwen", Options{
		TagURL:   func(string) string { return "javascript:alert(1)" },
		Mentions: map[string]Mention{"gwen": {Href: "/@gwen", Name: "<b>"}},
	})
	if want := "<p>#Tag @gwen</p>\n"; a.HTML != want {
		t.Errorf("HTML = %q, want %q", a.HTML, want)
	}
}

func TestRenderPrefixesEveryID(t *testing.T) {
	t.Parallel()
	a := Render("## Été\n\nvoir[^1] [plus haut](#été)\n\n[^1]: Note.", Options{FootnotePrefix: `n42-">`})
	for _, want := range []string{`<h2 id="n42-été">`, `href="#n42-%C3%A9t%C3%A9"`, `id="n42-fnref:1"`, `href="#n42-fn:1"`, `id="n42-fn:1"`, `href="#n42-fnref:1"`} {
		if !strings.Contains(a.HTML, want) {
			t.Errorf("no %s in\n%s", want, a.HTML)
		}
	}
	if a.Headings[0].ID != "n42-été" {
		t.Errorf("heading id = %q", a.Headings[0].ID)
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		limit      int
		want       string
	}{
		{"a short text is whole", "Bonjour  à\ntous", 20, "Bonjour à tous"},
		{"it ends with a word", "Une leçon donnée par la mer", 20, "Une leçon donnée…"},
		{"the limit holds to the character", "abcd efgh", 9, "abcd efgh"},
		{"a word that just fits stays", "abcd efgh ij", 10, "abcd efgh…"},
		{"one long word is cut", strings.Repeat("a", 30), 10, "aaaaaaaaa…"},
		{"no comma before the ellipsis", "un, deux, trois", 10, "un, deux…"},
		{"a family isn't parted", "abc 👩‍👩‍👧‍👦", 7, "abc…"},
		{"a non-breaking space stays one", "« oui » et non", 8, "« oui »…"},
		{"nothing", "", 10, ""},
		{"no room", "abc", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Excerpt(tt.text, tt.limit)
			if got != tt.want || utf8.RuneCountInString(got) > max(tt.limit, 0) {
				t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.want)
			}
		})
	}
}

func TestStrangerText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"a plain name", "Maëlle Quérec", 30, "Maëlle Quérec"},
		{"tags go, their text stays", "<b>Gwen</b><br>Le&nbsp;Floc&#39;h", 30, "Gwen Le Floc'h"},
		{"code goes with its text", "a<script>alert(1)</script>b<style/>c", 30, "ab"},
		{"an arrow is no tag", "I <3 Go", 30, "I <3 Go"},
		{"an override goes", "gwen\u202elived\u202c\u2066\u200f", 30, "gwenlived"},
		{"spaces become one", " a\t\n\u3000b\u00a0 c ", 30, "a b c"},
		{"nothing but what can't be seen", "\u200b\u2060\ufeff\u00ad", 30, ""},
		{"separators part words", "a\u2028b\u2029c", 30, "a b c"},
		{"NFC", "e\u0301", 30, "é"},
		{"the limit counts the ellipsis", "abcdefgh", 5, "abcd…"},
		{"a cut leaves no half emoji", "abc👩‍💻d", 5, "abc…"},
		{"no room", "abc", 0, ""},
		{"no UTF-8", "a\xffb", 30, "a\uFFFDb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := StrangerText(tt.in, tt.limit); got != tt.want {
				t.Errorf("StrangerText(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func TestParagraph(t *testing.T) {
	t.Parallel()
	if got, want := Paragraph(" Keynotes & <wifi>\nhttps://a.example\u202e "), "<p>Keynotes &amp; &lt;wifi&gt; https://a.example</p>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Paragraph(" \n"); got != "" {
		t.Errorf("a blank summary makes %q", got)
	}
}

func TestTrusted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := template.Must(template.New("").Parse("{{.}}")).Execute(&b, Trusted("<p>a</p>")); err != nil || b.String() != "<p>a</p>" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestStrangerIsBounded(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"nested divs":           strings.Repeat("<div>", 100_000),
		"nested quotations":     strings.Repeat("<blockquote>", 10_000),
		"nested formatting":     strings.Repeat("<b><i><u>", 10_000) + "x",
		"nested lists":          strings.Repeat("<ul><li>", 10_000),
		"links":                 strings.Repeat("<a href=https://a.example>a", 10_000),
		"text that grows":       strings.Repeat("'\"", 100_000),
		"headings that grow":    strings.Repeat("<h1>", 100_000),
		"cells":                 strings.Repeat("<td>a", 50_000),
		"half a character":      strings.Repeat("é", 100_000) + "<p>",
		"half a tag":            strings.Repeat("a", maxStranger-3) + `<a href="https://a.example/">b</a>`,
		"comments between text": strings.Repeat("a<!---->", 50_000),
		"one giant attribute":   `<a href="https://a.example/` + strings.Repeat("x", 200_000) + `">b</a>`,
		"a giant address":       `<a href="https://a.example/` + strings.Repeat("x", 50_000) + `">b</a>`,
		"end tags alone":        strings.Repeat("</p></a></li>", 10_000),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Stranger(in)
			if len(got) > maxStranger {
				t.Errorf("%d bytes out", len(got))
			}
			if err := strangerWhitelist.check(got); err != nil {
				t.Error(err)
			}
			if again := Stranger(got); again != got {
				t.Errorf("not idempotent: %d bytes, then %d", len(got), len(again))
			}
			if !utf8.ValidString(got) {
				t.Error("half a character came out")
			}
		})
	}
}

// TestPoliciesOnlyGuard holds the two layers apart: what the writer makes passes
// its policy unchanged, and each policy alone keeps the worst out.
func TestPoliciesOnlyGuard(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`<p class="mention">a <a href="https://a.example/é?b=c d">b</a></p><ol start="2"><li lang="fr">c</ol>`} {
		once := Stranger(in)
		if got := strangerPolicy().Sanitize(once); got != once {
			t.Errorf("the policy changes %q to %q", once, got)
		}
	}
	for _, hostile := range []string{`<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<p style="x" onclick="y">z</p>`,
		`<svg><style><img src=x onerror=alert(1)></style></svg>`, `<a href="//evil.example">x</a>`, `<h2 id="a b">c</h2>`} {
		if err := strangerWhitelist.check(strangerPolicy().Sanitize(hostile)); err != nil {
			t.Errorf("alone, the stranger policy lets through %q: %v", hostile, err)
		}
		if err := ownWhitelist.check(ownPolicy().Sanitize(hostile)); err != nil {
			t.Errorf("alone, the article policy lets through %q: %v", hostile, err)
		}
	}
}

func TestATeaserIsEscaped(t *testing.T) {
	t.Parallel()
	got := Teaser("A <b> &\n title", "Words \"here\"\nand there", "https://notes.example/@gwen/a?b=1&c=\"")
	want := `<p><strong>A &lt;b&gt; &amp; title</strong></p><p>Words &#34;here&#34; and there</p>` +
		`<p><a href="https://notes.example/@gwen/a?b=1&amp;c=&#34;">https://notes.example/@gwen/a?b=1&amp;c=&#34;</a></p>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := Teaser("Title", "", "https://notes.example/"); got != `<p><strong>Title</strong></p><p><a href="https://notes.example/">https://notes.example/</a></p>` {
		t.Errorf("without words: %s", got)
	}
}
