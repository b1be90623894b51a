package handlers

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"
)

// route is one path with the methods that it takes, "GET HEAD" or "POST".
type route struct{ methods, path string }

func (r route) String() string { return r.methods + " " + r.path }

// method is the one to ask with; whatever takes GET takes HEAD.
func (r route) method() string { return strings.Fields(r.methods)[0] }

var variable = regexp.MustCompile(`\{(\w+)(?::([^}]*))?\}`)

// routes walks the router. A choice of words in a path, {format:rss|json}, is as many routes.
func routes(t testing.TB, s *Server) (all []route) {
	t.Helper()
	router, err := s.router()
	fatal(t, err)
	err = router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := r.GetPathTemplate()
		if err != nil || r.GetHandler() == nil {
			return nil // the subrouter itself
		}
		methods, err := r.GetMethods()
		for _, p := range choices(path) {
			all = append(all, route{strings.Join(methods, " "), p})
		}
		return err
	})
	fatal(t, err)
	if len(all) < 40 {
		t.Fatalf("%d routes were found; the walk misses some", len(all))
	}
	return all
}

func choices(path string) []string {
	at := variable.FindStringSubmatchIndex(path)
	if at == nil {
		return []string{path}
	}
	options := []string{"{" + path[at[2]:at[3]] + "}"}
	if at[4] >= 0 && strings.Contains(path[at[4]:at[5]], "|") {
		options = strings.Split(path[at[4]:at[5]], "|")
	}
	var all []string
	for _, rest := range choices(path[at[1]:]) {
		for _, o := range options {
			all = append(all, path[:at[0]]+o+rest)
		}
	}
	return all
}

// row is a line of docs/ROUTES.md.
type row struct {
	route
	audience        string
	browser, server string // "200 text/html, fresh"
	vary            []string
	cookie, policy  string
	also            string
}

func (r row) String() string {
	vary := strings.Join(r.vary, ", ")
	if vary == "" {
		vary = "–"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s | %s | %s |", r.route, r.audience, r.browser, r.server, vary, r.cookie, r.policy, r.also)
}

// table is docs/ROUTES.md: its rows, and what its words for Cache-Control and
// Content-Security-Policy stand for.
type table struct {
	rows            []row
	cache, policies map[string]string
}

func readTable(t testing.TB) (text string) {
	t.Helper()
	b, err := os.ReadFile("../docs/ROUTES.md")
	fatal(t, err)
	return string(b)
}

func parseTable(text string) (*table, error) {
	parsed := &table{cache: map[string]string{}, policies: map[string]string{}}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			section = name
		}
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i, c := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(c), "`")
		}
		switch {
		case section == "Cache-Control" && len(cells) == 3:
			parsed.cache[cells[0]] = cells[1]
		case section == "Content-Security-Policy" && len(cells) == 3:
			parsed.policies[cells[0]] = cells[1]
		case section == "Routes" && len(cells) == 8 && strings.Contains(cells[0], " /"):
			methods, path, _ := strings.Cut(cells[0], " /")
			r := row{route: route{methods, "/" + path}, audience: cells[1], browser: cells[2], server: cells[3], cookie: cells[5], policy: cells[6], also: cells[7]}
			if cells[4] != "–" {
				r.vary = strings.Split(cells[4], ", ")
			}
			parsed.rows = append(parsed.rows, r)
		case section == "Routes" || section == "Cache-Control" || section == "Content-Security-Policy":
			return nil, fmt.Errorf("docs/ROUTES.md, %s: this row can't be read: %s", section, line)
		}
	}
	return parsed, nil
}

// A route that isn't in the table, or does otherwise than its row says, fails; so does
// this test if the checker lets a wrong table pass.
func TestTheTableOfRoutesIsWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	seen, text := observe(t), readTable(t)
	problems := checkTable(text, seen)
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) == 0 {
		refuseWrongTables(t, text, seen)
	}
}

// checkTable holds docs/ROUTES.md against what was seen, and returns what differs.
func checkTable(text string, seen map[route]observation) (problems []string) {
	doc, err := parseTable(text)
	if err != nil {
		return []string{err.Error()}
	}
	known := map[route]bool{}
	for _, r := range doc.rows {
		o, ok := seen[r.route]
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("docs/ROUTES.md has a row for %s, and the router has no such route: take the row out", r.route))
		case known[r.route]:
			problems = append(problems, fmt.Sprintf("docs/ROUTES.md has two rows for %s", r.route))
		default:
			for _, p := range doc.check(r, o) {
				problems = append(problems, fmt.Sprintf("%s: %s\n\tdocs/ROUTES.md says %s\n\tthe server does  %s", r.route, p, r, doc.suggest(r.route, o)))
			}
		}
		known[r.route] = true
	}
	for r, o := range seen {
		if !known[r] {
			problems = append(problems, fmt.Sprintf("%s is not in docs/ROUTES.md. If this is what it should do, add the row\n\t%s", r, doc.suggest(r, o)))
		}
	}
	slices.Sort(problems)
	return problems
}

