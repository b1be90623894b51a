package templates

import (
	"html/template"
	"strings"
	"time"
)

// Conference is an event as pages name it. Its times are in its zone.
type Conference struct {
	Author                // its address, page and ActivityPub id
	First, Last time.Time // days
	City, Zone  string
	Hashtag     string // without #
	Website     string
	On          bool // between its first and its last day
	Talks       int  // without breaks
	Written     int  // recaps and notes
	Writers     int  // of those
	Tabs        []Tab
	SpeakersURL string
}

// Short is its handle alone.
func (c Conference) Short() string {
	short, _, _ := strings.Cut(strings.TrimPrefix(c.Handle, "@"), "@")
	return short
}

// Tab leads to the programme of a day.
type Tab struct {
	Day     time.Time
	URL     string
	Current bool
}

// Conferences lists what the instance gathers notes of: what is on, what comes, the
// next one first, and what is over, the last one first.
type Conferences struct {
	Page
	On, Coming, Past []Conference
}

func (Conferences) file() string { return "conferences.html" }

// SeriesPage is what every edition of a conference flows into, and can be followed.
type SeriesPage struct {
	Page
	Author                // its address, page and ActivityPub id
	Editions []Conference // the last to begin first
}

func (SeriesPage) file() string { return "series.html" }

// Programme is a conference's page, with the programme of one day.
type Programme struct {
	Page
	Conference
	Overview      bool      // the conference's own page, not a day's
	Day           time.Time // that the programme is of
	Now, Next     []Talk
	NextAt        time.Time
	Slots         []Slot // by time; or, ByRoom, by room
	ByRoom        bool
	Other         string // URL of the same day by room, or by time; "" when there is one room
	Articles      []NoteCard
	Newer, Older  string  // URLs; "" at the end of the list
	NothingIsHere bool    // no programme on any day
	Coverage      []Reply // what was written elsewhere, on the conference's own page
	PlanURL       string
	RecapURL      string // where the day's recap is composed; "" before that day
	Series        *Link  // that it is an edition of; nil: of none
}

func (Programme) file() string { return "programme.html" }

// Slot is what begins at a time, or all that is in a room.
type Slot struct {
	At    time.Time // zero by room
	After bool      // At is past midnight: on the calendar day after
	Room  string    // by room
	Talks []Talk
}

// Talk is an entry of a programme. Its times are in the conference's zone.
type Talk struct {
	Title        string
	Subtitle     string
	Language     string // BCP 47, of the title; "" where there are several
	URL          string // "" for a break, which has no page of its own
	Kind         string // schedule.Kind
	Starts, Ends time.Time
	Day          time.Time
	After        bool // begins past midnight
	Room, Track  string
	Speakers     []Speaker
	Cancelled    bool
	Removed      bool // from the programme
	NoRecording  bool
	NoStream     bool
	Now          bool
	Notes        []Link // the newest few, by their authors' names
	MoreNotes    int
	Links        []TalkLink
	WriteURL     string // where a note on it is begun
	Bare         bool   // stands without a slot: it says its time itself
}

// KindID is the id of what its kind is called.
func (t Talk) KindID() string {
	switch t.Kind {
	case "keynote":
		return "programme.keynote"
	case "workshop":
		return "programme.workshop"
	case "panel":
		return "programme.panel"
	case "lightning":
		return "programme.lightning"
	case "bof":
		return "programme.bof"
	case "break":
		return "programme.break"
	case "other":
		return "programme.session"
	}
	return "programme.talk"
}

// Speaker is somebody at a talk, with role and affiliation as given there.
type Speaker struct {
	Name              string // "" for who asks not to be named
	URL               string // their page
	Role, Affiliation string
	Moderator         bool
}

// TalkLink is what belongs to a talk.
type TalkLink struct {
	ID    string
	Type  string // schedule.LinkType
	URL   string
	Title string
	Host  string // where it leads
	By    string // who added it; "" for the schedule
	Given bool   // by one of the talk's speakers, in a reply
	Mine  bool   // may be removed by the viewer, on private pages
}

// TypeID is the id of what a type is called.
func (l TalkLink) TypeID() string { return linkTypeID(l.Type) }

func linkTypeID(linkType string) string {
	switch linkType {
	case "slides":
		return "programme.slides"
	case "video":
		return "programme.video"
	case "code":
		return "programme.code"
	case "paper":
		return "programme.paper"
	}
	return "programme.web"
}

// NoteCard is a recap or a note as pages about a conference list it.
type NoteCard struct {
	Card
	Takeaway string
	Talk     *Link     // that it is a note on
	Recap    time.Time // the day that it is a recap of; zero for a note
}

// TalkPage is a talk with everybody's notes on it.
type TalkPage struct {
	Page
	Conference
	Talk         Talk
	Body         template.HTML // its description, sanitized
	Source       string        // URL of its page in the conference's own programme
	LinksURL     string        // where slides and recordings are added
	Articles     []NoteCard
	Count        int
	Newer, Older string // URLs; "" at the end of the list

	Elsewhere      []NoteElsewhere
	ElsewhereCount int
	ElsewhereNewer string // URLs; "" at the end of the list
	ElsewhereOlder string
}

// NoteElsewhere is a note on a talk that stands on another server. All of it is a
// stranger's.
type NoteElsewhere struct {
	Author    Author
	Title     string // "" where it has none
	URL       string
	Lead      string // what its author says of it, else how it begins
	Language  string
	Published time.Time
}

func (TalkPage) file() string { return "talk.html" }

// Speakers lists who speaks at a conference, by name.
type Speakers struct {
	Page
	Conference
	People []SpeakerEntry
}

func (Speakers) file() string { return "speakers.html" }

// SpeakerEntry is a speaker with their talks.
type SpeakerEntry struct {
	Speaker
	Talks []Talk
}

// SpeakerPage is a speaker of a conference, with their talks.
type SpeakerPage struct {
	Page
	Conference
	Person   Speaker
	Links    []Link // their own pages
	Acct     string // @user@host, where notes mention them; "" where that isn't known
	Silent   bool   // they aren't to be mentioned
	Talks    []Talk
	Articles []NoteCard // the newest notes on them
}

func (SpeakerPage) file() string { return "speaker.html" }

// TalkLinks is where slides, recordings and code are added to a talk. Its forms post
// action=add with type, url and title, or action=remove with link.
type TalkLinks struct {
	Page
	Talk             Link
	Conference       Link
	Links            []TalkLink
	AmendURL         string // where the talk is put right; "" for who may not
	Action           string
	Type, URL, Label string // as typed
	Problems         Problems
}

func (TalkLinks) file() string { return "talk-links.html" }

// Types are the choices of the form.
func (TalkLinks) Types() []Choice {
	var all []Choice
	for _, t := range []string{"slides", "video", "code", "paper", "web"} {
		all = append(all, Choice{t, linkTypeID(t)})
	}
	return all
}
