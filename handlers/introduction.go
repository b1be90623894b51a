package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"confnotes/internal/introduce"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// introduction is the form with what an account shows today.
func (s *Server) introduction(ctx context.Context, a *models.Account) (*templates.Introduction, error) {
	p, err := s.Store.Profiles.Of(ctx, a.ActorID)
	if err != nil {
		return nil, err
	}
	used, err := s.Store.Profiles.UsedTags(ctx, a.ActorID, introduce.MaxOffered)
	if err != nil {
		return nil, err
	}
	host, _, _ := strings.Cut(s.IRIs.Host(), ":")
	view := &templates.Introduction{Link: s.IRIs.ProfilePage(a.Actor.HandleLC), Host: host, Domains: strings.Join(p.Domains, "\n"), Offered: tagChoices(p.Tags, used)}
	for n := range introduce.MaxFields {
		f := fieldInput(n)
		if n < len(p.Fields) {
			had := p.Fields[n]
			f.Label, f.Value, f.Missing = had.Label, had.Value, had.URL != "" && had.CheckedAt != nil && had.VerifiedAt == nil
			f.Verified = timeOf(had.VerifiedAt)
		}
		view.Fields = append(view.Fields, f)
	}
	return view, nil
}

func fieldInput(n int) templates.FieldInput {
	return templates.FieldInput{Number: n + 1, LabelName: introduce.FieldName(n, "label"), ValueName: introduce.FieldName(n, "value")}
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// tagChoices are the chosen hashtags, and others to choose from.
func tagChoices(chosen, others []string) (all []templates.TagChoice) {
	for _, t := range chosen {
		all = append(all, templates.TagChoice{Tag: t, Chosen: true})
	}
	for _, t := range others {
		if !slices.ContainsFunc(chosen, func(c string) bool { return strings.EqualFold(c, t) }) {
			all = append(all, templates.TagChoice{Tag: t})
		}
	}
	return all
}

// saveIntroduction changes what the account shows beside its name.
func (s *Server) saveIntroduction(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	in := introduce.Input{Tags: strings.Join(f["tag"], " ") + " " + f.Get("tags"), Domains: f.Get("domains")}
	for n := range introduce.MaxFields {
		in.Fields = append(in.Fields, introduce.Field{Label: f.Get(introduce.FieldName(n, "label")), Value: f.Get(introduce.FieldName(n, "value"))})
	}
	if err := s.Introductions.Save(r.Context(), accountFrom(r), in); err != nil {
		return s.refuseSettings(w, r, err, func(page *templates.Settings) { keepIntroduction(page.Introduction, f) })
	}
	return seeOther(w, r, templates.PathSettings+"?"+noticeQuery(templates.SettingsSaved, ""))
}

// keepIntroduction puts back what was typed.
func keepIntroduction(view *templates.Introduction, f url.Values) {
	for n := range view.Fields {
		kept := fieldInput(n)
		kept.Label, kept.Value = f.Get(kept.LabelName), f.Get(kept.ValueName)
		view.Fields[n] = kept
	}
	for i, c := range view.Offered {
		view.Offered[i].Chosen = slices.Contains(f["tag"], c.Tag)
	}
	view.Tags, view.Domains = f.Get("tags"), f.Get("domains")
}

// introduced adds to a profile's page what the person shows, and to its first part what
// they put first.
func (s *Server) introduced(r *http.Request, page *templates.Profile, actor *models.Actor, first bool) error {
	p, err := s.Store.Profiles.Of(r.Context(), actor.ID)
	if err != nil {
		return err
	}
	for _, f := range p.Fields {
		page.Fields = append(page.Fields, templates.ProfileField{Label: f.Label, Value: richtext.Trusted(richtext.FieldValue(f.Value, f.URL)), Verified: timeOf(f.VerifiedAt)})
	}
	page.Tags = s.tagLinks(p.Tags)
	if !first {
		return nil
	}
	posts, err := s.Store.Profiles.Featured(r.Context(), actor.ID)
	if err != nil || len(posts) == 0 {
		return err
	}
	l, err := s.lay(r, posts, models.Page{})
	if err != nil {
		return err
	}
	page.Pinned = ownCards(l.cards)
	return nil
}

// ownCards leaves out who wrote them: everything on a profile is by one.
func ownCards(cards []templates.Card) []templates.Card {
	for i := range cards {
		cards[i].Author = templates.Author{}
	}
	return cards
}
