package e2e

import (
	"os"
	"strings"
	"testing"

	"confnotes/internal/frontmatter"
)

// recapFile is a day recap of over 1,500 words that the project wrote itself.
const recapFile = "testdata/kormoran-jour-1.md"

// recap is the recap's front matter and text. It mentions the peer's user.
func recap(t testing.TB, p *peer) *frontmatter.Document {
	t.Helper()
	file, err := os.ReadFile(recapFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := frontmatter.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	const written = "@carol@peer.test"
	if !strings.Contains(doc.Source, written) {
		t.Fatalf("%s no longer mentions %s", recapFile, written)
	}
	// A Tab leaves the field that is typed into: people indent with spaces there.
	doc.Source = strings.NewReplacer(written, p.handle(), "\t", "    ").Replace(doc.Source)
	if words := len(strings.Fields(doc.Source)); words < 1500 {
		t.Fatalf("%s has %d words, want over 1,500", recapFile, words)
	}
	return doc
}
