package richtext

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A time mark, [12:34] or [1:02:34], says how far into its talk something was said. Under
// a talk line that has the link to a recording, it leads there.

var kindMoment = ast.NewNodeKind("Moment")

type moment struct {
	ast.BaseInline
	written string // 12:34
	seconds int    // since the talk began
	href    string // into the recording; "" while there is none
}

func (*moment) Kind() ast.NodeKind              { return kindMoment }
func (n *moment) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// momentPattern reads minutes and seconds, or hours, minutes and seconds. What follows
// would make it the label of a link.
var momentPattern = regexp.MustCompile(`^\[((?:(\d{1,2}):([0-5]\d)|(\d{1,3})):([0-5]\d))\](?:[^(\[]|$)`)

// IsTimeMark says whether a text begins with a time mark.
func IsTimeMark(text string) bool { return momentPattern.MatchString(text) }

// momentParser reads time marks.
type momentParser struct{}

func (momentParser) Trigger() []byte { return []byte{'['} }

func (momentParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := momentPattern.FindSubmatch(line)
	if m == nil || block.PrecendingCharacter() == '!' {
		return nil
	}
	n := &moment{written: string(m[1])}
	for _, part := range []struct {
		digits []byte
		unit   int
	}{{m[2], 3600}, {m[3], 60}, {m[4], 60}, {m[5], 1}} {
		value, _ := strconv.Atoi(string(part.digits)) // none is 0
		n.seconds += value * part.unit
	}
	block.Advance(len(n.written) + len("[]"))
	return n
}

// definitions reads CommonMark's link definitions, but leaves a paragraph that begins with
// a time mark and a colon: "[12:34]: demo" would else define a link, and show nothing.
type definitions struct{}

func (definitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	first := node.Lines().At(0)
	if IsTimeMark(strings.TrimLeft(string(first.Value(reader.Source())), " ")) {
		return
	}
	parser.LinkReferenceParagraphTransformer.Transform(node, reader, pc)
}

// recordingNames are what links to recordings are called in talk lines, those that
// confnotes makes among them; a second one has a number.
var recordingNames = regexp.MustCompile(`(?i)^(?:video|vidéo|recording|enregistrement|replay|rediffusion)(?: \d+)?$`)

// recordingOf is the address of the first recording among the links of a talk line.
func recordingOf(links [][]ast.Node, source []byte) string {
	for _, part := range links {
		if link := part[0].(*ast.Link); recordingNames.MatchString(plainNode(link, source)) {
			return string(link.Destination)
		}
	}
	return ""
}

func (r *resolution) moment(n *moment) {
	// Footnotes stand at the end, under the line of another talk.
	if r.recording != "" && !within(n, ast.KindLink, ast.KindImage) && !under(n, extast.KindFootnote) {
		n.href, _, _ = webLink(RecordingAt(r.recording, n.seconds))
	}
}

func renderMoment(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*moment)
	if n.href == "" {
		_, _ = w.WriteString(`<span class="moment">` + n.written + `</span>`)
	} else {
		_, _ = w.WriteString(`<a href="` + escape(n.href) + `" class="moment" rel="` + relOwn + `">` + n.written + `</a>`)
	}
	return ast.WalkContinue, nil
}

var peertubeWatch = regexp.MustCompile(`^/(?:w|videos/watch)/[A-Za-z0-9-]+$`)

// recordingHosts are the sites whose links into a video aren't Media Fragments: the name
// of the parameter, and how it is written.
var recordingHosts = map[string]struct {
	parameter string
	write     func(seconds int) string
}{
	"youtube.com": {"t", strconv.Itoa}, "youtu.be": {"t", strconv.Itoa},
	"twitch.tv": {"t", hms}, "dailymotion.com": {"start", strconv.Itoa},
}

// RecordingAt is the address of a moment in a recording: seconds after where its address
// leads already, since a day's stream is linked at the start of a talk. Sites have their
// own ways; every other address gets the fragment that players of files know
// (W3C Media Fragments URI 1.0 section 4.2.1).
func RecordingAt(address string, seconds int) string {
	rest, fragment, _ := strings.Cut(address, "#")
	page, query, _ := strings.Cut(rest, "?")
	host, path := hostAndPath(page)
	way, own := recordingHosts[host]
	if !own && peertubeWatch.MatchString(path) {
		way.parameter, way.write, own = "start", hms, true
	}
	params := strings.Split(query, "&")
	kept := params[:0:0]
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		if own && (name == "t" || name == "start" || name == "time_continue") {
			seconds += offset(value)
		} else if p != "" {
			kept = append(kept, p)
		}
	}
	if value, ok := strings.CutPrefix(fragment, "t="); ok {
		seconds += offset(value)
		fragment = ""
	}
	if own {
		kept = append(kept, way.parameter+"="+way.write(seconds))
	}
	if len(kept) > 0 {
		page += "?" + strings.Join(kept, "&")
	}
	switch {
	case !own:
		fragment = "t=" + strconv.Itoa(seconds)
	case fragment == "":
		return page
	}
	return page + "#" + fragment
}

// hostAndPath parts an address before its query; the site's www or m is the site.
func hostAndPath(page string) (host, path string) {
	_, rest, _ := strings.Cut(page, "://")
	host, path, _ = strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(host), "www."), "m.")
	return host, "/" + path
}

func hms(seconds int) string {
	return strconv.Itoa(seconds/3600) + "h" + strconv.Itoa(seconds/60%60) + "m" + strconv.Itoa(seconds%60) + "s"
}

var (
	offsetUnits = regexp.MustCompile(`^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$`)
	offsetClock = regexp.MustCompile(`^(?:npt:)?(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(?:\.\d*)?(?:,.*)?$`)
)

// offset reads where an address leads in a recording, in seconds: 3723, 3723s, 1h2m3s,
// 1:02:03, and the beginning of 10,20. What can't be read is its start.
func offset(value string) (seconds int) {
	m := offsetUnits.FindStringSubmatch(value)
	if m == nil {
		m = offsetClock.FindStringSubmatch(value)
	}
	if m == nil {
		return 0
	}
	for i, unit := range []int{3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+1]) // none is 0
		seconds += n * unit
	}
	return seconds
}
