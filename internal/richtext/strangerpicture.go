package richtext

import (
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
			var p StrangerPicture
			for _, a := range t.Attr {
				switch a.Key {
				case "src":
					p.URL, _, _ = webLink(a.Val)
				case "alt":
					p.Alt = a.Val
				}
			}
			if p.URL != "" {
				found = append(found, p)
			}
		}
	}
	return found
}
