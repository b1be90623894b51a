package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"confnotes/internal/demo"
	"confnotes/templates"
)

// lines are what the demo says in the terminal.
type lines struct {
	out    *output
	quiet  bool
	colour bool
	mu     sync.Mutex
	day    string
}

func newLines(out *output, quiet bool) *lines {
	file, ok := out.stdout.(*os.File)
	colour := ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
	return &lines{out: out, quiet: quiet, colour: colour}
}

// Colours, as terminals number them.
const (
	dim    = "2"
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// in colours words, where there are colours.
func (l *lines) in(colour, words string) string {
	if !l.colour {
		return words
	}
	return "\x1b[" + colour + "m" + words + "\x1b[0m"
}

// event says what somebody does, under the day that it is.
func (l *lines) event(at time.Time, who, does string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.quiet {
		return
	}
	at = at.In(demo.Before().Location())
	if day := at.Format("Monday, 2 January 2006"); day != l.day {
		l.day = day
		l.out.printf("\n%s\n", l.in(bold, day))
	}
	l.out.printf("%s  %s %s\n", l.in(dim, at.Format("15:04")), l.in(yellow, who), does)
}

// logger makes a server's log part of the lines: its deliveries, and what goes wrong.
func (l *lines) logger(server string) *slog.Logger {
	return slog.New(&teller{l, server, slog.NewTextHandler(stderr{l}, &slog.HandlerOptions{Level: slog.LevelWarn})})
}

// stderr keeps warnings apart from the lines.
type stderr struct{ l *lines }

func (s stderr) Write(p []byte) (int, error) {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	return s.l.out.stderr.Write(p)
}

// teller is a slog.Handler that says each delivery in a line.
type teller struct {
	l      *lines
	server string
	slog.Handler
}

// Enabled lets the deliveries through, which are information.
func (t *teller) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// Handle says a delivery; warnings and errors go to the log.
func (t *teller) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		return t.Handler.Handle(ctx, r)
	}
	if r.Message == "delivery" {
		attrs := map[string]string{}
		r.Attrs(func(a slog.Attr) bool { attrs[a.Key] = a.Value.String(); return true })
		t.l.delivery(t.server, attrs)
	}
	return nil
}

// delivery says what went from one server to the other, and what that answered.
func (l *lines) delivery(from string, attrs map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ok := attrs["error"] == ""
	if l.quiet && ok {
		return
	}
	to := attrs["inbox"]
	if u, err := url.Parse(to); err == nil {
		to = u.Host
	}
	status, colour := attrs["status"], green
	if !ok {
		status, colour = strings.TrimSpace(status+" "+attrs["error"]), red
	}
	l.out.printf("       %s  %s\n", l.in(dim, fmt.Sprintf("%-8s %s → %s", attrs["type"], from, to)), l.in(colour, status))
}

// box draws a frame around rows.
func (l *lines) box(w io.Writer, rows []string) {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r))
	}
	_, _ = fmt.Fprintf(w, "\n%s\n", l.in(yellow, "╭"+strings.Repeat("─", width+4)+"╮"))
	for _, r := range rows {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(r))
		_, _ = fmt.Fprintf(w, "%s  %s%s  %s\n", l.in(yellow, "│"), r, pad, l.in(yellow, "│"))
	}
	_, _ = fmt.Fprintf(w, "%s\n", l.in(yellow, "╰"+strings.Repeat("─", width+4)+"╯"))
}

// ready says what to open, and, for a script, where both servers are.
func (c *demoCmd) ready(l *lines, s *stage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	home, away := s.home.iris.Base(), s.away.iris.Base()
	if !c.Quiet {
		rows := []string{
			"Open       " + home + "   six recaps of a weekend",
			"           " + home + "/@gwen/jour-1   a recap with its conversation",
			"           " + home + templates.PathNotifications + "   what its author hears of (sign in first)",
			"Elsewhere  " + away + "   the server of those who answer",
			"",
			"Sign in    " + home + templates.PathSignIn + "   as gwen, imogen or amadou",
			"Password   " + demoPassword,
			"",
			"It is the evening of 12 June 2026 at Port-Kerval.",
			c.ending(),
		}
		l.box(l.out.stdout, rows)
	}
	l.out.printf("ready %s %s\n", home, away)
}

func (c *demoCmd) ending() string {
	if c.Keep != "" {
		return "Ctrl-C ends it; everything stays in " + c.Keep + "."
	}
	return "Ctrl-C ends it and removes everything."
}
