package media

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/buckket/go-blurhash"
)

// quality of JPEG: at 82 nobody sees a difference on a page, and 90 takes half as much again.
const quality = 82

// The size of a link card, as OpenGraph's readers show it.
const (
	cardWidth  = 1200
	cardHeight = 630
)

// encode writes a bitmap. What is transparent becomes a PNG, a photo a JPEG; a drawing
// the smaller of both.
func encode(name string, m *image.RGBA, drawn bool) (*Variant, error) {
	v := &Variant{Name: name, Width: m.Rect.Dx(), Height: m.Rect.Dy()}
	opaque := m.Opaque()
	if drawn || !opaque {
		data, err := encodePNG(m)
		if err != nil {
			return nil, err
		}
		v.MIME, v.Data = mimePNG, data
	}
	if opaque {
		data, err := encodeJPEG(m)
		if err != nil {
			return nil, err
		}
		if v.Data == nil || len(data) < len(v.Data) {
			v.MIME, v.Data = mimeJPEG, data
		}
	}
	return v, nil
}

// sampled is the side of the square that flat looks at.
const sampled = 320

// flat guesses whether a picture is smaller as a PNG, by its middle alone: writing a whole
// photo as a PNG takes longer than all the rest.
func flat(m *image.RGBA) bool {
	middle := crop(m, sampled, sampled)
	asPNG, err := encodePNG(middle)
	if err != nil {
		return false
	}
	asJPEG, err := encodeJPEG(middle)
	return err == nil && len(asPNG) < 2*len(asJPEG)
}

func encodePNG(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	return out.Bytes(), nil
}

func encodeJPEG(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return out.Bytes(), nil
}

// cardOf makes the picture of a link card: the middle, on white.
func cardOf(base *image.RGBA) (*Variant, error) {
	w, h := base.Rect.Dx(), proportional(cardHeight, base.Rect.Dx(), cardWidth)
	if h > base.Rect.Dy() {
		w, h = proportional(cardWidth, base.Rect.Dy(), cardHeight), base.Rect.Dy()
	}
	m := crop(base, w, h)
	if w > cardWidth {
		m = shrink(m, cardWidth, cardHeight)
	}
	m = onWhite(m)
	data, err := encodeJPEG(m)
	if err != nil {
		return nil, err
	}
	return &Variant{Name: Card, MIME: mimeJPEG, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Data: data}, nil
}

func onWhite(m *image.RGBA) *image.RGBA {
	if m.Opaque() {
		return m
	}
	dst := image.NewRGBA(m.Rect)
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(dst, dst.Rect, m, m.Rect.Min, draw.Over)
	return dst
}

// blurhashOf describes the colours of a picture in 28 characters.
func blurhashOf(base *image.RGBA) (string, error) {
	w, h := fit(base.Rect.Dx(), base.Rect.Dy(), 32, 32)
	hash, err := blurhash.Encode(4, 3, onWhite(shrink(base, w, h)))
	if err != nil {
		return "", fmt.Errorf("blurhash: %w", err)
	}
	return hash, nil
}
