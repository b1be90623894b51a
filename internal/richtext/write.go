package richtext

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// maxHighlighted is the longest code block, in bytes, that is worth its lexer's
// time: some are far from linear.
const maxHighlighted = 32 << 10

// ownRenderer writes the nodes that are ours, or that we write otherwise than
// goldmark does.
type ownRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (ownRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindHashtag, renderHashtag)
	reg.Register(kindMention, renderMention)
	reg.Register(kindMark, renderMark)
	reg.Register(ast.KindFencedCodeBlock, renderCode)
	reg.Register(extast.KindTaskCheckBox, renderTask)
	reg.Register(kindPicture, renderPicture)
	reg.Register(kindFigures, renderFigures)
	reg.Register(kindTalkPart, renderTalkPart)
	reg.Register(kindMoment, renderMoment)
}

// renderHashtag and renderMention write what Mastodon writes, so that every
// server knows these links for what they are (lib/text_formatter.rb).
func renderHashtag(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := node.(*hashtag)
		_, _ = w.WriteString(`<a href="` + escape(n.href) + `" class="mention hashtag" rel="tag">#<span>` + escape(n.name) + `</span></a>`)
	}
	return ast.WalkContinue, nil
}

func renderMention(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := node.(*mention)
		_, _ = w.WriteString(`<span class="h-card" translate="no"><a href="` + escape(n.href) + `" class="u-url mention">@<span>` + escape(n.name) + `</span></a></span>`)
	}
	return ast.WalkContinue, nil
}

func renderMark(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<mark>")
	} else {
		_, _ = w.WriteString("</mark>")
	}
	return ast.WalkContinue, nil
}

// renderTask writes a box as a character: servers that show our content strip
// <input>, and the reader would no longer see what is done.
func renderTask(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		box := "☐ "
		if node.(*extast.TaskCheckBox).IsChecked {
			box = "☑ "
		}
		_, _ = w.WriteString(box)
	}
	return ast.WalkContinue, nil
}

// renderCode writes a fenced block with chroma's short class names and no inline
// style, which the CSP forbids. GoToSocial keeps language-x on <code>, nothing else.
func renderCode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	code := string(n.Lines().Value(source))
	language := languageClass(string(n.Language(source)))
	if language == "" {
		_, _ = w.WriteString("<pre><code>" + escape(code) + "</code></pre>\n")
		return ast.WalkSkipChildren, nil
	}
	_, _ = w.WriteString(`<pre class="chroma"><code class="language-` + language + `">`)
	writeTokens(w, language, code)
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

func writeTokens(w util.BufWriter, language, code string) {
	lexer := lexers.Get(language)
	if lexer == nil || len(code) > maxHighlighted {
		_, _ = w.WriteString(escape(code))
		return
	}
	tokens, err := chroma.Tokenise(chroma.Coalesce(lexer), nil, code)
	if err != nil || chroma.Stringify(tokens...) != code {
		_, _ = w.WriteString(escape(code)) // a lexer must not change what the author wrote
		return
	}
	for _, t := range tokens {
		if class := tokenClass(t.Type); class != "" && strings.TrimSpace(t.Value) != "" {
			_, _ = w.WriteString(`<span class="` + class + `">` + escape(t.Value) + `</span>`)
		} else {
			_, _ = w.WriteString(escape(t.Value))
		}
	}
}

// tokenClass is chroma's class for a token, or that of the nearest kind above it.
func tokenClass(t chroma.TokenType) string {
	for t != 0 {
		if class, ok := chroma.StandardTypes[t]; ok {
			return class
		}
		t = t.Parent()
	}
	return ""
}

// languageClass is a language's name as a class may hold it: "C++" becomes "c++".
func languageClass(s string) string {
	s = strings.ToLower(s)
	for _, r := range s {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789+#._-", r) {
			return ""
		}
	}
	return s
}

func escape(s string) string {
	return string(util.EscapeHTML([]byte(s)))
}
