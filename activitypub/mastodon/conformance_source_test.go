package mastodon

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is what stands under each package-level name of a package's test files. Methods
// have none.
type source map[string]*declared

// declared has the texts that stand in a declaration, and the names that it refers to.
type declared struct{ texts, names map[string]bool }

// tested is a test where it stands.
type tested struct {
	in   source
	name string
}

// says whether a text stands in the test, or in what it refers to by name, however far: a
// table beside it, or a function that it calls.
func (t tested) says(text string) bool { return t.in.reaches(t.name, text, map[string]bool{}) }

func (s source) reaches(name, text string, seen map[string]bool) bool {
	d := s[name]
	if d == nil || seen[name] {
		return false
	}
	seen[name] = true
	if d.texts[text] {
		return true
	}
	for other := range d.names {
		if s.reaches(other, text, seen) {
			return true
		}
	}
	return false
}

// add reads a file, and returns the names of its tests.
func (s source) add(file *ast.File) (tests []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				continue
			}
			s.declare(d.Name, d)
			if strings.HasPrefix(d.Name.Name, "Test") {
				tests = append(tests, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						s.declare(name, v)
					}
				}
			}
		}
	}
	return tests
}

// declare reads one declaration. What follows a dot and what names a field is no name of
// the package's.
func (s source) declare(name *ast.Ident, node ast.Node) {
	d := &declared{map[string]bool{}, map[string]bool{}}
	s[name.Name] = d
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit)
			return false
		case *ast.KeyValueExpr:
			if _, field := n.Key.(*ast.Ident); field {
				ast.Inspect(n.Value, visit)
				return false
			}
		case *ast.Ident:
			d.names[n.Name] = true
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				d.texts[text] = true
			}
		}
		return true
	}
	ast.Inspect(node, visit)
}

// testsOf finds the tests of our packages, by folder and name.
func testsOf(t *testing.T, root string) map[string]tested {
	t.Helper()
	found, packages := map[string]tested{}, map[string]source{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		where := folder + " " + file.Name.Name
		if packages[where] == nil {
			packages[where] = source{}
		}
		for _, name := range packages[where].add(file) {
			found[filepath.ToSlash(folder)+"."+name] = tested{packages[where], name}
		}
		return nil
	})
	if err != nil || len(found) < 300 {
		t.Fatalf("%d tests were found, %v", len(found), err)
	}
	return found
}

// A run's name counts where it stands in the test, or in what that refers to, and nowhere
// else in its package.
func TestANameOfARunMustStandInItsTest(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "a_test.go", `package a
		var table = []string{"in a table", again()}
		const word = "a word"
		func again() string { return "far" }
		func other() string { return "of another" }
		func field() string { return "behind a name that is a field's" }
		func (s site) table() string { return "in a method" }
		func TestOne(t *testing.T) { for _, x := range table { t.Run("in itself" + word, f) }; s.other(); _ = row{field: 1} }
		func TestTwo(t *testing.T) { other(); t.Run("in the other", f) }`, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s := source{}
	if tests := s.add(file); len(tests) != 2 {
		t.Errorf("found the tests %q", tests)
	}
	for text, want := range map[string]bool{"in itself": true, "in a table": true, "far": true, "a word": true,
		"of another": false, "in the other": false, "in a method": false, "behind a name that is a field's": false, "nowhere": false} {
		if got := (tested{s, "TestOne"}).says(text); got != want {
			t.Errorf("TestOne says %q: %t, want %t", text, got, want)
		}
	}
}
