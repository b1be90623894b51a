package activitypub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// maxQuoted is how much of what quotes is kept to be shown, in characters.
const maxQuoted = 300

// quoteRequest answers who asks to quote what is ours: with an Accept that names an
// authorization which anybody can read, or with a Reject (FEP-044f). What was withdrawn
// isn't granted again. Who may not read what they ask for gets no answer, as for what isn't
// there.
func quoteRequest(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	post, err := localPost(ctx, in.iris, tx, a.ObjectID)
	if err != nil {
		return ignoreMissing(err)
	}
	if a.ID == "" || !vocab.SameHost(a.InstrumentID, a.Actor) || a.Instrument != nil && !owns(a.actor, a.Instrument) {
		return outcomeIgnored, nil
	}
	if blocked, err := blockedBy(ctx, tx, post.ActorID, a.actor); err != nil || blocked {
		return outcomeBlocked, err
	}
	if may, err := reads(ctx, tx, post, a.actor); err != nil || !may {
		return outcomeIgnored, err
	}
	author, err := tx.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return "", err
	}
	q := &models.Quote{PostID: post.ID, ActorID: a.actor.ID, URI: a.InstrumentID, State: models.QuoteGranted, CreatedAt: a.now}
	if a.Instrument != nil {
		q.URL, q.Excerpt = quoteShown(a.actor, a.Instrument)
	}
	may, err := mayQuote(ctx, tx, post, a.actor)
	if err != nil {
		return "", err
	}
	if may {
		if a.Instrument != nil {
			if err := tx.Quotes.Disprove(ctx, q.URI, q.ActorID); err != nil {
				return "", err
			}
		}
		if err := tx.Quotes.Put(ctx, q); errors.Is(err, models.ErrConflict) {
			return outcomeIgnored, nil
		} else if err != nil {
			return "", err
		}
	}
	if !may || q.State != models.QuoteGranted {
		return outcomeRefused, in.outbox.answerQuote(ctx, tx, "Reject", author, a, "")
	}
	if err := notify(ctx, tx, post.ActorID, models.NotifyQuote, a.actor, post.ID, a.now); err != nil {
		return "", err
	}
	return outcomeDone, in.outbox.answerQuote(ctx, tx, "Accept", author, a, in.iris.Quote(q.PublicID))
}

// mayQuote applies a post's policy. What isn't public is quoted by nobody else.
func mayQuote(ctx context.Context, tx *models.Store, post *models.Post, by *models.Actor) (bool, error) {
	if !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return false, nil
	}
	switch post.QuotePolicy {
	case models.QuotesClosed:
		return false, nil
	case models.QuotesFollowers:
		f, err := tx.Follows.Between(ctx, by.ID, post.ActorID)
		if errors.Is(err, models.ErrNotFound) {
			return false, nil
		}
		return err == nil && f.State == models.FollowAccepted, err
	}
	return true, nil
}

// quoteShown is where what quotes is read, and the start of what it says, if that is for
// everybody: all who look after a conversation see who quotes its article.
func quoteShown(by *models.Actor, o *vocab.ReceivedObject) (url, excerpt string) {
	url = o.ID
	if vocab.SameHost(o.URL, o.ID) {
		url = o.URL
	}
	if !forEverybody(visibility(by, o)) {
		return url, ""
	}
	if o.Summary != "" { // a content warning
		return url, richtext.StrangerText(o.Summary, maxWarning)
	}
	return url, richtext.Excerpt(richtext.PlainText(richtext.Stranger(o.Content)), maxQuoted)
}

// answerQuote sends the answer to whoever asked, with the request as they sent it.
func (o *Outbox) answerQuote(ctx context.Context, tx *models.Store, typ string, author *models.Actor, a *received, result string) error {
	request := vocab.Activity{ID: a.ID, Type: a.Type, Actor: a.Actor, Object: a.ObjectID, Instrument: a.InstrumentID}
	_, err := o.record(ctx, tx, act{typ: typ, actor: author, object: request, objectIRI: a.ID, to: []string{a.Actor}, result: result,
		visibility: models.VisibilityPublic, inboxes: []string{a.actor.Inbox}}, a.now)
	return err
}

