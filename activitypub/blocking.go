package activitypub

import (
	"context"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// BlockAddress blocks whom an account typed, an account elsewhere by its address or a whole
// server by its name, and returns what it is called. It returns *models.InvalidError, and
// models.ErrNotFound as Block does.
func (o *Outbox) BlockAddress(ctx context.Context, by *models.Account, typed string, everywhere bool) (string, error) {
	b := models.Block{AccountID: by.ID}
	if everywhere {
		b.AccountID = 0
	}
	typed = strings.TrimSpace(typed)
	if !strings.Contains(typed, "@") {
		name, err := o.serverNamed(typed)
		if err != nil {
			return "", err
		}
		b.Domain = name
		return name, o.Block(ctx, by, b)
	}
	p, err := o.lookUp(ctx, "target", typed, false)
	if err != nil {
		return "", err
	}
	if p.actor.Local {
		return "", &models.InvalidError{Field: "target", Reason: models.Unusable}
	}
	if err := o.change(ctx, func(tx *models.Store, now time.Time) error { return p.save(ctx, tx, now) }); err != nil {
		return "", err
	}
	b.ActorID = p.actor.ID
	return "@" + actorAcct(o.iris, p.actor), o.Block(ctx, by, b)
}

// serverNamed reads the name of a server elsewhere, or its address. A word without a dot is
// none: "com" would be a third of the world.
func (o *Outbox) serverNamed(typed string) (string, error) {
	_, rest, ok := strings.Cut(typed, "://")
	if !ok {
		rest = typed
	}
	host := vocab.Hostname("https://" + rest)
	if !strings.Contains(host, ".") || !authorityPattern.MatchString(host) {
		return "", &models.InvalidError{Field: "target", Reason: models.BadServer}
	}
	if host == o.iris.base.Hostname() || host == vocab.Hostname("https://"+o.iris.domain) {
		return "", &models.InvalidError{Field: "target", Reason: models.Unusable}
	}
	return host, nil
}
