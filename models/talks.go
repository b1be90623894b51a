package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of a talk.
const (
	TalkScheduled = "scheduled"
	TalkCancelled = "cancelled"
	TalkRemoved   = "removed" // vanished from the schedule; its notes stay
)

// Talk is an entry of a conference's programme: breaks are entries, too, by their kind.
type Talk struct {
	ID           int64
	PublicID     string // part of its IRI
	ConferenceID int64
	Slug         string
	Title        string
	RawTitle     string // as the schedule has it
	Subtitle     string
	Kind         string // schedule.Kind
	RawType      string
	StartsAt     time.Time
	EndsAt       time.Time
	Day          string // of the conference, 2006-01-02
	Room         string
	Track        string
	Language     string // BCP 47, comma separated
	Abstract     string // Markdown
	Description  string
	HTML         string `gorm:"column:html"` // of both, rendered
	URL          string
	State        string
	DoNotRecord  bool
	DoNotStream  bool
	CreatedAt    time.Time
	ChangedAt    time.Time
	Speakers     []Appearance `gorm:"-"` // as loaded, in order
}

// Schemes of what a re-import finds a talk by, in the order in which they weigh.
var ExternalSchemes = []string{"guid", "code", "uid", "id", "url"}

// ExternalID is how a schedule names a talk.
type ExternalID struct {
	ConferenceID int64  `gorm:"primaryKey;autoIncrement:false"`
	Scheme       string `gorm:"primaryKey"`
	Value        string `gorm:"primaryKey"`
	TalkID       int64
}

// TableName is talk_external_ids.
func (ExternalID) TableName() string { return "talk_external_ids" }

// Person is somebody who speaks at a conference.
type Person struct {
	ID           int64
	ConferenceID int64
	Slug         string
	Name         string
	NameLC       string `gorm:"column:name_lc"`
	ScheduleName string // what the schedule calls them, where their name was put right; else ""
	GUID         string `gorm:"column:guid"`
	URL          string
	Acct         string // user@host in lower case, where they can be mentioned
	ActorID      *int64 // who that turned out to be; nil: it wasn't looked up yet
	OptedOut     bool   // of being mentioned
	DoNotName    bool
}

// TableName is people.
func (Person) TableName() string { return "people" }

// Appearance is a person at a talk, as given there.
type Appearance struct {
	TalkID      int64 `gorm:"primaryKey;autoIncrement:false"`
	Position    int   `gorm:"primaryKey;autoIncrement:false"`
	PersonID    int64
	Role        string
	Affiliation string
	Moderator   bool
	Person      *Person `gorm:"-"`
}

// Resource is what belongs to a talk: slides, a recording, code.
type Resource struct {
	ID        int64
	TalkID    int64
	Type      string // schedule.LinkType
	URL       string
	Title     string
	AccountID *int64 // who added it; nil: the schedule
	PersonID  *int64 // the speaker from whose reply it was taken; nil: nobody's
	CreatedAt time.Time
}

// Talks queries programmes.
type Talks struct{ db *gorm.DB }

// Create stores a talk and what it is found by. It returns ErrConflict for a slug or an
// external id that another talk of the conference has.
func (q Talks) Create(ctx context.Context, t *Talk, ids []ExternalID) error {
	if err := q.db.WithContext(ctx).Create(t).Error; err != nil {
		return translate(err)
	}
	return q.SetExternalIDs(ctx, t, ids)
}

// Save updates every column of a talk.
func (q Talks) Save(ctx context.Context, t *Talk) error {
	return changed(q.db.WithContext(ctx).Select("*").Where("id = ?", t.ID).Updates(t))
}

// SetExternalIDs replaces what a talk is found by.
func (q Talks) SetExternalIDs(ctx context.Context, t *Talk, ids []ExternalID) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("talk_id = ?", t.ID).Delete(&ExternalID{}).Error; err != nil || len(ids) == 0 {
		return translate(err)
	}
	for i := range ids {
		ids[i].TalkID, ids[i].ConferenceID = t.ID, t.ConferenceID
	}
	return translate(db.Create(&ids).Error)
}

// ExternalIDs returns what the talks of a conference are found by.
func (q Talks) ExternalIDs(ctx context.Context, conferenceID int64) ([]ExternalID, error) {
	var rows []ExternalID
	err := q.db.WithContext(ctx).Where("conference_id = ?", conferenceID).Find(&rows).Error
	return rows, translate(err)
}

// BySlug returns a conference's talk by the end of its page's address.
func (q Talks) BySlug(ctx context.Context, conferenceID int64, slug string) (*Talk, error) {
	return q.one(ctx, q.db.Where("conference_id = ? AND slug = ?", conferenceID, slug))
}

// ByPublicID returns a talk by its part of the IRI.
func (q Talks) ByPublicID(ctx context.Context, publicID string) (*Talk, error) {
	return q.one(ctx, q.db.Where("public_id = ?", publicID))
}

// ByID returns a talk.
func (q Talks) ByID(ctx context.Context, id int64) (*Talk, error) {
	return q.one(ctx, q.db.Where("id = ?", id))
}

