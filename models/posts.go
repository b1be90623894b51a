package models

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Kinds and states of a post.
const (
	KindArticle = "article"
	KindReply   = "reply"
	// KindFollowed is what somebody elsewhere wrote whom one of ours follows, or what such
	// a one boosted. It stands on the pages of those who follow (Reading), in no public list;
	// it can be answered, liked and boosted.
	KindFollowed = "followed"
	// KindCoverage is what somebody elsewhere wrote about a conference of ours, which it
	// mentions. It stands on that conference's page alone.
	KindCoverage = "coverage"

	PostDraft     = "draft"
	PostPublished = "published"
	PostDeleted   = "deleted"

	ModerationShown  = "shown"
	ModerationHeld   = "held" // waits for a yes
	ModerationHidden = "hidden"

	// Who may reply to an article.
	RepliesOpen      = "open"
	RepliesFollowers = "followers" // of its author
	RepliesMentioned = "mentioned" // in it
	RepliesClosed    = "closed"
)

// Post is something written, here or elsewhere: an Article of ours, or a reply to
// one. Title, summary, language and HTML are those of what is published; what is
// being written stands in its revisions.
type Post struct {
	ID                  int64
	PublicID            *string // ours
	URI                 *string // remote
	Local               bool
	Type                string // ActivityStreams type: Article, Note, Question
	Kind                string
	ActorID             int64
	AccountID           *int64
	ClientID            *string
	State               string
	Visibility          string
	Moderation          string
	InReplyToURI        string
	InReplyToID         *int64
	RootID              *int64
	Conversation        string // what one from elsewhere says that its thread is, an IRI
	Context             string // the same, where it can be read (FEP-7888)
	URL                 string
	Slug                string
	ConferenceID        *int64 // that it is about
	TalkID              *int64 // a talk note
	Day                 string // of the conference: a recap
	Takeaway            string // of a talk note, as published
	Title               string
	Summary             string // of a remote post: its content warning
	Language            string
	HTML                string
	Outline             string // its headings, in JSON
	Excerpt             string
	Words               int
	ReplyPolicy         string // whose replies an article takes; of ours
	QuotePolicy         string // who may quote it; of ours
	Attach              bool   // its pictures go out as attachments
	Sensitive           bool
	Raw                 []byte
	RenderVersion       int
	HeadRevisionID      *int64
	PublishedRevisionID *int64
	LockVersion         int // number of the head revision
	CreatedAt           time.Time
	PublishedAt         *time.Time
	UpdatedAt           *time.Time `gorm:"autoUpdateTime:false"` // an edit after publication
	SavedAt             *time.Time
}

// HeadsThread says whether replies stand under a post: it is an article of ours, or what
// one of ours reads.
func (p *Post) HeadsThread() bool { return p.Kind == KindArticle || p.Kind == KindFollowed }

// About is what an article is about: a conference, and of it a day (a recap) or a talk (a
// talk note). Zero is nothing.
type About struct {
	ConferenceID int64
	TalkID       int64
	Day          string // 2006-01-02
}

// About returns what a post is about.
func (p *Post) About() (a About) {
	if p.ConferenceID != nil {
		a.ConferenceID = *p.ConferenceID
	}
	if p.TalkID != nil {
		a.TalkID = *p.TalkID
	}
	a.Day = p.Day
	return a
}

// SetAbout says what a post is about.
func (p *Post) SetAbout(a About) {
	p.ConferenceID, p.TalkID, p.Day = nil, nil, a.Day
	if a.ConferenceID != 0 {
		p.ConferenceID = &a.ConferenceID
	}
	if a.TalkID != 0 {
		p.TalkID = &a.TalkID
	}
}

// Posts queries what was written.
type Posts struct{ db *gorm.DB }

// Create stores a post. It returns ErrConflict when the account's client id, or
// the remote URI, is known already.
func (q Posts) Create(ctx context.Context, p *Post) error {
	if p.Moderation == "" {
		p.Moderation = ModerationShown
	}
	if p.QuotePolicy == "" {
		p.QuotePolicy = QuotesOpen
	}
	if p.ReplyPolicy == "" {
		p.ReplyPolicy = RepliesOpen
	}
	return translate(q.db.WithContext(ctx).Create(p).Error)
}

// Save stores every field of a post that was read before.
func (q Posts) Save(ctx context.Context, p *Post) error {
	return changed(q.db.WithContext(ctx).Model(p).Select("*").Omit("ID").Updates(p))
}

