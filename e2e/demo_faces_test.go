package e2e

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // faces are JPEG files
	"regexp"
	"strings"
	"testing"

	"confnotes/internal/demo"
	"confnotes/internal/demo/draw"
)

var (
	writtenBy   = regexp.MustCompile(`<bdi>@([a-z]+)@(localhost:[0-9]+)</bdi>`)
	faceImg     = regexp.MustCompile(`<img class="avatar" src="([^"]+)"`)
	portraitImg = regexp.MustCompile(`<img class="portrait u-photo" src="([^"]+)"`)
)

// faceless lists who has no face on a page of home where they should, and what a page
// would have a reader's browser fetch from elsewhere. It returns the faces of those who
// answer from away, by handle.
func faceless(page, home, away string) (found []string, faces map[string]string) {
	faces = map[string]string{}
	if n := strings.Count(page, `<span class="avatar"`); n > 0 {
		found = append(found, fmt.Sprintf("%d people are letters instead of a face", n))
	}
	for _, img := range imgTag.FindAllString(page, -1) {
		if src := srcOf.FindStringSubmatch(img); src == nil || !strings.HasPrefix(src[1], "/") && !strings.HasPrefix(src[1], home+"/") {
			found = append(found, "not from here: "+img)
		}
	}
	for i, reply := range strings.Split(page, ` id="reply-`) {
		if i == 0 {
			continue
		}
		who, face := writtenBy.FindStringSubmatch(reply), faceImg.FindStringSubmatch(reply)
		switch {
		case face == nil:
			found = append(found, "a reply without a face: "+reply[:min(len(reply), 80)])
		case who != nil && home != "http://"+who[2]:
			faces[who[1]] = face[1]
			if "http://"+who[2] != away || !strings.HasPrefix(face[1], home+"/media/copies/") {
				found = append(found, who[0]+" has no face that is copied here: "+face[1])
			}
		}
	}
	return found, faces
}

// checkFaces looks at everybody on the pages of the first server.
func (d *demonstration) checkFaces(t *testing.T) {
	t.Helper()
	copies, read := map[string]string{}, ""
	for _, e := range demo.Story() {
		if e.Does != demo.Publish {
			continue
		}
		_, page := d.fetch(t, d.path(t, e), "text/html")
		complaints, faces := faceless(page, d.home, d.away)
		for _, c := range complaints {
			t.Errorf("%s: %s", d.path(t, e), c)
		}
		for handle, src := range faces {
			copies[handle], read = src, page
		}
	}
	for _, p := range demo.Away().People {
		d.recognise(t, p.Handle, copies[p.Handle])
	}
	for _, p := range demo.Home().People {
		_, page := d.fetch(t, "/@"+p.Handle, "text/html")
		complaints, _ := faceless(page, d.home, d.away)
		if src := portraitImg.FindStringSubmatch(page); src == nil || len(complaints) > 0 {
			t.Errorf("the page of %s shows the portrait %v, and %v", p.Handle, src, complaints)
		} else {
			d.recognise(t, p.Handle, src[1])
		}
	}
	d.checkFaceless(t, read)
}

// checkFaceless shows mutants of a page that is sound to the check of faces.
func (d *demonstration) checkFaceless(t *testing.T, page string) {
	t.Helper()
	for name, mutant := range map[string]string{
		"letters for a face":     faceImg.ReplaceAllString(page, `<span class="avatar"`),
		"a face from elsewhere":  strings.ReplaceAll(page, d.home+"/media/copies/", d.away+"/media/"),
		"a picture of elsewhere": page + `<img alt="" src="https://far.example/x.png">`,
		"a face not copied":      strings.ReplaceAll(page, "/media/copies/", "/media/"),
	} {
		if found, _ := faceless(mutant, d.home, d.away); len(found) == 0 || mutant == page {
			t.Errorf("the check can't fail: it takes a page with %s", name)
		}
	}
}

// recognise fetches a face and says whose portrait it is: nobody may have another's.
func (d *demonstration) recognise(t *testing.T, handle, src string) {
	t.Helper()
	if src == "" {
		t.Errorf("%s answers nowhere", handle)
		return
	}
	_, file := d.fetch(t, src, "image/*")
	face, _, err := image.Decode(bytes.NewReader([]byte(file)))
	if err != nil || face.Bounds().Dx() != face.Bounds().Dy() {
		t.Errorf("%s of %s is no square picture: %v", src, handle, err)
		return
	}
	closest, least := "", 1<<62
	for _, p := range append(demo.Home().People, demo.Away().People...) {
		drawn, err := draw.Draw(p.Handle)
		if err != nil {
			t.Fatal(err)
		}
		if far := distance(face, drawn); far < least {
			closest, least = p.Handle, far
		}
	}
	if closest != handle {
		t.Errorf("%s has the face of %s", handle, closest)
	}
}

// distance is how different two squares are, looked at in 32 by 32 places.
func distance(a, b image.Image) (sum int) {
	const places = 32
	at := func(m image.Image, x, y int) [3]int {
		side := m.Bounds().Dx()
		r, g, b, _ := m.At(m.Bounds().Min.X+(2*x+1)*side/(2*places), m.Bounds().Min.Y+(2*y+1)*side/(2*places)).RGBA()
		return [3]int{int(r), int(g), int(b)}
	}
	for i := range places * places {
		p, q := at(a, i%places, i/places), at(b, i%places, i/places)
		for c := range p {
			sum += max(p[c]-q[c], q[c]-p[c])
		}
	}
	return sum
}
