package draw

import (
	"image/color"
	"math"
)

// badge is Gwen's badge on her raincoat.
func badge(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0xdfae3c, 1)) // a yellow raincoat, its folds and buttons
	for i := range 6 {
		x := -80 + float64(i)*290
		c.blob(hex(0xc79428, 0.45), point{x, -40}, point{x + 120, 240}, point{x + 70, 520}, point{x + 150, 940}, point{x + 60, 940}, point{x + 10, 460})
		c.blob(hex(0xf0c763, 0.5), point{x + 170, -40}, point{x + 230, 300}, point{x + 200, 940}, point{x + 176, 940}, point{x + 176, 300})
	}
	c.line(6, hex(0xa97c1c, 1), point{1130, 0}, point{1118, 420}, point{1132, 900})
	for i := range 3 {
		c.circle(1208, 150+float64(i)*300, 30, hex(0x9b7018, 1))
		c.circle(1204, 146+float64(i)*300, 26, hex(0xb98a2a, 1))
		for j := range 4 {
			c.circle(1196+float64(j%2)*16, 138+float64(i)*300+float64(j/2)*16, 4, hex(0x6b4b0e, 1))
		}
	}
	c.polygon(accent, point{404, -20}, point{476, -20}, point{640, 196}, point{584, 214}) // the cord
	c.polygon(hex(0x932a13, 1), point{868, -20}, point{796, -20}, point{640, 196}, point{690, 214})
	c.rounded(600, 176, 76, 74, 12, hex(0x8e9599, 1))
	c.rounded(616, 192, 44, 42, 8, hex(0xdfae3c, 1))
	c.name(f)
	for i := range 40 { // rain
		x, y := math.Mod(float64(i)*391, 1440), math.Mod(float64(i)*227, 900)
		c.ellipse(x, y, 5, 7, hex(0xffffff, 0.5))
	}
	return c
}

// name is the badge itself, a little askew.
func (c *canvas) name(f *faces) {
	shadow, body := turn(point{640, 540}, -3, round(334, 256, 628, 600, 26)...), turn(point{640, 540}, -3, round(322, 240, 628, 600, 26)...)
	c.fill(path{shadow}, hex(0x6b4b0e, 0.35))
	c.fill(path{body}, card)
	c.fill(path{turn(point{640, 540}, -3, round(322, 240, 628, 168, 26)...)}, deep)
	c.polygon(deep, turn(point{640, 540}, -3, point{322, 340}, point{950, 340}, point{950, 420}, point{322, 420})...)
	c.text(388, 336, f.large, paper, "KORMORAN")
	c.text(390, 384, f.small, hex(0xcfe0df, 1), "Port-Kerval, 11 et 12 juin 2026")
	c.blob(paper, point{820, 372}, point{830, 318}, point{850, 300}, point{846, 330}, point{872, 352}, point{858, 384}) // its bird
	c.polygon(amber, point{850, 300}, point{880, 300}, point{852, 312})
	c.text(384, 530, f.title, ink, "Gwen")
	c.text(384, 604, f.title, ink, "Le Floc'h")
	c.text(386, 664, f.text, soft, "prend des notes")
	c.tilted(386, 706, 300, 58, -3, marker)
	c.text(404, 742, f.text, ink, "@gwen")
	for i := range 9 { // the code, not a real one
		for j := range 9 {
			if (i*i+j*3+i*j)%3 == 0 || i < 3 && j < 3 && (i+j)%2 == 0 {
				c.tilted(752+float64(i)*17, 584+float64(j)*17, 17.4, 17.4, -3, ink)
			}
		}
	}
}

