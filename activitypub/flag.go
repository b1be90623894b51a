package activitypub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"confnotes/internal/moderation"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	// MaxReport is how long what is said with a report may be, in characters; Mastodon
	// takes no more.
	MaxReport = 5000
	// maxReported bounds what one report is about.
	maxReported = 50
	// maxReports is how many reports of one server may wait for somebody's decision.
	maxReports = 20
)

// flagged keeps what another server reports of ours, for those who look after everything: its
// moderators, or somebody there, say that an account or what it published breaks rules.
// Whoever is reported isn't told.
func flagged(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	report := &models.Report{ActorID: a.actor.ID, Comment: richtext.StrangerText(a.Content, MaxReport), CreatedAt: a.now}
	for i, iri := range a.Objects {
		if i == maxReported {
			break
		}
		target, post, err := reported(ctx, in.iris, tx, iri)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if report.TargetID == 0 {
			report.TargetID = target
		}
		if post != 0 && target == report.TargetID && !slices.Contains(report.PostIDs, post) {
			report.PostIDs = append(report.PostIDs, post)
		}
	}
	if report.TargetID == 0 {
		return outcomeIgnored, nil
	}
	if n, err := tx.Reports.CountBy(ctx, a.actor.Host); err != nil || n >= maxReports {
		return outcomeIgnored, err
	}
	if err := tx.Reports.Add(ctx, report); err != nil {
		return "", err
	}
	// A server reports in one name, and each is news.
	if err := tx.Notifications.Remove(ctx, models.NotifyReport, a.actor.ID, 0); err != nil {
		return "", err
	}
	return outcomeDone, tx.Notifications.TellModerators(ctx, models.Notification{Kind: models.NotifyReport, ActorID: a.actor.ID, CreatedAt: a.now})
}

// reported returns whom, and which post, an IRI of ours names; 0 for no post.
func reported(ctx context.Context, iris *IRIs, tx *models.Store, iri string) (actorID, postID int64, err error) {
	actor, err := localActor(ctx, iris, tx, iri)
	if err == nil {
		return actor.ID, 0, nil
	}
	if !errors.Is(err, models.ErrNotFound) {
		return 0, 0, err
	}
	post, err := localPost(ctx, iris, tx, iri)
	if err != nil {
		return 0, 0, err
	}
	return post.ActorID, post.ID, nil
}

// Report tells the server of whoever wrote a reply, under an article of which the account
// looks after the conversation, that it breaks rules. It goes out in the name of this
// server: whoever is reported doesn't learn by whom. It returns models.ErrNotFound to who
// may not, and models.ErrConflict for what was reported before.
func (o *Outbox) Report(ctx context.Context, by *models.Account, article, reply *models.Post, comment string) error {
	if !moderation.MayModerate(by, article) || reply.Local || reply.RootID == nil || *reply.RootID != article.ID {
		return models.ErrNotFound
	}
	comment = richtext.StrangerText(comment, MaxReport)
	return o.change(ctx, func(tx *models.Store, now time.Time) error {
		if before, err := tx.Reports.Reported(ctx, reply.ID); err != nil || before {
			return errors.Join(err, fmt.Errorf("report reply %d: %w", reply.ID, models.ErrConflict))
		}
		target, err := tx.Actors.ByID(ctx, reply.ActorID)
		if err != nil {
			return err
		}
		server, err := tx.Actors.LocalByHandle(ctx, InstanceHandle)
		if err != nil {
			return err
		}
		err = tx.Reports.Add(ctx, &models.Report{ActorID: by.ActorID, TargetID: target.ID, Comment: comment, Outgoing: true, CreatedAt: now, PostIDs: []int64{reply.ID}})
		if err != nil {
			return err
		}
		// Mastodon looks for the account first, and takes the rest for what it wrote.
		_, err = o.record(ctx, tx, act{typ: "Flag", actor: server, object: []string{*target.URI, *reply.URI}, objectIRI: *reply.URI, content: comment,
			to: []string{*target.URI}, visibility: models.VisibilityDirect, inboxes: []string{target.Inbox}}, now)
		return err
	})
}
