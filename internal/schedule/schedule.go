// Package schedule reads a conference's schedule, in the formats that conferences
// publish, into one model. It fetches nothing and stores nothing.
//
// Everything in a file is a stranger's: sizes are bounded, HTML becomes plain text,
// and only http and https URLs are kept. A file is read whole or refused with the
// place of what is wrong in it; what is odd but happens is read and told as a Warning.
package schedule

import "time"

// Schedule is a conference as one file tells it.
type Schedule struct {
	Format   Format    `json:"format,omitempty"`
	Title    string    `json:"title"`
	URL      string    `json:"url,omitempty"`
	Version  string    `json:"version,omitempty"` // as the organisers number it; empty in most formats
	Zone     string    `json:"zone,omitempty"`    // IANA name of the zone that the conference lives in
	Start    string    `json:"start"`             // date of the first day, 2006-01-02
	End      string    `json:"end"`               // date of the last day
	Days     []Day     `json:"days,omitempty"`
	Rooms    []string  `json:"rooms,omitempty"`  // in the file's order
	Tracks   []string  `json:"tracks,omitempty"` // in the file's order
	Talks    []Talk    `json:"talks,omitempty"`  // by start, then by the rooms' order
	Warnings []Warning `json:"warnings,omitempty"`
}

// Day is a day of the conference. It isn't a calendar day: a party that begins at
// 01:00 belongs to the day before.
type Day struct {
	Index int    `json:"index,omitempty"` // from 1
	Date  string `json:"date"`            // 2006-01-02
}

// Talk is whatever stands in the schedule: a lunch break is one too, by its Kind.
type Talk struct {
	// What a later import finds the talk by, in this order; see Match.
	GUID string `json:"guid,omitempty"` // of the slot, in frab's formats
	Code string `json:"code,omitempty"` // of the submission, in pretalx
	UID  string `json:"uid,omitempty"`  // of the event, in iCalendar
	ID   string `json:"id,omitempty"`   // a number that some formats give; it may repeat
	URL  string `json:"url,omitempty"`  // page of the talk

	Title    string `json:"title"`
	RawTitle string `json:"raw_title,omitempty"` // as it stands in the file, with speakers where a title line has them
	Subtitle string `json:"subtitle,omitempty"`
	Kind     Kind   `json:"kind"`
	RawType  string `json:"raw_type,omitempty"` // what the organisers call the kind

	Start     time.Time `json:"start"` // UTC; End is never before Start
	End       time.Time `json:"end"`
	Day       int       `json:"day,omitempty"` // Day.Index
	Date      string    `json:"date"`          // date of the conference day, which may be the day before Start's
	Room      string    `json:"room,omitempty"`
	Track     string    `json:"track,omitempty"`
	Languages []string  `json:"languages,omitempty"` // BCP 47

	Abstract    string `json:"abstract,omitempty"` // plain text, or Markdown where the organisers typed it
	Description string `json:"description,omitempty"`

	Speakers []Speaker `json:"speakers,omitempty"`
	Links    []Link    `json:"links,omitempty"`

	Cancelled   bool    `json:"cancelled,omitempty"`
	DoNotRecord bool    `json:"do_not_record,omitempty"`
	DoNotStream bool    `json:"do_not_stream,omitempty"`
	Doubts      []Doubt `json:"doubts,omitempty"` // what may be wrong in the speakers, if they were read from a title line
}

// Speaker is a person at one talk; role and affiliation are as given there.
type Speaker struct {
	Name        string `json:"name,omitempty"`
	Role        string `json:"role,omitempty"`
	Affiliation string `json:"affiliation,omitempty"`
	Moderator   bool   `json:"moderator,omitempty"`

	GUID   string `json:"guid,omitempty"`
	Code   string `json:"code,omitempty"`
	URL    string `json:"url,omitempty"`
	Avatar string `json:"avatar,omitempty"`
}

// Link leads to something that belongs to a talk.
type Link struct {
	URL   string   `json:"url,omitempty"`
	Title string   `json:"title"`
	Type  LinkType `json:"type,omitempty"`
}

// Warning is something odd in a file that was read nonetheless.
type Warning struct {
	Line int    `json:"line,omitempty"` // 0 if it concerns the whole file
	Text string `json:"text,omitempty"`
}
