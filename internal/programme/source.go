package programme

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// Bounds of how often a schedule is looked at by itself.
const (
	MinRefresh = 5 * time.Minute
	MaxRefresh = 30 * 24 * time.Hour
)

const (
	lookEvery = time.Minute // whether a schedule is due
	atOnce    = 10          // schedules a look
	maxReason = 500         // bytes of an error that are kept
)

// ErrRefresh: a schedule can't be looked at that often, or isn't at an address.
var ErrRefresh = fmt.Errorf("a schedule is looked at again every %d minutes to %d days, or with 0 never, and only at an address: a file has none", int(MinRefresh.Minutes()), int(MaxRefresh.Hours())/24)

func checkRefresh(from Source) error {
	if r := from.Refresh; r != nil && *r != 0 && (*r < MinRefresh || *r > MaxRefresh || from.URL == "") {
		return ErrRefresh
	}
	return nil
}

// File is a schedule as it came.
type File struct {
	Name   string
	Data   []byte
	Source Source
}

// Given makes a File of what somebody uploaded or named.
func Given(name string, data []byte) *File {
	sum := sha256.Sum256(data)
	return &File{Name: name, Data: data, Source: Source{Hash: hex.EncodeToString(sum[:])}}
}

// Fetch gets a schedule from an address.
func (s *Service) Fetch(ctx context.Context, url string) (*File, error) {
	return s.fetch(ctx, url, "", "")
}

// fetch returns nil if what stands there is still what etag and modified came with.
func (s *Service) fetch(ctx context.Context, url, etag, modified string) (*File, error) {
	body, etag, modified, err := s.fetcher.File(ctx, url, etag, modified)
	if err != nil || body == nil {
		return nil, err
	}
	f := Given(url, body)
	f.Source.URL, f.Source.ETag, f.Source.Modified = url, etag, modified
	return f, nil
}

// Read reads a file. zone goes before what the file says, fallback stands in where it
// says nothing; either may be nil. Errors are schedule's.
func (f *File) Read(zone, fallback *time.Location) (*schedule.Schedule, error) {
	read, err := schedule.Read(f.Data, schedule.Options{Name: f.Name, Zone: zone})
	if errors.Is(err, schedule.ErrNoZone) && zone == nil && fallback != nil {
		return schedule.Read(f.Data, schedule.Options{Name: f.Name, Zone: fallback})
	}
	return read, err
}

// setSource records where a programme comes from, and when to look there again.
func (s *Service) setSource(ctx context.Context, tx *models.Store, p *Plan, from Source) error {
	now := s.now().UTC()
	row := &models.ScheduleSource{ConferenceID: p.Conference.ID, URL: from.URL, Format: string(p.Schedule.Format), Version: p.Schedule.Version,
		Hash: from.Hash, ETag: from.ETag, Modified: from.Modified, ReadAt: now}
	before, err := tx.Schedules.Source(ctx, p.Conference.ID)
	switch {
	case err != nil && !errors.Is(err, models.ErrNotFound):
		return err
	case from.Refresh != nil:
		row.Refresh = int64(from.Refresh.Seconds())
	case err == nil && before.URL == from.URL:
		row.Refresh = before.Refresh
	}
	row.NextAt = next(row, now)
	return tx.Schedules.SetSource(ctx, row)
}

func next(row *models.ScheduleSource, now time.Time) *time.Time {
	if row.Refresh == 0 {
		return nil
	}
	at := now.Add(time.Duration(row.Refresh) * time.Second)
	return &at
}

// Run looks at the schedules that are due, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "schedules", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s *Service) round(ctx context.Context) error {
	due, err := s.store.Schedules.Due(ctx, s.now(), atOnce)
	if err != nil {
		return err
	}
	for _, source := range due {
		err = errors.Join(err, s.look(ctx, source))
	}
	return err
}

// look brings one programme up to date. What goes wrong with the schedule is recorded
// with it; what is returned is ours.
func (s *Service) look(ctx context.Context, source *models.ScheduleSource) error {
	failed := s.refresh(ctx, source)
	if ctx.Err() != nil {
		return nil
	}
	if failed != nil {
		s.log.WarnContext(ctx, "a schedule wasn't imported", "conference", source.ConferenceID, "url", source.URL, "error", failed)
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		row, err := tx.Schedules.Source(ctx, source.ConferenceID)
		if err != nil || row.URL != source.URL {
			return err // it comes from elsewhere by now
		}
		if row.Error, row.NextAt = "", next(row, s.now().UTC()); failed != nil {
			row.Error = reason(failed)
		}
		return tx.Schedules.SetSource(ctx, row)
	})
}

func reason(err error) string {
	text := strings.ToValidUTF8(line(err.Error()), "")
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

func (s *Service) refresh(ctx context.Context, source *models.ScheduleSource) error {
	file, err := s.fetch(ctx, source.URL, source.ETag, source.Modified)
	if err != nil || file == nil || file.Source.Hash == source.Hash {
		return err
	}
	c, err := s.store.Conferences.ByID(ctx, source.ConferenceID)
	if err != nil {
		return err
	}
	from, err := file.Read(nil, c.Location())
	if err != nil {
		return err
	}
	plan, err := s.Preview(ctx, c, from)
	if err != nil {
		return err
	}
	_, err = s.Apply(ctx, plan, file.Source, nil)
	return err
}
