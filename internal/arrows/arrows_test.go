package arrows

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// list asks the go command about every package of ours.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=Dir,ImportPath,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 15 {
		t.Fatalf("%d packages were found; the list misses some", len(pkgs))
	}
	return pkgs
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, v := range violations(list(t)) {
		t.Error(v)
	}
}

func TestAShortcutIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		inTest   bool
	}{
		{"models", "confnotes/handlers", false},
		{"models", "confnotes/internal/richtext", false},
		{"internal/draft", "confnotes/activitypub", false},
		{"internal/draft", "confnotes/internal/account", false},
		{"internal/account", "confnotes/handlers", false},
		{"activitypub", "confnotes/handlers", false},
		{"activitypub", "confnotes/templates", false},
		{"activitypub/vocab", "confnotes/models", false},
		{"activitypub/signature", "confnotes/activitypub/fetch", false},
		{"activitypub/fetch", "confnotes/models", false},
		{"internal/richtext", "confnotes/internal/i18n", false},
		{"internal/i18n", "confnotes/templates", false},
		{"templates", "confnotes/models", false},
		{"templates", "confnotes/internal/richtext", false},
		{"static", "confnotes/internal/config", false},
		{"handlers", "confnotes/internal/config", false},
		{"handlers", "confnotes/internal/config", true},
		{"handlers", "confnotes/models/migrations", false},
		{"handlers", "confnotes/activitypub/fetch", false},
		{"handlers", "confnotes/cmd/confnotes", false},
		{"cmd/confnotes", "confnotes/models/migrations", false},
		{"handlers", "gorm.io/gorm", false},
		{"handlers", "gorm.io/gorm", true},
		{"activitypub", "gorm.io/gorm/clause", false},
		{"internal/account", "database/sql", false},
		{"handlers", "github.com/microcosm-cc/bluemonday", false},
		{"templates", "github.com/yuin/goldmark/ast", false},
		{"activitypub", "github.com/go-fed/httpsig", false},
		{"activitypub", "github.com/gorilla/mux", false},
		{"activitypub", "code.dny.dev/ssrf", false},
		{"models", "net/http", false},
		{"internal/draft", "net/http", false},
		{"handlers", "html/template", false},
		{"templates", "text/template", false},
		{"util", "fmt", false},
	}
	for _, tt := range tests {
		p := pkg{ImportPath: module + tt.from, Imports: []string{tt.to}}
		if tt.inTest {
			p.Imports, p.TestImports = nil, p.Imports
		}
		if len(violations([]pkg{p})) == 0 {
			t.Errorf("%s importing %s (in its test: %v) was taken", tt.from, tt.to, tt.inTest)
		}
	}
	fine := []pkg{{ImportPath: module + "handlers", Imports: []string{"confnotes/models", "github.com/gorilla/mux", "net/http", "html"}},
		{ImportPath: module + "models", Imports: []string{"gorm.io/gorm", "confnotes/models/migrations"}, TestImports: []string{"net/http"}}}
	if v := violations(fine); len(v) > 0 {
		t.Errorf("what is allowed was refused: %v", v)
	}
}

// trusted are the types of html/template that say "this is safe already".
var trusted = []string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "Srcset", "URL"}

// trusting returns where a file turns something into one of the trusted types.
func trusting(fset *token.FileSet, file *ast.File) []string {
	local := ""
	for _, i := range file.Imports {
		if i.Path.Value == `"html/template"` {
			if local = "template"; i.Name != nil {
				local = i.Name.Name
			}
		}
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || local == "" {
			return true
		}
		switch f := ast.Unparen(call.Fun).(type) {
		case *ast.SelectorExpr:
			if x, ok := f.X.(*ast.Ident); ok && x.Name == local && slices.Contains(trusted, f.Sel.Name) {
				found = append(found, fmt.Sprintf("%s makes %s.%s", fset.Position(call.Pos()), local, f.Sel.Name))
			}
		case *ast.Ident:
			if local == "." && slices.Contains(trusted, f.Name) {
				found = append(found, fmt.Sprintf("%s makes %s", fset.Position(call.Pos()), f.Name))
			}
		}
		return true
	})
	return found
}

func TestOnlyRichtextMakesTrustedHTML(t *testing.T) {
	t.Parallel()
	makers := 0
	for _, p := range list(t) {
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			found := trusting(fset, file)
			if makers += len(found); p.name() != "internal/richtext" && len(found) > 0 {
				t.Error(strings.Join(found, "\n"))
			}
		}
	}
	if makers == 0 {
		t.Error("nobody makes template.HTML, not even richtext: the scan can't fail")
	}
}

func TestTrustedHTMLIsFoundHoweverItIsMade(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   int
	}{
		{`import "html/template"; var x = template.HTML("<b>")`, 1},
		{`import h "html/template"; func f(s string) h.JS { return h.JS(s) }`, 1},
		{`import . "html/template"; var x = URL("javascript:")`, 1},
		{`import "html/template"; var x = (template.CSS)(y)`, 1},
		{`import "html/template"; type t struct{ Body template.HTML }`, 0},
		{`import "html/template"; var x = template.New("a")`, 0},
		{`import template "other"; var x = template.HTML("b")`, 0},
	}
	for _, tt := range tests {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", "package p; "+tt.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := trusting(fset, file); len(got) != tt.want {
			t.Errorf("%s: found %v, want %d", tt.source, got, tt.want)
		}
	}
}
