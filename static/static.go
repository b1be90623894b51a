// Package static holds what browsers load beside the pages: the style sheet,
// the ES modules, the fonts. Every file has a URL made of its content, which
// may be cached for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"
)

//go:embed css/*.css js/*.js icon.svg vendor/*/*.woff2
var files embed.FS

// prefix is where the files are served.
const prefix = "/static/"

// types are the content types served; anything else isn't ours.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// Assets serves the files. It is read-only once made and may be shared.
type Assets struct {
	urls   map[string]string // by name: "look.css"
	served map[string]asset  // by URL path
}

type asset struct {
	kind    string
	etag    string
	plain   []byte
	gzipped []byte // nil when it wouldn't be smaller
}

// New reads, joins and compresses the files. It fails only if the style sheet
// names a file that isn't there, which a build that passed its tests can't meet.
func New() (*Assets, error) {
	a := &Assets{urls: map[string]string{}, served: map[string]asset{}}
	for _, pattern := range []string{"icon.svg", "js/*.js", "vendor/*/*.woff2"} {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", pattern, err)
		}
		for _, name := range names {
			content, err := files.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
			if err := a.add(path.Base(name), content); err != nil {
				return nil, err
			}
		}
	}
	look, err := a.stylesheet()
	if err != nil {
		return nil, err
	}
	return a, a.add("look.css", look)
}

var reference = regexp.MustCompile(`url\(([^):]+)\)`)

// stylesheet joins the parts in the order of their names, so that a page asks
// once, and points them at the fonts' real URLs.
func (a *Assets) stylesheet() ([]byte, error) {
	parts, err := fs.Glob(files, "css/*.css")
	if err != nil {
		return nil, fmt.Errorf("list the style sheets: %w", err)
	}
	var joined bytes.Buffer
	for _, name := range parts {
		part, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		joined.Write(part)
	}
	var missing error
	look := reference.ReplaceAllFunc(joined.Bytes(), func(match []byte) []byte {
		name := string(reference.FindSubmatch(match)[1])
		url, ok := a.urls[name]
		if !ok {
			missing = fmt.Errorf("the style sheet names %s, which isn't there", name)
		}
		return []byte("url(" + url + ")")
	})
	return look, missing
}

func (a *Assets) add(name string, content []byte) error {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:8])
	extension := path.Ext(name)
	file := asset{kind: types[extension], etag: `"` + hash + `"`, plain: content}
	if extension != ".woff2" { // which is compressed already
		var buffer bytes.Buffer
		writer, err := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
		if err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
		if _, err := writer.Write(content); err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
		if err := writer.Close(); err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
		file.gzipped = buffer.Bytes()
	}
	a.urls[name] = prefix + strings.TrimSuffix(name, extension) + "." + hash + extension
	a.served[a.urls[name]] = file
	return nil
}

// URL returns where a file is served: "look.css" → "/static/look.<hash>.css".
// A name that doesn't exist keeps a URL that answers 404.
func (a *Assets) URL(name string) string {
	if url, ok := a.urls[name]; ok {
		return url
	}
	return prefix + name
}

// ServeHTTP answers for the paths below /static/, given in full.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.served[r.URL.Path]
	if !ok {
		w.Header().Set("Cache-Control", "no-store") // the next version may have it
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", file.kind)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	content, etag := file.plain, file.etag
	if file.gzipped != nil {
		header.Set("Vary", "Accept-Encoding")
		// A range of compressed bytes is of no use to anybody.
		if AcceptsGzip(r) && r.Header.Get("Range") == "" {
			header.Set("Content-Encoding", "gzip")
			content, etag = file.gzipped, strings.TrimSuffix(file.etag, `"`)+`-gzip"`
		}
	}
	header.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// AcceptsGzip reads Accept-Encoding as far as browsers go: gzip named, and not
// refused with a weight of zero.
func AcceptsGzip(r *http.Request) bool {
	for _, coding := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, q, weighted := strings.Cut(weight, "=")
		return !weighted || strings.Trim(q, " 0.") != ""
	}
	return false
}
