package draw

// bob is hair to the jaw, in waves.
func bob(c *canvas, s sitter) {
	c.blob(s.hair, point{256, 82}, point{350, 116}, point{396, 220}, point{390, 290}, point{414, 348}, point{372, 384}, point{310, 372},
		point{202, 372}, point{140, 384}, point{98, 348}, point{122, 290}, point{116, 220}, point{162, 116})
}

// sideFringe falls to one side; below it are freckles.
func sideFringe(c *canvas, s sitter) {
	c.blob(s.hair, point{150, 262}, point{140, 170}, point{200, 104}, point{290, 100}, point{362, 160}, point{368, 262}, point{342, 206}, point{300, 172}, point{262, 204}, point{192, 212}, point{172, 228})
	c.line(5, mix(s.hair, card, 0.25), curve(point{292, 128}, point{240, 160}, point{186, 184})...)
	c.line(5, mix(s.hair, card, 0.25), curve(point{300, 146}, point{262, 176}, point{222, 192})...)
	for _, p := range []point{{196, 276}, {212, 286}, {198, 296}, {316, 276}, {300, 286}, {314, 296}} {
		c.circle(p.x, p.y, 4, hex(0xb5653f, 0.75))
	}
}

// curls stand around the whole head.
func curls(c *canvas, s sitter) {
	c.ellipse(256, 212, 156, 146, s.hair)
	for _, p := range oval(256, 216, 150, 142) {
		c.circle(p.x, p.y, 27, s.hair)
	}
	for i, p := range oval(256, 208, 128, 118) {
		if i%6 == 0 {
			c.circle(p.x, p.y, 13, mix(s.hair, card, 0.08))
		}
	}
}

// curlsInFront are those on the forehead; round glasses below.
func curlsInFront(c *canvas, s sitter) {
	for i, p := range []point{{164, 196}, {182, 164}, {214, 146}, {250, 138}, {288, 144}, {322, 160}, {346, 194}} {
		c.circle(p.x, p.y, 31, s.hair)
		c.circle(p.x+5, p.y-7, 11, mix(s.hair, card, 0.10+0.02*float64(i%2)))
	}
	c.glasses(36, 36, hex(0x1d1c1a, 1))
	c.circle(160, 292, 9, marker)
	c.circle(352, 292, 9, marker)
}

// flatTop is cut straight; a red pencil is behind the ear.
func flatTop(c *canvas, s sitter) {
	c.blob(s.hair, point{158, 236}, point{152, 150}, point{158, 88}, point{206, 70}, point{306, 70}, point{354, 88}, point{360, 150}, point{354, 236},
		point{340, 190}, point{306, 170}, point{206, 170}, point{172, 190})
	c.blob(mix(s.hair, card, 0.12), point{180, 92}, point{256, 80}, point{332, 92}, point{256, 102})
	c.line(20, accent, point{346, 222}, point{432, 186})
	c.line(20, deep, point{424, 189}, point{434, 185})
	c.polygon(sand, point{342, 213}, point{350, 231}, point{318, 234})
	c.polygon(ink, point{330, 224}, point{334, 232}, point{318, 234})
	c.ellipse(352, 250, 15, 26, mix(s.skin, ink, 0.22))
}

// bun is hair put up.
func bun(c *canvas, s sitter) {
	c.circle(256, 78, 58, mix(s.hair, ink, 0.10))
	c.line(5, mix(s.hair, ink, 0.25), curve(point{216, 76}, point{250, 52}, point{296, 66})...)
	c.line(5, mix(s.hair, ink, 0.25), curve(point{222, 96}, point{256, 78}, point{296, 90})...)
	c.ellipse(256, 206, 114, 110, s.hair)
}

// greyParting is combed to both sides; reading glasses below.
func greyParting(c *canvas, s sitter) {
	c.blob(s.hair, point{146, 258}, point{142, 166}, point{196, 104}, point{256, 94}, point{238, 140}, point{196, 184}, point{174, 214})
	c.blob(s.hair, point{366, 258}, point{370, 166}, point{316, 104}, point{246, 94}, point{272, 140}, point{316, 184}, point{338, 214})
	c.line(5, mix(s.hair, ink, 0.22), curve(point{244, 116}, point{200, 148}, point{168, 196})...)
	c.line(5, mix(s.hair, ink, 0.22), curve(point{268, 116}, point{312, 148}, point{344, 196})...)
	c.glasses(38, 27, accent)
	for _, side := range []float64{-1, 1} { // a life of laughing
		c.line(4, mix(s.skin, ink, 0.2), curve(point{256 + side*48, 302}, point{256 + side*56, 316}, point{256 + side*50, 332})...)
	}
}

