package activitypub

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

const (
	hallPicture  = "hallhallhallhallhall00"
	slidePicture = "slideslideslideslide00"
)

// picture stores a picture's rows: two sizes and a card.
func (s *site) picture(by *models.Account, publicID, mime string) {
	s.t.Helper()
	p := &models.Picture{PublicID: publicID, AccountID: by.ID, SHA256: publicID, Width: 960, Height: 540, Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj", CreatedAt: s.clock.now(),
		Variants: []models.PictureVariant{{Name: "480", MIME: mime, Width: 480, Height: 270, Bytes: 9}, {Name: "960", MIME: mime, Width: 960, Height: 540, Bytes: 9},
			{Name: models.VariantCard, MIME: "image/jpeg", Width: 1200, Height: 630, Bytes: 9}}}
	s.inTx(func(tx *models.Store) error { return tx.Pictures.Create(s.ctx(), p) })
}

func illustrated(attach bool) models.RevisionText {
	return models.RevisionText{Language: "en", Title: "Day one", Cover: hallPicture, CoverAlt: "A full hall", CoverCaption: "At nine", Attach: attach,
		Source: "![A slide](/media/" + slidePicture + " \"Numbers\")\n\n![The hall again](/media/" + hallPicture + ")\n\n![Gone](/media/gonegonegonegonegone00)\n\nWords."}
}

func TestACoverTravelsAsImageAndPicturesAsAttachmentsWhenAskedTo(t *testing.T) {
	t.Parallel()
	for name, attach := range map[string]bool{"article-pictures.json": false, "article-attached.json": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			gwen := s.person("gwen", models.RoleOwner)
			s.picture(gwen, hallPicture, "image/jpeg")
			s.picture(gwen, slidePicture, "image/png")
			post := s.publish(gwen, illustrated(attach))
			doc, err := s.docs.Article(s.ctx(), *post.PublicID)
			s.must(err)
			ids := names{}
			golden(t, name, ids.plain(doc))
			if strange := undefinedTerms(doc); len(strange) > 0 {
				t.Errorf("a JSON-LD processor drops %v", strange)
			}
			var sent vocab.Activity
			create, err := s.docs.Activity(s.ctx(), s.activityID("Create"))
			s.must(err)
			s.must(json.Unmarshal(create, &sent))
			object, _ := sent.Object.(map[string]any)
			if object["image"] == nil || (object["attachment"] != nil) != attach {
				t.Errorf("the Create carries image %v, attachment %v", object["image"], object["attachment"])
			}
			if strings.Contains(post.Excerpt, "Numbers") || strings.Contains(post.Excerpt, "hall") {
				t.Errorf("the excerpt %q starts with pictures", post.Excerpt)
			}
		})
	}
}

func TestAnEditTakesAPictureOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	s.picture(gwen, hallPicture, "image/jpeg")
	s.picture(gwen, slidePicture, "image/png")
	post := s.publish(gwen, illustrated(true))
	s.edit(gwen, post, models.RevisionText{Language: "en", Title: "Day one", Source: "Words alone."})
	doc, err := s.docs.Article(s.ctx(), *post.PublicID)
	s.must(err)
	if strings.Contains(string(doc), "/media/") {
		t.Errorf("the article still names a picture: %s", doc)
	}
	if left := s.count("post_pictures"); left != 0 {
		t.Errorf("%d pictures are said to be shown", left)
	}
}

func TestManyPicturesAreNotAllAttached(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	var source strings.Builder
	for n := range maxAttached + 3 {
		id := fmt.Sprintf("picture%015d", n)
		s.picture(gwen, id, "image/jpeg")
		fmt.Fprintf(&source, "![n](/media/%s)\n\n", id)
	}
	post := s.publish(gwen, models.RevisionText{Language: "en", Title: "Many", Attach: true, Source: source.String()})
	doc, err := s.docs.Article(s.ctx(), *post.PublicID)
	s.must(err)
	var article vocab.Article
	s.must(json.Unmarshal(doc, &article))
	if len(article.Attachment) != maxAttached || strings.Count(article.Content, "<img") != maxAttached+3 {
		t.Errorf("%d attached, %d in the text", len(article.Attachment), strings.Count(article.Content, "<img"))
	}
}
