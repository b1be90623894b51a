package media

import (
	"image"
	"image/draw"
	"math"
)

// one is the weight 1 in the fixed point of taps.
const one = 1 << 14

// taps are the neighbouring samples that make one sample of a smaller row or column, and
// how much each counts; together one.
type taps struct {
	first   int
	weights []int32
}

// tapsFor spreads the Catmull-Rom kernel over what each of to samples covers of from.
func tapsFor(from, to int) []taps {
	all := make([]taps, to)
	scale := float64(from) / float64(to)
	for i := range all {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(0, int(math.Ceil(centre-2*scale))), min(from-1, int(math.Floor(centre+2*scale)))
		kernel, sum := make([]float64, last-first+1), 0.0
		for k := range kernel {
			kernel[k] = catmullRom(math.Abs(float64(first+k)-centre) / scale)
			sum += kernel[k]
		}
		all[i] = taps{first, make([]int32, len(kernel))}
		rest := int32(one)
		for k, v := range kernel {
			all[i].weights[k] = int32(math.Round(v / sum * one))
			rest -= all[i].weights[k]
		}
		all[i].weights[len(kernel)/2] += rest // what rounding took
	}
	return all
}

// catmullRom is the cubic of B = 0, C = 1/2 (Mitchell and Netravali 1988).
func catmullRom(x float64) float64 {
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// strip is how many rows are converted at a time from a decoder's bitmap.
const strip = 16

// open is how many rows of a result one row of the source may belong to: the kernel is
// four rows wide, and rounding adds one at either end.
const open = 8

// resample scales a picture down. Each row is scaled across as it comes and added at once
// to the rows of the result that it belongs to, so that beside the result only a few rows
// stand in memory. x/image's scaler keeps 32 bytes a pixel between its passes, 120 MB for
// a photo, and takes three times as long.
func resample(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	columns, rows := tapsFor(b.Dx(), w), tapsFor(b.Dy(), h)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	buffer := image.NewRGBA(image.Rect(0, 0, b.Dx(), strip))
	across := make([]int32, 4*w)
	var sums [open][]int32 // of rows of the result that aren't complete
	for i := range sums {
		sums[i] = make([]int32, 4*w)
	}
	next := 0 // the first of them
	for y := range b.Dy() {
		if y%strip == 0 {
			draw.Draw(buffer, buffer.Rect, src, b.Min.Add(image.Pt(0, y)), draw.Src)
		}
		scaleRow(across, buffer.Pix[y%strip*buffer.Stride:], columns)
		for i := next; i < h && rows[i].first <= y; i++ {
			accumulate(sums[i%open], across, rows[i].weights[y-rows[i].first])
		}
		for next < h && rows[next].first+len(rows[next].weights) <= y+1 {
			finishRow(dst.Pix[next*dst.Stride:], sums[next%open])
			clear(sums[next%open])
			next++
		}
	}
	return dst
}

// scaleRow scales one row across. Samples keep 4 bits behind the point.
func scaleRow(dst []int32, row []byte, columns []taps) {
	for i, t := range columns {
		var r, g, b, a int32
		from := row[4*t.first:]
		for _, weight := range t.weights {
			pixel := from[:4:4]
			r += weight * int32(pixel[0])
			g += weight * int32(pixel[1])
			b += weight * int32(pixel[2])
			a += weight * int32(pixel[3])
			from = from[4:]
		}
		to := dst[4*i : 4*i+4 : 4*i+4]
		to[0], to[1], to[2], to[3] = r>>10, g>>10, b>>10, a>>10
	}
}

func accumulate(sums, row []int32, weight int32) {
	row = row[:len(sums)]
	for i := range sums {
		sums[i] += weight * row[i]
	}
}

// finishRow rounds a row's sums to bytes. The kernel overshoots at edges: a colour stays
// within its alpha, by which it is multiplied.
func finishRow(dst []byte, sums []int32) {
	for at := 0; at < len(sums); at += 4 {
		alpha := rounded(sums[at+3], 255)
		dst[at+3] = byte(alpha)
		for i := range 3 {
			dst[at+i] = byte(rounded(sums[at+i], alpha))
		}
	}
}

func rounded(sum, most int32) int32 { return min(max((sum+1<<17)>>18, 0), most) }
