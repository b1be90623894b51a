package handlers

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"confnotes/internal/feed"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

const (
	notesATalk = 3                // named beside it in the programme
	soon       = 90 * time.Minute // how far ahead "next" looks
	byRoom     = "room"
)

// programmePage is a conference's own page, or with a day that day's. What is on now is
// that of the request's minute: pages may be kept, but are asked for again each time, so
// none says for longer than that what is no longer true, and one that did not change is
// a 304.
func (s *Server) programmePage(r *http.Request, c *showing, day string) (*templates.Programme, error) {
	ctx, overview := r.Context(), day == ""
	figures, err := s.Store.Conferences.Figures(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	page := &templates.Programme{Conference: s.conferenceHead(c.Conference), Overview: overview, ByRoom: r.URL.Query().Get("by") == byRoom, NothingIsHere: len(figures.Days) == 0}
	page.Talks, page.Written, page.Writers = figures.Talks, figures.Articles, figures.Authors
	days := programmeDays(c.Conference, figures)
	if overview {
		day = c.today(days)
	} else if !slices.Contains(days, day) {
		return nil, models.ErrNotFound
	}
	page.Day = dateIn(day)
	if page.Series, err = s.seriesLink(r, c.Conference); err != nil {
		return nil, err
	}
	page.Tabs = s.tabs(c, days, day)
	page.SpeakersURL = s.IRIs.SpeakersPage(c.handle())
	talks, err := s.Store.Talks.Programme(ctx, c.ID, day, true)
	if err != nil {
		return nil, err
	}
	rows, err := s.talkRows(ctx, c, day, talks)
	if err != nil {
		return nil, err
	}
	s.slots(page, rows)
	if overview || day == schedule.ConferenceDate(c.now) {
		if err := s.nowAndNext(ctx, c, page); err != nil {
			return nil, err
		}
	}
	if err := s.coverDay(r, c, page, day); err != nil {
		return nil, err
	}
	if overview && r.URL.RawQuery == "" {
		if page.Coverage, err = s.fromElsewhere(ctx, c); err != nil {
			return nil, err
		}
	}
	page.PlanURL = planURL(c.Conference, day)
	if day <= schedule.ConferenceDate(c.now) {
		page.RecapURL = "/recap/new?conference=" + c.handle() + "&day=" + day
	}
	s.describeProgramme(r, c, page, day, rows)
	return page, nil
}

// programmeDays are the days of a conference, and those outside them that have talks.
func programmeDays(c *models.Conference, f *models.Figures) []string {
	days := map[string]bool{}
	for _, d := range c.Days() {
		days[d] = true
	}
	for d := range f.Days {
		days[d] = true
	}
	return slices.Sorted(maps.Keys(days))
}

// today is the day that the conference's own page shows.
func (c *showing) today(days []string) string {
	if today := schedule.ConferenceDate(c.now); slices.Contains(days, today) {
		return today
	}
	return c.StartsOn
}

func (s *Server) tabs(c *showing, days []string, current string) []templates.Tab {
	tabs := make([]templates.Tab, len(days))
	for i, d := range days {
		tabs[i] = templates.Tab{Day: dateIn(d), URL: s.IRIs.ConferenceDay(c.handle(), d), Current: d == current}
	}
	return tabs
}

// talkRow is an entry of a programme, without what came of it.
func (s *Server) talkRow(c *showing, t *models.Talk) templates.Talk {
	row := templates.Talk{Title: t.Title, Subtitle: t.Subtitle, Kind: t.Kind, Starts: t.StartsAt.In(c.zone), Ends: t.EndsAt.In(c.zone),
		Day: dateIn(t.Day), Room: t.Room, Track: t.Track, Cancelled: t.State == models.TalkCancelled, Removed: t.State == models.TalkRemoved,
		NoRecording: t.DoNotRecord, NoStream: t.DoNotStream, Speakers: s.lineUp(c, t), WriteURL: templates.PathWrite + "?talk=" + t.PublicID}
	row.After = row.Starts.Format(time.DateOnly) > t.Day
	row.Now = t.State == models.TalkScheduled && !row.Starts.After(c.now) && row.Ends.After(c.now)
	if languages := strings.Split(t.Language, ","); len(languages) == 1 {
		row.Language = languages[0]
	}
	if t.Kind != string(schedule.Break) {
		row.URL = s.IRIs.TalkPage(c.handle(), t.Slug)
	}
	return row
}

// lineUp is who speaks. Who asks not to be named isn't.
func (s *Server) lineUp(c *showing, t *models.Talk) []templates.Speaker {
	var all []templates.Speaker
	for _, a := range t.Speakers {
		shown := templates.Speaker{Moderator: a.Moderator}
		if a.Person != nil && !a.Person.DoNotName {
			shown = templates.Speaker{Name: a.Person.Name, URL: s.IRIs.SpeakerPage(c.handle(), a.Person.Slug), Role: a.Role, Affiliation: a.Affiliation, Moderator: a.Moderator}
		}
		all = append(all, shown)
	}
	return all
}

// talkRows are the entries of a day, with who wrote about them and what belongs to them.
func (s *Server) talkRows(ctx context.Context, c *showing, day string, talks []*models.Talk) ([]templates.Talk, error) {
	notes, err := s.Store.Posts.NotesByTalk(ctx, c.ID, day, notesATalk)
	if err != nil {
		return nil, err
	}
	ids, authors := make([]int64, len(talks)), []int64{}
	for i, t := range talks {
		ids[i] = t.ID
		if n := notes[t.ID]; n != nil {
			for _, p := range n.Newest {
				authors = append(authors, p.ActorID)
			}
		}
	}
	links, err := s.Store.Talks.Resources(ctx, ids...)
	if err != nil {
		return nil, err
	}
	by, err := s.Store.Actors.ByIDs(ctx, authors)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.Talk, 0, len(talks))
	for _, t := range talks {
		n := notes[t.ID]
		if t.State == models.TalkRemoved && n == nil {
			continue // nobody wrote about it
		}
		row := s.talkRow(c, t)
		row.Links = s.talkLinks(links[t.ID], nil, nil)
		if n != nil {
			for _, p := range n.Newest {
				author := by[p.ActorID]
				row.Notes = append(row.Notes, templates.Link{Label: author.DisplayName(), URL: s.IRIs.ArticlePage(author.HandleLC, p.Slug)})
			}
			row.MoreNotes = n.Count - len(n.Newest)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// slots groups a day's talks, which come by start, by that or by room.
func (s *Server) slots(page *templates.Programme, rows []templates.Talk) {
	at := map[string]int{}
	for _, row := range rows {
		key, slot := row.Starts.Format(time.RFC3339), templates.Slot{At: row.Starts, After: row.After}
		if page.ByRoom {
			key, slot, row.Bare = row.Room, templates.Slot{Room: row.Room}, true
			row.Room = ""
		}
		if _, ok := at[key]; !ok {
			at[key] = len(page.Slots)
			page.Slots = append(page.Slots, slot)
		}
		page.Slots[at[key]].Talks = append(page.Slots[at[key]].Talks, row)
	}
	if page.ByRoom {
		slices.SortStableFunc(page.Slots, func(a, b templates.Slot) int { return strings.Compare(a.Room, b.Room) })
	}
}

// nowAndNext is what runs, and what begins next within the while that one plans for.
func (s *Server) nowAndNext(ctx context.Context, c *showing, page *templates.Programme) error {
	talks, err := s.Store.Talks.Around(ctx, c.ID, c.now, c.now.Add(soon))
	if err != nil {
		return err
	}
	for _, t := range talks {
		row := s.talkRow(c, t)
		row.Bare = true
		switch {
		case row.Now:
			page.Now = append(page.Now, row)
		case row.Starts.After(c.now) && (len(page.Next) == 0 || row.Starts.Equal(page.Next[0].Starts)):
			page.Next = append(page.Next, row)
		}
	}
	return nil
}

// coverDay lists what was written: on a day's page of that day, else of all.
func (s *Server) coverDay(r *http.Request, c *showing, page *templates.Programme, day string) error {
	ctx, asked := r.Context(), listPage(r)
	var posts []*models.Post
	var err error
	if page.Overview {
		posts, err = s.Store.Posts.ArticlesAbout(ctx, c.ID, asked)
	} else {
		posts, err = s.Store.Posts.ArticlesAboutDay(ctx, c.ID, day, asked)
	}
	if err != nil {
		return err
	}
	page.Articles, page.Newer, page.Older, err = s.coverage(r, c, posts, asked)
	return err
}

// mostElsewhere is how much of what was written elsewhere a conference's page shows.
const mostElsewhere = 20

// fromElsewhere is what others wrote about a conference, and its managers let stand.
func (s *Server) fromElsewhere(ctx context.Context, c *showing) ([]templates.Reply, error) {
	posts, err := s.Store.Posts.CoverageOf(ctx, c.ID, 0, mostElsewhere)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	cast, err := s.castOf(ctx, authorsOf(posts))
	if err != nil {
		return nil, err
	}
	attached, err := s.Store.Media.Attached(ctx, ids)
	if err != nil {
		return nil, err
	}
	replies := make([]templates.Reply, len(posts))
	for i, p := range posts {
		replies[i] = s.reply(p, cast, &models.Post{}, attached[p.ID])
	}
	return replies, nil
}

// coverage lays out recaps and notes, which were asked for with one more than is shown.
func (s *Server) coverage(r *http.Request, c *showing, posts []*models.Post, asked models.Page) (list []templates.NoteCard, newer, older string, err error) {
	l, err := s.lay(r, posts, asked)
	if err != nil {
		return nil, "", "", err
	}
	var ids []int64
	for _, p := range posts[:len(l.cards)] {
		if p.TalkID != nil {
			ids = append(ids, *p.TalkID)
		}
	}
	talks, err := s.Store.Talks.Titles(r.Context(), ids)
	if err != nil {
		return nil, "", "", err
	}
	for i, card := range l.cards {
		p := posts[i]
		about := templates.NoteCard{Card: card, Takeaway: p.Takeaway}
		if p.Day != "" {
			about.Recap = dateIn(p.Day)
		}
		if p.TalkID != nil && talks[*p.TalkID] != nil {
			t := talks[*p.TalkID]
			about.Talk = &templates.Link{Label: t.Title, URL: s.IRIs.TalkPage(c.handle(), t.Slug)}
		}
		list = append(list, about)
	}
	for _, part := range []*string{&l.newer, &l.older} {
		if *part != "" {
			*part += "#notes"
		}
	}
	return list, l.newer, l.older, nil
}

// conferenceFeedHead is a conference's feed without its entries.
func (s *Server) conferenceFeedHead(c *showing, head templates.Conference) feed.Feed {
	return feed.Feed{ID: s.IRIs.Actor(c.handle()), Title: head.Name, Description: s.conferenceLead(c, head), Language: c.site.Language, Page: head.URL}
}

// conferenceLead is a conference in a line: when and where, and what is here of it.
func (s *Server) conferenceLead(c *showing, head templates.Conference) string {
	when := c.words.Days(head.First, head.Last)
	if head.City != "" {
		when += ", " + head.City
	}
	return c.words.T("programme.lead", "Name", head.Name, "When", when)
}

// describeProgramme says what the page is to who doesn't read it.
func (s *Server) describeProgramme(r *http.Request, c *showing, page *templates.Programme, day string, rows []templates.Talk) {
	head := page.Conference
	page.Page = templates.Page{Title: head.Name, Language: c.site.Language, Canonical: partOf(head.URL, listPage(r)), Description: s.conferenceLead(c, head), Site: c.site,
		Alternate: head.ID, FediverseCreator: head.Handle, Feeds: feedLinks(head.URL, head.Name), OpenGraph: templates.OpenGraph{Picture: s.conferenceCard(c.site, c.Conference).CardPicture}}
	other := "?by=" + byRoom
	if page.ByRoom {
		other = "?"
	}
	if page.ByRoom || slices.ContainsFunc(rows, func(t templates.Talk) bool { return t.Room != rows[0].Room }) {
		page.Other = r.URL.Path + other + "#programme-title"
	}
	if !page.Overview {
		page.Title = c.words.Day(page.Day) + " · " + head.Name
		page.Canonical, page.Alternate = partOf(s.IRIs.ConferenceDay(c.handle(), day), listPage(r)), ""
	}
	page.Schema = s.conferenceEvent(c, head, page.OpenGraph.Picture.URL, rows)
}
