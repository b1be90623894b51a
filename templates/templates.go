// Package templates holds the pages as html/template files, and one typed
// struct a page. It shows what it is given: it reads no store, makes no HTML
// out of strings, and knows no handler.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"slices"

	"confnotes/internal/i18n"
)

//go:embed *.html
var files embed.FS

// shared are the files that every page is parsed with.
var shared = []string{"layout.html", "parts.html", "forms.html", "thread.html", "talks.html", "entries.html"}

// view is what every page struct is by embedding Page and naming its file.
type view interface {
	page() Page
	file() string
}

// Templates is every page in every language of the interface. It is safe for
// concurrent use.
type Templates struct {
	catalogue *i18n.Catalogue
	pages     map[string]*template.Template // by "language/file"
}

// New parses all pages. asset turns the name of a static file into its URL.
func New(catalogue *i18n.Catalogue, asset func(name string) string) (*Templates, error) {
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("list the templates: %w", err)
	}
	t := &Templates{catalogue: catalogue, pages: map[string]*template.Template{}}
	for _, spoken := range i18n.Languages() {
		base, err := template.New("").Funcs(functions(catalogue.For(spoken.Tag), asset)).ParseFS(files, shared...)
		if err != nil {
			return nil, fmt.Errorf("parse the shared templates: %w", err)
		}
		for _, name := range names {
			if slices.Contains(shared, name) {
				continue
			}
			clone, err := base.Clone()
			if err != nil {
				return nil, fmt.Errorf("clone the shared templates: %w", err)
			}
			if t.pages[spoken.Tag+"/"+name], err = clone.ParseFS(files, name); err != nil {
				return nil, fmt.Errorf("parse template %s: %w", name, err)
			}
		}
	}
	return t, nil
}

// Render writes a page, which is one of the structs of this package, by value.
// It renders to memory, so that an error can still become an error page.
func (t *Templates) Render(page any) ([]byte, error) {
	v, ok := page.(view)
	if !ok {
		return nil, fmt.Errorf("render %T: not a page", page)
	}
	name := t.speak(v.page()) + "/" + v.file()
	parsed := t.pages[name]
	if parsed == nil {
		return nil, fmt.Errorf("render %T: no template %s", page, name)
	}
	var buffer bytes.Buffer
	if err := parsed.ExecuteTemplate(&buffer, "layout.html", page); err != nil {
		return nil, fmt.Errorf("render %T: %w", page, err)
	}
	return buffer.Bytes(), nil
}

// speak picks the language of the words around the content: that of the
// signed-in person, else that of the content when we speak it, else that of
// the instance.
func (t *Templates) speak(p Page) string {
	tag := p.Site.Language
	if t.catalogue.Speaks(p.Language) {
		tag = p.Language
	}
	if p.Viewer != nil && p.Viewer.Language != "" {
		tag = p.Viewer.Language
	}
	return t.catalogue.For(tag).Language()
}
