package richtext

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Picture is one of our own pictures, as an article shows it.
type Picture struct {
	Sources       []Source // ascending by width; the last one is what a click opens
	Width, Height int      // pixels, of the last one, so that nothing shifts while it loads
}

// Source is a picture's file in one width.
type Source struct {
	URL   string // absolute
	Width int    // pixels
}

// FoundPicture is a picture that a source shows, by the address that it gives:
// a path of ours, a file beside the source, or somebody else's URL.
type FoundPicture struct {
	Destination string
	Alt         string // what it shows, for who can't see it
	Caption     string // in Markdown, the title
	At          int    // byte offset of its "!" in the source
}

const (
	// galleryRow is how many pictures stand beside each other.
	galleryRow = 3
	// A picture this much wider than high, and this large, leaves the column of text.
	wideWidth           = 1200
	wideNumber, wideFor = 3, 2
	// What the browser is told of a picture's place in the page, to choose a file.
	sizesText    = "(min-width: 46rem) 42rem, 100vw"
	sizesWide    = "(min-width: 64rem) 60rem, 100vw"
	sizesGallery = "(min-width: 46rem) 20rem, 50vw"
)

var (
	kindPicture = ast.NewNodeKind("Picture")
	kindFigures = ast.NewNodeKind("Figures")
)

// picture stands where one of our pictures was named.
type picture struct {
	ast.BaseInline
	Picture
	alt, caption string
}

func (*picture) Kind() ast.NodeKind              { return kindPicture }
func (n *picture) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func (n *picture) wide() bool {
	return n.Width >= wideWidth && n.Width*wideFor >= n.Height*wideNumber
}

// figures is a paragraph of nothing but pictures.
type figures struct {
	ast.BaseBlock
	pictures []*picture
}

func (*figures) Kind() ast.NodeKind              { return kindFigures }
func (n *figures) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// PictureSource is the Markdown of a picture: what Scan finds again.
func PictureSource(destination, alt, caption string) string {
	source := "![" + escapeSource(alt, "\\[]*_~=<&`") + "](" + destination
	if caption != "" {
		source += ` "` + escapeSource(caption, `\"&`) + `"`
	}
	return source + ")"
}

// ReplacePictures gives the pictures of a source other destinations, by those that
// they have. Everything else stays as it was typed, but for what no reader sees.
func ReplacePictures(source string, by map[string]string) string {
	source = string(cleanSource(source))                       // what the offsets are in
	for _, p := range slices.Backward(Scan(source).Pictures) { // from the end, so that offsets hold
		if dest, ok := by[p.Destination]; ok {
			source = replaceDestination(source, p, dest)
		}
	}
	return source
}

// replaceDestination changes the address that follows a picture's description, or that
// of the definition it refers to.
func replaceDestination(source string, p FoundPicture, dest string) string {
	inline := regexp.MustCompile(`\]\(\s*<?(` + regexp.QuoteMeta(p.Destination) + `)[>\s)]`)
	reference := regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:\s*<?(` + regexp.QuoteMeta(p.Destination) + `)>?(?:\s|$)`)
	m := inline.FindStringSubmatchIndex(source[p.At:])
	if m != nil && len(Scan(source[p.At:p.At+m[1]]+")").Pictures) == 1 { // its own, not that of a link after it
		return source[:p.At+m[2]] + dest + source[p.At+m[3]:]
	}
	if m = reference.FindStringSubmatchIndex(source); m != nil {
		return source[:m[2]] + dest + source[m[3]:]
	}
	return source
}

// escapeSource keeps some characters of a line from meaning something in Markdown.
func escapeSource(line, special string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(scrub(line)), " ") {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// titleText is what a link's or picture's title says.
func titleText(title []byte) string {
	return strings.Join(strings.Fields(scrub(string(unescape(title)))), " ")
}

// foundPicture describes an image that has not been resolved yet.
func foundPicture(n *ast.Image, source []byte) FoundPicture {
	return FoundPicture{Destination: string(n.Destination), Alt: plainNode(n, source), Caption: titleText(n.Title), At: n.Pos()}
}

// figure replaces a paragraph of nothing but pictures, and says whether it did.
func figure(n *ast.Paragraph, source []byte) bool {
	var pictures []*picture
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *picture:
			pictures = append(pictures, c)
		case *ast.Text:
			if len(bytes.TrimSpace(c.Value(source))) > 0 {
				return false
			}
		default:
			return false
		}
	}
	if len(pictures) == 0 {
		return false
	}
	n.Parent().ReplaceChild(n.Parent(), n, &figures{pictures: pictures})
	return true
}

// renderFigures writes one picture as a figure, several as a gallery in rows of two
// or three.
func renderFigures(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	all := node.(*figures).pictures
	if len(all) == 1 {
		class, sizes := "", sizesText
		if all[0].wide() {
			class, sizes = ` class="wide"`, sizesWide
		}
		writeFigure(w, all[0], class, sizes)
		return ast.WalkContinue, nil
	}
	for len(all) > 0 {
		row := min(galleryRow, len(all))
		if len(all) == galleryRow+1 {
			row = 2 // four are two rows of two
		}
		_, _ = w.WriteString(`<div class="gallery">` + "\n")
		for _, p := range all[:row] {
			writeFigure(w, p, "", sizesGallery)
		}
		_, _ = w.WriteString("</div>\n")
		all = all[row:]
	}
	return ast.WalkContinue, nil
}

// writeFigure links a picture that has a description to its largest file: slides are
// small on a phone. Without one the link would have no name.
func writeFigure(w util.BufWriter, p *picture, class, sizes string) {
	_, _ = w.WriteString("<figure" + class + ">")
	if p.alt != "" {
		_, _ = w.WriteString(`<a href="` + escape(p.Sources[len(p.Sources)-1].URL) + `" rel="` + relOwn + `">`)
	}
	writePicture(w, p, sizes)
	if p.alt != "" {
		_, _ = w.WriteString("</a>")
	}
	if p.caption != "" {
		_, _ = w.WriteString("<figcaption>" + escape(p.caption) + "</figcaption>")
	}
	_, _ = w.WriteString("</figure>\n")
}

// renderPicture writes a picture among words.
func renderPicture(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writePicture(w, node.(*picture), sizesText)
	}
	return ast.WalkContinue, nil
}

func writePicture(w util.BufWriter, p *picture, sizes string) {
	_, _ = w.WriteString(`<img src="` + escape(p.Sources[fallback(p.Sources)].URL) + `"`)
	if len(p.Sources) > 1 {
		set := make([]string, len(p.Sources))
		for i, s := range p.Sources {
			set[i] = s.URL + " " + strconv.Itoa(s.Width) + "w"
		}
		_, _ = w.WriteString(` srcset="` + escape(strings.Join(set, ", ")) + `" sizes="` + sizes + `"`)
	}
	_, _ = w.WriteString(` width="` + strconv.Itoa(p.Width) + `" height="` + strconv.Itoa(p.Height) +
		`" alt="` + escape(p.alt) + `" loading="lazy" decoding="async">`)
}

// fallback is the file for who doesn't read srcset, as other servers' clients don't:
// the second of them, which is enough for a phone.
func fallback(sources []Source) int { return min(1, len(sources)-1) }
