package draw

import (
	"image"
	"maps"
	"slices"
	"testing"
)

// unlike is how much of two portraits differs where the people are, in percent, at the
// size of a face beside a reply.
func unlike(a, b image.Image) int {
	const side, step = 40, portraitSide / 40
	differ, all := 0, 0
	for y := range side {
		for x := range side {
			if (x-20)*(x-20)+(y-20)*(y-20) > 16*16 {
				continue
			}
			all++
			p, q := a.(*image.RGBA).RGBAAt(x*step, y*step), b.(*image.RGBA).RGBAAt(x*step, y*step)
			far := 0
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				far += max(d, -d)
			}
			if far > 90 {
				differ++
			}
		}
	}
	return differ * 100 / all
}

func TestPeopleAreToldApartAtTheSizeOfAFingertip(t *testing.T) {
	t.Parallel()
	const enough = 30
	people := slices.Sorted(maps.Keys(sitters))
	for i, one := range people {
		img, err := Draw(one)
		if err != nil || img.Bounds() != image.Rect(0, 0, portraitSide, portraitSide) || blank(img) {
			t.Errorf("the portrait of %s: %v, %v", one, img.Bounds(), err)
		}
		twin := sitters[one]
		twin.coat = moss
		if got := unlike(img, portrait(twin).img); got >= enough {
			t.Errorf("the check can't fail: %s in another coat is another to %d%%", one, got)
		}
		for _, other := range people[i+1:] {
			if got := unlike(img, portrait(bareWalled(other, sitters[one])).img); got < enough {
				t.Errorf("%s and %s differ in %d%% only", one, other, got)
			}
		}
	}
}

// bareWalled is somebody before the wall of another.
func bareWalled(name string, other sitter) sitter {
	s := sitters[name]
	s.wall = other.wall
	return s
}
