package draw

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

// blank says whether a picture is nearly one colour: nothing was drawn.
func blank(img image.Image) bool {
	seen := map[color.Color]int{}
	b, n := img.Bounds(), 0
	for y := b.Min.Y; y < b.Max.Y; y += 16 {
		for x := b.Min.X; x < b.Max.X; x += 16 {
			seen[img.At(x, y)]++
			n++
		}
	}
	most := 0
	for _, times := range seen {
		most = max(most, times)
	}
	return len(seen) < 30 || most > n*9/10
}

func TestEveryPictureIsDrawnLargeAndTheSameEveryTime(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img, err := Draw(name)
			if err != nil {
				t.Fatal(err)
			}
			if size := img.Bounds(); size.Dx() < 1200 || size.Dy() < 800 || blank(img) {
				t.Errorf("%v, blank: %v", size, blank(img))
			}
			again, err := Draw(name)
			if err != nil || !bytes.Equal(again.(*image.RGBA).Pix, img.(*image.RGBA).Pix) {
				t.Errorf("drawn again it is another picture: %v", err)
			}
		})
	}
	if empty := newCanvas(1440, 900); !blank(empty.img) {
		t.Error("the check can't fail: an empty canvas is no blank picture")
	}
	if _, err := Draw("nobody"); err == nil {
		t.Error("what nobody drew was drawn")
	}
}
