package draw

import "image/color"

// sitter is somebody whose portrait is drawn: what all have, and what is theirs alone,
// from back to front.
type sitter struct {
	wall, skin, hair, coat color.NRGBA
	behind, dress, above   func(*canvas, sitter)
}

// sitters are the people of the story by their handles.
var sitters = map[string]sitter{
	"gwen": {wall: sea, skin: hex(0xf0c8aa, 1), hair: hex(0xa8452a, 1), coat: hex(0xdfae3c, 1),
		behind: bob, dress: raincoat, above: sideFringe},
	"imogen": {wall: sand, skin: hex(0xb07a58, 1), hair: hex(0x3a2a22, 1), coat: teal,
		behind: curls, dress: rollNeck, above: curlsInFront},
	"amadou": {wall: marker, skin: hex(0x70462e, 1), hair: hex(0x1b1614, 1), coat: deep,
		behind: nothing, dress: overshirt, above: flatTop},
	"fanny": {wall: teal, skin: hex(0xf2d0b6, 1), hair: hex(0xdedad2, 1), coat: hex(0xf4ead6, 1),
		behind: bun, dress: scarf, above: greyParting},
	"jonas": {wall: deep, skin: hex(0xf0c8aa, 1), hair: hex(0xd8ad5c, 1), coat: hex(0x7c93a3, 1),
		behind: nothing, dress: knit, above: headphones},
	"lena": {wall: hex(0xbfd6dc, 1), skin: hex(0xe2b594, 1), hair: hex(0x4a2f22, 1), coat: hex(0xf6f3ea, 1),
		behind: nothing, dress: stripes, above: captainsCap},
	"mael": {wall: moss, skin: hex(0xe2b594, 1), hair: hex(0x33261f, 1), coat: hex(0x3a3f46, 1),
		behind: nothing, dress: hood, above: beanie},
	"priya": {wall: amber, skin: hex(0x9c6642, 1), hair: hex(0x1d1714, 1), coat: hex(0x8c2f5a, 1),
		behind: longHair, dress: collar, above: centreParting},
}

func nothing(*canvas, sitter) {}

// portraitSide is a portrait's width and height in pixels; places below are in them.
const portraitSide = 512

// portrait is a square bust that is recognised at the size of a fingertip.
func portrait(s sitter) *canvas {
	c := newCanvas(portraitSide, portraitSide)
	c.fade(0, c.h, mix(s.wall, card, 0.10), mix(s.wall, ink, 0.08))
	s.behind(c, s)
	shade := mix(s.skin, ink, 0.22)
	c.rounded(204, 300, 104, 130, 44, shade)
	c.blob(s.coat, point{-16, 560}, point{26, 462}, point{120, 418}, point{206, 396}, point{256, 408}, point{306, 396}, point{392, 418}, point{486, 462}, point{528, 560})
	c.blob(shade, point{204, 388}, point{256, 376}, point{308, 388}, point{292, 430}, point{256, 446}, point{220, 430})
	s.dress(c, s)
	c.ellipse(164, 250, 18, 28, shade)
	c.ellipse(348, 250, 18, 28, shade)
	c.blob(s.skin, point{256, 126}, point{332, 158}, point{350, 238}, point{328, 312}, point{256, 362}, point{184, 312}, point{162, 238}, point{180, 158})
	c.features(s)
	s.above(c, s)
	return c
}

// features are eyes, brows, a nose, cheeks and a smile.
func (c *canvas) features(s sitter) {
	shade := mix(s.skin, ink, 0.3)
	for _, side := range []float64{-1, 1} {
		c.circle(256+side*62, 292, 22, hex(0xd9573c, 0.2))
		c.ellipse(256+side*40, 246, 11, 14, hex(0x231c1a, 1))
		c.circle(256+side*40+4, 241, 4, card)
		brow := mix(s.hair, hex(0x231c1a, 1), 0.45)
		c.line(9, brow, curve(point{256 + side*62, 217}, point{256 + side*42, 208}, point{256 + side*22, 214})...)
	}
	c.line(6, shade, curve(point{258, 254}, point{250, 286}, point{264, 290})...)
	c.line(9, mix(hex(0x8c3a2c, 1), s.skin, 0.12), curve(point{222, 314}, point{240, 326}, point{272, 326}, point{290, 314})...)
}

// glasses are two rims, round ones where the radii are the same.
func (c *canvas) glasses(rx, ry float64, col color.NRGBA) {
	for _, side := range []float64{-1, 1} {
		x := 256 + side*44
		c.ellipse(x, 248, rx, ry, hex(0xffffff, 0.22))
		c.fill(path{oval(x, 248, rx+4, ry+4), reversed(oval(x, 248, rx-4, ry-4))}, col)
		c.line(8, col, point{x + side*rx, 244}, point{256 + side*92, 238})
	}
	c.line(8, col, curve(point{256 - 44 + rx, 244}, point{256, 238}, point{256 + 44 - rx, 244})...)
}