// train is the last train of the day, rain on its window.
func train(*faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0x3a3f46, 1))
	c.fade(60, 480, hex(0x7c93a3, 1), hex(0xc7cfcc, 1))
	c.blob(hex(0x7f9a8a, 1), point{-40, 470}, point{220, 380}, point{520, 430}, point{820, 372}, point{1180, 420}, point{1480, 380}, point{1480, 560}, point{-40, 560})
	c.fade(470, 700, hex(0x6f8f70, 1), hex(0x4d6b4e, 1))
	c.blob(hex(0xa9bfc3, 1), point{380, 540}, point{700, 506}, point{1100, 520}, point{1480, 500}, point{1480, 560}, point{900, 580})
	for i := range 8 { // trees that fly past
		x := 40 + float64(i)*190
		c.rect(x-5, 500, 10, 80, hex(0x3b3328, 1))
		c.ellipse(x, 480-float64(i*17%30), 62+float64(i*23%30), 56, hex(0x41603f, 0.95))
		c.ellipse(x+70, 500, 90, 12, hex(0x41603f, 0.4))
	}
	c.rect(0, 640, 1440, 70, hex(0x55664b, 1))
	for i := range 90 { // drops, and the way that the wind takes them
		x, y := math.Mod(float64(i*i)*57.3+float64(i)*211, 1440), 80+math.Mod(float64(i*i)*31.7+float64(i)*97, 610)
		l := 10 + float64(i*31%46)
		c.line(2.2, hex(0xf2f6f6, 0.55), point{x, y}, point{x + l*1.5, y + l*0.55})
		c.ellipse(x, y, 4+float64(i%3), 5+float64(i%3), hex(0xffffff, 0.7))
	}
	frame := reversed(round(70, 70, 1300, 640, 60))
	outer := []point{{0, 0}, {1440, 0}, {1440, 900}, {0, 900}}
	c.fill(path{outer, frame}, hex(0x4a4f57, 1))
	c.fill(path{round(56, 56, 1328, 668, 70), frame}, hex(0x23272d, 1))
	c.tray()
	return c
}

// tray is a table in a train: a notebook, a paper cup, a cake.
func (c *canvas) tray() {
	c.rect(0, 744, 1440, 156, hex(0x5a5f66, 1))
	c.rect(0, 744, 1440, 10, hex(0x777d84, 1))
	c.tilted(226, 790, 420, 250, -5, hex(0x1d1c1a, 0.3))
	c.tilted(214, 778, 420, 250, -5, paper)
	for i := range 4 {
		c.tilted(250, 826+float64(i)*30, 330-float64(i*61%90), 5, -5, hex(0x44556a, 1))
	}
	c.tilted(250, 912, 240, 20, -5, marker)
	c.line(13, accent, point{650, 884}, point{780, 806})
	c.polygon(ink, point{780, 798}, point{800, 794}, point{786, 814})
	c.cup(960, 870, 2.6)
	c.ellipse(1200, 866, 120, 24, card)
	c.ellipse(1200, 852, 84, 30, hex(0xb4702c, 1))
	c.ellipse(1200, 842, 70, 22, hex(0xd9953f, 1))
	for i := range 3 {
		c.line(4, hex(0x9b5c20, 1), curve(point{1146, 838 + float64(i)*9}, point{1200, 828 + float64(i)*9}, point{1254, 838 + float64(i)*9})...)
	}
}

// workshop is a table seen from above, two people to a laptop.
func workshop(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0xc99a6b, 1))
	for i := range 7 {
		c.rect(0, float64(i)*130, 1440, 3, hex(0xa87b4f, 0.7))
		for j := range 3 {
			c.ellipse(200+float64((i*331+j*470)%1300), 60+float64(i)*130, 120, 3, hex(0xb3875b, 0.7))
		}
	}
	laptop := func(x, y, angle float64, lines []float64, screen color.NRGBA) {
		c.tilted(x+12, y+16, 470, 320, angle, hex(0x4a2f18, 0.28))
		c.tilted(x, y, 470, 320, angle, hex(0x43484e, 1))
		c.tilted(x+16, y+16, 438, 288, angle, screen)
		middle := point{x + 235, y + 160}
		for i, l := range lines {
			from := turn(middle, angle, point{x + 48 + float64(i%3)*26, y + 54 + float64(i)*36})[0]
			to := turn(middle, angle, point{x + 48 + float64(i%3)*26 + l, y + 54 + float64(i)*36})[0]
			c.line(11, []color.NRGBA{hex(0x8fc1f5, 1), hex(0xb5cf7a, 1), hex(0xe9e6df, 1), hex(0xf0b36a, 1)}[i%4], from, to)
		}
	}
	laptop(120, 110, -7, []float64{180, 260, 120, 220, 90, 170, 240}, hex(0x16171a, 1))
	laptop(800, 190, 6, []float64{120, 90, 240, 200, 140, 220, 60}, hex(0x1d2a35, 1))
	hand := func(x, y, angle float64, sleeve, skin color.NRGBA) {
		middle := point{x, y}
		c.polygon(sleeve, turn(middle, angle, point{x - 56, y + 60}, point{x + 56, y + 60}, point{x + 92, y + 520}, point{x - 92, y + 520})...)
		c.fill(path{turn(middle, angle, round(x-42, y-30, 84, 120, 34)...)}, skin)
		for i := range 4 {
			c.fill(path{turn(middle, angle, round(x-42+float64(i)*22, y-86+math.Abs(float64(i)-1.5)*14, 18, 90, 9)...)}, skin)
		}
		c.fill(path{turn(middle, angle-38, round(x-64, y-8, 22, 76, 11)...)}, skin)
	}
	hand(330, 560, 8, hex(0x2f5d62, 1), hex(0xe2b594, 1))
	hand(610, 600, -14, hex(0xc9573c, 1), hex(0xb07a58, 1))
	hand(1030, 640, 4, hex(0x39415a, 1), hex(0x8a5a3c, 1))
	c.tilted(650, 70, 176, 176, 5, marker)
	c.text(674, 140, f.small, ink, "et si on")
	c.text(674, 172, f.small, ink, "l'appelle")
	c.text(674, 204, f.small, ink, "deux fois ?")
	c.circle(1330, 110, 74, hex(0x4a2f18, 0.25))
	c.circle(1322, 100, 72, card)
	c.circle(1322, 100, 56, hex(0x5b3d2b, 1))
	c.ellipse(1310, 88, 26, 14, hex(0x8a6247, 1))
	c.line(12, accent, point{700, 420}, point{830, 520})
	c.polygon(sand, point{830, 512}, point{846, 536}, point{820, 526})
	c.rounded(60, 700, 150, 90, 12, hex(0xf0ede4, 1)) // stickers
	c.circle(104, 744, 26, teal)
	c.polygon(accent, point{146, 768}, point{168, 718}, point{190, 768})
	return c
}

