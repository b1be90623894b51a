package activitypub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	excerpt = 200 // characters
	// activityRoom is what a Create adds around an article: receivers take 1 MB in
	// all, and a short source can make long HTML.
	activityRoom = 16 << 10
)

// Published is what came of a Publish. Unresolved are the mentions that nobody was
// found for: they stay text.
type Published struct {
	Post       *models.Post
	Unresolved []string
}

// Publish saves a text and publishes it: a new article goes out as a Create, an
// edit of a published one as an Update. date, if set, is when a new article says it
// was published; the future is refused. Mentions are resolved first; then one
// transaction writes the post, its revision, the activity and a delivery row for
// each distinct inbox. It returns *models.InvalidError, *draft.ConflictError, and
// models.ErrNotFound for a post of somebody else's. Publishing the same text again
// changes nothing; who moved publishes nothing new.
func (o *Outbox) Publish(ctx context.Context, in draft.Input, date time.Time) (*Published, error) {
	if err := draft.Clean(&in.Text); err != nil {
		return nil, err
	}
	if err := draft.Publishable(in.Text); err != nil {
		return nil, err
	}
	now := o.now().UTC().Truncate(time.Millisecond)
	if date.After(now) {
		return nil, &models.InvalidError{Field: "date", Reason: models.InFuture}
	}
	about, err := o.about(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := checkAbout(ctx, o.store, about); err != nil {
		return nil, err
	}
	r, err := o.render(ctx, recap.Article{ActorID: in.Account.ActorID, PostID: in.PostID, About: about, Text: in.Text})
	if err != nil {
		return nil, err
	}
	done := &Published{Unresolved: r.unresolved}
	err = o.store.InTx(ctx, func(tx *models.Store) error {
		post, rev, err := o.drafts.Save(ctx, tx, in)
		if err != nil {
			return err
		}
		done.Post = post
		before := post.About()
		post.SetAbout(about)
		// Of a recap with the same words, the notes may have others by now.
		if post.PublishedRevisionID != nil && *post.PublishedRevisionID == rev.ID && post.About() == before && (post.Day == "" || r.HTML == post.HTML) {
			return nil
		}
		if before.Day != "" && before != post.About() {
			if err := leaveDay(ctx, tx, post, before); err != nil {
				return err
			}
		}
		fresh := post.State == models.PostDraft
		if fresh && in.Account.Actor.MovedToID != nil {
			return &models.InvalidError{Reason: models.Moved}
		}
		if err := o.publish(ctx, tx, in.Account.Actor, post, rev, r, now, date); err != nil {
			return err
		}
		return o.regroup(ctx, tx, in.Account.Actor, post, fresh || post.About() != before, now)
	})
	if err != nil {
		return nil, err
	}
	o.wake()
	return done, nil
}

// about is what the article that an input is for is about.
func (o *Outbox) about(ctx context.Context, in draft.Input) (models.About, error) {
	switch {
	case in.About != nil:
		return *in.About, nil
	case in.PostID == 0:
		return models.About{}, nil
	}
	post, err := o.store.Posts.ByID(ctx, in.PostID)
	if err != nil {
		return models.About{}, err
	}
	return post.About(), nil
}

// publish makes a revision the published one, in the caller's transaction.
func (o *Outbox) publish(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, rev *models.Revision, r *rendered, now, date time.Time) error {
	typ := "Update"
	if post.State == models.PostDraft {
		typ = "Create"
		post.State, post.PublishedAt, post.Visibility = models.PostPublished, &now, rev.Text.Visibility
		if date = date.UTC().Truncate(time.Millisecond); !date.IsZero() {
			post.PublishedAt = &date
		}
	} else {
		if rev.Text.Visibility != post.Visibility { // Mastodon, for one, keeps the first
			return &models.InvalidError{Field: "visibility", Reason: models.FixedVisible}
		}
		now = newer(post, now)
		post.UpdatedAt = &now
	}
	if err := o.takeSlug(ctx, tx, author, post, rev.Text); err != nil {
		return err
	}
	post.Title, post.Summary, post.Language = rev.Text.Title, rev.Text.Summary, rev.Text.Language
	post.HTML, post.RenderVersion, post.Words = r.HTML, richtext.Version, r.Words
	post.Outline = richtext.EncodeOutline(r.Headings)
	post.Takeaway = rev.Text.Takeaway
	post.Excerpt = richtext.Excerpt(ownWords(post, r.Text), excerpt)
	post.PublishedRevisionID, post.Attach, post.ReplyPolicy, post.QuotePolicy = &rev.ID, rev.Text.Attach, rev.Text.Replies, rev.Text.Quotes
	if err := tx.Posts.Save(ctx, post); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := tx.Revisions.MarkPublished(ctx, rev); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := tx.Pictures.SetOfPost(ctx, post.ID, r.pictures); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := o.storeRecap(ctx, tx, post, r); err != nil {
		return err
	}
	// Whoever was mentioned and no longer is still has the article, and hears of the edit.
	before, err := mentionedActors(ctx, tx, post.ID)
	if err != nil {
		return err
	}
	if err := o.storeNames(ctx, tx, post, r, now); err != nil {
		return err
	}
	if typ == "Create" {
		if err := tx.Readings.Add(ctx, post.ID, author.ID, *post.PublishedAt); err != nil {
			return err
		}
	}
	return o.announceArticle(ctx, tx, typ, author, post, before, now)
}

// ownWords is an article's plain text without the head that a talk gives its note: lists
// show the title beside it.
func ownWords(post *models.Post, text string) string {
	if post.TalkID == nil {
		return text
	}
	return belowHead(text)
}

// newer is the time of an edit: receivers drop an Update that isn't newer than what
// they have, and clocks step back.
func newer(post *models.Post, now time.Time) time.Time {
	stands := *post.PublishedAt
	if post.UpdatedAt != nil {
		stands = *post.UpdatedAt
	}
	if !now.After(stands) {
		return stands.Add(time.Millisecond)
	}
	return now
}

// storeNames stores who and what a text names.
func (o *Outbox) storeNames(ctx context.Context, tx *models.Store, post *models.Post, r *rendered, now time.Time) error {
	mentions := make([]models.Mention, 0, len(r.mentioned)+len(r.unresolved))
	for handle, p := range r.mentioned {
		if err := p.save(ctx, tx, now); err != nil {
			return err
		}
		mentions = append(mentions, models.Mention{Handle: handle, ActorID: &p.actor.ID})
	}
	if p := r.parent; p != nil && !slices.ContainsFunc(mentions, func(m models.Mention) bool { return *m.ActorID == p.ID }) {
		mentions = append(mentions, models.Mention{Handle: strings.ToLower(actorAcct(o.iris, p)), ActorID: &p.ID})
	}
	told, err := o.tell(ctx, tx, post, r.speakers, now)
	if err != nil {
		return err
	}
	for _, t := range told {
		if !slices.ContainsFunc(mentions, func(m models.Mention) bool { return *m.ActorID == *t.ActorID }) {
			mentions = append(mentions, t)
		}
	}
	for _, handle := range r.unresolved {
		mentions = append(mentions, models.Mention{Handle: strings.TrimPrefix(handle, "@")})
	}
	slices.SortFunc(mentions, func(a, b models.Mention) int { return strings.Compare(a.Handle, b.Handle) })
	if err := tx.Posts.SetMentions(ctx, post.ID, mentions); err != nil {
		return err
	}
	if err := addressNamed(ctx, tx, post, mentions); err != nil {
		return err
	}
	return tx.Posts.SetHashtags(ctx, post.ID, r.hashtags)
}

// addressNamed has those of ours whom an article names see it, though it isn't for all.
func addressNamed(ctx context.Context, tx *models.Store, post *models.Post, mentions []models.Mention) error {
	if post.Visibility != models.VisibilityFollowers {
		return nil
	}
	var named []int64
	for _, m := range mentions {
		if m.ActorID != nil {
			named = append(named, *m.ActorID)
		}
	}
	return tx.Posts.SetRecipients(ctx, post.ID, named)
}

// takeSlug gives the article its place: the one it has, the one the author wishes,
// or one made from the title. A changed one leaves a redirect behind.
func (o *Outbox) takeSlug(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post, text models.RevisionText) error {
	if text.Slug != "" {
		err := tx.Posts.TakePath(ctx, author.HandleLC, text.Slug, post.ID)
		if errors.Is(err, models.ErrConflict) {
			return &models.InvalidError{Field: "slug", Reason: models.SlugTaken}
		}
		post.Slug = text.Slug
		return err
	}
	if post.Slug != "" {
		return nil
	}
	base := draft.Slug(text.Title)
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug += "-" + strconv.Itoa(n)
		}
		err := tx.Posts.TakePath(ctx, author.HandleLC, slug, post.ID)
		if err == nil {
			post.Slug = slug
		}
		if !errors.Is(err, models.ErrConflict) {
			return err
		}
	}
}