// ByID returns a post in any state.
func (q Posts) ByID(ctx context.Context, id int64) (*Post, error) {
	return one[Post](q.db.WithContext(ctx).Where("id = ?", id))
}

// ByIDs returns posts in any state, without what they were read from.
func (q Posts) ByIDs(ctx context.Context, ids []int64) (map[int64]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("Raw").Where("id IN ?", ids).Find(&rows).Error
	byID := make(map[int64]*Post, len(rows))
	for _, p := range rows {
		byID[p.ID] = p
	}
	return byID, translate(err)
}

// ByPublicID returns one of ours in any state.
func (q Posts) ByPublicID(ctx context.Context, id string) (*Post, error) {
	return one[Post](q.db.WithContext(ctx).Where("public_id = ?", id))
}

// ByURI returns a remote post.
func (q Posts) ByURI(ctx context.Context, uri string) (*Post, error) {
	return one[Post](q.db.WithContext(ctx).Where("uri = ?", uri))
}

// ByClientID returns what an account created under the id that its client gave.
func (q Posts) ByClientID(ctx context.Context, accountID int64, clientID string) (*Post, error) {
	return one[Post](q.db.WithContext(ctx).Where("account_id = ? AND client_id = ?", accountID, clientID))
}

// ByPath returns the article that stands, or stood, at handle/slug.
func (q Posts) ByPath(ctx context.Context, handle, slug string) (*Post, error) {
	return one[Post](q.db.WithContext(ctx).
		Where("id = (SELECT post_id FROM paths WHERE path = ?)", pathKey(handle, slug)))
}

func pathKey(handle, slug string) string {
	return strings.ToLower(handle) + "/" + slug
}

type path struct {
	Path   string `gorm:"primaryKey"`
	PostID int64
}

// TakePath reserves handle/slug for a post, for ever. It returns ErrConflict when
// another post has it.
func (q Posts) TakePath(ctx context.Context, handle, slug string, postID int64) error {
	db := q.db.WithContext(ctx)
	row := path{pathKey(handle, slug), postID}
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return translate(err)
	}
	var holder path
	if err := db.Where("path = ?", row.Path).Take(&holder).Error; err != nil {
		return translate(err)
	}
	if holder.PostID != postID {
		return ErrConflict
	}
	return nil
}

// Page is a slice of a list, newest first: at most Limit posts older than Before.
type Page struct {
	Before *Cursor
	Limit  int
}

// Cursor is the place of a post in a list ordered by time, ties broken by id.
type Cursor struct {
	At time.Time
	ID int64
}

func (p Page) apply(db *gorm.DB) *gorm.DB {
	if p.Before != nil {
		at := p.Before.At.UTC()
		// The first condition alone is one that an index can start from.
		db = db.Where("posts.published_at <= ? AND (posts.published_at < ? OR posts.id < ?)", at, at, p.Before.ID)
	}
	return db.Order("posts.published_at DESC, posts.id DESC").Limit(p.Limit)
}

func (q Posts) articles(ctx context.Context) *gorm.DB {
	return listable(q.db.WithContext(ctx).Model(&Post{}).Omit("HTML", "Raw")).Where("posts.kind = ?", KindArticle)
}

// Articles returns the instance's public articles, without their HTML.
func (q Posts) Articles(ctx context.Context, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.articles(ctx)).Find(&rows).Error
	return rows, translate(err)
}

// HTML returns the HTML of posts, by id.
func (q Posts) HTML(ctx context.Context, ids []int64) (map[int64]string, error) {
	var rows []struct {
		ID   int64
		HTML string
	}
	err := q.db.WithContext(ctx).Model(&Post{}).Select("id", "html").Where("id IN ?", ids).Scan(&rows).Error
	texts := make(map[int64]string, len(rows))
	for _, r := range rows {
		texts[r.ID] = r.HTML
	}
	return texts, translate(err)
}

// Place is where an article has its page.
type Place struct {
	Handle    string // of its author, lower case
	Slug      string
	ChangedAt time.Time
}

