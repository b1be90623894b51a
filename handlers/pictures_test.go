package handlers

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"confnotes/internal/media"
	"confnotes/models"
)

// photo is a JPEG with something to see in it.
func photo(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	fatal(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

// bomb is the head of a PNG that says how large it would be, all that is read of it.
func bomb(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
	head = append(head, 1, 0, 0, 0, 0)
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(head)))
}

// upload posts a form with a picture after its fields, as a browser does.
func (b *browser) upload(path string, fields url.Values, name string, file []byte, header ...string) *response {
	b.app.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range fields {
		for _, value := range values {
			fatal(b.app.t, form.WriteField(field, value))
		}
	}
	if file != nil {
		part, err := form.CreateFormFile("picture", name)
		fatal(b.app.t, err)
		_, err = part.Write(file)
		fatal(b.app.t, err)
	}
	fatal(b.app.t, form.Close())
	return b.send(http.MethodPost, path, body.String(), append([]string{"Content-Type", form.FormDataContentType(), "Sec-Fetch-Site", "same-origin"}, header...)...)
}

// added is what the script is answered.
func (r *response) added(t testing.TB) (a addedPicture) {
	t.Helper()
	if got := r.header("Content-Type"); got != "application/json" {
		t.Fatalf("Content-Type %q, status %d; want JSON; body:\n%.300s", got, r.Code, r.body)
	}
	fatal(t, json.Unmarshal([]byte(r.body), &a))
	return a
}

func TestAPictureIsAddedShownAndServed(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	file := photo(t, 1300, 800)
	one := gwen.upload("/media", nil, "hall.jpg", file).want(t, "upload", http.StatusCreated).added(t)
	if again := gwen.upload("/media", nil, "copy.jpg", file).added(t); again.ID != one.ID {
		t.Errorf("the same file became another picture: %s and %s", one.ID, again.ID)
	}
	form := gwen.get("/write").form()
	form.Set("title", "Day one")
	form.Set("source", "Before.\n\n![The hall]("+one.Path+" \"From the back\")\n\nAfter.")
	form.Set("cover", one.ID)
	form.Set("cover_alt", "A full hall")
	form.Set("action", "publish")
	gwen.post("/write", form).wantRedirect(t, "publish", http.StatusSeeOther, "/write/")
	page := a.nobody().get("/@gwen/day-one").want(t, "article", http.StatusOK)
	base := "https://notes.example/media/" + one.ID
	for _, want := range []string{`<figure class="cover"><img class="u-featured" src="` + base + `/960.jpg" srcset="` + base + `/480.jpg 480w, ` + base + `/960.jpg 960w`,
		`alt="A full hall"`, `<figcaption>From the back</figcaption>`, `alt="The hall" loading="lazy"`, `<meta property="og:image" content="` + base + `/card.jpg">`} {
		if !page.has(want) {
			t.Errorf("the article lacks %s in\n%s", want, page.body)
		}
	}
	if !a.nobody().get("/").has(base + "/480.jpg 480w") {
		t.Error("the front page doesn't show the cover")
	}
	served := a.nobody().get("/media/"+one.ID+"/480.jpg").want(t, "file", http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=31536000, immutable",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Set-Cookie": ""} {
		if got := served.header(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	config, err := jpeg.DecodeConfig(strings.NewReader(served.body))
	if err != nil || config.Width != 480 {
		t.Errorf("served %+v, %v; want a JPEG 480 wide", config, err)
	}
	a.nobody().get("/media/"+one.ID+"/480.jpg", "If-None-Match", served.header("ETag")).want(t, "known file", http.StatusNotModified)
}

func TestWhatIsNotAPictureOfOursIsNotServed(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	one := a.person("gwen", models.RoleAuthor).upload("/media", nil, "x.jpg", photo(t, 40, 30)).added(t)
	for _, path := range []string{"/media/" + one.ID + "/1600.jpg", "/media/" + one.ID + "/480.png", "/media/" + one.ID + "/..%2f..%2f..%2fconfnotes.db", "/media/..%2f..%2fconfnotes.db/480.jpg",
		"/media/" + strings.Repeat("A", 22) + "/480.jpg", "/media/" + one.ID + "/480.jpg%00", "/media/.incoming/x.jpg", "/media/" + one.ID + "/"} {
		a.nobody().get(path).want(t, path, http.StatusNotFound)
	}
}

func TestAPictureThatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	jpg := photo(t, 400, 300)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"an SVG that calls itself PNG": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "SVG isn’t taken"},
		"a PNG of 20,000 by 20,000":    {bomb(20_000, 20_000), "more than 40 megapixels"},
		"a JPEG that is a page, too":   {append(slices.Clone(jpg), "<script>alert(1)</script>"...), "a page, a script or an archive at once"},
		"a text":                       {[]byte("Hello"), "not a picture"},
		"a JPEG cut short":             {jpg[:len(jpg)/2], "damaged"},
		"more than 16 MB":              {make([]byte, media.MaxBytes+1), "larger than 16 MB"},
	} {
		got := gwen.upload("/media", nil, "x.png", tt.file).want(t, name, http.StatusUnprocessableEntity).added(t)
		if !strings.Contains(got.Problem, tt.want) {
			t.Errorf("%s: %q, want %q", name, got.Problem, tt.want)
		}
		// Without a script, what was typed before is still there.
		form := gwen.get("/write").form()
		form.Set("title", "Kept title")
		form.Set("source", "Kept words.")
		form.Set("action", "picture")
		page := gwen.upload("/write", form, "x.png", tt.file).want(t, name+", by form", http.StatusUnprocessableEntity)
		if !page.has(tt.want) || !page.has("Kept words.") || page.form().Get("title") != "Kept title" {
			t.Errorf("%s: the form lacks the reason or the text:\n%s", name, page.body)
		}
	}
}

