package media

import (
	"bytes"
	"context"
	"errors"
	"image/gif"
	"slices"
	"testing"
)

func TestSizesForTheWeb(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		width, height int
		want          []Variant
	}{
		{"a photo comes in all sizes", 2000, 1500, []Variant{
			{Name: "480", Width: 480, Height: 360}, {Name: "960", Width: 960, Height: 720}, {Name: Card, Width: 1200, Height: 630}, {Name: "1600", Width: 1600, Height: 1200}}},
		{"a picture between two sizes keeps its width as the larger one", 700, 350, []Variant{
			{Name: "480", Width: 480, Height: 240}, {Name: Card, Width: 667, Height: 350}, {Name: "960", Width: 700, Height: 350}}},
		{"a small one is never made larger", 300, 400, []Variant{
			{Name: Card, Width: 300, Height: 158}, {Name: "480", Width: 300, Height: 400}}},
		{"a long screenshot ends at some height", 400, 9600, []Variant{
			{Name: Card, Width: 200, Height: 105}, {Name: "480", Width: 200, Height: 4800}}},
		{"a line stays a line", 5000, 1, []Variant{
			{Name: Card, Width: 2, Height: 1}, {Name: "480", Width: 480, Height: 1}, {Name: "960", Width: 960, Height: 1}, {Name: "1600", Width: 1600, Height: 1}}},
		{"a dot stays a dot", 1, 1, []Variant{
			{Name: Card, Width: 1, Height: 1}, {Name: "480", Width: 1, Height: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := process(t, jpegOf(t, quarters(tt.width, tt.height, "rgby")))
			if len(p.Blurhash) != 28 || p.Animated {
				t.Errorf("blurhash %q, animated %v", p.Blurhash, p.Animated)
			}
			var got []Variant
			for _, v := range p.Variants {
				decoded(t, v)
				got = append(got, Variant{Name: v.Name, Width: v.Width, Height: v.Height})
			}
			same := func(a, b Variant) bool { return a.Name == b.Name && a.Width == b.Width && a.Height == b.Height }
			if !slices.EqualFunc(got, tt.want, same) {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
			if last := got[len(got)-1]; p.Width != last.Width || p.Height != last.Height {
				t.Errorf("%d×%d, but the largest is %v", p.Width, p.Height, last)
			}
			if sizes := p.Sizes(); len(sizes) != len(tt.want)-1 {
				t.Errorf("Sizes names %d of %d", len(sizes), len(tt.want))
			}
		})
	}
}

func TestEachKindOfPictureGetsWhatSuitsIt(t *testing.T) {
	t.Parallel()
	clear := quarters(600, 400, "rgby")
	for at := 3; at < len(clear.Pix)/2; at += 4 {
		copy(clear.Pix[at-3:], []byte{0, 0, 0, 0})
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"a photo as JPEG is JPEG", jpegOf(t, photo(600, 400)), mimeJPEG},
		{"a photo as PNG becomes JPEG", pngOf(t, photo(600, 400)), mimeJPEG},
		{"a drawing as PNG stays PNG", pngOf(t, quarters(600, 400, "rgby")), mimePNG},
		{"a transparent picture is PNG", pngOf(t, clear), mimePNG},
		{"a GIF without motion is PNG", gifOf(t, 1, 600, 400), mimePNG},
		{"a half transparent WebP is PNG", fixture(t, "alpha.webp"), mimePNG},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := process(t, tt.data)
			for _, v := range p.Sizes() {
				decoded(t, v)
				if v.MIME != tt.want {
					t.Errorf("%s is %s", v.Name, v.MIME)
				}
			}
			if card := p.Variants[slices.IndexFunc(p.Variants, func(v Variant) bool { return v.Name == Card })]; card.MIME != mimeJPEG {
				t.Errorf("the card is %s", card.MIME)
			}
		})
	}
}

