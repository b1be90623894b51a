package draw

import (
	"image/color"
	"math"
)

// slide is a slide's frame: a title, a line under it, the conference at its foot.
func slide(f *faces, title, speaker string) *canvas {
	c := newCanvas(1440, 810)
	c.rect(0, 0, c.w, c.h, paper)
	c.rect(0, 0, 26, c.h, accent)
	c.text(92, 132, f.title, ink, title)
	c.text(92, 762, f.small, soft, speaker)
	mark := "Kormoran 2026"
	c.text(1160, 762, f.small, soft, mark)
	c.line(2, rule, point{92, 716}, point{1348, 716})
	return c
}

// head is somebody seen from behind.
func (c *canvas) head(x, y, s float64, hair, coat color.NRGBA, long bool) {
	c.blob(coat, point{x - 130*s, y + 230*s}, point{x - 104*s, y + 104*s}, point{x - 40*s, y + 70*s}, point{x + 40*s, y + 70*s}, point{x + 104*s, y + 104*s}, point{x + 130*s, y + 230*s})
	c.rounded(x-22*s, y+30*s, 44*s, 60*s, 18*s, hex(0xb98a6c, 1))
	if long {
		c.blob(hair, point{x - 64*s, y - 20*s}, point{x, y - 76*s}, point{x + 64*s, y - 20*s}, point{x + 66*s, y + 80*s}, point{x, y + 98*s}, point{x - 66*s, y + 80*s})
		return
	}
	c.ellipse(x-58*s, y+4*s, 10*s, 17*s, hex(0xb98a6c, 1))
	c.ellipse(x+58*s, y+4*s, 10*s, 17*s, hex(0xb98a6c, 1))
	c.ellipse(x, y, 58*s, 68*s, hair)
}

// hall is the large room from the third row.
func hall(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 900, hex(0x2a1f2b, 1), hex(0x15131b, 1))
	for i := range 9 { // wooden slats of the wall
		x := float64(i) * 170
		c.rect(x, 0, 80, 560, hex(0x5a3b30, 0.35))
	}
	for i := range 5 {
		x := 180 + float64(i)*270
		c.polygon(hex(0xffe9b8, 0.10), point{x - 18, 0}, point{x + 18, 0}, point{x + 150, 560}, point{x - 150, 560})
		c.ellipse(x, 4, 34, 10, hex(0xfff3d2, 1))
	}
	c.rounded(330, 76, 780, 450, 8, hex(0x0d0c12, 1))
	c.rect(344, 90, 752, 422, paper)
	c.rect(344, 90, 14, 422, accent)
	c.text(400, 172, f.large, ink, "La mer monte,")
	c.text(400, 226, f.large, ink, "nos SLO aussi")
	var level []point
	for i := range 53 {
		t := float64(i) / 52
		level = append(level, point{400 + 640*t, 440 - 78*t - 34*math.Sin(t*19)})
	}
	c.fill(path{append(append([]point{}, level...), point{1040, 486}, point{400, 486})}, hex(0x3f8080, 0.28))
	c.line(6, teal, level...)
	c.line(4, accent, point{400, 372}, point{1040, 372})
	c.text(884, 336, f.small, accent, "promis : 99,9 %")
	c.rect(0, 560, 1440, 74, hex(0x6b4635, 1)) // the stage
	c.rect(0, 560, 1440, 8, hex(0x8f6048, 1))
	c.speaker()
	c.audience()
	return c
}

// speaker is somebody at a desk, a hand in the air.
func (c *canvas) speaker() {
	c.rect(1180, 404, 112, 160, hex(0x8f6048, 1))
	c.polygon(hex(0x9d6d52, 1), point{1164, 396}, point{1308, 396}, point{1296, 414}, point{1176, 414})
	c.blob(hex(0x274c66, 1), point{1190, 398}, point{1200, 300}, point{1236, 282}, point{1274, 300}, point{1284, 398})
	c.circle(1236, 246, 34, hex(0xc99677, 1))
	c.blob(hex(0x2b1d18, 1), point{1200, 250}, point{1206, 212}, point{1240, 202}, point{1272, 216}, point{1272, 258}, point{1262, 226}, point{1216, 228})
	c.line(14, hex(0x274c66, 1), point{1204, 316}, point{1150, 338}, point{1124, 296})
	c.circle(1122, 288, 11, hex(0xc99677, 1))
	c.line(4, hex(0x15131b, 1), point{1260, 396}, point{1252, 306})
}

