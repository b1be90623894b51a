package handlers

import (
	"cmp"

	"confnotes/activitypub"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

const (
	mastodonPictures = 4   // of those that are attached: it shows no more
	cardWords        = 160 // about as many as a card has room for, in characters
	wholeWords       = 420
)

// elsewhere is how other servers show an article (reference: FEDERATION.md, "Objects").
// Mastodon shows title, summary and the link's card or, in its place, the first four attached
// pictures; of what is for followers there is no page to make a card of. GoToSocial, Akkoma and
// Hollo show the whole text; GoToSocial folds it behind the summary, or the title.
func (s *Server) elsewhere(text models.RevisionText, rendered *activitypub.Rendered, article *templates.Article) templates.Elsewhere {
	view := templates.Elsewhere{Title: text.Title, Summary: text.Summary, Language: text.Language, Host: s.IRIs.Host(), Words: richtext.Excerpt(rendered.Text, wholeWords)}
	if text.Attach {
		for _, p := range rendered.Pictures[:min(len(rendered.Pictures), mastodonPictures)] {
			view.Attached = append(view.Attached, s.picture(p))
		}
	}
	if len(view.Attached) == 0 && text.Visibility != models.VisibilityFollowers {
		view.Card = &templates.LinkCard{Title: text.Title, Words: richtext.Excerpt(cmp.Or(text.Summary, rendered.Text), cardWords), Picture: article.Cover}
	}
	return view
}
