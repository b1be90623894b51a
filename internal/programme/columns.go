package programme

import (
	"strings"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// column is a field of a talk that a schedule fills and a person may put right.
type column struct {
	name string
	copy func(to, from *models.Talk)
	same func(a, b *models.Talk) bool
}

func col[T comparable](name string, of func(*models.Talk) *T) column {
	return column{name, func(to, from *models.Talk) { *of(to) = *of(from) }, func(a, b *models.Talk) bool { return *of(a) == *of(b) }}
}

// Fields that corrections name beside the columns, or mean more by: of a talk whose state
// somebody decided, imports don't say whether it is in the programme.
const (
	fieldState    = "state"
	fieldSpeakers = "speakers"
)

var columns = []column{
	col("title", func(t *models.Talk) *string { return &t.Title }),
	col("subtitle", func(t *models.Talk) *string { return &t.Subtitle }),
	col("kind", func(t *models.Talk) *string { return &t.Kind }),
	{"starts_at", func(to, from *models.Talk) { to.StartsAt = from.StartsAt }, func(a, b *models.Talk) bool { return a.StartsAt.Equal(b.StartsAt) }},
	{"ends_at", func(to, from *models.Talk) { to.EndsAt = from.EndsAt }, func(a, b *models.Talk) bool { return a.EndsAt.Equal(b.EndsAt) }},
	col("day", func(t *models.Talk) *string { return &t.Day }),
	col("room", func(t *models.Talk) *string { return &t.Room }),
	col("track", func(t *models.Talk) *string { return &t.Track }),
	col("language", func(t *models.Talk) *string { return &t.Language }),
	col("abstract", func(t *models.Talk) *string { return &t.Abstract }),
	col("description", func(t *models.Talk) *string { return &t.Description }),
	col("url", func(t *models.Talk) *string { return &t.URL }),
	col(fieldState, func(t *models.Talk) *string { return &t.State }),
	col("do_not_record", func(t *models.Talk) *bool { return &t.DoNotRecord }),
	col("do_not_stream", func(t *models.Talk) *bool { return &t.DoNotStream }),
}

// overlay writes what a schedule says over a row, but for what was put right by hand.
func overlay(row *models.Talk, t schedule.Talk, fixed map[string]bool) {
	state := models.TalkScheduled
	if t.Cancelled {
		state = models.TalkCancelled
	}
	said := &models.Talk{Title: t.Title, Subtitle: t.Subtitle, Kind: string(t.Kind), StartsAt: t.Start.UTC(), EndsAt: t.End.UTC(), Day: t.Date, Room: t.Room,
		Track: t.Track, Language: strings.Join(t.Languages, ","), Abstract: t.Abstract, Description: t.Description, URL: t.URL, State: state,
		DoNotRecord: t.DoNotRecord, DoNotStream: t.DoNotStream}
	row.RawTitle, row.RawType = t.RawTitle, t.RawType
	for _, c := range columns {
		if !fixed[c.name] {
			c.copy(row, said)
		}
	}
	if row.EndsAt.Before(row.StartsAt) { // one of them was put right, and the other has moved since
		row.EndsAt = row.StartsAt.Add(t.End.Sub(t.Start))
	}
}
