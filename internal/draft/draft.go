// Package draft keeps what an author is writing: every saved version, and two
// versions side by side when both were written over the same one.
package draft

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"confnotes/internal/picture"
	"confnotes/models"
)

// Bounds on what one article may hold, in characters but for Source, in bytes.
const (
	MaxTitle    = 200
	MaxSummary  = 500
	MaxTakeaway = 300
	MaxSource   = 200 << 10
	MaxTags     = 20
	MaxTag      = 60
	MaxSlug     = 80
)

// QuotePolicies are who may quote an article, the widest first.
var QuotePolicies = []string{models.QuotesOpen, models.QuotesFollowers, models.QuotesClosed}

// Visibilities are whom an article may be for, the widest first.
var Visibilities = []string{models.VisibilityPublic, models.VisibilityUnlisted, models.VisibilityFollowers}

// Policies are who may reply to an article, the widest first.
var Policies = []string{models.RepliesOpen, models.RepliesFollowers, models.RepliesMentioned, models.RepliesClosed}

var (
	slugPattern     = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$`)
	tagPattern      = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*$`)
	clientIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
)

// Input is a text to be saved. A new post has no PostID; ClientID, made by whoever
// shows the form, lets the same form be sent twice.
type Input struct {
	Account  *models.Account
	PostID   int64
	ClientID string
	Base     int // number of the revision that was being edited, 0 for a new post
	Text     models.RevisionText
	// About is what it is about from now on, of what is published once that is published
	// again; nil leaves it as it is.
	About *models.About
}

// ConflictError: somebody saved another version over the same base.
type ConflictError struct {
	Post   *models.Post
	Theirs *models.Revision
}

func (e *ConflictError) Error() string { return "another version was saved meanwhile" }

// Service saves drafts.
type Service struct{ now func() time.Time }

// NewService makes a Service.
func NewService(now func() time.Time) *Service { return &Service{now} }

// Clean trims what was typed and returns *models.InvalidError for what can't be kept.
func Clean(t *models.RevisionText) error {
	t.Title = oneLine(t.Title)
	t.Summary = strings.TrimSpace(lines(t.Summary))
	t.Source = lines(t.Source)
	t.Takeaway = oneLine(t.Takeaway)
	t.Slug = norm.NFC.String(strings.TrimSpace(t.Slug)) // a Mac types an accent apart from its letter
	t.CoverAlt, t.CoverCaption = oneLine(t.CoverAlt), oneLine(t.CoverCaption)
	if t.Cover = oneLine(t.Cover); t.Cover == "" {
		t.CoverAlt, t.CoverCaption = "", ""
	}
	t.Replies, t.Quotes = cmp.Or(t.Replies, models.RepliesOpen), cmp.Or(t.Quotes, models.QuotesOpen)
	tags := Tags(t.Tags)
	t.Tags = strings.Join(tags, " ")
	tag, err := language.Parse(t.Language)
	switch {
	case err != nil || tag == language.Und:
		return &models.InvalidError{Field: "language", Reason: models.BadLanguage}
	case utf8.RuneCountInString(t.Title) > MaxTitle:
		return &models.InvalidError{Field: "title", Reason: models.TooLong, Limit: MaxTitle}
	case utf8.RuneCountInString(t.Summary) > MaxSummary:
		return &models.InvalidError{Field: "summary", Reason: models.TooLong, Limit: MaxSummary}
	case utf8.RuneCountInString(t.Takeaway) > MaxTakeaway:
		return &models.InvalidError{Field: "takeaway", Reason: models.TooLong, Limit: MaxTakeaway}
	case len(t.Source) > MaxSource:
		return &models.InvalidError{Field: "source", Reason: models.TooLong, Limit: MaxSource}
	case utf8.RuneCountInString(t.CoverAlt) > picture.MaxAlt:
		return &models.InvalidError{Field: "cover_alt", Reason: models.TooLong, Limit: picture.MaxAlt}
	case utf8.RuneCountInString(t.CoverCaption) > picture.MaxCaption:
		return &models.InvalidError{Field: "cover_caption", Reason: models.TooLong, Limit: picture.MaxCaption}
	case !utf8.ValidString(t.Source + t.Takeaway + t.Title + t.Summary + t.Cover + t.CoverAlt + t.CoverCaption):
		return &models.InvalidError{Field: "source", Reason: models.Unusable}
	case t.Slug != "" && (!slugPattern.MatchString(t.Slug) || len(t.Slug) > MaxSlug):
		return &models.InvalidError{Field: "slug", Reason: models.BadSlug}
	case !slices.Contains(Policies, t.Replies):
		return &models.InvalidError{Field: "replies", Reason: models.BadPolicy}
	case !slices.Contains(QuotePolicies, t.Quotes):
		return &models.InvalidError{Field: "quotes", Reason: models.BadPolicy}
	case t.Visibility != "" && !slices.Contains(Visibilities, t.Visibility): // left open, it stays as it is
		return &models.InvalidError{Field: "visibility", Reason: models.BadVisibility}
	}
	t.Language = tag.String()
	return CheckTags(tags, MaxTags)
}

// CheckTags returns *models.InvalidError for too many hashtags, or one that is none.
func CheckTags(tags []string, most int) error {
	if len(tags) > most {
		return &models.InvalidError{Field: "tags", Reason: models.TooMany, Limit: most}
	}
	for _, tag := range tags {
		if !tagPattern.MatchString(tag) || utf8.RuneCountInString(tag) > MaxTag {
			return &models.InvalidError{Field: "tags", Reason: models.BadTag}
		}
	}
	return nil
}

