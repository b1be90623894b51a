package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"

	"github.com/gen2brain/heic"
)

// Brands of ISO/IEC 23008-12: HEVC-coded stills. Of a file that only says "some kind of
// HEIF", one of the compatible brands tells the codec.
var (
	hevcBrands    = []string{"heic", "heix", "heim", "heis"}
	generalBrands = []string{"mif1", "msf1"}
	pictureBrands = []string{"avif", "avis", "mif2", "hevc", "hevx", "jpeg", "crx "}
)

// sniffISO tells HEIC from AVIF, and both from films, which start alike.
func sniffISO(data []byte) (format, error) {
	major, compatible := brands(data)
	anyOf := func(b string) bool { return slices.Contains(hevcBrands, b) }
	switch {
	case anyOf(major), slices.Contains(generalBrands, major) && slices.ContainsFunc(compatible, anyOf):
		return formatHEIC, nil
	case slices.Contains(generalBrands, major), slices.Contains(pictureBrands, major):
		return 0, refuse(Unsupported)
	}
	return 0, refuse(NotAPicture)
}

func brands(data []byte) (major string, compatible []string) {
	end := min(int(binary.BigEndian.Uint32(data)), len(data), 256)
	for at := 16; at+4 <= end; at += 4 {
		compatible = append(compatible, string(data[at:at+4]))
	}
	return string(data[8:12]), compatible
}

// box is one of ISO/IEC 14496-12: a kind and its content.
type box struct {
	kind    string
	content []byte
}

// boxes splits data, and stops at the first that doesn't fit.
func boxes(data []byte) []box {
	var found []box
	for len(data) >= 8 {
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		if size == 1 && len(data) >= 16 {
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		} else if size == 0 {
			size = uint64(len(data))
		}
		if size < head || size > uint64(len(data)) {
			break
		}
		found = append(found, box{string(data[4:8]), data[head:size]})
		data = data[size:]
	}
	return found
}

// inside returns the content of the box of a kind, without what stands before its
// children. Nothing of two: a decoder might read the other one.
func inside(data []byte, kind string, skip int) (content []byte) {
	for _, b := range boxes(data) {
		switch {
		case b.kind != kind:
		case content != nil || len(b.content) < skip:
			return nil
		default:
			content = b.content[skip:]
		}
	}
	return content
}

// maxTiles is how many parts a picture may be put together from. Phones cut twelve
// megapixels into 48.
const maxTiles = 256

// references counts the parts that pictures are put together from ("dimg"): each is
// decoded as often as it is named.
func references(meta []byte) (count int) {
	iref := inside(meta, "iref", 0)
	if len(iref) < 4 {
		return 0
	}
	from := 2 // bytes of an id
	if iref[0] > 0 {
		from = 4
	}
	for _, b := range boxes(iref[4:]) {
		if b.kind == "dimg" && len(b.content) >= from+2 {
			count += int(binary.BigEndian.Uint16(b.content[from:]))
		}
	}
	return count
}

// heicConfig reads the largest "ispe" of all the file's pictures: tiles, thumbnails and
// the whole. The decoder turns and mirrors by "irot" and "imir" itself, and in HEIF the
// Exif orientation has no effect (ISO/IEC 23008-12, A.2), so that there is none here.
func heicConfig(data []byte) (image.Config, facts, error) {
	var config image.Config
	var f facts
	head := inside(data, "meta", 4)
	if references(head) > maxTiles {
		return config, f, refuse(Damaged)
	}
	properties := inside(inside(head, "iprp", 0), "ipco", 0)
	for _, b := range boxes(properties) {
		switch {
		case b.kind == "ispe" && len(b.content) >= 12:
			w, h := binary.BigEndian.Uint32(b.content[4:]), binary.BigEndian.Uint32(b.content[8:])
			if uint64(w)*uint64(h) > MaxPixels {
				return config, f, &RefusedError{TooManyPixels, MaxPixels}
			}
			if int(w)*int(h) > config.Width*config.Height {
				config.Width, config.Height = int(w), int(h)
			}
		case b.kind == "colr" && len(b.content) > 4 && string(b.content[:4]) == "prof" && f.profile == nil:
			f.profile = b.content[4:]
		}
	}
	return config, f, nil
}

// heicDecode decodes the main picture. The decoder asks for a major brand of HEVC, so a
// general one makes way. Where the system has libheif's development files, the package
// loads those instead of its own in WebAssembly, unless built with the tag "nodynamic": an
// upload must not meet C++ code outside of that sandbox.
func heicDecode(data []byte) (image.Image, error) {
	if heic.Dynamic() == nil {
		return nil, refuse(Unsupported)
	}
	if major, _ := brands(data); slices.Contains(generalBrands, major) {
		data = slices.Clone(data)
		copy(data[8:12], "heic")
	}
	return heic.Decode(bytes.NewReader(data))
}
