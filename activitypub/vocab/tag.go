package vocab

import "slices"

// maxAbout is how many things an object is about. A recap is of a day; further ones are left
// out.
const maxAbout = 100

// About is something that an object is about: an IRI of any scheme, and the part of the object
// that is, "" for the whole of it.
type About struct{ IRI, Part string }

// readTags reads whom an object mentions, and what it says that it is about.
func readTags(o object, obj *ReceivedObject) {
	for _, v := range o.list("tag") {
		tag, ok := v.(object)
		if !ok {
			continue
		}
		switch href := tag.str("href"); {
		case tag.str("type") == "Mention" && isIRI(href):
			obj.Mentions = append(obj.Mentions, href)
		case tag.str("type") == "Link" && slices.Contains(tag.list("rel"), any(RelAbout)) && href != "" && len(href) <= maxIRI && len(obj.About) < maxAbout:
			obj.About = append(obj.About, About{href, idOf(tag)})
		}
	}
}
