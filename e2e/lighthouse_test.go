package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// leastScore is what Lighthouse has to give in every category, of 100.
const leastScore = 95

// lighthouseRuns is how often it may try. Whatever else the machine does is counted as the
// page's own work, four times, and only ever takes points away: one good run is the proof.
const lighthouseRuns = 5

var lighthouseCategories = []string{"performance", "accessibility", "best-practices", "seo"}

// needLighthouse returns its command. It wants the Node that the peer brings.
func needLighthouse(t testing.TB) []string {
	t.Helper()
	cli, err := filepath.Abs(toolsFolder + "/node_modules/lighthouse/cli/index.js")
	if err == nil {
		_, err = os.Stat(cli)
	}
	if err != nil {
		lack(t, "Lighthouse is not installed: npm ci in e2e/"+toolsFolder)
	}
	return []string{needPeer(t), cli}
}

// audited is Lighthouse's report, as far as tests look at it.
type audited struct {
	Categories map[string]struct {
		Score     *float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Score               *float64
		Title, DisplayValue string
	}
	RuntimeError *struct{ Code, Message string }
}

// untraced is what Lighthouse calls a run whose trace the browser didn't begin in time, as on
// a busy machine. It says nothing about the page, and asks for another run.
var untraced = []string{"NO_NAVSTART", "NO_TRACING_STARTED"}

// audit has Lighthouse load a page as a mid-range phone on slow 4G does: both are
// computed from what it saw, not waited for. rules have the browser find the host.
func audit(t testing.TB, url string, rules ...string) *audited {
	t.Helper()
	command := append(needLighthouse(t), url, "--quiet", "--output=json", "--output-path=stdout", "--no-enable-error-reporting", "--throttling-method=simulate",
		"--only-categories="+strings.Join(lighthouseCategories, ","),
		`--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking --ignore-certificate-errors --host-resolver-rules="`+strings.Join(rules, ",")+`"`)
	for run := 1; ; run++ {
		a := lighthouse(t, command)
		if a.RuntimeError == nil {
			return a
		}
		if run == lighthouseRuns || !slices.Contains(untraced, a.RuntimeError.Code) {
			t.Fatalf("Lighthouse: %s %s", a.RuntimeError.Code, a.RuntimeError.Message)
		}
		t.Logf("Lighthouse: %s", a.RuntimeError.Code)
	}
}

// lighthouse runs the command and reads its report, which says whether it failed.
func lighthouse(t testing.TB, command []string) *audited {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(environment(), "CHROME_PATH="+needChromium(t), "NODE_NO_WARNINGS=1", "TMPDIR="+t.TempDir())
	var report, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &report, &said
	failed := cmd.Run()
	var a audited
	if err := json.Unmarshal(report.Bytes(), &a); err != nil || failed != nil && a.RuntimeError == nil {
		t.Fatalf("Lighthouse: %v, %v\n%s", failed, err, &said)
	}
	return &a
}

// score is that of a category, of 100.
func (a *audited) score(category string) int {
	s := a.Categories[category].Score
	if s == nil {
		return 0
	}
	return int(*s*100 + .5)
}

// lost lists what cost points in a category.
func (a *audited) lost(category string) string {
	var b strings.Builder
	for _, ref := range a.Categories[category].AuditRefs {
		if found := a.Audits[ref.ID]; ref.Weight > 0 && found.Score != nil && *found.Score < 1 {
			fmt.Fprintf(&b, "\n%s (%.2f): %s %s", ref.ID, *found.Score, found.Title, found.DisplayValue)
		}
	}
	return b.String()
}

// An article with a cover and replies, on a phone. Not parallel: what else runs here
// would be counted as the page's own work.
func TestLighthouse(t *testing.T) {
	needLighthouse(t)
	needChromium(t)
	v := newVenue(t, newAuthority(t), "en")
	for run := 1; ; run++ {
		a := audit(t, v.full.baseURL+v.recap, v.rules()...)
		short := false
		for _, c := range lighthouseCategories {
			t.Logf("run %d, %s: %d%s", run, c, a.score(c), a.lost(c))
			short = short || a.score(c) < leastScore
		}
		if !short {
			return
		}
		if run == lighthouseRuns {
			t.Fatalf("in none of %d runs every category has %d", run, leastScore)
		}
	}
}

// A page that is slow, unreadable, full of errors and not to be found falls short everywhere.
func TestLighthouseRejectsABadPage(t *testing.T) {
	t.Parallel()
	needLighthouse(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("X-Robots-Tag", "noindex")
		_, _ = fmt.Fprintf(w, `<html><head><script src="/gone.js"></script></head><body><p style="color: #ccc; font-size: 8px">%s</p><img src="/gone.png"><a href="#"></a>
			<script>console.error("wrong"); setTimeout(() => { const end = performance.now() + 900; while (performance.now() < end); document.body.prepend(document.createElement("hr"), "late ".repeat(900)); throw new Error("wrong") }, 100)</script></body></html>`, strings.Repeat("pale ", 40000))
	}))
	defer server.Close()
	bad := audit(t, server.URL+"/")
	for _, c := range lighthouseCategories {
		if got := bad.score(c); got == 0 || got >= leastScore {
			t.Errorf("%s of a bad page: %d", c, got)
		}
	}
}
