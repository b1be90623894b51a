package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"confnotes/activitypub"
	"confnotes/internal/account"
	"confnotes/internal/demo"
	"confnotes/internal/demo/draw"
	"confnotes/internal/frontmatter"
	"confnotes/models"
)

// clock is the time of the story on both servers: it is turned on to each event, and
// runs from there.
type clock struct {
	mu        sync.Mutex
	at, since time.Time
}

func newClock(at time.Time) *clock { return &clock{at: at, since: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.since))
}

// turn sets the time. It is never turned back.
func (c *clock) turn(to time.Time) {
	if to.After(c.now()) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.at, c.since = to, time.Now()
	}
}

// player is somebody who acts in the story.
type player struct {
	demo.Person
	on      *playhouse
	account *models.Account
}

// demoPassword opens every account: nobody but this machine reaches them.
const demoPassword = "port-kerval"

// play makes the people and plays the story, one event after the other: each has
// arrived before the next begins.
func (s *stage) play(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	for _, e := range demo.Story() {
		s.clock.turn(e.At)
		if err := s.act(ctx, e); err != nil {
			return fmt.Errorf("the story: %s can't %s %s: %w", e.Who, e.Does, e.What, err)
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	return s.gather(ctx)
}

// prepare has the people sign up and the pictures drawn, side by side.
func (s *stage) prepare(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	cast := map[*playhouse]demo.Server{s.home: demo.Home(), s.away: demo.Away()}
	for on, server := range cast {
		for _, p := range server.People {
			s.people[p.Handle] = &player{Person: p, on: on}
		}
	}
	for on, server := range cast {
		group.Go(func() error { return s.settleIn(ctx, on, server) })
	}
	group.Go(func() error { return s.unpack() })
	return group.Wait()
}

// settleIn makes a server's accounts, the first of which sets it up.
func (s *stage) settleIn(ctx context.Context, on *playhouse, server demo.Server) error {
	token, err := on.accounts.SetupLink(ctx)
	if err != nil {
		return err
	}
	for i, p := range server.People {
		n := account.New{Handle: p.Handle, Name: p.Name, Password: demoPassword, Role: models.RoleAuthor}
		if i == 0 {
			_, err = on.accounts.SetUp(ctx, account.Setup{Token: token, SiteName: server.Name, SiteLanguage: server.Language, Owner: n})
		} else {
			_, err = on.accounts.Add(ctx, n)
		}
		if err != nil {
			return fmt.Errorf("add %s: %w", p.Handle, err)
		}
		a, err := on.store.Accounts.ByHandle(ctx, p.Handle)
		if err != nil {
			return err
		}
		if err := on.accounts.SetProfile(ctx, a, p.Name, p.Bio, p.Language); err != nil {
			return fmt.Errorf("the profile of %s: %w", p.Handle, err)
		}
		if err := on.setFace(ctx, a); err != nil {
			return fmt.Errorf("the face of %s: %w", p.Handle, err)
		}
		s.people[p.Handle].account = a
	}
	return nil
}

// setFace gives somebody their portrait. It is there before anything is sent, so that
// whoever first hears of them sees it.
func (p *playhouse) setFace(ctx context.Context, of *models.Account) error {
	var file bytes.Buffer
	if err := draw.WritePNG(&file, of.Actor.Handle); err != nil {
		return err
	}
	upload, err := p.pictures.Receive(&file)
	if err != nil {
		return err
	}
	defer func() { _ = upload.Close() }()
	return p.pictures.SetFace(ctx, of, upload)
}

// unpack puts the recaps into a folder, as somebody who writes them would have them.
func (s *stage) unpack() error {
	dir := s.recaps()
	if err := os.CopyFS(dir, demo.Recaps()); err != nil {
		return fmt.Errorf("unpack the recaps: %w", err)
	}
	for _, e := range demo.Story() {
		if e.Does != demo.Publish {
			continue
		}
		path := filepath.Join(dir, e.What)
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, bytes.ReplaceAll(text, []byte(demo.Site), []byte(s.home.iris.Base())), 0o600)
		}
		if err != nil {
			return fmt.Errorf("unpack the recaps: %w", err)
		}
	}
	return drawAll(dir)
}

