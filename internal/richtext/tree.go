package richtext

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	emojiast "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"
)

// find lists what Scan promises, of nodes that are still as they were parsed.
func find(nodes []ast.Node, source []byte) Found {
	var f Found
	seen := map[string]bool{}
	for _, node := range nodes {
		if within(node, ast.KindLink, ast.KindImage) {
			continue
		}
		switch n := node.(type) {
		case *ast.Image:
			f.Pictures = append(f.Pictures, foundPicture(n, source))
		case *hashtag:
			if key := "#" + strings.ToLower(n.name); !seen[key] {
				seen[key] = true
				f.Hashtags = append(f.Hashtags, n.name)
			}
		case *mention:
			if key := n.handle.String(); !seen[key] {
				seen[key] = true
				f.Mentions = append(f.Mentions, n.handle)
			}
		}
	}
	return f
}

// paragraph drops one that held nothing but a comment or a picture without words, and marks the takeaway
// that stands alone.
func paragraph(n *ast.Paragraph, source []byte) {
	first := n.FirstChild()
	if first != nil && first == n.LastChild() && first.Kind() == kindMark {
		n.SetAttributeString("class", []byte("takeaway"))
	}
	if saysWho(n, source) {
		n.SetAttributeString("class", []byte("attribution"))
	}
	for c := first; c != nil; c = c.NextSibling() {
		if s, ok := c.(*ast.String); !ok || len(s.Value) > 0 {
			if t, ok := c.(*ast.Text); !ok || len(strings.TrimSpace(string(t.Value(source)))) > 0 {
				return
			}
		}
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

// saysWho finds the line under a quotation that names whom it is from: "— Name",
// ending a quotation of more than that.
func saysWho(n *ast.Paragraph, source []byte) bool {
	if n.Parent().Kind() != ast.KindBlockquote || n.NextSibling() != nil || n.PreviousSibling() == nil || n.Lines().Len() == 0 {
		return false
	}
	line := n.Lines().At(0)
	text := strings.TrimSpace(string(line.Value(source)))
	return strings.HasPrefix(text, "—") || strings.HasPrefix(text, "– ") || strings.HasPrefix(text, "-- ")
}

// taskItem puts GitHub's class names on the item and its list, so that the style
// can take their bullets away.
func taskItem(n *extast.TaskCheckBox) {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindListItem {
			p.SetAttributeString("class", []byte("task-list-item"))
			p.Parent().SetAttributeString("class", []byte("contains-task-list"))
			return
		}
	}
}

// plainNode is the text of a heading or label, without markup or footnote numbers.
func plainNode(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(literal(n, source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *hashtag:
			b.WriteString("#" + n.name)
		case *mention:
			b.WriteString(n.written)
		case *moment:
			b.WriteString(n.written)
		case *emojiast.Emoji:
			b.WriteString(string(n.Value.Unicode))
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(scrub(b.String())), " ")
}

// literal is the text that a node stands for, its escapes and entities resolved.
func literal(n *ast.Text, source []byte) []byte {
	if n.IsRaw() {
		return n.Value(source)
	}
	return unescape(n.Value(source))
}

// unescape resolves backslash escapes and entities, from left to right: a backslash
// keeps an entity from being one.
func unescape(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			out = append(out, s[i])
		case s[i] == '&':
			end := bytes.IndexByte(s[i:], ';')
			if end < 0 {
				end = 0
			}
			out = append(out, util.ResolveEntityNames(util.ResolveNumericReferences(s[i:i+end+1]))...)
			i += end
		default:
			out = append(out, s[i])
		}
	}
	return out
}

// slugify makes an id of a heading: lower-case letters and digits of any script,
// joined by hyphens.
func slugify(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if slug := strings.TrimSuffix(b.String(), "-"); slug != "" {
		return slug
	}
	return "section"
}

// cleanPrefix leaves of an id prefix what may stand in an id.
func cleanPrefix(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, s)
}

func within(n ast.Node, kinds ...ast.NodeKind) bool {
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if slices.Contains(kinds, p.Kind()) {
			return true
		}
	}
	return false
}

// under says whether a node stands anywhere in one of a kind.
func under(n ast.Node, kind ast.NodeKind) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == kind {
			return true
		}
	}
	return false
}

func contains(node ast.Node, kind ast.NodeKind) bool {
	found := false
	_ = ast.Walk(node, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if n.Kind() == kind {
			found = true
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

// unwrap puts a node's children in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}

func moveChildren(from, to ast.Node) {
	for c := from.FirstChild(); c != nil; c = from.FirstChild() {
		to.AppendChild(to, c)
	}
}

func replaceOrRemove(n, by ast.Node) {
	if by.HasChildren() {
		n.Parent().ReplaceChild(n.Parent(), n, by)
		return
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

// rawString is text that Markdown must not read again.
func rawString(s string) *ast.String {
	n := ast.NewString([]byte(s))
	n.SetRaw(true)
	return n
}
