// Package introduce keeps what people show of themselves: fields with links that are checked,
// the hashtags that they put first, and where else they write.
package introduce

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// What a profile can have at most. Lengths are in characters.
const (
	MaxFields  = 4
	MaxLabel   = 100
	MaxValue   = 255
	MaxTags    = 10 // Mastodon reads no more
	MaxDomains = 10
	// MaxOffered is how many of the hashtags that somebody used are offered.
	MaxOffered = 20
)

// Job is the kind of the jobs that look whether a field's page leads back, in a lane of
// their own; the payload is the field's id.
const (
	Job  = "verify-link"
	Lane = "links"
)

// recheckAfter is how long it holds that a page leads back.
const recheckAfter = 7 * 24 * time.Hour

// Service saves profiles.
type Service struct {
	store *models.Store
	now   func() time.Time
}

// NewService makes a Service.
func NewService(store *models.Store, now func() time.Time) *Service { return &Service{store, now} }

// Field is a label and a value, as typed.
type Field struct{ Label, Value string }

// Input is a profile as typed.
type Input struct {
	Fields  []Field
	Tags    string // between spaces or commas
	Domains string // the same
}

// FieldName is what a form calls a part, "label" or "value", of its nth field.
func FieldName(n int, part string) string { return fmt.Sprintf("field-%d-%s", n, part) }

// Save stores what an account shows, and has the pages that it links to looked at. It
// returns *models.InvalidError.
func (s *Service) Save(ctx context.Context, a *models.Account, in Input) error {
	fields, err := cleanFields(in.Fields)
	if err != nil {
		return err
	}
	tags := draft.Tags(in.Tags)
	if err := draft.CheckTags(tags, MaxTags); err != nil {
		return err
	}
	domains, err := cleanDomains(in.Domains)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if err := tx.Profiles.SetFields(ctx, a.ActorID, fields); err != nil {
			return err
		}
		if err := tx.Profiles.SetFeaturedTags(ctx, a.ActorID, tags); err != nil {
			return err
		}
		if err := tx.Profiles.SetCreditDomains(ctx, a.ActorID, domains); err != nil {
			return err
		}
		stored, err := tx.Profiles.Fields(ctx, a.ActorID)
		if err != nil {
			return err
		}
		unproved := slices.DeleteFunc(stored, func(f *models.ProfileField) bool { return f.URL == "" || f.VerifiedAt != nil })
		return tx.Jobs.AddAll(ctx, jobs(unproved, s.now()))
	})
}

// Recheck has the pages looked at again that were last looked at a week ago.
func Recheck(ctx context.Context, tx *models.Store, now time.Time, limit int) error {
	due, err := tx.Profiles.CheckDue(ctx, now.Add(-recheckAfter), limit)
	if err != nil {
		return err
	}
	return tx.Jobs.AddAll(ctx, jobs(due, now))
}

func jobs(fields []*models.ProfileField, now time.Time) []*models.Job {
	all := make([]*models.Job, len(fields))
	for i, f := range fields {
		payload := strconv.FormatInt(f.ID, 10)
		all[i] = &models.Job{Lane: Lane, Kind: Job, UniqueKey: Job + " " + payload, Payload: payload, RunAt: now.UTC()}
	}
	return all
}

// cleanFields leaves empty fields out.
func cleanFields(typed []Field) ([]*models.ProfileField, error) {
	var fields []*models.ProfileField
	for n, t := range typed {
		f := &models.ProfileField{Label: line(t.Label), Value: line(t.Value)}
		switch {
		case f.Label == "" && f.Value == "":
			continue
		case f.Label == "":
			return nil, &models.InvalidError{Field: FieldName(n, "label"), Reason: models.Required}
		case f.Value == "":
			return nil, &models.InvalidError{Field: FieldName(n, "value"), Reason: models.Required}
		case utf8.RuneCountInString(f.Label) > MaxLabel:
			return nil, &models.InvalidError{Field: FieldName(n, "label"), Reason: models.TooLong, Limit: MaxLabel}
		case utf8.RuneCountInString(f.Value) > MaxValue:
			return nil, &models.InvalidError{Field: FieldName(n, "value"), Reason: models.TooLong, Limit: MaxValue}
		case len(fields) == MaxFields:
			return nil, &models.InvalidError{Field: FieldName(n, "label"), Reason: models.TooMany, Limit: MaxFields}
		}
		if page, ok := richtext.PageAddress(f.Value); ok {
			f.Value, f.URL = page, page // in one spelling: other servers compare text and link
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func line(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "")), " ")
}

// cleanDomains reads names of hosts; of an address it takes the host.
func cleanDomains(typed string) ([]string, error) {
	var domains []string
	for _, d := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		host, ok := hostOf(d)
		if !ok {
			return nil, &models.InvalidError{Field: "domains", Reason: models.BadDomain}
		}
		if !slices.Contains(domains, host) {
			domains = append(domains, host)
		}
	}
	if len(domains) > MaxDomains {
		return nil, &models.InvalidError{Field: "domains", Reason: models.TooMany, Limit: MaxDomains}
	}
	return domains, nil
}

// hostOf is a name with a dot in it: whoever names "com" would be credited everywhere.
func hostOf(typed string) (string, bool) {
	_, rest, found := strings.Cut(typed, "://")
	if !found {
		rest = typed
	}
	address, ok := richtext.PageAddress("https://" + rest)
	u, err := url.Parse(address)
	if !ok || err != nil || u.Port() != "" {
		return "", false
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	_, notIP := netip.ParseAddr(host)
	return host, notIP != nil && strings.Contains(host, ".")
}
