package activitypub

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const (
	outboxPage    = 20
	followersPage = 100
)

func countOnly(id string, n int64) *vocab.Collection {
	return &vocab.Collection{ID: id, Type: "Collection", TotalItems: &n}
}

// repliesCollection embeds its one page: GoToSocial follows replies only there,
// and Mastodon stops paging after five items.
func repliesCollection(iris *IRIs, publicID string, uris []string) *vocab.Collection {
	id, n := iris.Replies(publicID), int64(len(uris))
	return &vocab.Collection{ID: id, Type: "Collection", TotalItems: &n,
		First: &vocab.Collection{ID: id + "?page=1", Type: "CollectionPage", PartOf: id, Items: append([]string{}, uris...)}}
}

// Replies returns an article's `replies` collection, or its only page.
func (d *Documents) Replies(ctx context.Context, publicID string, page bool) ([]byte, error) {
	post, err := d.readable(ctx, publicID)
	if err != nil {
		return nil, err
	}
	replies, err := d.store.Posts.PublicReplies(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	c := repliesCollection(d.iris, publicID, d.iris.posts(replies))
	if page {
		c, _ = c.First.(*vocab.Collection)
	}
	c.Context = vocab.Context
	return marshal(c)
}

// Reactions returns an article's `likes` or `shares`: how many, not who.
func (d *Documents) Reactions(ctx context.Context, publicID, typ string) ([]byte, error) {
	post, err := d.readable(ctx, publicID)
	if err != nil {
		return nil, err
	}
	counts, err := d.store.Reactions.CountsOf(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	c := countOnly(d.iris.Likes(publicID), counts.Likes)
	if typ == models.ReactionAnnounce {
		c = countOnly(d.iris.Shares(publicID), counts.Announces)
	}
	c.Context = vocab.Context
	return marshal(c)
}

// Conversation returns an article and every public reply in its thread, the oldest first:
// what `context` stands for (FEP-7888, and FEP-f228's collection of posts), its owner is the
// article's author.
func (d *Documents) Conversation(ctx context.Context, publicID string) ([]byte, error) {
	post, err := d.readable(ctx, publicID)
	if err != nil {
		return nil, err
	}
	thread, err := d.store.Posts.Thread(ctx, models.Viewer{}, post.ID)
	if err != nil {
		return nil, err
	}
	author, err := d.store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return nil, fmt.Errorf("author of article %d: %w", post.ID, err)
	}
	items := []any{d.iris.Article(publicID)}
	for _, p := range thread {
		items = append(items, d.iris.Post(p))
	}
	c := ordered(d.iris.Conversation(publicID), items)
	c.AttributedTo = d.iris.Actor(author.HandleLC)
	return marshal(c)
}

// person returns a local actor that has collections: not the instance, not a deleted one.
func (d *Documents) person(ctx context.Context, handle string) (*models.Actor, error) {
	actor, err := d.store.Actors.LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	if actor.State == models.StateDeleted {
		return nil, d.gone(d.iris.Actor(actor.HandleLC), time.Time{})
	}
	return actor, nil
}

// Followers returns how many follow an actor, or a page of who does: those before
// the follow with id before, 0 for the newest. Page is false for the collection itself.
func (d *Documents) Followers(ctx context.Context, handle string, page bool, before int64) ([]byte, error) {
	return d.people(ctx, handle, page, before, d.iris.Followers, d.store.Follows.Count, d.store.Follows.Followers)
}

// people is a collection of actors that follow, or are followed. Of who hides that it has
// neither totalItems nor first: Mastodon then shows no list, and keeps the number that it
// counted itself, where a 0 would be taken for the truth.
func (d *Documents) people(ctx context.Context, handle string, page bool, before int64, iri func(string) string,
	count func(context.Context, int64) (int64, error), list func(context.Context, int64, int64, int) ([]*models.Actor, int64, error)) ([]byte, error) {
	actor, err := d.person(ctx, handle)
	if err != nil {
		return nil, err
	}
	id := iri(actor.HandleLC)
	if actor.HidesNetwork && page {
		return nil, models.ErrNotFound
	}
	if actor.HidesNetwork {
		return marshal(vocab.Collection{Context: vocab.Context, ID: id, Type: "OrderedCollection"})
	}
	n, err := count(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	c := vocab.Collection{Context: vocab.Context, ID: id, Type: "OrderedCollection", TotalItems: &n, First: id + "?page=1"}
	if !page {
		return marshal(c)
	}
	actors, last, err := list(ctx, actor.ID, before, followersPage)
	if err != nil {
		return nil, err
	}
	c = vocab.Collection{Context: vocab.Context, ID: pageID(id, before), Type: "OrderedCollectionPage", PartOf: id, TotalItems: &n, OrderedItems: []any{}}
	for _, a := range actors {
		c.OrderedItems = append(c.OrderedItems, actorIRI(d.iris, a))
	}
	if len(actors) == followersPage {
		c.Next = pageID(id, last)
	}
	return marshal(c)
}

func pageID(collection string, before int64) string {
	if before == 0 {
		return collection + "?page=1"
	}
	return collection + "?page=1&before=" + strconv.FormatInt(before, 10)
}

// Following returns how many an actor follows, or a page of whom, as Followers does.
func (d *Documents) Following(ctx context.Context, handle string, page bool, before int64) ([]byte, error) {
	return d.people(ctx, handle, page, before, d.iris.Following, d.store.Follows.CountFollowing, d.store.Follows.Following)
}

// Outbox returns how many articles an actor published, or a page of their Creates,
// newest first, from before the article with id before.
func (d *Documents) Outbox(ctx context.Context, handle string, page bool, before int64) ([]byte, error) {
	actor, err := d.person(ctx, handle)
	if err != nil {
		return nil, err
	}
	if actor.Kind == models.ActorGroup {
		return d.groupOutbox(ctx, actor, page, before)
	}
	id := d.iris.Outbox(actor.HandleLC)
	n, err := d.store.Posts.CountArticlesBy(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	if !page {
		return marshal(vocab.Collection{Context: vocab.Context, ID: id, Type: "OrderedCollection", TotalItems: &n, First: id + "?page=1"})
	}
	posts, err := d.store.Posts.ArticlesBy(ctx, actor.ID, models.Page{Before: d.cursor(ctx, before), Limit: outboxPage})
	if err != nil {
		return nil, err
	}
	c := vocab.Collection{Context: vocab.Context, ID: pageID(id, before), Type: "OrderedCollectionPage", PartOf: id, TotalItems: &n}
	if c.OrderedItems, err = d.creates(ctx, actor, posts); err != nil {
		return nil, err
	}
	if len(posts) == outboxPage {
		c.Next = pageID(id, posts[len(posts)-1].ID)
	}
	return marshal(c)
}

// creates are an actor's articles as the Creates that sent them, without their words.
func (d *Documents) creates(ctx context.Context, actor *models.Actor, posts []*models.Post) ([]any, error) {
	uris := d.iris.posts(posts)
	creates, err := d.store.Activities.CreatesOf(ctx, uris)
	items := []any{}
	for i, p := range posts {
		if create := creates[uris[i]]; create != nil {
			items = append(items, vocab.Activity{ID: d.iris.Activity(create.PublicID), Type: "Create",
				Actor: d.iris.Actor(actor.HandleLC), Published: vocab.FormatTime(*p.PublishedAt),
				To: []string{vocab.Public}, CC: []string{d.iris.Followers(actor.HandleLC)}, Object: uris[i]})
		}
	}
	return items, err
}

// cursor is the place of a post in a list, nil when there is no such post.
func (d *Documents) cursor(ctx context.Context, postID int64) *models.Cursor {
	if postID == 0 {
		return nil
	}
	post, err := d.store.Posts.ByID(ctx, postID)
	if err != nil || post.PublishedAt == nil {
		return nil
	}
	return &models.Cursor{At: *post.PublishedAt, ID: post.ID}
}
