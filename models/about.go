package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// about are the public recaps and talk notes of a conference.
func (q Posts) about(ctx context.Context, conferenceID int64) *gorm.DB {
	return q.articles(ctx).Where("posts.conference_id = ?", conferenceID)
}

// ArticlesAbout returns everybody's recaps and talk notes of a conference, without their
// HTML.
func (q Posts) ArticlesAbout(ctx context.Context, conferenceID int64, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.about(ctx, conferenceID)).Find(&rows).Error
	return rows, translate(err)
}

// ArticlesAboutDay returns everybody's recaps of a conference's day and notes on its
// talks, without their HTML. The unary plus keeps SQLite on the conference's index,
// which has the order, too.
func (q Posts) ArticlesAboutDay(ctx context.Context, conferenceID int64, day string, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.about(ctx, conferenceID).
		Where("(+posts.day = ? OR +posts.talk_id IN (SELECT id FROM talks WHERE conference_id = ? AND day = ?))", day, conferenceID, day)).Find(&rows).Error
	return rows, translate(err)
}

// NotesOn returns everybody's notes on a talk, without their HTML.
func (q Posts) NotesOn(ctx context.Context, talkID int64, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.articles(ctx).Where("posts.talk_id = ?", talkID)).Find(&rows).Error
	return rows, translate(err)
}

// TalkNotes are the notes on one talk: how many there are, and who wrote the newest.
type TalkNotes struct {
	Count  int
	Newest []*Post // id, author and slug alone
}

// NotesByTalk returns, for the talks of a conference's day that have notes, the newest few.
// SQLite takes a CROSS JOIN in the order it is written: from the day's talks.
func (q Posts) NotesByTalk(ctx context.Context, conferenceID int64, day string, few int) (map[int64]*TalkNotes, error) {
	var rows []struct {
		ID, ActorID, TalkID int64
		Slug                string
		Total               int
	}
	db := q.db.WithContext(ctx)
	notes := listable(db.Table("talks CROSS JOIN posts")).Where("posts.kind = ?", KindArticle).
		Where("posts.talk_id = talks.id AND talks.conference_id = ? AND talks.day = ?", conferenceID, day).
		Select("posts.id, posts.actor_id, posts.talk_id, posts.slug, count(*) OVER (PARTITION BY posts.talk_id) AS total, " +
			"row_number() OVER (PARTITION BY posts.talk_id ORDER BY posts.published_at DESC, posts.id DESC) AS place")
	err := db.Table("(?) AS ranked", notes).Where("place <= ?", few).Order("talk_id, place").Scan(&rows).Error
	byTalk := map[int64]*TalkNotes{}
	for _, r := range rows {
		if byTalk[r.TalkID] == nil {
			byTalk[r.TalkID] = &TalkNotes{Count: r.Total}
		}
		byTalk[r.TalkID].Newest = append(byTalk[r.TalkID].Newest, &Post{ID: r.ID, ActorID: r.ActorID, Slug: r.Slug})
	}
	return byTalk, translate(err)
}

// Figures are what a conference amounts to here.
type Figures struct {
	Talks    int            // without breaks and removed ones
	Days     map[string]int // entries of the programme by day
	Articles int
	Authors  int
}

// Figures counts a conference's talks, and what is written about it.
func (q Conferences) Figures(ctx context.Context, id int64) (*Figures, error) {
	var days []struct {
		Day        string
		All, Talks int
	}
	db := q.db.WithContext(ctx)
	err := db.Model(&Talk{}).Select("day, count(*) AS `all`, sum(kind <> 'break') AS talks").
		Where("conference_id = ? AND state <> ?", id, TalkRemoved).Group("day").Scan(&days).Error
	if err != nil {
		return nil, translate(err)
	}
	f := &Figures{Days: map[string]int{}}
	for _, d := range days {
		f.Days[d.Day], f.Talks = d.All, f.Talks+d.Talks
	}
	var written struct{ Articles, Authors int }
	err = Posts(q).about(ctx, id).Select("count(*) AS articles, count(DISTINCT posts.actor_id) AS authors").Scan(&written).Error
	f.Articles, f.Authors = written.Articles, written.Authors
	return f, translate(err)
}

// TalkPlace is where a talk has its page.
type TalkPlace struct {
	Handle    string // of its conference, lower case
	Slug      string
	ChangedAt time.Time
}

// Places returns where the newest talks are that stand in a programme, breaks left out.
func (q Talks) Places(ctx context.Context, limit int) ([]TalkPlace, error) {
	var rows []TalkPlace
	err := q.db.WithContext(ctx).Model(&Talk{}).Select("actors.handle_lc AS handle", "talks.slug", "talks.changed_at").
		Joins("CROSS JOIN conferences ON conferences.id = talks.conference_id CROSS JOIN actors ON actors.id = conferences.actor_id").
		Where("talks.state <> ? AND talks.kind <> 'break'", TalkRemoved).Order("talks.id DESC").Limit(limit).Scan(&rows).Error
	return rows, translate(err)
}

// Any says whether there is a conference.
func (q Conferences) Any(ctx context.Context) (bool, error) {
	var any bool
	err := q.db.WithContext(ctx).Raw("SELECT EXISTS (SELECT 1 FROM conferences)").Scan(&any).Error
	return any, translate(err)
}

// ByActor returns the conference whose actor one is.
func (q Conferences) ByActor(ctx context.Context, actor *Actor) (*Conference, error) {
	return q.with(ctx, actor)
}

// ActorsOf returns the actors of accounts, by the account's id.
func (q Accounts) ActorsOf(ctx context.Context, ids []int64) (map[int64]*Actor, error) {
	var rows []struct{ AccountID, ActorID int64 }
	found := make(map[int64]*Actor, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	if err := q.db.WithContext(ctx).Model(&Account{}).Select("id AS account_id, actor_id").Where("id IN ?", ids).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	actorIDs := make([]int64, len(rows))
	for i, r := range rows {
		actorIDs[i] = r.ActorID
	}
	actors, err := Actors(q).ByIDs(ctx, actorIDs)
	for _, r := range rows {
		found[r.AccountID] = actors[r.ActorID]
	}
	return found, err
}

// Titles returns talks by id without their speakers and texts.
func (q Talks) Titles(ctx context.Context, ids []int64) (map[int64]*Talk, error) {
	var rows []*Talk
	found := make(map[int64]*Talk, len(ids))
	err := q.db.WithContext(ctx).Select("id", "slug", "title", "language", "day", "state").Where("id IN ?", ids).Find(&rows).Error
	for _, t := range rows {
		found[t.ID] = t
	}
	return found, translate(err)
}

// CountNotesOn returns how many notes on a talk there are.
func (q Posts) CountNotesOn(ctx context.Context, talkID int64) (int64, error) {
	var n int64
	err := q.articles(ctx).Where("posts.talk_id = ?", talkID).Count(&n).Error
	return n, translate(err)
}

// NotesOnTalksOf returns everybody's notes on the talks of a speaker, without their HTML.
func (q Posts) NotesOnTalksOf(ctx context.Context, personID int64, page Page) ([]*Post, error) {
	var rows []*Post
	err := page.apply(q.articles(ctx).Where("posts.talk_id IN (SELECT talk_id FROM appearances WHERE person_id = ?)", personID)).Find(&rows).Error
	return rows, translate(err)
}
