package media

import (
	"encoding/binary"
	"math"
)

// parseCurve reads a tone curve of an ICC profile: a table, one gamma, or a function.
func parseCurve(tag []byte) (curve [256]float64, ok bool) {
	if len(tag) < 12 {
		return curve, false
	}
	var f func(x float64) float64
	switch string(tag[:4]) {
	case "curv":
		f = tableCurve(tag)
	case "para":
		f = functionCurve(tag)
	}
	if f == nil {
		return curve, false
	}
	for i := range curve {
		v := f(float64(i) / 255)
		if math.IsNaN(v) {
			return curve, false
		}
		curve[i] = min(max(v, 0), 1)
	}
	return curve, true
}

// tableCurve reads curveType (ICC.1:2022, 10.6).
func tableCurve(tag []byte) func(float64) float64 {
	n, values := int(binary.BigEndian.Uint32(tag[8:])), tag[12:]
	switch {
	case n < 0 || n > len(values)/2:
		return nil
	case n == 0:
		return func(x float64) float64 { return x }
	case n == 1:
		gamma := float64(binary.BigEndian.Uint16(values)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(values[2*i:])) / 65535 }
	return func(x float64) float64 {
		place := x * float64(n-1)
		i := min(int(place), n-2)
		return at(i) + (at(i+1)-at(i))*(place-float64(i))
	}
}

// functionCurve reads parametricCurveType (ICC.1:2022, 10.18): y = (ax+b)^g + e from d on,
// cx+f before it. The shorter kinds leave out what comes later.
func functionCurve(tag []byte) func(float64) float64 {
	counts := []int{1, 3, 4, 5, 7}
	kind := int(binary.BigEndian.Uint16(tag[8:]))
	if kind >= len(counts) || len(tag) < 12+4*counts[kind] {
		return nil
	}
	var v [7]float64 // g a b c d e f
	for i := range counts[kind] {
		v[i] = fixed(tag[12+4*i:])
	}
	g, a, b, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		a = 1
	case 1, 2:
		if a == 0 {
			return nil
		}
		d = -b / a
		c, e, f = 0, v[3], v[3]
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(a*x+b, g) + e
		}
		return c*x + f
	}
}
