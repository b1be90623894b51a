package models

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// People queries who speaks.
type People struct{ db *gorm.DB }

// Create stores a person.
func (q People) Create(ctx context.Context, p *Person) error {
	p.NameLC = strings.ToLower(p.Name)
	return translate(q.db.WithContext(ctx).Create(p).Error)
}

// Save updates every column of a person.
func (q People) Save(ctx context.Context, p *Person) error {
	p.NameLC = strings.ToLower(p.Name)
	return changed(q.db.WithContext(ctx).Select("*").Where("id = ?", p.ID).Updates(p))
}

// BySlug returns a conference's speaker by the end of their page's address.
func (q People) BySlug(ctx context.Context, conferenceID int64, slug string) (*Person, error) {
	return one[Person](q.db.WithContext(ctx).Where("conference_id = ? AND slug = ?", conferenceID, slug))
}

// ByIDs returns people by id.
func (q People) ByIDs(ctx context.Context, ids []int64) (map[int64]*Person, error) {
	found := make(map[int64]*Person, len(ids))
	for some := range slices.Chunk(ids, maxVariables) {
		var rows []*Person
		if err := q.db.WithContext(ctx).Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, translate(err)
		}
		for _, p := range rows {
			found[p.ID] = p
		}
	}
	return found, nil
}

// Of returns a conference's speakers by name.
func (q People) Of(ctx context.Context, conferenceID int64) ([]*Person, error) {
	var rows []*Person
	err := q.db.WithContext(ctx).Where("conference_id = ?", conferenceID).Order("name_lc, id").Find(&rows).Error
	return rows, translate(err)
}

// Unnamed returns those at a conference whom nobody is to name.
func (q People) Unnamed(ctx context.Context, conferenceID int64) ([]*Person, error) {
	var rows []*Person
	err := q.db.WithContext(ctx).Where("conference_id = ? AND do_not_name", conferenceID).Order("name_lc, id").Find(&rows).Error
	return rows, translate(err)
}

// TalksOf returns the talks of a speaker, by start, removed ones left out.
func (q People) TalksOf(ctx context.Context, personID int64) ([]*Talk, error) {
	return Talks(q).list(ctx, q.db.Where("id IN (SELECT talk_id FROM appearances WHERE person_id = ?) AND state <> ?", personID, TalkRemoved).Order("starts_at, id"))
}
