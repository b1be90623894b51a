package templates

import "time"

// ConferenceForm sets a conference up, or changes what is said about it. One form posts to
// Action name, zone, start, end, city, url and hashtag; when New also handle, series and
// token, with Choices also announces, coverage and series. When it is New, another first
// posts, as multipart/form-data, action=fill with a schedule, or from, its address, and
// fill_zone. Those of who is there post action=manager with manager, a handle, and role, ""
// to end it, and action=delete-digest with digest.
type ConferenceForm struct {
	Page
	New        bool
	Action     string
	Conference Link   // that is there; empty when New
	ImportURL  string // where its schedule is imported
	NewTalkURL string // where a talk is added by hand
	Host       string // the part of a handle after its second @

	Handle, Name, Zone, Start, End, City, URL, Hashtag string

	Series   string    // its handle; "" for none
	Managers []Manager // for its owner
	Manager  string    // handle, as typed
	Digests  []Digest  // that it sent

	CoverageURL  string // where its managers decide on coverage
	Waiting      int    // of that
	FollowersURL string
	Choices      *ConferenceChoices // nil for who isn't its owner, and when New

	Zones    []string // to choose from
	From     string   // address of a schedule
	FillZone string
	Token    string // of a schedule that was given
	File     string // its name
	Talks    int    // that it has; 0 while it lacks its zone
	Trouble  string // what is wrong with it, in English, with its line
	Problems Problems
}

func (ConferenceForm) file() string { return "conference-form.html" }

// Manager is somebody who looks after a conference, as owner or editor.
type Manager struct{ Handle, Name, Role string }

// Digest is one that a conference sent.
type Digest struct{ ID, Title, URL string }

// Roles are what somebody can look after a conference as.
func (ConferenceForm) Roles() []Choice {
	return []Choice{{"editor", "choices.editor"}, {"owner", "choices.owner"}}
}

// ConferenceChoices are what a conference's owner alone may choose.
type ConferenceChoices struct {
	Announces string // everything, recaps, digest
	Coverage  string // held, open
}

// Tellings are what followers can be told.
func (ConferenceChoices) Tellings() []Choice {
	return []Choice{{"everything", "choices.everything"}, {"recaps", "choices.recaps"}, {"digest", "choices.digest"}}
}

// Welcomes are what posts from elsewhere can meet.
func (ConferenceChoices) Welcomes() []Choice {
	return []Choice{{"held", "choices.held"}, {"open", "choices.open"}}
}

// Import takes a conference's schedule, and shows what it would change before it is
// applied. One form posts, as multipart/form-data, action=look with a schedule, or from,
// its address; one action=apply with token and refresh.
type Import struct {
	Page
	Conference Link
	EditURL    string
	NewTalkURL string
	Action     string
	From       string
	Source     *ImportSource // of the last import
	Plan       *ImportPlan
	Trouble    string // what is wrong with the schedule, in English, with its line
	Problems   Problems
}

func (Import) file() string { return "import.html" }

// ImportSource is where the programme came from.
type ImportSource struct {
	URL     string // "" for a file
	Version string
	Read    time.Time
	Refresh string // never, hourly, daily, otherwise
	Error   string // of the last look, in English
}

// RefreshWords is the id of how often it is looked at again.
func (s ImportSource) RefreshWords() string {
	for _, c := range refreshChoices() {
		if c.Value == s.Refresh {
			return c.Label
		}
	}
	return "import.refresh_otherwise"
}

func refreshChoices() []Choice {
	return []Choice{{"never", "import.refresh_never"}, {"hourly", "import.refresh_hourly"}, {"daily", "import.refresh_daily"}}
}

// ImportPlan is what an import would change.
type ImportPlan struct {
	Token      string
	File       string
	Version    string
	ByURL      bool
	Refresh    string
	Lists      []ImportList
	Unchanged  int
	Empty      bool
	Start, End string // of the conference afterwards; "" if they stay
	Warnings   []ImportWarning
}

// RefreshChoices are how often it may be looked at again.
func (ImportPlan) RefreshChoices() []Choice { return refreshChoices() }

// ImportWarning is something odd in the file.
type ImportWarning struct {
	Line int // 0 if it concerns the whole file
	Text string
}

// ImportKind is what becomes of the talks in a list.
type ImportKind string

// What can become of talks.
const (
	ImportAdded   ImportKind = "import.added"
	ImportMoved   ImportKind = "import.moved"
	ImportRenamed ImportKind = "import.renamed"
	ImportRemoved ImportKind = "import.removed"
	ImportChanged ImportKind = "import.changed"
	ImportKept    ImportKind = "import.kept"
)

// ImportList is some of the talks that something becomes of.
type ImportList struct {
	Kind    ImportKind
	Count   int
	Entries []ImportEntry
	More    int // that aren't listed
}

// ImportEntry is what becomes of one talk.
type ImportEntry struct {
	Title, OldTitle string
	Was, Now        ImportSlot
	Fields          []string // as schedules and tables call them
}

// ImportSlot is when and where a talk is.
type ImportSlot struct {
	At   time.Time
	Room string
}

// FieldWords are the ids of what the fields of a talk are called.
func (e ImportEntry) FieldWords() (ids []string) {
	for _, f := range e.Fields {
		if id, ok := importFields[f]; ok {
			ids = append(ids, id)
		}
	}
	return ids
}

var importFields = map[string]string{
	"title": "import.field_title", "subtitle": "import.field_subtitle", "kind": "import.field_kind", "type": "import.field_kind",
	"starts_at": "import.field_start", "ends_at": "import.field_end", "day": "import.field_day", "room": "import.field_room",
	"track": "import.field_track", "languages": "import.field_language", "language": "import.field_language",
	"abstract": "import.field_abstract", "description": "import.field_description", "speakers": "import.field_speakers",
	"links": "import.field_links", "cancelled": "import.field_cancelled", "state": "import.field_cancelled",
	"do_not_record": "import.field_recording", "do_not_stream": "import.field_streaming", "url": "import.field_url",
}
