package feedcheck

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strings"
)

// Node is an element.
type Node struct {
	xml.Name
	Attr     []xml.Attr
	Children []*Node
	Text     string // its own, decoded
	Raw      string // what stands between its tags
}

// parseNodes reads one document, strictly.
func parseNodes(source string) (*Node, error) {
	d := xml.NewDecoder(strings.NewReader(source))
	top := &Node{}
	open, starts := []*Node{top}, []int64{0}
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &Node{Name: t.Name, Attr: t.Copy().Attr}
			last.Children = append(last.Children, n)
			open, starts = append(open, n), append(starts, d.InputOffset())
		case xml.EndElement:
			last.Raw = source[starts[len(starts)-1]:before]
			open, starts = open[:len(open)-1], starts[:len(starts)-1]
		case xml.CharData:
			last.Text += string(t)
		case xml.Directive:
			return nil, errors.New("a document type")
		}
	}
	if len(top.Children) != 1 || !blank(top.Text) {
		return nil, errors.New("not one element")
	}
	return top.Children[0], nil
}

// all goes through an element and those in it, with what each stands in.
func (n *Node) all() iter.Seq[*Node] {
	return func(yield func(*Node) bool) { n.walk(yield) }
}

func (n *Node) walk(yield func(*Node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, c := range n.Children {
		if !c.walk(yield) {
			return false
		}
	}
	return true
}

// named returns the children of a name, in a namespace or, for "", in none.
func (n *Node) named(space, local string) (found []*Node) {
	for _, c := range n.Children {
		if c.Space == space && c.Local == local {
			found = append(found, c)
		}
	}
	return found
}

// value is the text of the first child of a name, "" if there is none.
func (n *Node) value(space, local string) string {
	if found := n.named(space, local); len(found) > 0 {
		return found[0].Text
	}
	return ""
}

// attr is the value of an attribute without a namespace.
func (n *Node) attr(local string) (string, bool) {
	for _, a := range n.Attr {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value, true
		}
	}
	return "", false
}

// lang is an element's own xml:lang.
func (n *Node) lang() (string, bool) {
	for _, a := range n.Attr {
		if a.Name.Local == "lang" && a.Name.Space == "http://www.w3.org/XML/1998/namespace" {
			return a.Value, true
		}
	}
	return "", false
}
