package richtext

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
)

// BenchmarkRender reports, beside the time, how many times that of goldmark's bare
// conversion in the same run it is: a figure that another machine can compare.
func BenchmarkRender(b *testing.B) {
	source := recap(b)
	o := options("fr")
	Render(source, o)
	bare := goldmark.New()
	var inBare, inRender time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		var out bytes.Buffer
		if err := bare.Convert([]byte(source), &out); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		Render(source, o)
		inBare += middle.Sub(start)
		inRender += time.Since(middle)
	}
	b.ReportMetric(float64(inRender)/float64(inBare), "x-goldmark")
	b.ReportMetric(inRender.Seconds()*1000/float64(b.N), "ms/render")
}

// BenchmarkStranger has a reply as they come, and the shapes that make a tree
// builder quadratic: bytes a second should be alike.
func BenchmarkStranger(b *testing.B) {
	reply := `<p><span class="h-card" translate="no"><a href="https://notes.example/@gwen" class="u-url mention">@<span>gwen</span></a></span> merci pour le récap&nbsp;!</p>`
	for name, in := range map[string]string{
		"reply":              reply,
		"100 KB of replies":  strings.Repeat(reply, maxStranger/len(reply)),
		"100k nested divs":   strings.Repeat("<div>", 100_000),
		"100k nested bolds":  strings.Repeat("<b>", 100_000),
		"100k nested quotes": strings.Repeat("<blockquote>", 100_000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(min(len(in), maxStranger)))
			for b.Loop() {
				Stranger(in)
			}
		})
	}
}
