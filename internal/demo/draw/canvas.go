// Package draw draws the pictures of the sample conference: flat scenes in the house's
// colours, made of paths when they are asked for, so that the program carries none.
package draw

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// point is a place on a canvas, in pixels from its upper left corner.
type point struct{ x, y float64 }

// canvas is a picture being drawn.
type canvas struct {
	img  *image.RGBA
	w, h float64
}

func newCanvas(w, h int) *canvas {
	return &canvas{image.NewRGBA(image.Rect(0, 0, w, h)), float64(w), float64(h)}
}

// hex reads a colour, #rrggbb without its sign, and how much of it covers: 1 is all.
func hex(rgb uint32, alpha float64) color.NRGBA {
	return color.NRGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), uint8(math.Round(alpha * 255))}
}

// mix is a colour between two.
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	between := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*t)) }
	return color.NRGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), between(a.A, b.A)}
}

// fade fills a band from one height to another with a colour that becomes another.
func (c *canvas) fade(top, bottom float64, from, to color.NRGBA) {
	for y := int(top); y < int(bottom); y++ {
		src := image.NewUniform(mix(from, to, (float64(y)-top)/(bottom-top)))
		draw.Draw(c.img, image.Rect(0, y, int(c.w), y+1), src, image.Point{}, draw.Over)
	}
}

// path is an outline: closed runs of points, already flattened.
type path [][]point

// fill covers what a path encloses. Only the pixels around it are touched.
func (c *canvas) fill(p path, col color.NRGBA) {
	low, high := point{c.w, c.h}, point{}
	for _, run := range p {
		for _, q := range run {
			low, high = point{min(low.x, q.x), min(low.y, q.y)}, point{max(high.x, q.x), max(high.y, q.y)}
		}
	}
	box := image.Rect(int(math.Floor(low.x)), int(math.Floor(low.y)), int(math.Ceil(high.x)), int(math.Ceil(high.y))).Intersect(c.img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, run := range p {
		for i, q := range run {
			x, y := float32(q.x-float64(box.Min.X)), float32(q.y-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(c.img, box, image.NewUniform(col), image.Point{})
}

func (c *canvas) polygon(col color.NRGBA, points ...point) { c.fill(path{points}, col) }

func (c *canvas) rect(x, y, w, h float64, col color.NRGBA) {
	c.polygon(col, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

// tilted is a rectangle turned around its middle, by degrees.
func (c *canvas) tilted(x, y, w, h, degrees float64, col color.NRGBA) {
	c.polygon(col, turn(point{x + w/2, y + h/2}, degrees, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})...)
}

// turn turns points around a middle, by degrees.
func turn(middle point, degrees float64, points ...point) []point {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	turned := make([]point, len(points))
	for i, p := range points {
		x, y := p.x-middle.x, p.y-middle.y
		turned[i] = point{middle.x + x*cos - y*sin, middle.y + x*sin + y*cos}
	}
	return turned
}

func (c *canvas) ellipse(x, y, rx, ry float64, col color.NRGBA) {
	c.fill(path{oval(x, y, rx, ry)}, col)
}
func (c *canvas) circle(x, y, r float64, col color.NRGBA) { c.ellipse(x, y, r, r, col) }

func oval(x, y, rx, ry float64) []point {
	const corners = 96
	points := make([]point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = point{x + rx*cos, y + ry*sin}
	}
	return points
}

// rounded is a rectangle with round corners.
func (c *canvas) rounded(x, y, w, h, r float64, col color.NRGBA) {
	c.fill(path{round(x, y, w, h, r)}, col)
}

func round(x, y, w, h, r float64) []point {
	var points []point
	for corner, middle := range []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}} {
		for i := range 13 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(corner) + float64(i)/12))
			points = append(points, point{middle.x + r*cos, middle.y + r*sin})
		}
	}
	return points
}

// curve is a smooth line through points (Catmull-Rom).
func curve(points ...point) []point {
	var smooth []point
	at := func(i int) point { return points[min(max(i, 0), len(points)-1)] }
	for i := range len(points) - 1 {
		a, b, d, e := at(i-1), at(i), at(i+1), at(i+2)
		for step := range 16 {
			t := float64(step) / 16
			spline := func(a, b, d, e float64) float64 {
				return b + (d-a)*t/2 + (a-2.5*b+2*d-e/2)*t*t + (1.5*b-a/2-1.5*d+e/2)*t*t*t
			}
			smooth = append(smooth, point{spline(a.x, b.x, d.x, e.x), spline(a.y, b.y, d.y, e.y)})
		}
	}
	return append(smooth, points[len(points)-1])
}

// blob is a closed smooth shape through points.
func (c *canvas) blob(col color.NRGBA, points ...point) {
	c.fill(path{curve(append(points, points[0])...)}, col)
}

// line draws along points with round ends and joints.
func (c *canvas) line(width float64, col color.NRGBA, points ...point) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		nx, ny := (b.y-a.y)/length*width/2, -(b.x-a.x)/length*width/2
		c.polygon(col, point{a.x + nx, a.y + ny}, point{b.x + nx, b.y + ny}, point{b.x - nx, b.y - ny}, point{a.x - nx, a.y - ny})
	}
	if col.A == 255 {
		for _, p := range points {
			c.circle(p.x, p.y, width/2, col)
		}
	}
}

// text writes a line whose baseline starts at a place; it returns where the line ends.
func (c *canvas) text(x, y float64, face font.Face, col color.NRGBA, words string) float64 {
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(col), Face: face, Dot: fixed.P(int(x), int(y))}
	d.DrawString(words)
	return float64(d.Dot.X.Round())
}

// centred writes a line around a place.
func (c *canvas) centred(x, y float64, face font.Face, col color.NRGBA, words string) {
	c.text(x-float64(font.MeasureString(face, words).Round())/2, y, face, col, words)
}
