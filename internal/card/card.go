// Package card draws the picture of a link card for what has none of its own: the title
// on a page of the notebook, who wrote it, and where. It draws what it is told and knows
// nothing of ours.
package card

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/color"

	"golang.org/x/image/font/sfnt"
)

// Width and Height are what OpenGraph's readers show, in pixels. MIME is what Draw makes.
const (
	Width  = 1200
	Height = 630
	MIME   = "image/png"
)

// version is that of the drawing: raise it when the same words would look different.
const version = "1"

// Card is what stands on a card, as plain text. What can't be drawn in Latin letters is
// left out.
type Card struct {
	Title  string
	Author string // their name; empty for what nobody alone wrote
	Note   string // small, beside the author: their handle, or what the page is
	Site   string
	Host   string // stands for a name of the site that can't be drawn
}

// Hash names a card by all that it shows and how.
func (c Card) Hash() string {
	h := sha256.New()
	for _, part := range []string{version, c.Title, c.Author, c.Note, c.Site, c.Host} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // memory doesn't fail
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}

// Printer draws cards, one at a time, and keeps the latest. It may be shared.
type Printer struct {
	bold, plain []*sfnt.Font
	colours     color.Palette
	turn        chan struct{}
	kept        *shelf
}

// NewPrinter reads the fonts. It fails only if they are broken, which a build that
// passed its tests can't meet.
func NewPrinter() (*Printer, error) {
	bold, err := load("800")
	if err != nil {
		return nil, err
	}
	plain, err := load("500")
	if err != nil {
		return nil, err
	}
	return &Printer{bold, plain, palette(), make(chan struct{}, 1), newShelf(keptBytes)}, nil
}

// Print returns a card as PNG. Those who ask for the same at once wait for one drawing;
// so no crowd takes more than one processor and the memory of one bitmap, 4 MB.
func (p *Printer) Print(ctx context.Context, c Card) ([]byte, error) {
	key := c.Hash()
	if data := p.kept.get(key); data != nil {
		return data, nil
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if data := p.kept.get(key); data != nil {
		return data, nil
	}
	data, err := p.draw(p.drawable(c))
	if err != nil {
		return nil, err
	}
	p.kept.put(key, data)
	return data, nil
}

// drawable leaves what can be drawn. Where that is too little of a title, whoever wrote
// it is what is large.
func (p *Printer) drawable(c Card) Card {
	d := Card{Title: clean(p.bold, c.Title), Author: clean(p.bold, c.Author), Note: clean(p.plain, c.Note), Site: clean(p.bold, c.Site), Host: c.Host}
	d.Site = cmp.Or(d.Site, clean(p.bold, c.Host))
	if d.Title == "" {
		d.Title, d.Author = d.Author, ""
	}
	if d.Title == "" {
		d.Title, d.Note = cmp.Or(d.Note, d.Site), ""
	}
	return d
}
