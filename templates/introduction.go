package templates

import (
	"html/template"
	"time"
)

// ProfileField is a label and a value on a profile.
type ProfileField struct {
	Label    string
	Value    template.HTML // a page: one link with rel=me; else words
	Verified time.Time     // when that page was last seen to lead back; zero: it doesn't
}

// Introduction is the form of what a person shows beside their name. It posts the labels
// and values of its fields, tag (any number), tags and domains to PathIntroduction.
type Introduction struct {
	Fields  []FieldInput
	Link    string // the profile's page, which other pages are to lead back to
	Offered []TagChoice
	Tags    string // others, as typed
	Domains string
	Host    string // whose pages credit the person anyway
}

// FieldInput is one field as it is typed.
type FieldInput struct {
	Number               int // from 1
	LabelName, ValueName string
	Label, Value         string
	Verified             time.Time // zero: it isn't
	Missing              bool      // the page was looked at and doesn't lead back
}

// TagChoice is a hashtag that can stand first.
type TagChoice struct {
	Tag    string
	Chosen bool
}
