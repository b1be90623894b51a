package draw

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// The house's colours (static/css/01-tokens.css), and those of the sea beside them.
var (
	paper  = hex(0xfbfaf6, 1)
	card   = hex(0xffffff, 1)
	ink    = hex(0x1d1c1a, 1)
	soft   = hex(0x625e57, 1)
	rule   = hex(0xe3dfd5, 1)
	accent = hex(0xb3371b, 1)
	marker = hex(0xffe88a, 1)
	sand   = hex(0xf0d9b5, 1)
	amber  = hex(0xf0b36a, 1)
	deep   = hex(0x1c3448, 1)
	sea    = hex(0x2c5f7c, 1)
	teal   = hex(0x3f8080, 1)
	moss   = hex(0x6d7f45, 1)
)

// faces are the letters on slides and badges.
type faces struct{ title, large, text, small font.Face }

func newFaces() (*faces, error) {
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, err
	}
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	var f faces
	for _, of := range []struct {
		to   *font.Face
		font *opentype.Font
		size float64
	}{{&f.title, bold, 64}, {&f.large, bold, 44}, {&f.text, regular, 32}, {&f.small, regular, 24}} {
		if *of.to, err = opentype.NewFace(of.font, &opentype.FaceOptions{Size: of.size, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return nil, err
		}
	}
	return &f, nil
}

// scenes are the pictures by the name of their file, without ".png".
var scenes = map[string]func(*faces) *canvas{
	"cormoran": cormorant, "amphi": hall, "post-its": stickies, "cafe": coffee, "phare": lighthouse, "badge": badge,
	"train": train, "marees": tides, "facture": bill, "port": harbour, "atelier": workshop, "tableau": board,
	"nuit": karaoke, "carte": chart, "serviette": napkin,
}

// Names lists the scenes.
func Names() []string { return slices.Sorted(maps.Keys(scenes)) }

// Draw returns a scene by its name, or the portrait of somebody of the story by their
// handle. It is the same every time.
func Draw(name string) (image.Image, error) {
	if s, ok := sitters[name]; ok {
		return portrait(s).img, nil
	}
	scene, ok := scenes[name]
	if !ok {
		return nil, fmt.Errorf("there is no scene %q to draw", name)
	}
	f, err := newFaces()
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	return scene(f).img, nil
}

// WritePNG draws what Draw does into a file.
func WritePNG(w io.Writer, name string) error {
	img, err := Draw(name)
	if err != nil {
		return err
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, img)
}
