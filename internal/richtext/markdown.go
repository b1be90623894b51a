package richtext

import (
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	emojiast "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// Spaces that keep a line together. French sets the narrow one before ";", "!" and "?",
// the wide one before ":" and inside quotation marks (Lexique des règles typographiques
// en usage à l'Imprimerie nationale, "Ponctuation").
const (
	nbsp   = "\u00a0"
	narrow = "\u202f"
)

// quotes are the marks that a typed " and ' become in a language; an empty one
// leaves them as they were typed.
type quotes struct {
	open, close, singleOpen, singleClose, apostrophe string
}

// The converters are built once: they hold tables, no state between calls.
var (
	frenchMarkdown = sync.OnceValue(func() goldmark.Markdown {
		return newMarkdown(quotes{"«" + nbsp, nbsp + "»", "‘", "’", "’"}, frenchWriter{html.DefaultWriter})
	})
	englishMarkdown = sync.OnceValue(func() goldmark.Markdown {
		return newMarkdown(quotes{"“", "”", "‘", "’", "’"}, html.DefaultWriter)
	})
	plainMarkdown = sync.OnceValue(func() goldmark.Markdown {
		return newMarkdown(quotes{}, html.DefaultWriter)
	})
)

// markdownFor picks the converter for a BCP 47 language tag.
func markdownFor(language string) goldmark.Markdown {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch primary {
	case "fr":
		return frenchMarkdown()
	case "en":
		return englishMarkdown()
	}
	return plainMarkdown()
}

// newMarkdown leaves goldmark's two raw-HTML parsers out: a tag in an author's
// text is text and shows, so no word is lost and no HTML gets in.
func newMarkdown(q quotes, writer html.Writer) goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(blockParsers()...),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(momentParser{}, 150),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(commentParser{}, 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(markParser{}, 500),
			util.Prioritized(hashtagParser{}, 600),
			util.Prioritized(mentionParser{}, 600),
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		),
		parser.WithParagraphTransformers(util.Prioritized(definitions{}, 100)),
		parser.WithASTTransformers(util.Prioritized(resolver{}, 10000)),
	)
	r := renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(html.WithWriter(writer)), 1000),
		util.Prioritized(ownRenderer{}, 100),
	))
	md := goldmark.New(goldmark.WithParser(p), goldmark.WithRenderer(r))
	for _, e := range []goldmark.Extender{
		extension.Linkify,
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
		extension.Strikethrough,
		extension.NewFootnote(extension.WithFootnoteIDPrefixFunction(idPrefix)),
		extension.NewTypographer(extension.WithTypographicSubstitutions(substitutions(q))),
		emoji.New(emoji.WithRenderingMethod(emoji.Func), emoji.WithRendererFunc(renderEmoji)),
	} {
		e.Extend(md)
	}
	return md
}

// blockParsers are CommonMark's without raw HTML.
func blockParsers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	}
}

// substitutions maps the typographer's marks; dashes and ellipses are the same
// in every language.
func substitutions(q quotes) map[extension.TypographicPunctuation][]byte {
	optional := func(s string) []byte {
		if s == "" {
			return nil
		}
		return []byte(s)
	}
	return map[extension.TypographicPunctuation][]byte{
		extension.LeftDoubleQuote:  optional(q.open),
		extension.RightDoubleQuote: optional(q.close),
		extension.LeftSingleQuote:  optional(q.singleOpen),
		extension.RightSingleQuote: optional(q.singleClose),
		extension.Apostrophe:       optional(q.apostrophe),
		extension.EnDash:           []byte("–"),
		extension.EmDash:           []byte("—"),
		extension.Ellipsis:         []byte("…"),
		extension.LeftAngleQuote:   []byte("«"),
		extension.RightAngleQuote:  []byte("»"),
	}
}

// renderEmoji writes the character itself, never a picture from elsewhere; a
// shortcode without one stays as typed.
func renderEmoji(w util.BufWriter, _ []byte, n *emojiast.Emoji, _ *emoji.RendererConfig) {
	if n.Value.IsUnicode() {
		_, _ = w.WriteString(string(n.Value.Unicode))
		return
	}
	_, _ = w.WriteString(":" + string(util.EscapeHTML(n.ShortName)) + ":")
}

// idPrefix finds the prefix of the article that node belongs to.
func idPrefix(node ast.Node) []byte {
	prefix, _ := node.OwnerDocument().Meta()[prefixKey].(string)
	return []byte(prefix)
}
