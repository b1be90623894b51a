package activitypub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// Documents builds what other servers read, from rows.
type Documents struct {
	store *models.Store
	iris  *IRIs
}

// NewDocuments makes the builder of our documents.
func NewDocuments(store *models.Store, iris *IRIs) *Documents {
	return &Documents{store, iris}
}

// GoneError: what is asked for was deleted. Tombstone is its document.
type GoneError struct{ Tombstone []byte }

func (e *GoneError) Error() string { return "deleted" }

// Actor returns an actor's document. It returns *GoneError for a deleted one and
// models.ErrNotFound for one that never was.
func (d *Documents) Actor(ctx context.Context, handle string) ([]byte, error) {
	actor, err := d.store.Actors.LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	if actor.State == models.StateDeleted {
		return nil, d.gone(d.iris.Actor(actor.HandleLC), time.Time{})
	}
	doc, err := actorIn(ctx, d.store, d.iris, actor)
	if err != nil {
		return nil, err
	}
	return marshal(doc)
}

// actorIn is the document of an actor of ours as a store, or a transaction, has it.
func actorIn(ctx context.Context, store *models.Store, iris *IRIs, actor *models.Actor) (vocab.Actor, error) {
	keys, err := store.Actors.LocalKeys(ctx, actor.ID)
	if err != nil {
		return vocab.Actor{}, fmt.Errorf("keys of %s: %w", actor.Handle, err)
	}
	doc := actorDocument(iris, actor)
	if doc.PublicKey, doc.AssertionMethod, err = publicKeys(iris, actor.HandleLC, keys[actor.ID]); err != nil {
		return vocab.Actor{}, err
	}
	if err := nameMoves(ctx, store, iris, actor, &doc); err != nil {
		return vocab.Actor{}, err
	}
	if actor.Kind == "Person" {
		profile, err := store.Profiles.Of(ctx, actor.ID)
		if err != nil {
			return vocab.Actor{}, err
		}
		present(iris, &doc, profile)
	}
	faces, err := store.Pictures.Faces(ctx, actor)
	if err != nil {
		return vocab.Actor{}, err
	}
	if actor.PictureID != nil && faces[*actor.PictureID] != nil {
		icon := imageDocument(iris, models.PostPicture{Picture: faces[*actor.PictureID]})
		doc.Icon = &icon
	}
	return doc, nil
}

func actorDocument(iris *IRIs, a *models.Actor) vocab.Actor {
	h := a.HandleLC
	doc := vocab.Actor{
		Context: vocab.Context, ID: iris.Actor(h), Type: a.Kind, PreferredUsername: h, Webfinger: iris.Acct(h),
		Name: a.DisplayName(), Summary: a.BioHTML, URL: iris.ActorPage(a), Published: vocab.FormatTime(a.CreatedAt.Truncate(24 * time.Hour)),
		Inbox: iris.Inbox(h), Outbox: iris.Outbox(h),
		Discoverable: a.Discoverable, Indexable: a.Discoverable,
		Endpoints: &vocab.Endpoints{SharedInbox: iris.SharedInbox()},
	}
	if h == InstanceHandle {
		doc.ManuallyApprovesFollowers = true // nobody follows the server itself
		return doc
	}
	doc.ManuallyApprovesFollowers = a.Locked
	doc.Followers, doc.Following, doc.Featured = iris.Followers(h), iris.Following(h), iris.Featured(h)
	doc.AttributionDomains = []string{iris.base.Hostname()}
	return doc
}

// actorIRI is the id of any actor.
func actorIRI(iris *IRIs, a *models.Actor) string {
	if a.Local {
		return iris.Actor(a.HandleLC)
	}
	return *a.URI
}

// actorAcct is the address of any actor, without "@" before it.
func actorAcct(iris *IRIs, a *models.Actor) string {
	if a.Local {
		return iris.Acct(a.HandleLC)
	}
	return a.Handle + "@" + a.Domain
}

// readable returns an article of ours that the open web may see.
func (d *Documents) readable(ctx context.Context, publicID string) (*models.Post, error) {
	return d.readableKind(ctx, publicID, models.KindArticle)
}

// readableKind returns an article or a reply of ours that the open web may see.
func (d *Documents) readableKind(ctx context.Context, publicID, kind string) (*models.Post, error) {
	post, err := d.store.Posts.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if post.Kind != kind {
		return nil, models.ErrNotFound
	}
	if post.State == models.PostDeleted && post.PublishedAt != nil {
		var at time.Time
		if post.SavedAt != nil {
			at = *post.SavedAt
		}
		return nil, d.gone(d.iris.Post(post), at)
	}
	if !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return nil, models.ErrNotFound
	}
	return post, nil
}

// Activity returns an activity as it was sent. What it carried may be deleted by now.
func (d *Documents) Activity(ctx context.Context, publicID string) ([]byte, error) {
	a, err := d.store.Activities.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if a.Body == nil {
		return nil, d.gone(d.iris.Activity(publicID), time.Time{})
	}
	if a.Visibility != models.VisibilityPublic && a.Visibility != models.VisibilityUnlisted {
		return nil, models.ErrNotFound
	}
	return a.Body, nil
}

func (d *Documents) gone(id string, at time.Time) error {
	t := vocab.Tombstone{Context: vocab.Context, ID: id, Type: "Tombstone"}
	if !at.IsZero() {
		t.Deleted = vocab.FormatTime(at)
	}
	body, err := marshal(t)
	return errors.Join(&GoneError{body}, err)
}

// marshal writes JSON without escaping "<", ">" and "&", which would cost an
// article a sixth of the 1 MB that receivers take.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
