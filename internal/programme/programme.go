// Package programme sets conferences up and keeps their programmes in step with the
// schedules that organisers publish: what a person put right by hand survives, and a talk
// that vanishes keeps its notes.
package programme

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"confnotes/internal/account"
	"confnotes/internal/richtext"
	"confnotes/internal/schedule"
	"confnotes/models"
)

// Bounds of what a conference may be called, in characters, and of how long it is.
const (
	MaxName = 100
	MaxCity = 60
	MaxURL  = 500
	MaxDays = 31
)

// reserved is no conference's handle: at that address another is set up.
const reserved = "new"

// Fetcher gets what anybody may have put at an address.
type Fetcher interface {
	// File returns what stands at a URL, with its ETag and Last-Modified; body is nil if
	// it is still what etag and modified were sent with.
	File(ctx context.Context, url, etag, modified string) (body []byte, newETag, newModified string, err error)
}

// Service sets conferences up and imports their schedules.
type Service struct {
	store    *models.Store
	makeKeys account.KeyMaker
	fetcher  Fetcher
	log      *slog.Logger
	now      func() time.Time
}

// NewService makes a Service.
func NewService(store *models.Store, makeKeys account.KeyMaker, fetcher Fetcher, log *slog.Logger, now func() time.Time) *Service {
	return &Service{store, makeKeys, fetcher, log, now}
}

// New is a conference to be set up, as somebody typed it.
type New struct {
	Handle   string
	Name     string
	Zone     string // IANA name
	StartsOn string // 2006-01-02
	EndsOn   string // StartsOn if empty
	City     string
	URL      string
	Hashtag  string
	By       *models.Account // who will own it, nil: owners of the instance alone do; or who changes it

	// Announces is what followers are told, Coverage what posts from elsewhere meet; "":
	// as it is.
	Announces, Coverage string

	// Series is the handle of the series that every edition flows into, "" of none; nil: as
	// it is.
	Series *string
}

// Add sets a conference up: its actor, a Group with keys of its own, and who looks after
// it. It returns *models.InvalidError, also for a handle that is, or ever was, taken.
func (s *Service) Add(ctx context.Context, n New) (*models.Conference, error) {
	handle, err := account.CleanHandle(n.Handle)
	if err != nil {
		return nil, err
	}
	if handle == reserved {
		return nil, &models.InvalidError{Field: "handle", Reason: models.HandleTaken}
	}
	if err := n.clean(); err != nil {
		return nil, err
	}
	keys, err := s.makeKeys()
	if err != nil {
		return nil, err
	}
	series, seriesKey, err := s.series(ctx, n)
	if err != nil {
		return nil, err
	}
	now := s.now().UTC()
	c := &models.Conference{Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: now,
		Actor: &models.Actor{Kind: "Group", Handle: handle, Name: n.Name, Discoverable: true, CreatedAt: now}}
	n.describe(c)
	return c, s.store.InTx(ctx, func(tx *models.Store) error {
		if err := account.StoreActor(ctx, tx, c.Actor, keys); err != nil {
			return err
		}
		c.ActorID = c.Actor.ID
		if err := s.enter(ctx, tx, c, series, seriesKey, n.By); err != nil {
			return err
		}
		if err := tx.Conferences.Create(ctx, c); err != nil || n.By == nil {
			return err
		}
		return tx.Conferences.SetManager(ctx, c.ActorID, n.By.ID, models.ManagerOwner)
	})
}

// Change changes what a conference is called, when and where it is, and what its owner
// chooses; its handle stays. It returns *models.InvalidError, and models.ErrNotFound when
// somebody else chooses, of which nothing is stored.
func (s *Service) Change(ctx context.Context, c *models.Conference, n New) error {
	if err := n.clean(); err != nil {
		return err
	}
	series, keys, err := s.series(ctx, n)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		now, err := tx.Conferences.ByID(ctx, c.ID)
		if err != nil {
			return err
		}
		if err := n.mayChoose(ctx, tx, now); err != nil {
			return err
		}
		n.describe(now)
		if n.Series != nil {
			now.Actor.Name = n.Name
			if err := s.enter(ctx, tx, now, series, keys, n.By); err != nil {
				return err
			}
		}
		if err := tx.Actors.UpdateProfile(ctx, now.ActorID, n.Name, now.Actor.BioSource, now.Actor.BioHTML); err != nil {
			return err
		}
		return tx.Conferences.Save(ctx, now)
	})
}

// series is the handle of the series that was typed, with keys in case it is a new one:
// making one takes too long for a transaction.
func (s *Service) series(ctx context.Context, n New) (handle string, keys []*models.ActorKey, err error) {
	if n.Series == nil {
		return "", nil, nil
	}
	if handle, err = seriesHandle(*n.Series); err != nil || handle == "" {
		return "", nil, err
	}
	if _, err := s.store.Series.ByHandle(ctx, handle); !errors.Is(err, models.ErrNotFound) {
		return handle, nil, err
	}
	keys, err = s.makeKeys()
	return handle, keys, err
}