// karaoke is the evening: two at the microphones, one line on the screen.
func karaoke(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 900, hex(0x241a38, 1), hex(0x120f1e, 1))
	for i, rgb := range []uint32{0xe9765a, 0x3f8080, 0xf0b36a, 0x8a6bc9} {
		x := 220 + float64(i)*330
		c.polygon(hex(rgb, 0.20), point{x, 0}, point{x + 24, 0}, point{x + 330 - float64(i)*160, 760}, point{x - 60 - float64(i)*120, 760})
		c.rounded(x-16, 0, 56, 34, 8, hex(0x0b0a12, 1))
		c.ellipse(x+12, 36, 22, 8, hex(rgb, 1))
	}
	for i := range 26 { // a string of bulbs
		t := float64(i) / 25
		x, y := t*1440, 120+70*math.Sin(t*math.Pi)
		c.circle(x, y+14, 16, hex(0xffe9a8, 0.18))
		c.circle(x, y+14, 7, hex(0xffe9a8, 1))
	}
	c.rounded(420, 230, 600, 250, 10, hex(0x0b0a12, 1))
	c.rect(434, 244, 572, 222, hex(0x203a4a, 1))
	c.centred(720, 340, f.large, paper, "make install,")
	c.centred(720, 404, f.large, marker, "make me feel…")
	c.rect(0, 752, 1440, 148, hex(0x2a1b26, 1))
	c.rect(0, 752, 1440, 8, hex(0x5a3846, 1))
	c.singer(420, accent, hex(0x2b1d18, 1), hex(0xe2b594, 1), 1)
	c.singer(1020, teal, hex(0xb48a52, 1), hex(0x8a5a3c, 1), -1)
	for i := range 12 { // the crowd, arms up
		x := -20 + float64(i)*134
		y := 820 + float64(i*37%34)
		c.ellipse(x, y, 46, 54, hex(0x0d0b14, 1))
		c.blob(hex(0x0d0b14, 1), point{x - 96, 940}, point{x - 70, y + 56}, point{x + 70, y + 56}, point{x + 96, 940})
		if i%3 != 1 {
			c.line(22, hex(0x0d0b14, 1), point{x + 58, y + 70}, point{x + 74, y - 40}, point{x + 62, y - 110})
			c.circle(x+62, y-116, 15, hex(0x0d0b14, 1))
		}
	}
	return c
}

