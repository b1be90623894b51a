package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

const (
	entriesAPage = 30
	// maxSuggested is how many conferences are suggested to whom nothing is to be read yet.
	maxSuggested = 20
)

// showReading is an account's page of what those write and boost whom it follows.
func (s *Server) showReading(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), accountFrom(r)
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	before := entriesBefore(r)
	rows, err := s.Store.Readings.Page(ctx, models.ViewerOf(a), before, entriesAPage+1)
	if err != nil {
		return err
	}
	view := templates.Reading{Page: page, Here: partOfReading(before)}
	if before != nil {
		view.Newer = templates.PathReading
	}
	if len(rows) > entriesAPage {
		rows = rows[:entriesAPage]
		last := rows[entriesAPage-1]
		view.Older = partOfReading(&models.Cursor{At: last.At, ID: last.PostID})
	}
	if view.Entries, err = s.toRead(ctx, a, rows, view.Here); err != nil {
		return err
	}
	if len(rows) == 0 {
		follows, err := s.Store.Follows.Of(ctx, a.ActorID, 0, 1)
		if err != nil {
			return err
		}
		view.FollowsAny = len(follows) > 0
		if view.Suggestions, err = s.suggestions(ctx, a); err != nil {
			return err
		}
	}
	return s.private(w, http.StatusOK, view)
}

// entriesBefore reads where a part of the page begins, as partOfReading says it.
func entriesBefore(r *http.Request) *models.Cursor {
	at, id, ok := strings.Cut(r.URL.Query().Get("before"), "-")
	nanoseconds, err1 := strconv.ParseInt(at, 10, 64)
	post, err2 := strconv.ParseInt(id, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return nil
	}
	return &models.Cursor{At: time.Unix(0, nanoseconds), ID: post}
}

func partOfReading(before *models.Cursor) string {
	if before == nil {
		return templates.PathReading
	}
	return templates.PathReading + "?before=" + strconv.FormatInt(before.At.UnixNano(), 10) + "-" + strconv.FormatInt(before.ID, 10)
}

// afterActing is where whoever liked or boosted a post goes on: at its place on the page
// that they came from, which the form names, else on the post's own page.
func afterActing(r *http.Request, post *models.Post) string {
	from, err := url.Parse(r.PostForm.Get("back"))
	if err != nil || from.Scheme != "" || from.Host != "" || from.Path != templates.PathReading {
		return answerURL(post.ID)
	}
	back := url.URL{Path: templates.PathReading, RawQuery: from.RawQuery, Fragment: "post-" + strconv.FormatInt(post.ID, 10)}
	return back.String()
}

// shelf is everything that entries on one page are made of.
type shelf struct {
	server   *Server
	viewer   *models.Account
	cast     *cast
	posts    map[int64]*models.Post
	parents  map[int64]*models.Post // what they answer
	attached map[int64][]*models.RemoteMedia
	covers   map[int64]models.PostPicture
	mine     map[models.Reaction]bool
}

