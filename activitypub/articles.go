package activitypub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
)

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
	may, err := reads(ctx, d.store, post, reader)
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

// reads says whether somebody elsewhere may read a published post of ours: what is for
// everybody, what is for followers if they are one, and what names them; unless they are kept
// out.
func reads(ctx context.Context, store *models.Store, post *models.Post, reader *models.Actor) (bool, error) {
	if models.CanSee(models.Viewer{}, models.Sight{Post: post}) {
		return true, nil
	}
	if blocked, err := blockedBy(ctx, store, post.ActorID, reader); err != nil || blocked {
		return false, err
	}
	f, err := store.Follows.Between(ctx, reader.ID, post.ActorID)
	if err == nil && f.State == models.FollowAccepted && post.Visibility == models.VisibilityFollowers {
		return true, nil
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return false, err
	}
	named, err := mentionedActors(ctx, store, post.ID)
	return slices.ContainsFunc(named, func(a *models.Actor) bool { return a.ID == reader.ID }), err
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
