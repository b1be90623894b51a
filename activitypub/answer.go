package activitypub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// MaxAnswer is how long a reply of ours may be, in bytes of Markdown.
const MaxAnswer = 20 << 10

// Answer is a reply that one of ours writes. ClientID, made by whoever shows the form,
// lets it be sent twice and stand once.
type Answer struct {
	Account  *models.Account
	To       *models.Post // what it answers
	ClientID string
	Source   string // Markdown
	Language string // BCP 47
}

func (a *Answer) clean() (models.RevisionText, error) {
	text := models.RevisionText{Source: strings.TrimSpace(a.Source), Language: a.Language}
	if err := draft.Clean(&text); err != nil {
		return text, err
	}
	switch {
	case text.Source == "":
		return text, &models.InvalidError{Field: "source", Reason: models.Required}
	case len(text.Source) > MaxAnswer:
		return text, &models.InvalidError{Field: "source", Reason: models.TooLong, Limit: MaxAnswer}
	}
	return text, nil
}

// Answer publishes a reply to an article or a reply that the account may see, to
// everyone in the thread: never to more than could see what it answers. It returns
// models.ErrNotFound for what the account can't see, *models.InvalidError for what
// can't be sent.
func (o *Outbox) Answer(ctx context.Context, in Answer) (*Published, error) {
	text, err := in.clean()
	if err != nil {
		return nil, err
	}
	publicID := models.NewPublicID()
	r, err := o.renderNote(ctx, text, publicID)
	if err != nil {
		return nil, err
	}
	done := &Published{Unresolved: r.unresolved}
	err = o.store.InTx(ctx, func(tx *models.Store) error {
		known, err := tx.Posts.ByClientID(ctx, in.Account.ID, in.ClientID)
		if err == nil || !errors.Is(err, models.ErrNotFound) {
			done.Post = known
			return err
		}
		if !draft.IsClientID(in.ClientID) {
			return &models.InvalidError{Field: "client_id", Reason: models.Unusable}
		}
		if err := seen(ctx, tx, in.Account, in.To); err != nil {
			return err
		}
		now := o.now().UTC().Truncate(time.Millisecond)
		post := note(o.iris, in, text, r, publicID, now)
		if err := tx.Posts.Create(ctx, post); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		done.Post = post
		if err := tx.Readings.Add(ctx, post.ID, post.ActorID, now); err != nil {
			return err
		}
		return o.publishNote(ctx, tx, "Create", in.Account.Actor, post, text, r, now)
	})
	if err == nil {
		o.wake()
	}
	return done, err
}

// note is the row of a new reply.
func note(iris *IRIs, in Answer, text models.RevisionText, r *rendered, publicID string, now time.Time) *models.Post {
	root := &in.To.ID
	if in.To.Kind == models.KindReply {
		root = in.To.RootID
	}
	visibility := in.To.Visibility
	if visibility == models.VisibilityFollowers {
		visibility = models.VisibilityDirect // whoever follows us need not follow them
	}
	return &models.Post{PublicID: &publicID, Local: true, Type: "Note", Kind: models.KindReply, ActorID: in.Account.ActorID, AccountID: &in.Account.ID,
		ClientID: &in.ClientID, State: models.PostPublished, Visibility: visibility, InReplyToURI: iris.Post(in.To), InReplyToID: &in.To.ID, RootID: root,
		Language: text.Language, HTML: r.HTML, Words: r.Words, RenderVersion: richtext.Version, CreatedAt: now, PublishedAt: &now, SavedAt: &now}
}

// seen returns models.ErrNotFound unless an account may see a published post.
func seen(ctx context.Context, tx *models.Store, a *models.Account, post *models.Post) error {
	sight, err := tx.Posts.Sight(ctx, post)
	if err != nil {
		return err
	}
	inThread := post.HeadsThread() || post.RootID != nil
	if post.State != models.PostPublished || !inThread || !models.CanSee(models.ViewerOf(a), sight) {
		return models.ErrNotFound
	}
	return nil
}

