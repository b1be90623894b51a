package activitypub

import (
	"context"
	"errors"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const (
	// moveAgain is how long an account of ours stays where it moved, as on Mastodon.
	moveAgain = 30 * 24 * time.Hour
	// maxAliases bounds who one account also is: it is for those that it moves from.
	maxAliases = 10
)

// MovesAgain is when an account of ours can move again; the zero time for one that never did.
func MovesAgain(a *models.Actor) time.Time {
	if a.MovedAt == nil {
		return time.Time{}
	}
	return a.MovedAt.Add(moveAgain)
}

// nameMoves puts who an actor of ours also is, and where it moved, into its document.
func nameMoves(ctx context.Context, store *models.Store, iris *IRIs, actor *models.Actor, doc *vocab.Actor) error {
	aliases, err := store.Actors.Aliases(ctx, actor.ID)
	for _, a := range aliases {
		doc.AlsoKnownAs = append(doc.AlsoKnownAs, actorIRI(iris, a))
	}
	if err != nil || actor.MovedToID == nil {
		return err
	}
	target, err := store.Actors.ByID(ctx, *actor.MovedToID)
	if err == nil {
		doc.MovedTo = actorIRI(iris, target)
	}
	return err
}

// lookUp finds who an address names, for a field of a form: as their server says it now
// where fresh. It returns *models.InvalidError.
func (o *Outbox) lookUp(ctx context.Context, field, address string, fresh bool) (*profile, error) {
	h, err := readAddress(address)
	if err != nil {
		return nil, &models.InvalidError{Field: field, Reason: models.BadAcct}
	}
	look := o.resolver.byHandle
	if _, ours := o.resolver.localName(h); fresh && !ours {
		look = o.resolver.webFinger
	}
	p, err := look(ctx, h)
	if err != nil {
		return nil, errors.Join(&models.InvalidError{Field: field, Reason: models.NotThere}, err)
	}
	return p, nil
}

// AddAlias says, by address, that an account is also somebody else, so that it can be
// moved to from there. It returns *models.InvalidError.
func (o *Outbox) AddAlias(ctx context.Context, by *models.Account, address string) (*models.Actor, error) {
	p, err := o.lookUp(ctx, "alias", address, false)
	if err != nil {
		return nil, err
	}
	return p.actor, o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		if p.actor.ID == by.ActorID {
			return &models.InvalidError{Field: "alias", Reason: models.IsSelf}
		}
		aliases, err := tx.Actors.Aliases(ctx, by.ActorID)
		if err != nil {
			return err
		}
		if len(aliases) >= maxAliases {
			return &models.InvalidError{Field: "alias", Reason: models.TooMany, Limit: maxAliases}
		}
		return tx.Actors.AddAlias(ctx, by.ActorID, p.actor.ID, now)
	})
}

// RemoveAlias says no more that an account is also somebody else.
func (o *Outbox) RemoveAlias(ctx context.Context, by *models.Account, aliasID int64) error {
	return o.change(ctx, func(tx *models.Store, _ time.Time) error { return tx.Actors.RemoveAlias(ctx, by.ActorID, aliasID) })
}

// Move tells an account's followers that it has moved to another, by address, which they
// then follow. That one has to say, as its server has it now, that it is also this
// account: nobody is moved to where they don't want to be. What was published stays. It
// returns *models.InvalidError.
func (o *Outbox) Move(ctx context.Context, by *models.Account, address string) (*models.Actor, error) {
	p, err := o.lookUp(ctx, "target", address, true)
	if err != nil {
		return nil, err
	}
	return p.actor, o.change(ctx, func(tx *models.Store, now time.Time) error {
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		me, err := tx.Actors.ByID(ctx, by.ActorID)
		if err != nil {
			return err
		}
		if err := o.mayMove(ctx, tx, me, p, now); err != nil {
			return err
		}
		return o.move(ctx, tx, me, p.actor, now)
	})
}

// mayMove returns *models.InvalidError for a move that isn't to be.
func (o *Outbox) mayMove(ctx context.Context, tx *models.Store, me *models.Actor, to *profile, now time.Time) error {
	refuse := func(reason models.Reason) error { return &models.InvalidError{Field: "target", Reason: reason} }
	if MovesAgain(me).After(now) {
		return &models.InvalidError{Field: "target", Reason: models.MovedRecently, Limit: int(moveAgain / (24 * time.Hour))}
	}
	switch target := to.actor; {
	case target.ID == me.ID:
		return refuse(models.IsSelf)
	case target.State != models.StateActive:
		return refuse(models.NotThere)
	case target.Local && target.MovedToID != nil || to.movedTo != "":
		return refuse(models.TargetMoved)
	case target.Local:
		named, err := tx.Actors.HasAlias(ctx, target.ID, me.ID)
		if err == nil && !named {
			err = refuse(models.NoAlias)
		}
		return err
	case !slices.Contains(to.alsoKnownAs, o.iris.Actor(me.HandleLC)):
		return refuse(models.NoAlias)
	}
	return nil
}

// move records a move and sends it to the followers. Who waits to follow is told no: what
// they wait for comes from elsewhere.
func (o *Outbox) move(ctx context.Context, tx *models.Store, me, target *models.Actor, now time.Time) error {
	followers, err := tx.Follows.Count(ctx, me.ID)
	if err != nil {
		return err
	}
	if err := tx.Actors.SetMoved(ctx, me.ID, target.ID, followers, now); err != nil {
		return err
	}
	_, newest, err := tx.Follows.CountFollowers(ctx, me.ID, models.FollowPending)
	if err != nil {
		return err
	}
	waiting, err := tx.Follows.Chosen(ctx, me.ID, models.FollowPending, newest, nil)
	if err != nil {
		return err
	}
	if err := o.reject(ctx, tx, waiting, now); err != nil {
		return err
	}
	inboxes, err := tx.Follows.Inboxes(ctx, me.ID)
	if err != nil {
		return err
	}
	if err := o.takeAlong(ctx, tx, me, target, now); err != nil {
		return err
	}
	iri := o.iris.Actor(me.HandleLC)
	_, err = o.record(ctx, tx, act{typ: "Move", actor: me, object: iri, objectIRI: iri, target: actorIRI(o.iris, target), to: []string{o.iris.Followers(me.HandleLC)},
		visibility: models.VisibilityPublic, inboxes: inboxes}, now)
	return err
}

// MoveBack says that an account hasn't moved after all. Who followed it on has gone; it
// can move again when it could have otherwise.
func (o *Outbox) MoveBack(ctx context.Context, by *models.Account) error {
	return o.change(ctx, func(tx *models.Store, _ time.Time) error { return tx.Actors.SetMovedBack(ctx, by.ActorID) })
}
