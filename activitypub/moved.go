package activitypub

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"confnotes/models"
)

// movedAgain is how long a second Move of the same account has no effect here, as on Mastodon:
// a stolen account can't send its followers about.
const movedAgain = 7 * 24 * time.Hour

func movedLately(a *models.Actor, now time.Time) bool {
	return a.MovedAt != nil && now.Sub(*a.MovedAt) < movedAgain
}

// move takes that somebody whom one of ours follows has moved. Their new account has to say
// that it is theirs, which is asked there afresh.
func move(ctx context.Context, _ *Inbox, tx *models.Store, a *received) (string, error) {
	if a.ObjectID != a.Actor || a.TargetID == "" || a.TargetID == a.Actor {
		return outcomeIgnored, nil
	}
	if movedLately(a.actor, a.now) {
		return outcomeRefused, nil
	}
	follows, err := tx.Follows.FollowsOf(ctx, 0, &models.Block{ActorID: a.actor.ID})
	if err != nil || len(follows) == 0 {
		return outcomeIgnored, err
	}
	// One at a time: an account can't have us ask about.
	return outcomeDone, tx.Jobs.Add(ctx, &models.Job{Kind: jobMove, UniqueKey: jobMove + " " + a.Actor, Payload: a.Actor + "\n" + a.TargetID, RunAt: a.now})
}

// move asks somebody's new account whether it is theirs, and has ours follow it.
func (e *Errands) move(ctx context.Context, payload string) error {
	from, to, _ := strings.Cut(payload, "\n")
	var p *profile
	if !e.inbox.iris.Ours(to) {
		var err error
		if p, err = e.resolver.actor(ctx, to, true); err != nil {
			return err
		}
		if !slices.Contains(p.alsoKnownAs, from) {
			return unproved("%s doesn't say that it is also %s", to, from)
		}
	}
	o := e.inbox.outbox
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		old, err := tx.Actors.ByURI(ctx, from)
		if err != nil {
			return err
		}
		if old.State != models.StateActive || movedLately(old, now) {
			return unproved("%s is gone, or moved lately", from)
		}
		if p == nil {
			if p, err = movedHere(ctx, o.iris, tx, to, old); err != nil {
				return err
			}
		}
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		if p.actor.State != models.StateActive || p.actor.ID == old.ID {
			return unproved("%s is nobody to move to", to)
		}
		return o.followOn(ctx, tx, old, p.actor, now)
	})
}

// movedHere returns the account of ours that somebody moved to.
func movedHere(ctx context.Context, iris *IRIs, tx *models.Store, iri string, old *models.Actor) (*profile, error) {
	target, err := localActor(ctx, iris, tx, iri)
	if err != nil {
		return nil, errors.Join(errUnproved, err)
	}
	named, err := tx.Actors.HasAlias(ctx, target.ID, old.ID)
	if err == nil && !named {
		err = unproved("%s doesn't say that it is also %s", iri, *old.URI)
	}
	return &profile{actor: target, stored: true}, err
}

// followOn has ours who follow an account follow the one that it moved to, and tells them.
// Who keeps that one out goes on as before. Nobody follows one of ours from here.
func (o *Outbox) followOn(ctx context.Context, tx *models.Store, old, target *models.Actor, now time.Time) error {
	follows, err := tx.Follows.FollowsOf(ctx, 0, &models.Block{ActorID: old.ID})
	if err != nil {
		return err
	}
	if err := tx.Actors.SetMoved(ctx, old.ID, target.ID, 0, now); err != nil {
		return err
	}
	return o.followOnAll(ctx, tx, follows, old, target, now)
}

// takeAlong has those of ours who follow one of ours follow where they moved.
func (o *Outbox) takeAlong(ctx context.Context, tx *models.Store, me, target *models.Actor, now time.Time) error {
	follows, err := tx.Follows.FollowsOf(ctx, 0, &models.Block{ActorID: me.ID})
	if err != nil {
		return err
	}
	return o.followOnAll(ctx, tx, follows, me, target, now)
}

func (o *Outbox) followOnAll(ctx context.Context, tx *models.Store, follows []*models.Follow, old, target *models.Actor, now time.Time) error {
	who := make([]int64, len(follows))
	for i, f := range follows {
		who[i] = f.FollowerID
	}
	actors, err := tx.Actors.ByIDs(ctx, who)
	if err != nil {
		return err
	}
	for _, f := range follows {
		if by := actors[f.FollowerID]; by.Local {
			if err := o.followOnAs(ctx, tx, by, f, old, target, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *Outbox) followOnAs(ctx context.Context, tx *models.Store, by *models.Actor, f *models.Follow, old, target *models.Actor, now time.Time) error {
	switch {
	case target.Local && by.ID != target.ID:
		if err := followHere(ctx, tx, by, target, now); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	case !target.Local:
		if blocked, err := blockedBy(ctx, tx, by.ID, target); err != nil || blocked {
			return err
		}
		if err := o.askToFollow(ctx, tx, by, target, now); err != nil {
			return err
		}
	}
	end := func() error { return o.endFollow(ctx, tx, by, old, f, now) }
	if old.Local {
		end = func() error { return unfollow(ctx, tx, by.ID, old.ID) }
	}
	if err := end(); err != nil {
		return err
	}
	return notify(ctx, tx, by.ID, models.NotifyMoved, old, 0, now)
}
