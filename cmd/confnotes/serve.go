package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"confnotes/internal/config"
	"confnotes/templates"
)

type serveCmd struct {
	config.Common
	config.Federation
	config.Serve
}

// Run serves until a signal ends ctx.
func (c *serveCmd) Run(ctx context.Context, out *output) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	a, err := open(ctx, c.Data, c.Federation, around{log: newLogger(out, c.LogLevel), now: now})
	if err != nil {
		return err
	}
	defer a.close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if err := c.greet(ctx, out, a.app); err != nil {
		return errors.Join(err, listener.Close())
	}
	return a.serve(ctx, c.Serve, listener)
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
