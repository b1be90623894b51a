package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Types of a reaction, as ActivityStreams names them.
const (
	ReactionLike     = "Like"
	ReactionAnnounce = "Announce"
)

// Reaction is one actor's like or boost of a post.
type Reaction struct {
	ID        int64
	Type      string
	ActorID   int64
	PostID    int64
	CreatedAt time.Time
}

type reactionURI struct {
	URI        string `gorm:"primaryKey"`
	ReactionID int64
}

// Reactions queries likes and boosts.
type Reactions struct{ db *gorm.DB }

// Put stores a reaction under the id of its activity; a second one by the same
// actor adds its id to the first.
func (q Reactions) Put(ctx context.Context, r *Reaction, uri string) error {
	db := q.db.WithContext(ctx)
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(r).Error; err != nil {
		return translate(err)
	}
	stored, err := one[Reaction](db.Where("post_id = ? AND type = ? AND actor_id = ?", r.PostID, r.Type, r.ActorID))
	if err != nil {
		return err
	}
	*r = *stored
	if uri == "" {
		return nil
	}
	return translate(db.Clauses(clause.OnConflict{DoNothing: true}).Create(&reactionURI{uri, r.ID}).Error)
}

// ByURI returns the actor's reaction that an activity of this id made.
func (q Reactions) ByURI(ctx context.Context, actorID int64, typ, uri string) (*Reaction, error) {
	return one[Reaction](q.db.WithContext(ctx).
		Where("id = (SELECT reaction_id FROM reaction_uris WHERE uri = ?) AND actor_id = ? AND type = ?", uri, actorID, typ))
}

// Mine returns which of the posts an actor likes and boosts, by type and post alone.
func (q Reactions) Mine(ctx context.Context, actorID int64, postIDs ...int64) (map[Reaction]bool, error) {
	var rows []Reaction
	err := q.db.WithContext(ctx).Select("type", "post_id").Where("post_id IN ? AND actor_id = ?", postIDs, actorID).Find(&rows).Error
	mine := make(map[Reaction]bool, len(rows))
	for _, r := range rows {
		mine[Reaction{Type: r.Type, PostID: r.PostID}] = true
	}
	return mine, translate(err)
}

// Remove takes back an actor's reaction to a post.
func (q Reactions) Remove(ctx context.Context, actorID int64, typ string, postID int64) error {
	return q.remove(ctx, "post_id = ? AND type = ? AND actor_id = ?", postID, typ, actorID)
}

// RemoveActor takes back everything an actor liked or boosted.
func (q Reactions) RemoveActor(ctx context.Context, actorID int64) error {
	return q.remove(ctx, "actor_id = ?", actorID)
}

// RemoveBlocked takes back the likes and boosts of who is blocked: with rootActor, those
// of their posts, with 0 all.
func (q Reactions) RemoveBlocked(ctx context.Context, b *Block, rootActor int64) error {
	args := underDomain(b.Domain)
	args["actor"], args["root"] = b.ActorID, rootActor
	who := "actor_id = @actor"
	if b.ActorID == 0 {
		who = "actor_id IN (SELECT id FROM actors WHERE " + fromDomain + ")"
	}
	if rootActor != 0 {
		who += " AND post_id IN (SELECT id FROM posts WHERE actor_id = @root)"
	}
	return q.remove(ctx, who, args)
}

func (q Reactions) remove(ctx context.Context, where string, args ...any) error {
	db := q.db.WithContext(ctx)
	err := db.Where("reaction_id IN (?)", db.Model(&Reaction{}).Select("id").Where(where, args...)).Delete(&reactionURI{}).Error
	if err != nil {
		return translate(err)
	}
	return translate(db.Where(where, args...).Delete(&Reaction{}).Error)
}

// byGroup says whether a reaction is a conference's, or a series', telling of a post. That
// is no reader's boost: it counts for nobody.
const byGroup = "EXISTS (SELECT 1 FROM actors WHERE actors.id = reactions.actor_id AND actors.local AND actors.kind = 'Group')"

// ByGroups returns which of our groups announce a post.
func (q Reactions) ByGroups(ctx context.Context, postID int64) ([]*Reaction, error) {
	var rows []*Reaction
	err := q.db.WithContext(ctx).Where("post_id = ? AND type = 'Announce' AND "+byGroup, postID).Order("id").Find(&rows).Error
	return rows, translate(err)
}

// OfGroup returns which of some posts a group announces.
func (q Reactions) OfGroup(ctx context.Context, groupID int64, postIDs []int64) ([]*Reaction, error) {
	var rows []*Reaction
	err := q.db.WithContext(ctx).Where("post_id IN ? AND type = 'Announce' AND actor_id = ?", postIDs, groupID).Order("id").Find(&rows).Error
	return rows, translate(err)
}

// ByGroupsOf returns which of our groups announce what a block names wrote.
func (q Reactions) ByGroupsOf(ctx context.Context, b *Block) ([]*Reaction, error) {
	db := q.db.WithContext(ctx).Where("type = 'Announce' AND " + byGroup)
	if b.ActorID != 0 {
		db = db.Where("post_id IN (SELECT id FROM posts WHERE actor_id = ?)", b.ActorID)
	} else {
		db = db.Where("post_id IN (SELECT id FROM posts WHERE actor_id IN (SELECT id FROM actors WHERE "+fromDomain+"))", underDomain(b.Domain))
	}
	var rows []*Reaction
	err := db.Order("id").Find(&rows).Error
	return rows, translate(err)
}

// URIs returns the ids of the activities that made a reaction.
func (q Reactions) URIs(ctx context.Context, reactionID int64) ([]string, error) {
	var uris []string
	err := q.db.WithContext(ctx).Model(&reactionURI{}).Where("reaction_id = ?", reactionID).Pluck("uri", &uris).Error
	return uris, translate(err)
}

// Newest returns who last liked and who last boosted a post, at most limit of each, the
// last one first: types and actors alone.
func (q Reactions) Newest(ctx context.Context, postID int64, limit int) ([]Reaction, error) {
	var rows []Reaction
	err := q.db.WithContext(ctx).Raw(`SELECT type, actor_id FROM (
		SELECT id, type, actor_id, ROW_NUMBER() OVER (PARTITION BY type ORDER BY id DESC) AS place FROM reactions WHERE post_id = ? AND NOT `+byGroup+`)
		WHERE place <= ? ORDER BY id DESC`, postID, limit).Scan(&rows).Error
	return rows, translate(err)
}

// Counts are the figures under an article. What our own groups announce isn't in them.
type Counts struct{ Likes, Announces, Replies int64 }

// CountsOf returns how many liked and boosted a post, and how many public replies
// stand under it.
func (q Reactions) CountsOf(ctx context.Context, postID int64) (Counts, error) {
	var c Counts
	var rows []struct {
		Type string
		N    int64
	}
	db := q.db.WithContext(ctx)
	if err := db.Model(&Reaction{}).Select("type, COUNT(*) AS n").Where("post_id = ? AND NOT "+byGroup, postID).Group("type").Scan(&rows).Error; err != nil {
		return c, translate(err)
	}
	for _, r := range rows {
		switch r.Type {
		case ReactionLike:
			c.Likes = r.N
		case ReactionAnnounce:
			c.Announces = r.N
		}
	}
	err := readable(db.Model(&Post{})).Where("posts.root_id = ? AND posts.kind = ?", postID, KindReply).Count(&c.Replies).Error
	return c, translate(err)
}
