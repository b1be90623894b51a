package templates

import (
	"html/template"
	"time"
)

// Home is the front page: the articles of the instance, newest first.
type Home struct {
	Page
	Authors      []Author // who writes here, to be followed
	Articles     []Card
	Newer, Older string // URLs; "" at the end of the list
}

func (Home) file() string { return "home.html" }

// Profile is the page of an account.
type Profile struct {
	Page
	Author       Author
	Bio          template.HTML // sanitized; may be empty
	Fields       []ProfileField
	Tags         []Link // that they put first
	Pinned       []Card // articles that they put first, without Author
	ArticleCount int
	Followers    int
	Hidden       bool   // how many follow
	Articles     []Card // without Author, who is the same everywhere
	Newer, Older string // URLs; "" at the end of the list
}

func (Profile) file() string { return "profile.html" }

// Tag is the list of articles with a tag.
type Tag struct {
	Page
	Name         string // without #
	Articles     []Card
	Newer, Older string // URLs; "" at the end of the list
}

func (Tag) file() string { return "tag.html" }

// Article is a published article with its conversation. Its title and its
// language are those of the page.
type Article struct {
	Page
	Lead         string // the author's summary, plain text; may be empty
	Author       Author
	Cover        *Picture
	Published    time.Time
	Updated      time.Time // zero unless edited after it was published
	Minutes      int       // to read it
	Contents     []Link    // a table of contents; empty for a short article
	Body         template.HTML
	Tags         []Link
	Replies      []Reply
	AllReplies   string // URL of a page with those that this one leaves out; "" when it leaves out none
	ReplyCount   int
	ReplyPolicy  string // who may reply: open, followers, mentioned, closed
	Likes        int
	Boosts       int
	Likers       Faces
	Boosters     Faces
	Newer, Older *Link // the author's articles before and after this one
}

func (Article) file() string { return "article.html" }

// Replies is a page of the replies to an article that has many.
type Replies struct {
	Page
	Article     Link
	Replies     []Reply
	First, Next string // URLs; "" on the first page, and on the last
}

func (Replies) file() string { return "replies.html" }

// Gone stands where a deleted article stood, with status 410.
type Gone struct {
	Page
	DeletedAt time.Time // may be zero
}

func (Gone) file() string { return "gone.html" }

// Error is any other failure. The words follow from the status.
type Error struct {
	Page
	Status    int
	RequestID string // for the host's log; may be empty
}

func (Error) file() string { return "error.html" }

// Explain returns the ids of three messages: what it is called, what happened,
// and what to do.
func (e Error) Explain() [3]string {
	switch e.Status {
	case 400, 409, 422:
		return [3]string{"error.bad.title", "error.bad.what", "error.bad.do"}
	case 403:
		return [3]string{"error.forbidden.title", "error.forbidden.what", "error.forbidden.do"}
	case 404:
		return [3]string{"error.missing.title", "error.missing.what", "error.missing.do"}
	case 405:
		return [3]string{"error.method.title", "error.method.what", "error.method.do"}
	case 413:
		return [3]string{"error.large.title", "error.large.what", "error.large.do"}
	case 429:
		return [3]string{"error.many.title", "error.many.what", "error.many.do"}
	case 503:
		return [3]string{"error.busy.title", "error.busy.what", "error.busy.do"}
	}
	return [3]string{"error.ours.title", "error.ours.what", "error.ours.do"}
}
