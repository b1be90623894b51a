package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// scheduleSample is a file of the samples that internal/schedule reads.
func scheduleSample(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "internal", "schedule", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAConferenceAndItsScheduleFromAShell(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.start(t) // all of it works beside the server
	first, second := scheduleSample(t, "frab-schedule-v1.xml"), scheduleSample(t, "frab-schedule-v2.xml")
	whole, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.xml")
	if err := os.WriteFile(cut, whole[:3000], 0o600); err != nil {
		t.Fatal(err)
	}
	add := []string{"conference", "add", "kormoran2026", "--name", "Kormoran Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--end", "2026-06-12"}
	load := func(file string, more ...string) []string {
		return append([]string{"import", "schedule", file, "--conference", "kormoran2026"}, more...)
	}
	steps := []struct {
		name     string
		args     []string
		wantCode int
		wantSaid string
	}{
		{"no conference yet", load(first), 1, "confnotes conference add kormoran2026 --name 'Kormoran Conf 2026' --zone Europe/Paris --start 2026-06-11 --end 2026-06-12"},
		{"a zone that isn't one", append(append([]string{}, add...), "--zone", "Europe/Vannes"), 1, "zone: use the zone's IANA name"},
		{"no name", []string{"conference", "add", "kormoran2026"}, 2, "--name"},
		{"an owner who isn't there", append(append([]string{}, add...), "--owner", "nobody"), 1, "no account"},
		{"a person's handle", []string{"conference", "add", author, "--name", "K", "--zone", "UTC", "--start", "2026-06-11"}, 1, "taken"},
		{"the conference", append(append([]string{}, add...), "--owner", author, "--city", "Vannes", "--url", "https://kormoran.example", "--hashtag", "#Kormoran2026", "--series", "kormoran"), 0, "added kormoran2026: Kormoran Conf 2026, 2026-06-11 to 2026-06-12, Europe/Paris\n"},
		{"the same again", add, 1, "taken"},
		{"a series with a person's handle", []string{"conference", "add", "k2", "--name", "K", "--zone", "UTC", "--start", "2026-06-11", "--series", author}, 1, "series: it is taken"},
		{"a series with a conference's handle", []string{"conference", "add", "k2", "--name", "K", "--zone", "UTC", "--start", "2026-06-11", "--series", "kormoran2026"}, 1, "series: it is taken"},
		{"the list", []string{"conference", "list"}, 0, "kormoran2026\t2026-06-11\t2026-06-12\tEurope/Paris\tKormoran Conf 2026\n"},
		{"a file that isn't there", load("/no/such/file.xml"), 1, "no/such/file.xml"},
		{"a file without a zone", load(scheduleSample(t, "sched-all.ics")), 1, "--zone Europe/Paris"},
		{"a file that is cut short", load(cut), 1, "cut.xml:"},
		{"what would be imported", load(first, "--dry-run"), 0, "23 added, 0 moved, 0 renamed, 0 removed, 0 changed, 0 unchanged"},
		{"and nothing was", load(first, "--dry-run"), 0, "23 added"},
		{"the import", load(first), 0, "23 added"},
		{"again", load(first), 0, "0 added, 0 moved, 0 renamed, 0 removed, 0 changed, 23 unchanged"},
		{"what the second would change", load(second, "--dry-run"), 0, "1 added, 1 moved, 1 renamed, 1 removed, 3 changed, 17 unchanged"},
		{"a file can't be refreshed", load(second, "--refresh", "1h"), 1, "a file has none"},
		{"the second", load(second), 0, "renamed  Schema Evolution Is a People Problem → Schema Evolution Is (Still) a People Problem"},
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			got := in.run(t, "", s.args...)
			if got.code != s.wantCode || !strings.Contains(got.stdout+got.stderr, s.wantSaid) {
				t.Errorf("%s\nwant exit code %d and %q", got, s.wantCode, s.wantSaid)
			}
		})
	}
}

// A conference and its series are followed apart: each has a key of its own.
func TestASeriesHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "Kormoran Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--series", "kormoran")
	in.start(t)
	defer in.process.stop(t)
	keys := map[string]string{}
	for _, handle := range []string{"kormoran2026", "kormoran", author} {
		_, body := in.get(t, in.baseURL+"/users/"+handle, "application/activity+json")
		var actor struct {
			Type      string
			Name      string
			PublicKey struct{ PublicKeyPem string }
		}
		if err := json.Unmarshal([]byte(body), &actor); err != nil || actor.PublicKey.PublicKeyPem == "" || keys[actor.PublicKey.PublicKeyPem] != "" {
			t.Errorf("%s has no key, or that of %s: %v %s", handle, keys[actor.PublicKey.PublicKeyPem], err, body)
		}
		keys[actor.PublicKey.PublicKeyPem] = handle
		if handle == "kormoran" && (actor.Type != "Group" || actor.Name != "Kormoran Conf") {
			t.Errorf("the series is %+v", actor)
		}
	}
}

