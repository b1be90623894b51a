package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestHTMLBecomesTextThatReadsAsWell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain & simple":                                      "plain & simple",
		"one\r\n\r\n\r\n\r\ntwo\nthree":                       "one\n\ntwo\nthree",
		"<p>one</p><p>two<br>three</p>":                       "one\n\ntwo\nthree",
		"<ul><li>one</li><li>two</li></ul>end":                "- one\n- two\n\nend",
		"a &lt;b&gt; c &amp;lt; d":                            "a ‹b› c &lt; d",
		"if a <b or c> d":                                     "if a  d",
		"if a < b or a <3":                                    "if a < b or a <3",
		"a <b that never ends":                                "a ‹b that never ends",
		"Vec<String> and <T>":                                 "Vec‹String› and ‹T›",
		"see <https://k.example/a?b=c>":                       "see https://k.example/a?b=c",
		`see <a href="https://k.example/">it</a>`:             "see it (https://k.example/)",
		`<a href="https://k.example/">https://k.example/</a>`: "https://k.example/",
		`<a href="javascript:alert(1)">it</a>`:                "it",
		"x<script>alert(1)</script>y":                         "xy",
		"x<style>p{}</style>y<!-- z -->":                      "xy",
		"**bold** and\n- a list":                              "**bold** and\n- a list",
		"evil \u202etxt.exe \x1b[31m":                         "evil txt.exe [31m",
		"a\u2028b":                                            "a\nb",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
	if got := plainLine(" a\n\t<b>b</b>\u00a0 c "); got != "a b c" {
		t.Errorf("a line is %q", got)
	}
}

func TestOnlyAddressesThatABrowserMayFollowAreKept(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://k.example/a b": "https://k.example/a%20b", " http://k.example ": "http://k.example", "/media/x.pdf": "https://k.example/media/x.pdf",
		"//cdn.example/x": "https://cdn.example/x", "javascript:alert(1)": "", "data:text/html,x": "", "mailto:a@b.example": "", "ftp://k.example": "",
		"https://user:pw@k.example/": "", "https://": "", "": "", "https://k.example/?<b>": "", "https://k.example/\x00": "", "https://k.example/" + strings.Repeat("x", MaxURL): "",
	} {
		if got := httpURL(in, "https://k.example/"); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestALongTextIsCutBetweenLettersAndTold(t *testing.T) {
	t.Parallel()
	s := mustRead(t, xmlFile(`<event guid="g"><title>`+strings.Repeat("é", MaxLine)+`</title><date>2026-06-11T09:00:00+02:00</date><duration>1</duration><abstract>`+strings.Repeat("é", MaxText)+`</abstract></event>`), Options{})
	holds(t, s)
	if n := len(s.Talks[0].Title); n > MaxLine || !strings.HasSuffix(s.Talks[0].Title, "é…") {
		t.Errorf("the title has %d bytes", n)
	}
	if w := warnings(s); !strings.Contains(w, "longer than 500") || !strings.Contains(w, "a longer text than 20 KB") {
		t.Error(w)
	}
}

func TestWarningsEnd(t *testing.T) {
	t.Parallel()
	s := mustRead(t, xmlFile(strings.Repeat(`<event><title>a</title><date>2026-06-11T09:00:00+02:00</date><language>x1 x2 x3 x4</language></event>`, 300)), Options{})
	if len(s.Warnings) != maxWarnings+1 {
		t.Errorf("%d warnings", len(s.Warnings))
	}
}

func TestKindsAreReadFromWhatOrganisersCallThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Kind{
		"Keynote": Keynote, "KEYNOTES": Keynote, "Plénière": Keynote, "Talk (long)": RegularTalk, "lecture": RegularTalk, "Lightning talk": Lightning,
		"Éclair": Lightning, "Hands-on Lab": Workshop, "Atelier": Workshop, "Tutorial": Workshop, "Table ronde": Panel, "Round table": Panel,
		"Birds of a Feather": BoF, "Coffee Break": Break, "Pause café": Break, "Déjeuner / Lunch": Break, "Breakout": RegularTalk,
		"Breakout Session": RegularTalk, "Plateforme": "", "Stalk": "", "": "", "Données & IA": "", "Confiance": "",
	} {
		if got := kindOf(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestALinkIsWhatTheFileSaysOrWhatItLooksLike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		declared, title, address string
		want                     LinkType
	}{
		{"slides", "x", "https://k.example/a.mp4", Slides},
		{"media", "", "https://k.example/a", Video},
		{"attachment", "Folien", "https://k.example/a", Slides},
		{"attachment", "", "https://k.example/a.pdf", Slides},
		{"", "", "https://k.example/a.pdf", Web},
		{"", "Diapos", "https://k.example/a", Slides},
		{"", "", "https://k.example/a.odp", Slides},
		{"", "Vidéo", "https://k.example/a", Video},
		{"", "", "https://peertube.example/w/1", Video},
		{"related", "White paper", "https://k.example/a", Paper},
		{"related", "", "https://codeberg.org/k/a", Code},
		{"web", "my blog", "https://k.example/", Web},
	} {
		if got := linkType(tt.declared, tt.title, tt.address); got != tt.want {
			t.Errorf("%+v is %s", tt, got)
		}
	}
}

func TestEveryZoneOfWindowsIsOneOfIANA(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(windowsZones), "\n")
	if len(windowsZone()) != len(lines) || len(lines) < 130 {
		t.Errorf("%d zones of %d lines", len(windowsZone()), len(lines))
	}
	for windows, iana := range windowsZone() {
		if _, err := time.LoadLocation(iana); err != nil || iana == "" {
			t.Errorf("%s: %v", windows, err)
		}
	}
}

