package richtext

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// Both policies are allow-lists of what their writer makes, no more: they are the
// last guard behind code that should already be right, so they know nothing of
// bluemonday's UGCPolicy, which keeps remote pictures and relative links.

// idPattern is what heading and footnote ids are made of.
var idPattern = regexp.MustCompile(`^[\pL\pM\p{Nd}_:-]+$`)

var ownPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
		"em", "strong", "del", "mark", "sup", "hr", "div", "span", "figure", "figcaption",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowNoAttrs().OnElements("span")
	links(p, `^(?:https?://|mailto:|#)`, "http", "https", "mailto")
	p.AllowRelativeURLs(true) // for "#…" alone, see the pattern above
	p.AllowAttrs("title").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^(?:tag|` + relOwn + `)$`)).OnElements("a")
	class(p, `u-url mention|mention hashtag|footnote-ref|footnote-backref|moment`, "a")
	class(p, `h-card|moment|talk-(?:dot|where|who|links)|[a-z][a-z0-9]{0,2}`, "span") // chroma's classes have three characters at most
	class(p, `chroma`, "pre")
	class(p, `language-[a-z0-9+#._-]+`, "code")
	class(p, `takeaway|attribution|talk`, "p")
	class(p, `footnotes|gallery`, "div")
	class(p, `wide`, "figure")
	class(p, `contains-task-list`, "ul", "ol")
	class(p, `task-list-item`, "li")
	class(p, `align-(?:left|center|right)`, "th", "td")
	p.AllowAttrs("id").Matching(idPattern).OnElements("h2", "h3", "h4", "h5", "h6", "sup", "li")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(?:noteref|backlink|endnotes)$`)).OnElements("a", "div")
	start(p)
	pictures(p)
	p.AllowAttrs("translate").Matching(regexp.MustCompile(`^no$`)).OnElements("span")
	return p
})

var (
	strangerPolicy        = sync.OnceValue(newStrangerPolicy)
	strangerArticlePolicy = sync.OnceValue(func() *bluemonday.Policy {
		p := newStrangerPolicy().AllowElements("h3", "h4", "h5", "h6")
		class(p, `picture-[0-9]{1,3}`, "hr")
		return p
	})
)

func newStrangerPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "ul", "ol", "li", "blockquote", "pre", "code",
		"del", "s", "b", "strong", "u", "i", "em", "ruby", "rt", "rp", "span")
	p.AllowNoAttrs().OnElements("span")
	links(p, `^https?://`, "http", "https")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + relStranger + `$`)).OnElements("a")
	one := `(?:` + classNames + `)`
	class(p, one+`(?: `+one+`)*`, "a", "span", "p")
	p.AllowAttrs("lang").Matching(languageTag).OnElements("p", "span", "a", "blockquote", "li")
	p.AllowAttrs("translate").Matching(regexp.MustCompile(`^no$`)).OnElements("a", "span")
	start(p)
	return p
}

// pictureFile is the address of a picture's file on a server like ours: Render alone
// writes it, of what it was given.
const pictureFile = `https?://[a-z0-9.:\[\]-]+/media/[A-Za-z0-9_-]+/[a-z0-9]+\.(?:jpg|png|gif)`

func pictures(p *bluemonday.Policy) {
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^` + pictureFile + `$`)).OnElements("img")
	p.AllowAttrs("srcset").Matching(regexp.MustCompile(`^` + pictureFile + ` [0-9]+w(?:, ` + pictureFile + ` [0-9]+w)*$`)).OnElements("img")
	p.AllowAttrs("sizes").Matching(regexp.MustCompile(`^\(min-width: [0-9]+rem\) [0-9]+rem, [0-9]+vw$`)).OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[1-9][0-9]{0,4}$`)).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowAttrs("decoding").Matching(regexp.MustCompile(`^async$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
}

func links(p *bluemonday.Policy, pattern string, schemes ...string) {
	p.AllowAttrs("href").Matching(regexp.MustCompile(pattern)).OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowURLSchemes(schemes...)
}

func class(p *bluemonday.Policy, pattern string, elements ...string) {
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(?:` + pattern + `)$`)).OnElements(elements...)
}

func start(p *bluemonday.Policy) {
	p.AllowAttrs("start").Matching(startNumber).OnElements("ol")
}

// startNumber is the first number of a list; nine digits are CommonMark's limit.
var startNumber = regexp.MustCompile(`^[0-9]{1,9}$`)
