package activitypub

import (
	"context"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// lastArticles is how many a server gets that knew nothing of an author.
const lastArticles = 5

// welcome sends a follower the Accept and, where nobody there followed before, what was
// published last.
func (o *Outbox) welcome(ctx context.Context, tx *models.Store, target, follower *models.Actor, followID string, now time.Time) error {
	if err := o.answerFollow(ctx, tx, "Accept", target, follower, followID, now); err != nil {
		return err
	}
	return o.backfill(ctx, tx, target, follower, followID, now)
}

// backfill sends a follower's server the last articles of one of ours, or what a Group last
// announced, the oldest first and behind the Accept: before it a server takes nothing.
// They are the activities that went out then, with their dates, so they fill the profile
// there and no timeline. It happens once for each server.
func (o *Outbox) backfill(ctx context.Context, tx *models.Store, target, follower *models.Actor, chain string, now time.Time) error {
	inbox := follower.DeliveryInbox()
	host := vocab.Host(inbox)
	if follower.Local || host == "" || o.iris.Ours(inbox) {
		return nil
	}
	first, err := tx.Follows.Backfill(ctx, target.ID, host, now)
	if err != nil || !first {
		return err
	}
	said, err := o.lastSaid(ctx, tx, target)
	if err != nil || len(said) == 0 {
		return err
	}
	rows := make([]models.Delivery, len(said))
	ids := make([]int64, len(said))
	for i, a := range said {
		ids[i] = a.ID
		rows[i] = models.Delivery{ActivityID: a.ID, Inbox: inbox, Host: host, OrderKey: a.ObjectURI, Chain: chain, RunAt: now}
	}
	// A server that was sent one of them, as when somebody there was mentioned, knows the author.
	if sent, err := tx.Deliveries.SentTo(ctx, host, ids); err != nil || sent {
		return err
	}
	return tx.Deliveries.Enqueue(ctx, rows)
}

// lastSaid returns what backfill sends, the oldest first.
func (o *Outbox) lastSaid(ctx context.Context, tx *models.Store, target *models.Actor) ([]*models.Activity, error) {
	if target.Kind == models.ActorGroup {
		return lastAnnounced(ctx, tx, target)
	}
	posts, err := tx.Posts.ArticlesBy(ctx, target.ID, models.Page{Limit: lastArticles})
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	iris := o.iris.posts(posts)
	creates, err := tx.Activities.CreatesOf(ctx, iris)
	if err != nil {
		return nil, err
	}
	var said []*models.Activity
	for _, iri := range slices.Backward(iris) {
		if a := creates[iri]; a != nil {
			said = append(said, a)
		}
	}
	return said, nil
}

// lastAnnounced is both forms of what a Group last announced, and its digests.
func lastAnnounced(ctx context.Context, tx *models.Store, group *models.Actor) ([]*models.Activity, error) {
	rows, err := tx.Activities.Standing(ctx, group.ID, 0, 2*lastArticles)
	objects := map[string]bool{}
	var said []*models.Activity
	for _, a := range rows {
		if objects[a.ObjectURI] = true; len(objects) > lastArticles {
			break
		}
		said = append(said, a)
	}
	slices.Reverse(said)
	return said, err
}
