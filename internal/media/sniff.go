package media

import "bytes"

type format int

const (
	formatJPEG format = iota + 1
	formatPNG
	formatWebP
	formatGIF
	formatHEIC
)

// sniff tells the format by the first bytes: names and claimed types are not asked.
func sniff(data []byte) (format, error) {
	switch {
	case startsWith(data, "\xff\xd8\xff"):
		return formatJPEG, nil
	case startsWith(data, "\x89PNG\r\n\x1a\n"):
		return formatPNG, nil
	case startsWith(data, "GIF87a"), startsWith(data, "GIF89a"):
		return formatGIF, nil
	case startsWith(data, "RIFF") && len(data) >= 12 && string(data[8:12]) == "WEBP":
		return formatWebP, nil
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return sniffISO(data)
	case otherPicture(data):
		return 0, refuse(Unsupported)
	case looksLikeSVG(data):
		return 0, refuse(SVG)
	}
	return 0, refuse(NotAPicture)
}

// otherPicture knows the pictures that people may well have: TIFF, BMP, JPEG XL, icons.
func otherPicture(data []byte) bool {
	for _, magic := range []string{"II*\x00", "MM\x00*", "BM", "\xff\x0a", "\x00\x00\x00\x0cJXL ", "\x00\x00\x01\x00"} {
		if startsWith(data, magic) {
			return true
		}
	}
	return false
}

func looksLikeSVG(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 1024)])
	head = bytes.ReplaceAll(head, []byte{0}, nil) // UTF-16
	return bytes.Contains(head, []byte("<svg"))
}

func startsWith(data []byte, prefix string) bool { return bytes.HasPrefix(data, []byte(prefix)) }