func TestAnAnimationStaysOne(t *testing.T) {
	t.Parallel()
	p := process(t, gifOf(t, 5, 500, 300))
	names := []string{}
	for _, v := range p.Variants {
		names = append(names, v.Name+" "+v.MIME)
	}
	if want := []string{"card image/jpeg", "still image/png", "960 image/gif"}; !p.Animated || !slices.Equal(names, want) {
		t.Fatalf("animated %v, %q, want %q", p.Animated, names, want)
	}
	moving, err := gif.DecodeAll(bytes.NewReader(p.Sizes()[0].Data))
	if err != nil || len(moving.Image) != 5 || moving.LoopCount != 3 || moving.Delay[4] != 7 {
		t.Errorf("%v, %d frames, %d loops, %v", err, len(moving.Image), moving.LoopCount, moving.Delay)
	}
	if got := coloursOf(decoded(t, p.Variants[1])); got != "rrrr" {
		t.Errorf("the still shows %s, want the first frame", got)
	}
}

func TestThumbnailsAreSmallAndStill(t *testing.T) {
	t.Parallel()
	avatar := Bounds{Width: 96, Height: 96, Crop: true}
	tests := []struct {
		name          string
		data          []byte
		o             Bounds
		width, height int
		colours       string
	}{
		{"an avatar is cut square", jpegOf(t, quarters(400, 200, "rgby")), avatar, 96, 96, "rgby"},
		{"a tall one too", jpegOf(t, quarters(200, 400, "rgby")), avatar, 96, 96, "rgby"},
		{"and a turned one", fixture(t, "photo.jpg"), avatar, 96, 80, "rgby"},
		{"a tiny one stays tiny", pngOf(t, quarters(20, 30, "rgby")), avatar, 20, 30, "rgby"},
		{"a picture keeps its proportions", pngOf(t, quarters(2000, 1000, "rgby")), Bounds{Width: 960, Height: 1920}, 960, 480, "rgby"},
		{"motion ends", gifOf(t, 3, 200, 100), Bounds{Width: 100, Height: 100}, 100, 50, "rrrr"},
		{"motion ends in WebP", fixture(t, "moving.webp"), Bounds{Width: 60, Height: 60}, 60, 40, "rgby"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := NewProcessor().Thumbnail(t.Context(), tt.data, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := coloursOf(decoded(t, *v)); v.Width != tt.width || v.Height != tt.height || got != tt.colours {
				t.Errorf("%d×%d %s, want %d×%d %s", v.Width, v.Height, got, tt.width, tt.height, tt.colours)
			}
		})
	}
	var refused *RefusedError
	if _, err := NewProcessor().Thumbnail(t.Context(), fixture(t, "photo.heic"), avatar); !errors.As(err, &refused) || refused.Reason != Unsupported {
		t.Errorf("a stranger's HEIC: %v", err)
	}
}

func TestWhoWaitsCanLeave(t *testing.T) {
	t.Parallel()
	p := NewProcessor()
	if err := p.memory.Acquire(t.Context(), memoryBudget); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Process(ctx, jpegOf(t, quarters(8, 8, "rgby"))); !errors.Is(err, context.Canceled) {
		t.Errorf("while others work: %v", err)
	}
	p.memory.Release(memoryBudget)
	if _, err := p.Process(ctx, jpegOf(t, quarters(8, 8, "rgby"))); !errors.Is(err, context.Canceled) {
		t.Errorf("alone: %v", err)
	}
	if _, err := p.Process(t.Context(), jpegOf(t, quarters(8, 8, "rgby"))); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if !p.memory.TryAcquire(memoryBudget) {
		t.Error("somebody kept a turn")
	}
}

func TestAPanicIsTheFault(t *testing.T) {
	t.Parallel()
	_, err := guarded(func() (*Picture, error) { panic("index out of range") })
	if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason != Damaged {
		t.Errorf("got %v", err)
	}
}
