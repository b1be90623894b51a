package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// photo is as large as a phone's pictures, with enough going on to fill megabytes.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			grain := float64(seed>>24)/8 - 16
			at := m.PixOffset(x, y)
			m.Pix[at] = uint8(120 + 80*math.Sin(float64(x)/310) + grain)
			m.Pix[at+1] = uint8(120 + 80*math.Sin(float64(y)/170) + grain)
			m.Pix[at+2] = uint8(120 + 80*math.Cos(float64(x+y)/230) + grain)
			m.Pix[at+3] = 255
		}
	}
	return m
}

// peakEnv makes the test binary a child that processes a file some times at once.
const peakEnv = "CONFNOTES_MEDIA_PEAK"

func TestMain(m *testing.M) {
	if job := os.Getenv(peakEnv); job != "" {
		if err := peakChild(job); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// peakChild prints the most memory that this process ever held, in kB.
func peakChild(job string) error {
	count, file, _ := strings.Cut(job, ":")
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	p := NewProcessor()
	var all sync.WaitGroup
	errs := make(chan error, n)
	for range n {
		all.Go(func() {
			data, err := os.ReadFile(file) // each upload has its own bytes
			if err == nil {
				_, err = p.Process(context.Background(), data)
			}
			errs <- err
		})
	}
	all.Wait()
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(strings.Fields(rest)[0])
	return nil
}

// peak returns the most memory, in MB, that a process takes for a file n times at once.
func peak(t testing.TB, n int, file string) float64 {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), peakEnv+"="+strconv.Itoa(n)+":"+file)
	var complaint bytes.Buffer
	child.Stderr = &complaint
	out, err := child.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	kb, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return float64(kb) / 1024
}

// peakLimit is what ten photos of twelve megapixels at once may take, in MB. HEIC is
// beyond it: its decoder alone takes two to five hundred.
const peakLimit = 300

// BenchmarkPeak measures whole processes. CONFNOTES_MEDIA_FILES may name a folder of photos to measure as well.
func BenchmarkPeak(b *testing.B) {
	dir := os.Getenv("CONFNOTES_MEDIA_FILES")
	if dir == "" {
		dir = b.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "photo.jpg"), jpegOf(b, photo(4032, 3024)), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range files {
		for _, n := range []int{1, 10} {
			b.Run(fmt.Sprintf("%s/%d", filepath.Base(file), n), func(b *testing.B) {
				var most float64
				for b.Loop() {
					most = max(most, peak(b, n, file))
				}
				b.ReportMetric(most, "peak-MB")
				if most > peakLimit && filepath.Ext(file) != ".heic" {
					b.Errorf("%.0f MB, more than %d", most, peakLimit)
				}
			})
		}
	}
}