func (q Talks) one(ctx context.Context, db *gorm.DB) (*Talk, error) {
	t, err := one[Talk](db.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	return t, q.load(ctx, []*Talk{t})
}

// ByIDs returns talks by id, with their speakers.
func (q Talks) ByIDs(ctx context.Context, ids []int64) (map[int64]*Talk, error) {
	found := make(map[int64]*Talk, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := q.list(ctx, q.db.Where("id IN ?", ids))
	for _, t := range rows {
		found[t.ID] = t
	}
	return found, err
}

// Programme returns a conference's talks with their speakers, by day and start; of one
// day, or with "" of all. Removed ones are left out unless asked for.
func (q Talks) Programme(ctx context.Context, conferenceID int64, day string, removed bool) ([]*Talk, error) {
	db := q.db.Where("conference_id = ?", conferenceID)
	if day != "" {
		db = db.Where("day = ?", day)
	}
	if !removed {
		db = db.Where("state <> ?", TalkRemoved)
	}
	return q.list(ctx, db.Order("day, starts_at, room, id"))
}

// Around returns the talks that run or begin between two times, by start.
func (q Talks) Around(ctx context.Context, conferenceID int64, from, until time.Time) ([]*Talk, error) {
	return q.list(ctx, q.db.Where("conference_id = ? AND starts_at < ? AND ends_at > ? AND state = ?", conferenceID, until.UTC(), from.UTC(), TalkScheduled).
		Order("starts_at, room, id"))
}

func (q Talks) list(ctx context.Context, db *gorm.DB) ([]*Talk, error) {
	var rows []*Talk
	if err := db.WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	return rows, q.load(ctx, rows)
}

// load reads who speaks, in two queries however many talks there are.
func (q Talks) load(ctx context.Context, talks []*Talk) error {
	if len(talks) == 0 {
		return nil
	}
	byID := make(map[int64]*Talk, len(talks))
	ids := make([]int64, len(talks))
	for i, t := range talks {
		byID[t.ID], ids[i] = t, t.ID
	}
	var rows []Appearance
	if err := q.db.WithContext(ctx).Where("talk_id IN ?", ids).Order("talk_id, position").Find(&rows).Error; err != nil || len(rows) == 0 {
		return translate(err)
	}
	var personIDs []int64
	for _, a := range rows {
		personIDs = append(personIDs, a.PersonID)
	}
	slices.Sort(personIDs)
	personIDs = slices.Compact(personIDs)
	people, err := People(q).ByIDs(ctx, personIDs)
	if err != nil {
		return err
	}
	for _, a := range rows {
		a.Person = people[a.PersonID]
		byID[a.TalkID].Speakers = append(byID[a.TalkID].Speakers, a)
	}
	return nil
}

// SetSpeakers replaces who speaks at a talk, in order.
func (q Talks) SetSpeakers(ctx context.Context, talkID int64, speakers []Appearance) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("talk_id = ?", talkID).Delete(&Appearance{}).Error; err != nil || len(speakers) == 0 {
		return translate(err)
	}
	for i := range speakers {
		speakers[i].TalkID, speakers[i].Position = talkID, i
	}
	return translate(db.Create(&speakers).Error)
}

// AddResource adds what belongs to a talk; one with the same URL stays as it is.
func (q Talks) AddResource(ctx context.Context, r *Resource) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(r).Error)
}

// RemoveResource takes a resource from its talk.
func (q Talks) RemoveResource(ctx context.Context, talkID, id int64) error {
	return changed(q.db.WithContext(ctx).Where("talk_id = ? AND id = ?", talkID, id).Delete(&Resource{}))
}

// Resources returns what belongs to talks, by talk, the first added first.
func (q Talks) Resources(ctx context.Context, talkIDs ...int64) (map[int64][]Resource, error) {
	var rows []Resource
	err := q.db.WithContext(ctx).Where("talk_id IN ?", talkIDs).Order("talk_id, id").Find(&rows).Error
	byTalk := make(map[int64][]Resource, len(talkIDs))
	for _, r := range rows {
		byTalk[r.TalkID] = append(byTalk[r.TalkID], r)
	}
	return byTalk, translate(err)
}

// correction is a field of a talk that somebody put right by hand.
type correction struct {
	TalkID    int64  `gorm:"primaryKey;autoIncrement:false"`
	Field     string `gorm:"primaryKey"`
	AccountID *int64
	At        time.Time
}

// Correct records that somebody put fields of a talk right by hand.
func (q Talks) Correct(ctx context.Context, talkID int64, fields []string, accountID *int64, now time.Time) error {
	if len(fields) == 0 {
		return nil
	}
	rows := make([]correction, len(fields))
	for i, f := range fields {
		rows[i] = correction{talkID, f, accountID, now.UTC()}
	}
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error)
}

// Uncorrect forgets that anything of a talk was put right by hand.
func (q Talks) Uncorrect(ctx context.Context, talkID int64) error {
	return translate(q.db.WithContext(ctx).Where("talk_id = ?", talkID).Delete(&correction{}).Error)
}

// Corrections returns which fields of a talk were put right by hand, by name.
func (q Talks) Corrections(ctx context.Context, talkID int64) (fields []string, err error) {
	err = q.db.WithContext(ctx).Model(&correction{}).Where("talk_id = ?", talkID).Order("field").Pluck("field", &fields).Error
	return fields, translate(err)
}

// InSchedule says whether a talk came from a schedule, which finds it again.
func (q Talks) InSchedule(ctx context.Context, talkID int64) (bool, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&ExternalID{}).Where("talk_id = ?", talkID).Count(&n).Error
	return n > 0, translate(err)
}

// Corrected returns which fields of a conference's talks were put right by hand, by talk.
func (q Talks) Corrected(ctx context.Context, conferenceID int64) (map[int64]map[string]bool, error) {
	var rows []struct {
		TalkID int64
		Field  string
	}
	err := q.db.WithContext(ctx).Table("corrections").Joins("JOIN talks ON talks.id = corrections.talk_id").
		Where("talks.conference_id = ?", conferenceID).Select("corrections.talk_id, corrections.field").Scan(&rows).Error
	byTalk := map[int64]map[string]bool{}
	for _, r := range rows {
		if byTalk[r.TalkID] == nil {
			byTalk[r.TalkID] = map[string]bool{}
		}
		byTalk[r.TalkID][r.Field] = true
	}
	return byTalk, translate(err)
}
