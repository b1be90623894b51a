package handlers

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"confnotes/models"
)

func TestWhatAnybodyMayReadIsCompressed(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.article("Day one")
	for range 3 {
		gwen.article(strings.Repeat("Another day ", 12))
	}
	for _, path := range []string{"/", "/@gwen/day-one", "/feed.rss", "/users/gwen"} {
		plain := a.nobody().get(path).want(t, path, http.StatusOK)
		small := a.nobody().get(path, "Accept-Encoding", "br, gzip").want(t, path, http.StatusOK)
		if small.header("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(small.Result().Header.Values("Vary"), ","), "Accept-Encoding") || len(small.body) >= len(plain.body) {
			t.Errorf("%s: %v", path, small.Result().Header)
			continue
		}
		r, err := gzip.NewReader(strings.NewReader(small.body))
		fatal(t, err)
		body, err := io.ReadAll(r)
		fatal(t, err)
		if string(body) != plain.body {
			t.Errorf("%s: another text when compressed", path)
		}
		if small.header("ETag") == plain.header("ETag") {
			t.Errorf("%s: two forms, one ETag", path)
		}
		for encoding, etag := range map[string]string{"gzip": small.header("ETag"), "identity": plain.header("ETag")} {
			known := a.nobody().get(path, "Accept-Encoding", encoding, "If-None-Match", etag)
			if known.Code != http.StatusNotModified || known.body != "" || known.header("Content-Encoding") != "" {
				t.Errorf("%s, known as %s: %d, %d bytes", path, encoding, known.Code, len(known.body))
			}
		}
		if head := a.nobody().send(http.MethodHead, path, "", "Accept-Encoding", "gzip"); head.Code != http.StatusOK || head.body != "" {
			t.Errorf("HEAD %s: %d, %d bytes", path, head.Code, len(head.body))
		}
	}
	for _, path := range []string{"/posts", "/write", "/settings"} {
		if r := gwen.get(path, "Accept-Encoding", "gzip").want(t, path, http.StatusOK); r.header("Content-Encoding") != "" {
			t.Errorf("%s, for one person alone, is compressed", path)
		}
	}
	if r := a.nobody().get("/robots.txt", "Accept-Encoding", "gzip;q=0"); r.header("Content-Encoding") != "" {
		t.Error("compressed for who refuses it")
	}
}