// announceArticle records a Create or an Update of an article and sends it to the
// followers, to those mentioned now or before, and, for an Update, to everyone who
// was sent the article or answered it.
func (o *Outbox) announceArticle(ctx context.Context, tx *models.Store, typ string, author *models.Actor, post *models.Post, before []*models.Actor, now time.Time) error {
	a, err := NewDocuments(tx, o.iris).gather(ctx, post)
	if err != nil {
		return err
	}
	doc := articleDocument(o.iris, *a)
	if body, err := marshal(doc); err != nil || len(body) > maxBody-activityRoom {
		return errors.Join(err, &models.InvalidError{Field: "source", Reason: models.TooLong, Limit: draft.MaxSource})
	}
	inboxes, err := o.audience(ctx, tx, author, post)
	if err != nil {
		return err
	}
	for _, m := range slices.Concat(a.mentioned, before) {
		if !m.Local {
			inboxes = append(inboxes, m.DeliveryInbox())
		}
	}
	if err := notifyNamed(ctx, tx, a.mentioned, author, post, now); err != nil {
		return err
	}
	if typ == "Update" {
		if post.Visibility != models.VisibilityPublic {
			if err := o.unfeature(ctx, tx, author, post, now); err != nil {
				return err
			}
		}
		if err := o.restate(ctx, tx, doc.ID, vocab.Activity{Actor: doc.AttributedTo, To: doc.To, CC: doc.CC, Audience: doc.Audience, Object: doc}, now); err != nil {
			return err
		}
	}
	_, err = o.record(ctx, tx, act{typ: typ, actor: author, object: doc, objectIRI: doc.ID, to: doc.To, cc: doc.CC, audience: doc.Audience,
		visibility: post.Visibility, inboxes: inboxes}, now)
	return err
}

