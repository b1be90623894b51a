package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sync/errgroup"

	"confnotes/internal/config"
	"confnotes/internal/demo"
)

type demoCmd struct {
	Listen string `help:"Address of the site, on this machine; port 0 takes any that is free. The second server takes a free port after it." default:"localhost:8080" env:"CONFNOTES_LISTEN"`
	Keep   string `help:"Keep everything in this new or empty folder; otherwise nothing is left behind." type:"path" placeholder:"DIR" env:"CONFNOTES_KEEP"`
	Quiet  bool   `help:"Say nothing but the last line, 'ready URL URL', once everything is there." env:"CONFNOTES_QUIET"`
}

// Help says what there is to see.
func (demoCmd) Help() string {
	return `A made-up conference weekend at Port-Kerval: three authors, six recaps with pictures.
A second server, beside it on this machine, has five people who follow, like, boost and
answer over signed HTTP; the terminal shows each delivery. Nothing leaves the machine:
both servers speak to each other alone.`
}

// Run opens the demo until a signal ends ctx.
func (c *demoCmd) Run(ctx context.Context, out *output) error {
	folder, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer remove()
	home, away, err := c.listeners()
	if err != nil {
		return err
	}
	lines := newLines(out, c.Quiet)
	stage, err := build(ctx, folder, lines, home, away)
	if ctx.Err() != nil {
		return nil // Ctrl-C in the first moment
	}
	if err != nil {
		return err
	}
	defer stage.close()
	return stage.run(ctx, func() { c.ready(lines, stage) })
}

// folder is where everything is kept, and what takes it away at the end.
func (c *demoCmd) folder() (dir string, remove func(), err error) {
	if c.Keep == "" {
		dir, err = os.MkdirTemp("", "confnotes-demo-")
		return dir, func() { _ = os.RemoveAll(dir) }, err
	}
	if err := os.MkdirAll(c.Keep, 0o700); err != nil {
		return "", nil, fmt.Errorf("--keep: %w", err)
	}
	if entries, err := os.ReadDir(c.Keep); err != nil || len(entries) > 0 {
		return "", nil, errors.Join(err, fmt.Errorf("--keep %s: there is something in it already: name a new or an empty folder", c.Keep))
	}
	return c.Keep, func() {}, nil
}

// portsTried is how many ports after the first one are tried for the second server.
const portsTried = 20

// listeners takes the ports of the two servers.
func (c *demoCmd) listeners() (home, away net.Listener, err error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if ip, notIP := netip.ParseAddr(host); err != nil || host != "localhost" && (notIP != nil || !ip.IsLoopback()) {
		return nil, nil, fmt.Errorf("--listen %s: the demo stays on this machine: give localhost and a port, such as localhost:8090", c.Listen)
	}
	home, err = net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, nil, fmt.Errorf("port %s is taken by another program: stop it, or give another port with --listen %s", port, net.JoinHostPort(host, "8090"))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	first := home.Addr().(*net.TCPAddr).Port
	for next := first + 1; next <= min(first+portsTried, 65535); next++ {
		if away, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next))); err == nil {
			return home, away, nil
		}
	}
	return nil, nil, errors.Join(fmt.Errorf("no port is free after %d for the second server: give another with --listen", first), err, home.Close())
}

// stage is the two servers and who acts on them.
type stage struct {
	folder     string
	home, away *playhouse
	clock      *clock
	lines      *lines
	people     map[string]*player
	known      map[string]string // ids by the keys of the story
}

// playhouse is one of the servers, with the listener it answers on.
type playhouse struct {
	*instance
	listener net.Listener
	settings config.Serve
}

// build makes both servers and their people.
func build(ctx context.Context, folder string, lines *lines, home, away net.Listener) (*stage, error) {
	s := &stage{folder: folder, clock: newClock(demo.Before()), lines: lines, people: map[string]*player{}, known: map[string]string{}}
	peers := []string{authority(home), authority(away)}
	var err error
	if s.home, err = s.open(ctx, "home", home, peers); err != nil {
		return nil, errors.Join(err, home.Close(), away.Close())
	}
	if s.away, err = s.open(ctx, "away", away, peers); err != nil {
		s.home.close()
		return nil, errors.Join(err, home.Close(), away.Close())
	}
	return s, nil
}

// authority is a listener's address as URLs have it: by name, where it was given one.
func authority(l net.Listener) string {
	addr := l.Addr().(*net.TCPAddr)
	return net.JoinHostPort("localhost", strconv.Itoa(addr.Port))
}

// loopback is all that federation may reach here.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func (s *stage) open(ctx context.Context, name string, l net.Listener, peers []string) (*playhouse, error) {
	f := config.Federation{BaseURL: "http://" + authority(l), AllowNetwork: loopback}
	i, err := open(ctx, filepath.Join(s.folder, name), f, around{log: s.lines.logger(authority(l)), now: s.clock.now, peers: peers})
	return &playhouse{i, l, config.Serve{}}, err
}

func (s *stage) close() {
	s.home.close()
	s.away.close()
}

// run answers on both servers, plays the story, calls ready, and goes on until ctx ends.
func (s *stage) run(ctx context.Context, ready func()) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range []*playhouse{s.home, s.away} {
		group.Go(func() error { return p.serve(ctx, p.settings, p.listener) })
	}
	group.Go(func() error {
		err := s.play(ctx)
		if ctx.Err() != nil {
			return nil // Ctrl-C while the story ran
		}
		if err == nil {
			ready()
		}
		return err
	})
	return group.Wait()
}
