package templates

// Coverage is what others write elsewhere about a conference, for its managers. Its form
// posts post (any number), last, state, and
// action=show|hide|show-all|hide-all|boost|unboost, or block-account or block-server with a
// post. Those of the sisters post action=follow with address, or sister and
// action=follow|unfollow.
type Coverage struct {
	Page
	Conference Link
	Handle     string // to be mentioned by
	Action     string // URL that the form posts to
	State      string // held, shown or hidden: which of them the page is about
	Tabs       []CoverageTab
	Total      int
	Items      []CoverageItem
	Last       string // id of the newest one
	More       string // URL; "" at the end
	Blocking   bool   // whoever looks at it may block for the whole instance
	Sisters    []Sister
	Address    string // typed
	Problems   Problems
}

func (Coverage) file() string { return "coverage.html" }

// CoverageTab leads to the posts in one state.
type CoverageTab struct {
	State string
	URL   string
	Count int
}

// Label is the id of what a tab is called.
func (t CoverageTab) Label() string {
	switch t.State {
	case "shown":
		return "group.coverage_shown"
	case "hidden":
		return "group.coverage_hidden"
	}
	return "group.coverage_held"
}

// CoverageItem is a post from elsewhere.
type CoverageItem struct {
	Reply
	Title   string // of an article
	Boosted bool   // by the conference
}

// Sister is a Group elsewhere that says it is of the same conference.
type Sister struct {
	ID     string
	Author Author
	State  string // proposed, asked, followed or refused
}

// Followed says whether it is, or was asked for that.
func (s Sister) Followed() bool { return s.State == "followed" || s.State == "asked" }

// Label is the id of what its state is called.
func (s Sister) Label() string {
	switch s.State {
	case "followed":
		return "sisters.followed"
	case "asked":
		return "sisters.asked"
	case "refused":
		return "sisters.refused"
	}
	return "sisters.proposed"
}
