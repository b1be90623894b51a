package activitypub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Followers that are compared (FEP-8fcf): a server that sends something to followers says,
// in a signed header, whom it takes for followers at the receiver's; that one looks again
// where it knows otherwise. So a lost Accept, Reject or Undo does not hold for ever.

// followersDigest is the XOR of the SHA-256 of each id: the order doesn't matter.
func followersDigest(ids []string) string {
	var all [sha256.Size]byte
	for _, id := range ids {
		sum := sha256.Sum256([]byte(id))
		for i := range all {
			all[i] ^= sum[i]
		}
	}
	return hex.EncodeToString(all[:])
}

// at keeps the ids of one server: those of its scheme, host and port.
func at(ids []string, server string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return !vocab.SameHost(id, server) })
}

// synchronizations are the headers that go with what is for followers alone, by the actor
// that sends it. Of more followers than are compared none is sent.
func (c *Courier) synchronizations(ctx context.Context, activities map[int64]*models.Activity, inbox string) (map[int64]string, error) {
	headers := map[int64]string{}
	for _, a := range activities {
		if _, made := headers[a.ActorID]; made || a.Visibility != models.VisibilityFollowers {
			continue
		}
		headers[a.ActorID] = ""
		ids, err := c.store.Follows.FollowersAt(ctx, a.ActorID, vocab.Hostname(inbox))
		if err != nil {
			return nil, err
		}
		actor, err := c.store.Actors.ByID(ctx, a.ActorID)
		if err != nil {
			return nil, err
		}
		if len(ids) <= models.MaxSynchronized {
			headers[a.ActorID] = fmt.Sprintf(`collectionId="%s", digest="%s", url="%s"`, c.iris.Followers(actor.HandleLC),
				followersDigest(at(ids, inbox)), c.iris.FollowersSynchronization(actor.HandleLC))
		}
	}
	return headers, nil
}

// FollowersAt lists an actor's followers at the server of whoever asks, and signed that.
func (d *Documents) FollowersAt(ctx context.Context, handle string, reader *models.Actor) ([]byte, error) {
	actor, err := d.person(ctx, handle)
	if err != nil {
		return nil, err
	}
	ids, err := d.store.Follows.FollowersAt(ctx, actor.ID, reader.Host)
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, id := range at(ids, *reader.URI) {
		items = append(items, id)
	}
	return marshal(vocab.Collection{Context: vocab.Context, ID: d.iris.FollowersSynchronization(actor.HandleLC), Type: "OrderedCollection", OrderedItems: items})
}

var synchronizationParam = regexp.MustCompile(`(\w+)="([^"]*)"`)

// compare looks at what a request says of our followers of its signer, and has the list
// fetched where we know otherwise. Only a header that is signed counts.
func (in *Inbox) compare(ctx context.Context, tx *models.Store, r *http.Request, sig *signature.Signature, signer *models.Actor, now time.Time) error {
	header := r.Header.Get(signature.Synchronization)
	if header == "" || !sig.Covers(strings.ToLower(signature.Synchronization)) {
		return nil
	}
	said := map[string]string{}
	for _, p := range synchronizationParam.FindAllStringSubmatch(header, 8) {
		said[p[1]] = p[2]
	}
	if said["collectionId"] != signer.FollowersURI || signer.FollowersURI == "" || !vocab.SameHost(said["url"], *signer.URI) {
		return nil
	}
	ours, err := tx.Follows.LocalFollowers(ctx, signer.ID)
	if err != nil || len(ours) > models.MaxSynchronized {
		return err
	}
	ids := make([]string, len(ours))
	for i, a := range ours {
		ids[i] = in.iris.Actor(a.HandleLC)
	}
	if followersDigest(ids) == said["digest"] {
		return nil
	}
	return queueJob(ctx, tx, jobSynchronize, *signer.URI+" "+said["url"], now)
}

// synchronize has our follows of somebody elsewhere agree with what their server says:
// whom it doesn't know as a follower follows no more, whose request it granted follows, whom
// it wrongly takes for a follower tells it so. A follow that began while the list was on its
// way is left alone.
func (e *Errands) synchronize(ctx context.Context, payload string) error {
	uri, list, _ := strings.Cut(payload, " ")
	target, err := e.store.Actors.ByURI(ctx, uri)
	if err != nil {
		return err
	}
	before, err := e.store.Follows.LocalFollowers(ctx, target.ID)
	if err != nil {
		return err
	}
	doc, err := e.client.Object(ctx, list)
	if err != nil {
		return fetchError{fmt.Errorf("compare followers of %s: %w", uri, err)}
	}
	theirs, err := vocab.ParseItems(doc.Raw, models.MaxSynchronized)
	if err != nil {
		return unproved("compare followers of %s: %w", uri, err)
	}
	return e.inbox.outbox.change(ctx, func(tx *models.Store, now time.Time) error {
		ours, err := tx.Follows.LocalFollowers(ctx, target.ID)
		if err != nil {
			return err
		}
		for _, by := range ours {
			id := e.inbox.iris.Actor(by.HandleLC)
			if at := slices.Index(theirs, id); at >= 0 {
				theirs = slices.Delete(theirs, at, at+1)
				continue
			}
			if !slices.ContainsFunc(before, func(a *models.Actor) bool { return a.ID == by.ID }) {
				continue
			}
			if err := e.inbox.outbox.stopFollowing(ctx, tx, by, target, now); err != nil {
				return err
			}
		}
		return e.inbox.outbox.settle(ctx, tx, theirs, target, now)
	})
}

func (o *Outbox) stopFollowing(ctx context.Context, tx *models.Store, by, target *models.Actor, now time.Time) error {
	f, err := tx.Follows.Between(ctx, by.ID, target.ID)
	if err != nil {
		return err
	}
	return o.endFollow(ctx, tx, by, target, f, now)
}

// settle takes, for each of those whom somebody's server counts as followers, that as the
// Accept of a request of theirs, and else undoes a follow that isn't.
func (o *Outbox) settle(ctx context.Context, tx *models.Store, ids []string, target *models.Actor, now time.Time) error {
	for _, id := range ids {
		by, err := localActor(ctx, o.iris, tx, id)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		f, err := tx.Follows.Between(ctx, by.ID, target.ID)
		if err == nil {
			err = granted(ctx, tx, f)
		} else if errors.Is(err, models.ErrNotFound) {
			never := &models.Follow{URI: fmt.Sprintf("%s#follows/%d", id, target.ID)}
			err = o.endFollow(ctx, tx, by, target, never, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
