package draw

// raincoat is yellow, over stripes.
func raincoat(c *canvas, s sitter) {
	c.polygon(paper, point{204, 420}, point{308, 420}, point{280, 520}, point{232, 520})
	for i := range 3 {
		y := 446 + float64(i)*30
		c.line(11, sea, point{216, y}, point{296, y})
	}
	shade := mix(s.coat, ink, 0.16)
	for _, side := range []float64{-1, 1} { // the collar, and the hood behind it
		c.polygon(shade, point{256 + side*46, 384}, point{256 + side*112, 402}, point{256 + side*90, 468}, point{256 + side*26, 520}, point{256 + side*30, 450})
		c.polygon(mix(s.coat, card, 0.22), point{256 + side*46, 384}, point{256 + side*100, 400}, point{256 + side*70, 452}, point{256 + side*34, 438})
		c.circle(256+side*66, 486, 9, mix(s.coat, ink, 0.5))
	}
}

// rollNeck covers the neck.
func rollNeck(c *canvas, s sitter) {
	c.rounded(194, 366, 124, 88, 30, mix(s.coat, ink, 0.14))
	for _, x := range []float64{218, 237, 256, 275, 294} {
		c.line(4, mix(s.coat, ink, 0.32), point{x, 396}, point{x, 438})
	}
}

// overshirt is open over a light shirt.
func overshirt(c *canvas, s sitter) {
	c.polygon(paper, point{204, 410}, point{308, 410}, point{330, 520}, point{182, 520})
	c.blob(mix(s.skin, ink, 0.22), point{206, 392}, point{256, 380}, point{306, 392}, point{288, 428}, point{256, 440}, point{224, 428})
	for _, side := range []float64{-1, 1} {
		c.polygon(mix(s.coat, card, 0.16), point{256 + side*48, 392}, point{256 + side*104, 408}, point{256 + side*104, 470}, point{256 + side*66, 440})
	}
}

// scarf is red, wound once, its end in front.
func scarf(c *canvas, _ sitter) {
	c.polygon(mix(accent, ink, 0.2), point{286, 420}, point{346, 410}, point{362, 520}, point{292, 520})
	c.blob(accent, point{166, 392}, point{208, 372}, point{256, 384}, point{304, 372}, point{346, 392}, point{340, 440}, point{256, 462}, point{172, 440})
	c.line(6, mix(accent, card, 0.3), curve(point{184, 410}, point{256, 436}, point{328, 410})...)
	c.line(6, mix(accent, card, 0.3), point{306, 462}, point{312, 516})
	c.line(6, mix(accent, card, 0.3), point{336, 458}, point{346, 516})
}

// knit is a jumper with a round neck and a pattern across.
func knit(c *canvas, s sitter) {
	c.line(16, mix(s.coat, ink, 0.22), curve(point{200, 402}, point{222, 440}, point{256, 452}, point{290, 440}, point{312, 402})...)
	for i := range 11 {
		x := 6 + float64(i)*50
		c.line(8, paper, point{x - 18, 500}, point{x, 478}, point{x + 18, 500})
	}
}

// stripes are a sailor's.
func stripes(c *canvas, _ sitter) {
	for _, l := range []struct{ y, from float64 }{{440, 84}, {470, 34}, {500, 14}} {
		c.line(13, sea, curve(point{l.from, l.y + 4}, point{256, l.y + 14}, point{512 - l.from, l.y + 4})...)
	}
	c.line(12, sea, curve(point{196, 400}, point{220, 438}, point{256, 450}, point{292, 438}, point{316, 400})...)
}

// hood lies on the shoulders, its cords in front.
func hood(c *canvas, s sitter) {
	c.blob(mix(s.coat, card, 0.16), point{144, 426}, point{190, 384}, point{212, 424}, point{256, 456}, point{300, 424}, point{322, 384}, point{368, 426}, point{320, 474}, point{256, 494}, point{192, 474})
	c.blob(ink, point{206, 396}, point{256, 420}, point{306, 396}, point{290, 444}, point{256, 458}, point{222, 444})
	c.line(8, paper, point{216, 462}, point{210, 512})
	c.line(8, paper, point{296, 462}, point{302, 512})
}

// collar is a shirt's, open.
func collar(c *canvas, s sitter) {
	for _, side := range []float64{-1, 1} {
		c.polygon(mix(s.coat, card, 0.24), point{256 + side*52, 388}, point{256 + side*86, 410}, point{256 + side*58, 470}, point{256, 448})
	}
	c.line(4, mix(s.coat, ink, 0.35), point{256, 452}, point{256, 520})
}
