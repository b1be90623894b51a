package models

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// What follows writes a whole programme in as many statements for ten talks as for a
// thousand.

// CreateAll stores new talks and sets their ids.
func (q Talks) CreateAll(ctx context.Context, talks []*Talk) error {
	return createAll(ctx, q.db, talks)
}

// SaveAll updates every column of talks that are stored already.
func (q Talks) SaveAll(ctx context.Context, talks []*Talk) error {
	return saveAll(ctx, q.db, talks)
}

// ReplaceExternalIDs replaces what some talks are found by.
func (q Talks) ReplaceExternalIDs(ctx context.Context, talkIDs []int64, ids []ExternalID) error {
	for some := range slices.Chunk(talkIDs, maxVariables) {
		if err := q.db.WithContext(ctx).Where("talk_id IN ?", some).Delete(&ExternalID{}).Error; err != nil {
			return translate(err)
		}
	}
	return createAll(ctx, q.db, ids)
}

// ReplaceSpeakers replaces who speaks at some talks.
func (q Talks) ReplaceSpeakers(ctx context.Context, talkIDs []int64, speakers []Appearance) error {
	for some := range slices.Chunk(talkIDs, maxVariables) {
		if err := q.db.WithContext(ctx).Where("talk_id IN ?", some).Delete(&Appearance{}).Error; err != nil {
			return translate(err)
		}
	}
	return createAll(ctx, q.db, speakers)
}

// ReplaceResources takes some resources away and adds others; one whose URL its talk has
// already stays as it is.
func (q Talks) ReplaceResources(ctx context.Context, gone []int64, added []Resource) error {
	for some := range slices.Chunk(gone, maxVariables) {
		if err := q.db.WithContext(ctx).Where("id IN ?", some).Delete(&Resource{}).Error; err != nil {
			return translate(err)
		}
	}
	return createAll(ctx, q.db.Clauses(clause.OnConflict{DoNothing: true}), added)
}

// CreateAll stores new people and sets their ids.
func (q People) CreateAll(ctx context.Context, people []*Person) error {
	return createAll(ctx, q.db, lowered(people))
}

// SaveAll updates every column of people who are stored already.
func (q People) SaveAll(ctx context.Context, people []*Person) error {
	return saveAll(ctx, q.db, lowered(people))
}

func lowered(people []*Person) []*Person {
	for _, p := range people {
		p.NameLC = strings.ToLower(p.Name)
	}
	return people
}

func createAll[T any](ctx context.Context, db *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return translate(db.WithContext(ctx).CreateInBatches(&rows, batch).Error)
}

func saveAll[T any](ctx context.Context, db *gorm.DB, rows []T) error {
	return createAll(ctx, db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}), rows)
}