// audience is three rows of heads.
func (c *canvas) audience() {
	rows := []struct{ y, s float64 }{{612, 0.5}, {690, 0.74}, {808, 1.12}}
	hairs := []color.NRGBA{hex(0x2b1d18, 1), hex(0x6b4a2c, 1), hex(0x15131b, 1), hex(0x8b8378, 1), hex(0x7a3320, 1), hex(0xb48a52, 1)}
	coats := []color.NRGBA{hex(0x1f3a4d, 1), hex(0x5b2a24, 1), hex(0x2f4a44, 1), hex(0x3a3346, 1), hex(0x4b4436, 1)}
	for r, row := range rows {
		step := 210 * row.s
		for i := range int(1500/step) + 1 {
			x := float64(i)*step + float64(r%2)*step/2 - 10
			if (i*7+r*3)%6 == 4 && r < 2 {
				continue // an empty seat
			}
			c.head(x, row.y+float64((i*13+r*5)%17), row.s, hairs[(i*5+r*2)%len(hairs)], coats[(i*3+r)%len(coats)], (i+r)%4 == 1)
		}
		c.rect(0, row.y+150*row.s, 1440, 60*row.s, hex(0x3d1f1e, 1))
		c.rect(0, row.y+150*row.s, 1440, 5*row.s, hex(0x5f312d, 1))
	}
}

// stickies is a whiteboard full of notes after a round of discussion.
func stickies(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0xcfc8ba, 1))
	c.rounded(64, 48, 1312, 772, 14, hex(0x9aa0a3, 1))
	c.rect(80, 64, 1280, 740, hex(0xf8f9f7, 1))
	c.polygon(hex(0xffffff, 0.8), point{80, 64}, point{520, 64}, point{180, 804}, point{80, 804})
	for i, title := range []string{"on garde", "on essaie", "on arrête"} {
		x := 130 + float64(i)*420
		c.text(x, 138, f.large, []color.NRGBA{moss, sea, accent}[i], title)
		c.line(5, []color.NRGBA{moss, sea, accent}[i], curve(point{x, 156}, point{x + 100, 160}, point{x + 210, 154})...)
		if i > 0 {
			c.line(3, hex(0x9aa0a3, 1), point{x - 42, 100}, point{x - 42, 770})
		}
	}
	c.notes(f)
	for i := range 5 { // dots: votes
		c.circle(236+float64(i)*24, 392+float64(i*7%9), 8, accent)
	}
	for i := range 3 {
		c.circle(690+float64(i)*24, 404-float64(i*5%8), 8, accent)
	}
	c.line(6, sea, curve(point{1010, 640}, point{930, 600}, point{880, 640})...)
	c.polygon(sea, point{866, 652}, point{898, 642}, point{882, 622})
	c.rect(80, 804, 1280, 16, hex(0x7f8588, 1))
	for i, col := range []color.NRGBA{accent, sea, ink} {
		c.rounded(900+float64(i)*128, 790, 108, 18, 9, col)
		c.rounded(984+float64(i)*128, 790, 24, 18, 9, hex(0xf0efe9, 1))
	}
	return c
}

