package media

import (
	"encoding/binary"
	"image"
	"math"
)

// Phones and some cameras write Display P3 or Adobe RGB and say so in an ICC profile.
// Our files carry none, which means sRGB: without conversion their colours would look pale.

// matrix is row by row.
type matrix [3][3]float64

// xyzToSRGB leads from the profile connection space (D50) to linear sRGB: the inverse of
// the sRGB matrix adapted to D50 by Bradford's method, as IEC 61966-2-1's profile has it.
var xyzToSRGB = matrix{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// profile is the simple and usual kind: three curves and a matrix.
type profile struct {
	curves [3][256]float64 // to linear light
	toSRGB matrix
}

// toSRGB converts a bitmap in place. An unknown or broken profile leaves it as it is:
// colours a little off are no reason to refuse a picture.
func toSRGB(m *image.RGBA, icc []byte) {
	p, ok := parseProfile(icc)
	if !ok || p.isSRGB() {
		return
	}
	for at := 0; at+4 <= len(m.Pix); at += 4 {
		p.convert(m.Pix[at : at+4 : at+4])
	}
}

// convert converts one pixel, whose colours are premultiplied by its alpha.
func (p *profile) convert(pixel []byte) {
	alpha := float64(pixel[3])
	if alpha == 0 {
		return
	}
	var linear [3]float64
	for i := range linear {
		linear[i] = p.curves[i][uint8(math.Min(255, float64(pixel[i])*255/alpha+0.5))]
	}
	for i, row := range p.toSRGB {
		light := row[0]*linear[0] + row[1]*linear[1] + row[2]*linear[2]
		pixel[i] = uint8(encoded(light)*alpha + 0.5)
	}
}

// encodedSteps is how finely linear light is looked up; at 4096 steps the darkest tones
// are within one of 255.
const encodedSteps = 4096

var encodedTable = func() (table [encodedSteps + 1]float64) {
	for i := range table {
		v := float64(i) / encodedSteps
		if v <= 0.0031308 {
			table[i] = 12.92 * v
		} else {
			table[i] = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
	}
	return table
}()

// encoded is sRGB's transfer function; light outside sRGB is clipped.
func encoded(light float64) float64 {
	return encodedTable[int(min(max(light, 0), 1)*encodedSteps+0.5)]
}

// isSRGB reports whether converting would change nothing that can be seen.
func (p *profile) isSRGB() bool {
	for _, c := range [][3]byte{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {128, 128, 128}, {40, 90, 200}} {
		pixel := []byte{c[0], c[1], c[2], 255}
		p.convert(pixel)
		for i := range c {
			if d := int(pixel[i]) - int(c[i]); d < -2 || d > 2 {
				return false
			}
		}
	}
	return true
}

// parseProfile reads an ICC profile (ICC.1:2022, 7): a header of 128 bytes, a count, then
// 12 bytes a tag: signature, offset, size.
func parseProfile(icc []byte) (*profile, bool) {
	if len(icc) < 132 || string(icc[16:20]) != "RGB " || string(icc[20:24]) != "XYZ " {
		return nil, false
	}
	tags := map[string][]byte{}
	for i := range min(int(binary.BigEndian.Uint32(icc[128:])), 64) {
		at := 132 + 12*i
		if at+12 > len(icc) {
			break
		}
		offset, size := uint64(binary.BigEndian.Uint32(icc[at+4:])), uint64(binary.BigEndian.Uint32(icc[at+8:]))
		if offset+size > uint64(len(icc)) {
			return nil, false
		}
		tags[string(icc[at:at+4])] = icc[offset : offset+size]
	}
	var p profile
	var toXYZ matrix
	for i, colour := range []string{"r", "g", "b"} {
		xyz := tags[colour+"XYZ"]
		curve, ok := parseCurve(tags[colour+"TRC"])
		if !ok || len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return nil, false
		}
		p.curves[i] = curve
		for row := range toXYZ {
			toXYZ[row][i] = fixed(xyz[8+4*row:])
		}
	}
	p.toSRGB = xyzToSRGB.times(toXYZ)
	return &p, true
}

// fixed reads an s15Fixed16Number.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

func (m matrix) times(n matrix) (product matrix) {
	for i := range m {
		for j := range m {
			for k := range m {
				product[i][j] += m[i][k] * n[k][j]
			}
		}
	}
	return product
}
