package handlers

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/models"
)

// A report shows what it is about to who may see that. Of the rest moderators learn that it
// is there, and neither its words nor where it stands.
func TestAReportShowsNobodyWhatIsPrivate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	between := s.gwen.article("Between us")
	s.change(between, func(p *models.Post) { p.Visibility = models.VisibilityFollowers })
	done, err := s.server.Outbox.Answer(t.Context(), activitypub.Answer{Account: s.gwen.Account, To: s.private, ClientID: models.NewPublicID(), Source: "For far alone", Language: "en"})
	fatal(t, err)
	server := s.stranger("actor", "social.example")
	s.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Reports.Add(ctx, &models.Report{ActorID: server.ID, TargetID: s.gwen.ActorID, Comment: "Spam", CreatedAt: noon,
			PostIDs: []int64{s.article.ID, between.ID, done.Post.ID}})
	})
	page := s.owner.get("/reports").want(t, "the reports", http.StatusOK)
	if !page.has("Spam") || !page.has(">Day one</a>") || !page.has("2 private posts, which only those whom they are for can read") {
		t.Errorf("the report lacks something:\n%s", page.body)
	}
	for _, private := range []string{"Between us", "For far alone", answerURL(between.ID) + `"`, answerURL(done.Post.ID) + `"`} {
		if strings.Contains(page.body, private) {
			t.Errorf("the report shows %s", private)
		}
	}
}

// Who looks after conversations does where they may read what those are about.
func TestWhatWaitsUnderWhatIsForFollowersWaitsForItsAuthor(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.change(s.article, func(p *models.Post) { p.Visibility = models.VisibilityFollowers })
	s.change(s.public, func(p *models.Post) { p.Moderation = models.ModerationHeld })
	if page := s.gwen.get("/held"); !page.has("public words") || !page.has("Day one") {
		t.Errorf("gwen isn't asked:\n%s", page.body)
	}
	if page := s.owner.get("/held"); page.has("public words") || page.has("Day one") {
		t.Errorf("the owner reads what gwen's article is called:\n%s", page.body)
	}
}
