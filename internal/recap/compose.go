package recap

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"confnotes/models"
)

// Composer makes the Markdown that articles are rendered from.
type Composer struct {
	// Page is where an author's article has its page.
	Page func(handle, slug string) string
}

// Article is what is composed: a text, whose, about what.
type Article struct {
	ActorID int64
	PostID  int64 // 0: it isn't stored yet
	About   models.About
	Text    models.RevisionText
	// Shown are the revisions of notes that a recap shows already; nil: the newest.
	Shown map[int64]models.RecapNote
	Again bool // it is rendered anew by itself, not by its author
}

// Composition is the Markdown of an article, what a recap shows of which notes, and who
// speaks at the talks that it shows.
type Composition struct {
	Source   string
	Own      string // the same without where a recap stands among the author's others
	Notes    []models.RecapNote
	Speakers []models.Appearance
	Titles   map[int64]string // of a recap, what stands above the section on a talk
}

// Compose makes an article. Of a talk note that is the talk's line, its takeaway and the
// author's words; of a recap, its sections and where it stands among the author's recaps
// of the conference; of what is about neither, the author's words alone.
func (c Composer) Compose(ctx context.Context, store *models.Store, a Article) (*Composition, error) {
	switch {
	case a.About.TalkID != 0:
		found, err := talks(ctx, store, []int64{a.About.TalkID})
		if err != nil {
			return nil, err
		}
		talk := found[a.About.TalkID]
		if talk == nil {
			return nil, fmt.Errorf("talk %d: %w", a.About.TalkID, models.ErrNotFound)
		}
		blocks := []string{talk.line(a.Text.Language), takeaway(a.Text.Takeaway), strings.Trim(a.Text.Source, "\n")}
		if a.Text.Title != talk.Title { // the author's own title: the talk's stands above its line
			blocks = append([]string{"## " + escape(talk.Title)}, blocks...)
		}
		return &Composition{Source: join(blocks), Own: join(blocks), Speakers: talk.Speakers}, nil
	case a.About.Day != "":
		return c.recap(ctx, store, a)
	}
	return &Composition{Source: a.Text.Source, Own: a.Text.Source}, nil
}

// recap puts the sections of a recap together.
func (c Composer) recap(ctx context.Context, store *models.Store, a Article) (*Composition, error) {
	author, err := store.Actors.ByID(ctx, a.ActorID)
	if err != nil {
		return nil, fmt.Errorf("author of a recap: %w", err)
	}
	sections := ReadSections(a.Text.Source)
	notes, err := readNotes(ctx, store, a, sections)
	if err != nil {
		return nil, err
	}
	out := &Composition{Titles: map[int64]string{}}
	var blocks []string
	seen := map[int64]bool{}
	for _, s := range sections {
		n := notes[s.Note]
		switch {
		case s.Note == "":
			blocks = append(blocks, s.Text)
		case n != nil && !seen[n.post.ID]:
			seen[n.post.ID] = true
			shown := n.shown(s, a.Shown)
			out.Notes = append(out.Notes, shown)
			if n.talk != nil {
				out.Speakers = append(out.Speakers, n.talk.Speakers...)
				out.Titles[n.talk.ID] = n.title()
			}
			blocks = append(blocks, n.blocks(a.Text.Language, shown.Whole, c.Page(author.HandleLC, n.post.Slug))...)
		}
	}
	part, err := c.part(ctx, store, author, a)
	out.Own, out.Source = join(blocks), join(append(blocks, part))
	return out, err
}

// part says which of the author's recaps of the conference this is, and leads to those
// before and after it.
func (c Composer) part(ctx context.Context, store *models.Store, author *models.Actor, a Article) (string, error) {
	all, err := store.Posts.Recaps(ctx, a.ActorID, a.About.ConferenceID)
	if err != nil {
		return "", err
	}
	var before, after []*models.Post
	for _, p := range all {
		switch {
		case p.State != models.PostPublished || p.Visibility != models.VisibilityPublic || p.Day == a.About.Day:
		case p.Day < a.About.Day:
			before = append(before, p)
		default:
			after = append(after, p)
		}
	}
	if len(before)+len(after) == 0 {
		return "", nil
	}
	w := words(a.Text.Language)
	parts := []string{escape(w.T("recap.part", "Part", strconv.Itoa(len(before)+1), "Of", strconv.Itoa(len(before)+len(after)+1)))}
	link := func(p *models.Post, id string) {
		parts = append(parts, escape(w.T(id))+" ["+escape(p.Title)+"]("+escapeURL(c.Page(author.HandleLC, p.Slug))+")")
	}
	if len(before) > 0 {
		link(before[len(before)-1], "recap.before")
	}
	if len(after) > 0 {
		link(after[0], "recap.after")
	}
	return "---\n\n" + strings.Join(parts, between), nil
}

// takeaway is what is remembered, marked.
func takeaway(text string) string {
	if text = strings.TrimSpace(strings.ReplaceAll(text, "==", "=")); text == "" {
		return ""
	}
	return "==" + text + "=="
}

// join puts blocks under each other, empty ones left out.
func join(blocks []string) string {
	var kept []string
	for _, b := range blocks {
		if strings.TrimSpace(b) != "" {
			kept = append(kept, b)
		}
	}
	return strings.Join(kept, "\n\n")
}
