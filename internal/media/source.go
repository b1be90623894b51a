package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// source is a picture whose head was read and whose pixels were not.
type source struct {
	data          []byte
	format        format
	width, height int // as stored, before orientation
	frames        int // 1 without motion
	framePixels   int // of all frames together, where there are several
	facts         facts
}

// facts are what a file says about its pixels, aside from them.
type facts struct {
	orientation orientation
	profile     []byte // an ICC profile, if there is one
	heavy       bool   // the decoder keeps more than the bitmap: a progressive JPEG
	scans       int    // how often a JPEG goes through its pixels
}

// maxScans is far beyond the ten or so that programs write. A scan of a few bytes may
// visit every pixel, so that thousands of them keep a processor busy for hours.
const maxScans = 100

// inspect reads what a picture says of itself, and refuses before anything is decoded.
func inspect(data []byte, own bool) (*source, error) {
	if len(data) > MaxBytes {
		return nil, &RefusedError{TooManyBytes, MaxBytes}
	}
	f, err := sniff(data)
	if err != nil {
		return nil, err
	}
	if f == formatHEIC && !own {
		return nil, refuse(Unsupported)
	}
	if alsoSomethingElse(data) {
		return nil, refuse(Polyglot)
	}
	s := &source{data: data, format: f, frames: 1}
	if err := s.measure(); err != nil {
		return nil, err
	}
	if s.width <= 0 || s.height <= 0 {
		return nil, refuse(Damaged)
	}
	if s.width > MaxPixels/s.height {
		return nil, &RefusedError{TooManyPixels, MaxPixels}
	}
	return s, nil
}

// measure reads the size and the facts.
func (s *source) measure() (err error) {
	var config image.Config
	r := bytes.NewReader(s.data)
	switch s.format {
	case formatJPEG:
		config, err = jpeg.DecodeConfig(r)
		s.facts = jpegFacts(s.data)
		if s.facts.scans > maxScans {
			return refuse(Damaged)
		}
	case formatPNG:
		config, err = png.DecodeConfig(r)
		s.facts = pngFacts(s.data)
	case formatWebP:
		if s.data, s.facts, err = webpStill(s.data); err != nil {
			return err
		}
		config, err = webp.DecodeConfig(bytes.NewReader(s.data))
	case formatGIF:
		config, s.frames, s.framePixels, err = gifConfig(s.data)
	case formatHEIC:
		config, s.facts, err = heicConfig(s.data)
	}
	s.width, s.height = config.Width, config.Height
	return refusal(err)
}

// refusal turns a decoder's error into one of ours.
func refusal(err error) error {
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return refused
	}
	_, jpegs := errors.AsType[jpeg.UnsupportedError](err)
	_, pngs := errors.AsType[png.UnsupportedError](err)
	if jpegs || pngs {
		return refuse(Unsupported)
	}
	return refuse(Damaged)
}

// memory is about what decoding takes, in bytes.
func (s *source) memory() int64 {
	pixels := int64(s.width) * int64(s.height)
	switch {
	case s.format == formatHEIC:
		return memoryBudget // 370 to 475 MB for a phone's photo: always alone
	case s.facts.heavy:
		return pixels * 15
	case s.format == formatJPEG:
		return pixels * 3
	case s.format == formatGIF:
		return pixels*5 + int64(s.framePixels)
	}
	return pixels * 8
}

// drawn reports whether the picture may rather be a drawing or a screenshot than a photo.
func (s *source) drawn() bool { return s.format != formatJPEG && s.format != formatHEIC }

func (s *source) uprightWidth() int {
	if s.facts.orientation.turned() {
		return s.height
	}
	return s.width
}

func (s *source) uprightHeight() int {
	if s.facts.orientation.turned() {
		return s.width
	}
	return s.height
}

// bitmap decodes the picture into a box, upright and in sRGB. The decoder's own bitmap,
// many times larger, is garbage when it returns.
func (s *source) bitmap(ctx context.Context, width, height int) (*image.RGBA, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	decoded, err := s.decode()
	if err != nil {
		return nil, refusal(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.facts.orientation.turned() {
		width, height = height, width
	}
	w, h := fit(decoded.Bounds().Dx(), decoded.Bounds().Dy(), width, height)
	base := shrink(decoded, w, h)
	toSRGB(base, s.facts.profile)
	return s.facts.orientation.upright(base), nil
}

func (s *source) decode() (image.Image, error) {
	r := bytes.NewReader(s.data)
	switch s.format {
	case formatJPEG:
		return jpeg.Decode(r)
	case formatPNG:
		return png.Decode(r)
	case formatWebP:
		return webp.Decode(r)
	case formatGIF:
		return gif.Decode(r) // its first frame
	case formatHEIC:
		return heicDecode(s.data)
	}
	return nil, refuse(Unsupported)
}
