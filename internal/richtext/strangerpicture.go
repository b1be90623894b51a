package richtext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// StrangerPicture is a picture in a stranger's HTML, of which Stranger leaves nothing.
type StrangerPicture struct{ URL, Alt string }

// StrangerPictures are the first pictures of some HTML that have an address on the web.
func StrangerPictures(s string, limit int) (found []StrangerPicture) {
	z := html.NewTokenizer(strings.NewReader(truncate(s, maxStranger)))
	for len(found) < limit {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "img" {
				continue
			}
			p := pictureOf(t)
			if p.URL != "" {
				found = append(found, p)
			}
		}
	}
	return found
}

// pictureOf reads an <img>; its URL is "" where that isn't on the web.
func pictureOf(t html.Token) (p StrangerPicture) {
	for _, a := range t.Attr {
		switch a.Key {
		case "src":
			p.URL, _, _ = webLink(a.Val)
		case "alt":
			p.Alt = a.Val
		}
	}
	return p
}

// picture marks where one of the article's pictures stood, once. Within a list or a
// quotation it is left out: parts are whole.
func (w *strangerWriter) picture(t html.Token) {
	n := slices.Index(w.pictures, pictureOf(t).URL)
	if n < 0 || w.placed[n] || slices.ContainsFunc(w.open, func(e element) bool { return e.role == block && e.name != "p" || e.role == item }) {
		return
	}
	w.closeTo(0)
	mark := `<hr class="picture-` + strconv.Itoa(n) + `">`
	if !w.fits(len(mark)) {
		return
	}
	w.placed[n] = true
	w.out.WriteString(mark)
	w.newLine()
}

// StrangerPart is a piece of a stranger's article: HTML, or the picture with a number.
type StrangerPart struct {
	HTML    string
	Picture int // where HTML is ""
}

var pictureMark = regexp.MustCompile(`<hr class="picture-([0-9]{1,3})">`)

// StrangerParts takes apart what StrangerArticle returned, at its marks.
func StrangerParts(s string) (parts []StrangerPart) {
	from := 0
	for _, at := range pictureMark.FindAllStringSubmatchIndex(s, -1) {
		if text := s[from:at[0]]; strings.TrimSpace(text) != "" {
			parts = append(parts, StrangerPart{HTML: text})
		}
		n, _ := strconv.Atoi(s[at[2]:at[3]]) // three digits
		parts = append(parts, StrangerPart{Picture: n})
		from = at[1]
	}
	if strings.TrimSpace(s[from:]) != "" {
		parts = append(parts, StrangerPart{HTML: s[from:]})
	}
	return parts
}
