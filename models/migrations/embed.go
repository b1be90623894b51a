// Package migrations holds the versioned SQL that makes and changes the tables.
package migrations

import "embed"

// FS holds one file a version, in goose's format.
//
//go:embed *.sql
var FS embed.FS
