package draw

import (
	"image/color"
	"math"
)

// tides is the slide with a year of load, which follows the sea.
func tides(f *faces) *canvas {
	c := slide(f, "Notre courbe de charge", "Maëlle Quérec, Ateliers Brume")
	c.text(94, 184, f.text, soft, "requêtes par seconde, trois grandes marées")
	for i := range 4 {
		y := 640 - float64(i)*130
		c.line(2, rule, point{150, y}, point{1348, y})
		c.text(92, y+8, f.small, soft, []string{"0", "10 k", "20 k", "30 k"}[i])
	}
	var load []point
	for i := range 241 {
		t := float64(i) / 240
		spring := 0.0
		for _, at := range []float64{0.22, 0.55, 0.86} {
			spring += math.Exp(-math.Pow((t-at)/0.035, 2))
		}
		load = append(load, point{150 + 1198*t, 640 - 74 - 22*math.Sin(t*90) - 330*spring*(0.86+0.14*math.Sin(t*90))})
	}
	c.fill(path{append(append([]point{}, load...), point{1348, 640}, point{150, 640})}, hex(0x3f8080, 0.22))
	c.line(6, teal, load...)
	c.line(4, accent, point{150, 566}, point{1348, 566})
	c.text(216, 608, f.small, accent, "la moyenne")
	for i, at := range []float64{0.22, 0.55, 0.86} {
		x := 150 + 1198*at
		c.circle(x, 216, 25, marker)
		c.centred(x, 225, f.small, ink, []string{"119", "116", "113"}[i])
	}
	return c
}

// bill is the slide with a monitoring bill, before and after.
func bill(f *faces) *canvas {
	c := slide(f, "Moins de séries, plus de réponses", "Dragomir Mançel et Solenn Le Bihan")
	bars := []struct {
		label, value string
		height       float64
		col          color.NRGBA
	}{{"séries gardées", "4 300", 400, soft}, {"séries utiles", "61", 14, accent}, {"facture avant", "100 %", 400, soft}, {"facture après", "14 %", 58, accent}}
	for i, b := range bars {
		x := 150 + float64(i)*290 + float64(i/2)*60
		c.rect(x, 640-b.height, 170, b.height, b.col)
		c.centred(x+85, 640-b.height-22, f.large, ink, b.value)
		c.centred(x+85, 684, f.small, soft, b.label)
	}
	c.line(3, ink, point{110, 640}, point{1348, 640})
	c.rounded(1040, 232, 308, 92, 12, marker)
	c.text(1064, 272, f.small, ink, "48 min -> 21 min")
	c.text(1064, 304, f.small, ink, "pour comprendre")
	return c
}

// board is the paper schedule at the entrance, with what somebody ringed.
func board(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.fade(0, 900, hex(0x8fa6a8, 1), hex(0x71898c, 1))
	c.rounded(156, 66, 1148, 786, 10, hex(0x2f4348, 0.35))
	c.rounded(140, 50, 1148, 786, 10, paper)
	for _, x := range []float64{176, 1252} {
		for _, y := range []float64{86, 800} {
			c.circle(x, y, 11, hex(0x7f8588, 1))
			c.circle(x-3, y-3, 5, card)
		}
	}
	c.text(220, 142, f.large, ink, "Vendredi 12 juin")
	c.text(960, 140, f.text, soft, "Kormoran 2026")
	rooms := []string{"Belle-Île", "Groix", "Hoëdic"}
	for i, r := range rooms {
		c.text(352+float64(i)*304, 206, f.text, accent, r)
	}
	talks := [][]string{{"Maintaining|in Public", "", ""}, {"La mer monte,|nos SLO aussi", "Zero-Copy|Seagulls", "Accessibilité :|atelier"},
		{"Feature Flags|Are Tides", "Sauvegarder,|puis restaurer", "Accessibilité|(suite)"}, {"Le café|des ports", "Post-mortems|That Heal", "BoF : agendas|en .ics"}}
	tints := []color.NRGBA{hex(0xfdebe4, 1), hex(0xe3efee, 1), hex(0xfdf4d3, 1)}
	for row, line := range talks {
		y := 234 + float64(row)*144
		c.text(216, y+56, f.small, soft, []string{"09:00", "10:00", "11:00", "14:00"}[row])
		for col, talk := range line {
			if talk == "" {
				continue
			}
			w := 284.0
			if row == 0 {
				w = 892
			}
			c.rounded(338+float64(col)*304, y, w, 124, 8, tints[(col+row)%3])
			first, second := cut(talk)
			c.text(356+float64(col)*304, y+54, f.small, ink, first)
			c.text(356+float64(col)*304, y+88, f.small, ink, second)
		}
	}
	ring := func(x, y, rx, ry float64) {
		var along []point
		for i := range 61 {
			sin, cos := math.Sincos(-0.6 + 2*math.Pi*1.06*float64(i)/60)
			along = append(along, point{x + (rx+float64(i)*0.2)*cos, y + (ry+float64(i)*0.13)*sin})
		}
		c.line(6, accent, along...)
	}
	ring(462, 446, 158, 74)
	ring(776, 584, 158, 74)
	ring(1080, 730, 158, 74)
	return c
}

