package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"slices"
)

// An animation is decoded whole, at a byte a pixel: ten seconds at 30 frames a second,
// or 480 by 270 for a minute and a half at five.
const (
	maxFrames      = 600
	maxFramePixels = 60_000_000
)

// gifConfig counts the frames and their pixels without unpacking any.
func gifConfig(data []byte) (config image.Config, frames, pixels int, err error) {
	if config, err = gif.DecodeConfig(bytes.NewReader(data)); err != nil {
		return config, 0, 0, err
	}
	frames, pixels, err = gifFrames(data)
	switch {
	case err != nil:
	case frames > maxFrames:
		err = &RefusedError{TooManyFrames, maxFrames}
	case frames > 1 && pixels > maxFramePixels:
		err = &RefusedError{TooManyFrames, maxFramePixels}
	}
	return config, frames, pixels, err
}

// gifFrames walks the blocks of a GIF: GIF89a, 18 to 26.
func gifFrames(data []byte) (frames, pixels int, err error) {
	if len(data) < 13 {
		return 0, 0, refuse(Damaged)
	}
	at := 13 + paletteBytes(data[10])
	for at < len(data) {
		switch data[at] {
		case 0x21: // an extension and its label
			at += 2
		case 0x2c: // a frame
			if at+10 > len(data) {
				return 0, 0, refuse(Damaged)
			}
			frames++
			pixels += (int(data[at+5]) | int(data[at+6])<<8) * (int(data[at+7]) | int(data[at+8])<<8)
			at += 11 + paletteBytes(data[at+9])
		case 0x3b: // the end
			return frames, pixels, nil
		default:
			return 0, 0, refuse(Damaged)
		}
		for at < len(data) && data[at] != 0 { // sub-blocks, each with its length
			at += 1 + int(data[at])
		}
		at++
	}
	return 0, 0, refuse(Damaged)
}

// paletteBytes is how long a palette is, after the flags that say so.
func paletteBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// animation writes a GIF anew, frame by frame: comments, XMP and what follows the end are
// gone. It keeps its size, as scaled palettes flicker.
func animation(ctx context.Context, src *source) (*Picture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g, err := gif.DecodeAll(bytes.NewReader(src.data))
	if err != nil {
		return nil, refusal(err)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		return nil, fmt.Errorf("encode GIF: %w", err)
	}
	p, err := still(ctx, firstFrame(g), true)
	if err != nil {
		return nil, err
	}
	widest := p.Variants[len(p.Variants)-1]
	moving := Variant{Name: nominal(g.Config.Width), MIME: mimeGIF, Width: g.Config.Width, Height: g.Config.Height, Data: out.Bytes()}
	card := p.Variants[slices.IndexFunc(p.Variants, func(v Variant) bool { return v.Name == Card })]
	widest.Name = Still
	p.Animated, p.Width, p.Height, p.Variants = true, moving.Width, moving.Height, []Variant{moving}
	p.insert(widest)
	p.insert(card)
	return p, nil
}

// firstFrame is what an animation shows first, on its whole canvas.
func firstFrame(g *gif.GIF) *image.RGBA {
	canvas := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	draw.Draw(canvas, g.Image[0].Rect, g.Image[0], g.Image[0].Rect.Min, draw.Over)
	w, h := fit(g.Config.Width, g.Config.Height, baseWidth, baseHeight)
	if w == g.Config.Width {
		return canvas
	}
	return shrink(canvas, w, h)
}
