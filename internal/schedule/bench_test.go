package schedule

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// congress is frab's XML of four days with 1,007 events, as large as a real one's.
func congress() []byte {
	var s strings.Builder
	s.WriteString(`<?xml version="1.0" encoding="UTF-8"?><schedule><version>1</version><conference><title>Grand Kormoran</title><time_zone_name>Europe/Paris</time_zone_name></conference>`)
	text := strings.Repeat("Deux ou trois choses que la mer nous a apprises sur les pannes. ", 25)
	n := 0
	for day := range 4 {
		fmt.Fprintf(&s, `<day index="%d" date="2026-12-%d">`, day+1, 27+day)
		for room := range 12 {
			fmt.Fprintf(&s, `<room name="Salle %d">`, room)
			for slot := 0; slot < 21 && n < 1007; slot, n = slot+1, n+1 {
				fmt.Fprintf(&s, `<event guid="%032d" id="%d" code="K%d"><room>Salle %d</room><title>Talk %d</title><subtitle></subtitle><type>lecture</type>`+
					`<date>2026-12-%dT%02d:%02d:00+01:00</date><start>%02d:%02d</start><duration>00:25</duration><abstract>&lt;p&gt;%s&lt;/p&gt;</abstract><description>%s</description>`+
					`<track>Mer</track><language>de, en</language><persons><person id="1">Awa Ndiaye</person><person id="2">Sam Wells</person></persons>`+
					`<recording><license>CC</license><optout>false</optout></recording><links><link href="https://k.example/%d">more</link></links><url>https://k.example/t/%d</url></event>`,
					n, n, n, room, n, 27+day, 10+slot/2, slot%2*30, 10+slot/2, slot%2*30, text, text, n, n)
			}
			s.WriteString("</room>")
		}
		s.WriteString("</day>")
	}
	s.WriteString("</schedule>")
	return []byte(s.String())
}

// plainFile is what encoding/xml needs to read the same fields by itself.
type plainFile struct {
	Days []struct {
		Rooms []struct {
			Events []struct {
				GUID        string   `xml:"guid,attr"`
				Title       string   `xml:"title"`
				Date        string   `xml:"date"`
				Duration    string   `xml:"duration"`
				Abstract    string   `xml:"abstract"`
				Description string   `xml:"description"`
				Persons     []string `xml:"persons>person"`
			} `xml:"event"`
		} `xml:"room"`
	} `xml:"day"`
}

// BenchmarkReadCongress reports, beside the time, how many times that of encoding/xml's
// own decoding of the same file in the same run it is.
func BenchmarkReadCongress(b *testing.B) {
	data := congress()
	var inPlain, inRead time.Duration
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		var f plainFile
		if err := xml.Unmarshal(data, &f); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if s := mustRead(b, data, Options{}); len(s.Talks) != 1007 {
			b.Fatal(len(s.Talks))
		}
		inPlain += middle.Sub(start)
		inRead += time.Since(middle)
	}
	b.ReportMetric(float64(inRead)/float64(inPlain), "x-encoding/xml")
	b.ReportMetric(inRead.Seconds()*1000/float64(b.N), "ms/read")
}

// BenchmarkDiffCongress compares a congress with itself.
func BenchmarkDiffCongress(b *testing.B) {
	s := mustRead(b, congress(), Options{})
	for b.Loop() {
		diff(s, s)
	}
}

const hostileSize = MaxSize / 8

