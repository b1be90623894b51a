package media

import (
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"
)

// icc is a profile of three colorants (XYZ at D50) and one curve for all.
func icc(colorants [3][3]float64, curve []byte) []byte {
	head := make([]byte, 128)
	copy(head[16:], "RGB XYZ ")
	var table, body []byte
	add := func(signature string, content []byte) {
		table = append(table, signature...)
		table = binary.BigEndian.AppendUint32(table, uint32(132+6*12+len(body)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(content)))
		body = append(body, content...)
	}
	for i, letter := range []string{"r", "g", "b"} {
		xyz := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range colorants[i] {
			xyz = binary.BigEndian.AppendUint32(xyz, uint32(int32(v*65536)))
		}
		add(letter+"XYZ", xyz)
		add(letter+"TRC", curve)
	}
	return slices.Concat(head, binary.BigEndian.AppendUint32(nil, 6), table, body)
}

func parametric(kind uint16, values ...float64) []byte {
	tag := binary.BigEndian.AppendUint16([]byte("para\x00\x00\x00\x00"), kind)
	tag = append(tag, 0, 0)
	for _, v := range values {
		tag = binary.BigEndian.AppendUint32(tag, uint32(int32(v*65536)))
	}
	return tag
}

var (
	srgbCurve = parametric(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	displayP3 = [3][3]float64{{0.51512, 0.2412, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.1571, 0.06657, 0.78407}}
	srgb      = [3][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.7141}}
	adobeRGB  = [3][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
)

func TestColoursBecomeSRGB(t *testing.T) {
	t.Parallel()
	gamma := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33")
	tests := []struct {
		name     string
		profile  []byte
		from, to color.RGBA
	}{
		{"sRGB's red as Display P3 has it", icc(displayP3, srgbCurve), color.RGBA{234, 51, 35, 255}, color.RGBA{255, 0, 0, 255}},
		{"its green", icc(displayP3, srgbCurve), color.RGBA{117, 251, 76, 255}, color.RGBA{0, 255, 0, 255}},
		{"its blue", icc(displayP3, srgbCurve), color.RGBA{0, 0, 245, 255}, color.RGBA{0, 0, 255, 255}},
		{"a red that sRGB lacks is its reddest", icc(displayP3, srgbCurve), color.RGBA{255, 0, 0, 255}, color.RGBA{255, 0, 0, 255}},
		{"grey stays grey", icc(displayP3, srgbCurve), color.RGBA{120, 120, 120, 255}, color.RGBA{120, 120, 120, 255}},
		{"half transparent red", icc(displayP3, srgbCurve), color.RGBA{117, 26, 18, 128}, color.RGBA{128, 0, 0, 128}},
		{"sRGB's red as Adobe RGB has it", icc(adobeRGB, gamma), color.RGBA{219, 0, 0, 255}, color.RGBA{255, 0, 0, 255}},
		{"sRGB is left as it is", icc(srgb, srgbCurve), color.RGBA{17, 99, 201, 255}, color.RGBA{17, 99, 201, 255}},
		{"no profile changes nothing", nil, color.RGBA{234, 51, 35, 255}, color.RGBA{234, 51, 35, 255}},
		{"a cut profile changes nothing", icc(displayP3, srgbCurve)[:300], color.RGBA{234, 51, 35, 255}, color.RGBA{234, 51, 35, 255}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := image.NewRGBA(image.Rect(0, 0, 1, 1))
			m.SetRGBA(0, 0, tt.from)
			toSRGB(m, tt.profile)
			got := m.RGBAAt(0, 0)
			for i, pair := range [][2]uint8{{got.R, tt.to.R}, {got.G, tt.to.G}, {got.B, tt.to.B}, {got.A, tt.to.A}} {
				if d := int(pair[0]) - int(pair[1]); d < -3 || d > 3 {
					t.Errorf("channel %d: got %v, want %v", i, got, tt.to)
				}
			}
		})
	}
}

func TestAPhonesProfileIsFoundInTheFile(t *testing.T) {
	t.Parallel()
	red := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for at := 0; at < len(red.Pix); at += 4 {
		copy(red.Pix[at:], []byte{234, 51, 35, 255})
	}
	profile := icc(displayP3, srgbCurve)
	segment := append([]byte("ICC_PROFILE\x00\x01\x01"), profile...)
	plain := jpegOf(t, red)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe2}, uint16(len(segment)+2))
	p := process(t, slices.Concat(head, segment, plain[2:]))
	for _, v := range p.Variants {
		if r, g, b, _ := decoded(t, v).At(30, 15).RGBA(); r>>8 < 250 || g>>8 > 8 || b>>8 > 8 {
			t.Errorf("%s is %d %d %d, want pure red", v.Name, r>>8, g>>8, b>>8)
		}
	}
}
