package activitypub

import (
	"net/url"
	"strings"
)

// ConferencesPage lists the conferences.
func (i *IRIs) ConferencesPage() string { return i.to("conferences") }

// ConferenceDay is the programme of a conference's day, 2006-01-02.
func (i *IRIs) ConferenceDay(handle, day string) string { return i.ConferencePage(handle) + "/" + day }

// ConferenceNotes lists everybody's recaps and notes of a conference.
func (i *IRIs) ConferenceNotes(handle string) string { return i.ConferencePage(handle) + "/notes" }

// SpeakersPage lists who speaks at a conference.
func (i *IRIs) SpeakersPage(handle string) string { return i.ConferencePage(handle) + "/speakers" }

// SpeakerPage is where people read about a speaker of a conference.
func (i *IRIs) SpeakerPage(handle, slug string) string {
	return i.SpeakersPage(handle) + "/" + url.PathEscape(slug)
}

// ConferenceCard is the picture for links to a conference's pages.
func (i *IRIs) ConferenceCard(handle, hash string) string {
	return i.card("conferences/"+strings.ToLower(handle), hash)
}

// TalkCard is the picture for links to a talk's page.
func (i *IRIs) TalkCard(publicID, hash string) string { return i.card("talks/"+publicID, hash) }