func TestAFormOfEmptyFieldsIsTooLarge(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var body strings.Builder
	for n := range maxForm / fieldRoom {
		fmt.Fprintf(&body, "--b\r\nContent-Disposition: form-data; name=\"%d\"\r\n\r\n\r\n", n)
	}
	body.WriteString("--b--\r\n")
	for name, who := range map[string]*browser{"nobody": a.nobody(), "gwen": a.person("gwen", models.RoleAuthor).browser} {
		who.send(http.MethodPost, "/write", body.String(), "Content-Type", "multipart/form-data; boundary=b", "Sec-Fetch-Site", "same-origin").want(t, name, http.StatusRequestEntityTooLarge)
	}
}

// A file after one that was refused isn't read: nobody would close it.
func TestAfterARefusedFileNoOtherIsReceived(t *testing.T) {
	t.Parallel()
	body := "--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"%s\"\r\n\r\nx\r\n"
	r := httptest.NewRequest(http.MethodPost, "/media", strings.NewReader(fmt.Sprintf(body+body+"--b--\r\n", "large.jpg", "small.jpg")))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	received := 0
	err := readParts(r, func(*multipart.Part) error {
		received++
		return &models.InvalidError{Reason: models.TooLong}
	})
	if _, ok := errors.AsType[*models.InvalidError](err); !ok || received != 1 {
		t.Errorf("%d files were received, %v", received, err)
	}
}

func TestAnEndedSessionIsA401ThatSaysSo(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	before := everything(t, a)
	for name, who := range map[string]*browser{"nobody": a.nobody(), "an ended session": {app: a, cookie: "made up"}} {
		got := who.upload("/media", nil, "x.jpg", photo(t, 40, 30)).want(t, name, http.StatusUnauthorized).added(t)
		if !strings.Contains(got.Problem, "session has ended") {
			t.Errorf("%s: %q", name, got.Problem)
		}
		page := who.upload("/write", url.Values{"title": {"Kept title"}, "action": {"picture"}}, "x.jpg", photo(t, 40, 30)).want(t, name+", by form", http.StatusUnauthorized)
		if page.form().Get("kept.title") != "Kept title" {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if everything(t, a) != before {
		t.Error("something was stored")
	}
}

func TestWithoutAScriptTheFormAddsAPicture(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	fields := gwen.get("/write").form()
	fields.Set("source", "Words.\n\n")
	fields.Set("action", "picture")
	fields.Set("picture_alt", `A [slide] with *stars* and \ "quotes"`)
	fields.Set("picture_caption", `By "Ada" & co`)
	page := gwen.upload("/write", fields, "x.jpg", photo(t, 400, 300)).want(t, "add", http.StatusOK)
	source := page.form().Get("source")
	if !strings.HasPrefix(source, "Words.\n\n![A \\[slide\\]") {
		t.Errorf("source = %q", source)
	}
	if !page.has("Nothing has been saved yet") || !page.has(`A [slide] with *stars* and \ "quotes"`) {
		t.Errorf("the page doesn't list the picture as described:\n%s", page.body)
	}
	fields = page.form()
	fields.Set("action", "picture")
	fields.Set("picture_cover", "yes")
	fields.Set("picture_alt", "Cover words")
	page = gwen.upload("/write", fields, "x.jpg", photo(t, 300, 400)).want(t, "add the cover", http.StatusOK)
	fields = page.form()
	if fields.Get("cover") == "" || fields.Get("cover_alt") != "Cover words" || fields.Get("source") != source {
		t.Errorf("cover %q, %q", fields.Get("cover"), fields.Get("cover_alt"))
	}
	fields.Set("action", "uncover")
	if got := gwen.post("/write", fields).form(); got.Get("cover") != "" || got.Get("cover_alt") != "" {
		t.Errorf("the cover stays: %v", got)
	}
	fields.Set("action", "picture")
	gwen.upload("/write", fields, "", nil).want(t, "no file chosen", http.StatusUnprocessableEntity)
}

func TestWithoutAScriptTheFormAddsAPictureToTheEndOfARecap(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	tides := a.talk(a.twoDays("kormoran2026"), "2026-06-11", 0, "Ten years of tides")
	note := *gwen.note(tides, "publish", "", "Two voices.").PublicID
	fields := gwen.get(newRecap).form() // words, the note, words
	fields["section"][0] = "Got in last night."
	fields.Set("whole", note)
	fields.Set("action", "picture")
	fields.Set("picture_alt", "The quay")
	page := gwen.upload("/write", fields, "x.jpg", photo(t, 400, 300)).want(t, "add", http.StatusOK)
	sections := page.form()["section"]
	if len(sections) != 3 || sections[0] != "Got in last night." || sections[1] != "{{note "+note+" whole}}" || !strings.HasPrefix(sections[2], "![The quay](/media/") {
		t.Errorf("the sections are %q", sections)
	}
	if !page.has("<p>The quay</p>") {
		t.Errorf("the page doesn't list the picture:\n%s", page.body)
	}
}

func TestATextLongerThanAFormIsRefusedWithOrWithoutAFile(t *testing.T) {
	t.Parallel()
	gwen := newTestApp(t).person("gwen", models.RoleAuthor)
	long := url.Values{"source": {strings.Repeat("x", maxForm)}, "title": {"t"}, "action": {"picture"}}
	gwen.upload("/write", long, "x.jpg", photo(t, 40, 30)).want(t, "with", http.StatusRequestEntityTooLarge)
	gwen.post("/write", long).want(t, "without", http.StatusRequestEntityTooLarge)
}