// hostile are files in the shapes that a decoder pays most for.
func hostile() map[string][]byte {
	fill := func(head, unit, tail string) []byte {
		return []byte(head + strings.Repeat(unit, (hostileSize-len(head)-len(tail))/len(unit)) + tail)
	}
	const day = `<schedule><day date="2026-06-11"><room name="a">`
	const days = `{"schedule":{"conference":{"days":[{"date":"2026-06-11","rooms":{"a":[`
	const vevent = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260611T070000\n"
	return map[string][]byte{
		"XML: elements in an event":     fill(day+"<event>", "<a/>", "</event></room></day></schedule>"),
		"XML: events":                   fill(day, "<event/>", "</room></day></schedule>"),
		"XML: rooms":                    fill(day, `</room><room name="b">`, "</room></day></schedule>"),
		"XML: days":                     fill("<schedule>", `<day/>`, "</schedule>"),
		"XML: attributes":               fill(day+"<event ", `a="" `, "/></room></day></schedule>"),
		"XML: attributes in pieces":     fill(day+"<event>", "<a "+strings.Repeat(`a="" `, 10000)+"/>", "</event></room></day></schedule>"),
		"XML: one text":                 fill(day+"<event><start>09:00</start><abstract>", "x", "</abstract></event></room></day></schedule>"),
		"XML: a text in pieces":         fill(day+"<event><start>09:00</start><abstract>", "x<!---->", "</abstract></event></room></day></schedule>"),
		"XML: tags in a text":           fill(day+"<event><start>09:00</start><abstract>", "&lt;p>", "</abstract></event></room></day></schedule>"),
		"XML: opened tags in a text":    fill(day+"<event><start>09:00</start><abstract>", "&lt;a ", "</abstract></event></room></day></schedule>"),
		"XML: persons":                  fill(day+"<event><persons>", "<person>a</person>", "</persons></event></room></day></schedule>"),
		"JSON: events":                  fill(days, "{},", "{}]}}]}}}"),
		"JSON: numbers for persons":     fill(days+`{"persons":[`, "1,", "1]}]}}]}}}"),
		"JSON: an object nobody reads":  fill(`{"a":[`, "{},", "{}]}"),
		"JSON: speakers":                fill(`{"speakers":[`, "{},", "{}]}"),
		"JSON: days":                    fill(`{"schedule":{"conference":{"days":[`, "{},", "{}]}}}"),
		"JSON: rooms":                   fill(`{"schedule":{"conference":{"days":[{"rooms":{"a":[]`, `,"a":[]`, "}}]}}}"),
		"JSON: a grid's days":           fill("[", "{},", "{}]"),
		"JSON: a grid's rooms":          fill(`[{"rooms":[`, "{},", "{}]}]"),
		"JSON: a grid's slots":          fill(`[{"timeSlots":[`, "{},", "{}]}]"),
		"JSON: a grid's sessions":       fill(`[{"rooms":[{"sessions":[`, "{},", "{}]}]}]"),
		"ICS: lines":                    fill(vevent, "UID:a\n", "END:VEVENT\nEND:VCALENDAR\n"),
		"ICS: a folded line":            fill(vevent+"SUMMARY:", "\n x", "\nEND:VEVENT\nEND:VCALENDAR\n"),
		"ICS: parameters":               fill(vevent, "URL;A="+strings.Repeat("x", 900)+":x\n", "END:VEVENT\nEND:VCALENDAR\n"),
		"ICS: parameters of times":      fill(vevent, "DTEND;A="+strings.Repeat("x", 130)+":x\n", "END:VEVENT\nEND:VCALENDAR\n"),
		"ICS: titles":                   fill("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\nDTSTART:20260611T070000\nSUMMARY:"+strings.Repeat("Awa B - Cd E & ", 60)+"\nEND:VEVENT\n", "END:VCALENDAR\n"),
		"ICS: one title":                fill(vevent+"SUMMARY:", "a - b & ", "\nEND:VEVENT\nEND:VCALENDAR\n"),
		"ICS: categories":               fill(vevent+"CATEGORIES:", ",", "\nEND:VEVENT\nEND:VCALENDAR\n"),
		"ICS: events with one location": fill("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\nEND:VEVENT\n", "END:VCALENDAR\n"),
	}
}

// TestHostileFilesTakeMemoryInProportion counts every byte allocated, which is more than
// is ever held: no shape may take more than a bounded multiple of its
// size.
func TestHostileFilesTakeMemoryInProportion(t *testing.T) {
	zone, most := paris(t), 150.0
	if raceDetector {
		most = 2_000 // it has sync.Pool forget at random, where regexp keeps its machines
	}
	for name, data := range hostile() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		s, err := Read(data, Options{Zone: zone})
		runtime.ReadMemStats(&after)
		times := float64(after.TotalAlloc-before.TotalAlloc) / hostileSize
		t.Logf("%-30s %5.1f times its size in %v: %v", name, times, time.Since(start), err)
		if times > most {
			t.Errorf("%s allocates %.0f times its size", name, times)
		}
		if s != nil {
			holds(t, s)
		}
	}
}

// TestTheCongressIsWhole: what the benchmark reads is what a congress has.
func TestTheCongressIsWhole(t *testing.T) {
	t.Parallel()
	data := congress()
	s := mustRead(t, data, Options{})
	holds(t, s)
	if len(s.Talks) != 1007 || bytes.Count(data, []byte("<event ")) != 1007 || len(s.Days) != 4 || len(s.Rooms) != 12 || len(s.Warnings) != 0 {
		t.Errorf("%d talks, %d days, %d rooms, %v", len(s.Talks), len(s.Days), len(s.Rooms), s.Warnings)
	}
}
