package templates

import "time"

// PathPlan is where the plans are, each at its conference's handle.
const PathPlan = "/plan"

// PathNewRecap is where the recap of a conference day is begun.
const PathNewRecap = "/recap/new"

// Plan is a day of a conference's programme as one attendee marks it, for their eyes
// alone. Its forms post day and action=mark with talk and mark, "" to take one back;
// action=drafts, feed, end-feed.
type Plan struct {
	Page
	Conference string
	Action     string // URL that the forms post to
	Day        string // 2006-01-02
	Days       []PlanDay
	Talks      []PlanTalk
	RecapURL   string // where the recap of the day is written
	HasFeed    bool
	FeedURL    string // once, when it was just made
}

func (Plan) file() string { return "plan.html" }

// PlanDay is a day of the conference.
type PlanDay struct {
	Date  time.Time
	URL   string
	Shown bool
}

// PlanTalk is an entry of the programme.
type PlanTalk struct {
	ID         string // public id
	Title      string
	Language   string    // BCP 47; may be empty
	URL        string    // of its page
	Start, End time.Time // in the conference's zone
	Room       string
	Speakers   []string // names
	Break      bool
	Cancelled  bool
	Mark       string // starred, attended, missed, later, speaker; "" for none
	NoteURL    string // where to write about it
	Noted      bool   // a note was begun
}

// Marks are the buttons of a talk: what they say, and whether each is pressed.
func (t PlanTalk) Marks() []PlanMark {
	marks := []PlanMark{{"starred", "plan.star", false}, {"attended", "plan.attended", false}, {"missed", "plan.missed", false}, {"later", "plan.later", false}, {"speaker", "plan.speaker", false}}
	for i := range marks {
		marks[i].Pressed = marks[i].Value == t.Mark
	}
	return marks
}

// PlanMark is one such button.
type PlanMark struct {
	Value, Label string
	Pressed      bool
}
