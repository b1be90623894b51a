package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// An author adds pictures by the button, by dropping and by pasting, and is asked at once
// what each shows.
func TestPicturesInTheEditor(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	b := newBrowser(t)
	signIn(t, b, in)
	b.open(t, in.baseURL+"/write", http.StatusOK)
	b.do(t, "write", chromedp.SendKeys("#field-title", "Three ways", chromedp.ByQuery), chromedp.SendKeys("#field-source", "Before.", chromedp.ByQuery))

	chosen := filepath.Join(t.TempDir(), "chosen.png")
	if err := os.WriteFile(chosen, drawing(t, 640, 360, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(t, "choose a file", chromedp.SetUploadFiles("#field-picture", []string{chosen}, chromedp.ByQuery))
	describe(t, b, 1, `The "hall" [full]`)
	b.do(t, "caption it", chromedp.SendKeys(".added li:nth-child(1) .control:nth-of-type(2) input", "By Ada", chromedp.ByQuery))

	b.hand(t, "#field-source", "drop", "DragEvent", "dataTransfer", drawing(t, 640, 360, 2), drawing(t, 640, 360, 3))
	describe(t, b, 2, "The second")
	describe(t, b, 3, "The third")
	if got, want := shape(t, b), `Before.\n\n![The "hall" \[full\]](1 "By Ada")\n![The second](2)\n![The third](3)`; got != want {
		t.Errorf("the text is %s\nwant       %s", got, want)
	}

	b.do(t, "go on writing", chromedp.Focus("#field-source", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent("After."))
	if got := shape(t, b); !strings.HasSuffix(got, `![The third](3)\n\nAfter.`) {
		t.Errorf("after going on the text is %s", got)
	}
	b.hand(t, "#field-source", "paste", "ClipboardEvent", "clipboardData", drawing(t, 1300, 700, 4))
	describe(t, b, 4, "Everybody")
	makeCover(t, b, 4)
	if got := eval[string](t, b, `document.querySelector("[name=cover_alt]").value`); got != "Everybody" || strings.Contains(shape(t, b), "Everybody") {
		t.Errorf("the cover is described as %q, the text is %s", got, shape(t, b))
	}

	b.hand(t, "#field-source", "drop", "DragEvent", "dataTransfer", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
	b.do(t, "read the refusal", chromedp.WaitVisible(`.added [role="alert"]`, chromedp.ByQuery))
	if said := b.text(t, `.added [role="alert"]`); !strings.Contains(said, "SVG isn’t taken") {
		t.Errorf("of an SVG it says %q", said)
	}
	b.refusals(t, 1)
	b.press(t, `button[value="publish"]`)
	b.quiet(t, "writing")
	b.open(t, in.baseURL+"/@"+author+"/three-ways", http.StatusOK)
	if n := eval[int](t, b, `document.querySelectorAll(".gallery img").length`); n != 3 {
		t.Errorf("%d pictures stand in a row, want 3:\n%s", n, b.html(t, "main"))
	}
	for _, want := range []string{`alt="The “hall” [full]"`, "<figcaption>By Ada</figcaption>", `alt="Everybody"`} {
		if page := b.html(t, "main"); !strings.Contains(page, want) {
			t.Errorf("the article lacks %s", want)
		}
	}
	for at, y := range eval[[]float64](t, b, `[...document.querySelectorAll(".gallery img")].map((i) => Math.round(i.getBoundingClientRect().top))`) {
		if first := eval[float64](t, b, `Math.round(document.querySelector(".gallery img").getBoundingClientRect().top)`); y != first {
			t.Errorf("picture %d stands at %v, the first at %v", at+1, y, first)
		}
	}
	b.quiet(t, "reading")
}

// In a recap a picture goes between the notes, into the words that it is handed to, and
// is described wherever it stands.
func TestPicturesInARecap(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	h := host(t, openStore(t, in))
	b := newBrowser(t)
	signIn(t, b, in)
	b.open(t, in.baseURL+"/write?talk="+h.talks[0].PublicID, http.StatusOK)
	b.do(t, "write a note", chromedp.SendKeys("#field-source", "Two voices, one sea.", chromedp.ByQuery))
	b.press(t, `.actions button[value="save"]`)

	b.open(t, in.baseURL+"/recap/new?conference=kormoran_conf&day=2026-06-11", http.StatusOK)
	const before, after = "#section-0 textarea", "#section-2 textarea"
	folder := t.TempDir()
	choose := func(tint uint8) {
		t.Helper()
		file := filepath.Join(folder, fmt.Sprint(tint, ".png"))
		if err := os.WriteFile(file, drawing(t, 640, 360, tint), 0o600); err != nil {
			t.Fatal(err)
		}
		b.do(t, "choose a file", chromedp.SetUploadFiles("#field-picture", []string{file}, chromedp.ByQuery))
	}
	b.do(t, "write", chromedp.SendKeys(before, "Got in last night.", chromedp.ByQuery))
	b.hand(t, after, "drop", "DragEvent", "dataTransfer", drawing(t, 640, 360, 1), drawing(t, 640, 360, 2))
	describe(t, b, 1, "The screen")
	describe(t, b, 2, "The boats")
	b.hand(t, before, "paste", "ClipboardEvent", "clipboardData", drawing(t, 640, 360, 3))
	describe(t, b, 3, "Everybody")
	b.do(t, "put the cursor", chromedp.Focus(before, chromedp.ByQuery))
	choose(4)
	describe(t, b, 4, "The quay")
	if got, want := shape(t, b), `Got in last night.\n\n![Everybody](1)\n![The quay](2) | ![The screen](3)\n![The boats](4)`; got != want {
		t.Errorf("the words are %s\nwant          %s", got, want)
	}
	makeCover(t, b, 3)

	b.press(t, `button[value="up-2"]`)
	choose(5) // before the cursor was anywhere
	describe(t, b, 4, "The end")
	b.do(t, "describe one again", chromedp.SendKeys(".added li:nth-child(3) .control:nth-of-type(1) input", ", at low tide", chromedp.ByQuery))
	if got, want := shape(t, b), `Got in last night.\n\n![The quay](1) | ![The screen](2)\n![The boats, at low tide](3)\n![The end](4)`; got != want {
		t.Errorf("moved and described again, the words are %s\nwant          %s", got, want)
	}
	b.press(t, `button[value="down-1"]`)
	b.press(t, `.actions button[value="publish"]`)
	b.quiet(t, "writing the recap")
	b.open(t, in.baseURL+"/@"+author+"/kormoran-conf-2026-day-1", http.StatusOK)
	rest := b.html(t, "main")
	for _, part := range []string{`alt="Everybody"`, "Got in last night.", `alt="The quay"`, "Two voices, one sea.", `alt="The screen"`, `alt="The boats, at low tide"`, `alt="The end"`} {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("the recap lacks %s, or has it before what it follows:\n%s", part, b.html(t, "main"))
		}
		rest = after
	}
	b.quiet(t, "reading the recap")
}

// describe waits until a picture is there and its description asked for, and gives one.
func describe(t *testing.T, b *browser, item int, words string) {
	t.Helper()
	field := fmt.Sprintf(".added li:nth-child(%d) .control:nth-of-type(1) input", item)
	b.do(t, "be asked for a description", chromedp.WaitVisible(field, chromedp.ByQuery))
	eventually(t, patience, "the first description has the focus", func() error {
		if !eval[bool](t, b, `document.querySelector(".added").contains(document.activeElement)`) {
			return fmt.Errorf("%s has it", eval[string](t, b, `document.activeElement.outerHTML.slice(0, 80)`))
		}
		return nil
	})
	b.do(t, "describe it", chromedp.SendKeys(field, words, chromedp.ByQuery))
}

// makeCover takes a picture out of the text, to be the cover.
func makeCover(t *testing.T, b *browser, item int) {
	t.Helper()
	button := fmt.Sprintf(".added li:nth-child(%d) button", item)
	b.do(t, "make it the cover", chromedp.Evaluate(`document.querySelector("`+button+`").scrollIntoView({ block: "center" })`, nil), chromedp.Click(button, chromedp.ByQuery))
}

// hand gives a text files as a mouse or a clipboard does.
func (b *browser) hand(t *testing.T, into, event, class, carrier string, files ...[]byte) {
	t.Helper()
	encoded, err := json.Marshal(files) // base64
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, event, chromedp.Evaluate(`(() => {
		const carried = new DataTransfer();
		`+string(encoded)+`.forEach((file, n) => carried.items.add(new File([Uint8Array.from(atob(file), (c) => c.charCodeAt(0))], n + ".png", { type: "image/png" })));
		const text = document.querySelector("`+into+`");
		text.dispatchEvent(new `+class+`("`+event+`", { `+carrier+`: carried, bubbles: true, cancelable: true }));
	})()`, nil))
}

var address = regexp.MustCompile(`/media/[A-Za-z0-9_-]{22}`)

// shape is the text, or a recap's texts, with a number in place of each picture's address.
func shape(t *testing.T, b *browser) string {
	t.Helper()
	text := eval[string](t, b, `[...document.querySelectorAll("#field-source, .sections textarea")].map((text) => text.value.trimEnd()).join(" | ")`)
	n := 0
	text = address.ReplaceAllStringFunc(text, func(string) string { n++; return fmt.Sprint(n) })
	return strings.ReplaceAll(text, "\n", `\n`)
}

// refusals takes back the complaints of so many requests that were to fail: a browser
// writes each into its console.
func (b *browser) refusals(t *testing.T, want int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	var others []string
	for _, c := range b.complaints {
		if strings.Contains(c, "status of 422") {
			want--
			continue
		}
		others = append(others, c)
	}
	if b.complaints = others; want != 0 {
		t.Errorf("%d more refusals were to be seen", want)
	}
}
