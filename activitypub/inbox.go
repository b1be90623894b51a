package activitypub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/internal/recent"
	"confnotes/models"
)

const (
	maxBody        = 1 << 20 // 1 MB, as Mastodon takes
	maxInboxAtOnce = 32      // beyond that senders are asked to come back
	// maxKeysAtOnce of them may wait for a key from elsewhere: strangers' silent
	// servers must not keep out those whom we know.
	maxKeysAtOnce = 24
	// keyTime is how long they may wait: Mastodon waits 10 seconds for our answer and then
	// counts it as none (mastodon.md 43), but comes back when asked to.
	keyTime = 8 * time.Second
)

// Refusal is why an inbox request was not taken. Reason is one line for the answer. Status
// says whether the sender is to try again: 401 and 408 do, as 5xx but 501, and any other 4xx
// ends it (mastodon.md 43). So what the same request may get when it comes later isn't given
// up, and what it never gets isn't tried for days.
type Refusal struct {
	Status     int
	Reason     string
	RetryAfter time.Duration
	cause      error
}

func (e *Refusal) Error() string {
	if e.cause != nil {
		return e.Reason + ": " + e.cause.Error()
	}
	return e.Reason
}

func (e *Refusal) Unwrap() error { return e.cause }

// Inbox is the one door for what other servers send.
type Inbox struct {
	store    *models.Store
	iris     *IRIs
	resolver *Resolver
	outbox   *Outbox
	log      *slog.Logger
	now      func() time.Time
	places   chan struct{}
	fetches  chan struct{}
	keyTime  time.Duration
	refuted  *recent.Memory[*profile] // by key id: who held it just now, when a signature under it did not match
}

// NewInbox makes the door. Answers (Accepts) leave through outbox.
func NewInbox(store *models.Store, iris *IRIs, resolver *Resolver, outbox *Outbox, log *slog.Logger, now func() time.Time) *Inbox {
	return &Inbox{store, iris, resolver, outbox, log, now, make(chan struct{}, maxInboxAtOnce), make(chan struct{}, maxKeysAtOnce), keyTime, recent.New[*profile](time.Minute)}
}

// received is an activity that passed the door, with who sent it.
type received struct {
	*vocab.ReceivedActivity
	actor *models.Actor
	now   time.Time
}

// effect changes our tables as an activity asks, having checked that its actor may.
type effect func(ctx context.Context, in *Inbox, tx *models.Store, a *received) (outcome string, err error)

// effects has one entry for each activity type that does something here.
var effects = map[string]effect{
	"Follow": follow, "Undo": undo, "Create": create, "Update": update, "Delete": remove,
	"Like": like, "Announce": announce, "Block": block, "Accept": accept, "Reject": reject, "Move": move,
	"QuoteRequest": quoteRequest, "Flag": flagged,
}

// Outcomes recorded with an activity.
const (
	outcomeDone    = "done"
	outcomeIgnored = "ignored" // nothing here that it could change
	outcomeBlocked = "blocked"
	outcomeUndone  = "undone"  // before it came
	outcomeRefused = "refused" // the article takes no reply from its sender
)

// Receive takes one POST to an inbox. nil is a 202: its effect is committed. Any
// other answer is a *Refusal, ErrOurselves, or an error of ours. Before the commit nothing is
// fetched but the signer's key.
func (in *Inbox) Receive(ctx context.Context, r *http.Request) error {
	leave, err := enter(in.places)
	if err != nil {
		return err
	}
	defer leave()
	body, err := readBody(r)
	if err != nil {
		return err
	}
	if err := checkContentType(r); err != nil {
		return err
	}
	now := in.now().UTC()
	sig, err := signature.Parse(r, body, in.policy(now))
	if err != nil {
		return &Refusal{Status: http.StatusUnauthorized, Reason: reason(err)}
	}
	activity, err := vocab.ParseActivity(body)
	if err != nil {
		return &Refusal{Status: http.StatusBadRequest, Reason: err.Error()}
	}
	if sig.KeyID == in.iris.Key(InstanceHandle) {
		return in.ourselves(ctx, sig)
	}
	signer, err := in.authenticate(ctx, sig, activity)
	if err != nil || signer == nil {
		return err
	}
	return in.take(ctx, r, sig, signer, activity, now)
}

