package richtext

import (
	"slices"
	"strings"
	"testing"
)

func TestThePlaceOfAPictureIsThatOfItsMark(t *testing.T) {
	t.Parallel()
	source := "Été ![one](a.jpg)\n\n> ![two](b.jpg 'x')\n\n- item\n  ![three][r]\n\n[r]: c.jpg\n"
	found := Scan(source).Pictures
	if len(found) != 3 {
		t.Fatalf("found %+v", found)
	}
	for _, p := range found {
		if !strings.HasPrefix(source[p.At:], "!["+p.Alt+"]") {
			t.Errorf("%q is said to start at %q", p.Alt, source[p.At:])
		}
	}
}

func TestPictureSourceSaysWhatScanFinds(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"", "A hall", `A [slide] with *stars*, _lines_ & "quotes" \ back\slashes`, "`code` <b> ~~x~~ ==y==", "]( \"", "&amp; &lt;", "été — ça\u00a0!", "a\nb\n\nc", "#tag @gwen", `\&amp; \\& a&b;c`} {
		source := PictureSource("/media/x", words, words)
		found := Scan("Before.\n\n" + source + "\n\nAfter.").Pictures
		want := strings.Join(strings.Fields(words), " ")
		if len(found) != 1 || strings.Join(strings.Fields(found[0].Alt), " ") != want || strings.Join(strings.Fields(found[0].Caption), " ") != want || found[0].Destination != "/media/x" {
			t.Errorf("%q became %s, read as %+v", words, source, found)
		}
	}
}

func TestReplacePicturesTouchesNothingElse(t *testing.T) {
	t.Parallel()
	by := map[string]string{"photo.jpg": "/media/P", "img/a b.png": "/media/Q"}
	tests := []struct{ name, source, want string }{
		{"inline", "![x](photo.jpg)", "![x](/media/P)"},
		{"with a title", `![x](photo.jpg "photo.jpg")`, `![x](/media/P "photo.jpg")`},
		{"in angle brackets", "![x](<img/a b.png>)", "![x](</media/Q>)"},
		{"by reference", "![x][p] and ![p]\n\n[p]: photo.jpg 'T'\n", "![x][p] and ![p]\n\n[p]: /media/P 'T'\n"},
		{"twice", "![x](photo.jpg) ![y](photo.jpg)", "![x](/media/P) ![y](/media/P)"},
		{"code shows it", "`![x](photo.jpg)` ![x](photo.jpg)\n\n    ![x](photo.jpg)\n", "`![x](photo.jpg)` ![x](/media/P)\n\n    ![x](photo.jpg)\n"},
		{"a link to it", "[x](photo.jpg) ![y](photo.jpg)", "[x](photo.jpg) ![y](/media/P)"},
		{"its name in words", "photo.jpg ![photo.jpg](photo.jpg)", "photo.jpg ![photo.jpg](/media/P)"},
		{"after what no reader sees", "\u200b\u202ea ![x](photo.jpg)", "a ![x](/media/P)"},
		{"another", "![x](other.jpg)", "![x](other.jpg)"},
		{"brackets in its words", `![a [b] \] c](photo.jpg)`, `![a [b] \] c](/media/P)`},
	}
	for _, tt := range tests {
		if got := ReplacePictures(tt.source, by); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// One picture is a figure, and so many in a row stand in rows of two or three: none alone
// where the row before has room to give.
func TestPicturesInARowBecomeAGallery(t *testing.T) {
	t.Parallel()
	const one = "![A slide](/media/slideslideslideslide00)"
	for n, want := range map[int][]int{1: nil, 2: {2}, 3: {3}, 4: {2, 2}, 5: {3, 2}, 6: {3, 3}, 7: {3, 2, 2}, 8: {3, 3, 2}} {
		for name, between := range map[string]string{"lines": "\n", "spaces": " "} {
			html := Render("Before.\n\n"+strings.Repeat(one+between, n)+"\n\nAfter.", options("en")).HTML
			var rows []int
			for _, row := range strings.Split(html, `<div class="gallery">`)[1:] {
				row, _, _ = strings.Cut(row, "</div>")
				rows = append(rows, strings.Count(row, "<figure>"))
			}
			if !slices.Equal(rows, want) || strings.Count(html, "<figure>") != n || strings.Contains(html, "<p><img") {
				t.Errorf("%d by %s stand in rows of %v, want %v:\n%s", n, name, rows, want, html)
			}
		}
	}
	apart := Render(one+"\n\n"+one, options("en")).HTML
	if strings.Contains(apart, "gallery") || strings.Count(apart, "<figure>") != 2 {
		t.Errorf("two with an empty line between them: %s", apart)
	}
}
