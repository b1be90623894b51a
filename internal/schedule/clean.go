package schedule

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// What one talk may have at most; the rest is left out, with a warning.
const (
	MaxSpeakers  = 100
	maxLinks     = 50
	maxLanguages = 8
)

// clean makes every text of a talk plain and bounded, and keeps only addresses that a
// browser may be led to.
func (b *builder) clean(line int, t *Talk) {
	name := label(*t)
	t.RawTitle, _ = cut(plainLine(t.RawTitle), maxTitleLine)
	for _, f := range []struct {
		name string
		text *string
	}{
		{"title", &t.Title}, {"subtitle", &t.Subtitle}, {"type", &t.RawType},
		{"room", &t.Room}, {"track", &t.Track}, {"guid", &t.GUID}, {"code", &t.Code}, {"UID", &t.UID}, {"id", &t.ID},
	} {
		*f.text = b.line(line, f.name+" of event "+name, *f.text)
	}
	for _, text := range []*string{&t.Abstract, &t.Description} {
		var short bool
		if *text, short = cut(plainText(*text), MaxText); short {
			b.warn(line, "event %s has a longer text than %d KB; its end is left out", name, MaxText/1000)
		}
	}
	if t.Description == t.Abstract {
		t.Description = ""
	}
	t.URL = b.address(line, name, t.URL)
	if t.Kind == "" {
		t.Kind = kindFrom(t.RawType, t.RawTitle, t.Track)
	}
	b.cleanSpeakers(line, name, t)
	b.cleanLinks(line, name, t)
}

func (b *builder) line(line int, what, s string) string {
	s, short := cut(plainLine(s), MaxLine)
	if short {
		b.warn(line, "%s is longer than %d characters; its end is left out", what, MaxLine)
	}
	return s
}

func (b *builder) address(line int, name, raw string) string {
	u := httpURL(raw, b.base)
	if u == "" && strings.TrimSpace(raw) != "" {
		b.warn(line, "event %s: %q is no web address; it is left out", name, raw)
	}
	return u
}

// kindFrom takes the organisers' word first, then how the title begins, then the track.
func kindFrom(rawType, title, track string) Kind {
	if k := kindOf(rawType); k != "" && k != RegularTalk {
		return k
	}
	if _, k := kindPrefix(title); k != "" {
		return k
	}
	if kindOf(rawType) == "" && rawType != "" {
		return Other
	}
	if k := kindOf(track); k == Keynote || k == Break || k == Lightning || k == BoF {
		return k
	}
	return RegularTalk
}

func (b *builder) cleanSpeakers(line int, name string, t *Talk) {
	if len(t.Speakers) > MaxSpeakers {
		b.warn(line, "event %s has %d speakers; %d are read", name, len(t.Speakers), MaxSpeakers)
		t.Speakers = t.Speakers[:MaxSpeakers]
	}
	kept := make([]Speaker, 0, len(t.Speakers))
	for _, s := range t.Speakers {
		for _, text := range []*string{&s.Name, &s.Role, &s.Affiliation, &s.GUID, &s.Code} {
			*text, _ = cut(plainLine(*text), MaxLine)
		}
		if s.Name == "" {
			b.warn(line, "event %s has a speaker without a name", name)
			continue
		}
		s.URL, s.Avatar = httpURL(s.URL, b.base), httpURL(s.Avatar, b.base)
		kept = append(kept, s)
	}
	t.Speakers = kept
}

func (b *builder) cleanLinks(line int, name string, t *Talk) {
	seen := map[string]bool{}
	kept := make([]Link, 0, len(t.Links))
	for _, l := range t.Links {
		address := b.address(line, name, l.URL)
		if address == "" || seen[address] {
			continue
		}
		if len(kept) == maxLinks {
			b.warn(line, "event %s has more than %d links; the rest is left out", name, maxLinks)
			break
		}
		seen[address] = true
		title, _ := cut(plainLine(l.Title), MaxLine)
		kept = append(kept, Link{address, title, linkType(string(l.Type), title, address)})
	}
	t.Links = kept
}

// languageNames are how people fill in a field for a language.
var languageNames = map[string]string{
	"english": "en", "anglais": "en", "englisch": "en", "inglés": "en", "french": "fr", "français": "fr", "francais": "fr", "französisch": "fr",
	"german": "de", "deutsch": "de", "allemand": "de", "spanish": "es", "español": "es", "espagnol": "es", "italian": "it", "italiano": "it",
	"italien": "it", "portuguese": "pt", "português": "pt", "dutch": "nl", "nederlands": "nl", "japanese": "ja", "日本語": "ja", "breton": "br",
	"brezhoneg": "br", "catalan": "ca", "català": "ca", "polish": "pl", "polski": "pl", "czech": "cs", "čeština": "cs",
}

// languages reads what a file says of a talk's.
func (b *builder) languages(line int, raw string) []string {
	raw, _ = cut(raw, MaxLine)
	tags, unknown := Languages(raw)
	for _, word := range unknown {
		b.warn(line, "%q is no language that is known here", word)
	}
	return tags
}

// Languages reads "de, en", "de/en" and "Français" as BCP 47 tags, each once, and returns
// what is no language that is known.
func Languages(raw string) (tags, unknown []string) {
	for _, word := range strings.FieldsFunc(raw, func(r rune) bool { return strings.ContainsRune(",;/&|+ ", r) }) {
		tag, err := language.Parse(word)
		if name, known := languageNames[strings.ToLower(word)]; known {
			tag, err = language.Make(name), nil
		}
		if err != nil || tag == language.Und {
			unknown = append(unknown, word)
			continue
		}
		if s := tag.String(); !slices.Contains(tags, s) && len(tags) < maxLanguages {
			tags = append(tags, s)
		}
	}
	return tags, unknown
}
