package templates

import "time"

// Message is a text of the catalogue, with what it names.
type Message struct {
	ID   string
	Args []any // pairs of a name and its value
}

// Health is what the owner is told of how others reach this server. Its form posts
// address to PathHealth.
type Health struct {
	Page
	Address   string // as typed
	Busy      bool   // somebody else asked just now
	CheckedAt time.Time
	Checked   string // the address that was looked at, too
	Findings  []Finding
}

func (Health) file() string { return "health.html" }

// Finding is what one check saw, and what to change.
type Finding struct {
	Level    string // problem, warning or ok
	Seen, Do Message
}

func (h Health) count(level string) (n int) {
	for _, f := range h.Findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

// Problems and Warnings count the findings.
func (h Health) Problems() int { return h.count("problem") }

// Warnings counts those that may become problems.
func (h Health) Warnings() int { return h.count("warning") }

// Deliveries says where an article was sent, and how it stands there. Its forms post
// server and action=again, or action=again-all, to Action.
type Deliveries struct {
	Page
	Article    Link
	Action     string
	Total      int
	Counts     map[string]int  // servers by their state
	Servers    []ServerReached // those that need a look first
	More       int             // how many are not listed
	Resendable bool            // one of all is
}

func (Deliveries) file() string { return "deliveries.html" }

// ServerReached is how an article stands at one server.
type ServerReached struct {
	Host       string
	State      string    // given_up, waits, underway or delivered
	Edit       bool      // the article is there, but for its last edit
	Blocked    bool      // here
	At         time.Time // delivered or given up; waits: the next attempt
	Attempts   int
	Answer     Message // the last one; its ID is "" for none
	Resendable bool
}
