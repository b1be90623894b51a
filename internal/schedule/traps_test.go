package schedule

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// xmlFile is frab's XML around one day's events; the day element stands on line 3.
func xmlFile(events string) []byte {
	return []byte(`<schedule><version>1</version><conference><title>K</title><time_zone_name>Europe/Paris</time_zone_name><base_url>https://k.example/</base_url></conference>

<day index="1" date="2026-06-11"><room name="Salle Groix">
` + events + `
</room></day></schedule>`)
}

// event is one in frab's XML, with what else is in it.
func event(inside string) string {
	return `<event guid="g" id="7"><title>Boats</title>` + inside + `</event>`
}

// ics is a calendar of events given as lines.
func icsFile(events ...string) []byte {
	var s strings.Builder
	s.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		s.WriteString("BEGIN:VEVENT\r\nUID:1@k.example\r\nLOCATION:Salle Groix\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return []byte(s.String() + "END:VCALENDAR\r\n")
}

// sessions is Sessionize's view/All around its sessions.
func sessionsFile(sessions string) []byte {
	return []byte(`{"sessions":[` + sessions + `],"speakers":[{"id":"s1","fullName":"Awa Ndiaye","tagLine":"CTO at Quay","links":[{"url":"javascript:x"},{"url":"https://awa.example"}]}],
"categories":[{"title":"Langue","items":[{"id":1,"name":"Français"}]}],"rooms":[{"id":5,"name":"Salle Groix"}]}`)
}

func warnings(s *Schedule) string {
	var all []string
	for _, w := range s.Warnings {
		all = append(all, fmt.Sprintf("%d: %s", w.Line, w.Text))
	}
	return strings.Join(all, "\n")
}

func TestTrapsOfEachFormatAreStepped(t *testing.T) {
	t.Parallel()
	const at9 = `<date>2026-06-11T09:00:00+02:00</date><start>09:00</start><duration>00:40</duration>`
	local := func(t Talk) string { return t.Start.In(paris2).Format("02 15:04") + t.End.In(paris2).Format("-15:04") }
	tests := []struct {
		name string
		data []byte
		of   func(Talk) any
		want any
		warn string // in the warnings
	}{
		{"frab: what starts at 01:00 belongs to the day that it stands in", xmlFile(event(`<date>2026-06-12T01:00:00+02:00</date><start>01:00</start><duration>01:30</duration>`)),
			func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 12 01:00-02:30", ""},
		{"frab: a duration may have seconds, or be minutes", xmlFile(event(`<date>2026-06-11T09:00:00+02:00</date><duration>01:00:00</duration>`) + strings.Replace(event(`<date>2026-06-11T09:00:00+02:00</date><duration>60</duration>`), `"g"`, `"h"`, 1)),
			func(t Talk) any { return local(t) }, "11 09:00-10:00", ""},
		{"frab: the date goes before a start that contradicts it", xmlFile(event(`<date>2026-06-11T09:00:00+02:00</date><start>11:00</start><duration>00:40</duration>`)),
			func(t Talk) any { return local(t) }, "11 09:00-09:40", `4: event "Boats": start 11:00 isn't that of its date`},
		{"frab: a language field holds several", xmlFile(event(at9 + `<language>de, en</language>`)), func(t Talk) any { return fmt.Sprint(t.Languages) }, "[de en]", ""},
		{"frab: a language may be none", xmlFile(event(at9 + `<language>klingonisch</language>`)), func(t Talk) any { return len(t.Languages) }, 0, "is no language"},
		{"frab: an opt-out is a wish not to be recorded", xmlFile(event(at9 + `<recording><optout>true</optout></recording>`)), func(t Talk) any { return t.DoNotRecord }, true, ""},
		{"frab: an event without persons is one", xmlFile(event(at9 + `<persons></persons>`)), func(t Talk) any { return len(t.Speakers) }, 0, ""},
		{"frab: a free-text type is kept, and is other", xmlFile(event(at9 + `<type>Geschwurbel</type>`)), func(t Talk) any { return string(t.Kind) + " " + t.RawType }, "other Geschwurbel", ""},
		{"frab: a track may tell the kind", xmlFile(event(at9 + `<track>Lightning Talks</track>`)), func(t Talk) any { return string(t.Kind) }, "lightning", ""},
		{"frab: a title may tell the kind", xmlFile(strings.Replace(event(at9), "Boats", "Table ronde : les bateaux", 1)), func(t Talk) any { return string(t.Kind) }, "panel", ""},
		{"frab: the same link stands once", xmlFile(event(at9 + `<links><link href="https://k.example/a">x</link><link href="https://k.example/a">y</link></links>`)), func(t Talk) any { return len(t.Links) }, 1, ""},
		{"frab: a recording is a video", xmlFile(event(at9 + `<recording><link>https://k.example/a</link></recording>`)), func(t Talk) any { return fmt.Sprint(t.Links) }, "[{https://k.example/a  video}]", ""},
		{"frab: a person without a name is nobody, and told", xmlFile(event(at9 + `<persons><person/></persons>`)), func(t Talk) any { return len(t.Speakers) }, 0, "a speaker without a name"},
		{"frab: a crowd is cut, and told", xmlFile(event(at9 + `<persons>` + strings.Repeat("<person>A</person>", MaxSpeakers+1) + `</persons>`)), func(t Talk) any { return len(t.Speakers) }, MaxSpeakers, "has 101 speakers; 100 are read"},
		{"frab: a relative attachment is resolved", xmlFile(event(at9 + `<attachments><attachment href="/media/a.pdf">Folien</attachment></attachments>`)),
			func(t Talk) any { return fmt.Sprint(t.Links) }, "[{https://k.example/media/a.pdf Folien slides}]", ""},
		{"frab: a link that no browser should follow is left out", xmlFile(event(at9 + `<links><link href="javascript:alert(1)">x</link></links>`)), func(t Talk) any { return len(t.Links) }, 0, "is no web address"},
		{"frab: HTML in an abstract becomes paragraphs", xmlFile(event(at9 + `<abstract>&lt;p&gt;One &lt;em&gt;two&lt;/em&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;three&lt;/ul&gt;&lt;script&gt;four()&lt;/script&gt;</abstract>`)),
			func(t Talk) any { return t.Abstract }, "One two\n\n- three", ""},
		{"frab: an event without a title is read and told", xmlFile(`<event id="7">` + at9 + `</event>`), func(t Talk) any { return t.Title }, "7", `event "7" has no title`},
		{"frab: an event outside a room is read and told", []byte(strings.ReplaceAll(strings.ReplaceAll(string(xmlFile(event(at9))), `<room name="Salle Groix">`, ""), "</room>", "")),
			func(t Talk) any { return t.Room }, "", `4: event "Boats" has no room`},
		{"frab: a date without a time is the calendar's", xmlFile(event(`<date>2026-06-12</date><start>01:00</start><duration>01:30</duration>`)), func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 12 01:00-02:30", ""},
		{"Pentabarf: what starts before the day changes is in the next morning", []byte(strings.Replace(string(xmlFile(event(`<start>00:30</start><duration>01:00</duration>`))), "<title>K", "<day_change>09:00:00</day_change><title>K", 1)),
			func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 12 00:30-01:30", ""},
		{"Pentabarf: a morning before the day changes is told", []byte(strings.Replace(string(xmlFile(event(`<start>08:30</start><duration>01:00</duration>`))), "<title>K", "<day_change>09:00:00</day_change><title>K", 1)),
			func(t Talk) any { return local(t) }, "12 08:30-09:30", "so it is in the morning of 2026-06-12"},
		{"Pentabarf: ISO-8859-1 is converted", append([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>`), strings.ReplaceAll(string(xmlFile(event(at9+`<subtitle>A#o</subtitle>`))), "#", "\xef")...),
			func(t Talk) any { return t.Subtitle }, "Aïo", ""},
		{"frab JSON: fields may be numbers, truth values, null or one text a language", []byte(`{"schedule":{"conference":{"time_zone_name":"Europe/Paris","days":[{"index":1,"date":"2026-06-11","rooms":{"Salle Groix":[
{"id":7,"title":{"fr":"Bateaux","en":"Boats"},"date":"2026-06-11T09:00:00+02:00","duration":40,"subtitle":null,"do_not_record":"1","do_not_stream":true,"track":["x"]}]}}]}}}`),
			func(t Talk) any { return fmt.Sprint(t.ID, t.Title, local(t), t.DoNotRecord, t.DoNotStream, t.Track) }, "7Boats11 09:00-09:40true true", ""},
		{"ICS: a commas' escape that is missing loses nothing", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Small, Big"), func(t Talk) any { return t.Title }, "Small, Big", ""},
		{"ICS: a line is unfolded within a letter", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Mar\xc3\n \xa9es"), func(t Talk) any { return t.Title }, "Marées", ""},
		{"ICS: Windows' names of zones are known", icsFile("DTSTART;TZID=\"W. Europe Standard Time\":20260611T090000\nDURATION:PT45M\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-09:45", ""},
		{"ICS: a path may end in a zone", icsFile("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Paris:20260611T090000\nDURATION:PT45M\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-09:45", ""},
		{"ICS: an unknown zone is taken for the conference's", icsFile("DTSTART;TZID=Ponant:20260611T090000\nDURATION:PT45M\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-09:45", `"Ponant" is no time zone`},
		{"ICS: the machine's own zone is nobody's", icsFile("DTSTART;TZID=Local:20260611T090000\nDURATION:PT45M\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-09:45", `"Local" is no time zone`},
		{"ICS: a broken line that nobody reads costs nothing", icsFile("ATTENDEE;CN=\"Awa:mailto:x\nX-FOO;BAR\nDTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-10:00", ""},
		{"ICS: a page in a parameter is passed over", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY;ALTREP=\"data:text/html," + strings.Repeat("%3Cp%3E", 1000) + "\":Boats"), func(t Talk) any { return t.Title }, "Boats", ""},
		{"ICS: an attachment is a link", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats\nATTACH;FMTTYPE=application/pdf:https://k.example/a.pdf\nATTACH:CID:x"), func(t Talk) any { return fmt.Sprint(t.Links) }, "[{https://k.example/a.pdf  slides}]", ""},
		{"ICS: a category is a kind or a track", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats\nCATEGORIES:Tutorials,x\nCATEGORIES:Mer\\, rivières"), func(t Talk) any { return string(t.Kind) + " " + t.Track }, "workshop Mer, rivières", ""},
		{"ICS: an escape that doesn't exist stays", icsFile(`DTSTART:20260611T070000Z` + "\nDTEND:20260611T080000Z\n" + `SUMMARY:\\o/ \d`), func(t Talk) any { return t.Title }, `\o/ \d`, ""},
		{"ICS: an alarm's description isn't the talk's", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats\nDESCRIPTION:a\nBEGIN:VALARM\nDESCRIPTION:b\nEND:VALARM"), func(t Talk) any { return t.Abstract }, "a", ""},
		{"ICS: what repeats is told", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats\nRRULE:FREQ=DAILY"), func(t Talk) any { return local(t) }, "11 09:00-10:00", "repeats"},
		{"ICS: an end before the start is told", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T060000Z\nSUMMARY:Boats"), func(t Talk) any { return local(t) }, "11 09:00-09:00", `3: event "Boats" ends before it starts`},
		{"ICS: two events may have one UID", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats", "DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats"), func(t Talk) any { return t.UID }, "1@k.example", "have the same UID"},
		{"ICS: a date alone is a day, not the night before", icsFile("DTSTART;VALUE=DATE:20260611\nSUMMARY:Boats"), func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 11 00:00-00:00", "has a date but no time"},
		{"ICS: a talk that is off is cancelled, not gone", icsFile("DTSTART:20260611T070000Z\nDTEND:20260611T080000Z\nSUMMARY:Boats\nSTATUS:CANCELLED"), func(t Talk) any { return t.Cancelled }, true, ""},
		{"ICS: the night's talks belong to the day before, until three", icsFile("DTSTART:20260612T005900Z\nDTEND:20260612T020000Z\nSUMMARY:Boats"), func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 12 02:59-04:00", ""},
		{"ICS: at three a day begins", icsFile("DTSTART:20260612T010000Z\nDTEND:20260612T020000Z\nSUMMARY:Boats"), func(t Talk) any { return t.Date }, "2026-06-12", ""},
		{"Sessionize: a talk without a time is left out, and told", sessionsFile(`{"id":"1","title":"Later","startsAt":null},
{"id":"2","title":"Boats","startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T09:40:00","roomId":5}`), func(t Talk) any { return t.Title + " " + local(t) + t.Room }, "Boats 11 09:00-09:40Salle Groix", `1: session "Later" has no time yet`},
		{"Sessionize: a break is one by its title, and a registration is none", sessionsFile(`{"id":"1","title":"Registration","isServiceSession":true,"startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T09:40:00","roomId":5}`), func(t Talk) any { return string(t.Kind) }, "other", ""},
		{"Sessionize: a tag line is a role and a company, a language has a name", sessionsFile(`{"id":"1","title":"Boats","categoryItems":[1],"speakers":["s1","s2"],"startsAt":"2026-06-11T07:00:00Z","endsAt":"2026-06-11T09:40:00","roomId":5}`),
			func(t Talk) any { return fmt.Sprint(t.Speakers, t.Languages, local(t)) }, "[{Awa Ndiaye CTO Quay false s1  https://awa.example }] [fr]11 09:00-09:40", "a speaker s2 who isn't in the list"},
		{"GridSmart: the night's talks belong to the day before, as in view/All", gridFile(`{"id":"1","title":"Boats","startsAt":"2026-06-12T01:00:00","endsAt":"2026-06-12T02:00:00"}`, ""), func(t Talk) any { return t.Date + " " + local(t) }, "2026-06-11 12 01:00-02:00", ""},
		{"GridSmart: speakers and labels stand in the session", gridFile("", `{"id":"1","title":"Boats","speakers":[{"id":"s1","name":"Awa Ndiaye"}],"categories":[{"name":"Langue","categoryItems":[{"name":"Français"}]}],"recordingUrl":"https://k.example/a","status":"Declined","startsAt":"2026-06-11T07:00:00Z","endsAt":"2026-06-11T09:40:00"}`),
			func(t Talk) any { return fmt.Sprint(t.Speakers, t.Languages, t.Links, t.Cancelled, local(t)) }, "[{Awa Ndiaye   false s1   }] [fr] [{https://k.example/a  video}] true11 09:00-09:40", ""},
		{"GridSmart: a break is one by its title, and a registration is none", gridFile(`{"id":"1","title":"Registration","isServiceSession":true,"startsAt":"2026-06-11T09:00:00","endsAt":"2026-06-11T09:40:00"}`, ""), func(t Talk) any { return string(t.Kind) }, "other", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := mustRead(t, tt.data, Options{Zone: paris(t)})
			holds(t, s)
			for _, talk := range s.Talks {
				if got := tt.of(talk); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			}
			if w := warnings(s); !strings.Contains(w, tt.warn) || tt.warn == "" && w != "" {
				t.Errorf("warnings:\n%s\nwant %q", w, tt.warn)
			}
		})
	}
}

func TestAVenueIsTakenOffRoomsUnlessTheyBecomeOne(t *testing.T) {
	t.Parallel()
	rooms := func(locations ...string) string {
		var events []string
		for _, l := range locations {
			events = append(events, "DTSTART:20260611T070000Z\nSUMMARY:Boats\nLOCATION:"+l)
		}
		file := strings.ReplaceAll(string(icsFile(events...)), "LOCATION:Salle Groix\r\n", "")
		return strings.Join(mustRead(t, []byte(file), Options{Zone: paris(t)}).Rooms, " | ")
	}
	for got, want := range map[string]string{
		rooms(`Salle 1\, Palais`, `Salle 2\, Palais`, "Foyer"):                                "Salle 1 | Salle 2 | Foyer",
		rooms(`Salle 1\, Palais`, `Salle 2\, étage 3`):                                        "Salle 1, Palais | Salle 2, étage 3",
		rooms(`Salle 1\, Aile A`, `Salle 2\, Aile A`, `Salle 1\, Aile B`, `Salle 2\, Aile B`): "Salle 1, Aile A | Salle 2, Aile A | Salle 1, Aile B | Salle 2, Aile B",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

var paris2 = time.FixedZone("CEST", 2*60*60)

func TestADayHasItsHoursWhenClocksChange(t *testing.T) {
	t.Parallel()
	file := strings.ReplaceAll(string(xmlFile(event(`<start>09:00</start><duration>01:00</duration>`))), "2026-06-11", "2026-03-29")
	s := mustRead(t, []byte(file), Options{})
	if got := s.Talks[0].Start.Format(time.RFC3339); got != "2026-03-29T07:00:00Z" {
		t.Errorf("09:00 on the day that lacks an hour is %s", got)
	}
}

func TestAFileIsReadWholeOrRefusedWithThePlace(t *testing.T) {
	t.Parallel()
	const at9 = `<date>2026-06-11T09:00:00+02:00</date><duration>00:40</duration>`
	jsonEvent := func(e string) []byte {
		return []byte("{\"schedule\":{\"conference\":{\"time_zone_name\":\"Europe/Paris\",\n\"days\":[{\"index\":2,\"date\":\"2026-06-11\",\"rooms\":{\"Salle Groix\":[\n" + e + "]}}]}}}")
	}
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"a time of day that is none", xmlFile(event(at9) + "\n" + event(`<start>25:99</start>`)), `k:5: day 1: event "Boats": start "25:99" is no time`},
		{"a duration that is none", xmlFile(event(`<date>2026-06-11T09:00:00+02:00</date><duration>soon</duration>`)), `k:4: day 1: event "Boats": duration "soon" is none`},
		{"a date that is none", xmlFile(event(`<date>2026-13-11T09:00:00+02:00</date>`)), `k:4: day 1: event "Boats": date "2026-13-11T09:00:00+02:00" is no date with a time`},
		{"a day without a date", []byte(strings.Replace(string(xmlFile(event(at9))), "2026-06-11", "June", 1)), `k:3: day 1: "June" is no date`},
		{"a year that is none", xmlFile(event(`<date>0026-06-11T09:00:00+02:00</date>`)), `it starts in the year 26`},
		{"XML that ends too early", xmlFile(event(at9))[:320], `k:4: unexpected EOF`},
		{"XML with a wrong end tag", xmlFile(`<event><title>x</event>`), `k:4: element <title> closed by </event>`},
		{"XML with an entity of its own", append([]byte("<!DOCTYPE schedule [<!ENTITY lol \"lol\">]>\n"), xmlFile(event(at9))...), `k:1: entities aren't declared`},
		{"XML with an entity that nobody declared", xmlFile(event(`<subtitle>&lol;</subtitle>`)), `k:4: invalid character entity &lol;`},
		{"XML nested too deep", xmlFile(event(strings.Repeat("<a>", 100))), `k:4: elements are nested more than 32 deep`},
		{"XML with a tag that is too long", xmlFile(event(`<a ` + strings.Repeat(`b="" `, 20000) + `/>`)), `k:4: there is a tag of more than 64 KB`},
		{"XML with too many elements in an event", xmlFile(event(strings.Repeat("<a/>", maxElements))), `too many elements`},
		{"XML with too many talks", xmlFile(strings.Repeat(event(at9), MaxTalks+1)), `there are more than 10000 talks`},
		{"other XML", []byte(`<rss></rss>`), `k:1: <rss> is no <schedule>`},
		{"two roots", append(xmlFile(event(at9)), "\n<schedule/>"...), `k:6: there is a second root element`},
		{"an unknown charset", []byte(`<?xml version="1.0" encoding="Shift_JIS"?><schedule/>`), `k:1: the charset "Shift_JIS" isn't read`},
		{"what isn't the charset that it claims", xmlFile(event(at9 + "<subtitle>\xe9</subtitle>")), `k:4: this isn't UTF-8`},
		{"UTF-16", []byte("\xff\xfe<\x00s\x00"), `k: the file is in UTF-16; save it as UTF-8`},
		{"nothing", nil, `k: the file is empty`},
		{"something else", []byte("PK\x03\x04"), `a schedule is the XML or JSON of`},
		{"a web page", []byte("<!doctype html><title>Programme</title>"), `this is a web page`},
		{"a schedule without talks", xmlFile(""), `k: there is no talk in it`},
		{"too much", make([]byte, MaxSize+1), `16 MB are read at most`},
		{"JSON with a comma too many", jsonEvent(`{"title":"Boats",}`), `k:3: invalid character '}'`},
		{"JSON that ends too early", jsonEvent(`{"title":"Boats"`)[:130], `the file ends too early`},
		{"JSON with something after it", append(jsonEvent(`{"title":"Boats","date":"2026-06-11T09:00:00+02:00"}`), " {}"...), `something stands after the end`},
		{"JSON with a time that is none", jsonEvent("{\"title\":\"Calm\",\"date\":\"2026-06-11T09:00:00+02:00\",\"duration\":\"00:40\"},\n" + `{"title":"Boats","start":"25:99"}`), `k:4: day 2: event "Boats": start "25:99" is no time`},
		{"JSON with a number for an event", jsonEvent("\n7"), `k:4: field "" is number, which isn't expected there`},
		{"JSON with a text for persons", jsonEvent("{\"title\":\"Boats\",\n\"persons\":\"Awa\"}"), `k:4: field "persons" is string, which isn't expected there`},
		{"JSON with an array for rooms", []byte("{\"schedule\":{\"conference\":{\"days\":[\n{\"rooms\":[]}]}}}"), `k:2: [ stands where { is expected`},
		{"JSON with an event that is too large", jsonEvent(`{"title":"` + strings.Repeat("x", maxRecord) + `"}`), `k:3: an object has more than 512 KB`},
		{"JSON nested too deep", []byte(`{"a":` + strings.Repeat("[", 100_000)), `exceeded max depth`},
		{"other JSON", []byte(`{"name":"x"}`), `it has neither a schedule nor sessions`},
		{"a list of conferences", []byte(`[{"name":"Kormoran Conf 2026","startDate":"2026-06-11","city":"Port-Kerval"}]`), `give the address that ends in view/All`},
		{"Sessionize's list of speakers", []byte(`[{"id":"s1","fullName":"Awa Ndiaye","sessions":[{"id":1,"name":"Boats"}]}]`), `give the address that ends in view/All`},
		{"an empty list", []byte(`[]`), `this is a list, but not one of days with rooms`},
		{"JSON with too many talks", jsonEvent(strings.Repeat("{},", MaxTalks) + "{}"), `there are more than 10000 talks`},
		{"Sessionize with too many speakers", []byte(`{"speakers":[` + strings.Repeat("{},", maxElements) + "{}]}"), `k:1: there are too many objects`},
		{"Sessionize with a time that is none", sessionsFile(`{"title":"Boats","startsAt":"soon"}`), `k:1: session "Boats": startsAt: date "soon" is no date with a time`},
		{"GridSmart with a time that is none", gridFile(`{"title":"Calm","startsAt":"2026-06-11T09:00:00"},`+"\n"+`{"title":"Boats","startsAt":"soon"}`, ""), `k:3: session "Boats": startsAt: date "soon" is no date with a time`},
		{"GridSmart with an end that is none, in a slot", gridFile("", `{"title":"Boats","startsAt":"2026-06-11T09:00:00","endsAt":"late"}`), `k:3: session "Boats": endsAt: date "late" is no date with a time`},
		{"GridSmart with a text for speakers", gridFile("{\"title\":\"Boats\",\n\"speakers\":\"Awa\"}", ""), `k:3: field "speakers" is string, which isn't expected there`},
		{"GridSmart with an object for rooms", []byte("[{\"isDefault\":true},\n{\"rooms\":{}}]"), `k:2: { stands where [ is expected`},
		{"GridSmart with a number for a day", []byte("[\n7]"), `k:2: 7 stands where { is expected`},
		{"GridSmart that ends too early", gridFile("", "")[:60], `the file ends too early`},
		{"GridSmart with something after it", append(gridFile("", `{"title":"Boats","startsAt":"2026-06-11T09:00:00"}`), " []"...), `something stands after the end`},
		{"GridSmart without sessions", gridFile("", ""), `k: there is no talk in it`},
		{"GridSmart with too many sessions", gridFile(numbered(MaxTalks+1), ""), `k:2: there are more than 10000 sessions`},
		{"GridSmart with too many rooms", []byte(`[{"rooms":[` + strings.Repeat("{},", maxElements) + "{}]}]"), `k:1: there are too many objects`},
		{"ICS that ends too early", bytes.TrimSuffix(icsFile("DTSTART:20260611T070000Z"), []byte("END:VEVENT\r\nEND:VCALENDAR\r\n")), `k:6: the file ends too early`},
		{"ICS with a time that is none", icsFile("SUMMARY:Boats\nDTSTART:20261311T070000Z"), `k:3: event "Boats": DTSTART "20261311T070000Z" is no time`},
		{"ICS with a duration that is none", icsFile("SUMMARY:Boats\nDTSTART:20260611T070000Z\nDURATION:45"), `k:3: event "Boats": ical: invalid duration`},
		{"ICS that isn't UTF-8", icsFile("SUMMARY:Mar\xe9e"), `k:6: this isn't UTF-8`},
		{"ICS without a start", icsFile("SUMMARY:Boats"), `k:3: event "Boats": it has no DTSTART`},
		{"ICS with a line that is none", icsFile("SUMMARY:Boats\nhello"), `k:7: the line has neither a name nor a value`},
		{"ICS whose line ends in a parameter", icsFile("SUMMARY:Boats\nDTSTART;TZID=Europe/Paris"), `k:7: a parameter isn't followed by a value`},
		{"ICS with endless parameters", icsFile("DTSTART;TZID=" + strings.Repeat("x", 5000) + ":20260611T070000"), `k:6: the line's parameters are too long`},
		{"ICS nested too deep", []byte("BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\n", 100_000)), `k:9: components are nested more than 8 deep`},
		{"ICS with ends that don't fit", []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VEVENT\n"), `k:3: ical: malformed component`},
		{"two calendars", append(icsFile("SUMMARY:Boats\nDTSTART:20260611T070000Z"), icsFile()...), `a second calendar begins here`},
		{"ICS with too many events", icsFile(slices.Repeat([]string{"DTSTART:20260611T070000Z"}, MaxTalks+1)...), `there are more than 10000 events`},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := Read(tt.data, Options{Name: "k", Zone: paris(t)})
			if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, %v; want %q", s, err, tt.want)
			}
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Errorf("%T is no *Error", err)
			}
		})
	}
}
