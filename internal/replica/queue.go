package replica

import (
	"context"
	"strconv"
	"time"

	"confnotes/models"
)

// Job is the kind of the jobs that fetch a copy, in a lane of their own; the payload is
// the row's id.
const (
	Job  = "copy"
	Lane = "copies"
)

// maxPictures is how many pictures of one reply are copied, as many as Mastodon shows.
// Those of an article stand in its text: more of them are copied, when somebody reads it.
const (
	maxPictures        = 4
	maxArticlePictures = 16
	maxEmojis          = 16
)

// Face records where an actor's face is, "" for nowhere, and has a new one fetched.
func Face(ctx context.Context, tx *models.Store, actorID int64, url string, now time.Time) error {
	var rows []*models.RemoteMedia
	if url != "" {
		rows = append(rows, &models.RemoteMedia{Kind: models.MediaAvatar, URL: url, State: models.MediaWanted, UsedAt: now})
	}
	added, err := tx.Media.Set(ctx, actorID, 0, rows)
	if err != nil {
		return err
	}
	return queue(ctx, tx, added, now)
}

// Attached is what a stranger attached to a reply, or an emoji in its text.
type Attached struct {
	URL, Alt       string
	Picture, Emoji bool // neither: a link
}

// Attach records what is attached to a reply, or to what one of ours reads. Its pictures
// are fetched at once, those of what waits, or has no place yet, when it is shown; after
// four, they are links, but in an article. Emoji come last, and after sixteen they stay names.
func Attach(ctx context.Context, tx *models.Store, post *models.Post, all []Attached, now time.Time) error {
	state := models.MediaWanted
	if post.Moderation != models.ModerationShown || post.RootID == nil && post.Kind != models.KindFollowed {
		state = models.MediaAbsent
	}
	most := maxPictures
	if post.Kind == models.KindFollowed && post.Type == "Article" {
		most = maxArticlePictures
	}
	var rows []*models.RemoteMedia
	pictures, emojis := 0, 0
	for _, a := range all {
		if a.Emoji {
			if emojis++; emojis <= maxEmojis {
				rows = append(rows, &models.RemoteMedia{Kind: models.MediaEmoji, URL: a.URL, Alt: a.Alt, State: state, UsedAt: now})
			}
			continue
		}
		m := &models.RemoteMedia{Kind: models.MediaLink, URL: a.URL, Alt: a.Alt, State: models.MediaAbsent, UsedAt: now}
		if a.Picture && pictures < most {
			if m.Kind = models.MediaPicture; pictures < maxPictures {
				m.State = state
			}
			pictures++
		}
		rows = append(rows, m)
	}
	added, err := tx.Media.Set(ctx, post.ActorID, post.ID, rows)
	if err != nil {
		return err
	}
	return queue(ctx, tx, added, now)
}

// queue has those of the copies fetched that are wanted.
func queue(ctx context.Context, tx *models.Store, rows []*models.RemoteMedia, now time.Time) error {
	var ids []int64
	for _, m := range rows {
		if m.State == models.MediaWanted {
			ids = append(ids, m.ID)
		}
	}
	return queueIDs(ctx, tx, ids, now)
}

func queueIDs(ctx context.Context, tx *models.Store, ids []int64, now time.Time) error {
	jobs := make([]*models.Job, len(ids))
	for i, id := range ids {
		payload := strconv.FormatInt(id, 10)
		jobs[i] = &models.Job{Lane: Lane, Kind: Job, UniqueKey: Job + " " + payload, Payload: payload, RunAt: now}
	}
	return tx.Jobs.AddAll(ctx, jobs)
}
