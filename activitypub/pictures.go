package activitypub

import (
	"context"
	"slices"

	"confnotes/activitypub/vocab"
	"confnotes/internal/picture"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// maxAttached is how many pictures go out as attachments. Mastodon shows four of them.
const maxAttached = 16

// PictureURL is where a picture is served in one of its sizes.
func (i *IRIs) PictureURL(p *models.Picture, v models.PictureVariant) string {
	return i.to("media", p.PublicID, picture.File(v))
}

// PictureSources is a picture as HTML shows it.
func (i *IRIs) PictureSources(p *models.Picture) richtext.Picture {
	shown := richtext.Picture{Width: p.Width, Height: p.Height}
	for _, v := range p.Sizes() {
		shown.Sources = append(shown.Sources, richtext.Source{URL: i.PictureURL(p, v), Width: v.Width})
	}
	return shown
}

// shownPictures is what a text shows: as rows, and by the destinations in its source.
type shownPictures struct {
	rows  []models.PostPicture
	links map[string]richtext.Picture
}

// pictures looks up what a text shows. What isn't there any more is left out, and its
// alternative text stands in its place.
func (o *Outbox) pictures(ctx context.Context, text models.RevisionText, found []richtext.FoundPicture) (*shownPictures, error) {
	known, err := o.store.Pictures.ByPublicIDs(ctx, picture.Named(text))
	if err != nil {
		return nil, err
	}
	shown := &shownPictures{links: map[string]richtext.Picture{}}
	if p := known[text.Cover]; p != nil {
		shown.rows = append(shown.rows, models.PostPicture{PictureID: p.ID, Role: models.RoleCover, Alt: text.CoverAlt, Caption: text.CoverCaption, Picture: p})
	}
	for _, f := range found {
		id, ok := picture.ID(f.Destination)
		p := known[id]
		if !ok || p == nil {
			continue
		}
		shown.links[f.Destination] = o.iris.PictureSources(p)
		shown.rows = append(shown.rows, models.PostPicture{PictureID: p.ID, Role: models.RoleText, Alt: f.Alt, Caption: f.Caption, Picture: p})
	}
	return shown, nil
}

// addPictures gives an article's document its cover as `image` and, where the author
// chose so, its pictures as attachments: Mastodon then shows them in the timeline,
// and no link card (reference: FEDERATION.md, "Pictures").
func addPictures(iris *IRIs, doc *vocab.Article, a article) {
	for _, p := range a.pictures {
		image := imageDocument(iris, p)
		if p.Role == models.RoleCover {
			doc.Image = &image
		}
		known := slices.ContainsFunc(doc.Attachment, func(other vocab.Image) bool { return other.URL == image.URL })
		if a.post.Attach && !known && len(doc.Attachment) < maxAttached {
			doc.Attachment = append(doc.Attachment, image)
		}
	}
}

// imageDocument describes a picture in its largest size.
func imageDocument(iris *IRIs, p models.PostPicture) vocab.Image {
	all := p.Picture.Sizes()
	v := all[len(all)-1]
	return vocab.Image{Type: "Image", MediaType: v.MIME, URL: iris.PictureURL(p.Picture, v), Name: p.Alt,
		Width: v.Width, Height: v.Height, Blurhash: p.Picture.Blurhash}
}
