package handlers

import (
	"context"
	"strconv"
	"unicode/utf8"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

const (
	// maxNesting is how deep replies are set inside each other; deeper ones stand beside
	// the one they answer. A phone has no room for more, and no thread can be too deep
	// to draw.
	maxNesting = 5
	// openNesting is how deep a thread is open; a longer branch below is folded.
	openNesting = 3
	// fewAnswers aren't worth folding.
	fewAnswers = 2
	// openAnswers is how many answers to one reply are open.
	openAnswers = 5
	// A reply that is longer is clamped, to so many characters.
	longReply, clamped = 1000, 420
)

// thread is the replies under an article on one page.
type thread struct {
	server   *Server
	root     *models.Post
	under    map[int64][]*models.Post // the answers to each, those to nothing on the page under 0
	cast     *cast
	attached map[int64][]*models.RemoteMedia
	folds    bool
	stage    map[int64]*models.Person // who speaks at the talks that the article shows
	offers   *offering                // nil: nothing is, on pages that all may read
}

// threadOf sorts replies: each under the one it answers, oldest first. What answers
// something unseen stands at the top.
func (s *Server) threadOf(ctx context.Context, root *models.Post, posts []*models.Post, cast *cast, folds bool, offers *offering) ([]templates.Reply, error) {
	ids := make([]int64, len(posts))
	here := make(map[int64]bool, len(posts))
	for i, p := range posts {
		ids[i], here[p.ID] = p.ID, true
	}
	attached, err := s.Store.Media.Attached(ctx, ids)
	if err != nil {
		return nil, err
	}
	stage, err := s.Outbox.OnStage(ctx, root, cast.actors)
	if err != nil {
		return nil, err
	}
	t := &thread{s, root, make(map[int64][]*models.Post, len(posts)), cast, attached, folds, stage, offers}
	for _, p := range posts {
		parent := int64(0)
		if p.InReplyToID != nil && here[*p.InReplyToID] {
			parent = *p.InReplyToID
		}
		t.under[parent] = append(t.under[parent], p)
	}
	return t.branch(t.under[0], 1), nil
}

func authorsOf(posts []*models.Post) []int64 {
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ActorID
	}
	return ids
}

func (t *thread) branch(posts []*models.Post, depth int) []templates.Reply {
	var replies []templates.Reply
	for _, p := range posts {
		r := t.reply(p)
		if depth < maxNesting {
			r.Replies = t.branch(t.under[p.ID], depth+1)
			t.fold(&r, depth)
			replies = append(replies, r)
			continue
		}
		replies = append(replies, r)
		replies = append(replies, t.branch(t.under[p.ID], depth)...)
	}
	return replies
}

// fold puts away what makes a thread long: branches far down, and the later ones of many
// answers to one reply.
func (t *thread) fold(r *templates.Reply, depth int) {
	open := len(r.Replies)
	switch {
	case !t.folds || depth > openNesting:
		return
	case depth == openNesting:
		open = 0
	case len(r.Replies) > openAnswers:
		open = openAnswers
	}
	if n := countReplies(r.Replies[open:]); n > fewAnswers {
		r.Folded, r.FoldedCount, r.Replies = r.Replies[open:], n, r.Replies[:open]
	}
}

func countReplies(replies []templates.Reply) int {
	n := len(replies)
	for _, r := range replies {
		n += countReplies(r.Replies) + r.FoldedCount
	}
	return n
}

func (t *thread) reply(p *models.Post) templates.Reply {
	r := t.server.reply(p, t.cast, t.root, t.attached[p.ID])
	by := t.stage[p.ActorID]
	if r.Speaker = by != nil; r.Speaker && t.offers != nil {
		r.Offer = t.offers.of(p, by)
	}
	return r
}

// reply is how a page shows a reply. Whoever made one that waits or is hidden gets no
// picture of theirs onto a page: they are links.
func (s *Server) reply(p *models.Post, cast *cast, root *models.Post, attached []*models.RemoteMedia) templates.Reply {
	author := cast.actors[p.ActorID]
	r := templates.Reply{ID: strconv.FormatInt(p.ID, 10), Author: cast.author(p.ActorID), FromAuthor: p.ActorID == root.ActorID, URL: p.URL,
		Published: *p.PublishedAt, Language: p.Language, Warning: p.Summary, Sensitive: p.Sensitive, Body: richtext.Trusted(p.HTML),
		Private: p.Visibility != models.VisibilityPublic && p.Visibility != models.VisibilityUnlisted,
		Hidden:  p.Moderation == models.ModerationHidden, Held: p.Moderation == models.ModerationHeld, AnswerURL: answerURL(p.ID)}
	if !author.Local {
		r.Server = vocab.Host(*author.URI)
	}
	if text := richtext.PlainText(p.HTML); utf8.RuneCountInString(text) > longReply {
		r.Start = richtext.Excerpt(text, clamped)
	}
	shown := p.Moderation == models.ModerationShown
	for _, m := range attached {
		if m.Kind != models.MediaEmoji {
			r.Attachments = append(r.Attachments, s.attachment(m, shown))
		}
	}
	if shown {
		r.Body = richtext.Trusted(richtext.WithEmoji(p.HTML, s.emoji(attached)))
	}
	return r
}

// emoji are those of what goes with a reply that we have copies of.
func (s *Server) emoji(attached []*models.RemoteMedia) (all []richtext.Emoji) {
	for _, m := range attached {
		if m.Kind != models.MediaEmoji {
			continue
		}
		s.Copies.Shown(m)
		if url := s.copyURL(m); url != "" {
			all = append(all, richtext.Emoji{Text: m.Alt, URL: url, Width: m.Width, Height: m.Height})
		}
	}
	return all
}

// maxLabel is how much of a picture's description names a link to it, in characters.
const maxLabel = 120

func (s *Server) attachment(m *models.RemoteMedia, shown bool) templates.Attachment {
	a := templates.Attachment{URL: m.URL, Host: vocab.Hostname(m.URL), Label: richtext.Excerpt(m.Alt, maxLabel)}
	if m.Kind != models.MediaPicture || !shown {
		return a
	}
	s.Copies.Shown(m)
	if url := s.copyURL(m); url != "" {
		a.Picture = &templates.Picture{URL: url, Full: url, Width: m.Width, Height: m.Height, Alt: m.Alt}
	}
	return a
}
