package schedule

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	maxDepth    = 32 // of elements; frab's formats have eight
	maxTag      = 64 << 10
	maxElements = 100_000 // held at once: an event is let go of when it was read
)

// element is an XML element with what stands in it.
type element struct {
	name     string
	attrs    []xml.Attr
	text     []byte
	line     int
	children []*element
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child is the first of that name; an empty one if there is none.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return &element{line: e.line}
}

func (e *element) field(name string) string { return strings.TrimSpace(string(e.child(name).text)) }

// xmlReader walks through a file and keeps events, not the tree.
type xmlReader struct {
	dec      *xml.Decoder
	open     []*element // from the root to where the reader is
	elements int        // that are held
	days     []*frabDay
	dayOf    map[*element]*frabDay
	events   []frabEvent
	dated    bool // some event has a date of its own, as the old format never has
}

// readXML reads frab's and pretalx's XML, and the old format that they come from.
func (b *builder) readXML(data []byte) error {
	if i := longTag(data); i >= 0 {
		return at(lineAt(data, i), fmt.Errorf("there is a tag of more than %d KB", maxTag>>10))
	}
	r := &xmlReader{dec: xml.NewDecoder(bytes.NewReader(data)), dayOf: map[*element]*frabDay{}}
	r.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	root, err := r.walk()
	if err != nil {
		return r.located(err)
	}
	if root.name != "schedule" {
		return at(root.line, fmt.Errorf("<%s> is no <schedule>: %w", root.name, ErrFormat))
	}
	if b.s.Format = Pentabarf; r.dated {
		b.s.Format = FrabXML
	}
	c := root.child("conference")
	for _, room := range c.children {
		switch room.name {
		case "room":
			b.rooms.add(plainLine(room.attr("name")))
		case "track":
			b.tracks.add(plainLine(room.attr("name")))
		}
	}
	return b.addFrab(frabHead{title: c.field("title"), url: first(root.field("url"), c.field("url")), version: first(root.field("version"), c.field("release")),
		base: first(c.field("base_url"), root.field("base_url")), zone: c.field("time_zone_name"), dayChange: c.field("day_change")}, r.days, r.events)
}

// located gives an error the line at which the decoder is.
func (r *xmlReader) located(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return at(syntax.Line, errors.New(syntax.Msg))
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the file ends too early")
	}
	line, _ := r.dec.InputPos()
	return at(line, err)
}

// longTag finds a tag whose attributes would take the decoder twenty times the file's
// size, as it makes them before anybody can count them; -1 if there is none.
func longTag(data []byte) int {
	for i := 0; ; {
		open := bytes.IndexByte(data[i:], '<')
		if open < 0 {
			return -1
		}
		open += i
		i = open + 1
		end := bytes.IndexAny(data[i:], "<>")
		if end > maxTag && data[i] != '!' {
			return open
		}
	}
}

// walk reads to the end and returns the root without its events.
func (r *xmlReader) walk() (*element, error) {
	var root *element
	for {
		token, err := r.dec.Token()
		if errors.Is(err, io.EOF) && root != nil && len(r.open) == 0 {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if root != nil && len(r.open) == 0 {
				return nil, errors.New("there is a second root element")
			}
			if err := r.start(t); err != nil {
				return nil, err
			}
			root = r.open[0]
		case xml.EndElement:
			if err := r.end(); err != nil {
				return nil, err
			}
		case xml.CharData:
			if n := len(r.open); n > 0 {
				r.open[n-1].text = append(r.open[n-1].text, t...)
			}
		case xml.Directive:
			if bytes.Contains(t, []byte("ENTITY")) {
				return nil, errors.New("entities aren't declared in a schedule; they aren't read")
			}
		}
	}
}

func (r *xmlReader) start(t xml.StartElement) error {
	if len(r.open) == maxDepth {
		return fmt.Errorf("elements are nested more than %d deep", maxDepth)
	}
	if r.elements++; r.elements > maxElements {
		return errors.New("an event or the head of the file has too many elements")
	}
	line, _ := r.dec.InputPos()
	e := &element{name: t.Name.Local, attrs: t.Attr, line: line}
	if e.name == "day" {
		d := &frabDay{line: line, index: e.attr("index"), date: e.attr("date"), start: e.attr("start")}
		if r.days = append(r.days, d); len(r.days) > maxDays {
			return errDays
		}
		r.dayOf[e] = d
	}
	r.open = append(r.open, e)
	return nil
}

// end closes an element: an event is read and let go of, others join their parent.
func (r *xmlReader) end() error {
	e := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if len(r.open) == 0 {
		return nil
	}
	parent := r.open[len(r.open)-1]
	switch {
	case e.name == "event" && (parent.name == "room" || parent.name == "day"):
		if len(r.events) == MaxTalks {
			return fmt.Errorf("there are more than %d talks", MaxTalks)
		}
		r.events = append(r.events, r.event(e))
		r.elements -= e.size()
	case e.name == "day", e.name == "room" && parent.name == "day":
		r.elements -= e.size()
	default:
		parent.children = append(parent.children, e)
	}
	return nil
}

func (e *element) size() int {
	n := 1
	for _, c := range e.children {
		n += c.size()
	}
	return n
}

func (r *xmlReader) event(e *element) frabEvent {
	v := func(name string) value { return value(e.field(name)) }
	out := frabEvent{line: e.line, day: &frabDay{}, GUID: value(e.attr("guid")), Code: value(e.attr("code")), ID: value(e.attr("id")),
		Room: v("room"), Title: v("title"), Subtitle: v("subtitle"), Type: v("type"), Date: v("date"), Start: v("start"), End: v("end"),
		Duration: v("duration"), Abstract: v("abstract"), Description: v("description"), Track: v("track"), Language: v("language"),
		URL: v("url"), OriginURL: v("origin_url"), Video: v("video_download_url"),
		NoRecord: value(e.child("recording").field("optout")), NoStream: v("do_not_stream")}
	if link := e.child("recording").field("link"); link != "" {
		out.Video = value(link)
	}
	for _, o := range r.open {
		switch o.name {
		case "day":
			out.day = r.dayOf[o]
		case "room":
			out.room = o.attr("name")
		}
	}
	r.dated = r.dated || out.Date != "" || out.GUID != ""
	for _, p := range e.child("persons").children {
		out.Persons = append(out.Persons, frabPerson{GUID: value(p.attr("guid")), Code: value(p.attr("code")), Name: value(strings.TrimSpace(string(p.text))), URL: value(p.attr("url"))})
	}
	out.Links, out.Attachments = links(e.child("links")), links(e.child("attachments"))
	return out
}

func links(e *element) []frabLink {
	var out []frabLink
	for _, l := range e.children {
		out = append(out, frabLink{URL: value(first(l.attr("href"), l.attr("url"))), Title: value(strings.TrimSpace(string(l.text))), Type: value(l.attr("type"))})
	}
	return out
}
