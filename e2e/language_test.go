package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// An article is read, hyphenated and set in its own language. The page around it speaks
// that, too, if there is a catalogue.
func TestAnArticleIsSetInItsOwnLanguage(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	b := newBrowser(t)
	for language, want := range map[string]string{"fr": "«\u00a0Oui\u202f!\u00a0» dit-elle\u00a0: voilà.", "en": "“Oui !” dit-elle : voilà.", "br": "\"Oui !\" dit-elle : voilà."} {
		file := writeFile(t, "---\ntitle: In "+language+"\nlanguage: "+language+"\n---\n\n\"Oui !\" dit-elle : voilà.\n\n`code`\n")
		page := strings.TrimSpace(in.must(t, "", "publish", file, "--as", author))
		b.open(t, page, http.StatusOK)
		if got := b.text(t, ".prose p"); got != want {
			t.Errorf("%s: it reads %q, want %q", language, got, want)
		}
		for expression, want := range map[string]string{
			`document.documentElement.lang`:                                   map[string]string{"fr": "fr", "en": "en", "br": "en"}[language],
			`document.querySelector(".prose p").closest("[lang]").lang`:       language,
			`getComputedStyle(document.querySelector(".prose p")).hyphens`:    "auto",
			`getComputedStyle(document.querySelector(".prose code")).hyphens`: "manual",
		} {
			if got := eval[string](t, b, expression); got != want {
				t.Errorf("%s: %s is %q, want %q", language, expression, got, want)
			}
		}
	}
	b.quiet(t, "reading")
}