// headphones are on blond hair, over a beard.
func headphones(c *canvas, s sitter) {
	c.blob(s.hair, point{160, 250}, point{150, 160}, point{200, 98}, point{276, 92}, point{346, 122}, point{362, 190}, point{352, 250}, point{334, 194}, point{292, 176}, point{216, 182}, point{180, 204})
	c.beard(s)
	over, under := oval(256, 216, 146, 158), oval(256, 222, 124, 140)
	c.polygon(accent, append(append(over[len(over)/2:], over[0], under[0]), reversed(under[len(under)/2:])...)...)
	for _, x := range []float64{120, 392} {
		c.rounded(x-30, 196, 60, 104, 28, ink)
		c.rounded(x-20, 208, 40, 80, 20, accent)
	}
}

// beard is a full one, with the mouth in it.
func (c *canvas) beard(s sitter) {
	c.blob(s.hair, point{158, 250}, point{180, 288}, point{214, 296}, point{256, 290}, point{298, 296}, point{332, 288}, point{354, 250},
		point{350, 334}, point{312, 388}, point{256, 404}, point{200, 388}, point{162, 334})
	c.blob(mix(s.hair, ink, 0.12), point{206, 306}, point{256, 294}, point{306, 306}, point{282, 316}, point{256, 310}, point{230, 316})
	c.line(9, hex(0x8c3a2c, 1), curve(point{230, 326}, point{256, 336}, point{282, 326})...)
}

// captainsCap is white above a dark band; a plait falls over one shoulder.
func captainsCap(c *canvas, s sitter) {
	c.blob(s.hair, point{154, 196}, point{164, 190}, point{182, 200}, point{176, 250}, point{164, 276}, point{150, 250})
	c.blob(s.hair, point{358, 196}, point{348, 190}, point{330, 200}, point{336, 250}, point{350, 276}, point{364, 250})
	for i := range 5 {
		y := 292 + float64(i)*40
		c.ellipse(368+float64(i%2)*10, y, 31-float64(i)*2, 27, mix(s.hair, card, 0.06*float64(i%2)))
	}
	c.rounded(352, 470, 44, 16, 7, accent)
	c.blob(card, point{146, 158}, point{106, 92}, point{180, 50}, point{256, 40}, point{332, 50}, point{406, 92}, point{366, 158}, point{256, 140})
	c.blob(hex(0xe3dfd5, 1), point{126, 116}, point{256, 104}, point{386, 116}, point{366, 158}, point{256, 140}, point{146, 158})
	c.blob(deep, point{146, 142}, point{256, 122}, point{366, 142}, point{366, 192}, point{256, 176}, point{146, 192})
	c.blob(ink, point{146, 184}, point{256, 164}, point{366, 184}, point{340, 212}, point{256, 200}, point{172, 212})
	c.circle(256, 142, 22, amber)
	c.line(6, deep, point{256, 130}, point{256, 154})
	c.line(6, deep, curve(point{244, 145}, point{256, 156}, point{268, 145})...)
}

// beanie is a sailor's, turned up; a dark beard below.
func beanie(c *canvas, s sitter) {
	c.beard(s)
	c.blob(accent, point{148, 176}, point{156, 96}, point{206, 54}, point{256, 46}, point{306, 54}, point{356, 96}, point{364, 176}, point{256, 160})
	for _, x := range []float64{-66, -24, 24, 66} {
		c.line(5, mix(accent, ink, 0.25), curve(point{256 + x*0.5, 62}, point{256 + x, 104}, point{256 + x*1.12, 150})...)
	}
	c.blob(mix(accent, ink, 0.18), point{138, 150}, point{196, 132}, point{256, 128}, point{316, 132}, point{374, 150}, point{376, 204}, point{316, 190}, point{256, 186}, point{196, 190}, point{136, 204})
}

// longHair falls behind the shoulders.
func longHair(c *canvas, s sitter) {
	c.blob(s.hair, point{256, 84}, point{344, 108}, point{388, 200}, point{400, 330}, point{424, 470}, point{330, 500}, point{182, 500}, point{88, 470}, point{112, 330}, point{124, 200}, point{168, 108})
}

// centreParting frames the face; gold hangs at the ears.
func centreParting(c *canvas, s sitter) {
	for _, side := range []float64{-1, 1} {
		c.blob(s.hair, point{256, 100}, point{256 + side*72, 116}, point{256 + side*112, 190}, point{256 + side*118, 320}, point{256 + side*138, 470}, point{256 + side*104, 430},
			point{256 + side*92, 330}, point{256 + side*82, 236}, point{256 + side*48, 176}, point{256, 140})
		c.line(5, mix(s.hair, card, 0.22), curve(point{256 + side*30, 122}, point{256 + side*84, 180}, point{256 + side*98, 270})...)
		c.circle(256+side*84, 312, 13, marker)
		c.circle(256+side*84, 334, 8, marker)
	}
	c.circle(256, 192, 7, accent)
}
