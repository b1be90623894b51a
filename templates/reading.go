package templates

import "html/template"

// Reading is an account's page of what those write and boost whom it follows, the newest
// first.
type Reading struct {
	Page
	Entries      []Entry
	Here         string // URL of this part of the page, which forms come back to
	Newer, Older string // URLs; "" at either end
	FollowsAny   bool
	Suggestions  []Author // conferences here, where nothing is to be read yet
}

func (Reading) file() string { return "reading.html" }

// Entry is a post on such a page, or on one of its own.
type Entry struct {
	Reply
	Title      string // "" of what has none
	TitleURL   string
	Parts      []Part // the words of an article, with its pictures among them; in place of Body
	Lead       string // in place of the words: the start of what is long; plain text
	ReadOn     string // URL of all of it; "" when all is here
	BoostedBy  *Author
	Answers    *Author // whom it answers
	AnswersURL string
	Cover      *Picture // of an article here
	Poll       bool     // votes are cast where it stands
	Back       string   // where its forms come back to; "" for its own page
	Liked      bool
	Boosted    bool // by the viewer
	Mine       bool
}

// Part is a piece of an article: words, or a picture.
type Part struct {
	Body    template.HTML // sanitized
	Picture []Attachment  // one, or none
}

// Following is whom an account follows. Its forms post account and action=follow, actor and
// action=unfollow; the page of a post, actor and action=block.
type Following struct {
	Page
	Account     string // as typed
	Problems    Problems
	Followed    []Followed // the last one first
	Older       string     // URL; "" at the end
	Suggestions []Author   // conferences here that the account doesn't follow
}

func (Following) file() string { return "following.html" }

// Followed is somebody whom an account follows.
type Followed struct {
	Author
	ActorID string
	Waiting bool // for an answer
}
