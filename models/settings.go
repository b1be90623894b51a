package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Keys of the settings table.
const (
	SettingBaseURL       = "base_url"
	SettingAccountDomain = "account_domain"
	SettingFederatedAt   = "federated_at" // RFC 3339; from then on the two above are fixed
	SettingSetupToken    = "setup_token"  // SHA-256 of the one-time link's token
	SettingSiteName      = "site_name"
	SettingSiteLanguage  = "site_language"
)

// Setting is one of the instance's own values.
type Setting struct {
	Key   string `gorm:"primaryKey"`
	Value string
}

// Settings queries the instance's own values.
type Settings struct{ db *gorm.DB }

// All returns every setting by key.
func (q Settings) All(ctx context.Context) (map[string]string, error) {
	var rows []Setting
	if err := q.db.WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.Key] = r.Value
	}
	return all, nil
}

// Set stores a value, over an earlier one.
func (q Settings) Set(ctx context.Context, key, value string) error {
	return translate(q.db.WithContext(ctx).
		Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "key"}}, DoUpdates: clause.AssignmentColumns([]string{"value"})}).
		Create(&Setting{key, value}).Error)
}

// Remove takes a value away and says whether it was there: whoever gets true had it alone.
func (q Settings) Remove(ctx context.Context, key, value string) (bool, error) {
	res := q.db.WithContext(ctx).Where("key = ? AND value = ?", key, value).Delete(&Setting{})
	return res.RowsAffected == 1, translate(res.Error)
}

// MarkFederated records once when another server first learned of us.
func (q Settings) MarkFederated(ctx context.Context, now time.Time) error {
	return translate(q.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).
		Create(&Setting{SettingFederatedAt, now.UTC().Format(time.RFC3339)}).Error)
}
