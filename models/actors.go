package models

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// States of an actor or an account.
const (
	StateActive  = "active"
	StateDeleted = "deleted"
)

// Actor is somebody who can be named in federation: a person here or elsewhere,
// the instance itself, later a conference. Domain is empty for ours.
type Actor struct {
	ID           int64
	URI          *string // nil for ours: activitypub derives it from the handle
	Local        bool
	Kind         string // Person, Application, Group, Organization, Service
	Handle       string // as its owner writes it
	HandleLC     string
	Domain       string // in the handle
	Host         string // of the URI, without a port; SaveRemote sets it
	Name         string
	BioSource    string
	BioHTML      string
	URL          string
	PictureID    *int64 // of the face, of ours
	Inbox        string
	SharedInbox  string
	FollowersURI string
	Discoverable bool
	Locked       bool // approves followers by hand; of ours
	HidesNetwork bool // doesn't say who follows, nor how many; of ours
	MovedToID    *int64
	MovedAt      *time.Time // the last time
	// MovedFollowers is how many one of ours had then.
	MovedFollowers int64
	State          string
	Raw            []byte // the remote document it was read from
	RenderVersion  int
	CreatedAt      time.Time
	JoinedAt       *time.Time // when a remote account says it was made
	FetchedAt      *time.Time
}

// SetPicture gives one of ours a face, or with nil takes it away.
func (q Actors) SetPicture(ctx context.Context, actorID int64, pictureID *int64) error {
	return translate(q.db.WithContext(ctx).Model(&Actor{}).Where("id = ? AND local", actorID).Update("picture_id", pictureID).Error)
}

// SetFollowing decides how one of ours is followed.
func (q Actors) SetFollowing(ctx context.Context, actorID int64, locked, hidesNetwork bool) error {
	return changed(q.db.WithContext(ctx).Model(&Actor{}).Where("id = ? AND local", actorID).Updates(map[string]any{"locked": locked, "hides_network": hidesNetwork}))
}

// ActorChanged is one of ours whose profile changed since other servers were told.
type ActorChanged struct {
	ActorID int64 `gorm:"primaryKey;autoIncrement:false"`
	Changes int   // so far
}

// TableName is actors_changed.
func (ActorChanged) TableName() string { return "actors_changed" }

// Changed returns whose profiles other servers are to be told of, by id, after one of them.
func (q Actors) Changed(ctx context.Context, after int64, limit int) ([]ActorChanged, error) {
	var rows []ActorChanged
	err := q.db.WithContext(ctx).Where("actor_id > ?", after).Order("actor_id").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// Told ends that others are to be told, unless the profile changed again meanwhile.
func (q Actors) Told(ctx context.Context, c ActorChanged) error {
	return translate(q.db.WithContext(ctx).Where("actor_id = ? AND changes = ?", c.ActorID, c.Changes).Delete(&ActorChanged{}).Error)
}

// DisplayName is the name, or the handle where none was given.
func (a *Actor) DisplayName() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Handle
}

// DeliveryInbox is where public things are sent: the shared inbox where there is one.
func (a *Actor) DeliveryInbox() string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

// deliveryInbox is DeliveryInbox in SQL.
const deliveryInbox = "CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END"

type handle struct {
	HandleLC  string `gorm:"primaryKey"`
	ActorID   int64
	RetiredAt *time.Time
}

// Actors queries actors, their keys and the namespace of handles.
type Actors struct{ db *gorm.DB }

// CreateLocal takes the handle and stores the actor with its keys. It returns
// ErrConflict when the handle is, or ever was, somebody's.
func (q Actors) CreateLocal(ctx context.Context, a *Actor, keys ...*ActorKey) error {
	a.Local, a.HandleLC, a.State = true, strings.ToLower(a.Handle), StateActive
	db := q.db.WithContext(ctx)
	if err := db.Create(a).Error; err != nil {
		return translate(err)
	}
	if err := db.Create(&handle{HandleLC: a.HandleLC, ActorID: a.ID}).Error; err != nil {
		return translate(err)
	}
	return q.addKeys(ctx, a.ID, keys)
}