// drawAll draws every picture into a folder.
func drawAll(dir string) error {
	for _, name := range draw.Names() {
		file, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			return fmt.Errorf("draw: %w", err)
		}
		if err := errors.Join(draw.WritePNG(file, name), file.Close()); err != nil {
			return fmt.Errorf("draw: %w", err)
		}
	}
	return nil
}

func (s *stage) recaps() string { return filepath.Join(s.folder, "recaps") }

// act has one thing happen.
func (s *stage) act(ctx context.Context, e demo.Event) error {
	p := s.people[e.Who]
	if p == nil {
		return fmt.Errorf("nobody is called %s", e.Who)
	}
	switch e.Does {
	case demo.Publish:
		return s.publish(ctx, p, e)
	case demo.Follow:
		address := "@" + s.people[e.What].on.iris.Acct(e.What)
		s.lines.event(s.clock.now(), e.Who, "follows "+address)
		_, err := p.on.outbox.Follow(ctx, p.account, address)
		return err
	}
	post, err := p.on.find(ctx, s.known[e.What])
	if err != nil {
		return err
	}
	switch e.Does {
	case demo.Like:
		s.lines.event(s.clock.now(), e.Who, "likes "+called(post))
		return p.on.outbox.React(ctx, p.account, post, models.ReactionLike)
	case demo.Boost:
		s.lines.event(s.clock.now(), e.Who, "boosts "+called(post))
		return p.on.outbox.React(ctx, p.account, post, models.ReactionAnnounce)
	case demo.Edit:
		s.lines.event(s.clock.now(), e.Who, "edits "+called(post))
		_, err := p.on.outbox.EditAnswer(ctx, p.account, post, e.Text)
		return err
	}
	return s.reply(ctx, p, e, post)
}

func (s *stage) publish(ctx context.Context, p *player, e demo.Event) error {
	c := publishCmd{File: filepath.Join(s.recaps(), e.What), As: p.Handle}
	file, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	doc, err := frontmatter.Parse(file)
	if err != nil {
		return err
	}
	s.lines.event(s.clock.now(), e.Who, "publishes “"+doc.Title+"”")
	in, err := c.input(ctx, s.lines.out, p.on.app, doc)
	if err != nil {
		return err
	}
	if _, err := c.publish(ctx, s.lines.out, p.on.app, in, doc.Date); err != nil {
		return err
	}
	post, err := p.on.store.Posts.ByPath(ctx, p.Handle, in.Text.Slug)
	if err != nil {
		return err
	}
	s.known[e.Key] = p.on.iris.Post(post)
	return nil
}

func (s *stage) reply(ctx context.Context, p *player, e demo.Event, to *models.Post) error {
	s.lines.event(s.clock.now(), e.Who, "answers "+called(to))
	done, err := p.on.outbox.Answer(ctx, activitypub.Answer{Account: p.account, To: to, ClientID: models.NewPublicID(), Source: e.Text, Language: p.Language})
	if err != nil {
		return err
	}
	if len(done.Unresolved) > 0 {
		return fmt.Errorf("%v were not found", done.Unresolved)
	}
	if e.Key != "" {
		s.known[e.Key] = p.on.iris.Post(done.Post)
	}
	return nil
}

// called is what a post is called in a line.
func called(p *models.Post) string {
	if p.HeadsThread() {
		return "“" + p.Title + "”"
	}
	return "a reply"
}

// find returns what stands under an id, written here or come from elsewhere.
func (p *playhouse) find(ctx context.Context, iri string) (*models.Post, error) {
	if ref, err := p.iris.Parse(iri); err == nil {
		return p.store.Posts.ByPublicID(ctx, ref.Name)
	}
	return p.store.Posts.ByURI(ctx, iri)
}
