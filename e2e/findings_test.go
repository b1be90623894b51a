package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// findings is what a check of the page that is open found.
func (l *looker) findings(t testing.TB, what, script string) (found []string) {
	t.Helper()
	l.do(t, what, chromedp.Evaluate(script, &found, awaited))
	return found
}

// shifted returns every shift of the layout since the page began to load.
func (l *looker) shifted(t testing.TB) []string {
	t.Helper()
	return l.findings(t, "read the shifts", "shifts")
}

// sideways returns what sticks out of a window of that width. What scrolls in its own
// box may be wider than it.
func (l *looker) sideways(t testing.TB, width int64) []string {
	t.Helper()
	return l.findings(t, "measure", fmt.Sprintf(`(() => {
		const found = [], width = %d, inside = (e) => { for (; e !== document.body; e = e.parentElement) { if (getComputedStyle(e).overflowX !== "visible") return true; } return false; };
		if (document.scrollingElement.scrollWidth > width) found.push("the page is " + document.scrollingElement.scrollWidth + " px wide");
		for (const e of document.body.querySelectorAll("*")) {
			const box = e.getBoundingClientRect();
			if (box.width > 1 && box.height > 1 && (box.right > width + .5 || box.left < -.5) && !inside(e.parentElement)) found.push(named(e) + " is at " + box.left.toFixed(1) + "–" + box.right.toFixed(1));
		}
		return found;
	})()`, width))
}

// axeFile is the checker of accessibility, which runs in the page.
const axeFile = toolsFolder + "/node_modules/axe-core/axe.min.js"

// plainGround takes away the gradients and drawings behind which axe can't tell a
// text's contrast, and puts the strongest colour of each in its place; and the bar that
// stays in sight goes to its own place.
const plainGround = `{ const sheet = new CSSStyleSheet(); sheet.replaceSync(
	"*, *::before, *::after { background-image: none !important } *::before, *::after { background-color: transparent !important } mark { background-color: var(--marker) !important } .actions { position: static !important }");
	document.adoptedStyleSheets = [sheet]; }`

// judging runs axe. What it can't judge counts too, for contrast: else a check that sees
// nothing would pass. Decoration, symbols and empty fields have no words to be read, and
// what is scrolled out of its box looks like what is in sight.
const judging = `axe.run(document, { runOnly: %s, rules: { "target-size": { enabled: true } } }).then((r) => {
	const why = (n) => [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ");
	const scrolled = (e) => e && e.scrollWidth > e.clientWidth;
	const wordless = (n) => { const e = document.querySelector(n.target[0]); return e?.closest("[aria-hidden=true]") || scrolled(e?.closest("pre, table")) || /non-text|has no value/.test(why(n)); };
	const unsure = r.incomplete.filter((i) => i.id === "color-contrast").map((i) => ({ ...i, nodes: i.nodes.filter((n) => !wordless(n)) }));
	return [...r.violations, ...unsure].flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " – " + why(n)));
})`

// everyRule is WCAG 2.2 AA and good practice; contrast alone depends on the scheme.
const (
	everyRule = `{ type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }`
	contrast  = `{ type: "rule", values: ["color-contrast"] }`
)

// violations runs rules of axe on the page.
func (l *looker) violations(t testing.TB, rules string) []string {
	t.Helper()
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		lack(t, "axe is not installed: npm ci in e2e/"+toolsFolder)
	}
	l.do(t, "load axe", chromedp.Evaluate(string(axe)+plainGround, nil))
	return l.findings(t, "run axe", fmt.Sprintf(judging, rules))
}
