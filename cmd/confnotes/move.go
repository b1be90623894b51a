package main

import (
	"context"

	"confnotes/internal/config"
	"confnotes/models"
)

type accountAliasCmd struct {
	config.Common
	config.Federation
	Handle  string `arg:""`
	Address string `arg:"" help:"Of the account elsewhere: @me@mastodon.example"`
}

// Run names the account elsewhere.
func (c *accountAliasCmd) Run(ctx context.Context, out *output) error {
	return moving(ctx, out, c.Data, c.Federation, c.Handle, func(a *app, by *models.Account) error {
		alias, err := a.outbox.AddAlias(ctx, by, c.Address)
		if err == nil {
			out.printf("%s is also %s; start the move there\n", by.Actor.Handle, address(a, alias))
		}
		return err
	})
}

type accountMoveCmd struct {
	config.Common
	config.Federation
	Handle  string `arg:""`
	Address string `arg:"" help:"Of the new account: @me@mastodon.example"`
}

// Run moves the followers.
func (c *accountMoveCmd) Run(ctx context.Context, out *output) error {
	return moving(ctx, out, c.Data, c.Federation, c.Handle, func(a *app, by *models.Account) error {
		target, err := a.outbox.Move(ctx, by, c.Address)
		if err == nil {
			out.printf("%s has moved to %s; followers are told while `confnotes serve` runs\n", by.Actor.Handle, address(a, target))
		}
		return err
	})
}

// moving runs f for an account, beside a running server.
func moving(ctx context.Context, out *output, data string, f config.Federation, handle string, do func(*app, *models.Account) error) error {
	store, err := beside(ctx, data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	by, err := store.Accounts.ByHandle(ctx, handle)
	if err != nil {
		return noAccount(handle, err)
	}
	if err := identity(ctx, store, &f); err != nil {
		return err
	}
	a, err := wire(store, data, f, around{log: newLogger(out, "warn"), now: now})
	if err != nil {
		return err
	}
	return do(a, by)
}

func address(a *app, actor *models.Actor) string {
	if actor.Local {
		return "@" + a.iris.Acct(actor.HandleLC)
	}
	return "@" + actor.Handle + "@" + actor.Domain
}
