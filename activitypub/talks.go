package activitypub

import (
	"context"
	"slices"
	"strings"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// aboutTalks are the Links from an article to the talks that it shows: to what these are
// called on every instance that holds their conference, each by its title. titles are those
// above a recap's sections. Mastodon knows no such tags and leaves them alone; it takes a Link
// for a quote only where that says that it leads to ActivityStreams (FEP-e232).
func (d *Documents) aboutTalks(ctx context.Context, post *models.Post, author *models.Actor, titles map[int64]string) ([]vocab.Tag, error) {
	if post.ConferenceID == nil {
		return nil, nil
	}
	talks, err := d.store.Talks.ShownIn(ctx, post)
	if err != nil || len(talks) == 0 {
		return nil, err
	}
	ids, of := make([]int64, len(talks)), make([]int64, len(talks))
	for i, t := range talks {
		ids[i], of[i] = t.ID, t.ConferenceID
	}
	names, err := d.store.Talks.NamesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	conferences, err := d.store.Conferences.ByIDs(ctx, of)
	if err != nil {
		return nil, err
	}
	page, headings := d.iris.ArticlePage(author.HandleLC, post.Slug), richtext.DecodeOutline(post.Outline)
	var links []vocab.Tag
	for _, t := range talks {
		var called []schedule.ID
		for _, n := range names[t.ID] {
			called = append(called, schedule.ID{Scheme: n.Scheme, Value: n.Value})
		}
		part := ""
		if at := slices.IndexFunc(headings, func(h richtext.Heading) bool { return h.Text == titles[t.ID] }); at >= 0 {
			part = page + "#" + headings[at].ID
		}
		for _, iri := range schedule.IRIs(called, conferences[t.ConferenceID].URL) {
			links = append(links, vocab.Tag{ID: part, Type: "Link", Rel: vocab.RelAbout, Href: iri, Name: t.Title})
		}
	}
	return links, nil
}

// subjects are the conferences of ours that a post from elsewhere is about, and those of
// their talks.
type subjects struct {
	conferences []*models.Conference
	talks       []models.CoverageTalk // without the post
}

// subjects finds what an object mentions, and what it says that it is about.
func (in *Inbox) subjects(ctx context.Context, tx *models.Store, author *models.Actor, o *vocab.ReceivedObject) (about subjects, err error) {
	if about.conferences, err = in.conferencesNamed(ctx, tx, author, o); err != nil {
		return subjects{}, err
	}
	named, err := talksNamed(ctx, tx, o)
	if err != nil || len(named.talks) == 0 {
		return about, err
	}
	if blocked, err := blockedBy(ctx, tx, named.conferences[0].ActorID, author); err != nil || blocked {
		return about, err
	}
	about.talks = named.talks
	for _, c := range named.conferences {
		if !slices.ContainsFunc(about.conferences, func(known *models.Conference) bool { return known.ID == c.ID }) {
			about.conferences = append(about.conferences, c)
		}
	}
	return about, nil
}

// talksNamed returns the talks of ours that an object says it is about, and their
// conferences.
func talksNamed(ctx context.Context, tx *models.Store, o *vocab.ReceivedObject) (named subjects, err error) {
	var names [][2]string
	sites, parts := map[[2]string]string{}, map[[2]string]string{} // at which a name counts alone; where it is spoken of
	for _, a := range o.About {
		ids, site := schedule.Named(a.IRI)
		for _, id := range ids {
			name := [2]string{id.Scheme, id.Value}
			names, sites[name] = append(names, name), site
			if vocab.SameHost(a.Part, o.ID) {
				parts[name] = a.Part
			}
		}
	}
	found, err := tx.Talks.Called(ctx, names)
	if err != nil || len(found) == 0 {
		return subjects{}, err
	}
	of := make([]int64, len(found))
	for i, f := range found {
		of[i] = f.ConferenceID
	}
	byID, err := tx.Conferences.ByIDs(ctx, of)
	if err != nil {
		return subjects{}, err
	}
	for _, f := range found {
		name := [2]string{f.Scheme, f.Value}
		c, site := byID[f.ConferenceID], sites[name]
		if c == nil || c.Actor == nil || c.Actor.State != models.StateActive || site != "" && !schedule.AtSite(c.URL, site) {
			continue
		}
		if !slices.ContainsFunc(named.talks, func(t models.CoverageTalk) bool { return t.TalkID == f.TalkID }) {
			named.talks = append(named.talks, models.CoverageTalk{TalkID: f.TalkID, URL: parts[name]})
		}
		if !slices.Contains(named.conferences, c) {
			named.conferences = append(named.conferences, c)
		}
	}
	return named, nil
}

// headLines is where the line of a talk stands at most: below its title, perhaps.
const headLines = 4

// belowHead leaves out the first lines of a text up to a talk's, where there is one.
func belowHead(text string) string {
	rest := text
	for range headLines {
		line, below, more := strings.Cut(rest, "\n")
		if strings.Contains(line, " · ") {
			return below
		}
		if rest = below; !more {
			break
		}
	}
	return text
}
