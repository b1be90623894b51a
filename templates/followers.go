package templates

import "time"

// Followers is who follows the viewer, or a conference that they look after, and who asks
// to. Its form posts follow (any number), last, state, and
// action=accept|reject|accept-all|reject-all, or remove|block-account|block-server.
type Followers struct {
	Page
	Conference Link // empty for the viewer's own
	Action     string
	State      string // accepted or pending: which of them the page is about
	Tabs       []FollowersTab
	Total      int
	People     []FollowerRow
	Blocking   bool   // the viewer may block them
	Last       string // id of the newest one
	More       string // URL; "" at the end
}

func (Followers) file() string { return "followers.html" }

// FollowersTab leads to those in one state.
type FollowersTab struct {
	State, URL string
	Count      int
}

// Label is the id of what a tab is called.
func (t FollowersTab) Label() string {
	if t.State == "pending" {
		return "followers.asking"
	}
	return "followers.following"
}

// FollowerRow is somebody who follows, or asks to.
type FollowerRow struct {
	Author
	ID    string // of the follow
	Since time.Time
}
