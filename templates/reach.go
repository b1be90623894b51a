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
