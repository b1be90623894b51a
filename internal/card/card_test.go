package card

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

var long = "Ce que j’ai retenu de la première journée : où l’on apprend que l’infrastructure « ennuyeuse » résiste aux grandes marées, " +
	"que les modèles dérivent plus vite que les bateaux, et qu’un œil exercé vaut mieux que dix tableaux de bord ; à l’année prochaine !"

var gwen = Card{Title: "eBPF sans larmes", Author: "Gwen Le Floc’h", Note: "@gwen@carnets.example", Site: "Carnets de salle", Host: "carnets.example"}

func newPrinter(t testing.TB) *Printer {
	t.Helper()
	p, err := NewPrinter()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// printed is a card with the fields of gwen's that change leaves.
func printed(t testing.TB, p *Printer, change func(*Card)) []byte {
	t.Helper()
	c := gwen
	change(&c)
	data, err := p.Print(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWhateverIsWrittenStaysOnTheCardAndItsFileSmall(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	for name, c := range map[string]Card{
		"short": gwen,
		"long":  {Title: long, Author: strings.Repeat("Maëlle Quérec ", 9), Note: "@" + strings.Repeat("kerguelen", 9) + "@carnets.example", Site: strings.Repeat("Carnets ", 20), Host: "carnets.example"},
		"dense": {Title: strings.Repeat("&@W%", 500), Author: strings.Repeat("&@W%", 500), Note: strings.Repeat("&@W%", 500), Site: strings.Repeat("&@W%", 500), Host: "x"},
		"bare":  {Host: "x"},
	} {
		data, err := p.Print(context.Background(), c)
		if err != nil {
			t.Fatal(name, err)
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil || m.Bounds() != image.Rect(0, 0, Width, Height) || len(data) > 100_000 {
			t.Fatalf("%s: %v, %d bytes, %v", name, m.Bounds(), len(data), err)
		}
		for _, edge := range []image.Rectangle{image.Rect(right+8, 0, Width, Height), image.Rect(lineAt+24, Height-28, Width, Height), image.Rect(lineAt+24, 0, Width, badgeTop)} {
			if at, found := firstInk(m, edge); found {
				t.Errorf("%s: something stands at the edge, at %v", name, at)
			}
		}
	}
}

func firstInk(m image.Image, in image.Rectangle) (image.Point, bool) {
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if r, g, b, _ := m.At(x, y).RGBA(); uint8(r) != paper.R || uint8(g) != paper.G || uint8(b) != paper.B {
				return image.Pt(x, y), true
			}
		}
	}
	return image.Point{}, false
}

func TestATitleIsAsLargeAsItFitsAndEndsInAnEllipsisWhereItDoesnt(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	before := 1000.0
	for _, title := range []string{"eBPF", "Premier jour à Kormoran : des marées, des modèles et un wifi capricieux", long} {
		set, err := fitTitle(p.bold, title)
		if err != nil {
			t.Fatal(err)
		}
		if set.pixels >= before {
			t.Errorf("%.20q stands at %g pixels, a shorter one at %g", title, set.pixels, before)
		}
		before = set.pixels
		if cut := strings.HasSuffix(set.lines[len(set.lines)-1], "…"); cut != (title == long) {
			t.Errorf("%q", set.lines)
		}
	}
}

func TestLinesBreakWhereFrenchLetsThem(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	for title, want := range map[string]string{
		"Un jour : la mer":        "Un |jour\u00a0: |la |mer ",
		"Quoi ? Non !":            "Quoi\u00a0? |Non\u00a0! ",
		"Dit « oui » au port":     "Dit |«\u00a0oui\u00a0» |au |port ",
		"10\u202fh à l’est":       "10\u00a0h |à |l’est ",
		"peut-être/jamais un-":    "peut-|être/|jamais |un- ",
		"-x « » fin":              "-x |«\u00a0» |fin ",
		"  tant   d’espaces\n là": "tant |d’espaces |là ",
	} {
		if got := strings.Join(pieces(clean(p.bold, title)), "|"); got != want {
			t.Errorf("%q is cut %q, want %q", title, got, want)
		}
	}
}

func TestAWordLongerThanALineIsBroken(t *testing.T) {
	t.Parallel()
	set, err := fitTitle(newPrinter(t).bold, strings.Repeat("anticonstitutionnellement", 3))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.lines) < 2 || strings.Join(set.lines, "") != strings.Repeat("anticonstitutionnellement", 3) {
		t.Errorf("%q", set.lines)
	}
}

func TestWhatTheFontLacksIsNeverABox(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	same := func(what string, with, without func(*Card)) {
		t.Helper()
		if !bytes.Equal(printed(t, p, with), printed(t, p, without)) {
			t.Errorf("%s shows", what)
		}
	}
	title := func(s string) func(*Card) { return func(c *Card) { c.Title = s } }
	same("an emoji", title("Jour 👩🏽‍🚀🎉 1"), title("Jour 1"))
	same("a word among others", title("Tokyo 東京 : premier jour"), title("Tokyo : premier jour"))
	same("half a word", title("Premier jоur à Brest"), title("Premier à Brest")) // with a Cyrillic o
	same("what steers bidirectional text", title("a\u202eb\u2066c\u200fd\u0000"), title("abcd"))
	same("a letter in two characters", title("e\u0301te\u0301"), title("été"))
	same("a title in another script", title("東京で開催されたカンファレンス 2026"), func(c *Card) { c.Title, c.Author = c.Author, "" })
	same("a name in another script", func(c *Card) { c.Author = "山田太郎" }, func(c *Card) { c.Author = "" })
	same("a site in another script", func(c *Card) { c.Site = "دفتر" }, func(c *Card) { c.Site = c.Host })
	if bytes.Equal(printed(t, p, title("?!")), printed(t, p, title(""))) {
		t.Error("signs alone are no title")
	}
	same("nothing but a handle", func(c *Card) { c.Title, c.Author = "日記", "山田" }, func(c *Card) { c.Title, c.Author, c.Note = c.Note, "", "" })
	if bytes.Equal(printed(t, p, title("Nguyễn à Łódź, Œuvres & ça")), printed(t, p, title("Nguyen a Lodz, OEuvres & ca"))) {
		t.Error("accents are lost")
	}
}

func TestAHashCoversAllThatACardShows(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for i, c := range []Card{{}, {Title: "a"}, {Author: "a"}, {Note: "a"}, {Site: "a"}, {Host: "a"}, {Title: "a", Author: "b"}, {Title: "ab"}, {Title: "a1:b"}} {
		if other, known := seen[c.Hash()]; known {
			t.Errorf("cards %d and %d have one hash", i, other)
		}
		seen[c.Hash()] = i
	}
}

func TestACrowdWaitsForOneDrawing(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	got := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = printed(t, p, func(*Card) {}) })
	}
	all.Wait()
	for _, data := range got {
		if &data[0] != &got[0][0] {
			t.Fatal("the same card was drawn twice")
		}
	}
}

