package media

import (
	"encoding/binary"
	"slices"
	"testing"
)

// withExif puts an orientation into a JPEG, in either byte order.
func withExif(data []byte, o int, order binary.AppendByteOrder) []byte {
	tiff := []byte("MM\x00*")
	if order.String() == "LittleEndian" {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, tagOrientation)
	tiff = order.AppendUint16(tiff, typeShort)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, uint16(o))
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(segment)+2))
	return slices.Concat(head, segment, data[2:])
}

// Where Exif says that the first row and column are (2.32, 4.6.4.A), written out as the
// quarters in the file of a picture that is to be seen as "rgby".
func TestEveryOrientationStandsUpright(t *testing.T) {
	t.Parallel()
	stored := []string{1: "rgby", 2: "gryb", 3: "ybgr", 4: "byrg", 5: "rbgy", 6: "gyrb", 7: "ygbr", 8: "bryg"}
	for o := 1; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			w, h := 120, 80
			if o >= 5 {
				w, h = h, w
			}
			p := process(t, withExif(jpegOf(t, quarters(w, h, stored[o])), o, order))
			for _, v := range p.Sizes() {
				if got := coloursOf(decoded(t, v)); got != "rgby" || v.Width != 120 || v.Height != 80 {
					t.Errorf("orientation %d, %v: %s shows %s, %d×%d", o, order, v.Name, got, v.Width, v.Height)
				}
			}
		}
	}
	for _, o := range []int{0, 9, 65535} {
		p := process(t, withExif(jpegOf(t, quarters(120, 80, "rgby")), o, binary.BigEndian))
		if got := coloursOf(decoded(t, p.Variants[len(p.Variants)-1])); got != "rgby" {
			t.Errorf("the unknown orientation %d turns it to %s", o, got)
		}
	}
}
