package schedule

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a field may have at most, in bytes. What is longer is cut, with a warning.
const (
	MaxLine = 500
	MaxText = 20_000
	MaxURL  = 2_000
)

// plainLine makes one line of plain text of what may be HTML.
func plainLine(s string) string {
	s = stripTags(s)
	var out strings.Builder
	out.Grow(len(s))
	for _, r := range s {
		switch {
		case !unicode.IsSpace(r):
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), " "):
			out.WriteByte(' ')
		}
	}
	return noTags(strings.TrimSuffix(out.String(), " "))
}

// plainText makes plain text with paragraphs of what may be HTML. Markdown stays as it
// was typed.
func plainText(s string) string {
	lines := strings.Split(stripTags(s), "\n")
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return noTags(strings.TrimSpace(strings.Join(out, "\n")))
}

// stripTags takes the tags out and the entities apart.
func stripTags(s string) string {
	s = strings.Map(printable, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD"))
	if !strings.Contains(s, "<") || !strings.Contains(s, ">") {
		return html.UnescapeString(s)
	}
	t := stripper{z: nethtml.NewTokenizer(strings.NewReader(s))}
	for {
		switch t.z.Next() {
		case nethtml.ErrorToken:
			t.out.Write(t.z.Raw()) // a tag that never ends is a "<" in a sentence
			return strings.Map(printable, t.out.String())
		case nethtml.TextToken:
			if t.silent == 0 {
				t.out.Write(t.z.Text())
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t.tag(false)
		case nethtml.EndTagToken:
			t.tag(true)
		}
	}
}

// stripper writes what stands for HTML in plain text.
type stripper struct {
	out    strings.Builder
	z      *nethtml.Tokenizer
	silent atom.Atom // the element whose content isn't text
	href   string    // where the link leads that is open
	linked int       // where its text begins
}

func (t *stripper) tag(end bool) {
	raw := string(t.z.Raw())
	name, attrs := t.z.TagName()
	switch tag := atom.Lookup(name); tag {
	case 0:
		t.unknown(raw)
	case atom.Script, atom.Style, atom.Iframe:
		if t.silent = tag; end {
			t.silent = 0
		}
	case atom.A:
		t.link(end, attrs)
	case atom.Br, atom.Tr, atom.Dt, atom.Dd:
		t.out.WriteString("\n")
	case atom.Li:
		if !end {
			t.out.WriteString("\n- ")
		}
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Section:
		t.out.WriteString("\n\n")
	case atom.Td, atom.Th:
		t.out.WriteString(" ")
	}
}

// unknown keeps what is no tag: "Vec<T>", and the address of Markdown's "<https://…>".
func (t *stripper) unknown(raw string) {
	if address := httpURL(strings.Trim(raw, "<>"), ""); address != "" {
		raw = address
	}
	t.out.WriteString(raw)
}

// link writes the address after a link's text, unless it is the text.
func (t *stripper) link(end, attrs bool) {
	if end {
		if t.href != "" && !strings.Contains(t.out.String()[t.linked:], t.href) {
			t.out.WriteString(" (" + t.href + ")")
		}
		t.href = ""
		return
	}
	t.href, t.linked = "", t.out.Len()
	for attrs {
		var key, value []byte
		if key, value, attrs = t.z.TagAttr(); string(key) == "href" {
			t.href = httpURL(string(value), "")
		}
	}
}

// printable drops what changes how other text is shown: control characters, and the
// marks that turn the direction of writing.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\u2028' || r == '\u2029' || r == '\r':
		return '\n'
	case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
		return -1
	}
	return r
}

// noTags keeps what still looks like a tag from being one: "&lt;script&gt;" was written
// to show a tag, and is shown between single angle quotes.
func noTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var out strings.Builder
	open := 0
	for i, r := range s {
		switch {
		case r == '<' && opensTag(s[i+1:]):
			out.WriteRune('‹')
			open++
		case r == '>' && open > 0:
			out.WriteRune('›')
			open--
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// opensTag reports whether what follows a "<" makes it a tag for some parser.
func opensTag(rest string) bool {
	return rest != "" && (rest[0] == '/' || rest[0] == '!' || rest[0] == '?' || rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z')
}

// cut shortens a text to at most limit bytes of whole characters.
func cut(s string, limit int) (string, bool) {
	if len(s) <= limit {
		return s, false
	}
	limit -= len("…")
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimSpace(s[:limit]) + "…", true
}

// httpURL returns an address if a browser may be led there, resolved against the base.
func httpURL(raw, base string) string {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err != nil || raw == "" || len(raw) > MaxURL {
		return ""
	}
	if b, err := url.Parse(base); err == nil && base != "" {
		u = b.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	out := u.String()
	if len(out) > MaxURL || strings.ContainsAny(out, "<>\"`\\ ") || strings.IndexFunc(out, unicode.IsControl) >= 0 {
		return ""
	}
	return out
}
