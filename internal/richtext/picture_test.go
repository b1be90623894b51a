package richtext

import (
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