// check holds one row against what was seen of its route.
func (doc *table) check(r row, o observation) (problems []string) {
	a, ok := audiences[r.audience]
	if !ok {
		return []string{fmt.Sprintf("no audience is called %q; those there are stand in handlers/routes_test.go", r.audience)}
	}
	wrong := func(who, what, got, want string) {
		if got != want {
			problems = append(problems, fmt.Sprintf("%s: %s %q, want %q", who, what, got, want))
		}
	}
	for _, who := range slices.Concat(viewers, o.others) {
		got := o.browser[who]
		if !slices.Contains(a.may, who) {
			wrong(who, "refusal", doc.brief(got), a.refusal(r.route, who))
			wrong(who, "cookie with the refusal", got.cookie, "–")
			continue
		}
		wrong(who, "as a browser", doc.brief(got), r.browser)
		wrong(who, "as a server", doc.briefServer(o, who), r.server)
		wrong(who, "Vary", strings.Join(got.vary, ", "), strings.Join(r.vary, ", "))
		wrong(who, "cookie", got.cookie, r.cookie)
		wrong(who, "Content-Security-Policy", doc.policy(got), r.policy)
		wrong(who, "other headers", got.also, r.also)
		if a.alike && r.method() == http.MethodGet && (got.body != o.browser["nobody"].body || o.server[who].body != o.server["nobody"].body) {
			problems = append(problems, who+" is shown something else than nobody")
		}
	}
	return append(problems, o.faults...)
}

// brief is an answer as a cell has it.
func (doc *table) brief(a answer) string {
	kind := ""
	if a.kind != "" {
		kind = " " + a.kind
	}
	if a.cache == "" {
		return fmt.Sprintf("%d%s", a.code, kind)
	}
	for word, value := range doc.cache {
		if value == a.cache {
			return fmt.Sprintf("%d%s, %s", a.code, kind, word)
		}
	}
	return fmt.Sprintf("%d%s, %q", a.code, kind, a.cache)
}

func (doc *table) briefServer(o observation, who string) string {
	if b, s := doc.brief(o.browser[who]), doc.brief(o.server[who]); b != s {
		return s
	}
	return "the same"
}

func (doc *table) policy(a answer) string {
	for word, value := range doc.policies {
		if value == a.policy {
			return word
		}
	}
	return a.policy
}

// suggest is the row that what was seen bears out, for the first audience that fits.
func (doc *table) suggest(r route, o observation) string {
	var best row
	fewest := -1
	for name, a := range audiences {
		got, tried := o.browser[a.may[0]]
		if !tried {
			continue
		}
		try := row{r, name, doc.brief(got), doc.briefServer(o, a.may[0]), got.vary, got.cookie, doc.policy(got), got.also}
		if n := len(doc.check(try, o)); fewest < 0 || n < fewest || n == fewest && len(a.may) > len(audiences[best.audience].may) {
			best, fewest = try, n
		}
	}
	return best.String()
}

// signedIn returns the routes that ask others to sign in, by the table.
func signedIn(t testing.TB) (all []route) {
	t.Helper()
	doc, err := parseTable(readTable(t))
	fatal(t, err)
	for _, r := range doc.rows {
		if audiences[r.audience].signsIn {
			all = append(all, r.route)
		}
	}
	if len(all) < 12 {
		t.Fatalf("%d routes ask for a session; the table has lost some", len(all))
	}
	return all
}

// signInFirst is what those get whom a private page is not for.
func signInFirst(r route, who string) string {
	switch {
	case who != "nobody":
		return "404 text/html, private"
	case r.method() == http.MethodGet:
		return "303, private" // to /sign-in, with the way back
	}
	return "401 text/html, private" // the form, with what was typed
}

// audience is who may see something, and what others get.
type audience struct {
	may     []string
	refusal func(r route, who string) string
	alike   bool // everybody gets the same bytes
	signsIn bool // others are asked to sign in
}

func always(brief string) func(route, string) string {
	return func(route, string) string { return brief }
}

// viewers try every route; gwen wrote what stands there. "a server" signs what it sends
// to an inbox, "a link's holder" was given the link to set up.
var viewers = []string{"nobody", "gwen", "another author", "an editor", "the owner"}

var audiences = map[string]audience{
	"anybody":                     {may: viewers, refusal: always("nothing"), alike: true},
	"signed out":                  {may: viewers[:1], refusal: always("303, private")},
	"who holds the link":          {may: []string{"a link's holder"}, refusal: always("404 text/html, private")},
	"servers that sign":           {may: []string{"a server"}, refusal: always("401 text/plain, unstored")},
	"signed in":                   {may: viewers[1:], refusal: signInFirst, signsIn: true},
	"signed in, by script":        {may: viewers[1:], refusal: always("401 application/json, private")},
	"the author":                  {may: viewers[1:2], refusal: signInFirst, signsIn: true},
	"the author, editors, owners": {may: []string{"gwen", "an editor", "the owner"}, refusal: signInFirst, signsIn: true},
	"editors, owners":             {may: []string{"an editor", "the owner"}, refusal: signInFirst, signsIn: true},
	"the owner":                   {may: []string{"the owner"}, refusal: signInFirst, signsIn: true},
	"the conference's managers":   {may: []string{"gwen", "an editor", "the owner"}, refusal: signInFirst, signsIn: true},
	"who may see the post":        {may: viewers[1:2], refusal: signInFirst, signsIn: true},
}
