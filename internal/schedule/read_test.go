package schedule

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustRead(t testing.TB, data []byte, o Options) *Schedule {
	t.Helper()
	s, err := Read(data, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEverySampleIsReadAsItsGoldenFileSays(t *testing.T) {
	t.Parallel()
	for name, asks := range map[string]bool{
		"frab-schedule-v1.xml": false, "frab-schedule-v2.xml": false, "frab-schedule.json": false, "pentabarf-old.xml": true,
		"pretalx-schedule.ics": false, "sched-all.ics": true, "edge.ics": false, "sessionize-all.json": true, "sessionize-gridsmart.json": true,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := sample(t, name)
			o := Options{Name: name}
			if asks {
				if s, err := Read(data, o); s != nil || !errors.Is(err, ErrNoZone) {
					t.Fatalf("without a zone: %v, %v; want ErrNoZone", s, err)
				}
				o.Zone = paris(t)
			}
			s := mustRead(t, data, o)
			holds(t, s)
			got, err := json.MarshalIndent(s, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "golden", name+".json"), string(got)+"\n")
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew\ngot:\n%s", name, got)
	}
}

// holds checks what every Schedule keeps, whatever the file was.
func holds(t testing.TB, s *Schedule) {
	t.Helper()
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		t.Errorf("zone %q: %v", s.Zone, err)
	}
	if len(s.Talks) == 0 || len(s.Talks) > MaxTalks {
		t.Errorf("%d talks", len(s.Talks))
	}
	dates := map[int]string{}
	for _, d := range s.Days {
		dates[d.Index] = d.Date
	}
	for i, talk := range s.Talks {
		if talk.Start.Location() != time.UTC || talk.End.Location() != time.UTC || talk.End.Before(talk.Start) {
			t.Errorf("%q: from %v to %v", talk.Title, talk.Start, talk.End)
		}
		if i > 0 && talk.Start.Before(s.Talks[i-1].Start) {
			t.Errorf("%q isn't in order", talk.Title)
		}
		if talk.Title == "" || talk.Kind == "" || dates[talk.Day] != talk.Date || talk.Date == "" {
			t.Errorf("%q: kind %q, day %d, date %q", talk.Title, talk.Kind, talk.Day, talk.Date)
		}
	}
	if err := plain(s); err != nil {
		t.Error(err)
	}
}

// plain is the check that nothing dangerous leaves the package.
func plain(s *Schedule) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return err
	}
	return plainTree("", tree)
}

func plainTree(key string, tree any) error {
	switch v := tree.(type) {
	case map[string]any:
		for k, child := range v {
			if err := plainTree(k, child); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range v {
			if err := plainTree(key, child); err != nil {
				return err
			}
		}
	case string:
		if (key == "url" || key == "avatar") && v != "" && !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") {
			return errors.New(key + " " + v)
		}
		for i := range len(v) - 1 {
			if v[i] == '<' && opensTag(v[i+1:]) {
				return errors.New(key + " has a tag: " + v)
			}
		}
		if strings.ContainsAny(v, "\x00\x1b\u202e\r") || len(v) > MaxText+10 {
			return errors.New(key + " isn't plain")
		}
	}
	return nil
}

func TestTheCheckForPlainnessRejectsMutants(t *testing.T) {
	t.Parallel()
	for name, mutate := range map[string]func(*Talk){
		"a tag":        func(t *Talk) { t.Abstract = "<em>hi</em>" },
		"a script URL": func(t *Talk) { t.Links = []Link{{URL: "javascript:alert(1)"}} },
		"an escape":    func(t *Talk) { t.Room = "\x1b[2J" },
		"a long text":  func(t *Talk) { t.Description = strings.Repeat("x", MaxText+11) },
		"an avatar":    func(t *Talk) { t.Speakers = []Speaker{{Avatar: "data:image/png,x"}} },
	} {
		s := mustRead(t, sample(t, "frab-schedule.json"), Options{})
		mutate(&s.Talks[3])
		if plain(s) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
