package handlers

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// pathPlanFeed is where plans are served to calendars: whoever has the address may read
// that one plan. It isn't in the log.
const pathPlanFeed = templates.PathPlan + "/feed/"

// logged is a request's path as the log may keep it: without a secret.
func logged(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, pathPlanFeed) {
		return pathPlanFeed + "…"
	}
	return r.URL.Path
}

func hashOfFeed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// makePlanFeed gives a plan a new address, the one before ends, and shows it this once:
// only its hash is kept.
func (s *Server) makePlanFeed(w http.ResponseWriter, r *http.Request, p *plan) error {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails since Go 1.24
	token := base64.RawURLEncoding.EncodeToString(secret)
	err := s.Store.InTx(r.Context(), func(tx *models.Store) error {
		return tx.Plans.SetFeed(r.Context(), &models.PlanFeed{TokenHash: hashOfFeed(token), AccountID: accountFrom(r).ID, ConferenceID: p.conference.ID, CreatedAt: s.Now().UTC()})
	})
	if err != nil {
		return err
	}
	return s.renderPlan(w, r, p, s.IRIs.Base()+pathPlanFeed+token+".ics")
}

// planFeed is a plan as iCalendar.
func (s *Server) planFeed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	feed, err := s.Store.Plans.FeedByHash(ctx, hashOfFeed(mux.Vars(r)["token"]))
	if err != nil {
		return err
	}
	conference, err := s.Store.Conferences.ByID(ctx, feed.ConferenceID)
	if err != nil {
		return err
	}
	talks, err := planned(ctx, s.Store, feed.AccountID, conference.ID)
	if err != nil {
		return err
	}
	calendar, changed := &schedule.Schedule{Title: conference.Actor.DisplayName()}, feed.CreatedAt
	for _, t := range talks {
		if t.ChangedAt.After(changed) {
			changed = t.ChangedAt
		}
		event := schedule.Talk{UID: t.PublicID + "@" + s.IRIs.Domain(), Title: t.Title, Start: t.StartsAt, End: t.EndsAt, Room: t.Room,
			Abstract: t.Abstract, URL: s.IRIs.TalkPage(conference.Actor.HandleLC, t.Slug), Cancelled: t.State == models.TalkCancelled}
		for _, who := range t.Speakers {
			if who.Person != nil && !who.Person.DoNotName {
				event.Speakers = append(event.Speakers, schedule.Speaker{Name: who.Person.Name})
			}
		}
		calendar.Talks = append(calendar.Talks, event)
	}
	var body bytes.Buffer
	if err := schedule.WriteICS(&body, calendar, changed); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(body.Bytes())
	return err
}
