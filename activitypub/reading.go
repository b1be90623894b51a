package activitypub

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	// readLife is how long what is only read stays here.
	readLife = 30 * 24 * time.Hour
	// maxRead is how many posts of one whom an account follows stand on its page.
	maxRead = 300
	// atFirst is how many posts of somebody are there when one begins to follow them, of
	// what is here already.
	atFirst = 20
	// maxShown is how many pictures of an article are read; the first four are copied.
	maxShown = 16
)

// keep stores a post for those here who follow its author, or whoever boosted it.
func keep(ctx context.Context, tx *models.Store, post *models.Post, o *vocab.ReceivedObject, addressed []int64, now time.Time) error {
	post.Kind, post.Moderation = models.KindFollowed, models.ModerationShown
	post.HTML = strangersHTML(post, urlsOf(pictured(o)))
	if err := tx.Posts.Create(ctx, post); err != nil {
		return err
	}
	return errors.Join(tx.Posts.SetRecipients(ctx, post.ID, addressed), attach(ctx, tx, post, o, now), adopt(ctx, tx, post))
}

// adopt places the replies that came before a post, also on the pages of their readers.
func adopt(ctx context.Context, tx *models.Store, post *models.Post) error {
	return errors.Join(tx.Posts.Adopt(ctx, post), tx.Readings.AddAnswers(ctx, post.ID))
}

// isArticle says whether a stranger's post is shown as a text of its own, with headings and
// the pictures that stand in it.
func isArticle(p *models.Post) bool {
	return p.Kind == models.KindFollowed && (p.Type == "Article" || p.Type == "Page")
}

// strangersHTML is what is shown of a post that came from elsewhere.
// Where an article shows a picture is known by what is attached to it.
func strangersHTML(p *models.Post, attached []string) string {
	if isArticle(p) {
		return richtext.StrangerArticle(string(p.Raw), attached)
	}
	return richtext.Stranger(string(p.Raw))
}

// poll lists what a poll lets one choose from. Votes change without our being told, and are
// cast where it stands.
func poll(o *vocab.ReceivedObject) string {
	if len(o.Choices) == 0 {
		return ""
	}
	var b strings.Builder
	for _, choice := range o.Choices {
		b.WriteString("<li>" + html.EscapeString(choice) + "</li>")
	}
	return "<ul>" + b.String() + "</ul>"
}

// pictured are the pictures of an article, each once: its cover, those in its text, and what
// is attached.
func pictured(o *vocab.ReceivedObject) (all []vocab.Attachment) {
	seen := map[string]bool{}
	add := func(a vocab.Attachment) {
		if !seen[a.URL] && len(all) < maxShown {
			seen[a.URL] = true
			all = append(all, a)
		}
	}
	for _, a := range o.Pictures {
		add(a)
	}
	for _, p := range richtext.StrangerPictures(o.Content, maxShown) {
		add(vocab.Attachment{URL: p.URL, Alt: p.Alt, Picture: true})
	}
	for _, a := range o.Attachments {
		add(a)
	}
	return all
}

func urlsOf(attached []vocab.Attachment) []string {
	urls := make([]string, len(attached))
	for i, a := range attached {
		urls[i] = a.URL
	}
	return urls
}

// everyone says whether a post is for everybody to read.
func everyone(p *models.Post) bool { return forEverybody(p.Visibility) }

func forEverybody(visibility string) bool {
	return visibility == models.VisibilityPublic || visibility == models.VisibilityUnlisted
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// announced is what an Announce tells of: an object, or that of the Create that it carries
// (FEP-1b12); "" for any other activity.
func announced(a *received) string {
	switch {
	case a.Inner == nil:
		return a.ObjectID
	case a.Inner.Type == "Create":
		return a.Inner.ObjectID
	}
	return ""
}

// announce counts a boost of something of ours, and puts what somebody boosts whom one of
// ours follows on the pages of those. What isn't here is fetched from its own server.
func announce(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	iri := announced(a)
	post, err := localPost(ctx, in.iris, tx, iri)
	if err == nil {
		outcome, err := reactTo(ctx, tx, a, models.ReactionAnnounce, post)
		if err != nil || outcome != outcomeDone || !everyone(post) {
			return outcome, err
		}
		return outcome, tx.Readings.Add(ctx, post.ID, a.actor.ID, a.now)
	}
	if !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	followed, err := tx.Follows.Followed(ctx, a.actor.ID)
	switch {
	case err != nil || iri == "" || a.ID == "" || in.iris.Ours(iri):
		return outcomeIgnored, err
	case !followed:
		return sisterTells(ctx, tx, a, iri)
	}
	post, err = tx.Posts.ByURI(ctx, iri)
	if errors.Is(err, models.ErrNotFound) {
		job := &models.Job{Kind: jobBoost, UniqueKey: boostKey(a.actor.ID, a.ID), Payload: fmt.Sprintf("%d\n%s\n%s", a.actor.ID, iri, a.ID), RunAt: a.now}
		return outcomeDone, tx.Jobs.Add(ctx, job)
	}
	if err != nil {
		return "", err
	}
	return boost(ctx, tx, a.actor, post, a.ID, a.now)
}

func boostKey(actorID int64, announce string) string {
	return fmt.Sprintf("%s %d %s", jobBoost, actorID, announce)
}

// boost puts a stranger's post that is here on the pages of those who follow who boosted it.
func boost(ctx context.Context, tx *models.Store, by *models.Actor, post *models.Post, announce string, now time.Time) (string, error) {
	if post.Kind == models.KindCoverage && post.Moderation != models.ModerationHidden {
		// What waits for a conference's yes waits there alone: its row in coverage says so.
		post.Kind, post.Moderation = models.KindFollowed, models.ModerationShown
		if err := tx.Posts.Save(ctx, post); err != nil {
			return "", err
		}
	}
	if post.State != models.PostPublished || post.Moderation != models.ModerationShown || !everyone(post) {
		return outcomeIgnored, nil
	}
	row := &models.Reaction{Type: models.ReactionAnnounce, ActorID: by.ID, PostID: post.ID, CreatedAt: now}
	return outcomeDone, errors.Join(tx.Reactions.Put(ctx, row, announce), tx.Readings.Add(ctx, post.ID, by.ID, now))
}
