package handlers

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"confnotes/models"
	"confnotes/templates"
)

// parseForm reads a submitted form; a broken one is a bad request, a large one a 413.
// Of a form with a file it reads the fields.
func parseForm(r *http.Request) error {
	var err error
	if multipartForm(r) {
		err = readParts(r, func(part *multipart.Part) error {
			_, err := io.Copy(io.Discard, part)
			return err
		})
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return formError(err)
	}
	validText(r)
	return nil
}

func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return errors.Join(errBadRequest, err)
}

// validText replaces what is no UTF-8 in a form's fields.
func validText(r *http.Request) {
	for _, values := range r.PostForm {
		for i, v := range values {
			if !utf8.ValidString(v) {
				values[i] = strings.ToValidUTF8(v, "\uFFFD")
			}
		}
	}
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// problems says in a form's own words what is wrong with a field.
func problems(e *models.InvalidError) templates.Problems {
	return templates.Problems{e.Field: templates.ProblemOf(string(e.Reason), e.Limit)}
}

// carried are the notices that may cross a redirect, in its query. A link can thus
// show nothing but one of our own sentences.
var carried = []templates.NoticeID{
	templates.DraftSaved, templates.ArticlePublished, templates.ArticleUpdated, templates.ArticleDeleted, templates.SettingsSaved,
	templates.PasswordChanged, templates.ReplyHidden, templates.ReplyShown, templates.Blocked, templates.Unblocked, templates.SignedOut,
	templates.AnswerSent, templates.AnswerDeleted, templates.ConferenceSaved, templates.ScheduleImported, templates.LinkAdded, templates.LinkRemoved,
	templates.TalkSaved, templates.RecapWaits, templates.ArticleUnpublished, templates.ConferenceLeft, templates.ManagersChanged, templates.DigestDeleted, templates.WordsTaken, templates.WordsKept, templates.TalkReleased,
	templates.DraftsMade, templates.RecapUpdated, templates.PlanFeedEnded, templates.FollowBegun, templates.FollowAsked, templates.Unfollowed, templates.SentAgain, templates.NothingSentAgain,
	templates.FollowersAccepted, templates.FollowersRejected, templates.FollowersRemoved, templates.FollowersBlocked, templates.AccountMoved,
	templates.ArticlePinned, templates.ArticleUnpinned,
}

const (
	noticeParam  = "notice"
	subjectParam = "subject"
	missingParam = "missing" // a mention that nobody was found for
	maxSubject   = 120
	maxMissing   = 20
)

func noticeQuery(id templates.NoticeID, subject string) string {
	q := url.Values{noticeParam: {string(id)}}
	if subject != "" {
		q.Set(subjectParam, subject)
	}
	return q.Encode()
}

func notices(r *http.Request) []templates.Notice {
	q := r.URL.Query()
	var list []templates.Notice
	if id := templates.NoticeID(q.Get(noticeParam)); slices.Contains(carried, id) {
		list = append(list, templates.Notice{ID: id, Subject: subject(q.Get(subjectParam))})
	}
	missing := q[missingParam]
	for _, m := range missing[:min(len(missing), maxMissing)] {
		if m = subject(m); m != "" {
			list = append(list, templates.Notice{ID: templates.MentionUnresolved, Subject: m})
		}
	}
	return list
}

// subject keeps what looks like an address or a host.
func subject(s string) string {
	ok := len(s) <= maxSubject && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@._-:", r))
	})
	if !ok {
		return ""
	}
	return s
}

// desk is what every private page has.
func (s *Server) desk(r *http.Request, list ...templates.Notice) (templates.Page, error) {
	site, err := s.site(r.Context())
	if err != nil {
		return templates.Page{}, err
	}
	a := accountFrom(r)
	language := a.Locale
	if language == "" {
		language = site.Language
	}
	news, err := s.Store.Notifications.CountNew(r.Context(), a.ID)
	if err != nil {
		return templates.Page{}, err
	}
	return templates.Page{Language: language, Site: site, NoIndex: true, Notices: append(list, notices(r)...),
		Viewer: &templates.Viewer{Handle: a.Actor.HandleLC, Name: a.Actor.DisplayName(), Role: a.Role, Language: a.Locale, News: int(news)}}, nil
}
