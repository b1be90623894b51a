package templates

// Coverage is what others write elsewhere about a conference, for its managers. Its form
// posts post (any number), last, state, and
// action=show|hide|show-all|hide-all|boost|unboost.
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
	Boosted bool // by the conference
}