// EditAnswer changes one of the account's own replies, and tells everyone who has it.
// The same words again change nothing. It returns models.ErrNotFound for any other post.
func (o *Outbox) EditAnswer(ctx context.Context, by *models.Account, post *models.Post, source string) (*Published, error) {
	in := Answer{Account: by, Source: source, Language: post.Language}
	text, err := in.clean()
	if err != nil {
		return nil, err
	}
	if post.Kind != models.KindReply || post.AccountID == nil || *post.AccountID != by.ID {
		return nil, models.ErrNotFound
	}
	r, err := o.renderNote(ctx, text, *post.PublicID)
	if err != nil {
		return nil, err
	}
	err = o.store.InTx(ctx, func(tx *models.Store) error {
		current, err := tx.Posts.ByID(ctx, post.ID)
		if err != nil || current.State != models.PostPublished {
			return errors.Join(err, models.ErrNotFound)
		}
		head, err := tx.Revisions.Head(ctx, current)
		if err != nil || head.Text.Source == text.Source {
			return err
		}
		now := newer(current, o.now().UTC().Truncate(time.Millisecond))
		current.HTML, current.Words, current.RenderVersion, current.UpdatedAt, current.SavedAt = r.HTML, r.Words, richtext.Version, &now, &now
		if err := tx.Posts.Save(ctx, current); err != nil {
			return fmt.Errorf("edit an answer: %w", err)
		}
		*post = *current
		return o.publishNote(ctx, tx, "Update", by.Actor, current, text, r, now)
	})
	if err == nil {
		o.wake()
	}
	return &Published{Post: post, Unresolved: r.unresolved}, err
}

// publishNote stores a reply's text and whom it names, and records what goes out.
func (o *Outbox) publishNote(ctx context.Context, tx *models.Store, typ string, author *models.Actor, post *models.Post, text models.RevisionText, r *rendered, now time.Time) error {
	rev := &models.Revision{PostID: post.ID, BaseNumber: post.LockVersion, AccountID: post.AccountID, Kind: models.RevisionPublished, CreatedAt: now, Text: text}
	if err := errors.Join(tx.Revisions.Add(ctx, rev)); err != nil {
		return err
	}
	if err := tx.Revisions.MarkPublished(ctx, rev); err != nil {
		return err
	}
	post.LockVersion, post.HeadRevisionID, post.PublishedRevisionID = rev.Number, &rev.ID, &rev.ID
	before, err := mentionedActors(ctx, tx, post.ID)
	if err != nil {
		return err
	}
	if err := o.nameParent(ctx, tx, post, r); err != nil {
		return err
	}
	if err := o.storeNames(ctx, tx, post, r, now); err != nil {
		return err
	}
	docs := NewDocuments(tx, o.iris)
	n, err := docs.gatherNote(ctx, post)
	if err != nil {
		return err
	}
	var ours []int64
	inboxes, err := o.threadInboxes(ctx, tx, author, post)
	if err != nil {
		return err
	}
	for _, m := range append(before, n.mentioned...) {
		if m.Local {
			ours = append(ours, m.ID)
		} else if blocked, err := blockedBy(ctx, tx, author.ID, m); err != nil {
			return err
		} else if !blocked {
			inboxes = append(inboxes, m.DeliveryInbox())
		}
	}
	if err := tx.Posts.SetRecipients(ctx, post.ID, ours); err != nil {
		return err
	}
	if err := notifyOfReply(ctx, tx, post, author, ours, now); err != nil {
		return err
	}
	doc := noteDocument(o.iris, *n)
	if typ == "Update" {
		if err := o.restate(ctx, tx, doc.ID, vocab.Activity{Actor: doc.AttributedTo, To: doc.To, CC: doc.CC, Object: doc}, now); err != nil {
			return err
		}
	}
	_, err = o.record(ctx, tx, act{typ: typ, actor: author, object: doc, objectIRI: doc.ID, to: doc.To, cc: doc.CC, visibility: post.Visibility, inboxes: inboxes}, now)
	return err
}

// nameParent has a reply name whom it answers, whether its words do or not: servers
// tell those whom a Mention names.
func (o *Outbox) nameParent(ctx context.Context, tx *models.Store, post *models.Post, r *rendered) error {
	parent, err := tx.Posts.ByID(ctx, *post.InReplyToID)
	if err != nil || parent.ActorID == post.ActorID {
		return err
	}
	author, err := tx.Actors.ByID(ctx, parent.ActorID)
	if err != nil || author.State != models.StateActive {
		return err
	}
	r.parent = author
	return nil
}

// threadInboxes are those of who takes part in a public thread for its readers to see,
// and of the author's followers. A private reply goes to those it names alone.
func (o *Outbox) threadInboxes(ctx context.Context, tx *models.Store, author *models.Actor, post *models.Post) ([]string, error) {
	told, err := tx.Deliveries.InboxesTold(ctx, o.iris.Post(post))
	if err != nil || post.Visibility != models.VisibilityPublic && post.Visibility != models.VisibilityUnlisted {
		return told, err
	}
	followers, err := tx.Follows.Inboxes(ctx, author.ID)
	if err != nil {
		return nil, err
	}
	joined, err := tx.Posts.ThreadInboxes(ctx, *post.RootID)
	if err != nil {
		return nil, err
	}
	host, err := o.hostInboxes(ctx, tx, *post.RootID)
	return slices.Concat(told, followers, joined, host), err
}

