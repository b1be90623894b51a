package models

import (
	"context"
)

// RecapNote is what a published recap shows of a note: one of its revisions, whole or as
// a takeaway and a link.
type RecapNote struct {
	RecapID    int64 `gorm:"primaryKey;autoIncrement:false"`
	NoteID     int64 `gorm:"primaryKey;autoIncrement:false"`
	RevisionID int64
	Whole      bool
}

// SetRecapNotes replaces what a recap shows.
func (q Posts) SetRecapNotes(ctx context.Context, recapID int64, notes []RecapNote) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("recap_id = ?", recapID).Delete(&RecapNote{}).Error; err != nil || len(notes) == 0 {
		return translate(err)
	}
	for i := range notes {
		notes[i].RecapID = recapID
	}
	return translate(db.Create(&notes).Error)
}

// RecapNotes returns what a recap shows, by note.
func (q Posts) RecapNotes(ctx context.Context, recapID int64) (map[int64]RecapNote, error) {
	var rows []RecapNote
	err := q.db.WithContext(ctx).Where("recap_id = ?", recapID).Find(&rows).Error
	shown := make(map[int64]RecapNote, len(rows))
	for _, r := range rows {
		shown[r.NoteID] = r
	}
	return shown, translate(err)
}

// RecapsWith returns the published recaps that show a note, without their HTML.
func (q Posts) RecapsWith(ctx context.Context, noteID int64) ([]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Where("id IN (SELECT recap_id FROM recap_notes WHERE note_id = ?) AND state = ?", noteID, PostPublished).
		Order("day, id").Find(&rows).Error
	return rows, translate(err)
}

// RecapsBehind returns those of them that show another revision of a note than what is
// published of it, or of a draft its newest.
func (q Posts) RecapsBehind(ctx context.Context, note *Post) ([]*Post, error) {
	current := note.PublishedRevisionID
	if current == nil {
		current = note.HeadRevisionID
	}
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Where("id IN (SELECT recap_id FROM recap_notes WHERE note_id = ? AND revision_id <> ?) AND state = ?", note.ID, current, PostPublished).
		Order("day, id").Find(&rows).Error
	return rows, translate(err)
}

// Recaps returns an author's recaps of a conference by day, drafts too, without their HTML.
func (q Posts) Recaps(ctx context.Context, actorID, conferenceID int64) ([]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Where("actor_id = ? AND conference_id = ? AND day <> '' AND state <> ?", actorID, conferenceID, PostDeleted).
		Order("day, id").Find(&rows).Error
	return rows, translate(err)
}

// NotesOfDay returns an author's notes on the talks of a conference day in the order of
// the programme, drafts too that have words, without their HTML.
func (q Posts) NotesOfDay(ctx context.Context, actorID, conferenceID int64, day string) ([]*Post, error) {
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Joins("JOIN talks ON talks.id = posts.talk_id").
		Where("posts.conference_id = ? AND posts.actor_id = ? AND posts.state <> ? AND talks.day = ?", conferenceID, actorID, PostDeleted, day).
		Where("(posts.state = ? OR EXISTS (SELECT 1 FROM revision_texts t WHERE t.revision_id = posts.head_revision_id AND trim(t.source || t.takeaway) <> ''))", PostPublished).
		Order("talks.starts_at, talks.room, posts.id").Find(&rows).Error
	return rows, translate(err)
}

// ByPublicIDs returns posts of an actor in any state but deleted, by public id, without
// their HTML.
func (q Posts) ByPublicIDs(ctx context.Context, actorID int64, ids []string) (map[string]*Post, error) {
	found := make(map[string]*Post, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []*Post
	err := q.db.WithContext(ctx).Omit("HTML", "Raw").Where("public_id IN ? AND actor_id = ? AND state <> ?", ids, actorID, PostDeleted).Find(&rows).Error
	for _, p := range rows {
		found[*p.PublicID] = p
	}
	return found, translate(err)
}

// Texts returns the texts of revisions, by revision.
func (q Revisions) Texts(ctx context.Context, ids []int64) (map[int64]RevisionText, error) {
	var rows []RevisionText
	err := q.db.WithContext(ctx).Where("revision_id IN ?", ids).Find(&rows).Error
	texts := make(map[int64]RevisionText, len(rows))
	for _, t := range rows {
		texts[t.RevisionID] = t
	}
	return texts, translate(err)
}
