package recap

import (
	"regexp"
	"strings"

	"confnotes/internal/richtext"
)

// Section is a part of a recap: words, or a note that stands there. In the recap's source
// a note is a line of its own, {{note ID}} or {{note ID whole}}: so a recap is one text,
// and versions, conflicts and files are those of every article.
type Section struct {
	Text  string // Markdown, of words
	Note  string // public id of a note; "" for words
	Whole bool   // though it was published alone, its text and not a link stands here
}

var noteLine = regexp.MustCompile(`^\{\{note ([A-Za-z0-9_-]{1,64})( whole)?\}\}[ \t]*$`)

// ReadSections parts a recap's source.
func ReadSections(source string) []Section {
	var sections []Section
	var text strings.Builder
	flush := func() {
		if words := strings.Trim(text.String(), "\n"); strings.TrimSpace(words) != "" {
			sections = append(sections, Section{Text: words})
		}
		text.Reset()
	}
	var in fence
	for line := range strings.Lines(source) {
		m := noteLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if in.passes(line) || m == nil {
			text.WriteString(line)
			continue
		}
		flush()
		sections = append(sections, Section{Note: m[1], Whole: m[2] != ""})
	}
	flush()
	return sections
}

// WriteSections is the source that ReadSections reads.
func WriteSections(sections []Section) string {
	blocks := make([]string, len(sections))
	for i, s := range sections {
		blocks[i] = strings.Trim(s.Text, "\n")
		if s.Note != "" {
			blocks[i] = s.Line()
		}
	}
	return join(blocks)
}

// Line is the line of a note in the source.
func (s Section) Line() string {
	if s.Whole {
		return "{{note " + s.Note + " whole}}"
	}
	return "{{note " + s.Note + "}}"
}

// fence follows the lines of a text in and out of fenced code.
type fence struct{ mark string }

var fenceLine = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})")

// passes says whether a line is code, or opens or closes it.
func (f *fence) passes(line string) bool {
	m := fenceLine.FindStringSubmatch(line)
	switch {
	case f.mark == "" && m != nil:
		f.mark = m[1]
		return true
	case f.mark != "" && m != nil && strings.HasPrefix(m[1], f.mark) && strings.TrimSpace(line) == m[1]:
		f.mark = ""
		return true
	}
	return f.mark != ""
}

var (
	heading    = regexp.MustCompile(`^ {0,3}#{1,5}[ \t]`)
	footnote   = regexp.MustCompile(`\[\^([^\]\s]+)\]`)
	definition = regexp.MustCompile(`^ {0,3}\[([^\]^][^\]]*)\]:[ \t]`)
)

// embed fits a note's text into a recap: its headings stand below the talk's, and what it
// names by labels, footnotes and links, doesn't meet another note's.
func embed(text, prefix string) string {
	labels := map[string]bool{}
	var in fence
	for line := range strings.Lines(text) {
		if in.passes(line) {
			continue
		}
		if m := definition.FindStringSubmatch(line); m != nil && !richtext.IsTimeMark(strings.TrimLeft(line, " ")) {
			labels[m[1]] = true
		}
	}
	var b strings.Builder
	in = fence{}
	for line := range strings.Lines(text) {
		if in.passes(line) {
			b.WriteString(line)
			continue
		}
		if heading.MatchString(line) {
			line = strings.Replace(line, "#", "##", 1)
		}
		line = footnote.ReplaceAllString(line, "[^"+prefix+"$1]")
		for label := range labels {
			line = strings.ReplaceAll(line, "]["+label+"]", "]["+prefix+label+"]")
			if strings.HasPrefix(strings.TrimLeft(line, " "), "["+label+"]:") {
				line = strings.Replace(line, "["+label+"]:", "["+prefix+label+"]:", 1)
			}
			line = strings.ReplaceAll(line, "["+label+"][]", "["+label+"]["+prefix+label+"]")
		}
		b.WriteString(line)
	}
	return b.String()
}
