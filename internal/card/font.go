package card

import (
	"bytes"
	"compress/zlib"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed font/*.woff
var files embed.FS

// subsets of a weight, in the order in which a letter is looked for.
var subsets = []string{"latin", "latin-ext", "vietnamese"}

func load(weight string) ([]*sfnt.Font, error) {
	fonts := make([]*sfnt.Font, len(subsets))
	for i, s := range subsets {
		name := "font/bricolage-grotesque-" + s + "-" + weight + "-normal.woff"
		packed, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		plain, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", name, err)
		}
		if fonts[i], err = opentype.Parse(plain); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	return fonts, nil
}

// Sizes of a header and of an entry in the table directory, in WOFF and in OpenType.
const (
	woffHeader, woffEntry = 44, 20
	sfntHeader, sfntEntry = 12, 16
)

var errNoFont = errors.New("not a WOFF 1 font")

// unpack turns WOFF 1 into the OpenType that it packs (w3.org/TR/WOFF, sections 4 and
// 5). Our own files are its only input: their sizes are believed.
func unpack(woff []byte) ([]byte, error) {
	if len(woff) < woffHeader || string(woff[:4]) != "wOFF" {
		return nil, errNoFont
	}
	tables := int(binary.BigEndian.Uint16(woff[12:]))
	directory := make([]byte, sfntHeader+tables*sfntEntry)
	copy(directory, woff[4:8]) // the flavour
	binary.BigEndian.PutUint16(directory[4:], uint16(tables))
	var body bytes.Buffer
	for i := range tables {
		entry := woff[woffHeader+i*woffEntry:][:woffEntry]
		offset, packed, size := binary.BigEndian.Uint32(entry[4:]), binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		to := directory[sfntHeader+i*sfntEntry:]
		copy(to, entry[:4])
		copy(to[4:], entry[16:20]) // the checksum
		binary.BigEndian.PutUint32(to[8:], uint32(len(directory)+body.Len()))
		binary.BigEndian.PutUint32(to[12:], size)
		table := woff[offset:][:packed]
		if packed == size {
			body.Write(table)
		} else {
			r, err := zlib.NewReader(bytes.NewReader(table))
			if err != nil {
				return nil, err
			}
			if _, err := io.CopyN(&body, r, int64(size)); err != nil {
				return nil, err
			}
		}
		body.Write(make([]byte, -body.Len()&3)) // every table begins at a multiple of four
	}
	return append(directory, body.Bytes()...), nil
}

// has says whether one of the fonts draws a character.
func has(fonts []*sfnt.Font, r rune) bool { return fontOf(fonts, nil, r) >= 0 }

func fontOf(fonts []*sfnt.Font, buf *sfnt.Buffer, r rune) int {
	for i, f := range fonts {
		if x, err := f.GlyphIndex(buf, r); err == nil && x != 0 {
			return i
		}
	}
	return -1
}

// pen writes in one size and colour. It is for one goroutine.
type pen struct {
	fonts    []*sfnt.Font
	faces    []font.Face
	buf      sfnt.Buffer
	tracking fixed.Int26_6 // between letters, for large sizes negative
}

// newPen makes a pen of a size in pixels; tracking is in thousandths of it.
func newPen(fonts []*sfnt.Font, size, tracking float64) (*pen, error) {
	p := &pen{fonts: fonts, faces: make([]font.Face, len(fonts)), tracking: fixed.Int26_6(size * tracking / 1000 * 64)}
	for i, f := range fonts {
		var err error
		if p.faces[i], err = opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return nil, fmt.Errorf("font of %g pixels: %w", size, err)
		}
	}
	return p, nil
}

// each goes through the glyphs of a line, and returns its width. What no font draws is
// left out: clean took care of the words before.
func (p *pen) each(line string, do func(face font.Face, r rune, x fixed.Int26_6)) fixed.Int26_6 {
	var x fixed.Int26_6
	before, previous := -1, rune(0)
	for _, r := range line {
		at := fontOf(p.fonts, &p.buf, r)
		if at < 0 {
			continue
		}
		if at == before {
			x += p.faces[at].Kern(previous, r)
		}
		if before >= 0 {
			x += p.tracking
		}
		if do != nil {
			do(p.faces[at], r, x)
		}
		advance, _ := p.faces[at].GlyphAdvance(r)
		x, before, previous = x+advance, at, r
	}
	return x
}

// width of a line in pixels.
func (p *pen) width(line string) int { return p.each(line, nil).Ceil() }

// write draws a line that begins at x on a baseline.
func (p *pen) write(to draw.Image, line string, x, baseline int, ink color.Color) {
	p.each(line, func(face font.Face, r rune, at fixed.Int26_6) {
		dot := fixed.Point26_6{X: fixed.I(x) + at, Y: fixed.I(baseline)}
		if box, mask, corner, _, ok := face.Glyph(dot, r); ok {
			draw.DrawMask(to, box, image.NewUniform(ink), image.Point{}, mask, corner, draw.Over)
		}
	})
}
