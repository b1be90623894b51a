package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// What ten photos of twelve megapixels that come in at once may take of a whole server.
const (
	photosAtOnce = 10
	memoryLimit  = 300 // MB
)

// phonePhoto is a JPEG of 4032 by 3024 with grain in it, which differs by its number.
func phonePhoto(t *testing.T, number byte) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 4032, 3024))
	seed := uint32(number) + 1
	for y := range 3024 {
		for x := range 4032 {
			seed = seed*1664525 + 1013904223
			grain := uint8(seed >> 28)
			img.SetRGBA(x, y, color.RGBA{uint8(120+80*math.Sin(float64(x)/310)) + grain, uint8(x+y) / 2, uint8(y) + grain, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTenPhotosAtOnceStayUnder300MB(t *testing.T) {
	t.Parallel()
	in := newPlain(t)
	in.program = swiftConfnotes // what people run
	in.addAuthor(t)
	in.start(t)
	defer in.process.stop(t)
	session := signInByForm(t, in, author, password)
	if session == nil {
		t.Fatal("signing in failed")
	}
	photo := phonePhoto(t, 0)
	before := peakMemory(t, in)
	var all sync.WaitGroup
	for n := range photosAtOnce {
		all.Go(func() {
			// A comment makes another file of the same picture, for the server to make ready again.
			data := bytes.Join([][]byte{photo[:2], {0xff, 0xfe, 0, 3, byte(n)}, photo[2:]}, nil)
			if status, answer, err := upload(in, session, data); err != nil || status != http.StatusCreated {
				t.Errorf("photo %d: %d %s, %v", n, status, answer, err)
			}
		})
	}
	all.Wait()
	peak := peakMemory(t, in)
	t.Logf("ten photos of %d kB each: the server's peak was %d MB, before them %d MB", len(photo)>>10, peak, before)
	if !raceDetector && peak > memoryLimit { // its shadow memory is not ours
		t.Errorf("the server took %d MB, more than %d", peak, memoryLimit)
	}
}

func upload(in *instance, session *http.Cookie, data []byte) (status int, answer string, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("picture", "photo.jpg")
	if err != nil {
		return 0, "", err
	}
	_, _ = part.Write(data) // memory doesn't fail
	if err := form.Close(); err != nil {
		return 0, "", err
	}
	req, err := http.NewRequest(http.MethodPost, in.baseURL+"/media", &body)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(session)
	patient := *in.client
	patient.Timeout = 10 * pageTime
	res, err := patient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// peakMemory is the most that the server ever held, in MB.
func peakMemory(t *testing.T, in *instance) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.process.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}
