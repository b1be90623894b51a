package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"confnotes/internal/recap"
	"confnotes/internal/schedule"
	"confnotes/models"
	"confnotes/templates"
)

// maxWho bounds the speakers that are read from a form.
const maxWho = 30

var clockPattern = regexp.MustCompile(`^([01]?\d|2[0-3]):[0-5]\d$`)

// showLine asks for a line pasted from a programme, and shows what was read from it to be
// put right.
func (s *Server) showLine(w http.ResponseWriter, r *http.Request, line string) error {
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	view := templates.Line{Page: page, Typed: strings.TrimSpace(line)}
	if view.Typed != "" {
		view.Read = readLine(view.Typed, page.Language)
	}
	return s.private(w, http.StatusOK, view)
}

// readLine reads a talk line of ours, or a title line as programmes have it.
func readLine(typed, language string) *templates.TitleLine {
	if l, ok := recap.ParseLine(typed); ok {
		return &templates.TitleLine{Kind: l.Kind, Time: l.Start, Room: l.Room, Speakers: strings.Join(l.Who, "\n")}
	}
	line := schedule.ParseTitleLine(typed)
	read := &templates.TitleLine{Title: line.Title, Kind: recap.KindName(line.Kind, language)}
	who := make([]string, len(line.Speakers))
	for i, sp := range line.Speakers {
		who[i] = recap.Speaker(sp.Name, sp.Role, sp.Affiliation)
	}
	read.Speakers = strings.Join(who, "\n")
	for _, d := range line.Doubts {
		read.Doubts = append(read.Doubts, doubtIDs[d])
	}
	return read
}

// doubtIDs are what to look at in a line that was read.
var doubtIDs = map[schedule.Doubt]string{schedule.DoubtDash: "line.doubt_dash", schedule.DoubtAlone: "line.doubt_alone",
	schedule.DoubtName: "line.doubt_name", schedule.DoubtShared: "line.doubt_shared"}

// startFromLine opens a new article that begins with the line as it was put right.
func (s *Server) startFromLine(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r.Context())
	if err != nil {
		return err
	}
	m := templates.Manuscript{ClientID: models.NewPublicID(), Title: oneLine(r.PostForm.Get("line_title")), Language: site.Language, Source: sourceOf(r.PostForm, site.Language)}
	return s.showEditor(w, r, http.StatusOK, &editor{action: templates.PathWrite}, m, nil)
}

func sourceOf(f url.Values, language string) string {
	l := recap.Line{Start: f.Get("line_time"), Kind: oneLine(f.Get("line_kind")), Room: oneLine(f.Get("line_room"))}
	if !clockPattern.MatchString(l.Start) {
		l.Start = ""
	}
	l.Kind = cmp.Or(l.Kind, recap.KindName(schedule.RegularTalk, language))
	for who := range strings.Lines(f.Get("line_speakers")) {
		if who = oneLine(who); who != "" && len(l.Who) < maxWho {
			l.Who = append(l.Who, who)
		}
	}
	return l.Markdown() + "\n\n"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
