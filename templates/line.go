package templates

// Line reads a line pasted from a programme. Its forms post line and
// action=read-line; line_title, line_kind, line_time, line_room, line_speakers and action=line.
type Line struct {
	Page
	Typed string
	Read  *TitleLine // nil: nothing was pasted yet
}

func (Line) file() string { return "line.html" }

// TitleLine is what was read from a line.
type TitleLine struct {
	Title    string
	Kind     string
	Time     string // 09:15; may be empty
	Room     string
	Speakers string   // a line each
	Doubts   []string // ids of what to look at
}
