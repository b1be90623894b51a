package templates

import (
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"

	"confnotes/internal/i18n"
)

// functions are what the templates may call, in one language.
func functions(words *i18n.Words, asset func(string) string) template.FuncMap {
	return template.FuncMap{
		"T":                words.T,
		"N":                words.N,
		"date":             words.Date,
		"datetime":         words.DateTime,
		"day":              words.Day,
		"shortDay":         words.ShortDay,
		"weekday":          words.Weekday,
		"days":             words.Days,
		"clock":            words.Clock,
		"clocks":           words.Clocks,
		"isoDay":           func(t time.Time) string { return t.Format(time.DateOnly) },
		"spoken":           words.Language,
		"iso":              func(t time.Time) string { return t.Format(time.RFC3339) },
		"asset":            asset,
		"paths":            allPaths,
		"initials":         initials,
		"languages":        i18n.Languages,
		"articleLanguages": i18n.ArticleLanguages,
		"languageName":     i18n.NameOf,
		"field":            field,
		"policies":         policies,
		"quotePolicies":    quotePolicies,
		"visibilities":     visibilities,
		"remote":           remoteForm,
		"faces":            faceRowOf,
		"say":              func(m Message) string { return words.T(m.ID, m.Args...) },
		"problem":          func(p Problem) string { return words.T(string(p.ID), "Limit", p.Limit) },
	}
}

// initials stands in for a picture: the first letters of the first and the
// last word of a name, or of its handle when the name has no letter.
func initials(name, handle string) string {
	var letters []rune
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters = append(letters, unicode.ToUpper(r))
				break
			}
		}
	}
	switch {
	case len(letters) > 1:
		return string([]rune{letters[0], letters[len(letters)-1]})
	case len(letters) == 1:
		return string(letters)
	}
	for _, r := range handle {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "?"
}

// remoteBox asks readers for their own server.
type remoteBox struct{ Object, Key, Label string }

// remoteForm gathers such a box: its object is also its id on the page, shortened.
func remoteForm(object, label string) remoteBox {
	kind := "reply"
	if strings.Contains(object, "/users/") {
		kind = "follow"
	}
	return remoteBox{object, kind, label}
}

// control is one labelled input of a form, as forms.html draws it.
type control struct {
	Name, Label, Value, Hint string
	Kind                     string // the type attribute of an input
	Autocomplete             string
	Problem                  *Problem
	Required                 bool
	Handle                   bool // a handle: no capitals, no spelling, no correction
	MinLength                int
	Language                 string   // of the value, when it isn't that of the page
	Choices                  []Choice // of a select
}

// field gathers a control in a template: its name, label, value and problems,
// then pairs of a setting and its value.
func field(name, label, value string, problems Problems, settings ...any) (control, error) {
	c := control{Name: name, Label: label, Value: value, Kind: "text", Autocomplete: "off"}
	if problem, ok := problems[name]; ok {
		c.Problem = &problem
	}
	for i := 0; i+1 < len(settings); i += 2 {
		var ok bool
		switch settings[i] {
		case "hint":
			c.Hint, ok = settings[i+1].(string)
		case "kind":
			c.Kind, ok = settings[i+1].(string)
		case "autocomplete":
			c.Autocomplete, ok = settings[i+1].(string)
		case "required":
			c.Required, ok = settings[i+1].(bool)
		case "handle":
			c.Handle, ok = settings[i+1].(bool)
		case "min":
			c.MinLength, ok = settings[i+1].(int)
		case "lang":
			c.Language, ok = settings[i+1].(string)
		case "choices":
			c.Choices, ok = settings[i+1].([]Choice)
		}
		if !ok {
			return c, fmt.Errorf("field %s: setting %v has the wrong type or name", name, settings[i])
		}
	}
	return c, nil
}
