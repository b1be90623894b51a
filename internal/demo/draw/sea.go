package draw

import (
	"image/color"
	"math"
)

// glow is light that fades around a place.
func (c *canvas) glow(x, y, radius float64, rgb uint32) {
	for i := range 14 {
		c.circle(x, y, radius*(1-float64(i)/14), hex(rgb, 0.045))
	}
}

// ripples are short strokes on water, more of them near, the same every time.
func (c *canvas) ripples(top, bottom float64, col color.NRGBA, n int) {
	for i := range n {
		depth := math.Pow(float64(i)/float64(n), 1.4)
		y := top + (bottom-top)*depth
		x := math.Mod(float64(i)*397.7, c.w+200) - 100
		length := 30 + 150*depth
		c.blob(col, point{x, y}, point{x + length/2, y - 1 - 3*depth}, point{x + length, y}, point{x + length/2, y + 1 + 2*depth})
	}
}

// houses is a row of slate roofs with a lit window here and there.
func (c *canvas) houses(x, base, scale float64, wall, roof, light color.NRGBA) {
	widths := []float64{92, 70, 110, 64, 88, 76, 120, 70, 96}
	for i, w := range widths {
		w, h := w*scale, (70+float64(i*37%60))*scale
		c.rect(x, base-h, w, h, mix(wall, roof, float64(i%3)*0.12))
		c.polygon(roof, point{x - 4*scale, base - h}, point{x + w/2, base - h - 46*scale}, point{x + w + 4*scale, base - h})
		c.rect(x+w*0.68, base-h-44*scale, 12*scale, 40*scale, roof)
		for j := range 2 {
			if (i+j)%3 != 0 {
				c.rect(x+w*(0.2+0.38*float64(j)), base-h*0.66, 14*scale, 20*scale, light)
			}
		}
		x += w
	}
}

// boat is a small fishing boat seen from the side.
func (c *canvas) boat(x, y, s float64, hull, cabin, mast color.NRGBA) {
	c.line(5*s, mast, point{x + 78*s, y}, point{x + 78*s, y - 170*s})
	c.line(2.5*s, mast, point{x + 78*s, y - 166*s}, point{x + 190*s, y - 8*s})
	c.line(2.5*s, mast, point{x + 78*s, y - 166*s}, point{x - 12*s, y - 12*s})
	c.rounded(x+96*s, y-62*s, 62*s, 70*s, 6*s, cabin)
	c.rect(x+106*s, y-50*s, 18*s, 22*s, mast)
	c.rect(x+130*s, y-50*s, 18*s, 22*s, mast)
	c.blob(hull, point{x - 22*s, y - 14*s}, point{x + 60*s, y}, point{x + 200*s, y - 10*s}, point{x + 182*s, y + 30*s}, point{x + 90*s, y + 44*s}, point{x + 12*s, y + 32*s})
	c.line(5*s, mix(hull, card, 0.6), point{x - 6*s, y + 4*s}, point{x + 90*s, y + 12*s}, point{x + 188*s, y + 4*s})
}

// cormorant dries its wings on a post in the harbour, at dusk.
func cormorant(*faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 360, hex(0x3b4a6b, 1), hex(0xe08a6d, 1))
	c.fade(360, 540, hex(0xe08a6d, 1), hex(0xf8cf8f, 1))
	c.glow(985, 500, 330, 0xfff0c0)
	c.circle(985, 500, 74, hex(0xfff1cf, 1))
	for i, y := range []float64{150, 215, 262, 330} { // long clouds
		x := 180 + float64(i*311%820)
		c.ellipse(x, y, 300-float64(i)*34, 13, hex(0xf6b39a, 0.35))
		c.ellipse(x+150, y+16, 210, 9, hex(0xffd9b0, 0.35))
	}
	c.blob(hex(0x6c5a78, 1), point{-40, 540}, point{120, 478}, point{330, 494}, point{520, 520}, point{700, 538}, point{300, 560}, point{-40, 560})
	c.houses(60, 530, 0.62, hex(0x574c6a, 1), hex(0x40395a, 1), hex(0xffd98a, 1))
	c.rect(700, 508, 420, 26, hex(0x40395a, 1)) // the pier and its lamp
	c.rect(1090, 440, 26, 74, hex(0x40395a, 1))
	c.circle(1103, 430, 13, hex(0xffe9a8, 1))
	c.fade(534, 900, hex(0xe9a37c, 1), hex(0x233a54, 1))
	for i := range 24 { // the sun on the water
		y := 540 + float64(i*i)*0.62
		half := 64 + float64(i*53%70) + float64(i)*2
		c.ellipse(985+float64(i*29%40)-20, y, half, 2.2+float64(i)*0.14, hex(0xfff0c0, 0.5))
	}
	c.ripples(560, 890, hex(0x1c2f49, 0.28), 60)
	c.boat(150, 640, 0.95, hex(0x7d2b22, 1), hex(0xd9c3a5, 1), hex(0x2a2638, 1))
	c.ellipse(240, 694, 150, 10, hex(0x1c2f49, 0.35))
	bird(c, 700, 560)
	return c
}

