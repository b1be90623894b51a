package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	maxRecord = 512 << 10 // of one event, speaker or other object
)

// value is a field that some write as text and others as a number, a truth value, or
// one text for each language.
type value string

// UnmarshalJSON reads whatever is there; what is no single text is read as none.
func (v *value) UnmarshalJSON(raw []byte) error {
	var text string
	switch raw[0] {
	case '"':
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	case '{':
		var byLanguage map[string]json.RawMessage
		if err := json.Unmarshal(raw, &byLanguage); err != nil {
			return err
		}
		text = oneLanguage(byLanguage)
	case 'n', '[':
	default:
		text = string(raw)
	}
	*v = value(text)
	return nil
}

// oneLanguage picks English, else the first by name.
func oneLanguage(texts map[string]json.RawMessage) string {
	names := []string{"en"}
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names[1:])
	for _, name := range names {
		var text string
		if json.Unmarshal(texts[name], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

func (v value) yes() bool {
	s := strings.ToLower(strings.TrimSpace(string(v)))
	return s == "true" || s == "1" || s == "yes"
}

// jsonReader walks through a file, so that every object can be told by its line and
// none is made before those before it were counted.
type jsonReader struct {
	dec       *json.Decoder
	data      []byte
	offset    int // up to which lines are counted
	line      int
	collected int
}

// readJSON reads frab's JSON, or Sessionize's.
func (b *builder) readJSON(data []byte) error {
	r := &jsonReader{dec: json.NewDecoder(bytes.NewReader(data)), data: data, line: 1}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return b.readGrid(r)
	}
	var frab frabJSON
	var all sessionizeAll
	fields := all.fields(r)
	fields["schedule"] = func() error { return r.object(frab.scheduleFields(r)) }
	err := r.whole(func() error { return r.object(fields) })
	switch {
	case err != nil:
		return err
	case frab.seen:
		b.s.Format = FrabJSON
		for _, name := range frab.rooms {
			b.rooms.add(plainLine(name))
		}
		for _, name := range frab.tracks {
			b.tracks.add(plainLine(name))
		}
		return b.addFrab(frab.head, frab.days, frab.events)
	case all.seen:
		b.s.Format = Sessionize
		return b.addSessionize(&all)
	}
	return fmt.Errorf("it has neither a schedule nor sessions: %w", ErrFormat)
}

// whole reads a file's one value, and says where it is wrong.
func (r *jsonReader) whole(read func() error) error {
	err := read()
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands after the end of the JSON")
		}
	}
	if err != nil {
		return r.located(err)
	}
	return nil
}

// located gives an error the line at which the reader is, or which the decoder tells.
func (r *jsonReader) located(err error) error {
	if _, placed := errors.AsType[*Error](err); placed {
		return err
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return at(lineAt(r.data, int(syntax.Offset)), syntax)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return at(lineAt(r.data, len(r.data)), errors.New("the file ends too early"))
	}
	return at(lineAt(r.data, int(r.dec.InputOffset())), err)
}

// here is the line of the next value.
func (r *jsonReader) here() int {
	to := int(r.dec.InputOffset())
	for to < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[to]) >= 0 {
		to++
	}
	r.line += bytes.Count(r.data[r.offset:to], []byte("\n"))
	r.offset = to
	return r.line
}

// object reads an object: the fields that are asked for, each with its reader.
func (r *jsonReader) object(fields map[string]func() error) error {
	return r.each('{', func() error {
		key, err := r.dec.Token()
		if err != nil {
			return err
		}
		if read, asked := fields[key.(string)]; asked { // in an object, the decoder returns keys as strings
			return read()
		}
		_, err = r.value()
		return err
	})
}

// each calls read before each element of an array, or key of an object. Null has none.
func (r *jsonReader) each(open json.Delim, read func() error) error {
	line := r.here()
	token, err := r.dec.Token()
	if err != nil || token == nil {
		return err
	}
	if token != open {
		return at(line, fmt.Errorf("%v stands where %v is expected", token, open))
	}
	for r.dec.More() {
		if err := read(); err != nil {
			return err
		}
	}
	_, err = r.dec.Token()
	return err
}

// value reads the next value as it stands. The decoder counts an error's offset without
// the tokens that were read one by one, so that a second look finds the place.
func (r *jsonReader) value() (json.RawMessage, error) {
	r.here()
	var raw json.RawMessage
	err := r.dec.Decode(&raw)
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(r.data[r.offset:], &raw)); ok {
			return nil, at(lineAt(r.data, r.offset+int(syntax.Offset)-1), syntax)
		}
	}
	return raw, err
}

// count bounds how many objects are made of a file.
func (r *jsonReader) count(line int) error {
	if r.collected++; r.collected > maxElements {
		return at(line, errors.New("there are too many objects in it"))
	}
	return nil
}

// decode reads one bounded value.
func (r *jsonReader) decode(into any) error {
	line := r.here()
	if err := r.count(line); err != nil {
		return err
	}
	raw, err := r.value()
	if err != nil {
		return err
	}
	if len(raw) > maxRecord {
		return at(line, fmt.Errorf("an object has more than %d KB", maxRecord>>10))
	}
	err = json.Unmarshal(raw, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return at(line+lineAt(raw, int(wrong.Offset))-1, fmt.Errorf("field %q is %s, which isn't expected there", wrong.Field, wrong.Value))
	}
	return err
}

func (r *jsonReader) text(into *string) func() error {
	return func() error {
		var v value
		err := r.decode(&v)
		*into = string(v)
		return err
	}
}

// list appends each element of an array.
func list[T any](r *jsonReader, into *[]T) func() error {
	return func() error {
		return r.each('[', func() error {
			var v T
			err := r.decode(&v)
			*into = append(*into, v)
			return err
		})
	}
}
