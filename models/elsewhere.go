package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// unrepeated leaves out ids that several talks of a conference share: they name none.
// Imports number those from the second on, after a line break.
const unrepeated = "NOT EXISTS (SELECT 1 FROM talk_external_ids again WHERE again.conference_id = talk_external_ids.conference_id " +
	"AND again.scheme = talk_external_ids.scheme AND again.value = talk_external_ids.value || char(10) || '2') AND instr(value, char(10)) = 0"

// NamesOf returns what schedules call some talks, by talk.
func (q Talks) NamesOf(ctx context.Context, talkIDs []int64) (map[int64][]ExternalID, error) {
	byTalk := make(map[int64][]ExternalID, len(talkIDs))
	if len(talkIDs) == 0 {
		return byTalk, nil
	}
	var rows []ExternalID
	err := q.db.WithContext(ctx).Where("talk_id IN ?", talkIDs).Where(unrepeated).Order("talk_id, scheme").Find(&rows).Error
	for _, r := range rows {
		byTalk[r.TalkID] = append(byTalk[r.TalkID], r)
	}
	return byTalk, translate(err)
}

// Called returns the talks, of any conference, that a schedule calls by one of these names:
// schemes and values.
func (q Talks) Called(ctx context.Context, names [][2]string) ([]ExternalID, error) {
	if len(names) == 0 {
		return nil, nil
	}
	wanted := make(map[[2]string]bool, len(names))
	var schemes, values []string
	for _, n := range names {
		wanted[n], schemes, values = true, append(schemes, n[0]), append(values, n[1])
	}
	slices.Sort(schemes)
	var rows []ExternalID
	err := q.db.WithContext(ctx).Where("scheme IN ? AND value IN ?", slices.Compact(schemes), values).Where(unrepeated).
		Order("+conference_id, talk_id").Find(&rows).Error
	rows = slices.DeleteFunc(rows, func(r ExternalID) bool { return !wanted[[2]string{r.Scheme, r.Value}] })
	return rows, translate(err)
}

// ShownIn returns the talks that an article of ours shows: the one that it is a note on,
// and those of the notes that a recap shows, in the order of the programme.
func (q Talks) ShownIn(ctx context.Context, post *Post) ([]*Talk, error) {
	var rows []*Talk
	db := q.db.WithContext(ctx).Select("id", "conference_id", "title", "language", "starts_at")
	if post.TalkID != nil {
		db = db.Where("id = ?", *post.TalkID)
	} else {
		db = db.Where("id IN (SELECT notes.talk_id FROM recap_notes JOIN posts notes ON notes.id = recap_notes.note_id WHERE recap_notes.recap_id = ?)", post.ID)
	}
	err := db.Order("starts_at, room, id").Find(&rows).Error
	return rows, translate(err)
}

// CoverageTalk says that coverage is about a talk, and where in it that begins.
type CoverageTalk struct {
	TalkID int64 `gorm:"primaryKey;autoIncrement:false"`
	PostID int64 `gorm:"primaryKey;autoIncrement:false"`
	URL    string
}

// TableName: there is no plural of coverage.
func (CoverageTalk) TableName() string { return "coverage_talks" }

// SetTalks says which talks a post of somebody elsewhere is about.
func (q AllCoverage) SetTalks(ctx context.Context, postID int64, talks []CoverageTalk) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("post_id = ?", postID).Delete(&CoverageTalk{}).Error; err != nil || len(talks) == 0 {
		return translate(err)
	}
	rows := slices.Clone(talks)
	for i := range rows {
		rows[i].PostID = postID
	}
	return translate(db.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error)
}

// Parts returns where in posts that are about a talk it begins, by post, "" for the whole.
func (q AllCoverage) Parts(ctx context.Context, talkID int64, postIDs []int64) (map[int64]string, error) {
	var rows []CoverageTalk
	err := q.db.WithContext(ctx).Where("talk_id = ? AND post_id IN ?", talkID, postIDs).Find(&rows).Error
	parts := make(map[int64]string, len(rows))
	for _, r := range rows {
		parts[r.PostID] = r.URL
	}
	return parts, translate(err)
}

// Unhide has what a block hid of a post stand again as its conferences decided: whoever
// wrote it is let in again.
func (q AllCoverage) Unhide(ctx context.Context, postID int64) error {
	return translate(q.db.WithContext(ctx).Model(&Post{}).Where("id = ? AND kind IN ? AND moderation = ?", postID, []string{KindCoverage, KindFollowed}, ModerationHidden).
		Update("moderation", gorm.Expr("CASE WHEN kind = 'followed' OR EXISTS (SELECT 1 FROM coverage WHERE coverage.post_id = posts.id AND coverage.state = 'shown') THEN 'shown' ELSE 'held' END")).Error)
}

// From returns the ids of what is kept about the talks of a conference from one server,
// the last to be received first.
func (q AllCoverage) From(ctx context.Context, conferenceID int64, host string, limit int) ([]string, error) {
	var uris []string
	err := q.db.WithContext(ctx).Table("coverage").Joins("JOIN posts ON posts.id = coverage.post_id AND posts.state = ?", PostPublished).
		Joins("JOIN actors ON actors.id = posts.actor_id AND actors.host = ?", host).Where("coverage.conference_id = ?", conferenceID).
		Where("EXISTS (SELECT 1 FROM coverage_talks WHERE coverage_talks.post_id = posts.id)").
		Order("coverage.post_id DESC").Limit(limit).Pluck("posts.uri", &uris).Error
	return uris, translate(err)
}

// Newest returns how much coverage of some conferences came from one server since a time, of
// the one that has the most.
func (q AllCoverage) Newest(ctx context.Context, conferenceIDs []int64, host string, since time.Time) (most int64, err error) {
	counts := q.db.Table("coverage").Select("count(*) AS n").Joins("JOIN posts ON posts.id = coverage.post_id JOIN actors ON actors.id = posts.actor_id").
		Where("coverage.conference_id IN ? AND coverage.created_at > ? AND actors.host = ?", conferenceIDs, since.UTC(), host).Group("coverage.conference_id")
	err = q.db.WithContext(ctx).Table("(?)", counts).Select("COALESCE(MAX(n), 0)").Scan(&most).Error
	return most, translate(err)
}

// onTalk keeps what was written elsewhere about a talk and may stand on its page.
func (q Posts) onTalk(ctx context.Context, t *Talk) *gorm.DB {
	return readable(AllCoverage(q).about(ctx, t.ConferenceID, CoverageShown)).
		Joins("JOIN coverage_talks ON coverage_talks.post_id = posts.id AND coverage_talks.talk_id = ?", t.ID)
}

// CoverageOn returns a page of that, the last to be received first: what came before the
// post with id before, 0 for the newest.
func (q Posts) CoverageOn(ctx context.Context, t *Talk, before int64, limit int) ([]*Post, error) {
	db := q.onTalk(ctx, t).Omit("HTML", "Raw")
	if before != 0 {
		db = db.Where("coverage_talks.post_id < ?", before)
	}
	var rows []*Post
	err := db.Order("coverage_talks.post_id DESC").Limit(limit).Find(&rows).Error
	return rows, translate(err)
}

// CountCoverageOn returns how much of it there is.
func (q Posts) CountCoverageOn(ctx context.Context, t *Talk) (n int64, err error) {
	err = q.onTalk(ctx, t).Count(&n).Error
	return n, translate(err)
}
