package models

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

var (
	// ErrNotFound: there is no such row, or the asker may not know of it.
	ErrNotFound = errors.New("not found")
	// ErrConflict: a unique constraint holds the place already.
	ErrConflict = errors.New("already exists")
	// ErrNestedTx: InTx was called inside InTx; use the tx at hand.
	ErrNestedTx = errors.New("a transaction inside a transaction: use the store that InTx handed out")
	// ErrReadOnly: something was written outside InTx.
	ErrReadOnly = errors.New("a write outside a transaction: use InTx")
	// ErrBusy: another process holds the database.
	ErrBusy = errors.New("the database is busy; try again")
	// ErrFull: the disk, or the quota, is full.
	ErrFull = errors.New("the disk is full")
)

// InvalidError says which field of an input can't be taken, and why.
type InvalidError struct {
	Field  string
	Reason Reason
	Limit  int // characters or entries, for the reasons that have one
}

// Reason is why a field can't be taken.
type Reason string

// Why a field can't be taken.
const (
	Required      Reason = "required"
	TooLong       Reason = "too_long"
	TooShort      Reason = "too_short"
	TooMany       Reason = "too_many"
	BadHandle     Reason = "handle"
	HandleTaken   Reason = "handle_taken"
	BadSlug       Reason = "slug"
	SlugTaken     Reason = "slug_taken"
	BadTag        Reason = "tag"
	BadLanguage   Reason = "language"
	WrongPassword Reason = "password"
	Unusable      Reason = "unusable"
	InFuture      Reason = "future"
	BadRole       Reason = "role"
	BadPolicy     Reason = "policy"
	BadVisibility Reason = "visibility"
	FixedVisible  Reason = "visibility_fixed"
	BadLink       Reason = "link"
	BadDomain     Reason = "domain"

	BadServer Reason = "server"

	// Of moving.
	NotThere      Reason = "not_there" // the address was looked up in vain
	IsSelf        Reason = "is_self"
	NoAlias       Reason = "no_alias" // the target doesn't say that it is also this account
	TargetMoved   Reason = "target_moved"
	MovedRecently Reason = "moved_recently" // Limit: days between two moves
	Moved         Reason = "moved"          // nothing new is published from here

	// Of conferences.
	BadZone     Reason = "zone"
	BadDate     Reason = "date"
	BadDates    Reason = "dates"
	TooManyDays Reason = "too_many_days" // Limit: days
	BadURL      Reason = "url"
	BadTime     Reason = "time"
	BadTimes    Reason = "times"
	BadAcct     Reason = "acct"
	Repeated    Reason = "repeated"
	NoAccount   Reason = "no_account"
	LastOwner   Reason = "last_owner"
	NotAGroup   Reason = "group"

	// Of pictures, as internal/media names them.
	NotAPicture   Reason = "not_a_picture"
	VectorPicture Reason = "svg"
	Unsupported   Reason = "unsupported"
	TooManyBytes  Reason = "too_many_bytes"  // Limit: megabytes
	TooManyPixels Reason = "too_many_pixels" // Limit: megapixels
	TooManyFrames Reason = "too_many_frames"
	Polyglot      Reason = "polyglot"
	Damaged       Reason = "damaged"
)

// sentences are for the command line; pages have theirs in the catalogue.
var sentences = map[Reason]string{
	Required:      "it can't be empty",
	TooLong:       "too long, %d at most",
	TooShort:      "too short, %d characters at least",
	TooMany:       "too many, %d at most",
	BadHandle:     "use 2 to 30 lowercase letters, digits or underscores",
	HandleTaken:   "it is taken, or was once; handles are never used twice",
	BadSlug:       "use lowercase letters, digits and hyphens",
	SlugTaken:     "another article has this address already",
	BadTag:        "a tag is made of letters, digits and underscores, with at least one letter",
	BadLanguage:   "use a language tag such as en or fr",
	WrongPassword: "that isn't the current password",
	Unusable:      "it can't be used as it is",
	InFuture:      "it is in the future, and publishing later isn't possible yet: leave it out or give a past one",
	BadRole:       "use owner, editor or author",
	BadPolicy:     "use open, followers, mentioned or closed",
	BadVisibility: "use public, unlisted or followers",
	FixedVisible:  "whom an article is for can't change once it is published: take it back to a draft first",
	BadZone:       "use the zone's IANA name, such as Europe/Paris",
	BadDate:       "use a date such as 2026-06-11",
	BadDates:      "it is before the first day",
	TooManyDays:   "a conference has %d days at most",
	BadURL:        "use an address that begins with https:// or http://",
	BadTime:       "use a date and a time such as 2026-06-11T09:15",
	BadTimes:      "it has to be after the beginning, by a day at most",
	BadAcct:       "use an address of the fediverse such as @maelle@social.example",
	NotAGroup:     "that is no conference's address",
	LastOwner:     "somebody has to own it: make another its owner first",
	NoAccount:     "nobody here has this handle",
	Repeated:      "somebody is named twice",
	BadServer:     "use an address such as @spam@bad.example, or the name of a server such as bad.example",
	NotThere:      "nobody was found there: give the address as others write it, @me@server.example, and look whether that server is up",
	IsSelf:        "that is this account itself",
	NoAlias:       "that account doesn't say that it is also this one: add this address there first, as one that it moves from",
	TargetMoved:   "that account has moved itself: give the one that it moved to",
	MovedRecently: "an account can move once in %d days",
	Moved:         "this account has moved: write from the new one, or take the move back",
	BadDomain:     "give names of hosts such as blog.example",
	BadLink:       "give a whole address that begins with https:// or http://",
	NotAPicture:   "this is not a picture: use JPEG, PNG, WebP, GIF or HEIC",
	VectorPicture: "SVG is not taken, as it can hold scripts: export it as PNG",
	Unsupported:   "this kind of picture can't be read: use JPEG, PNG, WebP, GIF or HEIC",
	TooManyBytes:  "the file is larger than %d MB: make it smaller",
	TooManyPixels: "the picture has more than %d megapixels: make it smaller",
	TooManyFrames: "the animation is too long or too large: shorten it or make it smaller",
	Polyglot:      "this file is a picture and a page, a script or an archive at once: export the picture again",
	Damaged:       "the picture is damaged or cut short: export it again",
}

func (e *InvalidError) Error() string {
	text := sentences[e.Reason]
	if strings.Contains(text, "%d") {
		text = fmt.Sprintf(text, e.Limit)
	}
	if e.Field == "" {
		return text
	}
	return e.Field + ": " + text
}

// translate turns a driver's error into one of ours.
func translate(err error) error {
	var lite sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return ErrConflict
	case errors.As(err, &lite):
		switch lite.Code {
		case sqlite3.ErrReadonly:
			return ErrReadOnly
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return ErrBusy
		case sqlite3.ErrFull, sqlite3.ErrIoErr:
			return errors.Join(ErrFull, err)
		case sqlite3.ErrConstraint:
			if strings.Contains(lite.Error(), "UNIQUE") {
				return ErrConflict
			}
		}
	}
	return err
}
