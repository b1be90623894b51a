package media

import "fmt"

// Reason is why a picture is refused. Catalogues have a sentence for each.
type Reason string

// The reasons.
const (
	NotAPicture   Reason = "not_a_picture"   // text, an archive, a document …
	SVG           Reason = "svg"             // may hold scripts
	Unsupported   Reason = "unsupported"     // a picture in a form that we don't read
	TooManyBytes  Reason = "too_many_bytes"  // Limit: MaxBytes
	TooManyPixels Reason = "too_many_pixels" // Limit: MaxPixels
	TooManyFrames Reason = "too_many_frames" // Limit: maxFrames, or the pixels of all frames together
	Polyglot      Reason = "polyglot"        // a picture and something else at once
	Damaged       Reason = "damaged"         // cut short, or not what it says it is
)

// Reasons lists them all.
func Reasons() []Reason {
	return []Reason{NotAPicture, SVG, Unsupported, TooManyBytes, TooManyPixels, TooManyFrames, Polyglot, Damaged}
}

// RefusedError says why a picture is refused. Limit is what it goes beyond, else 0.
type RefusedError struct {
	Reason Reason
	Limit  int
}

func (e *RefusedError) Error() string {
	switch e.Reason {
	case NotAPicture:
		return "this file is not a picture: use JPEG, PNG, WebP, GIF or HEIC"
	case SVG:
		return "SVG pictures are not accepted: export it as PNG"
	case TooManyBytes:
		return fmt.Sprintf("the picture is larger than %d MB", e.Limit>>20)
	case TooManyPixels:
		return fmt.Sprintf("the picture has more than %d megapixels", e.Limit/1_000_000)
	case TooManyFrames:
		return "the animation is too long or too large: shorten it or make it smaller"
	case Polyglot:
		return "this file is a picture and a page, a script or an archive at once: export the picture again"
	case Damaged:
		return "the picture is damaged: export it again"
	}
	return "this kind of picture can't be read: use JPEG, PNG, WebP, GIF or HEIC"
}

func refuse(r Reason) error { return &RefusedError{Reason: r} }
