package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// The story trusts two guards to see that a stranger's HTML does harm: the list of
// what is left in the DOM, and the ear for dialogs. Both must find it where nothing
// was sanitized.
func TestHarmIsSeenWhereItIs(t *testing.T) {
	t.Parallel()
	needChromium(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<div class="thread"><div class="words">`+hostile+`</div></div>`)
	}))
	t.Cleanup(server.Close)
	b := newBrowser(t)
	b.open(t, server.URL, http.StatusOK)
	found := eval[[]string](t, b, harm)
	for _, want := range []string{"<SCRIPT>", "<IMG>", "<STYLE>", "<IFRAME>", "<FORM>", "IMG[onerror]", "P[onclick]", "P[style]",
		"a link to javascript:alert('a')", "a link that is followed"} {
		if !slices.Contains(found, want) {
			t.Errorf("the list of harm lacks %s: %q", want, found)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, want := range []string{"script", "img", "svg"} {
		if !slices.ContainsFunc(b.dialogs, func(d string) bool { return strings.HasSuffix(d, want) }) {
			t.Errorf("no dialog of %s was seen: %q", want, b.dialogs)
		}
	}
}