// bird is the cormorant itself, its post under it; x, y is where its feet are.
func bird(c *canvas, x, y float64) {
	dark, wing := hex(0x191c28, 1), hex(0x242a3a, 1)
	c.polygon(hex(0x2b2129, 1), point{x - 34, y}, point{x + 34, y}, point{x + 46, 900}, point{x - 46, 900})
	c.polygon(hex(0x4a3630, 1), point{x + 14, y}, point{x + 34, y}, point{x + 46, 900}, point{x + 20, 900})
	c.ellipse(x, y, 36, 10, hex(0x6b4e40, 1))
	c.line(12, hex(0xd8c39c, 1), point{x - 40, y + 120}, point{x, y + 132}, point{x + 41, y + 118})
	for _, side := range []float64{-1, 1} { // wings, spread to dry
		at := func(dx, dy float64) point { return point{x + side*dx, y + dy} }
		c.blob(wing, at(18, -168), at(90, -222), at(190, -232), at(268, -180), at(254, -140), at(236, -96), at(208, -118), at(186, -70), at(158, -98), at(132, -52), at(104, -84), at(76, -44), at(40, -70))
		c.line(5, hex(0x39415a, 1), at(34, -160), at(130, -196), at(240, -172))
		for i := range 5 {
			dx := 70 + 38*float64(i)
			c.line(3, dark, at(dx-16, -178+6*float64(i)), at(dx+8, -92-4*float64(i)))
		}
	}
	c.blob(dark, point{x - 30, y - 150}, point{x, y - 182}, point{x + 30, y - 150}, point{x + 36, y - 70}, point{x + 14, y - 6}, point{x - 14, y - 6}, point{x - 36, y - 70})
	c.polygon(dark, point{x - 16, y - 30}, point{x + 16, y - 30}, point{x + 22, y + 44}, point{x - 22, y + 44}) // tail
	neck := curve(point{x, y - 160}, point{x - 16, y - 214}, point{x + 8, y - 262}, point{x + 2, y - 308})
	c.line(32, dark, neck...)
	c.ellipse(x+14, y-318, 36, 23, dark)
	c.polygon(hex(0xe0a85a, 1), point{x + 42, y - 331}, point{x + 104, y - 322}, point{x + 108, y - 310}, point{x + 42, y - 304})
	c.blob(hex(0xe0a85a, 1), point{x + 20, y - 308}, point{x + 48, y - 312}, point{x + 30, y - 292})
	c.circle(x+26, y-324, 5, hex(0x7ee0c0, 1))
	c.line(9, hex(0x111420, 1), point{x - 14, y - 4}, point{x - 22, y + 3})
	c.line(9, hex(0x111420, 1), point{x + 14, y - 4}, point{x + 22, y + 3})
}

// lighthouse sends its beam over the rocks, at night.
func lighthouse(*faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 620, hex(0x0e1826, 1), hex(0x2d5066, 1))
	for i := range 130 {
		x, y := math.Mod(float64(i)*733.3, 1440), math.Mod(float64(i)*311.9, 520)
		c.circle(x, y, 1+float64(i%3)*0.8, hex(0xf4efe0, 0.35+0.2*float64(i%4)))
	}
	const x, top = 960.0, 250.0
	for i := range 7 {
		spread := 0.05 + 0.022*float64(i)
		c.polygon(hex(0xfff0a8, 0.07), point{x, top}, point{-60, top - 40 - 1100*spread}, point{-60, top - 40 + 900*spread})
		c.polygon(hex(0xfff0a8, 0.045), point{x, top}, point{1500, top + 20 - 500*spread}, point{1500, top + 20 + 520*spread})
	}
	c.fade(600, 900, hex(0x23485c, 1), hex(0x0d1b29, 1))
	c.ripples(612, 890, hex(0x9cc3c6, 0.16), 66)
	c.tower(x)
	for i := range 9 { // foam at the rocks
		c.ellipse(690+float64(i)*84, 742+float64(i*47%60)+float64(i)*9, 56, 6, hex(0xcfe0df, 0.5))
	}
	c.rect(0, 560, 330, 42, hex(0x12202c, 1)) // the town, far away
	c.houses(-20, 604, 0.42, hex(0x1a2b39, 1), hex(0x101c27, 1), hex(0xffd98a, 1))
	return c
}

