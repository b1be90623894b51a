package mastodon

import (
	"fmt"
	"slices"
)

// kind is what a rule speaks of; several are joined by |.
type kind uint

const (
	webFinger kind = 1 << iota // the answer for an address
	hostMeta                   // the way to WebFinger
	departed                   // the answer for an address that was deleted
	document                   // how any document is served
	tombstone                  // how what was deleted is answered
	page                       // for people
	post                       // a POST to an inbox
	signedGet                  // a GET that we signed

	// What a document says, wherever it stands.
	actor
	article
	note
	event
	collection
	activity
)

// thing is something to judge, of one kind.
type thing struct {
	*Judge
	kind    kind
	where   string // for who reads a finding
	open    bool   // anybody may read it
	id      string // that was asked for
	address string // that was asked for by WebFinger
	answer  Answer
	doc     doc
	page    pageHead
	request *Request
}

// Rule is one thing that Mastodon wants. It is of a numbered fact; a fact may have
// several rules.
type Rule struct {
	Fact  int
	Wants string // what it wants, as words after "Mastodon wants that"
	of    kind
	when  func(t *thing) bool   // whether it speaks of this thing at all; nil: always
	wrong func(t *thing) string // why Mastodon would reject, drop or misread it; "": it wouldn't
}

// Name is a rule's number and words.
func (r Rule) Name() string { return fmt.Sprintf("%d %s", r.Fact, r.Wants) }

// Facts are the numbers of those that have rules, in order.
func Facts() (numbers []int) {
	for _, r := range rules {
		numbers = append(numbers, r.Fact)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

var rules = slices.Concat(discoveryRules, servingRules, actorRules, profileRules, signatureRules, messageRules, objectRules, showingRules, pageRules, activityRules)

// kindOf says what a document is by its type.
func kindOf(d doc) kind {
	switch d.text("type") {
	case "Application", "Group", "Organization", "Person", "Service":
		return actor
	case "Article":
		return article
	case "Note":
		return note
	case "Event": // shown as an Article is, to who searches for its page
		return event
	case "Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage":
		return collection
	case "Accept", "Add", "Announce", "Block", "Create", "Delete", "Flag", "Follow", "Like", "Move", "Reject", "Remove", "Undo", "Update":
		return activity
	}
	return 0
}

// unless returns why something is wrong, if it is.
func unless(right bool, format string, args ...any) string {
	if right {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

// first returns the first reason that there is.
func first(reasons ...string) string {
	for _, r := range reasons {
		if r != "" {
			return r
		}
	}
	return ""
}