func cut(s string) (before, after string) {
	for i, r := range s {
		if r == '|' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// chart is a sea chart of the islands, with the ferry's way.
func chart(f *faces) *canvas {
	c := newCanvas(1440, 900)
	c.rect(0, 0, 1440, 900, hex(0xe6eeea, 1))
	for i := range 15 {
		c.line(1.5, hex(0xb9cdca, 1), point{float64(i) * 103, 0}, point{float64(i) * 103, 900})
		c.line(1.5, hex(0xb9cdca, 1), point{0, float64(i) * 103}, point{1440, float64(i) * 103})
	}
	c.island(f, "Port-Kerval", 980, 190, point{860, -60}, point{900, 60}, point{830, 150}, point{930, 230}, point{1100, 250}, point{1230, 330}, point{1500, 300}, point{1520, -80})
	c.island(f, "Groix", 300, 300, point{200, 270}, point{300, 212}, point{440, 236}, point{480, 300}, point{400, 350}, point{270, 346})
	c.island(f, "Belle-Île", 640, 690, point{520, 640}, point{640, 584}, point{800, 610}, point{900, 690}, point{860, 770}, point{720, 790}, point{580, 740})
	c.island(f, "Hoëdic", 1130, 640, point{1090, 610}, point{1180, 590}, point{1270, 620}, point{1250, 670}, point{1130, 676})
	way := curve(point{930, 240}, point{820, 330}, point{620, 360}, point{490, 310})
	for i := 0; i < len(way)-3; i += 4 {
		c.line(6, accent, way[i], way[i+2])
	}
	way = curve(point{930, 240}, point{900, 380}, point{820, 500}, point{760, 596})
	for i := 0; i < len(way)-3; i += 4 {
		c.line(6, accent, way[i], way[i+2])
	}
	for i := range 30 { // soundings
		x, y := 40+math.Mod(float64(i)*463, 1380), 380+math.Mod(float64(i)*271, 500)
		if img := c.img.RGBAAt(int(x), int(y)); img.R > 220 && img.B > 220 {
			c.text(x, y, f.small, hex(0x7fa3a3, 1), []string{"12", "27", "8", "34", "19", "41"}[i%6])
		}
	}
	c.rose(f, 200, 690)
	return c
}

// island is land with shallows around it.
func (c *canvas) island(f *faces, name string, labelX, labelY float64, points ...point) {
	for ring := 3; ring >= 0; ring-- { // shallows
		grown := make([]point, len(points))
		middle := point{}
		for _, p := range points {
			middle.x, middle.y = middle.x+p.x/float64(len(points)), middle.y+p.y/float64(len(points))
		}
		for i, p := range points {
			far := math.Hypot(p.x-middle.x, p.y-middle.y)
			by := 1 + float64(ring)*24/far
			grown[i] = point{middle.x + (p.x-middle.x)*by, middle.y + (p.y-middle.y)*by}
		}
		col := hex(0x9fc4c4, 0.35)
		if ring == 0 {
			col = sand
		}
		c.blob(col, grown...)
	}
	c.text(labelX, labelY, f.text, ink, name)
}

// rose shows where north is.
func (c *canvas) rose(f *faces, x, y float64) {
	c.fill(path{oval(x, y, 122, 122), reversed(oval(x, y, 117, 117))}, ink)
	for i := range 8 {
		long := 112.0
		if i%2 == 1 {
			long = 64
		}
		col := ink
		if i == 0 {
			col = accent
		}
		c.polygon(col, turn(point{x, y}, float64(i)*45, point{x, y - long}, point{x + 15, y - 18}, point{x, y})...)
		c.polygon(card, turn(point{x, y}, float64(i)*45, point{x, y - long}, point{x - 15, y - 18}, point{x, y})...)
	}
	c.centred(x, y-134, f.text, ink, "N")
}
