package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"confnotes/internal/config"
	"confnotes/internal/programme"
	"confnotes/internal/schedule"
	"confnotes/models"
)

type importCmd struct {
	Schedule importScheduleCmd `cmd:"" help:"Import a schedule: XML or JSON of pretalx and frab, iCalendar (Sched, pretalx), Sessionize's view/All or view/GridSmart. Again, it changes what has changed."`
}

type importScheduleCmd struct {
	config.Common
	config.Federation
	From       string         `arg:"" name:"file|url" help:"File, or its address."`
	Conference string         `required:"" placeholder:"HANDLE" help:"Conference that it is of."`
	Zone       string         `help:"Time zone by its IANA name, for a file that has none; it goes before what the file says."`
	DryRun     bool           `help:"Say what would change, and change nothing."`
	JSON       bool           `name:"json" help:"Answer in JSON."`
	Refresh    *time.Duration `placeholder:"1h" help:"Look at the address again this often, while the server runs; 0 for never."`
}

// Run imports the schedule, or says what that would do.
func (c *importScheduleCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	service, file, err := c.get(ctx, out, store)
	if err != nil {
		return err
	}
	file.Source.Refresh = c.Refresh
	conference, err := store.Conferences.ByHandle(ctx, c.Conference)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	read, readErr := c.read(file, conference)
	if readErr != nil {
		return readErr
	}
	if conference == nil {
		return noConference(c.Conference, programme.Suggest(read), err)
	}
	plan, err := service.Preview(ctx, conference, read)
	if err == nil && !c.DryRun {
		plan, err = service.Apply(ctx, plan, file.Source, progress(out, len(read.Talks)))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file.Name, err)
	}
	r := report(plan, file, c.DryRun)
	if c.JSON {
		return r.json(out)
	}
	r.print(out)
	return nil
}

// get reads the file, or fetches it.
func (c *importScheduleCmd) get(ctx context.Context, out *output, store *models.Store) (*programme.Service, *programme.File, error) {
	if lower := strings.ToLower(c.From); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		if err := identity(ctx, store, &c.Federation); err != nil {
			return nil, nil, err
		}
		a, err := wire(store, c.Data, c.Federation, around{log: newLogger(out, "warn"), now: now})
		if err != nil {
			return nil, nil, err
		}
		file, err := a.programmes.Fetch(ctx, c.From)
		if err != nil {
			return nil, nil, fmt.Errorf("%w\nIs this the address of the schedule itself? A file works, too: confnotes import schedule FILE --conference %s", err, c.Conference)
		}
		return a.programmes, file, nil
	}
	f, err := os.Open(c.From)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, schedule.MaxSize+1))
	if err != nil {
		return nil, nil, err
	}
	return programmes(store, out), programme.Given(filepath.Base(c.From), data), nil
}

// read reads the schedule. A file without a zone needs --zone even where the conference
// has one: whoever imports knows whether its times are meant in that.
func (c *importScheduleCmd) read(file *programme.File, conference *models.Conference) (*schedule.Schedule, error) {
	var zone *time.Location
	if c.Zone != "" {
		var err error
		if zone, err = programme.Zone(c.Zone); err != nil {
			return nil, fmt.Errorf("--%w", err)
		}
	}
	read, err := file.Read(zone, nil)
	if errors.Is(err, schedule.ErrNoZone) {
		such := "Europe/Paris"
		if conference != nil {
			such = conference.Zone
		}
		return nil, fmt.Errorf("%w\nNothing was changed; import again with --zone %s", err, such)
	}
	if err != nil {
		return nil, fmt.Errorf("%w\nNothing was changed", err)
	}
	return read, nil
}

// large is how many talks take long enough to say how far it is.
const large = 200

// progress keeps a line on a terminal, and only there.
func progress(out *output, talks int) programme.Progress {
	stderr, ok := out.stderr.(*os.File)
	if !ok || talks < large || !term.IsTerminal(int(stderr.Fd())) {
		return nil
	}
	return func(done, total int) {
		switch {
		case done == total:
			out.errorf("\r\x1b[K")
		case done%50 == 0:
			out.errorf("\r%d of %d talks", done, total)
		}
	}
}