func (n *New) describe(c *models.Conference) {
	c.StartsOn, c.EndsOn, c.Zone, c.City, c.URL, c.Hashtag = n.StartsOn, n.EndsOn, n.Zone, n.City, n.URL, n.Hashtag
	c.Announces, c.Coverage = cmp.Or(n.Announces, c.Announces), cmp.Or(n.Coverage, c.Coverage)
}

// mayChoose returns models.ErrNotFound when what the owner alone may choose would change
// and somebody else changes it.
func (n *New) mayChoose(ctx context.Context, tx *models.Store, c *models.Conference) error {
	if cmp.Or(n.Announces, c.Announces) == c.Announces && cmp.Or(n.Coverage, c.Coverage) == c.Coverage && n.Series == nil {
		return nil
	}
	role, err := tx.Conferences.Role(ctx, n.By, c.ActorID)
	if err == nil && role != models.ManagerOwner {
		return models.ErrNotFound
	}
	return err
}

// clean brings what was typed into shape. It returns *models.InvalidError.
func (n *New) clean() error {
	n.Name, n.City = line(n.Name), line(n.City)
	n.Hashtag = strings.TrimPrefix(strings.TrimSpace(n.Hashtag), "#")
	n.URL, n.Zone = strings.TrimSpace(n.URL), strings.TrimSpace(n.Zone)
	switch {
	case n.Name == "":
		return &models.InvalidError{Field: "name", Reason: models.Required}
	case utf8.RuneCountInString(n.Name) > MaxName:
		return &models.InvalidError{Field: "name", Reason: models.TooLong, Limit: MaxName}
	case utf8.RuneCountInString(n.City) > MaxCity:
		return &models.InvalidError{Field: "city", Reason: models.TooLong, Limit: MaxCity}
	case n.URL != "" && !webAddress(n.URL, MaxURL):
		return &models.InvalidError{Field: "url", Reason: models.BadURL}
	case n.Hashtag != "" && !isHashtag(n.Hashtag):
		return &models.InvalidError{Field: "hashtag", Reason: models.BadTag}
	case n.Announces != "" && !slices.Contains(models.Announces(), n.Announces):
		return &models.InvalidError{Field: "announces", Reason: models.BadPolicy}
	case n.Coverage != "" && !slices.Contains(models.CoverageChoices(), n.Coverage):
		return &models.InvalidError{Field: "coverage", Reason: models.BadPolicy}
	}
	if _, err := Zone(n.Zone); err != nil {
		return err
	}
	return n.cleanDates()
}

func (n *New) cleanDates() error {
	if n.StartsOn = strings.TrimSpace(n.StartsOn); !isDate(n.StartsOn) {
		return &models.InvalidError{Field: "start", Reason: models.BadDate}
	}
	if n.EndsOn = strings.TrimSpace(n.EndsOn); n.EndsOn == "" {
		n.EndsOn = n.StartsOn
	}
	switch {
	case !isDate(n.EndsOn):
		return &models.InvalidError{Field: "end", Reason: models.BadDate}
	case n.EndsOn < n.StartsOn:
		return &models.InvalidError{Field: "end", Reason: models.BadDates}
	case tooLong(n.StartsOn, n.EndsOn):
		return &models.InvalidError{Field: "end", Reason: models.TooManyDays, Limit: MaxDays}
	}
	return nil
}

// Zone returns a time zone by its IANA name, or *models.InvalidError.
func Zone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		return nil, &models.InvalidError{Field: "zone", Reason: models.BadZone}
	}
	return zone, nil
}

func isDate(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1990 && t.Year() <= 2200
}

// tooLong says whether a conference from one date to another has more than MaxDays.
func tooLong(from, until string) bool {
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, until)
	return err1 != nil || err2 != nil || last.Sub(first) >= MaxDays*24*time.Hour
}

// isHashtag says whether a text would be read as one hashtag.
func isHashtag(tag string) bool {
	found := richtext.Scan("#" + tag).Hashtags
	return len(found) == 1 && found[0] == tag
}

func webAddress(raw string, most int) bool {
	u, err := url.Parse(raw)
	return err == nil && len(raw) <= most && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(raw, unicode.IsSpace)
}

// line is a text in one line, without what no reader sees.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Suggest is what a schedule says about its conference, for somebody to complete.
func Suggest(from *schedule.Schedule) New {
	n := New{Name: line(from.Title), Zone: from.Zone, StartsOn: from.Start, EndsOn: from.End, Handle: suggestHandle(from.Title)}
	if webAddress(from.URL, MaxURL) {
		n.URL = from.URL
	}
	if tag := suggestHashtag(n.Name); isHashtag(tag) {
		n.Hashtag = tag
	}
	return n
}
