package media

import (
	"bytes"
	"slices"
	"testing"
)

// marks are what the fixtures' metadata says.
var marks = []string{"CONFCAM", "CONFGPS-DATUM", "CONFXMP-CITY"}

func TestNothingButPixelsLeaves(t *testing.T) {
	t.Parallel()
	plain := jpegOf(t, quarters(120, 80, "rgby"))
	comment := []byte("\x21\xfe\x0bCONF-SECRET\x00")
	moving := gifOf(t, 2, 120, 80)
	tests := []struct {
		name    string
		data    []byte
		marks   []string
		colours string
	}{
		{"JPEG", fixture(t, "photo.jpg"), marks, "rgby"},
		{"PNG", fixture(t, "photo.png"), marks, "rgby"},
		{"WebP", fixture(t, "photo.webp"), marks, "rgby"},
		{"moving WebP", fixture(t, "moving.webp"), marks, "rgby"},
		{"HEIC", fixture(t, "photo.heic"), marks, "rgby"},
		{"a comment in a GIF", slices.Concat(moving[:len(moving)-1], comment, []byte(";")), []string{"CONF-SECRET"}, "rrrr"},
		{"a comment in a JPEG", slices.Concat(plain[:2], []byte("\xff\xfe\x00\x0dCONF-SECRET"), plain[2:]), []string{"CONF-SECRET"}, "rgby"},
		{"a film after a JPEG, as phones append it", append(slices.Clone(plain), "\x00\x00\x00\x18ftypmp42CONF-FILM"...), []string{"ftypmp42", "CONF-FILM"}, "rgby"},
		{"half an archive after a JPEG", append(slices.Clone(plain), "PK\x03\x04CONF-ARCHIVE"...), []string{"PK\x03\x04", "CONF-ARCHIVE"}, "rgby"},
		{"a script after a GIF", append(slices.Clone(moving), "*/=1;alert('CONF')//"...), []string{"alert("}, "rrrr"},
		{"words after a PNG", append(pngOf(t, quarters(120, 80, "rgby")), "<b>CONF</b>"...), []string{"CONF"}, "rgby"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, mark := range tt.marks {
				if !bytes.Contains(tt.data, []byte(mark)) {
					t.Fatalf("the input has no %q: this test proves nothing", mark)
				}
			}
			p := process(t, tt.data)
			thumbnail := &Variant{}
			if tt.name != "HEIC" {
				var err error
				if thumbnail, err = NewProcessor().Thumbnail(t.Context(), tt.data, Bounds{Width: 96, Height: 96}); err != nil {
					t.Fatal(err)
				}
			}
			for _, v := range append(p.Variants, *thumbnail) {
				for _, mark := range append(tt.marks, "Exif", "http://ns.adobe.com", "ICC_PROFILE", "iCCP", "eXIf", "iTXt") {
					if bytes.Contains(v.Data, []byte(mark)) {
						t.Errorf("%q leaves in %s", mark, v.Name)
					}
				}
			}
			largest := p.Variants[len(p.Variants)-1]
			if got := coloursOf(decoded(t, largest)); got != tt.colours || largest.Width != 120 || largest.Height != 80 {
				t.Errorf("it shows %s, %d×%d, want %s upright", got, largest.Width, largest.Height, tt.colours)
			}
		})
	}
}
