package activitypub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/internal/recent"
	"confnotes/models"
)

// Outbox is the one way for our people to do something that others hear of. It
// writes the activity and a delivery row for each inbox in the transaction that
// changes our tables; nothing is sent inside it, nothing is sent that isn't a row.
type Outbox struct {
	store    *models.Store
	iris     *IRIs
	resolver *Resolver
	docs     *Documents
	drafts   *draft.Service
	log      *slog.Logger
	now      func() time.Time
	wake     func()
	absent   *recent.Memory[struct{}] // addresses of speakers that nobody was found at
}

// NewOutbox makes an Outbox. wake is called after a commit that may have queued something.
func NewOutbox(store *models.Store, iris *IRIs, resolver *Resolver, drafts *draft.Service, log *slog.Logger, now func() time.Time, wake func()) *Outbox {
	return &Outbox{store: store, iris: iris, resolver: resolver, docs: NewDocuments(store, iris), drafts: drafts, log: log, now: now, wake: wake, absent: recent.New[struct{}](absentFor)}
}

// act is an activity about to be recorded and sent.
type act struct {
	typ        string
	actor      *models.Actor
	object     any    // IRI or document
	target     string // of a Move, an Add or a Remove
	objectIRI  string // what order holds for
	to, cc     []string
	audience   string // group
	result     string // of what is accepted
	content    string // of a report
	visibility string
	inboxes    []string
	chain      string // of its deliveries
}

// record stores an activity and its deliveries in the caller's transaction.
func (o *Outbox) record(ctx context.Context, tx *models.Store, a act, now time.Time) (*models.Activity, error) {
	publicID := models.NewPublicID()
	body, err := marshal(vocab.Activity{Context: vocab.Context, ID: o.iris.Activity(publicID), Type: a.typ,
		Actor: o.iris.Actor(a.actor.HandleLC), Published: vocab.FormatTime(now), To: a.to, CC: a.cc, Audience: a.audience, Object: a.object, Target: a.target, Result: a.result, Content: a.content})
	if err != nil {
		return nil, err
	}
	row := &models.Activity{PublicID: publicID, Type: a.typ, ActorID: a.actor.ID, ObjectURI: a.objectIRI, Body: body, Visibility: a.visibility, CreatedAt: now}
	if err := tx.Activities.Create(ctx, row); err != nil {
		return nil, fmt.Errorf("record %s: %w", a.typ, err)
	}
	slices.Sort(a.inboxes)
	deliveries := make([]models.Delivery, 0, len(a.inboxes))
	for _, inbox := range slices.Compact(a.inboxes) {
		host := vocab.Host(inbox)
		if host == "" || o.iris.Ours(inbox) {
			continue
		}
		deliveries = append(deliveries, models.Delivery{ActivityID: row.ID, Inbox: inbox, Host: host, OrderKey: a.objectIRI, Chain: a.chain, RunAt: now})
	}
	if len(deliveries) == 0 {
		return row, nil
	}
	if err := tx.Settings.MarkFederated(ctx, now); err != nil {
		return nil, err
	}
	return row, tx.Deliveries.Enqueue(ctx, deliveries)
}

// answerFollow sends an Accept or a Reject to a follower's own inbox, with the
// Follow as they sent it, so that they can match it by id. One of ours needs no word.
func (o *Outbox) answerFollow(ctx context.Context, tx *models.Store, typ string, target, follower *models.Actor, followID string, now time.Time) error {
	if follower.Local {
		return nil
	}
	iri := *follower.URI
	follow := vocab.Activity{ID: followID, Type: "Follow", Actor: iri, Object: o.iris.Actor(target.HandleLC)}
	_, err := o.record(ctx, tx, act{typ: typ, actor: target, object: follow, objectIRI: followID, to: []string{iri},
		visibility: models.VisibilityPublic, inboxes: []string{follower.Inbox}, chain: followID}, now)
	return err
}

// Block keeps actors or servers away from the account's articles, or from the whole
// instance, hides what they wrote, and tells those followers that it is over. Only an
// owner may block for the instance: b.AccountID 0. It returns models.ErrNotFound to
// anyone else.
func (o *Outbox) Block(ctx context.Context, by *models.Account, blocks ...models.Block) error {
	for _, b := range blocks {
		if b.AccountID == 0 && by.Role != models.RoleOwner || b.AccountID != 0 && b.AccountID != by.ID {
			return models.ErrNotFound
		}
	}
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		for _, b := range blocks {
			if err := o.block(ctx, tx, by, b, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *Outbox) block(ctx context.Context, tx *models.Store, by *models.Account, b models.Block, now time.Time) error {
	var mine int64
	if b.AccountID != 0 {
		mine = by.ActorID
	}
	b.CreatedAt = now
	if err := tx.Blocks.Add(ctx, &b); err != nil {
		return err
	}
	if err := errors.Join(hideBlocked(ctx, tx, &b, mine), tx.Notifications.RemoveBlocked(ctx, &b), tx.Readings.DropBlocked(ctx, &b)); err != nil {
		return err
	}
	if b.AccountID == 0 {
		if err := errors.Join(o.withdrawOf(ctx, tx, &b, now), tx.Sisters.Part(ctx, &b)); err != nil {
			return err
		}
	}
	if err := errors.Join(tx.Reactions.RemoveBlocked(ctx, &b, mine), tx.Media.LetGoBlocked(ctx, &b, mine), tx.Quotes.RemoveBlocked(ctx, &b, mine)); err != nil {
		return err
	}
	follows, err := tx.Follows.FollowersFrom(ctx, mine, &b)
	if err != nil {
		return err
	}
	return errors.Join(o.reject(ctx, tx, follows, now), o.unfollowBlocked(ctx, tx, &b, mine, now))
}

func hideBlocked(ctx context.Context, tx *models.Store, b *models.Block, rootActor int64) error {
	if b.ActorID != 0 {
		return tx.Posts.HideByActor(ctx, b.ActorID, rootActor)
	}
	return tx.Posts.HideByDomain(ctx, b.Domain, rootActor)
}
