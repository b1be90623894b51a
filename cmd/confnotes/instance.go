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
	"confnotes/internal/introduce"
	"confnotes/internal/moderation"
	"confnotes/internal/talklink"
	"confnotes/models"
	"confnotes/static"
	"confnotes/templates"
)

// shutdownTime is how long requests under way may take after SIGTERM.
const shutdownTime = 10 * time.Second

// instance is the one server that a data folder has.
type instance struct {
	*app
	federates bool
	release   func()
}

// open takes a data folder for a server, brings its tables up to date and wires the parts.
func open(ctx context.Context, data string, f config.Federation, env around) (*instance, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	release, err := config.Lock(data)
	if err != nil {
		return nil, err
	}
	i := &instance{release: release}
	if i.app, err = ready(ctx, data, f, env); err != nil {
		release()
		return nil, err
	}
	_, off := f.Off()
	i.federates = !off
	err = i.accounts.EnsureInstanceActor(ctx, activitypub.InstanceHandle)
	if err == nil {
		err = i.accounts.EnsureEd25519(ctx, makeEd25519)
	}
	if err != nil {
		i.close()
		return nil, err
	}
	return i, nil
}

func ready(ctx context.Context, data string, f config.Federation, env around) (*app, error) {
	store, err := models.Open(data, true)
	if err != nil {
		return nil, err
	}
	err = store.Migrate(ctx, data)
	if err == nil {
		err = keepIdentity(ctx, store, f)
	}
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	a, err := wire(store, data, f, env)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return a, nil
}

func (i *instance) close() {
	_ = i.store.Close()
	i.release()
}

// serve answers on a listener and runs the loops until ctx ends. It closes the listener.
func (i *instance) serve(ctx context.Context, c config.Serve, listener net.Listener) error {
	inbox := activitypub.NewInbox(i.store, i.iris, i.resolver, i.outbox, i.log, i.now)
	catalogue, err := i18n.Load()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := i.handler(inbox, catalogue, c)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return answer(server, listener, c) })
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := server.Shutdown(end); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return server.Close() // whoever is still asking has had their time
	})
	if i.federates {
		errands := activitypub.NewErrands(i.store, inbox, i.resolver, i.client, i.copies, i.log, i.now)
		group.Go(func() error { return i.courier.Run(ctx) })
		group.Go(func() error { return errands.Run(ctx) })
	}
	group.Go(func() error { return i.pictures.Run(ctx) })
	group.Go(func() error { return i.copies.Run(ctx) })
	group.Go(func() error { return i.programmes.Run(ctx) })
	group.Go(func() error { return activitypub.NewAbreast(i.store, i.outbox, i.log).Run(ctx) })
	group.Go(func() error { return activitypub.NewUpkeep(i.store, i.outbox, i.log, i.now).Run(ctx) })
	group.Go(func() error { return activitypub.NewDigests(i.store, i.outbox, catalogue, i.log, i.now).Run(ctx) })
	return group.Wait()
}

func (i *instance) handler(inbox *activitypub.Inbox, catalogue *i18n.Catalogue, c config.Serve) (http.Handler, error) {
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
	return handlers.New(handlers.Deps{Store: i.store, IRIs: i.iris, Documents: activitypub.NewDocuments(i.store, i.iris), Inbox: inbox,
		Outbox: i.outbox, Drafts: i.drafts, Accounts: i.accounts, Introductions: introduce.NewService(i.store, i.now), Moderation: moderation.NewService(i.store), TalkLinks: talklink.NewService(i.store, i.now), Pictures: i.pictures, Copies: i.copies, Programmes: i.programmes, Doctor: i.doctor, Cards: cards, Resolver: i.resolver, Templates: pages,
		Catalogue: catalogue, Assets: assets, Log: i.log, Version: version, Proxies: c.TrustedProxies, Secure: c.SecureMode, Now: i.now})
}

// answer serves requests, with TLS where there is a certificate.
func answer(server *http.Server, l net.Listener, c config.Serve) error {
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
