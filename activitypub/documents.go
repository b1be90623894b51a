package activitypub

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// Documents builds what other servers read, from rows.
type Documents struct {
	store *models.Store
	iris  *IRIs
}

// NewDocuments makes the builder of our documents.
func NewDocuments(store *models.Store, iris *IRIs) *Documents {
	return &Documents{store, iris}
}

// GoneError: what is asked for was deleted. Tombstone is its document.
type GoneError struct{ Tombstone []byte }

func (e *GoneError) Error() string { return "deleted" }

// Actor returns an actor's document. It returns *GoneError for a deleted one and
// models.ErrNotFound for one that never was.
func (d *Documents) Actor(ctx context.Context, handle string) ([]byte, error) {
	actor, err := d.store.Actors.LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	if actor.State == models.StateDeleted {
		return nil, d.gone(d.iris.Actor(actor.HandleLC), time.Time{})
	}
	doc, err := actorIn(ctx, d.store, d.iris, actor)
	if err != nil {
		return nil, err
	}
	return marshal(doc)
}

// actorIn is the document of an actor of ours as a store, or a transaction, has it.
func actorIn(ctx context.Context, store *models.Store, iris *IRIs, actor *models.Actor) (vocab.Actor, error) {
	keys, err := store.Actors.LocalKeys(ctx, actor.ID)
	if err != nil {
		return vocab.Actor{}, fmt.Errorf("keys of %s: %w", actor.Handle, err)
	}
	doc := actorDocument(iris, actor)
	if doc.PublicKey, doc.AssertionMethod, err = publicKeys(iris, actor.HandleLC, keys[actor.ID]); err != nil {
		return vocab.Actor{}, err
	}
	if err := nameMoves(ctx, store, iris, actor, &doc); err != nil {
		return vocab.Actor{}, err
	}
	if actor.Kind == "Person" {
		profile, err := store.Profiles.Of(ctx, actor.ID)
		if err != nil {
			return vocab.Actor{}, err
		}
		present(iris, &doc, profile)
	}
	faces, err := store.Pictures.Faces(ctx, actor)
	if err != nil {
		return vocab.Actor{}, err
	}
	if actor.PictureID != nil && faces[*actor.PictureID] != nil {
		icon := imageDocument(iris, models.PostPicture{Picture: faces[*actor.PictureID]})
		doc.Icon = &icon
	}
	return doc, nil
}

func actorDocument(iris *IRIs, a *models.Actor) vocab.Actor {
	h := a.HandleLC
	doc := vocab.Actor{
		Context: vocab.Context, ID: iris.Actor(h), Type: a.Kind, PreferredUsername: h, Webfinger: iris.Acct(h),
		Name: a.DisplayName(), Summary: a.BioHTML, URL: iris.ActorPage(a), Published: vocab.FormatTime(a.CreatedAt.Truncate(24 * time.Hour)),
		Inbox: iris.Inbox(h), Outbox: iris.Outbox(h),
		Discoverable: a.Discoverable, Indexable: a.Discoverable,
		Endpoints: &vocab.Endpoints{SharedInbox: iris.SharedInbox()},
	}
	if h == InstanceHandle {
		doc.ManuallyApprovesFollowers = true // nobody follows the server itself
		return doc
	}
	doc.ManuallyApprovesFollowers = a.Locked
	doc.Followers, doc.Following, doc.Featured = iris.Followers(h), iris.Following(h), iris.Featured(h)
	doc.AttributionDomains = []string{iris.base.Hostname()}
	return doc
}

// article is a post with all that its document names.
type article struct {
	post      *models.Post
	author    *models.Actor
	group     *models.Actor // of the conference that it is about
	source    string
	mentioned []*models.Actor // with Handle as its owner writes it
	hashtags  []string
	about     []vocab.Tag // Links to what it is about
	pictures  []models.PostPicture
	counts    models.Counts
	replies   []string
}

