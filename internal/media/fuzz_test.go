package media

import (
	"bytes"
	"errors"
	"image"
	"path/filepath"
	"testing"
)

// fuzzPixels keeps each try short.
const fuzzPixels = 64 << 10

// FuzzProcess: whatever comes, it is refused with a reason or becomes pictures that open,
// of the size that they are said to have, without what metadata looks like.
func FuzzProcess(f *testing.F) {
	names, err := filepath.Glob("testdata/photo.*")
	if err != nil || len(names) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range append(names, "testdata/moving.webp", "testdata/alpha.webp") {
		f.Add(fixture(f, filepath.Base(name)))
	}
	f.Add(gifOf(f, 3, 9, 7))
	f.Add(pngOf(f, quarters(9, 7, "rgby")))
	f.Add(jpegOf(f, quarters(9, 7, "rgby")))
	p := NewProcessor()
	f.Fuzz(func(t *testing.T, data []byte) {
		// HEIC's decoder takes half a second to start for each: its boxes are read, no more.
		src, err := inspect(data, true)
		if err == nil && (src.width*src.height > fuzzPixels || src.framePixels > fuzzPixels || src.format == formatHEIC) {
			return
		}
		picture, err := p.Process(t.Context(), data)
		if err != nil {
			if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason == "" {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		for _, v := range picture.Variants {
			config, kind, err := image.DecodeConfig(bytes.NewReader(v.Data))
			if err != nil || "image/"+kind != v.MIME || config.Width != v.Width || config.Height != v.Height {
				t.Fatalf("%s is %s %v, %v", v.Name, kind, config, err)
			}
			if bytes.Contains(v.Data, []byte("Exif\x00\x00")) || bytes.Contains(v.Data, []byte("eXIf")) {
				t.Fatalf("%s has Exif", v.Name)
			}
		}
	})
}
