package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"confnotes/activitypub"
	"confnotes/handlers"
	"confnotes/internal/card"
	"confnotes/internal/config"
	"confnotes/internal/i18n"
	"confnotes/internal/moderation"
	"confnotes/models"
	"confnotes/static"
	"confnotes/templates"
)

type serveCmd struct {
	config.Common
	config.Federation
	config.Serve
}

// shutdownTime is how long requests under way may take after SIGTERM.
const shutdownTime = 10 * time.Second

// Run serves until a signal ends ctx.
func (c *serveCmd) Run(ctx context.Context, out *output) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	release, err := config.Lock(c.Data)
	if err != nil {
		return err
	}
	defer release()
	store, err := models.Open(c.Data, true)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx, c.Data); err != nil {
		return err
	}
	if err := keepIdentity(ctx, store, c.Federation); err != nil {
		return err
	}
	a, err := wire(store, c.Data, c.Federation, newLogger(out, c.LogLevel))
	if err != nil {
		return err
	}
	return c.serve(ctx, out, a)
}

func (c *serveCmd) serve(ctx context.Context, out *output, a *app) error {
	if err := a.accounts.EnsureInstanceActor(ctx, activitypub.InstanceHandle); err != nil {
		return err
	}
	inbox := activitypub.NewInbox(a.store, a.iris, a.resolver, a.outbox, a.log, time.Now)
	handler, err := c.handler(a, inbox)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if err := c.greet(ctx, out, a); err != nil {
		return errors.Join(err, listener.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return c.listen(server, listener) })
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := server.Shutdown(end); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return server.Close() // whoever is still asking has had their time
	})
	if _, off := c.Off(); !off {
		errands := activitypub.NewErrands(a.store, inbox, a.resolver, a.client, a.copies, a.log, time.Now)
		group.Go(func() error { return a.courier.Run(ctx) })
		group.Go(func() error { return errands.Run(ctx) })
	}
	group.Go(func() error { return a.pictures.Run(ctx) })
	group.Go(func() error { return a.copies.Run(ctx) })
	group.Go(func() error { return activitypub.NewUpkeep(a.store, a.outbox, a.log, time.Now).Run(ctx) })
	return group.Wait()
}

func (c *serveCmd) handler(a *app, inbox *activitypub.Inbox) (http.Handler, error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	assets, err := static.New()
	if err != nil {
		return nil, err
	}
	pages, err := templates.New(catalogue, assets.URL)
	if err != nil {
		return nil, err
	}
	cards, err := card.NewPrinter()
	if err != nil {
		return nil, err
	}
	return handlers.New(handlers.Deps{Store: a.store, IRIs: a.iris, Documents: activitypub.NewDocuments(a.store, a.iris), Inbox: inbox,
		Outbox: a.outbox, Drafts: a.drafts, Accounts: a.accounts, Moderation: moderation.NewService(a.store), Pictures: a.pictures, Copies: a.copies, Cards: cards, Resolver: a.resolver, Templates: pages,
		Catalogue: catalogue, Assets: assets, Log: a.log, Version: version, Proxies: c.TrustedProxies, Now: time.Now})
}

func (c *serveCmd) listen(server *http.Server, l net.Listener) error {
	var err error
	if c.TLSCert != "" {
		err = server.ServeTLS(l, c.TLSCert, c.TLSKey)
	} else {
		err = server.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// greet says where the site is, and on an empty instance where to begin.
func (c *serveCmd) greet(ctx context.Context, out *output, a *app) error {
	token, err := a.accounts.SetupLink(ctx)
	if err != nil {
		return err
	}
	out.printf("confnotes %s listens on %s, the site is %s\n", version, c.Listen, a.iris.Base())
	if reason, off := c.Off(); off {
		out.printf("%s\n", reason)
	}
	if token != "" {
		out.printf("Nobody has an account yet. Set up the site, once, at:\n\n    %s%s?token=%s\n\n", a.iris.Base(), templates.PathSetup, token)
	}
	return nil
}
