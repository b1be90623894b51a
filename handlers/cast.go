package handlers

import (
	"context"
	"maps"
	"slices"

	"confnotes/internal/replica"
	"confnotes/models"
	"confnotes/templates"
)

// cast is everybody who stands on a page, with our copies of their faces.
type cast struct {
	server  *Server
	actors  map[int64]*models.Actor
	avatars map[int64]*models.RemoteMedia // of strangers
	faces   map[int64]*models.Picture     // of ours, by the picture's id
}

// castOf gathers actors by id, in a few queries however many there are.
func (s *Server) castOf(ctx context.Context, ids []int64) (*cast, error) {
	actors, err := s.Store.Actors.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	avatars, err := s.Store.Media.Avatars(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range avatars {
		s.Copies.Shown(m)
	}
	faces, err := s.Store.Pictures.Faces(ctx, slices.Collect(maps.Values(actors))...)
	return &cast{s, actors, avatars, faces}, err
}

// author is how the page names one of them.
func (c *cast) author(id int64) templates.Author {
	a := c.server.portrayed(c.actors[id], c.faces)
	if m := c.avatars[id]; m != nil {
		a.Avatar = c.server.copyURL(m)
	}
	return a
}

// portrayed names one of ours, with the face that they chose.
func (s *Server) portrayed(a *models.Actor, faces map[int64]*models.Picture) templates.Author {
	named := s.author(a)
	if a.PictureID != nil && faces[*a.PictureID] != nil {
		named.Avatar = s.IRIs.PictureURL(faces[*a.PictureID], faces[*a.PictureID].Sizes()[0])
	}
	return named
}

// copyURL is where our copy of a picture is; "" while there is none.
func (s *Server) copyURL(m *models.RemoteMedia) string {
	if m.State != models.MediaKept {
		return ""
	}
	return s.IRIs.Copy(m.PublicID, replica.File(m))
}

// maxFaces is how many of those who like or boost an article are shown.
const maxFaces = 10

// reacted is who last liked and who last boosted an article, of so many.
func (c *cast) reacted(newest []models.Reaction, counts models.Counts) (likers, boosters templates.Faces) {
	for _, r := range newest {
		to := &likers
		if r.Type == models.ReactionAnnounce {
			to = &boosters
		}
		if a := c.actors[r.ActorID]; a != nil && a.State == models.StateActive {
			to.People = append(to.People, c.author(r.ActorID))
		}
	}
	likers.Others = max(0, int(counts.Likes)-len(likers.People))
	boosters.Others = max(0, int(counts.Announces)-len(boosters.People))
	return likers, boosters
}
