package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"confnotes/internal/richtext"
	"confnotes/models"
)

const longNeighbour = "https://social.a-very-long-name-of-a-server-that-nobody-types.example/users/a_handle_that_is_as_long_as_mastodon_lets_it_be_3"

// noted gives a talk notes on other servers: one that says much, one in Arabic, and one
// with a warning.
func (v *venue) noted(ctx context.Context, tx *models.Store, c *models.Conference, talk *models.Talk) error {
	for i, note := range []models.Post{
		{Title: v.words("The harbour nobody drew", "Le port que personne n’a dessiné"), Language: v.language,
			Excerpt: v.words("You don’t size for the average, she says, you size for the spring tide. I sat in the third row and wrote down every figure that I could read.", "On ne dimensionne pas pour la moyenne, dit-elle, mais pour la marée de vives-eaux. Au troisième rang, j’ai noté chaque chiffre lisible.")},
		{Title: strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitänspatent ", 3), Language: "de", Excerpt: strings.Repeat("Donaudampfschifffahrtsgesellschaft", 6)},
		{Title: "ملاحظات على المد والجزر", Language: "ar", Excerpt: "شكرا على الملاحظات"},
		{Language: v.language, Summary: v.words("Spoiler of the second day", "Divulgâche le deuxième jour"), Sensitive: true, Excerpt: "Not to be seen."},
	} {
		by, err := tx.Actors.ByURI(ctx, []string{"https://hachyderm.example/users/mathilde", longNeighbour, "https://masto.example/users/layla", "https://tides.example/users/ewen"}[i])
		if err != nil {
			return err
		}
		uri, at := *by.URI+"/articles/"+models.NewPublicID(), evening.Add(time.Duration(i)*time.Hour)
		p := note
		p.URI, p.URL, p.Type, p.Kind, p.ActorID, p.State, p.Visibility, p.Moderation = &uri, uri, "Article", models.KindCoverage, by.ID, models.PostPublished, models.VisibilityPublic, models.ModerationShown
		p.HTML, p.RenderVersion, p.CreatedAt, p.PublishedAt, p.SavedAt = "<p>"+p.Excerpt+"</p>", richtext.Version, at, &at, &at
		if err := tx.Posts.Create(ctx, &p); err != nil {
			return err
		}
		err = errors.Join(tx.Coverage.Add(ctx, &models.Coverage{ConferenceID: c.ID, PostID: p.ID, State: models.CoverageShown, CreatedAt: at}), tx.Coverage.SetTalks(ctx, p.ID, []models.CoverageTalk{{TalkID: talk.ID}}))
		if err != nil {
			return err
		}
	}
	return nil
}

// sisters are Groups elsewhere of a conference: one that asks, one that was asked, one that
// is followed and one that isn't any more.
func (v *venue) sisters(t testing.TB, c *models.Conference) {
	for i, state := range []string{models.SisterProposed, models.SisterFollowed, models.SisterFollowed, models.SisterRefused} {
		group := v.neighbour(t, "kormoran2026", []string{"social.a-very-long-name-of-a-server-that-nobody-types.example", "carnets.example", "notes.example", "noise.example"}[i], "Kormoran Conf 2026")
		group.Kind = models.ActorGroup
		write(t, v.store, func(ctx context.Context, tx *models.Store) error {
			err := errors.Join(tx.Actors.SaveRemote(ctx, group), tx.Sisters.Set(ctx, &models.Sister{ConferenceID: c.ID, ActorID: group.ID, State: state, CreatedAt: evening}))
			if err != nil || i != 2 {
				return err
			}
			return tx.Follows.Put(ctx, &models.Follow{URI: v.full.baseURL + "/activities/x", FollowerID: c.ActorID, TargetID: group.ID, State: models.FollowAccepted, CreatedAt: evening})
		})
	}
}
