package activitypub

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
)

const (
	// resolveWait is how long an author waits for the people they mention to be found.
	resolveWait = 3 * time.Second
	resolveMost = 20 // mentions in one article
)

// rendered is a text with everything that publishing it needs to know.
type rendered struct {
	richtext.Article
	mentioned  map[string]*profile // by handle
	unresolved []string
	hashtags   []string
}

// Preview renders a text exactly as Publish would, and names the mentions that
// nobody was found for.
func (o *Outbox) Preview(ctx context.Context, text models.RevisionText) (richtext.Article, []string, error) {
	r, err := o.render(ctx, text)
	if err != nil {
		return richtext.Article{}, nil, err
	}
	return r.Article, r.unresolved, nil
}

func (o *Outbox) render(ctx context.Context, text models.RevisionText) (*rendered, error) {
	found := richtext.Scan(text.Source)
	r := &rendered{mentioned: o.resolve(ctx, found.Mentions)}
	links := make(map[string]richtext.Mention, len(r.mentioned))
	for _, h := range found.Mentions {
		p := r.mentioned[h.String()]
		if p == nil {
			r.unresolved = append(r.unresolved, "@"+h.String())
			continue
		}
		links[h.String()] = richtext.Mention{Handle: h, Href: o.page(p.actor), Name: "@" + p.actor.Handle}
	}
	r.Article = richtext.Render(text.Source, richtext.Options{Language: text.Language, Mentions: links, TagURL: o.iris.TagPage})
	r.hashtags = slices.Clone(r.Hashtags)
	for _, t := range draft.Tags(text.Tags) {
		if !slices.ContainsFunc(r.hashtags, func(s string) bool { return strings.EqualFold(s, t) }) {
			r.hashtags = append(r.hashtags, t)
		}
	}
	return r, nil
}

func (o *Outbox) page(a *models.Actor) string {
	if a.Local {
		return o.iris.ProfilePage(a.HandleLC)
	}
	return a.URL
}

// resolve finds the people who are mentioned, side by side, for at most resolveWait.
func (o *Outbox) resolve(ctx context.Context, handles []richtext.Handle) map[string]*profile {
	ctx, cancel := context.WithTimeout(ctx, resolveWait)
	defer cancel()
	found := make(map[string]*profile, len(handles))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, h := range handles[:min(len(handles), resolveMost)] {
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