// Places returns where the newest public articles of active authors are.
func (q Posts) Places(ctx context.Context, limit int) ([]Place, error) {
	var rows []struct {
		HandleLC    string
		Slug        string
		PublishedAt time.Time
		UpdatedAt   *time.Time
	}
	err := listable(q.db.WithContext(ctx).Model(&Post{})).Select("actors.handle_lc", "posts.slug", "posts.published_at", "posts.updated_at").
		Joins("JOIN actors ON actors.id = posts.actor_id AND actors.state = ?", StateActive).
		Where("posts.kind = ?", KindArticle).Order("posts.published_at DESC, posts.id DESC").Limit(limit).Scan(&rows).Error
	places := make([]Place, len(rows))
	for i, r := range rows {
		places[i] = Place{r.HandleLC, r.Slug, r.PublishedAt}
		if r.UpdatedAt != nil {
			places[i].ChangedAt = *r.UpdatedAt
		}
	}
	return places, translate(err)
}

// ArticlesBy returns an actor's public articles, without their HTML.
func (q Posts) ArticlesBy(ctx context.Context, actorID int64, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.articles(ctx).Where("posts.actor_id = ?", actorID)).Find(&rows).Error
	return rows, translate(err)
}

// ArticlesTagged returns the public articles with a hashtag, without their HTML. SQLite
// takes a CROSS JOIN in the order it is written: from the tag, which few articles have.
func (q Posts) ArticlesTagged(ctx context.Context, tag string, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.articles(ctx).Table("hashtags CROSS JOIN posts").
		Where("hashtags.post_id = posts.id AND hashtags.tag_lc = ?", strings.ToLower(tag))).Find(&rows).Error
	return rows, translate(err)
}

// CountArticlesBy returns how many public articles an actor has.
func (q Posts) CountArticlesBy(ctx context.Context, actorID int64) (int64, error) {
	var n int64
	err := q.articles(ctx).Where("posts.actor_id = ?", actorID).Count(&n).Error
	return n, translate(err)
}

// Neighbours returns the author's public articles just before and after one, nil
// where there is none.
func (q Posts) Neighbours(ctx context.Context, p *Post) (older, newer *Post, err error) {
	if p.PublishedAt == nil {
		return nil, nil, nil
	}
	at := p.PublishedAt.UTC()
	beside := func(compare, order string) (*Post, error) {
		var rows []*Post
		err := q.articles(ctx).Where("posts.actor_id = ?", p.ActorID).Where(compare, at, at, p.ID).Order(order).Limit(1).Find(&rows).Error
		if err != nil || len(rows) == 0 {
			return nil, translate(err)
		}
		return rows[0], nil
	}
	if older, err = beside("posts.published_at <= ? AND (posts.published_at < ? OR posts.id < ?)", "posts.published_at DESC, posts.id DESC"); err != nil {
		return nil, nil, err
	}
	newer, err = beside("posts.published_at >= ? AND (posts.published_at > ? OR posts.id > ?)", "posts.published_at, posts.id")
	return older, newer, err
}

// WrittenBy returns an account's articles, drafts too, last saved first, without
// their HTML. A draft's title is that of its head revision.
func (q Posts) WrittenBy(ctx context.Context, accountID int64, limit int) ([]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").
		Where("account_id = ? AND kind = ? AND state <> ?", accountID, KindArticle, PostDeleted).
		Order("saved_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CountArticles returns how many public articles the instance has.
func (q Posts) CountArticles(ctx context.Context) (int64, error) {
	var n int64
	err := q.articles(ctx).Count(&n).Error
	return n, translate(err)
}

// CountActive returns how many accounts published or edited an article since a time.
func (q Posts) CountActive(ctx context.Context, since time.Time) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Account{}).
		Where("EXISTS (SELECT 1 FROM posts WHERE posts.account_id = accounts.id AND posts.state = ? AND posts.saved_at >= ?)", PostPublished, since.UTC()).
		Count(&n).Error
	return n, translate(err)
}

// Stale returns published posts whose HTML was rendered by other rules than version's.
func (q Posts) Stale(ctx context.Context, version, limit int) ([]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Where("render_version < ? AND state = ?", version, PostPublished).Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// SetHTML stores what rendering a post again made, unless it was edited meanwhile.
func (q Posts) SetHTML(ctx context.Context, p *Post, html, outline string, version int) error {
	db := q.db.WithContext(ctx).Model(&Post{}).Where("id = ? AND render_version = ?", p.ID, p.RenderVersion)
	return translate(db.Updates(map[string]any{"html": html, "outline": outline, "render_version": version}).Error)
}
