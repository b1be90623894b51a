package richtext

import (
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Emoji is a picture that stands in a text for its name.
type Emoji struct {
	Text          string // as the text names it: ":gull:"
	URL           string // of our copy
	Width, Height int    // pixels
}

// WithEmoji shows the emoji in HTML of Stranger's, in its words alone: never within a tag, nor
// in code.
func WithEmoji(s string, all []Emoji) string {
	if len(all) == 0 {
		return s
	}
	pairs := make([]string, 0, 2*len(all))
	for _, e := range all {
		pairs = append(pairs, e.Text, emojiPicture(e))
	}
	show := strings.NewReplacer(pairs...)
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(s))
	code := 0
	for {
		kind := z.Next()
		raw := string(z.Raw()) // as it stands there: TagName turns it into lower case
		switch kind {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.TextToken:
			if code == 0 {
				raw = show.Replace(raw)
			}
		case xhtml.StartTagToken:
			code += isCode(z)
		case xhtml.EndTagToken:
			code -= isCode(z)
		}
		b.WriteString(raw)
	}
}

func emojiPicture(e Emoji) string {
	name := xhtml.EscapeString(e.Text)
	return `<img class="emoji" src="` + xhtml.EscapeString(e.URL) + `" alt="` + name + `" title="` + name +
		`" width="` + strconv.Itoa(e.Width) + `" height="` + strconv.Itoa(e.Height) + `" loading="lazy" decoding="async">`
}

// isCode is 1 for a tag whose text stands as it was typed.
func isCode(z *xhtml.Tokenizer) int {
	name, _ := z.TagName()
	if a := atom.Lookup(name); a == atom.Code || a == atom.Pre {
		return 1
	}
	return 0
}
