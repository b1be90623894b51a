package activitypub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"confnotes/internal/draft"
	"confnotes/internal/i18n"
	"confnotes/internal/recap"
	"confnotes/models"
)

const (
	digestHour   = 22 // in the conference's zone
	digestEvery  = time.Minute
	digestMost   = 100                 // recaps in one
	digestReach  = 7 * 24 * time.Hour  // how far back the first one looks
	digestLinger = 30 * 24 * time.Hour // late recaps are gathered so long after the end
)

// Digests writes an article an evening for each conference whose followers want no more:
// it lists the recaps that were published since the last.
type Digests struct {
	store     *models.Store
	outbox    *Outbox
	catalogue *i18n.Catalogue
	log       *slog.Logger
	now       func() time.Time
}

// NewDigests makes the writer of digests.
func NewDigests(store *models.Store, outbox *Outbox, catalogue *i18n.Catalogue, log *slog.Logger, now func() time.Time) *Digests {
	return &Digests{store, outbox, catalogue, log, now}
}

// Run looks each minute whether it is evening somewhere, until ctx ends.
func (d *Digests) Run(ctx context.Context) error {
	tick := time.NewTicker(digestEvery)
	defer tick.Stop()
	for {
		if err := d.round(ctx); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "digests", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *Digests) round(ctx context.Context) error {
	all, err := d.store.Digests.Conferences(ctx, d.now().Add(-digestLinger).Format(time.DateOnly))
	if err != nil {
		return err
	}
	for _, c := range all {
		if cause := d.write(ctx, c); cause != nil {
			err = errors.Join(err, fmt.Errorf("digest of %s: %w", c.Actor.Handle, cause))
		}
	}
	return err
}

// lastEvening is the last time that it was the hour of digests in a conference's zone.
func lastEvening(c *models.Conference, now time.Time) time.Time {
	local := now.In(c.Location())
	evening := time.Date(local.Year(), local.Month(), local.Day(), digestHour, 0, 0, 0, local.Location())
	if local.Before(evening) {
		evening = time.Date(local.Year(), local.Month(), local.Day()-1, digestHour, 0, 0, 0, local.Location())
	}
	return evening
}

// write makes the digest that is due, if there is anything to tell and it isn't made yet.
func (d *Digests) write(ctx context.Context, c *models.Conference) error {
	until := lastEvening(c, d.now())
	digest := &models.Digest{ConferenceID: c.ID, Day: until.Format(time.DateOnly), Until: until.UTC()}
	after := until.Add(-digestReach)
	last, err := d.store.Digests.Last(ctx, c.ID)
	if err == nil {
		if last.Day >= digest.Day {
			return nil
		}
		after = last.Until
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	recaps, err := d.store.Digests.Recaps(ctx, c, after, until, digestMost)
	if err != nil || len(recaps) == 0 {
		return err
	}
	text, err := d.text(ctx, c, recaps, until)
	if err != nil {
		return err
	}
	err = d.outbox.publishDigest(ctx, c, digest, text)
	if errors.Is(err, models.ErrConflict) {
		return nil // another process was faster
	}
	return err
}

// text writes a digest: each recap with its summary and what its author took home from
// that day's talks. Mastodon shows the summary alone, which therefore names them all.
func (d *Digests) text(ctx context.Context, c *models.Conference, recaps []*models.Post, at time.Time) (models.RevisionText, error) {
	settings, err := d.store.Settings.All(ctx)
	if err != nil {
		return models.RevisionText{}, err
	}
	words := d.catalogue.For(settings[models.SettingSiteLanguage])
	authors, err := d.store.Actors.ByIDs(ctx, authorsOf(recaps))
	if err != nil {
		return models.RevisionText{}, err
	}
	days := make([]string, len(recaps))
	for i, p := range recaps {
		days[i] = p.Day
	}
	takeaways, err := d.store.Digests.Takeaways(ctx, c.ID, days)
	if err != nil {
		return models.RevisionText{}, err
	}
	intro := words.N("group.digest_intro", len(recaps), "Conference", c.Actor.DisplayName())
	t := models.RevisionText{Language: words.Language(), Summary: intro, Tags: c.Hashtag,
		Title: words.T("group.digest_title", "Conference", c.Actor.DisplayName(), "Date", words.Date(at))}
	var b strings.Builder
	b.WriteString(plainMarkdown(intro) + "\n")
	for _, p := range recaps {
		author := authors[p.ActorID]
		line := "\n– " + p.Title + " (" + author.DisplayName() + ")"
		if utf8.RuneCountInString(t.Summary+line) <= draft.MaxSummary {
			t.Summary += line
		}
		fmt.Fprintf(&b, "\n## [%s](<%s>)\n\n%s\n", plainMarkdown(p.Title), d.outbox.iris.ArticlePage(author.HandleLC, p.Slug), plainMarkdown(words.T("group.digest_by", "Author", author.DisplayName())))
		if said := cmp.Or(p.Summary, p.Excerpt); said != "" {
			b.WriteString("\n" + plainMarkdown(said) + "\n")
		}
		b.WriteString(takenHome(p, takeaways))
	}
	t.Source = b.String()
	return t, draft.Clean(&t)
}

func takenHome(p *models.Post, all []models.Takeaway) string {
	var b strings.Builder
	for _, t := range all {
		if t.ActorID == p.ActorID && t.Day == p.Day {
			b.WriteString("\n- " + plainMarkdown(t.Takeaway))
		}
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// plainMarkdown is Markdown that shows a text as it is, on one line: every sign that could
// mean something is escaped (CommonMark section 2.4).
func plainMarkdown(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if r < utf8.RuneSelf && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// publishDigest publishes an article by a conference's Group, which its series announces,
// and records that it is made, all at once.
func (o *Outbox) publishDigest(ctx context.Context, c *models.Conference, digest *models.Digest, text models.RevisionText) error {
	r, err := o.render(ctx, recap.Article{ActorID: c.ActorID, Text: text})
	if err != nil {
		return err
	}
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		id := models.NewPublicID()
		post := &models.Post{PublicID: &id, Local: true, Type: "Article", Kind: models.KindArticle, ActorID: c.ActorID,
			State: models.PostDraft, Visibility: models.VisibilityPublic, CreatedAt: now, SavedAt: &now}
		if err := tx.Posts.Create(ctx, post); err != nil {
			return err
		}
		digest.PostID = post.ID
		if err := tx.Digests.Create(ctx, digest); err != nil {
			return err
		}
		rev := &models.Revision{PostID: post.ID, Kind: models.RevisionSaved, CreatedAt: now, Text: text}
		if err := tx.Revisions.Add(ctx, rev); err != nil {
			return err
		}
		post.HeadRevisionID, post.LockVersion = &rev.ID, rev.Number
		if err := o.publish(ctx, tx, c.Actor, post, rev, r, now, time.Time{}); err != nil {
			return err
		}
		_, groups, err := tx.Conferences.Groups(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, series := range groups[1:] {
			if err := o.announceAs(ctx, tx, series, c.Actor, post, now); err != nil {
				return err
			}
		}
		return nil
	})
}
