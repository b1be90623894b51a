package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"confnotes/internal/config"
	"confnotes/internal/draft"
	"confnotes/internal/frontmatter"
	"confnotes/internal/recap"
	"confnotes/models"
)

var now = time.Now

type publishCmd struct {
	config.Common
	config.Federation
	File   string `arg:"" type:"existingfile" help:"Markdown file with front matter: title, date, summary, language, tags, slug, image, image_alt, image_caption, attach, replies, conference (a handle), talk (its slug), takeaway. Pictures that it names are files beside it."`
	As     string `required:"" placeholder:"HANDLE" help:"Account that publishes."`
	Draft  bool   `help:"Save as a draft; don't publish."`
	Named  bool   `help:"Publish a text that names somebody who doesn't wish to be named: they agree."`
	Update bool   `help:"Publish over the article that has this slug."`
}

// Run publishes the file and prints the article's URL.
func (c *publishCmd) Run(ctx context.Context, out *output) error {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	doc, err := frontmatter.Parse(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := identity(ctx, store, &c.Federation); err != nil {
		return err
	}
	a, err := wire(store, c.Data, c.Federation, around{log: newLogger(out, "warn"), now: now})
	if err != nil {
		return err
	}
	in, err := c.input(ctx, out, a, doc)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	url, err := c.publish(ctx, out, a, in, doc.Date)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	out.printf("%s\n", url)
	return nil
}

// input makes of the file what the editor's form would send. Its client id follows
// from the author and the slug, so a command that was cut off can be repeated.
func (c *publishCmd) input(ctx context.Context, out *output, a *app, doc *frontmatter.Document) (draft.Input, error) {
	author, err := a.store.Accounts.ByHandle(ctx, c.As)
	if err != nil {
		return draft.Input{}, noAccount(c.As, err)
	}
	text := models.RevisionText{Language: doc.Language, Title: doc.Title, Summary: doc.Summary, Source: doc.Source,
		Tags: strings.Join(hashtags(doc.Tags), " "), Slug: doc.Slug, Replies: doc.Replies, Quotes: doc.Quotes, Visibility: doc.Visibility, Takeaway: doc.Takeaway}
	if text.Language == "" {
		all, err := a.store.Settings.All(ctx)
		if err != nil {
			return draft.Input{}, err
		}
		if text.Language = all[models.SettingSiteLanguage]; text.Language == "" {
			text.Language = "en"
		}
	}
	if text.Slug == "" {
		text.Slug = draft.Slug(text.Title)
	}
	if err := draft.Clean(&text); err != nil {
		return draft.Input{}, err
	}
	if err := c.addPictures(ctx, out, a, author, doc, &text); err != nil {
		return draft.Input{}, err
	}
	sum := sha256.Sum256([]byte(author.Actor.HandleLC + "/" + text.Slug))
	in := draft.Input{Account: author, ClientID: "file-" + base64.RawURLEncoding.EncodeToString(sum[:16]), Text: text}
	if doc.Conference != "" || doc.Talk != "" || doc.Takeaway != "" {
		about, err := about(ctx, a.store, doc)
		if err != nil {
			return draft.Input{}, err
		}
		in.About = &about
	}
	return in, c.target(ctx, a, &in)
}

// about finds the conference and the talk that a file names.
func about(ctx context.Context, store *models.Store, doc *frontmatter.Document) (models.About, error) {
	if doc.Conference == "" {
		if doc.Talk != "" || doc.Takeaway != "" {
			return models.About{}, errors.New("a talk and its takeaway need the conference: add its handle to the front matter")
		}
		return models.About{}, nil
	}
	conference, err := store.Conferences.ByHandle(ctx, strings.TrimPrefix(doc.Conference, "@"))
	if errors.Is(err, models.ErrNotFound) {
		return models.About{}, fmt.Errorf("there is no conference %q here", doc.Conference)
	}
	if err != nil {
		return models.About{}, err
	}
	if doc.Talk == "" {
		return models.About{ConferenceID: conference.ID}, nil
	}
	talk, err := store.Talks.BySlug(ctx, conference.ID, doc.Talk)
	if errors.Is(err, models.ErrNotFound) {
		return models.About{}, fmt.Errorf("%s has no talk %q: give the end of its page's address", doc.Conference, doc.Talk)
	}
	if err != nil {
		return models.About{}, err
	}
	return models.About{ConferenceID: conference.ID, TalkID: talk.ID}, nil
}

// hashtags makes one word of each tag, as a hashtag is: "web dev" is WebDev.
func hashtags(tags []string) []string {
	joined := make([]string, len(tags))
	for i, t := range tags {
		words := strings.FieldsFunc(t, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
		if len(words) > 1 {
			for j, w := range words {
				first, size := utf8.DecodeRuneInString(w)
				words[j] = string(unicode.ToUpper(first)) + w[size:]
			}
		}
		joined[i] = strings.Join(words, "")
	}
	return joined
}

// target finds the article that has the slug already. Publishing over it needs
// --update; a draft that was saved from a file before is gone on with.
func (c *publishCmd) target(ctx context.Context, a *app, in *draft.Input) error {
	post, err := a.store.Posts.ByPath(ctx, in.Account.Actor.HandleLC, in.Text.Slug)
	if errors.Is(err, models.ErrNotFound) {
		post, err = a.store.Posts.ByClientID(ctx, in.Account.ID, in.ClientID)
	}
	if errors.Is(err, models.ErrNotFound) {
		if c.Update {
			return fmt.Errorf("%s has no article %q to update: leave out --update", c.As, in.Text.Slug)
		}
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case post.State == models.PostDeleted:
		return fmt.Errorf("the article at %q was deleted, and an address is never used twice: give another slug", in.Text.Slug)
	case post.State == models.PostPublished && !c.Update:
		return fmt.Errorf("%s has an article %q already: give --update to publish over it, or another slug", c.As, in.Text.Slug)
	}
	in.PostID, in.Base = post.ID, post.LockVersion
	return nil
}

func (c *publishCmd) publish(ctx context.Context, out *output, a *app, in draft.Input, date time.Time) (string, error) {
	if c.Draft {
		var post *models.Post
		err := a.store.InTx(ctx, func(tx *models.Store) (err error) {
			post, _, err = a.drafts.Save(ctx, tx, in)
			return err
		})
		if err != nil {
			return "", err
		}
		return a.iris.Base() + "/write/" + *post.PublicID, nil
	}
	if err := c.ask(ctx, a, in); err != nil {
		return "", err
	}
	done, err := a.outbox.Publish(ctx, in, date)
	if err != nil {
		return "", err
	}
	for _, handle := range done.Unresolved {
		out.errorf("confnotes: %s was not found and stays text\n", handle)
	}
	return a.iris.ArticlePage(in.Account.Actor.HandleLC, done.Post.Slug), nil
}

// ask refuses what names somebody who doesn't wish to be named, unless told that they agree.
func (c *publishCmd) ask(ctx context.Context, a *app, in draft.Input) error {
	if c.Named || in.About == nil {
		return nil
	}
	named, err := recap.Named(ctx, a.store, recap.Article{ActorID: in.Account.ActorID, About: *in.About, Text: in.Text})
	if err == nil && len(named) > 0 {
		err = fmt.Errorf("the text names %s, who doesn't wish to be named: give --named if they agree", strings.Join(named, ", "))
	}
	return err
}
