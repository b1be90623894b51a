package activitypub

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"confnotes/internal/draft"
	"confnotes/internal/recap"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	// resolveWait is how long an author waits for the people they mention to be found.
	resolveWait = 3 * time.Second
	resolveMost = 20 // mentions in one article, and as many speakers whom it tells
)

// rendered is a text with everything that publishing it needs to know.
type rendered struct {
	richtext.Article
	mentioned  map[string]*profile // by handle
	unresolved []string
	hashtags   []string
	pictures   []models.PostPicture // the cover first
	notes      []models.RecapNote   // that a recap shows
	parent     *models.Actor        // whom a reply answers
	speakers   []speaker            // whom it tells of a note on their talk
}

// Rendered is a text as its readers will see it.
type Rendered struct {
	richtext.Article
	Pictures   []models.PostPicture // the cover first
	Unresolved []string             // mentions that nobody was found for
	Speakers   []string             // whom it would tell of a note on their talk, as user@host
}

// Preview renders a text exactly as Publish would; postID is 0 for one that isn't stored.
func (o *Outbox) Preview(ctx context.Context, author *models.Account, postID int64, about models.About, text models.RevisionText) (*Rendered, error) {
	r, err := o.render(ctx, recap.Article{ActorID: author.ActorID, PostID: postID, About: about, Text: text})
	if err != nil {
		return nil, err
	}
	shown := &Rendered{Article: r.Article, Pictures: r.pictures, Unresolved: r.unresolved}
	shown.Speakers, err = o.wouldTell(ctx, author, r.speakers)
	return shown, err
}

// render renders an article: what its author typed, and what stands there of the talks
// that it is about.
func (o *Outbox) render(ctx context.Context, a recap.Article) (*rendered, error) {
	composed, err := composer(o.iris).Compose(ctx, o.store, a)
	if err != nil {
		return nil, err
	}
	text := a.Text
	text.Source = composed.Source
	found := richtext.Scan(text.Source)
	speakers, err := o.candidates(ctx, a, composed.Speakers)
	if err != nil {
		return nil, err
	}
	r, links := o.name(ctx, found.Mentions, speakers...)
	shown, err := o.pictures(ctx, text, found.Pictures)
	if err != nil {
		return nil, err
	}
	r.pictures, r.notes = shown.rows, composed.Notes
	r.Article = richtext.Render(text.Source, richtext.Options{Language: text.Language, Mentions: links, Pictures: shown.links, TagURL: o.iris.TagPage})
	r.hashtags = slices.Clone(r.Hashtags)
	for _, t := range draft.Tags(text.Tags) {
		if !slices.ContainsFunc(r.hashtags, func(s string) bool { return strings.EqualFold(s, t) }) {
			r.hashtags = append(r.hashtags, t)
		}
	}
	return r, nil
}

func composer(iris *IRIs) recap.Composer { return recap.Composer{Page: iris.ArticlePage} }

// again is a published article as it is rendered again: of its notes a recap shows no more
// than it does already.
func again(ctx context.Context, store *models.Store, post *models.Post, text models.RevisionText) (recap.Article, error) {
	a := recap.Article{ActorID: post.ActorID, PostID: post.ID, Again: true, About: post.About(), Text: text}
	var err error
	if post.Day != "" {
		a.Shown, err = store.Posts.RecapNotes(ctx, post.ID)
	}
	return a, err
}

// renderNote renders a reply: what it is made of can stand under an article, among
// other replies, and not take its headings' or footnotes' names.
func (o *Outbox) renderNote(ctx context.Context, text models.RevisionText, publicID string) (*rendered, error) {
	r, links := o.name(ctx, richtext.Scan(text.Source).Mentions)
	r.Article = richtext.Render(text.Source, richtext.Options{Language: text.Language, Mentions: links, TagURL: o.iris.TagPage,
		Reply: true, FootnotePrefix: "re-" + publicID + "-"})
	r.hashtags = r.Hashtags
	return r, nil
}

// name finds the people whom a text mentions, and the speakers whom it tells. Speakers whom
// nobody is found for are left out: that is no error of the author's.
func (o *Outbox) name(ctx context.Context, mentions []richtext.Handle, speakers ...speaker) (*rendered, map[string]richtext.Mention) {
	handles := slices.Clone(mentions[:min(len(mentions), resolveMost)])
	for _, s := range speakers {
		handles = append(handles, s.handle)
	}
	found := o.resolve(ctx, handles)
	r := &rendered{mentioned: map[string]*profile{}}
	for _, s := range speakers {
		if s.who = found[s.handle.String()]; s.who != nil {
			r.speakers = append(r.speakers, s)
		} else if ctx.Err() == nil {
			o.absent.Put(s.handle.String(), struct{}{}, o.now())
		}
	}
	links := make(map[string]richtext.Mention, len(mentions))
	for _, h := range mentions {
		p := found[h.String()]
		if p == nil {
			r.unresolved = append(r.unresolved, "@"+h.String())
			continue
		}
		r.mentioned[h.String()] = p
		links[h.String()] = richtext.Mention{Handle: h, Href: o.page(p.actor), Name: "@" + p.actor.Handle}
	}
	return r, links
}

func (o *Outbox) page(a *models.Actor) string {
	if a.Local {
		return o.iris.ActorPage(a)
	}
	return a.URL
}

// resolve finds people by their addresses, side by side, for at most resolveWait.
func (o *Outbox) resolve(ctx context.Context, handles []richtext.Handle) map[string]*profile {
	ctx, cancel := context.WithTimeout(ctx, resolveWait)
	defer cancel()
	found := make(map[string]*profile, len(handles))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, h := range handles {
		wg.Go(func() {
			p, err := o.resolver.byHandle(ctx, h)
			if err != nil {
				o.log.InfoContext(ctx, "mention not resolved", "handle", h.String(), "error", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			found[h.String()] = p
		})
	}
	wg.Wait()
	return found
}
