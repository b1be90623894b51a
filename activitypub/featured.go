package activitypub

import (
	"context"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// MaxFeatured is how many articles somebody can put first.
const MaxFeatured = 5

// Feature puts an article first on its author's profile, or with on false ends that, and
// tells the followers' servers. Asked again it changes nothing. It returns
// models.ErrNotFound for what isn't the account's own or not public, and
// *models.InvalidError for one too many.
func (o *Outbox) Feature(ctx context.Context, by *models.Account, postID int64, on bool) error {
	now := o.now().UTC()
	err := o.store.InTx(ctx, func(tx *models.Store) error {
		post, err := tx.Posts.ByID(ctx, postID)
		if err != nil {
			return err
		}
		if post.AccountID == nil || *post.AccountID != by.ID || post.Kind != models.KindArticle {
			return models.ErrNotFound
		}
		if !on {
			return o.unfeature(ctx, tx, by.Actor, post, now)
		}
		if post.Visibility != models.VisibilityPublic || !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
			return models.ErrNotFound
		}
		return o.feature(ctx, tx, by.Actor, post, now)
	})
	if err == nil {
		o.wake()
	}
	return err
}

func (o *Outbox) feature(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, now time.Time) error {
	first, err := tx.Profiles.Featured(ctx, author.ID)
	if err != nil {
		return err
	}
	for _, p := range first {
		if p.ID == post.ID {
			return nil
		}
	}
	if len(first) >= MaxFeatured {
		return &models.InvalidError{Field: "post", Reason: models.TooMany, Limit: MaxFeatured}
	}
	// One that was hidden for a while kept its place and didn't count.
	if _, err := tx.Profiles.Unfeature(ctx, post.ID); err != nil {
		return err
	}
	if err := tx.Profiles.Feature(ctx, post, now); err != nil {
		return err
	}
	return o.tellFeatured(ctx, tx, "Add", author, post, now)
}

// unfeature ends that an article stands first, where it does.
func (o *Outbox) unfeature(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, now time.Time) error {
	stood, err := tx.Profiles.Unfeature(ctx, post.ID)
	if err != nil || !stood {
		return err
	}
	return o.tellFeatured(ctx, tx, "Remove", author, post, now)
}

// tellFeatured records an Add to, or a Remove from, an actor's `featured`. Mastodon reads
// the object's id and the target (mastodon.md 4). It keeps its place behind the Create.
func (o *Outbox) tellFeatured(ctx context.Context, tx *models.Store, typ string, author *models.Actor, post *models.Post, now time.Time) error {
	inboxes, err := tx.Follows.Inboxes(ctx, author.ID)
	if err != nil {
		return err
	}
	iri, h := o.iris.Post(post), author.HandleLC
	_, err = o.record(ctx, tx, act{typ: typ, actor: author, object: iri, objectIRI: iri, target: o.iris.Featured(h), to: []string{vocab.Public},
		cc: []string{o.iris.Followers(h)}, visibility: models.VisibilityPublic, inboxes: inboxes}, now)
	return err
}

// Featured returns the ids of the articles that an actor put first: Mastodon reads ids and
// Notes alone, and Misskey no pages.
func (d *Documents) Featured(ctx context.Context, handle string) ([]byte, error) {
	actor, err := d.person(ctx, handle)
	if err != nil {
		return nil, err
	}
	posts, err := d.store.Profiles.Featured(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	items := make([]any, len(posts))
	for i, p := range posts {
		items[i] = d.iris.Post(p)
	}
	return marshal(ordered(d.iris.Featured(actor.HandleLC), items))
}

// FeaturedTags returns the hashtags that an actor put first.
func (d *Documents) FeaturedTags(ctx context.Context, handle string) ([]byte, error) {
	actor, err := d.person(ctx, handle)
	if err != nil {
		return nil, err
	}
	tags, err := d.store.Profiles.FeaturedTags(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	items := make([]any, len(tags))
	for i, t := range tags {
		items[i] = vocab.Tag{Type: "Hashtag", Href: d.iris.TagPage(t), Name: "#" + t}
	}
	return marshal(ordered(d.iris.FeaturedTags(actor.HandleLC), items))
}

// ordered is a collection that fits into one document.
func ordered(id string, items []any) vocab.Collection {
	n := int64(len(items))
	return vocab.Collection{Context: vocab.Context, ID: id, Type: "OrderedCollection", TotalItems: &n, OrderedItems: items}
}
