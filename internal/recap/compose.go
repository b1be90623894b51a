package recap

import (
	"context"
	"fmt"
	"strings"

	"confnotes/models"
)

// Compose returns the Markdown that an article is rendered from. Of a talk note that is
// the talk's line, its takeaway and the author's words; of what is about no talk, the
// author's words alone.
func Compose(ctx context.Context, store *models.Store, about models.About, text models.RevisionText) (string, error) {
	if about.TalkID == 0 {
		return text.Source, nil
	}
	found, err := talks(ctx, store, []int64{about.TalkID})
	if err != nil {
		return "", err
	}
	talk := found[about.TalkID]
	if talk == nil {
		return "", fmt.Errorf("talk %d: %w", about.TalkID, models.ErrNotFound)
	}
	line := TalkLine(talk.Talk, talk.resources, talk.conference.Location(), text.Language)
	blocks := []string{line, takeaway(text.Takeaway), strings.Trim(text.Source, "\n")}
	if text.Title != talk.Title { // the author's own title: the talk's stands above its line
		blocks = append([]string{"## " + escape(talk.Title)}, blocks...)
	}
	return join(blocks), nil
}

// takeaway is what is remembered, marked.
func takeaway(text string) string {
	if text = strings.TrimSpace(strings.ReplaceAll(text, "==", "=")); text == "" {
		return ""
	}
	return "==" + text + "=="
}

// join puts blocks under each other, empty ones left out.
func join(blocks []string) string {
	var kept []string
	for _, b := range blocks {
		if strings.TrimSpace(b) != "" {
			kept = append(kept, b)
		}
	}
	return strings.Join(kept, "\n\n")
}

// shownTalk is a talk with what its line shows.
type shownTalk struct {
	*models.Talk
	resources  []models.Resource
	conference *models.Conference
}

// talks reads talks with what their lines show, in a few queries however many they are.
func talks(ctx context.Context, store *models.Store, ids []int64) (map[int64]*shownTalk, error) {
	found, err := store.Talks.ByIDs(ctx, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	resources, err := store.Talks.Resources(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var of []int64
	for _, t := range found {
		of = append(of, t.ConferenceID)
	}
	conferences, err := store.Conferences.ByIDs(ctx, of)
	shown := make(map[int64]*shownTalk, len(found))
	for id, t := range found {
		shown[id] = &shownTalk{t, resources[id], conferences[t.ConferenceID]}
	}
	return shown, err
}
