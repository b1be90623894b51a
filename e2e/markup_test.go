package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// needChecker returns the command of the Nu Html Checker.
func needChecker(t testing.TB) []string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		lack(t, "there is no Java: apt-get install default-jre-headless")
	}
	jar := toolsFolder + "/node_modules/vnu-jar/build/dist/vnu.jar"
	if _, err := os.Stat(jar); err != nil {
		lack(t, "the Nu Html Checker is not installed: npm ci in e2e/"+toolsFolder)
	}
	return []string{java, "-jar", jar, "--format", "json", "--also-check-css", "--exit-zero-always"}
}

// allowedMarkup are messages that we know better, with the reason.
var allowedMarkup = map[string]*regexp.Regexp{
	"CSS Basic User Interface Level 4 calls field-sizing": regexp.MustCompile(`^CSS: “field-sizing”: Property “field-sizing” doesn't exist`),
}

// faultyMarkup are files that the checker must refuse, and what it has to say.
var faultyMarkup = map[string]struct{ text, finding string }{
	"mutant-tag.html":   {`<!doctype html><html lang="en"><head><title>x</title></head><body><p><div>x</div></p></body></html>`, "No “p” element in scope"},
	"mutant-twice.html": {`<!doctype html><html lang="en"><head><title>x</title></head><body><p id="a">x</p><p id="a">y</p></body></html>`, "Duplicate ID"},
	"mutant-warn.html":  {`<!doctype html><html lang="en"><head><title>x</title></head><body><section>No heading</section></body></html>`, "Section lacks heading"},
	"mutant.css":        {`p { colour: red }`, "“colour”"},
}

var stylesheet = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">`)

// soundMarkup has the checker read every page as the server sends it, and the style sheet.
func soundMarkup(t *testing.T, venues []*venue) {
	folder := t.TempDir()
	keep := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range venues {
		for _, e := range v.exhibits() {
			_, page := v.send(t, v.at(e), e.as, e.path, e.form)
			keep(v.language+"."+e.name+".html", page)
			if found := stylesheet.FindStringSubmatch(page); found != nil {
				_, css := v.send(t, v.full, nobody, found[1], nil)
				keep("look.css", css)
			}
		}
	}
	for name, m := range faultyMarkup {
		keep(name, m.text)
	}
	found := checkMarkup(t, folder)
	for name, m := range faultyMarkup {
		if !strings.Contains(strings.Join(found[name], "\n"), m.finding) {
			t.Errorf("of %s the checker says %q, want %q", name, found[name], m.finding)
		}
		delete(found, name)
	}
	for name, messages := range found {
		for _, m := range messages {
			t.Errorf("%s: %s", name, m)
		}
	}
}

// checkMarkup returns what the checker says of each file in a folder.
func checkMarkup(t *testing.T, folder string) map[string][]string {
	t.Helper()
	command := append(needChecker(t), folder)
	cmd := exec.Command(command[0], command[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("the Nu Html Checker: %v\n%s", err, &said)
	}
	var report struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	if err := json.Unmarshal(said.Bytes(), &report); err != nil {
		t.Fatalf("the Nu Html Checker says %s: %v", &said, err)
	}
	found, allowed := map[string][]string{}, map[string]bool{}
	for _, m := range report.Messages {
		if reason, ok := allowance(m.Message); ok {
			allowed[reason] = true
			continue
		}
		name := filepath.Base(m.URL)
		found[name] = append(found[name], fmt.Sprintf("%d: %s%s: %s (%s)", m.LastLine, m.Type, m.SubType, m.Message, m.Extract))
	}
	for reason := range allowedMarkup {
		if !allowed[reason] {
			t.Errorf("nothing needs the allowance for what %s: take it away", reason)
		}
	}
	return found
}

func allowance(message string) (reason string, ok bool) {
	for reason, pattern := range allowedMarkup {
		if pattern.MatchString(message) {
			return reason, true
		}
	}
	return "", false
}
