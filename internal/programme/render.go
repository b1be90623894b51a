package programme

import (
	"strings"

	"confnotes/internal/richtext"
	"confnotes/models"
)

// rendered holds what was rendered outside the transaction, by its sources.
type rendered map[[3]string]string

// of returns a talk's abstract and description as HTML. They are Markdown of strangers:
// what their Markdown becomes is cut down to what any stranger's HTML may hold, so there
// are no remote pictures, no ids and no headings in it, and its links carry no credit.
func (r rendered) of(t *models.Talk) string {
	language, _, _ := strings.Cut(t.Language, ",")
	key := [3]string{language, t.Abstract, t.Description}
	if html, ok := r[key]; ok {
		return html
	}
	var parts []string
	for _, text := range key[1:] {
		if strings.TrimSpace(text) != "" {
			parts = append(parts, richtext.Stranger(richtext.Render(text, richtext.Options{Language: language, Reply: true}).HTML))
		}
	}
	r[key] = strings.Join(parts, "\n")
	return r[key]
}

// stale says whether a row's HTML isn't that of its text.
func stale(old, row *models.Talk) bool {
	return old == nil || old.Abstract != row.Abstract || old.Description != row.Description || old.Language != row.Language
}
