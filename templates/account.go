package templates

import "time"

// Setup makes an empty instance somebody's own. Its form posts token,
// site_name, site_language, handle, name and password to PathSetup.
type Setup struct {
	Page
	Token        string // from the one-time link
	BaseURL      string // shown, to be right before anything federates
	Host         string // the part of a handle after its second @
	SiteName     string
	SiteLanguage string
	Handle       string
	Name         string
	PasswordMin  int // characters
	Problems     Problems
}

func (Setup) file() string { return "setup.html" }

// SignIn asks for handle and password, and posts them with next to PathSignIn.
// When a session ended while a form was being filled in, Kept holds what was
// typed; each field is posted again as "kept." and its name.
type SignIn struct {
	Page
	Handle string
	Next   string        // path to go to; "" for the usual one
	Wrong  bool          // this handle and password don't go together
	Wait   time.Duration // before another try is allowed; 0 when it is now
	Kept   []Field
}

func (SignIn) file() string { return "signin.html" }

// WaitMinutes rounds the wait up, so that coming back in time works.
func (s SignIn) WaitMinutes() int { return int((s.Wait + time.Minute - 1) / time.Minute) }

// KeptText is what was typed in the longest kept field: the one whose loss
// would hurt, shown to its author.
func (s SignIn) KeptText() string {
	longest := ""
	for _, field := range s.Kept {
		if len(field.Value) > len(longest) {
			longest = field.Value
		}
	}
	return longest
}

// Field is one field of a form, as it was posted.
type Field struct {
	Name, Value string
}

// Settings are a person's own. One form posts name, bio and language to
// PathSettings, one as multipart/form-data picture, or action=remove, to PathFace,
// one what Introduction says, the next approve and hide to PathFollowControls, the last current and password to PathPassword.
type Settings struct {
	Page
	Name         string
	Bio          string // Markdown, as typed
	Language     string // of the interface
	Face         *Picture
	Approves     bool // followers by hand
	Hides        bool // who follows, and how many
	Introduction *Introduction
	PasswordMin  int // characters
	Problems     Problems
}

func (Settings) file() string { return "settings.html" }

// Reports lists what other servers report, for moderators. Each has a form that posts
// report and action=resolve to PathReports.
type Reports struct {
	Page
	Reports []Report
	More    string // URL; "" at the end
}

func (Reports) file() string { return "reports.html" }

// Report is what another server says of somebody here.
type Report struct {
	ID      string
	By, Of  Author
	Words   string // said with it, plain text
	Posts   []Link
	Private int // how many more it is about that the account may not see
	At      time.Time
}

// Blocks lists whom a person, or the instance, doesn't hear. Each has a form
// that posts block and action=unblock to PathBlocks; another posts target, everywhere=yes
// and action=block.
type Blocks struct {
	Page
	Blocks   []Block
	Target   string // as typed
	ForAll   bool   // the viewer may block for the whole instance
	Problems Problems
}

func (Blocks) file() string { return "blocks.html" }

// Block is one blocked account or server.
type Block struct {
	ID         string // opaque
	Target     string // "@spam@bad.example", or "bad.example" for a server
	Server     bool
	Since      time.Time
	Everywhere bool // for the whole instance
	Locked     bool // only an owner can lift it, and the viewer isn't one
}
