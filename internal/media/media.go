// Package media turns uploaded pictures into what a page shows: upright, without
// metadata, in web sizes. Nothing of an upload is passed on: every byte that leaves
// was encoded here.
package media

import (
	"context"
	"image"
	"runtime"
	"slices"

	"golang.org/x/sync/semaphore"
)

const (
	// MaxBytes is how long an upload may be.
	MaxBytes = 16 << 20
	// MaxPixels is how many pixels a picture may have, width times height.
	MaxPixels = 40_000_000
)

// The names of variants that aren't plain sizes.
const (
	Card  = "card"  // cropped for link cards
	Still = "still" // the first frame of an animation, for who wants no motion
	Thumb = "thumb" // what Thumbnail makes
)

// Picture is an uploaded picture made ready.
type Picture struct {
	Width, Height int    // of the largest variant, after orientation
	Blurhash      string // 4 by 3 components
	Animated      bool
	Variants      []Variant // ascending by width; the last one is the largest
}

// Variant is one file of a picture.
type Variant struct {
	Name          string // "480", "960", "1600": its nominal width; or Card, Still, Thumb
	MIME          string // image/jpeg, image/png or image/gif
	Width, Height int
	Data          []byte
}

// Sizes returns the variants that show the same whole picture: what a srcset names.
func (p *Picture) Sizes() []Variant {
	return slices.DeleteFunc(slices.Clone(p.Variants), func(v Variant) bool { return v.Name == Card || v.Name == Still })
}

// Bounds is the box that a thumbnail fits into. Crop fills it, cutting what stands out.
type Bounds struct {
	Width, Height int
	Crop          bool
}

// Ext is how the names of files of a type end, with the dot; "" for types we don't make.
func Ext(mime string) string {
	switch mime {
	case mimeJPEG:
		return ".jpg"
	case mimePNG:
		return ".png"
	case mimeGIF:
		return ".gif"
	}
	return ""
}

const (
	mimeJPEG = "image/jpeg"
	mimePNG  = "image/png"
	mimeGIF  = "image/gif"
)

// Processor decodes pictures, few at a time: together they hold at most memoryBudget,
// and one that needs more works alone.
type Processor struct {
	memory *semaphore.Weighted
}

// memoryBudget is for bitmaps as decoders hold them, in bytes: two ordinary photos of
// twelve megapixels side by side.
const memoryBudget = 96 << 20

// garbage is how much a picture may leave for the collector to find in its own time.
// Without a call to it after larger ones, several stood in memory at once: 428 MB instead
// of 253 for ten progressive JPEGs of twelve megapixels.
const garbage = 24 << 20

// NewProcessor returns a Processor. A program has one.
func NewProcessor() *Processor { return &Processor{memory: semaphore.NewWeighted(memoryBudget)} }

// Process makes a picture ready, waiting for its turn. It returns a *RefusedError, or
// ctx's error if that ends first.
func (p *Processor) Process(ctx context.Context, data []byte) (*Picture, error) {
	src, done, err := p.admit(ctx, data, true)
	if err != nil {
		return nil, err
	}
	defer done()
	return guarded(func() (*Picture, error) {
		if src.format == formatGIF && src.frames > 1 {
			return animation(ctx, src)
		}
		base, err := src.bitmap(ctx, baseWidth, baseHeight)
		if err != nil {
			return nil, err
		}
		return still(ctx, base, src.drawn())
	})
}

// Thumbnail makes one small copy of somebody else's picture, never larger than it and
// without motion. HEIC is refused here: it takes too much memory for a stranger's wish.
// The errors are those of Process.
func (p *Processor) Thumbnail(ctx context.Context, data []byte, o Bounds) (*Variant, error) {
	src, done, err := p.admit(ctx, data, false)
	if err != nil {
		return nil, err
	}
	defer done()
	return guarded(func() (*Variant, error) {
		width, height := o.Width, o.Height
		if o.Crop {
			width, height = cover(src.uprightWidth(), src.uprightHeight(), o.Width, o.Height)
		}
		base, err := src.bitmap(ctx, width, height)
		if err != nil {
			return nil, err
		}
		if o.Crop {
			base = crop(base, o.Width, o.Height)
		}
		return encode(Thumb, base, src.drawn() && flat(base))
	})
}

// admit looks at the head of a picture and waits until there is memory to decode it.
func (p *Processor) admit(ctx context.Context, data []byte, own bool) (*source, func(), error) {
	src, err := guarded(func() (*source, error) { return inspect(data, own) })
	if err != nil {
		return nil, nil, err
	}
	need := min(src.memory(), memoryBudget)
	if err := p.memory.Acquire(ctx, need); err != nil {
		return nil, nil, err
	}
	return src, func() {
		if need > garbage {
			runtime.GC()
		}
		p.memory.Release(need)
	}, nil
}

// guarded calls a function that decodes. A panic in a decoder says that it met bytes
// that it can't read: that is the picture's fault and no reason to end.
func guarded[T any](do func() (*T, error)) (result *T, err error) {
	defer func() {
		if recover() != nil {
			result, err = nil, refuse(Damaged)
		}
	}()
	return do()
}

// still makes the variants of a picture without motion.
func still(ctx context.Context, base *image.RGBA, drawn bool) (*Picture, error) {
	hash, err := blurhashOf(base)
	if err != nil {
		return nil, err
	}
	drawn = drawn && flat(base)
	p := &Picture{Width: base.Rect.Dx(), Height: base.Rect.Dy(), Blurhash: hash}
	card, err := cardOf(base)
	if err != nil {
		return nil, err
	}
	bitmap := base
	for _, size := range slices.Backward(sizesFor(p.Width)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if width := min(size.width, p.Width); width < bitmap.Rect.Dx() {
			bitmap = shrink(bitmap, width, proportional(p.Height, width, p.Width))
		}
		v, err := encode(size.name, bitmap, drawn)
		if err != nil {
			return nil, err
		}
		drawn = v.MIME == mimePNG // what the largest is better as, the others are too
		p.Variants = append(p.Variants, *v)
	}
	slices.Reverse(p.Variants)
	p.insert(*card)
	return p, nil
}

// insert puts a variant in its place by width, before one of the same width.
func (p *Picture) insert(v Variant) {
	at, _ := slices.BinarySearchFunc(p.Variants, v.Width, func(v Variant, width int) int { return v.Width - width })
	p.Variants = slices.Insert(p.Variants, at, v)
}
