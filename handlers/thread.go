package handlers

import (
	"context"
	"strconv"

	"confnotes/activitypub/vocab"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// maxNesting is how deep replies are set inside each other; deeper ones stand beside
// the one they answer. A phone has no room for more, and no thread can be too deep
// to draw.
const maxNesting = 5

// thread returns the replies under an article that the viewer may see, each under
// the one it answers, oldest first. What answers something unseen stands at the top.
func (s *Server) thread(ctx context.Context, v models.Viewer, root *models.Post) ([]templates.Reply, error) {
	posts, err := s.Store.Posts.Thread(ctx, v, root.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(posts))
	seen := make(map[int64]bool, len(posts))
	for i, p := range posts {
		ids[i], seen[p.ID] = p.ActorID, true
	}
	actors, err := s.Store.Actors.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	under := make(map[int64][]*models.Post, len(posts))
	for _, p := range posts {
		parent := int64(0)
		if p.InReplyToID != nil && seen[*p.InReplyToID] {
			parent = *p.InReplyToID
		}
		under[parent] = append(under[parent], p)
	}
	return s.branch(under, actors, root, under[0], 1), nil
}

func (s *Server) branch(under map[int64][]*models.Post, actors map[int64]*models.Actor, root *models.Post, posts []*models.Post, depth int) []templates.Reply {
	var replies []templates.Reply
	for _, p := range posts {
		r := s.reply(p, actors[p.ActorID], root)
		if depth < maxNesting {
			r.Replies = s.branch(under, actors, root, under[p.ID], depth+1)
			replies = append(replies, r)
			continue
		}
		replies = append(replies, r)
		replies = append(replies, s.branch(under, actors, root, under[p.ID], depth)...)
	}
	return replies
}

func (s *Server) reply(p *models.Post, author *models.Actor, root *models.Post) templates.Reply {
	r := templates.Reply{ID: strconv.FormatInt(p.ID, 10), Author: s.author(author), FromAuthor: p.ActorID == root.ActorID, URL: p.URL,
		Published: *p.PublishedAt, Language: p.Language, Warning: p.Summary, Body: richtext.Trusted(p.HTML),
		Private: p.Visibility != models.VisibilityPublic && p.Visibility != models.VisibilityUnlisted,
		Hidden:  p.Moderation == models.ModerationHidden, Held: p.Moderation == models.ModerationHeld, AnswerURL: answerURL(p.ID)}
	if !author.Local {
		r.Server = vocab.Host(*author.URI)
	}
	return r
}
