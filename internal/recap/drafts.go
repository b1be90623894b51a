package recap

import (
	"context"
	"errors"
	"unicode/utf8"

	"confnotes/internal/draft"
	"confnotes/models"
)

// NoteClientID is the client id of an account's first note on a talk: begun twice, on two
// devices or from the plan, it is one note.
func NoteClientID(t *models.Talk) string { return "note-" + t.PublicID }

// NoteText is what a note on a talk begins with.
func NoteText(c *models.Conference, t *models.Talk, language string) models.RevisionText {
	title := t.Title
	for utf8.RuneCountInString(title) > draft.MaxTitle {
		_, size := utf8.DecodeLastRuneInString(title)
		title = title[:len(title)-size]
	}
	return models.RevisionText{Language: language, Title: title, Tags: c.Hashtag}
}

// MakeDrafts saves a draft note on each of the talks that the account has none on, and
// returns how many it made. One that was deleted isn't made again.
func MakeDrafts(ctx context.Context, tx *models.Store, drafts *draft.Service, a *models.Account, c *models.Conference, talks []*models.Talk, language string) (int, error) {
	ids := make([]int64, len(talks))
	for i, t := range talks {
		ids[i] = t.ID
	}
	notes, err := tx.Posts.OwnNotesOn(ctx, a.ID, ids)
	if err != nil {
		return 0, err
	}
	made := 0
	for _, t := range talks {
		if notes[t.ID] != nil {
			continue
		}
		in := draft.Input{Account: a, ClientID: NoteClientID(t), Text: NoteText(c, t, language), About: &models.About{ConferenceID: c.ID, TalkID: t.ID}}
		if err := draft.Clean(&in.Text); err != nil {
			return 0, err
		}
		_, _, err := drafts.Save(ctx, tx, in)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		made++
	}
	return made, nil
}
