package mastodon

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const lastFact = 48

// The tests that judge by the rules, fact by fact: what we serve and send, and mutants.
const (
	judged   = "handlers.TestMastodonTakesWhatWeServeAndSend"
	rejected = "activitypub/mastodon.TestEachRuleRejectsItsMutants"
)

// named is a test as FEDERATION.md writes it, with what it is run for: `activitypub.TestDoor` “unsigned”.
type named struct {
	test string
	runs []string
}

var (
	oneTest = regexp.MustCompile("^`([a-z0-9/]+\\.Test[A-Za-z0-9]+)`((?: “[^”]+”)*)$")
	oneRun  = regexp.MustCompile("“([^”]+)”")
	inWords = regexp.MustCompile("`([a-z0-9/]+\\.Test[A-Za-z0-9]+)`")
	aside   = regexp.MustCompile(`\b(\d+) \(`)
)

// conformance is the section of FEDERATION.md: rows by fact, and the facts without one.
type conformance struct {
	shown, failing map[int][]named
	words          []named // all, those between the rows too
	aside          []int
}

func readConformance(text string) (*conformance, error) {
	c := &conformance{shown: map[int][]named{}, failing: map[int][]named{}}
	_, section, _ := strings.Cut(text, "\n## Conformance with Mastodon\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range inWords.FindAllStringSubmatch(section, -1) {
		c.words = append(c.words, named{test: m[1]})
	}
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "- ") {
			for _, m := range aside.FindAllStringSubmatch(line, -1) {
				n, _ := strconv.Atoi(m[1])
				c.aside = append(c.aside, n)
			}
		}
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| fact |") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		fact, err := strconv.Atoi(strings.TrimSpace(cells[0]))
		if err != nil || len(cells) != 4 || len(strings.TrimSpace(cells[1])) == 0 {
			return nil, fmt.Errorf("this row can't be read: %s", line)
		}
		if c.shown[fact] != nil {
			return nil, fmt.Errorf("fact %d has two rows", fact)
		}
		if c.shown[fact], err = readNames(cells[2]); err == nil {
			c.failing[fact], err = readNames(cells[3])
		}
		if err != nil {
			return nil, fmt.Errorf("fact %d: %w", fact, err)
		}
	}
	return c, nil
}

func readNames(cell string) (all []named, err error) {
	for part := range strings.SplitSeq(strings.TrimSpace(cell), ", `") {
		m := oneTest.FindStringSubmatch("`" + strings.TrimPrefix(part, "`"))
		if m == nil {
			return nil, fmt.Errorf("%q names no test", part)
		}
		n := named{test: m[1]}
		for _, run := range oneRun.FindAllStringSubmatch(m[2], -1) {
			n.runs = append(n.runs, run[1])
		}
		all = append(all, n)
	}
	return all, nil
}

// problems are what is wrong with the table, if these tests and rules are all there are.
func (c *conformance) problems(tests map[string]tested, facts []int) (found []string) {
	for fact := 1; fact <= lastFact; fact++ {
		row, set := c.shown[fact] != nil, slices.Contains(c.aside, fact)
		if row == set {
			found = append(found, fmt.Sprintf("fact %d needs a row, or a word why it has none", fact))
		}
		ruled, word := slices.Contains(facts, fact), fmt.Sprintf("fact %d", fact)
		if says(c.shown[fact], judged, word) != ruled || says(c.failing[fact], rejected, word) != ruled {
			found = append(found, fmt.Sprintf("fact %d has rules: %t; its row says otherwise", fact, ruled))
		}
		for _, n := range slices.Concat(c.shown[fact], c.failing[fact]) {
			found = append(found, n.missing(tests, word)...)
		}
	}
	for _, n := range c.words {
		found = append(found, n.missing(tests, "the section")...)
	}
	for _, fact := range slices.Concat(keys(c.shown), c.aside) {
		if fact < 1 || fact > lastFact {
			found = append(found, fmt.Sprintf("there is no fact %d", fact))
		}
	}
	return found
}

func says(all []named, test, run string) bool {
	return slices.ContainsFunc(all, func(n named) bool { return n.test == test && slices.Equal(n.runs, []string{run}) })
}

// missing says what of a named test isn't in the source.
func (n named) missing(tests map[string]tested, word string) (found []string) {
	test, ok := tests[n.test]
	if !ok {
		return []string{word + ": there is no test " + n.test}
	}
	for _, run := range n.runs {
		if perFact := n.test == judged || n.test == rejected; perFact != (run == word) || !perFact && !test.says(run) {
			found = append(found, fmt.Sprintf("%s: %s has no %q", word, n.test, run))
		}
	}
	return found
}

func keys(m map[int][]named) (all []int) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

// wrongTables are changes of FEDERATION.md that must be seen.
var wrongTables = map[string][2]string{
	"a row taken out":                 {"\n| 21 |", "\n21 |"},
	"a row said twice":                {"\n| 22 |", "\n| 21 |"},
	"a fact that isn't there":         {"\n| 22 |", "\n| 49 |"},
	"a fact set aside and shown":      {"20 (how", "20 (how) and 21 (how"},
	"a fact set aside no more":        {"47 (its", "its"},
	"a test that isn't there":         {"activitypub.TestDoor`", "activitypub.TestDoors`"},
	"a test that words name":          {"`activitypub.TestLeaving", "`activitypub.TestArriving"},
	"a test of another package":       {"`activitypub.TestDoor`", "`handlers.TestDoor`"},
	"a run that isn't there":          {"“unsigned”", "“unsined”"},
	"a run of another test":           {"`activitypub.TestAKeyThatCannotBeHad`", "`activitypub.TestAKeyThatCannotBeHad` “unsigned”"},
	"a run of a test beside it":       {"`activitypub.TestDoor` “unsigned”", "`activitypub.TestARotatedKeyIsFetchedOnce` “unsigned”"},
	"another fact's run":              {"“fact 23”", "“fact 24”"},
	"a rule without its row's word":   {"`" + judged + "` “fact 28”", "`activitypub.TestDoor`"},
	"mutants that a row doesn't name": {"`" + rejected + "` “fact 28”", "`activitypub.TestDoor`"},
	"rules for a fact without any":    {"`activitypub.TestWhatBecomesOfADelivery`", "`" + judged + "` “fact 17”"},
	"a cell with words":               {"`activitypub.TestDoor` “unsigned”", "some tests"},
	"an empty cell":                   {"`" + rejected + "` “fact 28”", ""},
	"a row with a cell missing":       {"\n| 23 | ", "\n| 23 "},
}

func TestEveryFactHasItsRowAndEveryRowItsTests(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "FEDERATION.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t, root)
	check := func(text string) []string {
		c, err := readConformance(text)
		if err != nil {
			return []string{err.Error()}
		}
		return c.problems(tests, Facts())
	}
	for _, p := range check(string(text)) {
		t.Error(p)
	}
	for name, change := range wrongTables {
		mutant := strings.Replace(string(text), change[0], change[1], 1)
		if mutant == string(text) {
			t.Errorf("%s: FEDERATION.md has no %q to change", name, change[0])
		} else if len(check(mutant)) == 0 {
			t.Errorf("%s passes", name)
		}
	}
}
