package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// maxProfile is how long a colour profile may be; cameras' have half a kilobyte.
const maxProfile = 1 << 20

// jpegFacts reads the segments before the pixels: APP1 has Exif, APP2 the profile in one
// or more pieces, and the frame header's marker tells a progressive picture.
func jpegFacts(data []byte) facts {
	var f facts
	for rest := data[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xff { // fill byte
			rest = rest[1:]
			continue
		}
		if marker == 0xda || size < 2 || size+2 > len(rest) { // the pixels follow
			f.scans = bytes.Count(rest, []byte{0xff, 0xda}) // never inside of pixels: there 0xff is followed by 0
			break
		}
		content := rest[4 : size+2]
		switch {
		case marker == 0xe1 && f.orientation == 0 && startsWith(content, "Exif\x00\x00"):
			f.orientation = exifOrientation(content[6:])
		case marker == 0xe2 && startsWith(content, "ICC_PROFILE\x00") && len(content) > 14 && len(f.profile) < maxProfile:
			f.profile = append(f.profile, content[14:]...)
		case marker == 0xc2:
			f.heavy = true
		}
		rest = rest[size+2:]
	}
	return f
}

// pngFacts reads eXIf and iCCP. A bomb in iCCP unpacks to maxProfile and no further.
func pngFacts(data []byte) facts {
	var f facts
	for rest := data[8:]; len(rest) >= 12; {
		size := uint64(binary.BigEndian.Uint32(rest))
		if size+12 > uint64(len(rest)) {
			break
		}
		content := rest[8 : 8+size]
		switch string(rest[4:8]) {
		case "eXIf":
			f.orientation = exifOrientation(content)
		case "iCCP":
			f.profile = inflateProfile(content)
		}
		rest = rest[12+size:]
	}
	return f
}

// inflateProfile unpacks iCCP: a name, a zero, a method, the compressed profile.
func inflateProfile(content []byte) []byte {
	_, packed, ok := bytes.Cut(content, []byte{0})
	if !ok || len(packed) < 1 {
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(r, maxProfile))
	if err != nil {
		return nil
	}
	return profile
}

// chunk is one of RIFF.
type chunk struct {
	kind    string
	content []byte
}

// chunks splits what stands in a RIFF file or in one of its chunks. A last one that is
// cut short is kept as it is: the decoder says so.
func chunks(data []byte) []chunk {
	var found []chunk
	for len(data) >= 8 {
		kind, size := string(data[:4]), uint64(binary.LittleEndian.Uint32(data[4:]))
		data = data[8:]
		content := data[:min(size, uint64(len(data)))]
		found = append(found, chunk{kind, content})
		data = data[min(size+size%2, uint64(len(data))):]
	}
	return found
}

// webpStill reads the facts of a WebP, and of an animated one makes a file of its first
// frame alone, as the decoder knows no animation.
func webpStill(data []byte) (still []byte, f facts, err error) {
	still = data
	moving := false
	for _, c := range chunks(data[12:]) {
		switch c.kind {
		case "EXIF":
			f.orientation = exifOrientation(bytes.TrimPrefix(c.content, []byte("Exif\x00\x00")))
		case "ICCP":
			f.profile = c.content
		case "ANMF":
			if moving {
				continue
			}
			if moving, still = true, webpFrame(c.content); still == nil {
				return nil, f, refuse(Damaged)
			}
		}
	}
	return still, f, nil
}

// webpFrame makes a file of an ANMF chunk: after 16 bytes about place and time, a frame
// has the chunks of a still picture.
func webpFrame(content []byte) []byte {
	if len(content) < 16 {
		return nil
	}
	head := make([]byte, 10) // VP8X: flags, then the canvas, here the frame's own size
	copy(head[4:], content[6:12])
	var pixels []byte
	for _, c := range chunks(content[16:]) {
		switch c.kind {
		case "ALPH":
			head[0] = 1 << 4
			pixels = appendChunk(pixels, c)
		case "VP8 ", "VP8L":
			pixels = appendChunk(pixels, c)
		}
	}
	body := append([]byte("WEBP"), appendChunk(nil, chunk{"VP8X", head})...)
	return appendChunk(nil, chunk{"RIFF", append(body, pixels...)})
}

func appendChunk(to []byte, c chunk) []byte {
	to = append(to, c.kind...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(c.content)))
	to = append(to, c.content...)
	if len(c.content)%2 == 1 {
		to = append(to, 0)
	}
	return to
}