// notes are what was stuck on the board, by column.
func (c *canvas) notes(f *faces) {
	words := [][]string{{"relire", "à deux"}, {"un seul", "tableau"}, {"le café", "de 10 h"}, {"dater les", "métriques"}, {"répéter la", "restauration"},
		{"un .ics", "public"}, {"alertes", "muettes"}, {"wiki de", "2019"}, {"réunion", "du lundi"}, {"dashboards", "orphelins"}, {"écrire la", "règle d'abord"}}
	colours := []color.NRGBA{marker, hex(0xffc9b5, 1), hex(0xc8e3dc, 1), hex(0xf6d58c, 1), hex(0xd6e2ef, 1)}
	columns := []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 1}
	used := [3]int{}
	for i, w := range words {
		col := columns[i]
		n := used[col]
		used[col]++
		x, y := 118+float64(col)*420+float64(n%2)*190, 196+float64(n/2)*286+float64(i*37%40)
		angle := float64(i*53%13) - 6
		c.tilted(x+8, y+12, 172, 172, angle, hex(0x1d1c1a, 0.14))
		c.tilted(x, y, 172, 172, angle, colours[(i*3)%len(colours)])
		c.tilted(x, y, 172, 26, angle, hex(0xffffff, 0.22))
		c.text(x+16, y+86, f.small, ink, w[0])
		c.text(x+16, y+120, f.small, ink, w[1])
	}
}

// coffee is the queue at the bar, seen from its end.
func coffee(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 660, hex(0xf3e6d0, 1), hex(0xe7d2b3, 1))
	for i := range 4 { // tall windows, the sea behind
		x := 70 + float64(i)*350
		c.rounded(x, 70, 250, 380, 10, hex(0xb4a488, 1))
		c.fade2(x+12, 82, 226, 250, hex(0xcfe3e6, 1), hex(0xf4eedd, 1))
		c.rect(x+12, 330, 226, 108, hex(0x6f9ea6, 1))
		c.line(6, hex(0xb4a488, 1), point{x + 125, 82}, point{x + 125, 438})
		c.line(6, hex(0xb4a488, 1), point{x + 12, 250}, point{x + 238, 250})
	}
	for i := range 3 { // lamps
		x := 240 + float64(i)*470
		c.line(4, ink, point{x, 0}, point{x, 92})
		c.polygon(accent, point{x - 22, 92}, point{x + 22, 92}, point{x + 64, 150}, point{x - 64, 150})
		c.ellipse(x, 152, 40, 12, hex(0xfff4d2, 1))
	}
	c.fade(660, 900, hex(0xb98d66, 1), hex(0x966a48, 1))
	for i := range 12 {
		c.line(2, hex(0x7f5638, 0.6), point{720 + (float64(i)-6)*110, 660}, point{720 + (float64(i)-6)*260, 900})
	}
	c.bar(f)
	people := []struct {
		x, s       float64
		coat, hair color.NRGBA
		bag        bool
	}{{150, 0.94, hex(0x2f5d62, 1), hex(0x2b1d18, 1), true}, {330, 1.02, hex(0xc9573c, 1), hex(0xb48a52, 1), false}, {505, 0.9, hex(0x39415a, 1), hex(0x6b4a2c, 1), true},
		{672, 1.04, hex(0xd9b255, 1), hex(0x15131b, 1), false}, {850, 0.97, hex(0x6d7f45, 1), hex(0x8b8378, 1), false}}
	for i, p := range people {
		c.stander(p.x, 846, p.s, p.coat, p.hair, p.bag, i)
	}
	return c
}

// bar is where the coffee comes from.
func (c *canvas) bar(f *faces) {
	c.rect(1010, 470, 430, 330, hex(0x4a3226, 1))
	c.rect(990, 452, 450, 28, hex(0x2c1d17, 1))
	for i := range 6 {
		c.rect(1030+float64(i)*70, 500, 46, 280, hex(0x5d4031, 1))
	}
	c.rounded(1180, 318, 220, 136, 14, hex(0xb9bdbf, 1)) // the machine
	c.rect(1196, 340, 188, 34, hex(0x5f6668, 1))
	c.circle(1214, 357, 9, accent)
	c.rounded(1214, 392, 26, 30, 4, hex(0x2c2c2c, 1))
	c.rounded(1320, 392, 26, 30, 4, hex(0x2c2c2c, 1))
	for i := range 5 {
		c.cup(1030+float64(i)*30, 452-float64(i%2)*2, 0.62)
	}
	c.cup(1230, 453, 0.7)
	c.rounded(1040, 560, 128, 150, 6, ink)
	c.text(1066, 618, f.text, paper, "café")
	c.text(1066, 666, f.text, marker, "merci")
}

