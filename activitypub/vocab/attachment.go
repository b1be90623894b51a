package vocab

import "strings"

// maxAttachments is how many attachments are read; Mastodon sends four at most.
const maxAttachments = 16

// Attachment is a picture, a film or a file that goes with an object.
type Attachment struct {
	URL     string
	Alt     string // what it shows, in words
	Picture bool   // as far as its server says
}

// readAttachments reads a property that servers fill with Document, Image, Video,
// Audio, Link and what they invented.
func readAttachments(o object, property string) []Attachment {
	var all []Attachment
	for _, v := range o.list(property) {
		a, ok := readAttachment(v)
		if ok && len(all) < maxAttachments {
			all = append(all, a)
		}
	}
	return all
}

func readAttachment(v any) (Attachment, bool) {
	o, ok := v.(object)
	if !ok {
		s, _ := v.(string)
		return Attachment{URL: s}, isIRI(s)
	}
	a := Attachment{Alt: firstString(o, "name")}
	if a.Alt == "" {
		a.Alt = firstString(o, "summary")
	}
	kind := o.str("mediaType")
	if a.URL = o.str("href"); a.URL == "" {
		var linked string
		a.URL, linked = mediaLink(o)
		if kind == "" {
			kind = linked
		}
	}
	a.Picture = strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "image/svg") || kind == "" && firstString(o, "type") == "Image"
	return a, isIRI(a.URL)
}

// maxChoices is how many choices of a poll are read.
const maxChoices = 20

// choicesOf returns what a poll, as Mastodon sends it, lets one choose from.
func choicesOf(o object) (choices []string) {
	for _, property := range []string{"oneOf", "anyOf"} {
		for _, v := range o.list(property) {
			if choice, ok := v.(object); ok && choice.str("name") != "" && len(choices) < maxChoices {
				choices = append(choices, choice.str("name"))
			}
		}
	}
	return choices
}

// mediaLink returns the first URL of a picture or a file, which may be a string or a
// Link, and the type that the Link says.
func mediaLink(o object) (href, kind string) {
	for _, v := range o.list("url") {
		switch v := v.(type) {
		case string:
			return v, ""
		case object:
			return v.str("href"), v.str("mediaType")
		}
	}
	return "", ""
}

// iconOf returns where an actor's picture is, "" where it has none or says it isn't one.
func iconOf(o object) string {
	for _, v := range o.list("icon") {
		icon, ok := v.(object)
		if !ok {
			icon = object{"type": "Image", "url": v}
		}
		href, kind := mediaLink(icon)
		if t := icon.str("mediaType"); t != "" {
			kind = t
		}
		if isIRI(href) && !strings.HasPrefix(kind, "image/svg") {
			return href
		}
	}
	return ""
}
