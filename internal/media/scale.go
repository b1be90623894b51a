package media

import (
	"image"
	"image/draw"
)

// The largest variant fits into this box. The height lets a long screenshot stay legible.
const (
	baseWidth  = 1600
	baseHeight = 4800
)

type size struct {
	name  string
	width int
}

// sizesFor returns the sizes that a picture of a width comes in, ascending; the last one
// has its full width.
func sizesFor(width int) []size {
	all := []size{{"480", 480}, {"960", 960}, {"1600", baseWidth}}
	for i, s := range all {
		if width <= s.width {
			return all[:i+1]
		}
	}
	return all
}

// nominal is the name of the size that a width comes closest to from below.
func nominal(width int) string {
	sizes := sizesFor(width)
	return sizes[len(sizes)-1].name
}

// fit returns the largest size with the proportions of w by h in a box; never more than
// w by h, never less than one pixel.
func fit(w, h, boxW, boxH int) (int, int) {
	if w <= boxW && h <= boxH {
		return w, h
	}
	if w*boxH >= h*boxW {
		return boxW, proportional(h, boxW, w)
	}
	return proportional(w, boxH, h), boxH
}

// cover returns the box that a picture of w by h must fit into so that it just covers
// another.
func cover(w, h, boxW, boxH int) (int, int) {
	if w*boxH >= h*boxW {
		return max(boxW, w), boxH
	}
	return boxW, max(boxH, h)
}

// proportional is n·to/of, rounded, at least 1.
func proportional(n, to, of int) int { return max(1, (n*to+of/2)/of) }

// shrink scales a picture down, or copies it where it has that size.
func shrink(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	if b.Dx() != w || b.Dy() != h {
		return resample(src, w, h)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Rect, src, b.Min, draw.Src)
	return dst
}

// crop cuts the middle out of a picture, at most w by h.
func crop(src *image.RGBA, w, h int) *image.RGBA {
	w, h = min(w, src.Rect.Dx()), min(h, src.Rect.Dy())
	from := src.Rect.Min.Add(image.Pt((src.Rect.Dx()-w)/2, (src.Rect.Dy()-h)/2))
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Rect, src, from, draw.Src)
	return dst
}