func articleDocument(iris *IRIs, a article) vocab.Article {
	p, id := a.post, iris.Article(*a.post.PublicID)
	doc := vocab.Article{
		ID: id, Type: p.Type, AttributedTo: iris.Actor(a.author.HandleLC),
		Name: p.Title, Content: p.HTML,
		Source: &vocab.Source{Content: a.source, MediaType: "text/markdown"},
		URL:    []vocab.Link{{Type: "Link", Href: iris.ArticlePage(a.author.HandleLC, p.Slug), MediaType: "text/html"}},
		To:     []string{vocab.Public}, CC: []string{iris.Followers(a.author.HandleLC)},
		Tag: []vocab.Tag{}, Conversation: iris.Conversation(*p.PublicID), Thread: iris.Conversation(*p.PublicID),
		InteractionPolicy: policyOf(iris, a),
		Replies:           repliesCollection(iris, *p.PublicID, a.replies),
		Likes:             countOnly(iris.Likes(*p.PublicID), a.counts.Likes),
		Shares:            countOnly(iris.Shares(*p.PublicID), a.counts.Announces),
	}
	if a.group != nil {
		doc.Audience = iris.Actor(a.group.HandleLC) // FEP-1b12
	}
	switch p.Visibility {
	case models.VisibilityUnlisted:
		doc.To, doc.CC = []string{iris.Followers(a.author.HandleLC)}, []string{vocab.Public}
	case models.VisibilityFollowers:
		doc.To, doc.CC = []string{iris.Followers(a.author.HandleLC)}, []string{}
	}
	if p.Summary != "" {
		doc.Summary = richtext.Paragraph(p.Summary)
	}
	if p.Language != "" {
		doc.NameMap = map[string]string{p.Language: p.Title}
		doc.ContentMap = map[string]string{p.Language: p.HTML}
	}
	if p.PublishedAt != nil {
		doc.Published = vocab.FormatTime(*p.PublishedAt)
	}
	if p.UpdatedAt != nil {
		doc.Updated = vocab.FormatTime(*p.UpdatedAt)
	}
	for _, m := range a.mentioned {
		doc.CC = append(doc.CC, actorIRI(iris, m))
		doc.Tag = append(doc.Tag, vocab.Tag{Type: "Mention", Href: actorIRI(iris, m), Name: "@" + actorAcct(iris, m)})
	}
	for _, t := range a.hashtags {
		doc.Tag = append(doc.Tag, vocab.Tag{Type: "Hashtag", Href: iris.TagPage(t), Name: "#" + t})
	}
	doc.Tag = append(doc.Tag, a.about...)
	addPictures(iris, &doc, a)
	doc.Preview = previewOf(doc, cmp.Or(p.Summary, p.Excerpt))
	return doc
}

// previewOf is what stands for an article where articles aren't shown.
func previewOf(doc vocab.Article, words string) *vocab.Preview {
	page := doc.URL[0].Href
	preview := &vocab.Preview{Type: "Note", AttributedTo: doc.AttributedTo, Content: richtext.Teaser(doc.Name, words, page), URL: page, Published: doc.Published}
	for language := range doc.ContentMap {
		preview.ContentMap = map[string]string{language: preview.Content}
	}
	return preview
}

// policyOf says who may answer and quote an article without asking: Mastodon and
// GoToSocial then offer it to nobody else.
func policyOf(iris *IRIs, a article) *vocab.InteractionPolicy {
	policy := openPolicy()
	author := iris.Actor(a.author.HandleLC)
	switch a.post.ReplyPolicy {
	case models.RepliesFollowers:
		policy.CanReply.AutomaticApproval = []string{author, iris.Followers(a.author.HandleLC)}
	case models.RepliesMentioned:
		policy.CanReply.AutomaticApproval = []string{author}
		for _, m := range a.mentioned {
			policy.CanReply.AutomaticApproval = append(policy.CanReply.AutomaticApproval, actorIRI(iris, m))
		}
	case models.RepliesClosed:
		policy.CanReply.AutomaticApproval = []string{author}
	}
	alone := vocab.Approval{AutomaticApproval: []string{author}}
	if a.post.Visibility == models.VisibilityFollowers {
		policy.CanAnnounce, policy.CanQuote = alone, alone
		return policy
	}
	switch a.post.QuotePolicy {
	case models.QuotesFollowers:
		policy.CanQuote.AutomaticApproval = []string{author, iris.Followers(a.author.HandleLC)}
	case models.QuotesClosed:
		policy.CanQuote = alone
	}
	return policy
}

// openPolicy lets everyone answer, like, boost and quote without asking. Without
// it Mastodon denies every quote.
func openPolicy() *vocab.InteractionPolicy {
	all := vocab.Approval{AutomaticApproval: []string{vocab.Public}}
	return &vocab.InteractionPolicy{CanReply: all, CanLike: all, CanAnnounce: all, CanQuote: all}
}

// actorIRI is the id of any actor.
func actorIRI(iris *IRIs, a *models.Actor) string {
	if a.Local {
		return iris.Actor(a.HandleLC)
	}
	return *a.URI
}

// actorAcct is the address of any actor, without "@" before it.
func actorAcct(iris *IRIs, a *models.Actor) string {
	if a.Local {
		return iris.Acct(a.HandleLC)
	}
	return a.Handle + "@" + a.Domain
}

// Article returns an article's document, as anyone may read it.
func (d *Documents) Article(ctx context.Context, publicID string) ([]byte, error) {
	post, err := d.readable(ctx, publicID)
	if err != nil {
		return nil, err
	}
	a, err := d.gather(ctx, post)
	if err != nil {
		return nil, err
	}
	doc := articleDocument(d.iris, *a)
	doc.Context = vocab.Context
	return marshal(doc)
}

// ArticleFor returns the document of an article that isn't for everybody, to who signed a
// request for it: a follower of its author, or somebody whom it names. Others get
// models.ErrNotFound, as for what isn't there.
func (d *Documents) ArticleFor(ctx context.Context, publicID string, reader *models.Actor) ([]byte, error) {
	post, err := d.store.Posts.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if post.Kind != models.KindArticle || post.State != models.PostPublished || post.Visibility != models.VisibilityFollowers {
		return nil, models.ErrNotFound
	}
	may, err := d.reads(ctx, post, reader)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, models.ErrNotFound
	}
	a, err := d.gather(ctx, post)
	if err != nil {
		return nil, err
	}
	doc := articleDocument(d.iris, *a)
	doc.Context = vocab.Context
	return marshal(doc)
}

