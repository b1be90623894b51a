package templates

import "time"

// Move is where a person moves an account: to this one or away from it. Its forms post
// action=alias with alias, action=unalias with id, action=move with target and current, the
// password, or action=back.
type Move struct {
	Page
	Address string // of this account
	Aliases []AliasRow
	Alias   string // as typed
	Target  string // as typed

	MovedTo         *Author // nil: it hasn't moved
	Then, Remaining int     // followers when it moved, and now
	Again           time.Time
	Problems        Problems
}

func (Move) file() string { return "move.html" }

// AliasRow is an account that this one also is.
type AliasRow struct {
	Author
	ID string // opaque
}
