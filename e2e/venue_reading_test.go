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

// follow has the author follow neighbours, of whom the last hasn't answered, and puts what
// they wrote and boosted on the author's page: each shape that there is.
func (v *venue) follow(t testing.TB, mathilde, long, arab *models.Actor) {
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		put := func(whom *models.Actor, state string) error {
			return tx.Follows.Put(ctx, &models.Follow{URI: v.full.baseURL + "/activities/" + models.NewPublicID(), FollowerID: v.post.ActorID, TargetID: whom.ID, State: state, CreatedAt: evening})
		}
		return errors.Join(put(mathilde, models.FollowAccepted), put(long, models.FollowAccepted), put(arab, models.FollowPending))
	})
	day := strings.Repeat(v.words("<p>The tide comes in twice a day, and nobody sizes for the second one. </p>", "<p>La marée monte deux fois par jour, et personne ne dimensionne pour la seconde. </p>"), 18)
	v.theirs = v.wrote(t, mathilde, mathilde, 0, "<h2>"+v.words("Morning", "Matin")+"</h2>"+day+"<h3>"+v.words("Questions", "Questions")+"</h3><ul><li>WAL</li><li><code>fsync</code></li></ul>", func(p *models.Post) {
		p.Type, p.Title, p.Summary = "Article", v.words("Ten years of tides, told by two voices", "Dix ans de marées, racontés à deux voix"), v.words("What I took home from the keynote.", "Ce que je retiens de la keynote.")
		p.HTML = richtext.StrangerArticle(string(p.Raw), nil)
	})
	v.wrote(t, mathilde, mathilde, 1, v.words("<p>Room Hoëdic is full. The corridor track begins.</p>", "<p>La salle Hoëdic est pleine. La session des couloirs commence.</p>"), func(*models.Post) {})
	v.wrote(t, arab, long, 2, "<p>شكرا على الملاحظات</p>", func(p *models.Post) { p.Language = "ar" })
	v.wrote(t, long, long, 3, v.words("<p>The boat wins.</p>", "<p>Le bateau gagne.</p>"), func(p *models.Post) {
		p.Summary, p.Sensitive = v.words("Spoiler of the second day", "Divulgâche le deuxième jour"), true
	})
	v.wrote(t, mathilde, mathilde, 4, v.words("<p>Who comes to the harbour?</p><ul><li>I do</li><li>Only with chips</li></ul>", "<p>Qui vient au port ?</p><ul><li>Moi</li><li>S’il y a des frites</li></ul>"), func(p *models.Post) { p.Type = "Question" })
	v.wrote(t, long, long, 5, "<p>"+strings.Repeat("Konstantinopolitanischerdudelsackpfeifenmachergeselle", 3)+"</p>", func(p *models.Post) { p.Visibility = models.VisibilityFollowers })
	v.wrote(t, long, long, 6, v.words("<p>I do!</p>", "<p>Moi !</p>"), func(p *models.Post) { p.Kind, p.RootID, p.InReplyToID = models.KindReply, &v.theirs.ID, &v.theirs.ID })
}

// wrote stores what a neighbour wrote so many minutes into the evening, for those who follow
// via.
func (v *venue) wrote(t testing.TB, by, via *models.Actor, minutes int, html string, change func(*models.Post)) *models.Post {
	t.Helper()
	uri, at := *by.URI+"/notes/"+models.NewPublicID(), evening.Add(time.Duration(minutes)*time.Minute)
	p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindFollowed, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic, Moderation: models.ModerationShown,
		Language: v.language, Raw: []byte(html), HTML: richtext.Stranger(html), RenderVersion: richtext.Version, CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	change(p)
	write(t, v.store, func(ctx context.Context, tx *models.Store) error {
		return errors.Join(tx.Posts.Create(ctx, p), tx.Readings.Add(ctx, p.ID, via.ID, at))
	})
	return p
}