// A large import says in its page how far it is, before the next page comes.
func TestALargeImportSaysInTheBrowserHowFarItIs(t *testing.T) {
	t.Parallel()
	needChromium(t)
	in := newPlain(t)
	in.addAuthor(t)
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "Kormoran Conf 2026", "--zone", "Europe/Paris", "--start", "2026-06-11", "--end", "2026-06-12", "--owner", author)
	in.start(t)
	defer in.process.stop(t)
	var calendar strings.Builder
	calendar.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//confnotes//test\r\n")
	for i := range 6000 {
		fmt.Fprintf(&calendar, "BEGIN:VEVENT\r\nUID:%d@kormoran.example\r\nDTSTAMP:20260601T000000Z\r\nDTSTART:20260611T0900%02dZ\r\nDTEND:20260611T100000Z\r\nSUMMARY:Talk %d\r\nDESCRIPTION:Number *%d* of many\r\nEND:VEVENT\r\n", i, i%60, i, i)
	}
	calendar.WriteString("END:VCALENDAR\r\n")
	file := filepath.Join(t.TempDir(), "large.ics")
	if err := os.WriteFile(file, []byte(calendar.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	signIn(t, b, in)
	b.open(t, in.baseURL+"/conferences/kormoran2026/import", http.StatusOK)
	b.do(t, "choose the schedule", chromedp.SetUploadFiles("#field-schedule", []string{file}, chromedp.ByQuery))
	b.press(t, `button[value="look"]`)
	b.do(t, "watch the line", chromedp.Evaluate(`sessionStorage.said = ""; new MutationObserver((all) => (sessionStorage.said += all[0].target.textContent + "\n")).observe(document.querySelector('form [role="status"]'), { childList: true })`, nil))
	b.press(t, `button[value="apply"]`)
	if said := eval[string](t, b, "sessionStorage.said"); !strings.Contains(said, "% of 6,000 talks are read in.") {
		t.Errorf("it said %q", said)
	}
	b.quiet(t, "importing")
}

func TestAnImportAnswersMachinesInJSON(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.addAuthor(t)
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "K", "--zone", "Europe/Paris", "--start", "2026-06-11")
	for i, args := range [][]string{{scheduleSample(t, "frab-schedule-v1.xml")}, {scheduleSample(t, "frab-schedule-v2.xml"), "--dry-run"}} {
		got := in.run(t, "", append([]string{"import", "schedule", "--conference", "kormoran2026", "--json"}, args...)...)
		var said struct {
			Conference string
			DryRun     bool   `json:"dry_run"`
			EndsOn     string `json:"ends_on"`
			Counts     map[string]int
			Added      []struct{ Title, Start, Room string }
			Moved      []struct {
				Fields   []string
				Old, New struct{ Title, Start string }
			}
		}
		if err := json.Unmarshal([]byte(got.stdout), &said); err != nil || got.code != 0 {
			t.Fatalf("%v: %s", err, got)
		}
		want := []map[string]int{{"added": 23, "moved": 0, "renamed": 0, "removed": 0, "changed": 0, "unchanged": 0}, {"added": 1, "moved": 1, "renamed": 1, "removed": 1, "changed": 3, "unchanged": 17}}[i]
		for name, n := range want {
			if said.Counts[name] != n || len(said.Counts) != len(want) {
				t.Errorf("%s: %d, want %d", name, said.Counts[name], n)
			}
		}
		if said.Conference != "kormoran2026" || said.DryRun != (i == 1) || said.EndsOn != "2026-06-12" || len(said.Added) != want["added"] || len(said.Moved) != want["moved"] {
			t.Errorf("%+v", said)
		}
		if i == 1 && (said.Moved[0].Old.Start != "2026-06-11T11:00:00+02:00" || said.Moved[0].New.Start != "2026-06-11T15:30:00+02:00") {
			t.Errorf("moved: %+v", said.Moved)
		}
	}
}

func TestAScheduleFromAnAddress(t *testing.T) {
	t.Parallel()
	organiser := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(scheduleSample(t, "edge.ics")))))
	defer organiser.Close()
	in := newPlain(t)
	in.addAuthor(t)
	in.must(t, "", "conference", "add", "kormoran2026", "--name", "K", "--zone", "Europe/Paris", "--start", "2026-06-11")
	load := func(name string, more ...string) said {
		return in.run(t, "", append([]string{"import", "schedule", organiser.URL + "/" + name, "--conference", "kormoran2026"}, more...)...)
	}
	if got := load("frab-schedule.json"); got.code != 1 || !strings.Contains(got.stderr, "not a public address") {
		t.Errorf("a private address: %s", got)
	}
	if got := load("nothing.json", "--allow-network", "127.0.0.0/8"); got.code != 1 || !strings.Contains(got.stderr, "404") {
		t.Errorf("an address of nothing: %s", got)
	}
	if got := load("frab-schedule.json", "--allow-network", "127.0.0.0/8", "--refresh", "1h"); got.code != 0 || !strings.Contains(got.stdout, "added") {
		t.Errorf("an address: %s", got)
	}
	var refresh int
	if err := in.open(t).QueryRow("SELECT refresh FROM schedule_sources WHERE url = ? AND next_at IS NOT NULL AND modified <> ''", organiser.URL+"/frab-schedule.json").Scan(&refresh); err != nil || refresh != 3600 {
		t.Errorf("refreshed every %d seconds, %v", refresh, err)
	}
}
