package templates

import "time"

// Manuscript is the text of an article as its form carries it, field by field.
type Manuscript struct {
	ClientID string // made once per article, so that sending twice stores once
	Version  int    // the version that the text was based on; 0 when it is new
	Title    string
	Summary  string
	Language string
	Tags     string // as typed
	Slug     string // may be empty
	Source   string // Markdown

	Cover        string // id of a picture; "" for none
	CoverAlt     string // what it shows
	CoverCaption string
	Attach       bool // send the pictures as attachments

	Replies    string // who may reply: open, followers, mentioned, closed
	Quotes     string // who may quote it: open, followers, closed
	Visibility string // whom it is for: public, unlisted, followers

	Talk     string // public id of the talk that it is a note on; "" for none
	Takeaway string // of a talk note

	Conference, Day string // handle and 2006-01-02, of a recap; "" for none
}

// State tells whether readers can see an article.
type State string

// The states of an article. An article never saved has none.
const (
	Draft     State = "draft"
	Published State = "published"
)

// TalkHead is a talk as those who write about it see it.
type TalkHead struct {
	Title    string
	Language string    // BCP 47, of the title; may be empty
	Start    time.Time // in the conference's zone
	Seconds  int       // that it takes
	Room     string
	Speakers []string // "Name, Role, Company"
}

// RecapSection is a part of a recap: words, or a note. Its buttons post
// action=up-N|down-N|words-N|remove-N, the recap's action=missed|tomorrow|notes.
type RecapSection struct {
	Number      int
	Text        string     // Markdown, of words
	Note        *RecapNote // nil for words
	First, Last bool
}

// RecapNote is a note that stands in a recap.
type RecapNote struct {
	ID, Line  string
	Title     string // may be empty
	Language  string
	EditURL   string // "" when it is gone
	Published bool   // alone: its takeaway and a link stand here
	Whole     bool   // or all of it nonetheless
}

// Write is the editor. Its form posts client_id, version, title, summary,
// language, tags, slug, source, takeaway, talk, cover, cover_alt, cover_caption, attach, and
// action=save|preview|publish|delete|uncover; with action=picture it posts as
// multipart/form-data a picture, picture_alt, picture_caption and picture_cover.
type Write struct {
	Page
	Text     Manuscript
	Action   string // URL that the form posts to
	State    State
	URL      string    // of the published article; "" otherwise
	SavedAt  time.Time // zero when it was never saved
	Cover    *Picture
	Pictures []EditorPicture // that the text names, in its order
	Talk     *TalkHead       // nil: it is no talk note
	Within   string          // name of the conference that it is about and can be taken out of; "" for none
	Sections []RecapSection  // of a recap, in place of its text
	Recaps   []Link          // published ones that show an older text of this note
	Naming   []string        // whom it names who isn't to be named: publishing asks for named=yes
	Problems Problems
}

func (Write) file() string { return "write.html" }

// EditorPicture is a picture that a text names.
type EditorPicture struct {
	Picture
	ID   string
	Path string // as it stands in the text
}

// Conflict shows two versions of one text, because a newer one than Mine was
// based on has been saved. Mine.Version is that of Theirs, so that posting the
// form again is an informed decision. The form posts what Write posts.
type Conflict struct {
	Page
	Mine       Manuscript
	Theirs     Manuscript
	TheirsAt   time.Time
	Action     string // URL that the form posts to
	Publishing bool   // Mine was about to be published, not only saved
	KeepURL    string // the editor with Theirs in it
	Problems   Problems
}

func (Conflict) file() string { return "conflict.html" }

// Preview is the article as readers will see it. Nothing has been saved: the
// form carries the whole text, and posts action=edit|save|publish.
type Preview struct {
	Page
	Text    Manuscript
	Action  string // URL that the form posts to
	State   State
	Article Article // as it would be published; its own Page needs Title and Language

	Elsewhere Elsewhere
}

// Elsewhere is how other servers show an article.
type Elsewhere struct {
	Title    string
	Summary  string // "" if the author wrote none
	Language string
	Host     string    // of the site, as cards name it
	Words    string    // the start of the text
	Attached []Picture // that Mastodon shows in place of a card
	Card     *LinkCard // nil where there is none
}

// LinkCard is what a server makes of a link to an article.
type LinkCard struct {
	Title   string
	Words   string
	Picture *Picture // the cover; nil: one is drawn
}

func (Preview) file() string { return "preview.html" }

// Posts is a person's own articles.
type Posts struct {
	Page
	Drafts    []Post // the last one changed first
	Published []Post // the last one published first
	Problems  Problems
}

func (Posts) file() string { return "posts.html" }

// Post is an article in the list of its author.
type Post struct {
	Title           string // may be empty, in a draft
	Language        string
	EditURL         string
	ViewURL         string // "" for a draft
	ConversationURL string // "" for a draft
	DeliveriesURL   string // likewise
	GivenUp         int    // servers that it couldn't be delivered to
	Changed         time.Time
	Published       time.Time // zero for a draft
	Unpublished     bool      // published, with later changes that aren't
	Replies         int
	PinID           string // for the form that posts it with action=pin or unpin; "" for what isn't public
	Pinned          bool   // it stands first on the profile
}

// ConfirmDelete asks once more. Its form posts client_id, version,
// action=delete and confirm=yes.
type ConfirmDelete struct {
	Page
	Text    Manuscript
	Action  string // URL that the form posts to
	State   State
	Replies int
	KeepURL string // back to the editor
}

func (ConfirmDelete) file() string { return "delete.html" }

// Conversation is every reply to an article, for its author. Each reply has a
// form that posts reply, action=hide|show|block-account|block-server, and
// everywhere=yes when an owner means the whole instance.
type Conversation struct {
	Page
	Article       Link
	EditURL       string
	Action        string // URL that the forms post to
	AnswerURL     string // where the article itself can be answered
	DeliveriesURL string
	Replies       []Reply
	Blocking      Blocking
	Quotes        []Quote
}

// Quote is a post elsewhere that quotes the article. Its form posts quote and
// action=withdraw-quote.
type Quote struct {
	ID      string
	Author  Author
	URL     string // where it is read
	Words   string // the start of what it says; "" where that isn't known
	At      time.Time
	Granted bool // its server asked, and was told yes
}

// Blocking is what blocking somebody in a conversation means to the viewer.
type Blocking string

// What blocking can mean.
const (
	BlocksNothing    Blocking = ""           // an editor under somebody else's article
	BlocksHere       Blocking = "here"       // from one's own articles
	BlocksEither     Blocking = "either"     // an owner's own article: from these, or from the whole instance
	BlocksEverywhere Blocking = "everywhere" // an owner under somebody else's article
)

func (Conversation) file() string { return "conversation.html" }

// Branch is what the thread of the page starts with.
func (c Conversation) Branch() Branch {
	return Branch{Replies: c.Replies, Action: c.Action, Blocking: c.Blocking}
}

// Branch is a level of a moderated thread: its replies, and what their forms need.
type Branch struct {
	Replies  []Reply
	Reply    Reply // the one whose form is drawn
	Action   string
	Blocking Blocking
}

// For returns what the form of one reply needs.
func (b Branch) For(reply Reply) Branch {
	b.Reply = reply
	return b
}

// Under returns the next level, below one of the replies.
func (b Branch) Under(reply Reply) Branch {
	b.Replies = reply.Replies
	return b
}
