package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// The colours of static/css/01-tokens.css by day; a test holds them against each other.
var (
	paper  = color.RGBA{0xfb, 0xfa, 0xf6, 0xff}
	ink    = color.RGBA{0x1d, 0x1c, 0x1a, 0xff}
	soft   = color.RGBA{0x62, 0x5e, 0x57, 0xff}
	accent = color.RGBA{0xb3, 0x37, 0x1b, 0xff}
	onIt   = color.RGBA{0xff, 0xff, 0xff, 0xff} // --accent-ink
	margin = color.RGBA{0xe9, 0xb9, 0xab, 0xff} // --line
	marker = color.RGBA{0xff, 0xf0, 0xa8, 0xff}
)

// Where things stand, in pixels. A client may cut 60 off each side.
const (
	left, right = 184, Width - 88
	lineAt      = 122 // the notebook's margin
	badgeTop    = 64
	badgeHeight = 56
	titleTop    = 160
	titleBottom = 474
	nameLine    = 548 // baselines
)

// sizes are those that a title is tried in, with how many lines of it there may be.
var sizes = []struct {
	pixels float64
	lines  int
}{{116, 2}, {100, 3}, {88, 3}, {76, 4}, {66, 4}, {58, 5}, {52, 5}}

// sheet is a card being drawn.
type sheet struct {
	*image.RGBA
	bold, plain []*sfnt.Font
}

// draw makes the picture of words that are clean.
func (p *Printer) draw(c Card) ([]byte, error) {
	s := &sheet{image.NewRGBA(image.Rect(0, 0, Width, Height)), p.bold, p.plain}
	draw.Draw(s, s.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	draw.Draw(s, image.Rect(lineAt-1, 0, lineAt+2, Height), image.NewUniform(margin), image.Point{}, draw.Src)
	draw.Draw(s, image.Rect(0, 0, 20, Height), image.NewUniform(accent), image.Point{}, draw.Src)
	for _, part := range []func(Card) error{s.badge, s.title, s.byline} {
		if err := part(c); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, indexed(s.RGBA, p.colours)); err != nil {
		return nil, fmt.Errorf("encode a card: %w", err)
	}
	return out.Bytes(), nil
}

// badge names the site.
func (s *sheet) badge(c Card) error {
	p, err := newPen(s.bold, 28, -5)
	if err != nil {
		return err
	}
	const dot, pad = 15, 24
	room := right - left - 3*pad - dot
	name := fit(p, c.Site, room)
	end := left + pad + dot + 14 + p.width(name) + pad
	s.round(left, badgeTop, end, badgeTop+badgeHeight, badgeHeight/2, accent)
	middle := badgeTop + badgeHeight/2
	s.round(left+pad, middle-dot/2, left+pad+dot, middle+dot/2+1, dot/2, onIt)
	p.write(s, name, left+pad+dot+14, middle+10, onIt)
	return nil
}

// title sets the title, and marks its first line in the margin.
func (s *sheet) title(c Card) error {
	set, err := fitTitle(s.bold, c.Title)
	if err != nil {
		return err
	}
	leading := int(set.pixels*1.03 + 4) // looser where it is small
	capital := int(set.pixels * .7)
	top := titleTop + (titleBottom-titleTop-leading*(len(set.lines)-1)-capital)/2
	for i, line := range set.lines {
		set.write(s, line, left-int(set.pixels*.035), top+capital+i*leading, ink) // letters bring air of their own
	}
	s.ring(lineAt, top+capital/2)
	return nil
}

// setTitle is a title in lines, with the pen to write them.
type setTitle struct {
	*pen
	pixels float64
	lines  []string
}

// fitTitle sets a title as large as it fits. One that doesn't fit at all is cut.
func fitTitle(fonts []*sfnt.Font, title string) (*setTitle, error) {
	cut, width, set := pieces(title), right-left, &setTitle{}
	for _, size := range sizes {
		p, err := newPen(fonts, size.pixels, -28)
		if err != nil {
			return nil, err
		}
		lines, broken := wrap(p, cut, width)
		if !broken && len(lines) <= size.lines {
			return &setTitle{p, size.pixels, balance(p, cut, width, len(lines))}, nil
		}
		set = &setTitle{p, size.pixels, lines}
	}
	if most := sizes[len(sizes)-1].lines; len(set.lines) > most {
		set.lines = set.lines[:most]
		set.lines[most-1] = clip(set.pen, set.lines[most-1], width)
	}
	return set, nil
}

// ring is a hole of the binding.
func (s *sheet) ring(x, y int) {
	s.round(x-17, y-17, x+18, y+18, 17, accent)
	s.round(x-11, y-11, x+12, y+12, 11, paper)
}

// byline says who wrote it: the name marked as one marks a line worth keeping, then the
// note, beside it or, when both are long, below.
func (s *sheet) byline(c Card) error {
	name, err := newPen(s.bold, 36, -10)
	if err != nil {
		return err
	}
	note, err := newPen(s.plain, 30, 0)
	if err != nil {
		return err
	}
	x, y := left, nameLine
	if c.Author != "" {
		author := fit(name, c.Author, right-left-12)
		end := left + name.width(author)
		below := end+32+note.width(c.Note) > right
		if below {
			y -= 16
		}
		s.round(left-10, y-35, end+12, y+12, 4, marker)
		name.write(s, author, left, y, ink)
		if x = end + 32; below {
			x, y = left, y+50
		}
	}
	note.write(s, fit(note, c.Note, right-x), x, y, soft)
	return nil
}

// fit is a text that may be clipped to a width.
func fit(p *pen, text string, width int) string {
	if p.width(text) <= width {
		return text
	}
	return clip(p, strings.TrimRight(text, " "), width)
}

// round fills a rectangle with round corners.
func (s *sheet) round(x0, y0, x1, y1, radius int, with color.Color) {
	const k = .5523 // of a quarter circle as a cubic curve
	l, t, r, b, q := float32(0), float32(0), float32(x1-x0), float32(y1-y0), float32(radius)
	c := q * (1 - k)
	z := vector.NewRasterizer(x1-x0, y1-y0)
	z.MoveTo(l+q, t)
	z.LineTo(r-q, t)
	z.CubeTo(r-c, t, r, t+c, r, t+q)
	z.LineTo(r, b-q)
	z.CubeTo(r, b-c, r-c, b, r-q, b)
	z.LineTo(l+q, b)
	z.CubeTo(l+c, b, l, b-c, l, b-q)
	z.LineTo(l, t+q)
	z.CubeTo(l, t+c, l+c, t, l+q, t)
	z.ClosePath()
	z.Draw(s, image.Rect(x0, y0, x1, y1), image.NewUniform(with), image.Point{})
}
