package programme

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// state is a conference's programme as it is stored.
type state struct {
	conference *models.Conference
	talks      []*models.Talk // removed ones too, in the order in which they were stored for one start
	ids        map[int64][]models.ExternalID
	corrected  map[int64]map[string]bool
	resources  map[int64][]models.Resource
	people     []*models.Person
}

// load reads a programme, in as many queries for ten talks as for a thousand.
func load(ctx context.Context, store *models.Store, conferenceID int64) (*state, error) {
	s := &state{ids: map[int64][]models.ExternalID{}}
	var err error
	if s.conference, err = store.Conferences.ByID(ctx, conferenceID); err != nil {
		return nil, err
	}
	if s.talks, err = store.Talks.Programme(ctx, conferenceID, "", true); err != nil {
		return nil, err
	}
	slices.SortFunc(s.talks, func(a, b *models.Talk) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.ID, b.ID)) })
	ids, err := store.Talks.ExternalIDs(ctx, conferenceID)
	if err != nil {
		return nil, err
	}
	talkIDs := make([]int64, len(s.talks))
	for i, t := range s.talks {
		talkIDs[i] = t.ID
	}
	for _, id := range ids {
		s.ids[id.TalkID] = append(s.ids[id.TalkID], id)
	}
	if s.corrected, err = store.Talks.Corrected(ctx, conferenceID); err != nil {
		return nil, err
	}
	if s.resources, err = store.Talks.Resources(ctx, talkIDs...); err != nil {
		return nil, err
	}
	s.people, err = store.People.Of(ctx, conferenceID)
	return s, err
}

// named are the stored talks as schedules name them, for schedule.Match.
func (s *state) named() []schedule.Talk {
	list := make([]schedule.Talk, len(s.talks))
	for i, t := range s.talks {
		for _, id := range s.ids[t.ID] {
			value, _, _ := strings.Cut(id.Value, again)
			switch id.Scheme {
			case "guid":
				list[i].GUID = value
			case "code":
				list[i].Code = value
			case "uid":
				list[i].UID = value
			case "id":
				list[i].ID = value
			case "url":
				list[i].URL = value
			}
		}
	}
	return list
}

// told is a talk in a schedule's words: stored ones and those that a schedule makes are
// compared in these, so that only what would be stored otherwise is a change. Its GUID is
// ours.
func told(t *models.Talk, speakers []models.Appearance, links []schedule.Link) schedule.Talk {
	out := schedule.Talk{GUID: t.PublicID, Title: t.Title, RawTitle: t.RawTitle, Subtitle: t.Subtitle, Kind: schedule.Kind(t.Kind), RawType: t.RawType,
		Start: t.StartsAt, End: t.EndsAt, Date: t.Day, Room: t.Room, Track: t.Track, Abstract: t.Abstract, Description: t.Description,
		URL: t.URL, Cancelled: t.State == models.TalkCancelled, DoNotRecord: t.DoNotRecord, DoNotStream: t.DoNotStream, Links: links}
	if t.Language != "" {
		out.Languages = strings.Split(t.Language, ",")
	}
	for _, a := range speakers {
		if a.Person != nil {
			out.Speakers = append(out.Speakers, schedule.Speaker{Name: a.Person.Name, Role: a.Role, Affiliation: a.Affiliation, Moderator: a.Moderator})
		}
	}
	slices.SortFunc(out.Links, func(a, b schedule.Link) int { return strings.Compare(a.URL, b.URL) })
	return out
}

// links are those of a stored talk that came from its schedule.
func (s *state) links(talkID int64) (list []schedule.Link) {
	for _, r := range s.resources[talkID] {
		if r.AccountID == nil {
			list = append(list, schedule.Link{URL: r.URL, Title: r.Title, Type: schedule.LinkType(r.Type)})
		}
	}
	return list
}

// same says whether two talks have the same columns, but for when they were changed.
func same(a, b *models.Talk) bool {
	x, y := *a, *b
	for _, t := range []*models.Talk{&x, &y} {
		t.StartsAt, t.EndsAt, t.CreatedAt, t.ChangedAt, t.Speakers = time.Time{}, time.Time{}, time.Time{}, time.Time{}, nil
	}
	return a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt) && reflect.DeepEqual(x, y)
}
