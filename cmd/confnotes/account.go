package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"

	"confnotes/internal/account"
	"confnotes/internal/config"
	"confnotes/models"
)

type accountCmd struct {
	Add       accountAddCmd       `cmd:"" help:"Add an account."`
	List      accountListCmd      `cmd:"" help:"List the accounts."`
	Password  accountPasswordCmd  `cmd:"" help:"Set a new password; signs the account out everywhere."`
	Role      accountRoleCmd      `cmd:"" help:"Change what an account may do."`
	RotateKey accountRotateKeyCmd `cmd:"" help:"Have an account, a conference, or the server itself (instance), sign with new keys. Its followers stay."`
	Alias     accountAliasCmd     `cmd:"" help:"Say that an account is also one elsewhere, to move its followers here from there."`
	Move      accountMoveCmd      `cmd:"" help:"Move an account's followers to another one, which has to name this account first."`
	Delete    accountDeleteCmd    `cmd:"" help:"Delete an account with everything it wrote, here and, as far as they follow, on other servers."`
}

type accountAddCmd struct {
	config.Common
	Handle        string `arg:"" help:"Lowercase letters, digits, underscores; it can't be changed later."`
	Role          string `help:"${enum}." enum:"owner,editor,author" default:"author"`
	Name          string `help:"Name that readers see."`
	PasswordStdin bool   `help:"Read the password from standard input."`
}

// Run adds the account.
func (c *accountAddCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	password, err := readPassword(out, c.PasswordStdin)
	if err != nil {
		return err
	}
	a, err := services(store).Add(ctx, account.New{Handle: c.Handle, Name: c.Name, Password: password, Role: c.Role})
	if err != nil {
		return err
	}
	out.printf("added %s, %s\n", a.Actor.Handle, a.Role)
	return nil
}

type accountListCmd struct{ config.Common }

// Run lists handle, role and name, separated by tabs.
func (c *accountListCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	accounts, err := store.Accounts.List(ctx)
	for _, a := range accounts {
		out.printf("%s\t%s\t%s\n", a.Actor.Handle, a.Role, a.Actor.Name)
	}
	return err
}

type accountPasswordCmd struct {
	config.Common
	Handle        string `arg:""`
	PasswordStdin bool   `help:"Read the password from standard input."`
}

// Run sets the password.
func (c *accountPasswordCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	a, err := store.Accounts.ByHandle(ctx, c.Handle)
	if err != nil {
		return noAccount(c.Handle, err)
	}
	password, err := readPassword(out, c.PasswordStdin)
	if err != nil {
		return err
	}
	if err := services(store).SetPassword(ctx, a, password, ""); err != nil {
		return err
	}
	out.printf("%s has a new password and is signed out everywhere\n", a.Actor.Handle)
	return nil
}

type accountRoleCmd struct {
	config.Common
	Handle string `arg:""`
	Role   string `arg:"" enum:"owner,editor,author" help:"${enum}."`
}

// Run changes the role.
func (c *accountRoleCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := services(store).SetRole(ctx, c.Handle, c.Role); err != nil {
		return noAccount(c.Handle, err)
	}
	out.printf("%s is %s\n", c.Handle, c.Role)
	return nil
}

type accountRotateKeyCmd struct {
	config.Common
	Handle string `arg:""`
}

// Run makes the new keys.
func (c *accountRotateKeyCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := services(store).RotateKeys(ctx, c.Handle); err != nil {
		return noAccount(c.Handle, err)
	}
	out.printf("%s signs with new keys from now on; other servers learn them while `confnotes serve` runs\n", c.Handle)
	return nil
}

type accountDeleteCmd struct {
	config.Common
	config.Federation
	Handle string `arg:""`
	Yes    bool   `help:"Don't ask."`
}

// Run deletes the account after asking for the handle again.
func (c *accountDeleteCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if _, err := store.Accounts.ByHandle(ctx, c.Handle); err != nil {
		return noAccount(c.Handle, err)
	}
	if !c.Yes {
		out.errorf("This deletes %s and every article it published, for ever; the handle can't be used again.\nType the handle to go on: ", c.Handle)
		answer, _ := bufio.NewReader(out.stdin).ReadString('\n')
		if strings.TrimSpace(answer) != c.Handle {
			return errors.New("nothing was deleted; to delete without being asked give --yes")
		}
	}
	if err := identity(ctx, store, &c.Federation); err != nil {
		return err
	}
	a, err := wire(store, c.Data, c.Federation, around{log: newLogger(out, "warn"), now: now})
	if err != nil {
		return err
	}
	if err := a.outbox.DeleteAccount(ctx, c.Handle); err != nil {
		return noAccount(c.Handle, err)
	}
	out.printf("deleted %s; other servers are told while `confnotes serve` runs\n", c.Handle)
	return nil
}

func services(store *models.Store) *account.Service {
	return account.NewService(store, makeKeys, now)
}

func noAccount(handle string, err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("there is no account %q: see `confnotes account list`", handle)
	}
	return err
}

// readPassword reads a line from standard input, or asks twice at a terminal.
func readPassword(out *output, fromStdin bool) (string, error) {
	if fromStdin {
		line, err := bufio.NewReader(out.stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	fd := int(out.stdin.Fd())
	if !term.IsTerminal(fd) {
		return "", errors.New("no terminal to ask for the password at: give it on standard input with --password-stdin")
	}
	var typed [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		out.errorf("%s", prompt)
		b, err := term.ReadPassword(fd)
		out.errorf("\n")
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two passwords differ")
	}
	return typed[0], nil
}
