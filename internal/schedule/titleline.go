package schedule

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// TitleLine is what "Keynote: Title - Speaker, Role, Company & Speaker, Company" says.
type TitleLine struct {
	Kind     Kind
	Title    string
	Speakers []Speaker
	Doubts   []Doubt // none: nothing but the usual was seen
}

// Doubt is a reason to look at what was read from a title line. Where there is none it
// can still be wrong: show it to somebody who knows.
type Doubt string

// What may be wrong.
const (
	// DoubtDash: a dash may stand in the title, or before speakers who weren't recognised.
	DoubtDash Doubt = "dash"
	// DoubtAlone: what was read as a name has neither role nor company, so it may be
	// the end of the title.
	DoubtAlone Doubt = "alone"
	// DoubtName: what was read as a company or a role may be another speaker, or the
	// other way round.
	DoubtName Doubt = "name"
	// DoubtShared: a company was given to several speakers because it stands after the last.
	DoubtShared Doubt = "shared"
)

var (
	dashes      = regexp.MustCompile(` +[-‒–—―] +`)
	parentheses = regexp.MustCompile(`\s*[(\[]([^()\[\]]{1,60})[)\]]\s*$`)
)

const (
	maxTitleLine = 1000
	maxDashes    = 3 // that are tried, from the end
)

// ParseTitleLine reads a title line as Sched's users write it. It never fails: what it
// can't read is the title.
func ParseTitleLine(line string) TitleLine {
	line, _ = cut(plainLine(line), maxTitleLine)
	line = withoutLevel(line)
	title, kind := kindPrefix(line)
	if kind == "" {
		kind = RegularTalk
	}
	if kind != Keynote { // "Table ronde : …" is a title, "Keynote: …" isn't
		title = line
	}
	out := TitleLine{Kind: kind, Title: title}
	at := dashes.FindAllStringIndex(title, -1)
	for _, dash := range slices.Backward(at[max(0, len(at)-maxDashes):]) {
		speakers, doubts, ok := parseSpeakers(title[dash[1]:])
		if !ok {
			continue
		}
		out.Title, out.Speakers, out.Doubts = title[:dash[0]], speakers, doubts
		if alone(speakers) {
			out.Doubts = append(out.Doubts, DoubtAlone)
		}
		if dash[0] != at[len(at)-1][0] {
			out.Doubts = append(out.Doubts, DoubtDash)
		}
		return out
	}
	out.Title = strings.TrimRight(title, " -–—")
	if len(at) > 0 {
		out.Doubts = []Doubt{DoubtDash}
	}
	return out
}

// parseNamesLine reads pretalx's form, in which what stands after the last dash is
// names and nothing else, or nothing.
func parseNamesLine(line string) TitleLine {
	_, kind := kindPrefix(line)
	out := TitleLine{Kind: kind, Title: strings.TrimSuffix(line, " -")}
	if i := strings.LastIndex(line, " - "); i >= 0 {
		out.Title = line[:i]
		for name := range strings.SplitSeq(line[i+3:], ", ") {
			out.Speakers = append(out.Speakers, Speaker{Name: name})
		}
	}
	return out
}

// kindPrefix takes "Sponsored Keynote:" and the like off a title. Every word before the
// colon has to be such a word: "Break the monolith: …" is no break.
func kindPrefix(title string) (rest string, kind Kind) {
	prefix, rest, ok := strings.Cut(title, ":")
	if !ok || len(prefix) > 60 {
		return title, ""
	}
	for _, w := range strings.Fields(strings.ToLower(prefix)) {
		if !prefixWords[strings.TrimSuffix(w, "\ufe0f")] { // an emoji's variation selector
			return title, ""
		}
	}
	if kind = kindOf(prefix); kind == "" {
		return title, ""
	}
	return strings.TrimSpace(rest), kind
}

// withoutLevel takes off "(Any Skill Level)".
func withoutLevel(line string) string {
	m := parentheses.FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	for _, w := range strings.Fields(strings.ToLower(line[m[2]:m[3]])) {
		if levelWords[w] {
			return line[:m[0]]
		}
	}
	return line
}

func alone(speakers []Speaker) bool {
	for _, s := range speakers {
		if s.Role != "" || s.Affiliation != "" {
			return false
		}
	}
	return true
}

// roleAndAffiliation reads "Staff Engineer, Lighthouse Data, Inc." and "CTO at Foo".
func roleAndAffiliation(line string) (role, affiliation string) {
	var p person
	for _, part := range joinForms(strings.Split(line, ",")) {
		p.give(part)
	}
	return strings.Join(p.role, ", "), strings.Join(p.company, ", ")
}

// joinForms joins "Inc." and "PhD" to what they belong to, and drops empty parts.
func joinForms(parts []string) []string {
	var out []string
	for _, part := range parts {
		part = strings.TrimSpace(part)
		lower := strings.ToLower(part)
		switch {
		case part == "":
		case len(out) > 0 && (companyForms[lower] || nameSuffixes[lower]):
			out[len(out)-1] += ", " + part
		default:
			out = append(out, part)
		}
	}
	return out
}

// looksLikeRole reports whether a part has a word for what somebody does.
func looksLikeRole(part string) bool {
	for _, w := range wordsOf(part) {
		if roleWords[w] {
			return true
		}
	}
	return false
}

// looksLikeCompany reports whether a part can't be a person's name.
func looksLikeCompany(part string) bool {
	list := wordsOf(part)
	if len(list) < 2 || wellKnown[strings.Join(list, "-")] {
		return true
	}
	for i, w := range list {
		if companyWords[w] || i > 0 && companyForms[w] {
			return true
		}
	}
	return !looksLikeName(part)
}

// wordsOf are the words in lower case, without the punctuation around them.
func wordsOf(part string) []string {
	list := strings.FieldsFunc(strings.ToLower(part), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",/()|:", r) })
	for i, w := range list {
		if !companyForms[w] {
			list[i] = strings.Trim(w, ".!?")
		}
	}
	return list
}

// looksLikeName reports whether a part is shaped like a person's name: two to six words
// with capitals, but for particles; any script without capitals will do.
func looksLikeName(part string) bool {
	list := strings.Fields(strings.TrimRight(part, "."))
	if len(list) > 6 || len(part) > 80 || strings.ContainsAny(part, `:;!?"“”«»@#&/|+=*…`) {
		return false
	}
	if len(list) > 0 && (notNames[strings.ToLower(list[0])] || companyForms[strings.ToLower(list[len(list)-1])]) {
		return false
	}
	for _, w := range list {
		first := []rune(strings.TrimLeft(w, "'’(-"))
		if len(first) == 0 || strings.ContainsAny(w, "0123456789") || notNames[strings.ToLower(w)] && !nameParticles[strings.ToLower(w)] {
			return false
		}
		lower := unicode.IsLower(first[0])
		if lower && !nameParticles[strings.ToLower(w)] && !strings.ContainsAny(w, "'’-") || !unicode.IsLetter(first[0]) {
			return false
		}
	}
	return len(list) >= 2 || len(list) == 1 && isCaseless(part)
}

// isCaseless: names in Chinese, Japanese or Korean have no spaces and no capitals.
func isCaseless(s string) bool {
	for _, r := range s {
		if unicode.IsUpper(r) || unicode.IsLower(r) || !unicode.IsLetter(r) {
			return false
		}
	}
	return s != "" && len([]rune(s)) <= 6
}