func TestWhoeverGoesAwayDoesntWait(t *testing.T) {
	t.Parallel()
	p := newPrinter(t)
	p.turn <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Print(ctx, gwen); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestTheShelfKeepsWhatWasAskedForLast(t *testing.T) {
	t.Parallel()
	s := newShelf(30)
	for i := range 3 {
		s.put(fmt.Sprint(i), make([]byte, 10))
	}
	s.get("0")
	s.put("3", make([]byte, 10))
	for key, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
		if got := s.get(key) != nil; got != want {
			t.Errorf("%s is there: %v", key, got)
		}
	}
	if s.order.Len() != len(s.byKey) || s.room != 0 {
		t.Errorf("%d in order, %d by key, room for %d", s.order.Len(), len(s.byKey), s.room)
	}
}

func TestCardsHaveTheColoursOfThePages(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../../static/css/01-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]interface{ RGBA() (r, g, b, a uint32) }{"paper": paper, "ink": ink, "soft": soft, "accent": accent, "accent-ink": onIt, "line": margin, "marker": marker} {
		m := regexp.MustCompile(`--` + name + `: light-dark\(#([0-9a-f]+),`).FindSubmatch(css)
		if m == nil {
			t.Fatalf("there is no colour %s any more", name)
		}
		want := string(m[1])
		if len(want) == 3 {
			want = strings.Repeat(want[:1], 2) + strings.Repeat(want[1:2], 2) + strings.Repeat(want[2:], 2)
		}
		r, g, b, _ := c.RGBA()
		if got := fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8); got != want {
			t.Errorf("%s is %s on cards, %s on pages", name, got, want)
		}
	}
}

func TestWhatIsNoFontIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := unpack([]byte("wOF2" + strings.Repeat("x", 100))); err != errNoFont {
		t.Errorf("got %v", err)
	}
}

// FuzzTitle: every line fits, whatever is written.
func FuzzTitle(f *testing.F) {
	for _, s := range []string{gwen.Title, long, "", "« »", "----", "\u00a0", strings.Repeat("W", 999), "a\xffb"} {
		f.Add(s)
	}
	p := newPrinter(f)
	f.Fuzz(func(t *testing.T, s string) {
		title := clean(p.bold, s)
		if !utf8.ValidString(title) || title == "" {
			return
		}
		set, err := fitTitle(p.bold, title)
		if err != nil || len(set.lines) == 0 || len(set.lines) > 5 {
			t.Fatalf("%q: %v", s, err)
		}
		for _, line := range set.lines {
			if set.width(line) > right-left {
				t.Errorf("%q doesn't fit", line)
			}
		}
	})
}

func BenchmarkCard(b *testing.B) {
	p := newPrinter(b)
	for name, title := range map[string]string{"short": gwen.Title, "long": long} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				data, err := p.draw(p.drawable(Card{title, gwen.Author, gwen.Note, gwen.Site, gwen.Host}))
				if err != nil {
					b.Fatal(err)
				}
				size = len(data)
			}
			b.ReportMetric(float64(size), "file-bytes")
		})
	}
}
