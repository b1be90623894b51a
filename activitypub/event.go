package activitypub

import (
	"context"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// What becomes of an event (FEP-8a8e, eventStatus).
const (
	eventScheduled = "EventScheduled"
	eventCancelled = "EventCancelled"
)

// Event returns a conference as an event, as anyone may read it.
func (d *Documents) Event(ctx context.Context, handle string) ([]byte, error) {
	c, err := d.store.Conferences.ByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	if c.Actor.State == models.StateDeleted {
		return nil, d.gone(d.iris.Event(c.Actor.HandleLC), time.Time{})
	}
	return marshal(conferenceEvent(d.iris, c))
}

// Talk returns a talk as an event, as anyone may read it. One that vanished from the
// programme is cancelled: its notes stay.
func (d *Documents) Talk(ctx context.Context, publicID string) ([]byte, error) {
	talk, err := d.store.Talks.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	c, err := d.store.Conferences.ByID(ctx, talk.ConferenceID)
	if err != nil {
		return nil, err
	}
	return marshal(talkEvent(d.iris, c, talk))
}

// event is what events of a conference have in common.
func event(iris *IRIs, c *models.Conference, id, page string, created time.Time) vocab.Event {
	group, one := iris.Actor(c.Actor.HandleLC), int64(1)
	e := vocab.Event{Context: vocab.EventContext, ID: id, Type: "Event", AttributedTo: group, Timezone: c.Zone, EventStatus: eventScheduled,
		Organizers: &vocab.Collection{Type: "OrganizersCollection", TotalItems: &one, Items: []string{group}},
		URL:        []vocab.Link{{Type: "Link", Href: page, MediaType: "text/html"}},
		To:         []string{vocab.Public}, CC: []string{iris.Followers(c.Actor.HandleLC)}, Tag: []vocab.Tag{}, Published: vocab.FormatTime(created)}
	if c.Hashtag != "" {
		e.Tag = append(e.Tag, vocab.Tag{Type: "Hashtag", Href: iris.TagPage(c.Hashtag), Name: "#" + c.Hashtag})
	}
	return e
}

// conferenceEvent lasts from the first midnight to the last: when doors open nobody said.
func conferenceEvent(iris *IRIs, c *models.Conference) vocab.Event {
	e := event(iris, c, iris.Event(c.Actor.HandleLC), iris.ConferencePage(c.Actor.HandleLC), c.CreatedAt)
	e.Name, e.Summary = c.Actor.DisplayName(), c.Actor.BioHTML
	zone := c.Location()
	if first, err := time.ParseInLocation(time.DateOnly, c.StartsOn, zone); err == nil {
		e.StartTime = first.Format(time.RFC3339)
	}
	if last, err := time.ParseInLocation(time.DateOnly, c.EndsOn, zone); err == nil {
		// Where clocks are put forward at midnight, the day's first hour is one.
		after := time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone)
		e.EndTime = after.Add(-time.Second).Format(time.RFC3339)
	}
	if c.City != "" {
		e.Location = &vocab.Place{Type: "Place", Name: c.City}
	}
	if c.URL != "" {
		e.URL = append(e.URL, vocab.Link{Type: "Link", Href: c.URL, MediaType: "text/html"})
	}
	return e
}

func talkEvent(iris *IRIs, c *models.Conference, t *models.Talk) vocab.Event {
	e := event(iris, c, iris.Talk(t.PublicID), iris.TalkPage(c.Actor.HandleLC, t.Slug), t.CreatedAt)
	zone := c.Location()
	e.Name, e.Content, e.StartTime, e.EndTime = t.Title, t.HTML, t.StartsAt.In(zone).Format(time.RFC3339), t.EndsAt.In(zone).Format(time.RFC3339)
	// A talk in several languages has a text in one of them, and nobody says in which.
	if tag := language(t.Language); tag != "" {
		e.NameMap = map[string]string{tag: t.Title}
		if t.HTML != "" {
			e.ContentMap = map[string]string{tag: t.HTML}
		}
	}
	if place := strings.Join(notEmpty(t.Room, c.City), ", "); place != "" {
		e.Location = &vocab.Place{Type: "Place", Name: place}
	}
	if t.State != models.TalkScheduled {
		e.EventStatus = eventCancelled
	}
	if t.ChangedAt.After(t.CreatedAt) {
		e.Updated = vocab.FormatTime(t.ChangedAt)
	}
	return e
}

func notEmpty(texts ...string) (all []string) {
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}

// TalkPage returns where people read about a talk.
func (d *Documents) TalkPage(ctx context.Context, publicID string) (string, error) {
	talk, err := d.store.Talks.ByPublicID(ctx, publicID)
	if err != nil {
		return "", err
	}
	c, err := d.store.Conferences.ByID(ctx, talk.ConferenceID)
	if err != nil {
		return "", err
	}
	return d.iris.TalkPage(c.Actor.HandleLC, talk.Slug), nil
}
