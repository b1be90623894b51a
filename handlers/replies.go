package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"confnotes/models"
	"confnotes/templates"
)

const (
	repliesAPage = 100
	// repliesBytes is where a page of replies ends in any case: one may have 100 KB.
	repliesBytes = 400 << 10
)

// readable returns the first of a page's replies, in their order, that a reader gets at
// once, and from where to go on; nil when that was all.
func readable(posts []*models.Post) ([]*models.Post, *models.Cursor) {
	bytes := 0
	for i, p := range posts {
		if bytes += len(p.HTML); i > 0 && (bytes > repliesBytes || i == repliesAPage) {
			last := posts[i-1]
			return posts[:i], &models.Cursor{At: *last.PublishedAt, ID: last.ID}
		}
	}
	return posts, nil
}

// converse puts what others did with an article on its page: who likes and boosts it, and
// the first replies.
func (s *Server) converse(ctx context.Context, page *templates.Article, post *models.Post, counts models.Counts) error {
	newest, err := s.Store.Reactions.Newest(ctx, post.ID, maxFaces)
	if err != nil {
		return err
	}
	posts, err := s.Store.Posts.ThreadPage(ctx, models.Viewer{}, post.ID, nil, repliesAPage+1)
	if err != nil {
		return err
	}
	posts, more := readable(posts)
	ids := append(authorsOf(posts), post.ActorID)
	for _, r := range newest {
		ids = append(ids, r.ActorID)
	}
	cast, err := s.castOf(ctx, ids)
	if err != nil {
		return err
	}
	page.Author.Avatar = cast.author(post.ActorID).Avatar
	page.Likers, page.Boosters = cast.reacted(newest, counts)
	if more != nil {
		page.AllReplies = page.Canonical + "/replies"
	}
	page.Replies, err = s.threadOf(ctx, post, posts, cast, true, nil)
	return err
}

// articleReplies shows every reply to an article, some pages long.
func (s *Server) articleReplies(w http.ResponseWriter, r *http.Request) error {
	w.Header().Add("Vary", "Accept")
	ctx, vars := r.Context(), mux.Vars(r)
	post, err := s.publicArticle(r)
	if err != nil {
		return err
	}
	if wantsObject(r) {
		return seeOther(w, r, s.IRIs.Replies(*post.PublicID))
	}
	author, err := s.Store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return err
	}
	here := s.IRIs.ArticlePage(author.HandleLC, post.Slug)
	if vars["handle"] != author.HandleLC || vars["slug"] != post.Slug {
		return moved(w, r, here+"/replies")
	}
	page, err := s.repliesPage(ctx, post, here, afterReply(r))
	if err != nil {
		return err
	}
	return s.public(w, r, *page)
}

func (s *Server) repliesPage(ctx context.Context, post *models.Post, article string, after *models.Cursor) (*templates.Replies, error) {
	site, err := s.site(ctx)
	if err != nil {
		return nil, err
	}
	posts, err := s.Store.Posts.ThreadPage(ctx, models.Viewer{}, post.ID, after, repliesAPage+1)
	if err != nil {
		return nil, err
	}
	posts, more := readable(posts)
	cast, err := s.castOf(ctx, authorsOf(posts))
	if err != nil {
		return nil, err
	}
	page := &templates.Replies{Page: templates.Page{Title: post.Title, Language: post.Language, Canonical: article + "/replies", Site: site, NoIndex: true},
		Article: templates.Link{Label: post.Title, URL: article}}
	if after != nil {
		page.First = article + "/replies"
	}
	if more != nil {
		page.Next = repliesAfter(article, *more)
	}
	page.Replies, err = s.threadOf(ctx, post, posts, cast, true, nil)
	return page, err
}

// repliesAfter is the page of replies that begins after a place in their order.
func repliesAfter(article string, c models.Cursor) string {
	return article + "/replies?after=" + strconv.FormatInt(c.At.UnixNano(), 10) + "-" + strconv.FormatInt(c.ID, 10)
}

// placeOf is where people read a reply: on the article's page, or, where that ends before
// it, on a page of replies that begins with it.
func (s *Server) placeOf(ctx context.Context, article string, p *models.Post) (string, error) {
	before, err := s.Store.Posts.CountBefore(ctx, p)
	if err != nil {
		return "", err
	}
	if before >= repliesAPage {
		article = repliesAfter(article, models.Cursor{At: p.PublishedAt.Add(-time.Nanosecond)})
	}
	return article + "#reply-" + strconv.FormatInt(p.ID, 10), nil
}

// afterReply reads where a page of replies begins, as the page before says it.
func afterReply(r *http.Request) *models.Cursor {
	at, id, ok := strings.Cut(r.URL.Query().Get("after"), "-")
	nanoseconds, err1 := strconv.ParseInt(at, 10, 64)
	post, err2 := strconv.ParseInt(id, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return nil
	}
	return &models.Cursor{At: time.Unix(0, nanoseconds), ID: post}
}