// toRead makes the entries of a page, in a number of queries that doesn't depend on theirs.
func (s *Server) toRead(ctx context.Context, a *models.Account, rows []models.Reading, here string) ([]templates.Entry, error) {
	var ids, people []int64
	for _, r := range rows {
		ids, people = append(ids, r.PostID), append(people, r.ViaID)
	}
	sh, err := s.shelf(ctx, a, ids, people)
	if err != nil {
		return nil, err
	}
	var entries []templates.Entry
	for _, r := range rows {
		p := sh.posts[r.PostID]
		if p == nil {
			continue // gone since
		}
		e := sh.entry(p)
		sh.shorten(&e, p)
		e.Back = here
		if r.ViaID != p.ActorID {
			via := sh.cast.author(r.ViaID)
			e.BoostedBy = &via
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func (s *Server) shelf(ctx context.Context, a *models.Account, ids, people []int64) (*shelf, error) {
	sh := &shelf{server: s, viewer: a}
	var err error
	if sh.posts, err = s.Store.Posts.ByIDs(ctx, ids); err != nil {
		return nil, err
	}
	var answered []int64
	for _, p := range sh.posts {
		if people = append(people, p.ActorID); p.InReplyToID != nil {
			answered = append(answered, *p.InReplyToID)
		}
	}
	if sh.parents, err = s.Store.Posts.ByIDs(ctx, answered); err != nil {
		return nil, err
	}
	for _, p := range sh.parents {
		people = append(people, p.ActorID)
	}
	if sh.cast, err = s.castOf(ctx, people); err != nil {
		return nil, err
	}
	if sh.attached, err = s.Store.Media.Attached(ctx, ids); err != nil {
		return nil, err
	}
	if sh.covers, err = s.Store.Pictures.Covers(ctx, ids); err != nil {
		return nil, err
	}
	sh.mine, err = s.Store.Reactions.Mine(ctx, a.ActorID, ids...)
	return sh, err
}

// entry is a post in full.
func (sh *shelf) entry(p *models.Post) templates.Entry {
	e := templates.Entry{Reply: sh.server.reply(p, sh.cast, &models.Post{}, sh.attached[p.ID]), Title: p.Title,
		Poll: p.Type == "Question", Mine: p.ActorID == sh.viewer.ActorID,
		Liked:   sh.mine[models.Reaction{Type: models.ReactionLike, PostID: p.ID}],
		Boosted: sh.mine[models.Reaction{Type: models.ReactionAnnounce, PostID: p.ID}]}
	e.Start = ""
	if p.Title != "" && !p.Sensitive {
		e.Warning = "" // an article's summary is what it says
		e.Lead = p.Summary
	}
	sh.illustrate(&e, p)
	if p.InReplyToID != nil && sh.parents[*p.InReplyToID] != nil {
		whom := sh.cast.author(sh.parents[*p.InReplyToID].ActorID)
		e.Answers, e.AnswersURL = &whom, answerURL(*p.InReplyToID)
	}
	return e
}

// hasPage says whether a post has a page for everybody: it is an article of ours, and not for
// followers alone.
func hasPage(p *models.Post) bool {
	return p.Kind == models.KindArticle && onTheWeb(p)
}

// illustrate puts the pictures of an article where they stand in its text, and its cover
// before that. The others stay behind it.
func (sh *shelf) illustrate(e *templates.Entry, p *models.Post) {
	if p.Local || p.Title == "" {
		return
	}
	all, shown := e.Attachments, map[int]bool{}
	emoji := sh.server.emoji(sh.attached[p.ID])
	for _, part := range richtext.StrangerParts(p.HTML) {
		if part.HTML != "" {
			e.Parts = append(e.Parts, templates.Part{Body: richtext.Trusted(richtext.WithEmoji(part.HTML, emoji))})
		} else if part.Picture < len(all) {
			shown[part.Picture] = true
			e.Parts = append(e.Parts, templates.Part{Picture: all[part.Picture : part.Picture+1]})
		}
	}
	e.Attachments = nil
	for i, a := range all {
		switch {
		case shown[i]:
		case i == 0 && a.Picture != nil:
			e.Parts = append([]templates.Part{{Picture: all[:1]}}, e.Parts...)
		default:
			e.Attachments = append(e.Attachments, a)
		}
	}
}

// shorten leaves of an entry what a page of many has room for: the start of a long text, and
// of an article the first picture. The rest is read on its own page.
func (sh *shelf) shorten(e *templates.Entry, p *models.Post) {
	if hasPage(p) {
		author := sh.cast.actors[p.ActorID]
		e.TitleURL = sh.server.IRIs.ArticlePage(author.HandleLC, p.Slug)
		e.Lead, e.ReadOn, e.URL = cmp.Or(lead(p), p.Title), e.TitleURL, e.TitleURL
		if cover, ok := sh.covers[p.ID]; ok {
			shown := sh.server.picture(cover)
			e.Cover = &shown
		}
		return
	}
	if e.Title != "" {
		e.TitleURL = e.AnswerURL
	}
	text := richtext.PlainText(p.HTML)
	if utf8.RuneCountInString(text) <= longReply {
		e.Lead = ""
		return
	}
	if e.Title != "" {
		e.Attachments, e.Parts = firstPicture(e), nil
	}
	e.Lead, e.ReadOn = cmp.Or(e.Lead, richtext.Excerpt(text, clamped)), e.AnswerURL
}

// firstPicture is that of an article: its cover, else one in its text or behind it.
func firstPicture(e *templates.Entry) []templates.Attachment {
	for _, part := range append(e.Parts, templates.Part{Picture: e.Attachments}) {
		if len(part.Picture) > 0 && part.Picture[0].Picture != nil {
			return part.Picture[:1]
		}
	}
	return nil
}

// unfold puts what somebody elsewhere wrote on its page, in full, with what answers it.
func (s *Server) unfold(ctx context.Context, a *models.Account, post *models.Post, view *templates.Answer) error {
	sh, err := s.shelf(ctx, a, []int64{post.ID}, nil)
	if err != nil {
		return err
	}
	e := sh.entry(post)
	e.Lead = "" // all of it stands below
	view.Entry, view.AuthorID = &e, strconv.FormatInt(post.ActorID, 10)
	posts, err := s.Store.Posts.Thread(ctx, models.ViewerOf(a), post.ID)
	if err != nil {
		return err
	}
	cast, err := s.castOf(ctx, append(authorsOf(posts), post.ActorID))
	if err != nil {
		return err
	}
	view.Answers, err = s.threadOf(ctx, post, posts, cast, true, nil)
	return err
}