// Publishable returns *models.InvalidError for a text that can be kept but not published.
func Publishable(t models.RevisionText) error {
	switch {
	case t.Title == "":
		return &models.InvalidError{Field: "title", Reason: models.Required}
	case strings.TrimSpace(t.Source) == "" && t.Takeaway == "":
		return &models.InvalidError{Field: "source", Reason: models.Required}
	}
	return nil
}

// Tags splits what was typed at spaces and commas, without "#", each once.
func Tags(typed string) []string {
	var tags []string
	for _, t := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == '、' || unicode.IsSpace(r) }) {
		t = strings.TrimPrefix(t, "#")
		if t != "" && !slices.ContainsFunc(tags, func(s string) bool { return strings.EqualFold(s, t) }) {
			tags = append(tags, t)
		}
	}
	return tags
}

// lines folds the line ends of a submitted form and drops NUL, which SQL and HTML
// each read in their own way.
func lines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", "")
}

func oneLine(s string) string { return strings.Join(strings.Fields(lines(s)), " ") }

// Save stores a cleaned text as the new head of its post, in the caller's
// transaction. The same text twice is saved once. It returns *ConflictError for
// an edit of a version that is no longer the head, models.ErrNotFound for a post
// that isn't the account's, *models.InvalidError for a client id that no form made.
func (s *Service) Save(ctx context.Context, tx *models.Store, in Input) (*models.Post, *models.Revision, error) {
	post, err := s.post(ctx, tx, in)
	if err != nil {
		return nil, nil, err
	}
	if in.About != nil && post.State == models.PostDraft && post.About() != *in.About {
		if err := tx.Posts.SetAbout(ctx, post, *in.About); err != nil {
			return nil, nil, err
		}
	}
	head, err := tx.Revisions.Head(ctx, post)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, nil, err
	}
	in.Text.Visibility = intended(post, head, in.Text.Visibility)
	if head != nil {
		if same(head.Text, in.Text) {
			return post, head, nil
		}
		if head.Number != in.Base {
			return nil, nil, &ConflictError{post, head}
		}
	}
	rev := &models.Revision{PostID: post.ID, BaseNumber: post.LockVersion, AccountID: &in.Account.ID,
		Kind: models.RevisionSaved, CreatedAt: s.now().UTC(), Text: in.Text}
	if err := tx.Revisions.Add(ctx, rev); err != nil {
		return nil, nil, err
	}
	if err := keepPictures(ctx, tx, rev); err != nil {
		return nil, nil, err
	}
	post.HeadRevisionID, post.LockVersion, post.SavedAt = &rev.ID, rev.Number, &rev.CreatedAt
	return post, rev, nil
}

// intended is whom a text is for where its writer leaves that open: those whom it is for
// already, everybody if it is new.
func intended(post *models.Post, head *models.Revision, chosen string) string {
	switch {
	case chosen != "":
		return chosen
	case post.State == models.PostPublished || head == nil:
		return post.Visibility
	}
	return cmp.Or(head.Text.Visibility, models.VisibilityPublic)
}

// keepPictures records what a text shows, so that the sweep leaves it.
func keepPictures(ctx context.Context, tx *models.Store, rev *models.Revision) error {
	found, err := tx.Pictures.ByPublicIDs(ctx, picture.Named(rev.Text))
	if err != nil {
		return err
	}
	var ids []int64
	for _, p := range found {
		ids = append(ids, p.ID)
	}
	return tx.Pictures.SetOfRevision(ctx, rev.ID, ids)
}

func same(a, b models.RevisionText) bool {
	a.RevisionID, b.RevisionID = 0, 0
	for _, t := range []*models.RevisionText{&a, &b} {
		t.Replies, t.Quotes = cmp.Or(t.Replies, models.RepliesOpen), cmp.Or(t.Quotes, models.QuotesOpen)
	}
	return a == b
}

// IsClientID says whether an id is one that a form of ours could have made.
func IsClientID(id string) bool { return clientIDPattern.MatchString(id) }

// post returns the post that an input is for, making it for the first save.
func (s *Service) post(ctx context.Context, tx *models.Store, in Input) (*models.Post, error) {
	if in.PostID != 0 {
		post, err := tx.Posts.ByID(ctx, in.PostID)
		if err != nil {
			return nil, err
		}
		if post.AccountID == nil || *post.AccountID != in.Account.ID || post.State == models.PostDeleted {
			return nil, models.ErrNotFound
		}
		return post, nil
	}
	if !IsClientID(in.ClientID) {
		return nil, &models.InvalidError{Field: "client_id", Reason: models.Unusable}
	}
	known, err := tx.Posts.ByClientID(ctx, in.Account.ID, in.ClientID)
	if err == nil && known.State == models.PostDeleted {
		return nil, models.ErrNotFound
	}
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return known, err
	}
	now, id := s.now().UTC(), models.NewPublicID()
	post := &models.Post{PublicID: &id, Local: true, Type: "Article", Kind: models.KindArticle, ActorID: in.Account.ActorID,
		AccountID: &in.Account.ID, ClientID: &in.ClientID, State: models.PostDraft, Visibility: models.VisibilityPublic, CreatedAt: now, SavedAt: &now}
	return post, tx.Posts.Create(ctx, post)
}
