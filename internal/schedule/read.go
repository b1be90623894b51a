package schedule

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is how a file is written.
type Format string

// The formats that Read knows.
const (
	FrabXML    Format = "frab-xml"  // frab, pretalx, the C3VOC's tools
	Pentabarf  Format = "pentabarf" // its ancestor: no guid, no dates of events, no zone
	FrabJSON   Format = "frab-json"
	ICS        Format = "ics"
	Sessionize Format = "sessionize"           // its view/All
	GridSmart  Format = "sessionize-gridsmart" // its view/GridSmart
)

// What a file may have at most. A congress of four days has about 1,000 talks in 4 MB.
const (
	MaxSize  = 16 << 20
	MaxTalks = 10_000
)

// Options says what a file can't know.
type Options struct {
	// Name is what errors call the file, "schedule" if empty.
	Name string
	// Zone is the conference's zone by its IANA name. It goes before what the file says.
	Zone *time.Location
}

// ErrNoZone: the file doesn't say in which zone the conference is. Ask, and Read again
// with Options.Zone.
var ErrNoZone = errors.New("give the conference's time zone by its IANA name, such as Europe/Paris")

// ErrFormat: the file is no schedule that Read knows.
var ErrFormat = errors.New("a schedule is the XML or JSON of pretalx and frab, an iCalendar file (.ics), or Sessionize's view/All or view/GridSmart as JSON")

// Error is what is wrong in a file, and where.
type Error struct {
	Name string
	Line int // from 1; 0 if it concerns the whole file
	Err  error
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.Name, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// at gives an error its line, unless it has one.
func at(line int, err error) error {
	if placed, ok := errors.AsType[*Error](err); ok {
		return placed
	}
	return &Error{Line: line, Err: err}
}

// Read reads a schedule. Its errors are *Error; ErrNoZone and ErrFormat can be asked
// for with errors.Is. With an error there is no Schedule.
func Read(data []byte, o Options) (*Schedule, error) {
	s, err := read(data, o)
	if err == nil {
		return s, nil
	}
	placed := *at(0, err).(*Error)
	if placed.Name = o.Name; placed.Name == "" {
		placed.Name = "schedule"
	}
	return nil, &placed
}

func read(data []byte, o Options) (*Schedule, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("the file has %d MB; %d MB are read at most", len(data)>>20, MaxSize>>20)
	}
	if o.Zone != nil {
		if _, err := zoneNamed(o.Zone.String()); err != nil {
			return nil, err
		}
	}
	data, err := toUTF8(data)
	if err != nil {
		return nil, err
	}
	readFormat, err := sniff(data)
	if err != nil {
		return nil, err
	}
	b := &builder{zone: o.Zone}
	if err := readFormat(b, data); err != nil {
		return nil, err
	}
	return b.finish()
}

// toUTF8 converts what declares one of the charsets of old files, and refuses what
// isn't text in the charset that it claims.
func toUTF8(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, errors.New("the file is in UTF-16; save it as UTF-8")
	}
	data, err := declaredCharset(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, err
	}
	if isICS(data) || utf8.Valid(data) { // iCalendar may be folded within a letter
		return data, nil
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, at(lineAt(data, i), errNotUTF8)
		}
		i += size
	}
}

var errNotUTF8 = errors.New("this isn't UTF-8; save the file as UTF-8")

func isICS(data []byte) bool {
	start := bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n")
	return len(start) >= 15 && strings.EqualFold(string(start[:15]), "BEGIN:VCALENDAR")
}

// sniff finds out the format by how the file begins: file names and content types
// are often wrong.
func sniff(data []byte) (func(*builder, []byte) error, error) {
	start := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n"))
	switch {
	case len(start) == 0:
		return nil, fmt.Errorf("the file is empty: %w", ErrFormat)
	case isICS(data):
		return (*builder).readICS, nil
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return nil, fmt.Errorf("this is a web page; look on it for a link to the schedule's export: %w", ErrFormat)
	case start[0] == '<':
		return (*builder).readXML, nil
	case start[0] == '{', start[0] == '[':
		return (*builder).readJSON, nil
	}
	return nil, ErrFormat
}

// lineAt is the line, from 1, of the byte at an offset.
func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte("\n"))
}
