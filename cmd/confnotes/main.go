// Command confnotes is the whole program: one file a subcommand, and the wiring.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // conferences have zones, and not every machine has their names

	"github.com/alecthomas/kong"

	"confnotes/internal/account"
	"confnotes/internal/config"
	"confnotes/models"
)

// version is set at build time: -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

type cli struct {
	Config kong.ConfigFlag `help:"TOML file with settings: one key for each flag." env:"CONFNOTES_CONFIG" placeholder:"FILE"`

	Serve      serveCmd      `cmd:"" help:"Run the server."`
	Demo       demoCmd       `cmd:"" help:"Open a throw-away site with a sample conference, and a second one that follows and answers it."`
	Account    accountCmd    `cmd:"" help:"Add, list, change and delete accounts."`
	Publish    publishCmd    `cmd:"" help:"Publish a Markdown file with front matter."`
	Conference conferenceCmd `cmd:"" help:"Add and list conferences."`
	Import     importCmd     `cmd:"" help:"Import a conference's schedule."`
	Doctor     doctorCmd     `cmd:"" help:"Look at the running server from outside, as another server does, and say what to change."`
	Version    versionCmd    `cmd:"" help:"Say which version this is."`
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(out *output) error {
	out.printf("confnotes %s\n", version)
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], &output{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// Exit codes: 0 done, 1 failed, 2 the words of the command were off.
const (
	exitFailed = 1
	exitUsage  = 2
)

func run(ctx context.Context, args []string, out *output) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("confnotes"),
		kong.Description("Publish talk notes and recaps from conferences, followed from anywhere on the fediverse."),
		kong.Configuration(config.TOML),
		kong.Writers(out.stdout, out.stderr),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(out),
		kong.UsageOnError(),
	)
	if err != nil {
		out.errorf("confnotes: %v\n", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		out.errorf("confnotes: %v\nSee `confnotes --help`.\n", err)
		return exitUsage
	}
	if err := parsed.Run(); err != nil {
		out.errorf("confnotes: %s\n", explain(err))
		return exitFailed
	}
	return 0
}

// explain says what to do where an error alone does not.
func explain(err error) string {
	switch {
	case errors.Is(err, models.ErrBusy):
		return "the database is busy: another command or a backup holds it; try again"
	case errors.Is(err, account.ErrLastOwner):
		return "this is the last owner: make somebody else an owner first (confnotes account role HANDLE owner)"
	}
	return err.Error()
}

// output is where a command reads and writes.
type output struct {
	stdin          *os.File
	stdout, stderr interface{ Write([]byte) (int, error) }
}

func (o *output) printf(format string, args ...any) { _, _ = fmt.Fprintf(o.stdout, format, args...) }
func (o *output) errorf(format string, args ...any) { _, _ = fmt.Fprintf(o.stderr, format, args...) }
