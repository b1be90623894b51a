package media

import (
	"encoding/binary"
	"image"
)

// orientation is Exif's: 1 upright, 2 mirrored … 8; 0 unknown.
type orientation int

// turned reports whether width and height change places.
func (o orientation) turned() bool { return o >= 5 && o <= 8 }

// upright returns the picture as it was meant to be seen (Exif 2.32, 4.6.4.A): each of
// its pixels is fetched from where the camera put it.
func (o orientation) upright(src *image.RGBA) *image.RGBA {
	if o < 2 || o > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if o.turned() {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			from := src.PixOffset(o.from(x, y, w, h))
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[from:][:4])
		}
	}
	return dst
}

// from says where a pixel of the upright picture, w by h, is stored.
func (o orientation) from(x, y, w, h int) (int, int) {
	right, bottom := w-1-x, h-1-y
	switch o {
	case 2:
		return right, y
	case 3:
		return right, bottom
	case 4:
		return x, bottom
	case 5:
		return y, x
	case 6:
		return y, right
	case 7:
		return bottom, right
	case 8:
		return bottom, x
	}
	return x, y
}

const (
	tagOrientation = 0x0112
	typeShort      = 3
)

// exifOrientation reads the orientation from an Exif block, which is a small TIFF file:
// a byte order, then the offset of a table of 12-byte entries.
func exifOrientation(tiff []byte) orientation {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			return orientation(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 0
}