// singer holds a microphone on one side and an arm up on the other.
func (c *canvas) singer(x float64, coat, hair, skin color.NRGBA, side float64) {
	c.polygon(hex(0x181522, 1), point{x - 46, 752}, point{x - 40, 600}, point{x + 40, 600}, point{x + 46, 752}, point{x + 8, 752}, point{x, 640}, point{x - 8, 752})
	c.blob(coat, point{x - 62, 620}, point{x - 52, 500}, point{x, 478}, point{x + 52, 500}, point{x + 62, 620}, point{x, 634})
	c.circle(x, 436, 42, skin)
	c.blob(hair, point{x - 44, 440}, point{x - 40, 398}, point{x, 382}, point{x + 40, 398}, point{x + 44, 440}, point{x + 26, 412}, point{x - 26, 412})
	c.ellipse(x+side*12, 456, 12, 9, hex(0x5b1f1a, 1))
	c.line(24, coat, point{x + side*46, 520}, point{x + side*92, 500}, point{x + side*60, 462})
	c.line(12, hex(0x9aa0a3, 1), point{x + side*58, 470}, point{x + side*36, 458})
	c.circle(x+side*32, 456, 13, hex(0x2b2b30, 1))
	c.line(24, coat, point{x - side*46, 520}, point{x - side*110, 440}, point{x - side*130, 370})
	c.circle(x-side*132, 360, 15, skin)
}

// napkin is plan D, written on the Saturday at midnight.
func napkin(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0x5c3b28, 1))
	for i := range 9 {
		c.line(3, hex(0x4a2e1e, 1), curve(point{0, 60 + float64(i)*104}, point{480, 80 + float64(i)*100}, point{980, 50 + float64(i)*108}, point{1440, 70 + float64(i)*103})...)
	}
	c.tilted(304, 96, 840, 740, 4, hex(0x1d1008, 0.4))
	c.tilted(290, 80, 840, 740, 4, hex(0xf9f6ee, 1))
	c.tilted(318, 108, 784, 684, 4, hex(0xf1ece0, 1))
	c.polygon(hex(0xe4ddcd, 1), turn(point{710, 450}, 4, point{710, 80}, point{716, 80}, point{716, 820}, point{710, 820})...)
	c.polygon(hex(0xe4ddcd, 1), turn(point{710, 450}, 4, point{290, 446}, point{1130, 446}, point{1130, 452}, point{290, 452})...)
	blue := hex(0x274c86, 1)
	c.text(420, 214, f.title, blue, "Plan D")
	c.line(6, blue, curve(point{418, 234}, point{520, 240}, point{630, 230})...)
	box := func(x, y float64, label string) {
		c.line(5, blue, point{x, y}, point{x + 190, y - 4}, point{x + 194, y + 92}, point{x - 3, y + 96}, point{x, y})
		c.text(x+26, y+58, f.text, blue, label)
	}
	box(400, 320, "ancien")
	box(800, 336, "nouveau")
	box(600, 560, "miroir")
	arrow := func(points ...point) {
		along := curve(points...)
		c.line(5, blue, along...)
		tip, before := along[len(along)-1], along[len(along)-6]
		angle := math.Atan2(tip.y-before.y, tip.x-before.x) * 180 / math.Pi
		c.polygon(blue, turn(tip, angle, point{tip.x + 14, tip.y}, point{tip.x - 16, tip.y - 13}, point{tip.x - 16, tip.y + 13})...)
	}
	arrow(point{600, 360}, point{690, 340}, point{780, 372})
	arrow(point{490, 424}, point{520, 530}, point{588, 596})
	arrow(point{800, 610}, point{880, 560}, point{892, 446})
	c.text(640, 320, f.small, accent, "4 Po, non !")
	c.text(850, 620, f.small, accent, "d'abord les index")
	c.line(5, accent, curve(point{846, 634}, point{950, 642}, point{1052, 630})...)
	for r := 78.0; r > 66; r -= 3 { // where a cup stood
		c.fill(path{oval(420, 690, r, r), reversed(oval(420, 690, r-2, r-2))}, hex(0x8a5a3c, 0.5))
	}
	c.line(18, hex(0x274c86, 1), point{1180, 760}, point{1330, 560})
	c.line(18, hex(0xe9e6df, 1), point{1196, 738}, point{1206, 726})
	c.polygon(ink, point{1166, 778}, point{1172, 756}, point{1186, 766})
	return c
}

// reversed is a run the other way around, which cuts a hole.
func reversed(points []point) []point {
	back := make([]point, len(points))
	for i, p := range points {
		back[len(points)-1-i] = p
	}
	return back
}
