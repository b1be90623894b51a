package e2e

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

// hosted is a conference of two days on an instance, for those who write about it.
type hosted struct {
	conference *models.Conference
	talks      []*models.Talk // of both days, in order; the third is lunch
}

// host adds it, as an import would.
func host(t testing.TB, store *models.Store) *hosted {
	t.Helper()
	h := &hosted{conference: &models.Conference{StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", City: "Port-Kerval", Hashtag: "Kormoran2026",
		Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: evening}}
	h.conference.Actor = &models.Actor{Kind: "Group", Handle: "kormoran_conf", Name: "Kormoran Conf 2026", CreatedAt: evening}
	write(t, store, func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, h.conference.Actor, &models.ActorKey{Algorithm: "rsa", PublicPEM: "-", PrivatePEM: "-"}); err != nil {
			return err
		}
		h.conference.ActorID = h.conference.Actor.ID
		return tx.Conferences.Create(ctx, h.conference)
	})
	h.add(t, store, "2026-06-11T07:15:00Z", "keynote", "Ten years of tides", "Belle-Île", "Maëlle Quérec")
	h.add(t, store, "2026-06-11T09:00:00Z", "talk", "eBPF without tears, or how I learnt to stop worrying about the verifier", "Hoëdic", "Dragomir Mançel", "Solenn Le Bihan")
	h.add(t, store, "2026-06-11T10:30:00Z", "break", "Lunch", "")
	h.add(t, store, "2026-06-11T12:00:00Z", "workshop", "Boats that mend themselves", "Groix", "Rémi Tanguy")
	h.add(t, store, "2026-06-12T07:00:00Z", "talk", "Small models, big harbours", "Belle-Île", "Eun-ji Vandekerk")
	return h
}

func (h *hosted) add(t testing.TB, store *models.Store, start, kind, title, room string, speakers ...string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		t.Fatal(err)
	}
	talk := &models.Talk{PublicID: models.NewPublicID(), ConferenceID: h.conference.ID, Slug: draft.Slug(title), Title: title, Kind: kind, Room: room, Language: "en", State: models.TalkScheduled,
		StartsAt: at, EndsAt: at.Add(45 * time.Minute), Day: start[:10], CreatedAt: evening, ChangedAt: evening}
	write(t, store, func(ctx context.Context, tx *models.Store) error {
		err := tx.Talks.Create(ctx, talk, nil)
		var list []models.Appearance
		for _, name := range speakers {
			p := &models.Person{ConferenceID: h.conference.ID, Slug: draft.Slug(name), Name: name}
			err = errors.Join(err, tx.People.Create(ctx, p))
			list = append(list, models.Appearance{PersonID: p.ID, Role: "CTO", Affiliation: "Ateliers Brume"})
		}
		return errors.Join(err, tx.Talks.SetSpeakers(ctx, talk.ID, list))
	})
	h.talks = append(h.talks, talk)
}

const planPath = "/plan/kormoran_conf"

// attend has the author plan the first day, and begin a note.
func (v *venue) attend(t testing.TB) {
	v.hosted = host(t, v.store)
	for i, mark := range map[int]string{0: models.PlanAttended, 1: models.PlanStarred, 3: models.PlanMissed} {
		v.does(t, author, planPath, url.Values{"action": {"mark"}, "day": {"2026-06-11"}, "talk": {v.hosted.talks[i].PublicID}, "mark": {mark}})
	}
	v.note = v.does(t, author, "/write", url.Values{"client_id": {models.NewPublicID()}, "action": {"save"}, "language": {v.language}, "replies": {"open"}, "talk": {v.hosted.talks[0].PublicID},
		"title": {"Ten years of tides"}, "takeaway": {v.words("Size for the spring tide, not for the mean.", "Dimensionner pour la grande marée, pas pour la moyenne.")},
		"source": {v.words("Ten years of operations, told by two voices.", "Dix ans d’exploitation, racontés à deux voix.")}})
}

// talkID is the public id of one of the conference's talks, once there is one.
func (v *venue) talkID(i int) string {
	if v.hosted == nil {
		return ""
	}
	return v.hosted.talks[i].PublicID
}

// sent says where the recap was delivered, and where it wasn't. Nothing of it is due while
// anybody looks.
func (v *venue) sent(t testing.TB) {
	object, later := "https://"+v.host+"/articles/"+*v.post.PublicID, time.Now().Add(6*time.Hour)
	rows := []models.Delivery{
		{Host: "hachyderm.example", State: models.DeliveryDelivered, Attempt: 1, Status: 202, DoneAt: &evening},
		{Host: "masto.example", State: models.DeliveryDelivered, Attempt: 2, Status: 202, DoneAt: &evening},
		{Host: "gone.example", State: models.DeliveryFailed, Attempt: 1, Status: 410, Error: "Gone", DoneAt: &evening},
		{Host: "social.a-very-long-name-of-a-server-that-nobody-types.example", State: models.DeliveryFailed, Attempt: 1, Status: 403, DoneAt: &evening,
			Error: "this instance is in limited federation mode, see https://social.example/about/" + strings.Repeat("limited-federation-", 5)},
		{Host: "an-endless-name-of-a-server-full-of-noise.and-nothing-but-noise.example", State: models.DeliveryFailed, Attempt: 10, Error: "connection refused", DoneAt: &evening},
		{Host: "slow.example", State: models.DeliveryQueued, Attempt: 4, Status: 502, Error: "Bad Gateway"},
		{Host: "busy.example", State: models.DeliveryQueued, Attempt: 1, Status: 429, Error: "Too many requests"},
	}
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		create, err := tx.Activities.CreateOf(ctx, object)
		if err != nil {
			return err
		}
		queued := slices.Clone(rows)
		for i := range queued {
			queued[i].ActivityID, queued[i].Inbox, queued[i].OrderKey, queued[i].RunAt = create.ID, "https://"+queued[i].Host+"/inbox", object, later
		}
		if err := tx.Deliveries.Enqueue(ctx, queued); err != nil {
			return err
		}
		for i, row := range rows {
			row.ID, row.RunAt = queued[i].ID, later
			if err := tx.Deliveries.Finish(ctx, &row); err != nil {
				return err
			}
		}
		return nil
	})
}
