package media

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	xdraw "golang.org/x/image/draw"
)

func TestScalingAgreesWithTheSlowScaler(t *testing.T) {
	t.Parallel()
	glass := photo(233, 177)
	for at := 0; at < len(glass.Pix); at += 4 {
		alpha := uint16(at / 4 % 256)
		for i := range 3 {
			glass.Pix[at+i] = uint8(uint16(glass.Pix[at+i]) * alpha / 255)
		}
		glass.Pix[at+3] = uint8(alpha)
	}
	grey := image.NewGray(image.Rect(5, 7, 305, 107)) // not at the origin
	draw.Draw(grey, grey.Rect, photo(300, 100), image.Point{}, draw.Src)
	yellow := image.NewRGBA(image.Rect(0, 0, 90, 90))
	draw.Draw(yellow, yellow.Rect, image.NewUniform(color.RGBA{255, 255, 0, 255}), image.Point{}, draw.Src)
	tests := []struct {
		name string
		src  image.Image
		w, h int
	}{
		{"to a half", photo(200, 160), 100, 80},
		{"by little", photo(200, 160), 199, 159},
		{"to a seventh", photo(700, 420), 100, 60},
		{"in one direction", photo(200, 160), 200, 40},
		{"to a dot", photo(64, 48), 1, 1},
		{"with transparency", glass, 100, 76},
		{"grey", grey, 120, 40},
		{"edges and one colour", yellow, 32, 32},
		{"a sharp edge", quarters(200, 200, "rgby"), 77, 77},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, want := shrink(tt.src, tt.w, tt.h), image.NewRGBA(image.Rect(0, 0, tt.w, tt.h))
			xdraw.CatmullRom.Scale(want, want.Rect, tt.src, tt.src.Bounds(), xdraw.Src, nil)
			for at := range want.Pix {
				if d := int(got.Pix[at]) - int(want.Pix[at]); d < -2 || d > 2 {
					t.Fatalf("byte %d of %d: got %d, want %d", at, len(want.Pix), got.Pix[at], want.Pix[at])
				}
			}
			for at := 0; at < len(got.Pix); at += 4 {
				if alpha := got.Pix[at+3]; max(got.Pix[at], got.Pix[at+1], got.Pix[at+2]) > alpha {
					t.Fatalf("a colour shines through its alpha: %v", got.Pix[at:at+4])
				}
			}
		})
	}
}
