package arrows

import (
	"fmt"
	"slices"
	"strings"
)

const module = "confnotes/"

// pkg is what `go list` says about one of our packages.
type pkg struct {
	Dir, ImportPath                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

func (p pkg) name() string { return strings.TrimPrefix(p.ImportPath, module) }

var services = []string{"internal/account", "internal/draft", "internal/introduce", "internal/moderation", "internal/picture", "internal/programme", "internal/recap", "internal/replica", "internal/talklink"}

// mayUse says which of our packages each one may import. A new package gets its line
// here, in the place that DESIGN.md gives it.
var mayUse = map[string][]string{
	"cmd/confnotes": slices.Concat(services, []string{"activitypub", "activitypub/doctor", "activitypub/fetch", "activitypub/signature", "handlers", "models", "static", "templates",
		"internal/card", "internal/config", "internal/demo", "internal/demo/draw", "internal/frontmatter", "internal/i18n", "internal/media", "internal/richtext", "internal/schedule"}),
	"handlers":            slices.Concat(services, []string{"activitypub", "activitypub/doctor", "activitypub/vocab", "models", "static", "templates", "internal/card", "internal/feed", "internal/i18n", "internal/media", "internal/richtext", "internal/schedule"}),
	"activitypub":         slices.Concat(services, []string{"activitypub/fetch", "activitypub/signature", "activitypub/vocab", "models", "internal/i18n", "internal/recent", "internal/richtext", "internal/schedule"}),
	"activitypub/doctor":  {"activitypub", "activitypub/fetch", "activitypub/signature", "activitypub/vocab", "models"},
	"internal/account":    {"models", "internal/richtext"},
	"internal/draft":      {"models", "internal/picture", "internal/richtext"},
	"internal/moderation": {"models", "internal/richtext"},
	"internal/picture":    {"models", "internal/media", "internal/richtext"},
	"internal/programme":  {"models", "internal/account", "internal/draft", "internal/richtext", "internal/schedule"},
	"internal/recap":      {"models", "internal/draft", "internal/i18n", "internal/richtext", "internal/schedule"},
	"internal/replica":    {"models", "internal/media"},
	"internal/talklink":   {"models", "internal/richtext", "internal/schedule"},
	"internal/introduce":  {"models", "internal/draft", "internal/richtext"},
	"models":              {"models/migrations"},
	"models/modelstest":   {"models"}, // for tests alone

	// Leaves know nothing of ours, but for two.
	"activitypub/fetch":     {"activitypub/signature", "internal/recent"},
	"templates":             {"internal/i18n"},
	"activitypub/mastodon":  nil, // for tests alone: a judge that knows nothing of what it judges
	"activitypub/signature": nil, "activitypub/vocab": nil, "internal/card": nil, "internal/config": nil, "internal/demo": nil, "internal/demo/draw": nil, "internal/feed": nil, "internal/feed/feedcheck": nil, "internal/frontmatter": nil,
	"internal/i18n": nil, "internal/media": nil, "internal/recent": nil, "internal/richtext": nil, "internal/schedule": nil, "models/migrations": nil, "static": nil,

	// Tests alone.
	"e2e": nil, "internal/arrows": nil,
}

// homes are the only packages that may import what starts like this: their tests too,
// but for the standard library.
var homes = map[string][]string{
	"gorm.io/":                           {"models"},
	"github.com/mattn/go-sqlite3":        {"models", "e2e"},
	"github.com/pressly/goose":           {"models"},
	"github.com/microcosm-cc/bluemonday": {"internal/richtext"},
	"github.com/yuin/goldmark":           {"internal/richtext"},
	"github.com/alecthomas/chroma":       {"internal/richtext"},
	"github.com/go-fed/httpsig":          {"activitypub/signature"},
	"github.com/dunglas/httpsfv":         {"activitypub/signature"},
	"github.com/mr-tron/base58":          {"activitypub/signature"},
	"github.com/gen2brain/heic":          {"internal/media"},
	"github.com/buckket/go-blurhash":     {"internal/media"},
	"golang.org/x/image/":                {"internal/card", "internal/demo/draw", "internal/media", "e2e"},
	"github.com/emersion/go-ical":        {"internal/schedule"},
	"code.dny.dev/ssrf":                  {"activitypub/fetch"},
	"github.com/gorilla/mux":             {"handlers"},
	"github.com/alecthomas/kong":         {"cmd/confnotes", "internal/config"},
	"github.com/nicksnyder/go-i18n":      {"internal/i18n"},
	"github.com/chromedp/":               {"e2e"},
	"golang.org/x/crypto/argon2":         {"internal/account"},
	"confnotes/internal/config":          {"cmd/confnotes", "internal/config"},
	"database/sql":                       {"models", "e2e"},
	"html/template":                      {"internal/richtext", "templates"},
	"text/template":                      {},
	"net/http":                           {"cmd/confnotes", "handlers", "activitypub", "activitypub/doctor", "activitypub/fetch", "activitypub/mastodon", "activitypub/signature", "static", "e2e"},
}

// violations names every arrow that DESIGN.md doesn't have.
func violations(pkgs []pkg) []string {
	var found []string
	for _, p := range pkgs {
		allowed, known := mayUse[p.name()]
		if !known {
			found = append(found, p.name()+" has no place in the house: give it one in DESIGN.md and in mayUse")
			continue
		}
		for _, path := range p.Imports {
			if name, ours := strings.CutPrefix(path, module); ours && !slices.Contains(allowed, name) {
				found = append(found, fmt.Sprintf("%s may not import %s", p.name(), name))
			}
		}
		for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if standard(path) && !slices.Contains(p.Imports, path) {
				continue // a test may look at the database or speak HTTP
			}
			if home, ok := homeOf(path); ok && !slices.Contains(home, p.name()) {
				found = append(found, fmt.Sprintf("%s may not import %s, which belongs to %v", p.name(), path, home))
			}
		}
	}
	return found
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first+"/" != module
}

// homeOf returns who may import a path, if that is restricted.
func homeOf(path string) ([]string, bool) {
	for prefix, home := range homes {
		if path == prefix || strings.HasPrefix(path, strings.TrimSuffix(prefix, "/")+"/") {
			return home, true
		}
	}
	return nil, false
}
