package activitypub

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var writeGolden = flag.Bool("update", false, "write the golden files anew")

var (
	randomID = regexp.MustCompile(`(articles|notes|activities|talks)/[A-Za-z0-9_-]{22}`)
	anyPEM   = regexp.MustCompile(`-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----\\n`)
)

// names gives every random id of one test a name: articles/1, activities/2.
type names struct{ seen map[string]string }

func (n *names) plain(doc []byte) []byte {
	doc = anyPEM.ReplaceAll(doc, []byte("PEM"))
	return randomID.ReplaceAllFunc(doc, func(id []byte) []byte {
		if n.seen == nil {
			n.seen = map[string]string{}
		}
		if n.seen[string(id)] == "" {
			kind, _, _ := bytes.Cut(id, []byte("/"))
			n.seen[string(id)] = fmt.Sprintf("%s/%d", kind, len(n.seen)+1)
		}
		return []byte(n.seen[string(id)])
	})
}

// golden compares a document with testdata/documents/name, or writes it.
func golden(t *testing.T, name string, doc []byte) {
	t.Helper()
	path := filepath.Join("testdata", "documents", name)
	if filepath.Ext(name) == ".json" {
		var indented bytes.Buffer
		if err := json.Indent(&indented, doc, "", "  "); err != nil {
			t.Fatalf("%s: %v: %s", name, err, doc)
		}
		indented.WriteByte('\n')
		doc = indented.Bytes()
	}
	if *writeGolden {
		if err := os.WriteFile(path, doc, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(doc, want) {
		t.Errorf("%s differs; -update writes it anew\ngot:\n%s\nwant:\n%s", path, doc, want)
	}
}
