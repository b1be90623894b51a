package richtext

import (
	"path"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// prefixKey is where the id prefix stands in a document's metadata.
const prefixKey = "id prefix"

var (
	optionsKey  = parser.NewContextKey()
	foundKey    = parser.NewContextKey()
	headingsKey = parser.NewContextKey()
)

// resolver is the one pass over the parsed article before it is written: it
// gives headings their ids, resolves links, mentions and hashtags, and replaces
// what our HTML doesn't have.
type resolver struct{}

// Transform implements parser.ASTTransformer.
func (resolver) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	o, _ := pc.Get(optionsKey).(Options)
	prefix := cleanPrefix(o.FootnotePrefix)
	doc.Meta()[prefixKey] = prefix
	nodes := collect(doc)
	pc.Set(foundKey, find(nodes, reader.Source()))
	r := resolution{source: reader.Source(), options: o, prefix: prefix, taken: map[string]int{}}
	for _, n := range nodes {
		r.visit(n)
	}
	pc.Set(headingsKey, r.headings)
}

// collect lists the nodes before any of them moves. Children come before their
// parents, so that a link sees what its label has become.
func collect(doc ast.Node) []ast.Node {
	var nodes []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			nodes = append(nodes, n)
		}
		return ast.WalkContinue, nil
	})
	return nodes
}

type resolution struct {
	source   []byte
	options  Options
	prefix   string
	taken    map[string]int // times that a slug has been wanted
	headings []Heading

	recording string // of the last talk line; "" where it has none
}

func (r *resolution) visit(node ast.Node) {
	switch n := node.(type) {
	case *ast.Text:
		if before, ok := n.PreviousSibling().(*ast.Text); ok && before.Merge(n, r.source) {
			n.Parent().RemoveChild(n.Parent(), n) // "&#35;" was parted at the "#", and is one character
		}
	case *ast.Heading:
		r.heading(n)
	case *ast.Image:
		r.image(n)
	case *ast.Link:
		r.link(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *hashtag:
		r.hashtag(n)
	case *mention:
		r.mention(n)
	case *moment:
		r.moment(n)
	case *ast.Paragraph:
		if !figure(n, r.source) {
			paragraph(n, r.source)
			if links, ok := talk(n, r.source); ok {
				r.recording = recordingOf(links, r.source)
			}
		}
	case *extast.TableCell:
		if n.Alignment != extast.AlignNone {
			n.SetAttributeString("class", []byte("align-"+n.Alignment.String()))
		}
	case *extast.TaskCheckBox:
		taskItem(n)
	}
}

// heading moves an h1 down, since the page's h1 is the article's title, and gives
// each heading an id from its words.
func (r *resolution) heading(n *ast.Heading) {
	if r.options.Reply {
		p, strong := ast.NewParagraph(), ast.NewEmphasis(2)
		moveChildren(n, strong)
		p.AppendChild(p, strong)
		n.Parent().ReplaceChild(n.Parent(), n, p)
		return
	}
	n.Level = max(n.Level, 2)
	label := plainNode(n, r.source)
	slug := slugify(label)
	id := slug
	for r.taken[id] > 0 {
		r.taken[slug]++
		id = slug + "-" + strconv.Itoa(r.taken[slug])
	}
	r.taken[id]++
	id = r.prefix + id
	n.SetAttributeString("id", []byte(id))
	r.headings = append(r.headings, Heading{Level: n.Level, ID: id, Text: label})
}

// image shows a picture of ours, and any other as a link to it: a reader's browser
// fetches nothing from a host that the reader didn't choose.
func (r *resolution) image(n *ast.Image) {
	if within(n, ast.KindLink, ast.KindImage) {
		unwrap(n)
		return
	}
	if p, ok := r.options.Pictures[string(n.Destination)]; ok && len(p.Sources) > 0 {
		n.Parent().ReplaceChild(n.Parent(), n, &picture{Picture: p, alt: plainNode(n, r.source), caption: titleText(n.Title)})
		return
	}
	dest, ok := safeLink(n.Destination, r.prefix)
	if !ok || !strings.HasPrefix(dest, "http") {
		em := ast.NewEmphasis(1)
		moveChildren(n, em)
		replaceOrRemove(n, em)
		return
	}
	link := ast.NewLink()
	link.Destination = []byte(dest)
	link.SetAttributeString("rel", []byte(relOwn))
	moveChildren(n, link)
	if !link.HasChildren() {
		link.AppendChild(link, rawString(path.Base(dest)))
	}
	n.Parent().ReplaceChild(n.Parent(), n, link)
}

// link keeps what leads to the web, to a mailbox or to this page, and turns the
// rest into text. A footnote's number in a label would be a link in a link.
func (r *resolution) link(n *ast.Link) {
	dest, ok := safeLink(n.Destination, r.prefix)
	if !ok || within(n, ast.KindImage) || contains(n, extast.KindFootnoteLink) {
		unwrap(n)
		return
	}
	n.Destination = []byte(dest)
	if !strings.HasPrefix(dest, "#") {
		n.SetAttributeString("rel", []byte(relOwn))
	}
}

func (r *resolution) autoLink(n *ast.AutoLink) {
	dest := n.URL(r.source)
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(string(dest)), "mailto:") {
		dest = append([]byte("mailto:"), dest...)
	}
	label := rawString(string(n.Label(r.source)))
	address, ok := safeLink(dest, r.prefix)
	if !ok || within(n, ast.KindLink, ast.KindImage) {
		n.Parent().ReplaceChild(n.Parent(), n, label)
		return
	}
	link := ast.NewLink()
	link.Destination = []byte(address)
	link.SetAttributeString("rel", []byte(relOwn))
	link.AppendChild(link, label)
	n.Parent().ReplaceChild(n.Parent(), n, link)
}

func (r *resolution) hashtag(n *hashtag) {
	if r.options.TagURL != nil && !within(n, ast.KindLink, ast.KindImage) {
		n.href, _, _ = webLink(r.options.TagURL(n.name))
	}
	if n.href == "" {
		n.Parent().ReplaceChild(n.Parent(), n, rawString("#"+n.name))
	}
}

func (r *resolution) mention(n *mention) {
	if m, ok := r.options.Mentions[n.handle.String()]; ok && !within(n, ast.KindLink, ast.KindImage) {
		n.href, _, _ = webLink(m.Href)
		n.name = strings.TrimPrefix(m.Name, "@")
	}
	if n.href == "" {
		n.Parent().ReplaceChild(n.Parent(), n, rawString(n.written))
	}
	if n.name == "" {
		n.name = n.handle.User
	}
}

// relOwn is for our authors' links. They vouch for what they link to, so there is
// no nofollow; noreferrer keeps readers' whereabouts from the sites they visit next.
const relOwn = "noopener noreferrer"
