package programme

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// congress is a programme of 1,000 talks with two speakers each.
func congress() *schedule.Schedule {
	s := &schedule.Schedule{Format: schedule.FrabXML, Zone: "Europe/Paris", Start: "2026-06-11", End: "2026-06-12"}
	text := strings.Repeat("Two or *three* things that the [sea](https://a.example/) has taught us about outages. ", 12)
	start := time.Date(2026, 6, 11, 8, 0, 0, 0, time.UTC)
	for n := range 1000 {
		at := start.Add(time.Duration(n/20) * 20 * time.Minute)
		s.Talks = append(s.Talks, schedule.Talk{GUID: fmt.Sprintf("guid-%d", n), Code: fmt.Sprintf("K%d", n), ID: fmt.Sprint(n), URL: fmt.Sprintf("https://k.example/%d", n),
			Title: fmt.Sprintf("Talk %d", n), Kind: "talk", Start: at, End: at.Add(20 * time.Minute), Date: "2026-06-11", Room: fmt.Sprintf("Room %d", n%20), Languages: []string{"en"},
			Abstract: fmt.Sprintf("%d. %s", n, text), Description: fmt.Sprintf("%d, again: %s", n, text), Links: []schedule.Link{{URL: fmt.Sprintf("https://k.example/%d.pdf", n), Title: "Slides", Type: schedule.Slides}},
			Speakers: []schedule.Speaker{{Name: fmt.Sprintf("Speaker %d", n)}, {Name: fmt.Sprintf("Speaker %d", n+1)}}})
	}
	return s
}

// BenchmarkImport reports how many times the bare inserts of the same rows an import of
// 1,000 talks takes, and how many a second one in which nothing changed.
func BenchmarkImport(b *testing.B) {
	ctx, from := context.Background(), congress()
	var bare, first, again time.Duration
	for b.Loop() {
		f := newFixture(b)
		c := f.kormoran()
		other, err := f.Add(ctx, New{Handle: "other", Name: "Other", Zone: "UTC", StartsOn: "2026-06-11"})
		f.must(err)
		begin := time.Now()
		f.applySchedule(c, from)
		first += time.Since(begin)
		begin = time.Now()
		f.applySchedule(c, from)
		again += time.Since(begin)
		st, err := load(ctx, f.store, c.ID)
		f.must(err)
		bare += insertCopy(f, st, other.ID)
	}
	b.ReportMetric(first.Seconds()*1000/float64(b.N), "ms/import")
	b.ReportMetric(float64(first)/float64(bare), "x-bare-inserts")
	b.ReportMetric(float64(again)/float64(bare), "x-bare-inserts-again")
}

// insertCopy stores the rows of one programme as another's and says how long that took.
func insertCopy(f *fixture, st *state, conferenceID int64) time.Duration {
	var ids []models.ExternalID
	var speakers []models.Appearance
	var links []models.Resource
	for _, p := range st.people {
		p.ID, p.ConferenceID = p.ID+1_000_000, conferenceID
	}
	for _, t := range st.talks {
		for _, id := range st.ids[t.ID] {
			id.ConferenceID, id.TalkID = conferenceID, t.ID+1_000_000
			ids = append(ids, id)
		}
		for _, r := range st.resources[t.ID] {
			r.ID, r.TalkID = 0, t.ID+1_000_000
			links = append(links, r)
		}
		for _, a := range t.Speakers {
			a.TalkID, a.PersonID = t.ID+1_000_000, a.PersonID+1_000_000
			speakers = append(speakers, a)
		}
		t.ID, t.ConferenceID, t.PublicID = t.ID+1_000_000, conferenceID, models.NewPublicID()
	}
	begin := time.Now()
	f.inTx(func(ctx context.Context, tx *models.Store) error {
		for _, step := range []func() error{
			func() error { return tx.Talks.CreateAll(ctx, st.talks) }, func() error { return tx.Talks.ReplaceExternalIDs(ctx, nil, ids) },
			func() error { return tx.People.CreateAll(ctx, st.people) }, func() error { return tx.Talks.ReplaceSpeakers(ctx, nil, speakers) },
			func() error { return tx.Talks.ReplaceResources(ctx, nil, links) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(begin)
}

// A preview asks as much of the database for ten talks as for a thousand.
func TestAPreviewAsksAsMuchForTenTalksAsForAThousand(t *testing.T) {
	t.Parallel()
	asked := func(n int) int {
		f, from := newFixture(t), congress()
		from.Talks = from.Talks[:n]
		var queries atomic.Int64
		f.must(f.store.Watch(func(string) { queries.Add(1) }))
		c := f.kormoran()
		f.applySchedule(c, from)
		queries.Store(0)
		if plan, err := f.Preview(context.Background(), c, from); err != nil || !plan.Empty() {
			t.Errorf("%v, %v", plan, err)
		}
		return int(queries.Load())
	}
	if ten, thousand := asked(10), asked(1000); ten != thousand || ten == 0 {
		t.Errorf("%d queries for 10 talks, %d for 1,000", ten, thousand)
	}
}