// hostInboxes is that of who wrote the article of a thread, where they are elsewhere.
func (o *Outbox) hostInboxes(ctx context.Context, tx *models.Store, rootID int64) ([]string, error) {
	root, err := tx.Posts.ByID(ctx, rootID)
	if err != nil || root.Local {
		return nil, err
	}
	author, err := tx.Actors.ByID(ctx, root.ActorID)
	if err != nil || author.State != models.StateActive {
		return nil, err
	}
	return []string{author.DeliveryInbox()}, nil
}

// reply is a post of ours in a thread, with all that its document names.
type reply struct {
	post      *models.Post
	author    *models.Actor
	root      *models.Post
	source    string
	mentioned []*models.Actor
	hashtags  []string
}

func (d *Documents) gatherNote(ctx context.Context, post *models.Post) (*reply, error) {
	n := &reply{post: post}
	var err error
	if n.author, err = d.store.Actors.ByID(ctx, post.ActorID); err != nil {
		return nil, fmt.Errorf("author of reply %d: %w", post.ID, err)
	}
	if n.root, err = d.store.Posts.ByID(ctx, *post.RootID); err != nil {
		return nil, fmt.Errorf("article of reply %d: %w", post.ID, err)
	}
	rev, err := d.store.Revisions.ByID(ctx, *post.PublishedRevisionID)
	if err != nil {
		return nil, fmt.Errorf("text of reply %d: %w", post.ID, err)
	}
	n.source = rev.Text.Source
	if n.mentioned, err = mentionedActors(ctx, d.store, post.ID); err != nil {
		return nil, err
	}
	tags, err := d.store.Posts.Hashtags(ctx, post.ID)
	n.hashtags = tags[post.ID]
	return n, err
}

func noteDocument(iris *IRIs, n reply) vocab.Note {
	p := n.post
	followers := iris.Followers(n.author.HandleLC)
	doc := vocab.Note{ID: iris.Note(*p.PublicID), Type: p.Type, AttributedTo: iris.Actor(n.author.HandleLC), InReplyTo: p.InReplyToURI,
		Content: p.HTML, Source: &vocab.Source{Content: n.source, MediaType: "text/markdown"}, URL: iris.Note(*p.PublicID),
		Published: vocab.FormatTime(*p.PublishedAt), InteractionPolicy: openPolicy(),
		To: []string{}, CC: []string{}, Tag: []vocab.Tag{}}
	if doc.Conversation, doc.Thread = n.root.Conversation, n.root.Context; n.root.Local {
		doc.Conversation = iris.Conversation(*n.root.PublicID)
		doc.Thread = doc.Conversation
	}
	if p.Language != "" {
		doc.ContentMap = map[string]string{p.Language: p.HTML}
	}
	if p.UpdatedAt != nil {
		doc.Updated = vocab.FormatTime(*p.UpdatedAt)
	}
	var named []string
	for _, m := range n.mentioned {
		named = append(named, actorIRI(iris, m))
		doc.Tag = append(doc.Tag, vocab.Tag{Type: "Mention", Href: actorIRI(iris, m), Name: "@" + actorAcct(iris, m)})
	}
	for _, t := range n.hashtags {
		doc.Tag = append(doc.Tag, vocab.Tag{Type: "Hashtag", Href: iris.TagPage(t), Name: "#" + t})
	}
	switch p.Visibility {
	case models.VisibilityPublic:
		doc.To, doc.CC = []string{vocab.Public}, append([]string{followers}, named...)
	case models.VisibilityUnlisted:
		doc.To, doc.CC = []string{followers}, append([]string{vocab.Public}, named...)
	default:
		doc.To = append(doc.To, named...)
	}
	return doc
}

// Note returns the document of a reply of ours, as anyone may read it.
func (d *Documents) Note(ctx context.Context, publicID string) ([]byte, error) {
	post, err := d.readableKind(ctx, publicID, models.KindReply)
	if err != nil {
		return nil, err
	}
	n, err := d.gatherNote(ctx, post)
	if err != nil {
		return nil, err
	}
	doc := noteDocument(d.iris, *n)
	doc.Context = vocab.Context
	return marshal(doc)
}
