package programme

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// organiser is a server that has a schedule, and counts what it is asked.
type organiser struct {
	*httptest.Server
	mu          sync.Mutex
	data        []byte
	etag        string
	code        int
	asked, sent int
}

func newOrganiser(t *testing.T, data []byte) *organiser {
	o := &organiser{data: data, etag: `"1"`, code: http.StatusOK}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.asked++
		if r.Header.Get("If-None-Match") == o.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		o.sent++
		w.Header().Set("ETag", o.etag)
		w.WriteHeader(o.code)
		_, _ = w.Write(o.data)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *organiser) now(data []byte, etag string, code int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.data, o.etag, o.code = data, etag, code
}

func (o *organiser) counts() (asked, sent int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked, o.sent
}

func TestAScheduleIsLookedAtAgainWhenItIsDue(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	c, o := f.kormoran(), newOrganiser(t, sample(t, "frab-schedule-v1.xml"))
	file, err := f.Fetch(ctx, o.URL+"/schedule.xml")
	f.must(err)
	read, err := file.Read(nil, nil)
	f.must(err)
	plan, err := f.Preview(ctx, c, read)
	f.must(err)
	hour := time.Hour
	file.Source.Refresh = &hour
	_, err = f.Apply(ctx, plan, file.Source, nil)
	f.must(err)
	round := func(what string, wantAsked, wantSent int) *models.ScheduleSource {
		t.Helper()
		f.must(f.round(ctx))
		if asked, sent := o.counts(); asked != wantAsked || sent != wantSent {
			t.Errorf("%s: it was asked %d times and sent the file %d times, want %d and %d", what, asked, sent, wantAsked, wantSent)
		}
		source, err := f.store.Schedules.Source(ctx, c.ID)
		f.must(err)
		return source
	}
	round("not due", 1, 1)
	f.wait(time.Hour)
	if source := round("due, and unchanged", 2, 1); source.ETag != `"1"` || source.Version != "0.9" || source.NextAt.Sub(f.now()) != time.Hour {
		t.Errorf("%+v", source)
	}
	f.wait(time.Hour)
	o.now(sample(t, "frab-schedule-v2.xml"), `"2"`, http.StatusOK)
	if source := round("due, and changed", 3, 2); source.ETag != `"2"` || source.Error != "" || source.Refresh != 3600 {
		t.Errorf("%+v", source)
	}
	if f.talk(c, "DNS Is Fine").State != models.TalkRemoved {
		t.Error("the second version wasn't imported")
	}
	before := f.dump(c)
	for _, bad := range []struct {
		what, data string
		code       int
		want       string
	}{{"down", "", http.StatusBadGateway, "502"}, {"a web page", "<!doctype html><p>Moved", http.StatusOK, "web page"}, {"cut short", string(sample(t, "frab-schedule-v1.xml")[:2000]), http.StatusOK, ":"}} {
		f.wait(time.Hour)
		o.now([]byte(bad.data), `"`+bad.what+`"`, bad.code)
		asked, sent := o.counts()
		if source := round(bad.what, asked+1, sent+1); !strings.Contains(source.Error, bad.want) || source.NextAt.Sub(f.now()) != time.Hour {
			t.Errorf("%s: recorded %+v", bad.what, source)
		}
	}
	if after := f.dump(c); after != before {
		t.Error("what can't be read changed the programme")
	}
}

func TestAFileEndsTheRefreshingAndNothingRefreshesByItself(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	c := f.kormoran()
	read := f.read(c, sample(t, "frab-schedule-v1.xml"))
	source := func(from Source) *models.ScheduleSource {
		t.Helper()
		plan, err := f.Preview(ctx, c, read)
		f.must(err)
		_, err = f.Apply(ctx, plan, from, nil)
		f.must(err)
		s, err := f.store.Schedules.Source(ctx, c.ID)
		f.must(err)
		return s
	}
	hour, never := time.Hour, time.Duration(0)
	const one, other = "https://kormoran.example/schedule.xml", "https://kormoran.example/schedule.json"
	for _, tt := range []struct {
		what string
		from Source
		want int64
	}{
		{"an address, at first", Source{URL: one}, 0},
		{"with an hour", Source{URL: one, Refresh: &hour}, 3600},
		{"the same address again", Source{URL: one}, 3600},
		{"another address", Source{URL: other}, 0},
		{"with an hour again", Source{URL: other, Refresh: &hour}, 3600},
		{"never", Source{URL: other, Refresh: &never}, 0},
		{"a file", Source{}, 0},
	} {
		if got := source(tt.from); got.Refresh != tt.want || (got.NextAt != nil) != (tt.want > 0) {
			t.Errorf("%s: every %d seconds, next %v, want %d", tt.what, got.Refresh, got.NextAt, tt.want)
		}
	}
	minute := time.Minute
	for _, from := range []Source{{URL: one, Refresh: &minute}, {Refresh: &hour}} {
		plan, err := f.Preview(ctx, c, read)
		f.must(err)
		if _, err := f.Apply(ctx, plan, from, nil); !errors.Is(err, ErrRefresh) {
			t.Errorf("%+v: %v", from, err)
		}
	}
}

func TestStrangersTextIsHarmless(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	start := time.Date(2026, 6, 11, 8, 0, 0, 0, time.UTC)
	f.applySchedule(c, &schedule.Schedule{Format: schedule.FrabXML, Start: "2026-06-11", End: "2026-06-11", Talks: []schedule.Talk{{GUID: "a", Title: "<script>alert(1)</script>", Kind: "talk",
		Start: start, End: start, Date: "2026-06-11", Languages: []string{"en"}, Description: "More\n\n> words",
		Abstract: "# Top\n\n**Bold** and [a link](https://a.example/) ![](https://tracker.example/1.png)\n\n<img src=x onerror=alert(1)><script>alert(1)</script> [x](javascript:alert(1)) [^1]\n\n[^1]: note"}}})
	html := f.talk(c, "script").HTML
	for _, never := range []string{"<img", "<script", "href=\"javascript", "<h1", "<h2", " id="} {
		if strings.Contains(html, never) {
			t.Errorf("%q in %s", never, html)
		}
	}
	for _, want := range []string{"<strong>Bold</strong>", `href="https://a.example/"`, `rel="nofollow noopener noreferrer ugc"`, "<blockquote>"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q in %s", want, html)
		}
	}
}

func TestMoreSpeakersThanAnyConferenceHasAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.kormoran()
	crowd := make([]schedule.Speaker, 100)
	for i := range crowd {
		crowd[i].Name = strings.Repeat("x", i+1)
	}
	var talks []schedule.Talk
	for i := range maxAppearances/len(crowd) + 1 {
		talks = append(talks, schedule.Talk{UID: strings.Repeat("y", i+1), Title: "T", Kind: "talk", Start: noon, End: noon, Date: "2026-06-11", Speakers: crowd})
	}
	_, err := f.Preview(context.Background(), c, &schedule.Schedule{Start: "2026-06-11", End: "2026-06-11", Talks: talks})
	if !errors.Is(err, ErrSpeakers) {
		t.Errorf("%v", err)
	}
}
