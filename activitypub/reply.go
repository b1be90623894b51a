package activitypub

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/replica"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// replyTypes can stand under an article.
var replyTypes = []string{"Note", "Article", "Page", "Question"}

// maxWarning is how much of a content warning is shown, in characters.
const maxWarning = 500

// maxAhead is how far in the future a stranger's clock may be (mastodon.md 13).
const maxAhead = time.Hour

// create stores what somebody wrote, and that it quotes one of ours. The object counts only when it is its sender's own: by
// attributedTo and by host.
func create(ctx context.Context, in *Inbox, tx *models.Store, a *received) (string, error) {
	if a.Object == nil || !owns(a.actor, a.Object) {
		return outcomeIgnored, nil
	}
	if err := in.noteQuote(ctx, tx, a.actor, a.Object, a.now); err != nil {
		return "", err
	}
	return in.storeReply(ctx, tx, a.actor, a.Object, a.now)
}

func owns(actor *models.Actor, o *vocab.ReceivedObject) bool {
	return o.AttributedTo == *actor.URI && vocab.SameHost(o.ID, *actor.URI)
}

// storeReply stores, or edits, what actor wrote in answer to one of our articles or
// to somebody in its thread. Its parent may come later.
func (in *Inbox) storeReply(ctx context.Context, tx *models.Store, actor *models.Actor, o *vocab.ReceivedObject, now time.Time) (string, error) {
	if !slices.Contains(replyTypes, o.Type) {
		return outcomeIgnored, nil
	}
	if o.InReplyTo == "" {
		return in.storeTop(ctx, tx, actor, o, now)
	}
	if buried, err := tx.Posts.Buried(ctx, o.ID, actor.ID); err != nil || buried {
		return outcomeIgnored, err
	}
	known, err := tx.Posts.ByURI(ctx, o.ID)
	if err == nil {
		return in.editReply(ctx, tx, actor, known, o)
	}
	if !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	if stops, err := in.heardStop(ctx, tx, actor, o, now); err != nil || stops {
		return outcomeDone, err
	}
	reply := replyFrom(actor, o, now)
	addressed, err := in.addressed(ctx, tx, actor, o)
	if err != nil {
		return "", err
	}
	root, err := in.place(ctx, tx, reply)
	if err != nil {
		return "", err
	}
	if root == nil && len(addressed) == 0 {
		return outcomeIgnored, in.awaitParent(ctx, tx, actor, o, now)
	}
	if outcome, err := in.mayStand(ctx, tx, root, reply, actor); err != nil || outcome != outcomeDone {
		return outcome, err
	}
	if wait, err := in.waits(ctx, tx, root, actor, o, now); err != nil {
		return "", err
	} else if wait {
		reply.Moderation = models.ModerationHeld
	}
	return outcomeDone, addReply(ctx, tx, actor, reply, o, addressed, now)
}

// addReply stores a new reply with what belongs to it, tells of it, and has its thread
// looked for where it has none.
func addReply(ctx context.Context, tx *models.Store, actor *models.Actor, reply *models.Post, o *vocab.ReceivedObject, addressed []int64, now time.Time) error {
	if err := tx.Posts.Create(ctx, reply); err != nil {
		return err
	}
	if err := tx.Posts.SetRecipients(ctx, reply.ID, addressed); err != nil {
		return err
	}
	if err := attach(ctx, tx, reply, o, now); err != nil {
		return err
	}
	if err := notifyOfReply(ctx, tx, reply, actor, addressed, now); err != nil {
		return err
	}
	if reply.RootID == nil {
		if err := queueJob(ctx, tx, jobAncestors, o.ID, now); err != nil {
			return err
		}
	}
	return errors.Join(tx.Readings.Add(ctx, reply.ID, actor.ID, earlier(*reply.PublishedAt, now)), adopt(ctx, tx, reply))
}

func replyFrom(actor *models.Actor, o *vocab.ReceivedObject, now time.Time) *models.Post {
	published := o.Published
	if published.IsZero() || published.After(now.Add(maxAhead)) {
		published = now
	}
	reply := &models.Post{URI: &o.ID, Kind: models.KindReply, ActorID: actor.ID, State: models.PostPublished,
		InReplyToURI: o.InReplyTo, CreatedAt: now, PublishedAt: &published, SavedAt: &now}
	fill(reply, actor, o)
	if reply.UpdatedAt != nil && reply.UpdatedAt.After(now.Add(maxAhead)) {
		reply.UpdatedAt = nil // or no edit would ever be newer
	}
	return reply
}

