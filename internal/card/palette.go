package card

import (
	"image"
	"image/color"
)

// shades is how many steps lead from one colour to another at the edge of a letter: with
// fewer one sees stairs, with more the file grows.
const shades = 24

// palette is every colour on a card: what stands on what, and their edges.
func palette() color.Palette {
	colours := color.Palette{paper}
	for _, edge := range [][2]color.RGBA{{paper, ink}, {paper, soft}, {paper, accent}, {paper, margin}, {paper, marker}, {marker, ink}, {accent, onIt}} {
		for i := 1; i <= shades; i++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(shades-i) + int(b)*i) / shades) }
			from, to := edge[0], edge[1]
			colours = append(colours, color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 0xff})
		}
	}
	return colours
}

// indexed is a bitmap with the nearest colours of a palette: a third of the bytes, and
// of the time that it takes to compress them.
func indexed(m *image.RGBA, colours color.Palette) *image.Paletted {
	out := image.NewPaletted(m.Rect, colours)
	known := map[color.RGBA]uint8{}
	last, index := paper, uint8(0)
	for i := range out.Pix {
		p := m.Pix[4*i:][:4:4]
		if c := (color.RGBA{p[0], p[1], p[2], p[3]}); c != last {
			at, ok := known[c]
			if !ok {
				at = uint8(colours.Index(c))
				known[c] = at
			}
			last, index = c, at
		}
		out.Pix[i] = index
	}
	return out
}
