package handlers

import (
	"cmp"
	"net/http"

	"confnotes/activitypub"
	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
	"confnotes/templates"
)

// preview shows a text as it would be published, here and elsewhere.
func (s *Server) preview(w http.ResponseWriter, r *http.Request, e *editor, m templates.Manuscript) error {
	text := textOf(m)
	if err := draft.Clean(&text); err != nil {
		return err
	}
	about, err := s.about(r.Context(), e, m)
	if err != nil {
		return err
	}
	rendered, err := s.Outbox.Preview(r.Context(), accountFrom(r), e.postID(), about, text)
	if err != nil {
		return err
	}
	var list []templates.Notice
	for _, u := range rendered.Unresolved {
		list = append(list, templates.Notice{ID: templates.MentionUnresolved, Subject: u})
	}
	for _, acct := range rendered.Speakers {
		list = append(list, templates.Notice{ID: templates.SpeakerTold, Subject: "@" + acct})
	}
	if undescribed(rendered.Pictures) {
		list = append(list, templates.Notice{ID: templates.PicturesUndescribed})
	}
	page, err := s.desk(r, list...)
	if err != nil {
		return err
	}
	post := &models.Post{Title: text.Title, Summary: text.Summary, Language: text.Language, Words: rendered.Words}
	article := s.articleText(page.Site, accountFrom(r).Actor, post)
	article.Body, article.Published = richtext.Trusted(rendered.HTML), s.Now()
	s.showCover(article, rendered.Pictures)
	article.Contents = contents(rendered.Headings)
	if e.post != nil && e.post.PublishedAt != nil {
		article.Published = *e.post.PublishedAt
	}
	tags := rendered.Hashtags
	for _, t := range draft.Tags(text.Tags) {
		if !containsFold(tags, t) {
			tags = append(tags, t)
		}
	}
	article.Tags = s.tagLinks(tags)
	return s.private(w, http.StatusOK, templates.Preview{Page: page, Text: m, Action: e.action, State: e.state(), Article: *article,
		Elsewhere: s.elsewhere(text, rendered, article)})
}

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
