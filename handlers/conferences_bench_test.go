package handlers

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// BenchmarkConference: the pages of a conference of 1,000 talks with 5,000 notes. The ratio is
// to the same page with a hundredth of the notes, in the same run.
func BenchmarkConference(b *testing.B) {
	small, large := crowded(b, 50), crowded(b, 5000)
	for name, path := range map[string]string{"whole": "/conferences/kormoran2026", "day": day11, "talk": "/conferences/kormoran2026/talks/talk-0", "speakers": "/conferences/kormoran2026/speakers"} {
		b.Run(name, func(b *testing.B) {
			few := timed(b, small, path)
			for b.Loop() {
				large.nobody().get(path).want(b, path, http.StatusOK)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(few), "times-50-notes")
			b.ReportMetric(float64(large.nobody().get(path).Body.Len())/1024, "KB")
		})
	}
}

// timed is how long a page takes, the mean of five.
func timed(b *testing.B, a *app, path string) time.Duration {
	start := time.Now()
	for range 5 {
		a.nobody().get(path).want(b, path, http.StatusOK)
	}
	return time.Since(start) / 5
}

// crowded is a conference of two days and 1,000 talks with so many notes by 50 people.
func crowded(b *testing.B, notes int) *app {
	a := newTestApp(b)
	c := a.conference("kormoran2026", "Europe/Paris", "2026-06-11", "2026-06-12")
	var talks []schedule.Talk
	for i := range 1000 {
		day := c.in(b, "2026-06-11 09:00").AddDate(0, 0, i%2)
		at := day.Add(time.Duration(i%50) * 10 * time.Minute)
		talks = append(talks, schedule.Talk{Title: fmt.Sprintf("Talk %d", i), Kind: schedule.RegularTalk, Start: at, End: at.Add(time.Hour), Date: day.Format(time.DateOnly), Room: fmt.Sprintf("Room %d", i%20),
			Speakers: []schedule.Speaker{{Name: fmt.Sprintf("Speaker %d", i%300)}}})
	}
	c.add(talks...)
	people := make([]*person, 50)
	for i := range people {
		people[i] = a.person(fmt.Sprintf("p%d", i), models.RoleAuthor)
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		for i := range notes {
			by, id, at := people[i%50], models.NewPublicID(), noon.Add(time.Duration(i)*time.Second)
			talk := c.talks[fmt.Sprintf("Talk %d", i%1000)]
			p := &models.Post{PublicID: &id, ClientID: &id, Local: true, Type: "Article", Kind: models.KindArticle, ActorID: by.ActorID, AccountID: &by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
				Slug: id, Title: fmt.Sprintf("Note %d", i), Language: "en", HTML: "<p>Text", Takeaway: "Short.", ConferenceID: &c.ID, TalkID: &talk.ID, CreatedAt: at, PublishedAt: &at, SavedAt: &at}
			if err := tx.Posts.Create(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}