// tower is the lighthouse on its rock.
func (c *canvas) tower(x float64) {
	c.blob(hex(0x0f151e, 1), point{700, 720}, point{790, 640}, point{880, 606}, point{1060, 600}, point{1150, 640}, point{1290, 660}, point{1440, 740}, point{1460, 920}, point{640, 920})
	c.blob(hex(0x1d2733, 1), point{840, 668}, point{900, 622}, point{1010, 618}, point{960, 664}, point{880, 700})
	c.blob(hex(0x18212d, 1), point{1090, 720}, point{1180, 676}, point{1270, 700}, point{1200, 740})
	band := func(col color.NRGBA, from, to float64) {
		half := func(y float64) float64 { return 38 + (y-310)*0.085 }
		c.polygon(col, point{x - half(from), from}, point{x + half(from), from}, point{x + half(to), to}, point{x - half(to), to})
	}
	band(hex(0xece4d6, 1), 310, 622)
	for i := range 3 {
		from := 340 + float64(i)*96
		band(accent, from, from+46)
	}
	c.polygon(hex(0x101722, 0.28), point{x + 12, 310}, point{x + 38, 310}, point{x + 65, 622}, point{x + 20, 622}) // the side away from the moon
	c.rounded(x-14, 566, 28, 56, 10, hex(0x27303c, 1))
	c.rect(x-58, 296, 116, 16, hex(0x2b3440, 1))
	c.rect(x-34, 216, 68, 82, hex(0x3b3320, 1))
	c.glow(x, 256, 210, 0xfff0a8)
	c.rect(x-25, 222, 50, 72, hex(0xfff3bd, 1))
	c.line(5, hex(0x2b3440, 1), point{x, 220}, point{x, 296})
	c.line(5, hex(0x2b3440, 1), point{x - 34, 216}, point{x - 34, 298})
	c.line(5, hex(0x2b3440, 1), point{x + 34, 216}, point{x + 34, 298})
	c.polygon(accent, point{x - 46, 218}, point{x, 168}, point{x + 46, 218})
	c.circle(x, 164, 8, accent)
}

// harbour is the port in the morning, boats in a row.
func harbour(*faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 430, hex(0xaecbd0, 1), hex(0xf4ead6, 1))
	for i := range 5 {
		c.ellipse(160+float64(i)*310, 96+float64(i*71%90), 190, 20, hex(0xffffff, 0.5))
		c.ellipse(230+float64(i)*310, 112+float64(i*71%90), 130, 16, hex(0xffffff, 0.5))
	}
	c.blob(hex(0x9ab39a, 1), point{-40, 420}, point{200, 330}, point{520, 348}, point{860, 306}, point{1180, 352}, point{1480, 330}, point{1480, 470}, point{-40, 470})
	c.quay()
	c.fade(530, 900, hex(0x7fa9ab, 1), hex(0x24566a, 1))
	for i := range 18 { // what stands above, in the water
		c.rect(20+float64(i)*82, 540+float64(i*37%30), 50, 60+float64(i*29%50), hex(0xf7f1e4, 0.13))
	}
	c.ripples(545, 890, hex(0xf4f8f4, 0.22), 70)
	for i, hull := range []color.NRGBA{accent, sea, hex(0xe4b04e, 1), teal} {
		bx, by, s := 60+float64(i)*345, 640+float64(i*83%110), 1.05+float64(i*83%110)/300
		c.ellipse(bx+90*s, by+46*s, 130*s, 9*s, hex(0x163a4a, 0.4))
		c.boat(bx, by, s, hull, card, hex(0x3a3632, 1))
	}
	for i := range 4 { // gulls
		gx, gy := 300+float64(i)*230, 120+float64(i*67%110)
		c.line(5, hex(0x44423e, 1), curve(point{gx - 30, gy - 10}, point{gx - 14, gy - 18}, point{gx, gy}, point{gx + 14, gy - 18}, point{gx + 30, gy - 10})...)
	}
	return c
}

// quay is a row of houses with shutters, behind a wall of granite.
func (c *canvas) quay() {
	shutters := []color.NRGBA{teal, accent, sea}
	walls := []color.NRGBA{hex(0xf7f1e4, 1), hex(0xe9d3ba, 1), hex(0xd9e0d6, 1), hex(0xf0c9b4, 1), hex(0xfaf6ec, 1), hex(0xcfd9df, 1)}
	x := -30.0
	for i := range 14 {
		w, h := 96+float64(i*31%44), 132+float64(i*53%78)
		c.rect(x, 486-h, w, h, walls[i%len(walls)])
		c.polygon(hex(0x4a5866, 1), point{x - 5, 486 - h}, point{x + 22, 436 - h}, point{x + w - 22, 436 - h}, point{x + w + 5, 486 - h})
		c.rect(x+w-40, 412-h, 17, 34, hex(0xb86a4c, 1))
		for floor := range 2 {
			for j := range 2 {
				wx, wy := x+18+float64(j)*(w-60), 486-h+22+float64(floor)*62
				if wy+34 < 480 {
					c.rect(wx, wy, 24, 34, hex(0x5b7486, 1))
					c.rect(wx-9, wy, 8, 34, shutters[(i+j)%3])
					c.rect(wx+25, wy, 8, 34, shutters[(i+j)%3])
				}
			}
		}
		x += w
	}
	c.rect(0, 486, 1440, 44, hex(0x9c968a, 1))
	for i := range 26 {
		c.line(2, hex(0x7f786c, 1), point{float64(i) * 58, 486}, point{float64(i)*58 - 8, 530})
	}
}
