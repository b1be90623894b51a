package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// messages reads one catalogue: for each message, its text by plural form;
// "other" alone when it has none.
func messages(t *testing.T, language string) map[string]map[string]string {
	t.Helper()
	raw, err := files.ReadFile("catalogue/" + language + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{}
	collect(found, "", tree)
	return found
}

func collect(found map[string]map[string]string, prefix string, tree map[string]any) {
	for key, value := range tree {
		switch value := value.(type) {
		case map[string]any:
			collect(found, prefix+key+".", value)
		case string:
			id, form := prefix+key, "other"
			if slices.Contains([]string{"one", "many", "other"}, key) {
				id, form = strings.TrimSuffix(prefix, "."), key
			}
			if found[id] == nil {
				found[id] = map[string]string{}
			}
			found[id][form] = value
		}
	}
}

var placeholder = regexp.MustCompile(`{{\.\w+}}`)

// disagreements compares the catalogue of a language with the English one.
func disagreements(english, other map[string]map[string]string, plurals []string) []string {
	var wrong []string
	for id, forms := range english {
		translated, ok := other[id]
		if !ok {
			wrong = append(wrong, id+" is missing")
			continue
		}
		want := []string{"other"}
		if len(forms) > 1 {
			want = plurals
		}
		for _, form := range want {
			text := translated[form]
			if strings.TrimSpace(text) == "" {
				wrong = append(wrong, id+"."+form+" is missing")
			}
		}
		if len(translated) != len(want) {
			wrong = append(wrong, id+" has other plural forms than its language")
		}
		if a, b := names(forms["other"]), names(translated["other"]); !slices.Equal(a, b) {
			wrong = append(wrong, id+" doesn't name the same things")
		}
	}
	for id := range other {
		if english[id] == nil {
			wrong = append(wrong, id+" is unknown in English")
		}
	}
	return wrong
}

func names(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

func TestFrenchSaysAllThatEnglishSays(t *testing.T) {
	for _, wrong := range disagreements(messages(t, "en"), messages(t, "fr"), []string{"one", "many", "other"}) {
		t.Error(wrong)
	}
}

func TestTheComparisonNoticesWhatIsMissing(t *testing.T) {
	breakages := map[string]func(map[string]map[string]string){
		"a missing message":      func(m map[string]map[string]string) { delete(m, "desk.write") },
		"a missing plural form":  func(m map[string]map[string]string) { delete(m["thread.replies"], "many") },
		"an empty message":       func(m map[string]map[string]string) { m["desk.write"]["other"] = " " },
		"a message too many":     func(m map[string]map[string]string) { m["desk.sing"] = map[string]string{"other": "Chanter"} },
		"a lost placeholder":     func(m map[string]map[string]string) { m["follow.title"]["other"] = "Suivre" },
		"a plural that is alone": func(m map[string]map[string]string) { m["desk.write"]["one"] = "Écris" },
	}
	for name, breakIt := range breakages {
		t.Run(name, func(t *testing.T) {
			french := messages(t, "fr")
			breakIt(french)
			if got := disagreements(messages(t, "en"), french, []string{"one", "many", "other"}); len(got) == 0 {
				t.Error("it went unnoticed")
			}
		})
	}
}

// frenchSpacing finds what a French typographer would: a plain space or none
// before a high mark, typewriter quotes. Addresses ("https://…") are spared.
var frenchSpacing = regexp.MustCompile(`[^\x{a0}\s/][;!?»]| [;:!?»]|« |[\pL\d]:( |$)|'|\.\.\.`)

func TestFrenchIsSetAsTheFrenchSetIt(t *testing.T) {
	for id, forms := range messages(t, "fr") {
		for _, text := range forms {
			if bad := frenchSpacing.FindString(text); bad != "" {
				t.Errorf("%s: %q in %q", id, bad, text)
			}
		}
	}
	for _, mutant := range []string{"Quoi ?", "Quoi?", "l'eau", "Ici: là", "« oui\u00a0»"} {
		if !frenchSpacing.MatchString(mutant) {
			t.Errorf("%q went unnoticed", mutant)
		}
	}
}

var (
	called  = regexp.MustCompile(`\b[TN]\(?\s*"([a-z_]+(?:\.[a-z_]+)+)"`)
	literal = regexp.MustCompile(`"([a-z_]+(?:\.[a-z_]+)+)"`)
)

// inUse reads the ids out of the whole project: asked are those that a template or a
// call asks for, with where; named are all that stand somewhere, if only as a constant.
func inUse(t *testing.T) (asked map[string]string, named map[string]bool) {
	t.Helper()
	asked, named = map[string]string{}, map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (strings.HasPrefix(name, ".") && name != ".." || name == "node_modules") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".html" && filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range called.FindAllSubmatch(source, -1) {
			asked[string(match[1])] = filepath.ToSlash(path)
		}
		for _, match := range literal.FindAllSubmatch(source, -1) {
			named[string(match[1])] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return asked, named
}

// strays names what is asked for and not defined, and what is defined for nothing.
func strays(defined map[string]map[string]string, asked map[string]string, named map[string]bool) (wrong []string) {
	for id, path := range asked {
		if defined[id] == nil {
			wrong = append(wrong, path+" uses "+id+", which no catalogue defines")
		}
	}
	for id := range defined {
		if !named[id] {
			wrong = append(wrong, id+" is defined, but nothing uses it")
		}
	}
	return wrong
}

func TestMessagesAreThoseInUse(t *testing.T) {
	asked, named := inUse(t)
	for _, wrong := range strays(messages(t, "en"), asked, named) {
		t.Error(wrong)
	}
	for name, breakIt := range map[string]func(map[string]map[string]string){
		"a message that a template asks for": func(m map[string]map[string]string) { delete(m, "write.save") },
		"a message of a plural":              func(m map[string]map[string]string) { delete(m, "notifications.others") },
		"a message of a script's":            func(m map[string]map[string]string) { delete(m, "upload.again") },
		"a message too many":                 func(m map[string]map[string]string) { m["desk.sing"] = map[string]string{"other": "Sing"} },
	} {
		mutant := messages(t, "en")
		if breakIt(mutant); len(strays(mutant, asked, named)) == 0 {
			t.Errorf("%s went unnoticed", name)
		}
	}
}
