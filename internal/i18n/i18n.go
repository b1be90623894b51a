// Package i18n holds the words of the pages, in English and French, and the
// way each language writes dates and numbers. Messages stand in catalogue/,
// one file a language, in the format of go-i18n.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed catalogue/*.toml
var files embed.FS

// Catalogue is every message in every language. It is read-only once loaded
// and may be shared.
type Catalogue struct {
	matcher language.Matcher
	words   []*Words // in the order of Languages, so English is first
}

// Load reads the embedded catalogues. An error means that one of them doesn't
// parse, which a build that passed its tests can't meet.
func Load() (*Catalogue, error) {
	bundle := goi18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(files, "catalogue/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list the catalogues: %w", err)
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			return nil, fmt.Errorf("load catalogue %s: %w", name, err)
		}
	}
	catalogue := &Catalogue{}
	var tags []language.Tag
	for _, spoken := range Languages() {
		tag, err := language.Parse(spoken.Tag)
		if err != nil {
			return nil, fmt.Errorf("language %s: %w", spoken.Tag, err)
		}
		tags = append(tags, tag)
		catalogue.words = append(catalogue.words, &Words{
			tag:       spoken.Tag,
			localizer: goi18n.NewLocalizer(bundle, spoken.Tag),
			printer:   message.NewPrinter(tag),
			calendar:  calendars[spoken.Tag],
		})
	}
	catalogue.matcher = language.NewMatcher(tags)
	return catalogue, nil
}

// For returns the words nearest to a BCP 47 tag (French for "fr-CA", but also
// for "br"), or English when there are none or the tag is no language at all.
func (c *Catalogue) For(tag string) *Words {
	wanted, err := language.Parse(tag)
	if err != nil {
		return c.words[0]
	}
	_, index, confidence := c.matcher.Match(wanted)
	if confidence == language.No {
		return c.words[0]
	}
	return c.words[index]
}

// Speaks tells whether the catalogue has words for a language itself, not only
// for one that its speakers are likely to read, as For does.
func (c *Catalogue) Speaks(tag string) bool {
	wanted, err := language.Parse(tag)
	if err != nil {
		return false
	}
	base, _ := wanted.Base()
	return base.String() == c.For(tag).Language()
}

// Words speaks one language. It is safe for concurrent use.
type Words struct {
	tag       string
	localizer *goi18n.Localizer
	printer   *message.Printer
	calendar  calendar
}

// Language returns the BCP 47 tag of these words.
func (w *Words) Language() string { return w.tag }

// T returns the message with this id. args are pairs of a name and its value.
// An id without a message comes back as itself: a page with an odd word is
// better than no page, and a test keeps it from happening.
func (w *Words) T(id string, args ...any) string {
	text, err := w.localizer.Localize(&goi18n.LocalizeConfig{MessageID: id, TemplateData: w.pairs(args)})
	if err != nil {
		return id
	}
	return text
}

// N returns the plural form of a message for n, which it may name {{.Count}}.
func (w *Words) N(id string, n int, args ...any) string {
	data := w.pairs(args)
	data["Count"] = w.Number(n)
	text, err := w.localizer.Localize(&goi18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: data})
	if err != nil {
		return id
	}
	return text
}

// Number writes a whole number with the separators of the language.
func (w *Words) Number(n int) string { return w.printer.Sprintf("%d", n) }

// pairs turns names and values into what a message can name; numbers are
// written as the language writes them.
func (w *Words) pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		value := args[i+1]
		if n, ok := value.(int); ok {
			value = w.Number(n)
		}
		data[fmt.Sprint(args[i])] = value
	}
	return data
}
