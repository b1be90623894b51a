package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func load(t *testing.T) *Assets {
	t.Helper()
	assets, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return assets
}

func get(assets *Assets, url string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	assets.ServeHTTP(recorder, request)
	return recorder
}

func TestURLsNameTheContent(t *testing.T) {
	assets := load(t)
	for _, name := range []string{"look.css", "read.js", "write.js", "icon.svg", "source-serif-4-latin-400-normal.woff2"} {
		base, extension, _ := strings.Cut(name, ".")
		pattern := regexp.MustCompile(`^/static/` + base + `\.[0-9a-f]{16}\.` + extension + `$`)
		if got := assets.URL(name); !pattern.MatchString(got) {
			t.Errorf("URL(%s) = %s", name, got)
		}
	}
}

func TestFilesAreServedForEver(t *testing.T) {
	assets := load(t)
	for name, kind := range map[string]string{
		"look.css": "text/css; charset=utf-8", "read.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
		"bricolage-grotesque-latin-wght-normal.woff2": "font/woff2",
	} {
		t.Run(name, func(t *testing.T) {
			response := get(assets, assets.URL(name))
			want := map[string]string{
				"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
				"Content-Encoding": "", "Set-Cookie": "",
			}
			for header, value := range want {
				if got := response.Header().Get(header); got != value {
					t.Errorf("%s = %q, want %q", header, got, value)
				}
			}
			again := get(assets, assets.URL(name), "If-None-Match", response.Header().Get("ETag"))
			if response.Code != http.StatusOK || again.Code != http.StatusNotModified {
				t.Errorf("status = %d, then %d", response.Code, again.Code)
			}
		})
	}
}

func TestGzipIsServedToThoseWhoTakeIt(t *testing.T) {
	assets := load(t)
	url := assets.URL("look.css")
	plain := get(assets, url)
	tests := []struct{ name, header, value, want string }{
		{"a browser", "Accept-Encoding", "br, gzip;q=0.8, zstd", "gzip"},
		{"one that refuses it", "Accept-Encoding", "gzip;q=0", ""},
		{"one that doesn't say", "Accept", "*/*", ""},
		{"another coding alone", "Accept-Encoding", "br", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			response := get(assets, url, tt.header, tt.value)
			if got := response.Header().Get("Content-Encoding"); got != tt.want {
				t.Fatalf("Content-Encoding = %q, want %q", got, tt.want)
			}
			if response.Header().Get("Vary") != "Accept-Encoding" {
				t.Error("caches aren't told that there are two")
			}
			body := io.Reader(response.Body)
			if tt.want == "gzip" {
				if response.Header().Get("ETag") == plain.Header().Get("ETag") {
					t.Error("both have the same ETag")
				}
				var err error
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
				t.Errorf("another content: %v", err)
			}
		})
	}
}

func TestARangeIsOfThePlainFile(t *testing.T) {
	assets := load(t)
	response := get(assets, assets.URL("look.css"), "Accept-Encoding", "gzip", "Range", "bytes=0-1")
	if response.Code != http.StatusPartialContent || response.Body.String() != "/*" {
		t.Errorf("status %d, body %q", response.Code, response.Body)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	assets := load(t)
	for _, path := range []string{"/static/", "/static/look.css", "/static/look.0000000000000000.css", "/static/vendor/README.md", "/static/../static.go", assets.URL("nope.css")} {
		if response := get(assets, path); response.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, response.Code)
		}
	}
}

func TestTheStyleSheetLoadsOnlyOurFiles(t *testing.T) {
	assets := load(t)
	look := get(assets, assets.URL("look.css")).Body.String()
	urls := regexp.MustCompile(`url\(([^)]*)\)|@import`).FindAllStringSubmatch(look, -1)
	if len(urls) != 3 {
		t.Errorf("%d addresses, want the three fonts", len(urls))
	}
	for _, match := range urls {
		if response := get(assets, match[1]); response.Code != http.StatusOK {
			t.Errorf("%s: status %d", match[1], response.Code)
		}
	}
}

func TestTemplatesAskOnlyForFilesThatExist(t *testing.T) {
	assets, asked := load(t), 0
	pages, err := filepath.Glob("../templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		source, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`asset "([^"]*)"`).FindAllStringSubmatch(string(source), -1) {
			asked++
			if response := get(assets, assets.URL(match[1])); response.Code != http.StatusOK {
				t.Errorf("%s asks for %s: status %d", page, match[1], response.Code)
			}
		}
	}
	if asked == 0 {
		t.Error("no template asks for anything")
	}
}

// fromMarkdown are the classes that no template has: rendered articles and replies have them.
var fromMarkdown = []string{"gallery", "wide", "code", "talk", "talk-dot", "talk-where", "talk-who", "talk-links", "moment",
	"takeaway", "attribution", "contains-task-list", "task-list-item", "align-left", "align-center", "align-right",
	"footnotes", "footnote-ref", "footnote-backref", "mention", "emoji", "chroma",
	"nf", "fm", "nc", "nt", "nb", "bp", "nd", "na", "nv", "no", "l", "o", "ow", "p", "gp", "go", "gd", "gi", "gh", "gs", "ge",
}

var (
	comment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	block    = regexp.MustCompile(`{[^{}]*}`)
	selected = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	given    = regexp.MustCompile(`class="([^"]*)"`)
	action   = regexp.MustCompile(`{{[^}]*}}`)
)

// unused returns the classes that a style sheet selects and no page has.
func unused(css string, known []string) []string {
	css = comment.ReplaceAllString(css, "")
	css = block.ReplaceAllString(css, ";")
	var dead []string
	for _, match := range selected.FindAllStringSubmatch(css, -1) {
		if !slices.Contains(known, match[1]) {
			dead = append(dead, match[1])
		}
	}
	return dead
}

func TestEveryClassThatIsStyledIsUsed(t *testing.T) {
	known := slices.Clone(fromMarkdown)
	pages, err := filepath.Glob("../templates/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, page := range pages {
		source, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range given.FindAllStringSubmatch(action.ReplaceAllString(string(source), " "), -1) {
			known = append(known, strings.Fields(match[1])...)
		}
	}
	parts, err := filepath.Glob("css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		source, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range unused(string(source), known) {
			t.Errorf("%s styles .%s, which nothing has", part, class)
		}
	}
	if got := unused(".known { color: red } @media print { .lost, .known:hover { margin: .5rem } }", []string{"known"}); !slices.Equal(got, []string{"lost"}) {
		t.Errorf("the check finds %q", got)
	}
}
