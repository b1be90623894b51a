package vocab

import (
	"regexp"
	"slices"
	"strings"
)

// maxAbout is how many things an object is about. A recap is of a day; further ones are left
// out.
const maxAbout = 100

// About is something that an object is about: an IRI of any scheme, and the part of the object
// that is, "" for the whole of it.
type About struct{ IRI, Part string }

// maxEmojis is how many custom emoji are read of one object.
const maxEmojis = 64

// emojiName is what servers name an emoji: Mastodon takes letters, digits and "_" alone, Pleroma
// and Misskey "+" and "-" too.
var emojiName = regexp.MustCompile(`^[A-Za-z0-9_+-]{1,64}$`)

// Emoji is a picture of a server's own, that stands in a text for a name between colons.
type Emoji struct {
	Name string // without the colons
	URL  string
}

// readEmoji reads an Emoji (Mastodon's extension, http://joinmastodon.org/ns#Emoji).
func readEmoji(tag object) (Emoji, bool) {
	icon, ok := readAttachment(tag["icon"])
	e := Emoji{strings.Trim(tag.str("name"), ":"), icon.URL}
	return e, ok && icon.Picture && emojiName.MatchString(e.Name)
}

// readTags reads whom an object mentions, what it says that it is about, and its emoji.
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
		case tag.str("type") == "Emoji" && len(obj.Emojis) < maxEmojis:
			if e, ok := readEmoji(tag); ok {
				obj.Emojis = append(obj.Emojis, e)
			}
		}
	}
}