// restate takes the words that an edit replaced out of what may still be sent or
// read: the Create carries the object as it is now, and the Update about to be
// recorded stands for those before it.
func (o *Outbox) restate(ctx context.Context, tx *models.Store, id string, create vocab.Activity, now time.Time) error {
	if err := tx.Activities.ForgetUpdates(ctx, id, now); err != nil {
		return err
	}
	row, err := tx.Activities.CreateOf(ctx, id)
	if err != nil {
		return fmt.Errorf("the Create of %s: %w", id, err)
	}
	create.Context, create.ID, create.Type, create.Published = vocab.Context, o.iris.Activity(row.PublicID), row.Type, vocab.FormatTime(row.CreatedAt)
	body, err := marshal(create)
	if err != nil {
		return err
	}
	return tx.Activities.Restate(ctx, row.ID, body)
}

// audience lists the inboxes of the followers, of everyone who has the article, and of the
// sisters of its conference.
func (o *Outbox) audience(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post) ([]string, error) {
	followers, err := tx.Follows.Inboxes(ctx, author.ID)
	if err != nil {
		return nil, err
	}
	told, err := tx.Deliveries.InboxesTold(ctx, o.iris.Post(post))
	if err != nil {
		return nil, err
	}
	joined, err := tx.Posts.ParticipantInboxes(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	sisters, err := sisterInboxes(ctx, tx, post)
	return slices.Concat(followers, told, joined, sisters), err
}
