package media

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// pngChunk is one of a PNG with its checksum.
func pngChunk(kind string, content []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	c = append(append(c, kind...), content...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

// pngBomb is a valid black picture of one bit a pixel.
func pngBomb(t testing.TB, w, h int) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	row := make([]byte, 1+(w+7)/8)
	for range h {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(head, 1, 0, 0, 0, 0)),
		pngChunk("IDAT", packed.Bytes()), pngChunk("IEND", nil))
}

// patched writes over some bytes after a marker.
func patched(t testing.TB, data []byte, after string, skip int, with string) []byte {
	t.Helper()
	at := bytes.Index(data, []byte(after))
	if at < 0 {
		t.Fatalf("there is no %q to patch", after)
	}
	data = slices.Clone(data)
	copy(data[at+len(after)+skip:], with)
	return data
}

// Nobody else may allocate meanwhile, so this test isn't parallel.
func TestABombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	small := jpegOf(t, quarters(120, 80, "rgby"))
	tests := []struct {
		name string
		data []byte
		want RefusedError
	}{
		{"a PNG of 20,000 by 20,000", pngBomb(t, 20_000, 20_000), RefusedError{TooManyPixels, MaxPixels}},
		{"a PNG a row too high", pngBomb(t, 8000, 5001), RefusedError{TooManyPixels, MaxPixels}},
		{"a JPEG", patched(t, small, "\xff\xc0", 3, "\xff\xff\xff\xff"), RefusedError{TooManyPixels, MaxPixels}},
		{"a WebP", append([]byte("RIFF\x12\x00\x00\x00WEBPVP8L\x05\x00\x00\x00"), "\x2f\xff\xff\xff\x0f\x00"...), RefusedError{TooManyPixels, MaxPixels}},
		{"a WebP whose canvas is a bomb", append([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), "\x00\x00\x00\x00\xff\x7f\x00\xff\x7f\x00"...), RefusedError{TooManyPixels, MaxPixels}},
		{"a GIF", patched(t, gifOf(t, 1, 9, 9), "GIF89a", 0, "\xff\xff\xff\xff"), RefusedError{TooManyPixels, MaxPixels}},
		{"a GIF of too many frames", gifOf(t, maxFrames+1, 2, 2), RefusedError{TooManyFrames, maxFrames}},
		{"a GIF of too many pixels in all", gifOf(t, 7, 3000, 3000), RefusedError{TooManyFrames, maxFramePixels}},
		{"a HEIC", patched(t, fixture(t, "photo.heic"), "ispe", 4, "\x00\x00\x75\x30\x00\x00\x75\x30"), RefusedError{TooManyPixels, MaxPixels}},
		{"more bytes than we take", append(small, make([]byte, MaxBytes)...), RefusedError{TooManyBytes, MaxBytes}},
	}
	p := NewProcessor()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := p.Process(t.Context(), tt.data)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if refused, ok := errors.AsType[*RefusedError](err); !ok || *refused != tt.want {
				t.Errorf("got %v, want %v", err, &tt.want)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 || took > time.Second {
				t.Errorf("it took %d kB and %v", got>>10, took)
			}
		})
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	t.Parallel()
	scans := bytes.Repeat([]byte("\xff\xda\x00\x02"), maxScans)
	photo := jpegOf(t, quarters(120, 80, "rgby"))
	head := bytes.Index(photo, []byte("\xff\xda"))
	tests := []struct {
		name string
		data string
		want Reason
	}{
		{"nothing", "", NotAPicture},
		{"text", "a picture of a cat", NotAPicture},
		{"a page", "<!doctype html><script>alert(1)</script>", NotAPicture},
		{"a document", "%PDF-1.7\n", NotAPicture},
		{"an archive", "PK\x03\x04" + string(photo), NotAPicture},
		{"a page before a JPEG", "<script>" + string(photo), NotAPicture},
		{"a film", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", NotAPicture},
		{"sound in RIFF", "RIFF\x24\x00\x00\x00WAVEfmt ", NotAPicture},
		{"an SVG", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, SVG},
		{"an SVG after a prologue", "\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- logo -->\n<SVG width='1'/>", SVG},
		{"an SVG in UTF-16", "\xff\xfe<\x00s\x00v\x00g\x00 \x00/\x00>\x00", SVG},
		{"AVIF", "\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1", Unsupported},
		{"AVIF that calls itself HEIF", "\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", Unsupported},
		{"TIFF", "II*\x00\x08\x00\x00\x00", Unsupported},
		{"JPEG XL", "\xff\x0a\x00\x00", Unsupported},
		{"a lossless JPEG", strings.Replace(string(photo), "\xff\xc0", "\xff\xc3", 1), Unsupported},
		{"a JPEG that goes through its pixels for hours", string(photo[:head]) + string(scans) + string(photo[head:]), Damaged},
		{"a GIF that goes on as a script", "GIF89a/*" + strings.Repeat(" ", 20) + "*/=1;alert(1)", Polyglot},
		{"HEIC without a size", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Damaged},
		{"a PNG's first bytes", "\x89PNG\r\n\x1a\n", Damaged},
		{"a moving WebP without pixels", "RIFF\x0c\x00\x00\x00WEBPANMF\x00\x00\x00\x00", Damaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewProcessor().Process(t.Context(), []byte(tt.data))
			if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// zipOf is an archive with one file and a comment.
func zipOf(t testing.TB, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("run.js")
	if err == nil {
		_, err = f.Write([]byte("alert(1)"))
	}
	if err := errors.Join(err, w.SetComment(comment), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPictureThatIsSomethingElseTooIsRefused(t *testing.T) {
	t.Parallel()
	photo, drawing, moving := jpegOf(t, quarters(120, 80, "rgby")), pngOf(t, quarters(120, 80, "rgby")), gifOf(t, 2, 120, 80)
	wide := slices.Clone(moving)
	copy(wide[6:], "/*\x02\x00")
	first := slices.Concat(photo[:2], []byte("\xff\xfe\x00\x0d%PDF-1.7\n\n\n"), photo[2:])
	for name, data := range map[string][]byte{
		"an archive after a JPEG":         slices.Concat(photo, zipOf(t, "")),
		"an archive with a comment":       slices.Concat(photo, zipOf(t, "PK\x05\x06 and more")),
		"an archive after a WebP":         slices.Concat(fixture(t, "photo.webp"), zipOf(t, "")),
		"a page after a PNG":              slices.Concat(drawing, []byte("<HTML><body>")),
		"a script after a PNG":            slices.Concat(drawing, []byte("<ScRipt src=x>")),
		"a page in a PNG's text":          slices.Concat(drawing[:33], pngChunk("tEXt", []byte("Comment\x00<!DOCTYPE html>")), drawing[33:]),
		"a page in a GIF's comment":       slices.Concat(moving[:len(moving)-1], []byte("\x21\xfe\x07<script\x00;")),
		"a PDF in a JPEG's comment":       first,
		"a GIF that goes on as a script":  append(wide, "*/=1;alert(1)"...),
		"a JPEG that goes on as a script": slices.Concat([]byte("\xff\xd8\xff\xfe/*"), bytes.Repeat([]byte(" "), 0x2f2a-2), photo[2:]),
		"an archive after a HEIC":         slices.Concat(fixture(t, "photo.heic"), zipOf(t, "")),
	} {
		_, err := NewProcessor().Process(t.Context(), data)
		if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason != Polyglot {
			t.Errorf("%s: %v, want %s", name, err, Polyglot)
		}
	}
}

func TestACutFileIsDamaged(t *testing.T) {
	t.Parallel()
	tests := map[string][]byte{
		"JPEG": jpegOf(t, photo(120, 80)), "PNG": pngOf(t, photo(120, 80)), "GIF": gifOf(t, 1, 120, 80), "moving GIF": gifOf(t, 3, 120, 80),
		"WebP": fixture(t, "photo.webp"), "moving WebP": fixture(t, "moving.webp"), "HEIC": fixture(t, "photo.heic"),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := NewProcessor()
			if _, err := p.Process(t.Context(), data); err != nil {
				t.Fatalf("whole: %v", err)
			}
			switch name {
			case "WebP": // what stands after the pixels is no loss
				data = data[:bytes.Index(data, []byte("EXIF"))]
			case "moving WebP": // nor is a frame that isn't shown
				data = data[:bytes.LastIndex(data, []byte("ANMF"))]
			}
			for _, part := range []int{90, 50, 20} {
				_, err := p.Process(t.Context(), data[:len(data)*part/100])
				if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason != Damaged {
					t.Errorf("%d %% of it: %v", part, err)
				}
			}
		})
	}
}

func TestEveryReasonHasItsSentence(t *testing.T) {
	t.Parallel()
	seen := map[string]Reason{}
	for _, r := range Reasons() {
		sentence := (&RefusedError{r, MaxPixels}).Error()
		if other, twice := seen[sentence]; twice || sentence == "" {
			t.Errorf("%s and %s say %q", r, other, sentence)
		}
		seen[sentence] = r
	}
}
