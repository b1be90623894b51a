package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"confnotes/internal/recap"
	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// maxOffered is how many links of one reply are offered.
const maxOffered = 5

// offering is what of the speakers' replies to an article can be taken over: links for
// their talks' pages, and, for the article's author, their words for the article.
type offering struct {
	action string
	talks  []*models.Talk // that the article shows
	has    map[int64]map[string]bool
	source string // of the article as its author has it; what it holds was taken
	mine   bool
}

// offering returns nil for an article that shows no talk.
func (s *Server) offering(ctx context.Context, a *models.Account, article *models.Post) (*offering, error) {
	if article.ConferenceID == nil {
		return nil, nil
	}
	o := &offering{action: editURL(article) + "/conversation", has: map[int64]map[string]bool{}, mine: own(a, article)}
	var err error
	if o.talks, err = s.Store.Talks.ShownBy(ctx, article.ID); err != nil || len(o.talks) == 0 {
		return nil, err
	}
	ids := make([]int64, len(o.talks))
	for i, t := range o.talks {
		ids[i], o.has[t.ID] = t.ID, map[string]bool{}
	}
	resources, err := s.Store.Talks.Resources(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for id, list := range resources {
		for _, r := range list {
			o.has[id][r.URL] = true
		}
	}
	if !o.mine {
		return o, nil
	}
	head, err := s.Store.Revisions.Head(ctx, article)
	if err == nil {
		o.source = head.Text.Source
	}
	return o, err
}

// given are the talks of a speaker.
func (o *offering) given(by *models.Person) (talks []*models.Talk) {
	for _, t := range o.talks {
		if slices.ContainsFunc(t.Speakers, func(a models.Appearance) bool { return a.PersonID == by.ID }) {
			talks = append(talks, t)
		}
	}
	return talks
}

// forAll says whether a reply was for everybody: what was said to some isn't put before all.
func forAll(reply *models.Post) bool {
	return models.CanSee(models.Viewer{}, models.Sight{Post: reply})
}

// of is what can be taken over of a speaker's reply; nil when that is nothing.
func (o *offering) of(reply *models.Post, by *models.Person) *templates.Offer {
	if !forAll(reply) {
		return nil
	}
	offer := &templates.Offer{Action: o.action, Reply: strconv.FormatInt(reply.ID, 10), Words: o.mine, WordsTaken: o.mine && recap.Quotes(o.source, reply.URL)}
	given := o.given(by)
	links := richtext.GivenLinks(reply.HTML)
	for _, link := range links[:min(len(links), maxOffered)] {
		u, err := url.Parse(webURL(link))
		if err != nil || u.Host == "" {
			continue
		}
		offered := templates.OfferedLink{URL: link, Label: strings.TrimSuffix(u.Host+u.Path, "/"), Type: string(schedule.GuessLink(link)), Taken: len(given) > 0}
		for _, t := range given {
			offered.Taken = offered.Taken && o.has[t.ID][link]
			offered.Talks = append(offered.Talks, templates.Link{Label: t.Title, URL: t.PublicID})
		}
		offer.Links = append(offer.Links, offered)
	}
	if len(offer.Links) == 0 && !offer.Words {
		return nil
	}
	return offer
}

// takeOver takes a link of a speaker's reply over to their talk, or the reply's words into
// the article. What wasn't offered isn't taken.
func (s *Server) takeOver(w http.ResponseWriter, r *http.Request, article, reply *models.Post) error {
	ctx, a, f := r.Context(), accountFrom(r), r.PostForm
	back := editURL(article) + "/conversation?"
	anchor := "#reply-" + strconv.FormatInt(reply.ID, 10)
	if f.Get("action") == "take-words" {
		done, err := s.Outbox.TakeCorrection(ctx, a, article, reply)
		notice := templates.WordsTaken
		if done != nil && !done.Published {
			notice = templates.WordsKept
		}
		return s.back(w, r, err, back+noticeQuery(notice, "")+anchor)
	}
	o, err := s.offering(ctx, a, article)
	if err != nil {
		return err
	}
	author, err := s.Store.Actors.ByID(ctx, reply.ActorID)
	if err != nil {
		return err
	}
	on, err := s.Outbox.OnStage(ctx, article, map[int64]*models.Actor{author.ID: author})
	if err != nil {
		return err
	}
	by, link := on[author.ID], f.Get("url")
	if o == nil || by == nil || !forAll(reply) || !slices.Contains(richtext.GivenLinks(reply.HTML), link) {
		return models.ErrNotFound
	}
	for _, t := range o.given(by) {
		if t.PublicID == f.Get("talk") {
			err := s.TalkLinks.TakeOver(ctx, a, t, by, f.Get("type"), link)
			return s.back(w, r, err, back+noticeQuery(templates.LinkAdded, "")+anchor)
		}
	}
	return models.ErrNotFound
}