// fade2 is fade within a rectangle.
func (c *canvas) fade2(x, y, w, h float64, from, to color.NRGBA) {
	for i := range int(h) {
		c.rect(x, y+float64(i), w, 1, mix(from, to, float64(i)/h))
	}
}

func (c *canvas) cup(x, y, s float64) {
	c.polygon(card, point{x, y - 46*s}, point{x + 40*s, y - 46*s}, point{x + 34*s, y}, point{x + 6*s, y})
	c.polygon(accent, point{x + 2*s, y - 34*s}, point{x + 38*s, y - 34*s}, point{x + 36*s, y - 16*s}, point{x + 4*s, y - 16*s})
	c.ellipse(x+20*s, y-46*s, 20*s, 5*s, hex(0x5b3d2b, 1))
}

// stander is somebody in a queue, looking to the right, a badge around the neck.
func (c *canvas) stander(x, base, s float64, coat, hair color.NRGBA, bag bool, i int) {
	skin := []color.NRGBA{hex(0xe2b594, 1), hex(0xb07a58, 1), hex(0xf0cdb2, 1), hex(0x8a5a3c, 1), hex(0xd9a888, 1)}[i%5]
	c.ellipse(x, base, 88*s, 13*s, hex(0x3a2416, 0.3))
	trousers := hex(0x2d3340, 1)
	c.polygon(trousers, point{x - 40*s, base - 190*s}, point{x + 2*s, base - 190*s}, point{x - 8*s, base - 6*s}, point{x - 40*s, base - 6*s})
	c.polygon(mix(trousers, ink, 0.4), point{x - 2*s, base - 190*s}, point{x + 42*s, base - 190*s}, point{x + 42*s, base - 6*s}, point{x + 10*s, base - 6*s})
	c.rounded(x-44*s, base-16*s, 52*s, 18*s, 8*s, ink)
	c.rounded(x+8*s, base-16*s, 52*s, 18*s, 8*s, ink)
	if bag {
		c.rounded(x-84*s, base-390*s, 70*s, 170*s, 26*s, mix(coat, ink, 0.55))
	}
	c.blob(coat, point{x - 58*s, base - 180*s}, point{x - 56*s, base - 360*s}, point{x - 26*s, base - 412*s}, point{x + 26*s, base - 412*s}, point{x + 54*s, base - 360*s}, point{x + 56*s, base - 180*s}, point{x, base - 168*s})
	c.rounded(x-14*s, base-440*s, 28*s, 40*s, 12*s, skin)
	c.ellipse(x+4*s, base-474*s, 42*s, 50*s, skin)
	c.ellipse(x+46*s, base-468*s, 9*s, 8*s, skin) // nose
	c.blob(hair, point{x - 44*s, base - 452*s}, point{x - 46*s, base - 500*s}, point{x - 8*s, base - 534*s}, point{x + 38*s, base - 516*s}, point{x + 42*s, base - 496*s}, point{x + 4*s, base - 498*s}, point{x - 14*s, base - 468*s}, point{x - 24*s, base - 440*s})
	c.line(7*s, accent, point{x - 16*s, base - 408*s}, point{x + 18*s, base - 330*s}, point{x + 30*s, base - 402*s})
	c.rounded(x-4*s, base-330*s, 44*s, 56*s, 4*s, card)
	c.rect(x+2*s, base-318*s, 32*s, 7*s, accent)
	c.line(24*s, mix(coat, ink, 0.25), point{x - 34*s, base - 372*s}, point{x - 26*s, base - 290*s}, point{x + 34*s, base - 244*s})
	c.circle(x+42*s, base-240*s, 13*s, skin)
	if i%2 == 1 {
		c.rounded(x+34*s, base-286*s, 24*s, 44*s, 4*s, ink) // a telephone
	}
}