// Known says whether a remote actor is no stranger here: it follows one of ours, one of
// ours follows it, or a reply of its under an article of ours, other than the one with the
// id except, has been shown.
func (q Actors) Known(ctx context.Context, actorID, except int64) (bool, error) {
	var known bool
	err := q.db.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM follows WHERE follower_id = ? AND state = 'accepted') OR EXISTS (SELECT 1 FROM follows WHERE target_id = ? AND state = 'accepted')
		OR EXISTS (SELECT 1 FROM posts WHERE actor_id = ? AND moderation = 'shown' AND kind = 'reply' AND state = 'published' AND id <> ?
			AND EXISTS (SELECT 1 FROM posts root WHERE root.id = posts.root_id AND root.local))`,
		actorID, actorID, actorID, except).Scan(&known).Error
	return known, translate(err)
}

// SaveRemote stores a remote actor by its URI, over what was known of it, and
// sets a.ID. A deleted actor stays deleted.
func (q Actors) SaveRemote(ctx context.Context, a *Actor) error {
	a.Local, a.HandleLC, a.State, a.Host = false, strings.ToLower(a.Handle), StateActive, hostOf(*a.URI)
	err := q.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:     []clause.Column{{Name: "uri"}},
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "uri IS NOT NULL"}}},
		DoUpdates: clause.AssignmentColumns([]string{"kind", "handle", "handle_lc", "domain", "host", "name", "bio_html", "url",
			"inbox", "shared_inbox", "followers_uri", "discoverable", "joined_at", "raw", "render_version", "fetched_at"}),
	}).Create(a).Error
	if err != nil {
		return translate(err)
	}
	saved, err := q.ByURI(ctx, *a.URI)
	if err != nil {
		return err
	}
	*a = *saved
	return nil
}

// ByID returns an actor, deleted ones too.
func (q Actors) ByID(ctx context.Context, id int64) (*Actor, error) {
	return one[Actor](q.db.WithContext(ctx).Where("id = ?", id))
}

// ByIDs returns the actors with these ids, by id.
func (q Actors) ByIDs(ctx context.Context, ids []int64) (map[int64]*Actor, error) {
	byID := make(map[int64]*Actor, len(ids))
	for some := range slices.Chunk(ids, maxVariables) {
		var rows []*Actor
		if err := q.db.WithContext(ctx).Omit("Raw").Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, translate(err)
		}
		for _, a := range rows {
			byID[a.ID] = a
		}
	}
	return byID, nil
}

// ByURI returns a remote actor, deleted ones too.
func (q Actors) ByURI(ctx context.Context, uri string) (*Actor, error) {
	return one[Actor](q.db.WithContext(ctx).Where("uri = ?", uri))
}

// LocalByHandle returns one of ours, compared lowercase, deleted ones too.
func (q Actors) LocalByHandle(ctx context.Context, handle string) (*Actor, error) {
	return one[Actor](q.db.WithContext(ctx).Where("handle_lc = ? AND local", strings.ToLower(handle)))
}

// RemoteByHandle returns the remote actor last seen under user@domain.
func (q Actors) RemoteByHandle(ctx context.Context, user, domain string) (*Actor, error) {
	return one[Actor](q.db.WithContext(ctx).
		Where("handle_lc = ? AND domain = ? AND NOT local AND state = ?", strings.ToLower(user), strings.ToLower(domain), StateActive).
		Order("fetched_at DESC"))
}

// UpdateProfile changes how a local actor presents itself.
func (q Actors) UpdateProfile(ctx context.Context, id int64, name, bioSource, bioHTML string) error {
	return changed(q.db.WithContext(ctx).Model(&Actor{}).Where("id = ? AND local", id).
		Updates(map[string]any{"name": name, "bio_source": bioSource, "bio_html": bioHTML}))
}

// MarkDeleted keeps the actor's row as the record of its end and empties the rest.
// A local handle is retired for ever.
func (q Actors) MarkDeleted(ctx context.Context, id int64, now time.Time) error {
	db := q.db.WithContext(ctx)
	err := changed(db.Model(&Actor{}).Where("id = ?", id).
		Updates(map[string]any{"state": StateDeleted, "name": "", "bio_source": "", "bio_html": "", "raw": nil, "moved_to_id": nil}))
	if err == nil {
		err = translate(db.Where("actor_id = ?", id).Delete(&actorAlias{}).Error)
	}
	if err != nil {
		return err
	}
	return translate(db.Model(&handle{}).Where("actor_id = ?", id).Update("retired_at", now.UTC()).Error)
}