// noteQuote remembers that a post that just came, or was edited, quotes one of ours. Servers
// that don't know FEP-044f quote without asking. Of what was withdrawn nobody is told again.
func (in *Inbox) noteQuote(ctx context.Context, tx *models.Store, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) error {
	post, err := localPost(ctx, in.iris, tx, o.Quotes)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if blocked, err := blockedBy(ctx, tx, post.ActorID, actor); err != nil || blocked {
		return err
	}
	q := &models.Quote{PostID: post.ID, ActorID: actor.ID, URI: o.ID, State: models.QuoteUnasked, CreatedAt: now}
	if !forEverybody(visibility(actor, o)) {
		return nil
	}
	q.URL, q.Excerpt = quoteShown(actor, o)
	if err := errors.Join(tx.Quotes.Disprove(ctx, q.URI, q.ActorID), tx.Quotes.Put(ctx, q)); err != nil || q.State == models.QuoteWithdrawn {
		return err
	}
	return notify(ctx, tx, post.ActorID, models.NotifyQuote, actor, post.ID, now)
}

// WithdrawQuote takes back, for good, that somebody may quote an article, and tells their
// server. It returns models.ErrNotFound for a quote of another article.
func (o *Outbox) WithdrawQuote(ctx context.Context, article *models.Post, quoteID int64) error {
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		q, err := tx.Quotes.ByID(ctx, quoteID)
		if err == nil && (q.PostID != article.ID || q.State == models.QuoteWithdrawn) {
			err = models.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("withdraw a quote: %w", err)
		}
		actors, err := tx.Actors.ByIDs(ctx, []int64{article.ActorID, q.ActorID})
		if err != nil {
			return err
		}
		author, by := actors[article.ActorID], actors[q.ActorID]
		granted := q.State == models.QuoteGranted
		if err := errors.Join(tx.Quotes.Withdraw(ctx, q.ID), tx.Notifications.Remove(ctx, models.NotifyQuote, q.ActorID, article.ID)); err != nil || !granted {
			return err
		}
		doc := o.docs.authorization(q, article, author)
		doc.Context = nil // the activity's
		_, err = o.record(ctx, tx, act{typ: "Delete", actor: author, object: doc, objectIRI: doc.ID, to: []string{vocab.Public, *by.URI},
			visibility: models.VisibilityPublic, inboxes: []string{by.Inbox}}, now)
		return err
	})
}

// Quote returns the authorization by which somebody elsewhere quotes a post of ours. It
// returns *GoneError once it was withdrawn, or the post is gone.
func (d *Documents) Quote(ctx context.Context, publicID string) ([]byte, error) {
	q, err := d.store.Quotes.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	post, err := d.store.Posts.ByID(ctx, q.PostID)
	if err != nil {
		return nil, err
	}
	if q.State == models.QuoteWithdrawn || post.State == models.PostDeleted {
		return nil, d.gone(d.iris.Quote(publicID), time.Time{})
	}
	if q.State != models.QuoteGranted || !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return nil, models.ErrNotFound
	}
	author, err := d.store.Actors.ByID(ctx, post.ActorID)
	if err != nil {
		return nil, err
	}
	return marshal(d.authorization(q, post, author))
}

func (d *Documents) authorization(q *models.Quote, post *models.Post, author *models.Actor) vocab.QuoteAuthorization {
	return vocab.QuoteAuthorization{Context: vocab.Context, ID: d.iris.Quote(q.PublicID), Type: "QuoteAuthorization",
		AttributedTo: d.iris.Actor(author.HandleLC), InteractingObject: q.URI, InteractionTarget: d.iris.Post(post)}
}