// fill takes over what an edit may change.
func fill(reply *models.Post, actor *models.Actor, o *vocab.ReceivedObject) {
	reply.Type, reply.Visibility = o.Type, visibility(actor, o)
	reply.Title = richtext.StrangerText(o.Name, maxName)
	reply.Summary = richtext.StrangerText(o.Summary, maxWarning)
	reply.Sensitive, reply.Language = o.Sensitive, language(o.Language)
	reply.Raw = []byte(o.Content + poll(o))
	reply.HTML, reply.RenderVersion = strangersHTML(reply, urlsOf(pictured(o))), richtext.Version
	text := richtext.PlainText(reply.HTML)
	if len(o.About) > 0 {
		text = belowHead(text)
	}
	reply.Excerpt = richtext.Excerpt(text, excerpt)
	if len(o.Threads) > 0 {
		reply.Conversation = o.Threads[0]
	}
	reply.Context = o.Context
	reply.URL = o.ID
	if vocab.SameHost(o.URL, o.ID) {
		reply.URL = o.URL
	}
	if !o.Updated.IsZero() && o.Updated.After(*reply.PublishedAt) {
		updated := o.Updated
		reply.UpdatedAt = &updated
	}
}

// maxAlt is how long the description of a picture may be, in characters.
const maxAlt = 1500

// attach records what is attached to a reply, what an article shows in its text, and the emoji
// in either.
func attach(ctx context.Context, tx *models.Store, reply *models.Post, o *vocab.ReceivedObject, now time.Time) error {
	attached := o.Attachments
	if isArticle(reply) {
		attached = pictured(o)
	}
	all := make([]replica.Attached, len(attached))
	for i, a := range attached {
		all[i] = replica.Attached{URL: a.URL, Alt: richtext.StrangerText(a.Alt, maxAlt), Picture: a.Picture}
	}
	for _, e := range o.Emojis {
		if name := ":" + e.Name + ":"; strings.Contains(reply.HTML, name) {
			all = append(all, replica.Attached{URL: e.URL, Alt: name, Emoji: true})
		}
	}
	return replica.Attach(ctx, tx, reply, all, now)
}

// language keeps what looks like a BCP 47 tag.
func language(tag string) string {
	for _, c := range tag {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	if len(tag) > 35 { // RFC 5646 section 4.4.1
		return ""
	}
	return tag
}

// visibility reads whom an object is for, as the fediverse uses "to" and "cc".
func visibility(actor *models.Actor, o *vocab.ReceivedObject) string {
	public := func(iris []string) bool {
		return slices.Contains(iris, vocab.Public) || slices.Contains(iris, "as:Public") || slices.Contains(iris, "Public")
	}
	followers := actor.FollowersURI
	switch {
	case public(o.To):
		return models.VisibilityPublic
	case public(o.CC):
		return models.VisibilityUnlisted
	case followers != "" && (slices.Contains(o.To, followers) || slices.Contains(o.CC, followers)):
		return models.VisibilityFollowers
	}
	return models.VisibilityDirect
}

// maxAddressed bounds how many of our people one object reaches; the rest of a
// longer list is noise.
const maxAddressed = 50

// addressed returns which of our people an object is for: those who let its author
// reach them.
func (in *Inbox) addressed(ctx context.Context, tx *models.Store, author *models.Actor, o *vocab.ReceivedObject) ([]int64, error) {
	var ids []int64
	seen := map[string]bool{}
	for _, iri := range slices.Concat(o.To, o.CC, o.Mentions) {
		if seen[iri] || !in.iris.Ours(iri) || len(seen) == maxAddressed {
			continue
		}
		seen[iri] = true
		actor, err := localActor(ctx, in.iris, tx, iri)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if actor.Kind == models.ActorGroup {
			continue // nobody reads what is sent to a conference
		}
		blocked, err := blockedBy(ctx, tx, actor.ID, author)
		if err != nil {
			return nil, err
		}
		if !blocked {
			ids = append(ids, actor.ID)
		}
	}
	return ids, nil
}

// place finds the parent and the article that a reply stands under, and returns
// the article, nil while the parent is unknown.
func (in *Inbox) place(ctx context.Context, tx *models.Store, reply *models.Post) (*models.Post, error) {
	parent, err := localPost(ctx, in.iris, tx, reply.InReplyToURI)
	if errors.Is(err, models.ErrNotFound) {
		parent, err = tx.Posts.ByURI(ctx, reply.InReplyToURI)
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	reply.InReplyToID = &parent.ID
	if parent.HeadsThread() {
		reply.RootID = &parent.ID
		return parent, nil
	}
	if parent.RootID == nil {
		return nil, nil
	}
	reply.RootID = parent.RootID
	return tx.Posts.ByID(ctx, *parent.RootID)
}