// enter takes one of so many places at once, or asks the sender to come back.
func enter(places chan struct{}) (leave func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	default:
		return nil, &Refusal{Status: http.StatusServiceUnavailable, Reason: "busy, try again", RetryAfter: 30 * time.Second}
	}
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, &Refusal{Status: http.StatusRequestTimeout, Reason: "the body could not be read", cause: err}
	}
	if len(body) > maxBody {
		return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Reason: "the body is larger than 1 MB"}
	}
	return body, nil
}

// checkContentType refuses anything but the two types of ActivityPub section 3.2.
func checkContentType(r *http.Request) error {
	t, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && (t == vocab.ContentType || t == vocab.LDJSON && strings.Contains(params["profile"], vocab.Profile)) {
		return nil
	}
	return &Refusal{Status: http.StatusUnsupportedMediaType, Reason: "send " + vocab.ContentType}
}

// policy is what we insist upon in a signature.
func (in *Inbox) policy(now time.Time) signature.Policy {
	return signature.Policy{Authorities: in.iris.Authorities(), Scheme: in.iris.base.Scheme, Now: now}
}

func reason(err error) string {
	var e *signature.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return err.Error()
}

// take runs the effect and records the activity in one transaction.
func (in *Inbox) take(ctx context.Context, r *http.Request, sig *signature.Signature, signer *profile, a *vocab.ReceivedActivity, now time.Time) error {
	uri := *signer.actor.URI
	forwarded := uri != a.Actor
	if forwarded && !a.Relayed {
		return &Refusal{Status: http.StatusUnauthorized, Reason: "the key belongs to " + uri + ", not to the activity's actor"}
	}
	if a.ID != "" && !vocab.SameHost(a.ID, a.Actor) {
		return &Refusal{Status: http.StatusForbidden, Reason: "the activity's id is on another host than its actor"}
	}
	err := in.store.InTx(ctx, func(tx *models.Store) error {
		if err := signer.save(ctx, tx, now); err != nil {
			return err
		}
		if err := admit(ctx, tx, signer.actor, a); err != nil {
			return err
		}
		if err := tx.Settings.MarkFederated(ctx, now); err != nil {
			return err
		}
		if err := tx.Deliveries.Revive(ctx, vocab.Host(signer.actor.Inbox), now); err != nil {
			return err
		}
		if err := in.compare(ctx, tx, r, sig, signer.actor, now); err != nil {
			return err
		}
		if forwarded {
			return refetchForwarded(ctx, in, tx, signer.actor, a, now)
		}
		return in.apply(ctx, tx, &received{a, signer.actor, now})
	})
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal
	}
	if err != nil {
		return fmt.Errorf("take %s from %s: %w", a.Type, uri, err)
	}
	in.outbox.wake()
	return nil
}

// admit keeps out who is blocked and who is gone. It asks in the transaction, for the
// stored actor: a new key doesn't make a new person.
func admit(ctx context.Context, tx *models.Store, signer *models.Actor, a *vocab.ReceivedActivity) error {
	if blocked, err := tx.Blocks.Blocked(ctx, 0, signer.ID, vocab.Host(*signer.URI), signer.Domain, vocab.Host(a.Actor)); err != nil || blocked {
		return refuseBlocked(err)
	}
	// A Delete of themselves may come to several inboxes, and is no news.
	if signer.State == models.StateDeleted && (a.Type != "Delete" || a.ObjectID != a.Actor) {
		return &Refusal{Status: http.StatusForbidden, Reason: "the actor was deleted"}
	}
	return nil
}

// apply runs the effect once: the same activity again changes nothing.
func (in *Inbox) apply(ctx context.Context, tx *models.Store, a *received) error {
	if a.ID != "" {
		if seen, err := tx.Inbox.Seen(ctx, a.actor.ID, a.ID); err != nil || seen {
			return err
		}
	}
	outcome := outcomeIgnored
	if f, ok := effects[a.Type]; ok {
		var err error
		if outcome, err = f(ctx, in, tx, a); err != nil {
			return err
		}
	}
	in.log.DebugContext(ctx, "inbox", "type", a.Type, "actor", a.Actor, "id", a.ID, "outcome", outcome)
	if a.ID == "" {
		return nil
	}
	return tx.Inbox.Record(ctx, &models.InboxSeen{ActorID: a.actor.ID, URI: a.ID, At: a.now, Outcome: outcome})
}

func refuseBlocked(err error) error {
	if err != nil {
		return err
	}
	return &Refusal{Status: http.StatusForbidden, Reason: "blocked here"}
}
