package richtext

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// The talk line stands under a heading, or under the title as the article's first, and says when, what kind, where, who, and
// where the slides are:
//
//	**09:15** · Keynote · Main hall · Maëlle Quérec, CTO, Ateliers Brume · [slides](…)
//
// It stays one paragraph of words between dots, as other servers show it; on our
// pages its parts are set apart.

var kindTalkPart = ast.NewNodeKind("TalkPart")

// talkPart is one part of a talk line, or the dot between two.
type talkPart struct {
	ast.BaseInline
	class string
}

func (*talkPart) Kind() ast.NodeKind              { return kindTalkPart }
func (n *talkPart) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

const (
	talkLine  = "talk"
	talkDot   = "talk-dot"
	talkWhere = "talk-where" // kind and room, the first two after the time
	talkWho   = "talk-who"
	talkLinks = "talk-links" // what is a link and nothing else: slides, video, code
)

const dot = "·"

// clock is a time, or from when to when, as programmes write it: 09:15, 9.15, 9 h 15,
// 9:15 am, 14:00–14:45, 02:30 CEST.
var clock = func() *regexp.Regexp {
	const space = `[\s\x{a0}\x{202f}]?`
	const zone = `(?:[\s\x{a0}](?:[A-Z]{2,5}|[+-]\d{2,4}))?` // of an hour that clocks go through twice
	const one = `\d{1,2}(?:[:.]\d{2}|` + space + `h` + space + `(?:\d{2})?)(?:` + space + `[ap]\.?m\.?)?`
	return regexp.MustCompile(`^(?i:` + one + `(?:` + space + `[-–]` + space + one + `)?)` + zone + `$`)
}()

// talk sets a paragraph as a talk line when it is one, and returns its links.
func talk(n *ast.Paragraph, source []byte) (links [][]ast.Node, ok bool) {
	_, inArticle := n.Parent().(*ast.Document)
	if _, under := n.PreviousSibling().(*ast.Heading); !under && (n.PreviousSibling() != nil || !inArticle) {
		return nil, false
	}
	when, ok := n.FirstChild().(*ast.Emphasis)
	if !ok || when.Level != 2 || !clock.MatchString(plainNode(when, source)) {
		return nil, false
	}
	parts := betweenDots(when, source)
	if len(parts) < 2 || len(parts[0]) > 0 {
		return nil, false // it goes on with other words
	}
	groups := map[string][][]ast.Node{}
	for i, part := range parts[1:] {
		class := talkWho
		if _, link := part[0].(*ast.Link); link && len(part) == 1 {
			class = talkLinks
		} else if i < 2 {
			class = talkWhere
		}
		groups[class] = append(groups[class], part)
	}
	n.RemoveChildren(n)
	n.AppendChild(n, when)
	for _, class := range []string{talkWhere, talkWho, talkLinks} {
		appendGroup(n, class, groups[class])
	}
	n.SetAttributeString("class", []byte(talkLine))
	return groups[talkLinks], true
}

func appendGroup(n ast.Node, class string, parts [][]ast.Node) {
	if len(parts) == 0 {
		return
	}
	between := &talkPart{class: talkDot}
	between.AppendChild(between, rawString(" "+dot+" "))
	group := &talkPart{class: class}
	for i, part := range parts {
		if i > 0 {
			group.AppendChild(group, rawString(" "+dot+" "))
		}
		for _, c := range part {
			group.AppendChild(group, c)
		}
	}
	n.AppendChild(n, between)
	n.AppendChild(n, group)
}

// betweenDots parts what follows a node in its paragraph at the dots. Only the part
// before the first dot may be empty; an empty one after it ends the list.
func betweenDots(first ast.Node, source []byte) [][]ast.Node {
	parts := [][]ast.Node{nil}
	add := func(n ast.Node) { parts[len(parts)-1] = append(parts[len(parts)-1], n) }
	for c := first.NextSibling(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			add(c)
			continue
		}
		rest := t.Segment
		for at := bytes.Index(rest.Value(source), []byte(dot)); at >= 0; at = bytes.Index(rest.Value(source), []byte(dot)) {
			before := rest.WithStop(rest.Start + at)
			if before = before.TrimRightSpace(source); before.Len() > 0 {
				add(ast.NewTextSegment(before))
			}
			if len(parts) > 1 && len(parts[len(parts)-1]) == 0 {
				return nil
			}
			parts = append(parts, nil)
			rest = rest.WithStart(rest.Start + at + len(dot))
			rest = rest.TrimLeftSpace(source)
		}
		if rest.Len() > 0 || len(parts[len(parts)-1]) > 0 { // a line may break, but not begin, a part
			end := ast.NewTextSegment(rest) // the paragraph keeps its own until it is known to be a talk line
			end.SetSoftLineBreak(t.SoftLineBreak())
			end.SetHardLineBreak(t.HardLineBreak())
			add(end)
		}
	}
	if len(parts[len(parts)-1]) == 0 {
		return nil
	}
	return parts
}

func renderTalkPart(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<span class="` + node.(*talkPart).class + `">`)
	} else {
		_, _ = w.WriteString("</span>")
	}
	return ast.WalkContinue, nil
}