// reads says whether somebody elsewhere follows an article's author, or is named in it, and
// isn't kept out.
func (d *Documents) reads(ctx context.Context, post *models.Post, reader *models.Actor) (bool, error) {
	if blocked, err := blockedBy(ctx, d.store, post.ActorID, reader); err != nil || blocked {
		return false, err
	}
	f, err := d.store.Follows.Between(ctx, reader.ID, post.ActorID)
	if err == nil && f.State == models.FollowAccepted {
		return true, nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	named, err := mentionedActors(ctx, d.store, post.ID)
	return slices.ContainsFunc(named, func(a *models.Actor) bool { return a.ID == reader.ID }), err
}

// readable returns an article of ours that the open web may see.
func (d *Documents) readable(ctx context.Context, publicID string) (*models.Post, error) {
	return d.readableKind(ctx, publicID, models.KindArticle)
}

// readableKind returns an article or a reply of ours that the open web may see.
func (d *Documents) readableKind(ctx context.Context, publicID, kind string) (*models.Post, error) {
	post, err := d.store.Posts.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if post.Kind != kind {
		return nil, models.ErrNotFound
	}
	if post.State == models.PostDeleted && post.PublishedAt != nil {
		var at time.Time
		if post.SavedAt != nil {
			at = *post.SavedAt
		}
		return nil, d.gone(d.iris.Post(post), at)
	}
	if !models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return nil, models.ErrNotFound
	}
	return post, nil
}

// gather reads what an article's document names beside the post.
func (d *Documents) gather(ctx context.Context, post *models.Post) (*article, error) {
	a := &article{post: post}
	var err error
	if a.author, err = d.store.Actors.ByID(ctx, post.ActorID); err != nil {
		return nil, fmt.Errorf("author of article %d: %w", post.ID, err)
	}
	if post.ConferenceID != nil {
		c, err := d.store.Conferences.ByID(ctx, *post.ConferenceID)
		if err != nil {
			return nil, fmt.Errorf("conference of article %d: %w", post.ID, err)
		}
		a.group = c.Actor
	}
	var titles map[int64]string
	if post.PublishedRevisionID != nil {
		rev, err := d.store.Revisions.ByID(ctx, *post.PublishedRevisionID)
		if err != nil {
			return nil, fmt.Errorf("text of article %d: %w", post.ID, err)
		}
		shown, err := again(ctx, d.store, post, rev.Text)
		if err != nil {
			return nil, err
		}
		composed, err := composer(d.iris).Compose(ctx, d.store, shown)
		if err != nil {
			return nil, err
		}
		a.source, titles = composed.Source, composed.Titles
	}
	if a.mentioned, err = mentionedActors(ctx, d.store, post.ID); err != nil {
		return nil, err
	}
	tags, err := d.store.Posts.Hashtags(ctx, post.ID)
	if err != nil {
		return nil, err
	}
	a.hashtags = tags[post.ID]
	if a.about, err = d.aboutTalks(ctx, post, a.author, titles); err != nil {
		return nil, err
	}
	if a.pictures, err = d.store.Pictures.OfPost(ctx, post.ID); err != nil {
		return nil, err
	}
	if a.counts, err = d.store.Reactions.CountsOf(ctx, post.ID); err != nil {
		return nil, err
	}
	replies, err := d.store.Posts.PublicReplies(ctx, post.ID)
	a.replies = d.iris.posts(replies)
	return a, err
}

// mentionedActors returns those named in a post who were found.
func mentionedActors(ctx context.Context, store *models.Store, postID int64) ([]*models.Actor, error) {
	mentions, err := store.Posts.Mentions(ctx, postID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, m := range mentions {
		if m.ActorID != nil {
			ids = append(ids, *m.ActorID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	byID, err := store.Actors.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	actors := make([]*models.Actor, 0, len(ids))
	for _, id := range ids {
		if a := byID[id]; a != nil && a.State == models.StateActive {
			actors = append(actors, a)
		}
	}
	return actors, nil
}

// Activity returns an activity as it was sent. What it carried may be deleted by now.
func (d *Documents) Activity(ctx context.Context, publicID string) ([]byte, error) {
	a, err := d.store.Activities.ByPublicID(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if a.Body == nil {
		return nil, d.gone(d.iris.Activity(publicID), time.Time{})
	}
	if a.Visibility != models.VisibilityPublic && a.Visibility != models.VisibilityUnlisted {
		return nil, models.ErrNotFound
	}
	return a.Body, nil
}

func (d *Documents) gone(id string, at time.Time) error {
	t := vocab.Tombstone{Context: vocab.Context, ID: id, Type: "Tombstone"}
	if !at.IsZero() {
		t.Deleted = vocab.FormatTime(at)
	}
	body, err := marshal(t)
	return errors.Join(&GoneError{body}, err)
}

// marshal writes JSON without escaping "<", ">" and "&", which would cost an
// article a sixth of the 1 MB that receivers take.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
