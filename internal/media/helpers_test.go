package media

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// hues are what the quarters of our samples are painted with.
var hues = map[byte]color.RGBA{'r': {230, 30, 30, 255}, 'g': {30, 200, 30, 255}, 'b': {30, 30, 220, 255}, 'y': {230, 220, 30, 255}}

// quarters is a picture of four colours: top left, top right, bottom left, bottom right.
func quarters(w, h int, colours string) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, hues[colours[2*(2*y/h)+2*x/w]])
		}
	}
	return m
}

// coloursOf names the colours in the middle of each quarter; '?' is another one.
func coloursOf(m image.Image) string {
	b, found := m.Bounds(), []byte("????")
	for i := range found {
		r, g, bl, _ := m.At(b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4).RGBA()
		for name, c := range hues {
			if near(r>>8, c.R) && near(g>>8, c.G) && near(bl>>8, c.B) {
				found[i] = name
			}
		}
	}
	return string(found)
}

func near(got uint32, want uint8) bool { return got+24 > uint32(want) && got < uint32(want)+24 }

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// gifOf is an animation of frames of one colour each.
func gifOf(t testing.TB, frames, w, h int) []byte {
	t.Helper()
	g := &gif.GIF{LoopCount: 3}
	for i := range frames {
		m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{hues['r'], hues['g'], hues['b'], hues['y']})
		for at := range m.Pix {
			m.Pix[at] = byte(i % 4)
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 7)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func process(t testing.TB, data []byte) *Picture {
	t.Helper()
	p, err := NewProcessor().Process(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t testing.TB, v Variant) image.Image {
	t.Helper()
	m, kind, err := image.Decode(bytes.NewReader(v.Data))
	if err != nil {
		t.Fatal(err)
	}
	if "image/"+kind != v.MIME || m.Bounds() != image.Rect(0, 0, v.Width, v.Height) {
		t.Fatalf("%s is a %s of %v, said to be %s of %d×%d", v.Name, kind, m.Bounds(), v.MIME, v.Width, v.Height)
	}
	return m
}
