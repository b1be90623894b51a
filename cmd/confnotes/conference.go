package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"confnotes/internal/config"
	"confnotes/internal/programme"
	"confnotes/models"
)

type conferenceCmd struct {
	Add  conferenceAddCmd  `cmd:"" help:"Add a conference."`
	List conferenceListCmd `cmd:"" help:"List the conferences, the last to begin first."`
}

type conferenceAddCmd struct {
	config.Common
	Handle  string `arg:"" help:"Lowercase letters, digits, underscores; it can't be changed later. The conference is followed by it."`
	Name    string `required:"" help:"Name that readers see."`
	Zone    string `required:"" help:"Time zone by its IANA name, such as Europe/Paris."`
	Start   string `required:"" placeholder:"DATE" help:"First day, such as 2026-06-11."`
	End     string `placeholder:"DATE" help:"Last day; the first if it is left out."`
	City    string `help:"Where it is."`
	URL     string `name:"url" placeholder:"URL" help:"Its own site."`
	Hashtag string `help:"Its hashtag, with or without #."`
	Series  string `placeholder:"HANDLE" help:"The series that every edition flows into, such as kormoran; it is set up if it isn't there."`
	Owner   string `placeholder:"HANDLE" help:"Account that looks after it; owners of the site always may."`
}

// Run adds the conference.
func (c *conferenceAddCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	n := programme.New{Handle: c.Handle, Name: c.Name, Zone: c.Zone, StartsOn: c.Start, EndsOn: c.End, City: c.City, URL: c.URL, Hashtag: c.Hashtag}
	if c.Series != "" {
		n.Series = &c.Series
	}
	if c.Owner != "" {
		if n.By, err = store.Accounts.ByHandle(ctx, c.Owner); err != nil {
			return noAccount(c.Owner, err)
		}
	}
	added, err := programmes(store, out).Add(ctx, n)
	if err != nil {
		return err
	}
	out.printf("added %s: %s, %s\n", added.Actor.Handle, added.Actor.Name, when(added))
	out.errorf("Import its schedule with: confnotes import schedule FILE|URL --conference %s\n", added.Actor.Handle)
	return nil
}

type conferenceListCmd struct{ config.Common }

// listed is how many conferences are listed.
const listed = 1000

// Run lists handle, first day, last day, zone and name, separated by tabs.
func (c *conferenceListCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	all, err := store.Conferences.List(ctx, listed)
	for _, one := range all {
		out.printf("%s\t%s\t%s\t%s\t%s\n", one.Actor.Handle, one.StartsOn, one.EndsOn, one.Zone, one.Actor.Name)
	}
	return err
}

// programmes is the service without a way out, for commands that need none.
func programmes(store *models.Store, out *output) *programme.Service {
	return programme.NewService(store, makeKeys, nil, newLogger(out, "warn"), now)
}

func when(c *models.Conference) string {
	if c.StartsOn == c.EndsOn {
		return c.StartsOn + ", " + c.Zone
	}
	return c.StartsOn + " to " + c.EndsOn + ", " + c.Zone
}

// noConference says how to add a conference that isn't there, with what its schedule says.
func noConference(handle string, from programme.New, err error) error {
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	line := "confnotes conference add " + quoted(handle)
	for _, f := range []struct{ flag, value string }{{"name", from.Name}, {"zone", from.Zone}, {"start", from.StartsOn}, {"end", from.EndsOn}, {"url", from.URL}, {"hashtag", from.Hashtag}} {
		if f.value == "" && f.flag == "name" {
			f.value = handle
		}
		if f.value != "" {
			line += " --" + f.flag + " " + quoted(f.value)
		}
	}
	return fmt.Errorf("there is no conference %q. Add it, then import again:\n\n    %s", handle, line)
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+,=", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
