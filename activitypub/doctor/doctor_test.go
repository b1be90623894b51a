package doctor

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	"confnotes/models"
	"confnotes/models/modelstest"
)

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

func newDoctor(t *testing.T) *Doctor {
	t.Helper()
	store, dir := modelstest.Open(t)
	iris, err := activitypub.NewIRIs("https://notes.example", "")
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "media"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	client := fetch.New(fetch.Options{UserAgent: "test", Off: true})
	return New(store, iris, client, activitypub.NewResolver(store, iris, client, now), dir, now)
}

func names(found []Finding) (all []string) {
	for _, f := range found {
		all = append(all, f.Name())
	}
	return all
}

func TestACertificateIsRenewedInTime(t *testing.T) {
	for left, want := range map[time.Duration]string{15 * 24 * time.Hour: "certificate", 13 * 24 * time.Hour: "certificate_ends", -time.Hour: "certificate_ends"} {
		if got := certificate("notes.example", noon.Add(left), noon); got.Name() != want {
			t.Errorf("%s before its end: %s, want %s", left, got.Name(), want)
		}
	}
}

func TestRoomOnTheDisk(t *testing.T) {
	for megabytes, want := range map[int]Level{50: Problem, 500: Warning, 5000: OK} {
		if got := roomLeft("media", megabytes); got.Level != want {
			t.Errorf("%d MB: %s, want %s", megabytes, got.Level, want)
		}
	}
}

func TestAProxyTellsForWhomItAsks(t *testing.T) {
	d := newDoctor(t)
	for _, tt := range []struct {
		name    string
		arrival activitypub.Arrival
		want    []string
	}{
		{"no proxy", activitypub.Arrival{Address: "198.51.100.7", Client: "198.51.100.7", TLS: true}, nil},
		{"one that is trusted", activitypub.Arrival{Address: "127.0.0.1", Client: "198.51.100.7", Forwarded: true}, nil},
		{"one that isn't", activitypub.Arrival{Address: "127.0.0.1", Client: "127.0.0.1", Forwarded: true}, []string{"proxy_unknown"}},
		{"one that says nothing", activitypub.Arrival{Address: "127.0.0.1", Client: "127.0.0.1"}, []string{"proxy_silent"}},
	} {
		if got := names(d.proxy(tt.arrival)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// put stores a lane as the courier may have left it.
func (d *Doctor) put(t *testing.T, l models.Lane) {
	t.Helper()
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(d.data, models.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	_, err = raw.ExecContext(t.Context(), "INSERT INTO lanes (host, next_due, paused_until, lease_until, failures, dead_at) VALUES (?, ?, ?, ?, ?, ?)",
		l.Host, l.NextDue, l.PausedUntil, l.LeaseUntil, l.Failures, l.DeadAt)
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheQueueIsLookedAt(t *testing.T) {
	ago := func(d time.Duration) *time.Time { at := noon.Add(-d); return &at }
	for _, tt := range []struct {
		name string
		lane models.Lane
		want string
	}{
		{"a lane that is due just now", models.Lane{NextDue: ago(time.Minute)}, "queue"},
		{"one that somebody holds", models.Lane{NextDue: ago(time.Hour), LeaseUntil: ago(-time.Minute)}, "queue"},
		{"one that waits for its time", models.Lane{NextDue: ago(-time.Hour)}, "queue"},
		{"one with nothing to send", models.Lane{}, "queue"},
		{"one that has failed once", models.Lane{NextDue: ago(-time.Minute), Failures: 1}, "queue"},
		{"one that has been due for half an hour", models.Lane{NextDue: ago(30 * time.Minute)}, "queue_stands"},
		{"one whose holder is gone", models.Lane{NextDue: ago(time.Hour), LeaseUntil: ago(40 * time.Minute)}, "queue_stands"},
		{"one that rests from failing", models.Lane{NextDue: ago(-time.Minute), PausedUntil: ago(-time.Minute), Failures: 5}, "failing"},
		{"one that hasn't answered for a week", models.Lane{DeadAt: ago(time.Hour), PausedUntil: ago(time.Hour), Failures: 50}, "dead"},
	} {
		d := newDoctor(t)
		tt.lane.Host = "far.example"
		d.put(t, tt.lane)
		if got := names(d.queue(t.Context())); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
	d := newDoctor(t)
	for i := range 7 {
		d.put(t, models.Lane{Host: fmt.Sprintf("far%d.example", i), DeadAt: ago(time.Hour)})
	}
	found := d.queue(t.Context())
	if want := "far0.example, far1.example, far2.example, far3.example, far4.example, …"; len(found) != 1 || found[0].Args[1] != want {
		t.Errorf("of many: %v", found)
	}
}

func TestWhatTheFolderLacksIsFound(t *testing.T) {
	d := newDoctor(t)
	if got := names(d.Examine(t.Context(), "")); !slices.Contains(got, "not_started") {
		t.Errorf("where no server ever ran: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(d.data, "media")); err != nil {
		t.Fatal(err)
	}
	if got := d.disk(); got.Name() != "disk_fails" {
		t.Errorf("without the folder of pictures: %s", got.Name())
	}
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := d.database(t.Context()); got.Name() != "database_fails" || got.Level != Problem {
		t.Errorf("of a closed database: %+v", got)
	}
}

func TestTheWorstFindingCounts(t *testing.T) {
	for want, found := range map[Level][]Finding{OK: {{Level: OK}}, Warning: {{Level: OK}, {Level: Warning}, {Level: OK}}, Problem: {{Level: Warning}, {Level: Problem}, {Level: Warning}}} {
		if got := Worst(found); got != want {
			t.Errorf("of %v: %s", found, got)
		}
	}
}
