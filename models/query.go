package models

import (
	"crypto/rand"
	"encoding/base64"

	"gorm.io/gorm"
)

// SQLite takes 32,766 variables a statement, in a list or in the rows of an insert.
const (
	maxVariables = 30_000
	batch        = 1_000 // rows
)

// one takes the first row of a query, or ErrNotFound.
func one[T any](db *gorm.DB) (*T, error) {
	var row T
	if err := db.Take(&row).Error; err != nil {
		return nil, translate(err)
	}
	return &row, nil
}

// changed turns an update that met no row into ErrNotFound.
func changed(res *gorm.DB) error {
	if res.Error != nil {
		return translate(res.Error)
	}
	if res.RowsAffected == 0 {
		return ErrNotFound
	}
	return nil
}

// NewPublicID makes 128 random bits in 22 characters that need no escaping in a URL.
func NewPublicID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// IsPublicID says whether a text could have come from NewPublicID.
func IsPublicID(text string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(b) == 16
}
