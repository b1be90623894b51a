package media

import (
	"context"
	"image"
)

// Sides of a face, in pixels: what other servers take, and what a page shows.
const (
	faceSide      = 400
	smallFaceSide = 128
)

// Face makes a portrait of somebody's own picture: the square middle of it, without
// motion, in the sizes that the picture is large enough for. The errors are those of
// Process.
func (p *Processor) Face(ctx context.Context, data []byte) (*Picture, error) {
	src, done, err := p.admit(ctx, data, true)
	if err != nil {
		return nil, err
	}
	defer done()
	return guarded(func() (*Picture, error) {
		width, height := cover(src.uprightWidth(), src.uprightHeight(), faceSide, faceSide)
		base, err := src.bitmap(ctx, width, height)
		if err != nil {
			return nil, err
		}
		side := min(base.Rect.Dx(), base.Rect.Dy(), faceSide)
		return face(crop(base, side, side), src.drawn())
	})
}

func face(square *image.RGBA, drawn bool) (*Picture, error) {
	hash, err := blurhashOf(square)
	if err != nil {
		return nil, err
	}
	side := square.Rect.Dx()
	p := &Picture{Width: side, Height: side, Blurhash: hash}
	if side > smallFaceSide {
		small, err := encode("128", shrink(square, smallFaceSide, smallFaceSide), drawn)
		if err != nil {
			return nil, err
		}
		p.Variants = append(p.Variants, *small)
	}
	whole, err := encode("400", square, drawn)
	if err != nil {
		return nil, err
	}
	p.Variants = append(p.Variants, *whole)
	return p, nil
}