func TestTheCallersZoneGoesBeforeTheFiles(t *testing.T) {
	t.Parallel()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	file := xmlFile(event(`<start>09:00</start><duration>00:40</duration>`))
	if s := mustRead(t, file, Options{Zone: tokyo}); s.Zone != "Asia/Tokyo" || s.Talks[0].Start.Hour() != 0 {
		t.Errorf("%s %v", s.Zone, s.Talks[0].Start)
	}
	if s := mustRead(t, file, Options{}); s.Zone != "Europe/Paris" || s.Talks[0].Start.Hour() != 7 {
		t.Errorf("%s %v", s.Zone, s.Talks[0].Start)
	}
}

func TestAFileWithoutAZoneSaysWhatToGive(t *testing.T) {
	t.Parallel()
	noZone := strings.Replace(string(xmlFile(event(`<date>2026-06-11T09:00:00+02:00</date>`))), "<time_zone_name>Europe/Paris</time_zone_name>", "", 1)
	for name, data := range map[string][]byte{
		"an offset is no zone": []byte(noZone), "an unknown zone is none": []byte(strings.Replace(noZone, "<title>K", "<time_zone_name>Ponant</time_zone_name><title>K", 1)),
		"UTC is no place": icsFile("DTSTART:20260611T070000Z"), "a floating time": icsFile("DTSTART:20260611T070000"), "Sessionize": sessionsFile(`{"title":"a"}`),
		"its GridSmart": gridFile(`{"title":"a"}`, ""),
	} {
		s, err := Read(data, Options{Name: "k.xml"})
		if s != nil || !errors.Is(err, ErrNoZone) || !strings.HasPrefix(err.Error(), "k.xml: ") || !strings.HasSuffix(err.Error(), "such as Europe/Paris") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	for _, zone := range []*time.Location{time.Local, time.FixedZone("CEST", 7200)} {
		if s, err := Read([]byte(noZone), Options{Zone: zone}); s != nil || !errors.Is(err, ErrNoZone) {
			t.Errorf("%s has no IANA name: %v, %v", zone, s, err)
		}
	}
}
