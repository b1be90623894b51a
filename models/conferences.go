package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// What a conference's followers are told of.
const (
	AnnounceEverything = "everything"
	AnnounceRecaps     = "recaps"
	AnnounceDigest     = "digest" // one article an evening
)

// What a stranger's post that mentions a conference meets.
const (
	CoverageHeld = "held" // waits for a yes
	CoverageOpen = "open"
)

// Conference is an event with a programme. Its actor, a Group, has its handle and name.
type Conference struct {
	ID        int64
	ActorID   int64
	Actor     *Actor `gorm:"-"`
	SeriesID  *int64
	StartsOn  string // 2006-01-02, in its zone
	EndsOn    string
	Zone      string // IANA name
	City      string
	URL       string
	Hashtag   string // without "#"
	Announces string
	Coverage  string
	CreatedAt time.Time
}

// Location is the zone that the conference lives in; UTC for one that this program
// doesn't know, which nothing that checks its input stores.
func (c *Conference) Location() *time.Location {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Days are the dates from the first to the last day, at most 31.
func (c *Conference) Days() (days []string) {
	first, err := time.Parse(time.DateOnly, c.StartsOn)
	if err != nil {
		return nil
	}
	for n := range 31 {
		day := first.AddDate(0, 0, n).Format(time.DateOnly)
		if day > c.EndsOn {
			break
		}
		days = append(days, day)
	}
	return days
}

// Conferences queries conferences and who looks after them.
type Conferences struct{ db *gorm.DB }

// Create stores a conference, whose actor is stored already.
func (q Conferences) Create(ctx context.Context, c *Conference) error {
	return translate(q.db.WithContext(ctx).Create(c).Error)
}

// Announces are what a conference's owner can choose to have its followers told.
func Announces() []string { return []string{AnnounceEverything, AnnounceRecaps, AnnounceDigest} }

// CoverageChoices are what a conference's owner can choose for coverage to meet.
func CoverageChoices() []string { return []string{CoverageHeld, CoverageOpen} }

// Save updates every column of a conference.
func (q Conferences) Save(ctx context.Context, c *Conference) error {
	return changed(q.db.WithContext(ctx).Select("*").Where("id = ?", c.ID).Updates(c))
}

// ByHandle returns a conference by its actor's handle, in any case of letters.
func (q Conferences) ByHandle(ctx context.Context, handle string) (*Conference, error) {
	actor, err := Actors(q).LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	return q.with(ctx, actor)
}

// ByID returns a conference.
func (q Conferences) ByID(ctx context.Context, id int64) (*Conference, error) {
	c, err := one[Conference](q.db.WithContext(ctx).Where("id = ?", id))
	if err != nil {
		return nil, err
	}
	c.Actor, err = Actors(q).ByID(ctx, c.ActorID)
	return c, err
}

func (q Conferences) with(ctx context.Context, actor *Actor) (*Conference, error) {
	c, err := one[Conference](q.db.WithContext(ctx).Where("actor_id = ?", actor.ID))
	if err != nil {
		return nil, err
	}
	c.Actor = actor
	return c, nil
}

// ByIDs returns conferences by id, with their actors.
func (q Conferences) ByIDs(ctx context.Context, ids []int64) (map[int64]*Conference, error) {
	found := make(map[int64]*Conference, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []*Conference
	if err := q.db.WithContext(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	for _, c := range rows {
		found[c.ID] = c
	}
	return found, q.load(ctx, rows)
}

// List returns at most limit conferences, the last to begin first.
func (q Conferences) List(ctx context.Context, limit int) ([]*Conference, error) {
	var rows []*Conference
	if err := q.db.WithContext(ctx).Order("starts_on DESC, id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	return rows, q.load(ctx, rows)
}

// load reads the actors of conferences.
func (q Conferences) load(ctx context.Context, rows []*Conference) error {
	ids := make([]int64, len(rows))
	for i, c := range rows {
		ids[i] = c.ActorID
	}
	actors, err := Actors(q).ByIDs(ctx, ids)
	for _, c := range rows {
		c.Actor = actors[c.ActorID]
	}
	return err
}

// Roles of who looks after a conference. Its owner also says who else does, and what its
// followers are told.
const (
	ManagerOwner  = "owner"
	ManagerEditor = "editor"
)

type actorManager struct {
	AccountID int64 `gorm:"primaryKey;autoIncrement:false"`
	ActorID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Role      string
}

// SetManager has an account look after a conference's or a series' actor, in a role, or
// with "" no longer.
func (q Conferences) SetManager(ctx context.Context, actorID, accountID int64, role string) error {
	db := q.db.WithContext(ctx)
	if role == "" {
		return translate(db.Where("actor_id = ? AND account_id = ?", actorID, accountID).Delete(&actorManager{}).Error)
	}
	return translate(db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&actorManager{accountID, actorID, role}).Error)
}

// Manager is an account that looks after a conference or a series.
type Manager struct {
	Handle, Name, Role string
}

// Managers returns who looks after an actor, owners first.
func (q Conferences) Managers(ctx context.Context, actorID int64) ([]Manager, error) {
	var rows []Manager
	err := q.db.WithContext(ctx).Table("actor_managers").Joins("JOIN accounts ON accounts.id = actor_managers.account_id AND accounts.state = ?", StateActive).
		Joins("JOIN actors ON actors.id = accounts.actor_id").Where("actor_managers.actor_id = ?", actorID).
		Select("actors.handle, actors.name, actor_managers.role").Order("actor_managers.role DESC, actors.handle_lc").Scan(&rows).Error
	return rows, translate(err)
}

// OwnsAny says whether an account owns one of some conferences or series.
func (q Conferences) OwnsAny(ctx context.Context, a *Account, actorIDs []int64) (bool, error) {
	if a.Role == RoleOwner {
		return true, nil
	}
	var n int64
	err := q.db.WithContext(ctx).Model(&actorManager{}).Where("account_id = ? AND actor_id IN ? AND role = ?", a.ID, actorIDs, ManagerOwner).Count(&n).Error
	return n > 0, translate(err)
}

// Role returns what an account may do with an actor: ManagerOwner, ManagerEditor or "".
// Owners of the instance own every conference, its editors edit every one.
func (q Conferences) Role(ctx context.Context, a *Account, actorID int64) (string, error) {
	if a == nil {
		return "", nil
	}
	if a.Role == RoleOwner {
		return ManagerOwner, nil
	}
	var roles []string
	err := q.db.WithContext(ctx).Model(&actorManager{}).Where("actor_id = ? AND account_id = ?", actorID, a.ID).Pluck("role", &roles).Error
	if a.Role == RoleEditor {
		roles = append(roles, ManagerEditor)
	}
	switch {
	case slices.Contains(roles, ManagerOwner):
		return ManagerOwner, translate(err)
	case len(roles) > 0:
		return roles[0], translate(err)
	}
	return "", translate(err)
}
