package templates

import "fmt"

// TalkForm puts a talk right by hand, or when New adds one. Its form posts to Action its
// fields under their names, client_id or seen, cancelled, do_not_record and do_not_stream if so, and for
// each speaker N speaker-N-name, -person, -role, -company and -acct, with -moderator, -opted_out and
// -unnamed if so; also, without New, action=remove, action=restore or action=release.
type TalkForm struct {
	Page
	New        bool
	Action     string
	Conference Link
	Talk       Link // its page; empty when New
	Zone       string

	Title, Subtitle, Kind, Start, End, Room, Track, Languages, Abstract, URL string
	Cancelled, DoNotRecord, DoNotStream                                      bool
	Speakers                                                                 []SpeakerRow // the last ones empty

	ClientID  string   // of a new one, so that it can be sent twice
	Removed   bool     // from the programme
	Seen      string   // what was shown, to be given back
	Corrected []string // fields that imports leave alone, as tables call them
	Problems  Problems
}

func (TalkForm) file() string { return "talk-form.html" }

// SpeakerRow is a speaker as the form has them.
type SpeakerRow struct {
	Number                  int    // from 0
	Person                  string // id of who is there already
	Name, Role, Affiliation string
	Moderator               bool
	Acct                    string // user@host
	OptedOut, DoNotName     bool
	Silent                  bool     // they asked us themselves not to be mentioned
	Problems                Problems // of the whole form
}

// Row is a speaker with what is wrong with them.
func (f TalkForm) Row(s SpeakerRow) SpeakerRow {
	s.Problems = f.Problems
	return s
}

// Field names one of its fields.
func (s SpeakerRow) Field(name string) string { return fmt.Sprintf("speaker-%d-%s", s.Number, name) }

// Kinds are the choices of what a talk is.
func (TalkForm) Kinds() []Choice {
	var all []Choice
	for _, kind := range []string{"talk", "keynote", "workshop", "panel", "lightning", "bof", "break", "other"} {
		all = append(all, Choice{kind, Talk{Kind: kind}.KindID()})
	}
	return all
}

// CorrectedIDs are the ids of what the corrected fields are called.
func (f TalkForm) CorrectedIDs() []string { return ImportEntry{Fields: f.Corrected}.FieldWords() }
