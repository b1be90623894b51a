package vocab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A document of the fediverse stays under ten levels and, recipients and all, far
// under this many values: 1 MB of empty objects would take forty times that.
const (
	maxDepth  = 32
	maxValues = 20_000
)

// ErrJSON: the bytes are not JSON with exactly one reading.
var ErrJSON = errors.New("not acceptable JSON")

// object is a decoded JSON object.
type object map[string]any

// decode reads one JSON object. encoding/json alone takes the last of duplicate
// keys, matches "ID" to "id", and nests 10,000 deep; another reader of the same
// bytes would see another document. So keys that are equal, or equal but for
// case, are refused, and names are compared exactly. Only in a JSON-LD context, which
// is not read here, case tells terms apart: Fedify's has QuoteAuthorization, a type,
// and quoteAuthorization, a property.
func decode(raw []byte) (object, error) {
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("%w: not UTF-8", ErrJSON)
	}
	dec := &decoder{Decoder: json.NewDecoder(bytes.NewReader(raw))}
	dec.UseNumber()
	v, err := dec.value(0, strings.ToLower)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the document", ErrJSON)
	}
	o, ok := v.(object)
	if !ok {
		return nil, fmt.Errorf("%w: not an object", ErrJSON)
	}
	return o, nil
}

// decoder counts what it reads.
type decoder struct {
	*json.Decoder
	values int
}

func (dec *decoder) value(depth int, fold func(string) string) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: nested deeper than %d", ErrJSON, maxDepth)
	}
	if dec.values++; dec.values > maxValues {
		return nil, fmt.Errorf("%w: more than %d values", ErrJSON, maxValues)
	}
	tok, err := dec.Token()
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrJSON, err)
	}
	switch tok {
	case json.Delim('{'):
		return dec.object(depth, fold)
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := dec.value(depth+1, fold)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, dec.closing()
	}
	return tok, nil
}

func (dec *decoder) object(depth int, fold func(string) string) (any, error) {
	o, folded := object{}, map[string]bool{}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrJSON, err)
		}
		key, _ := tok.(string)
		f := fold(key)
		if folded[f] {
			return nil, fmt.Errorf("%w: the key %.40q stands twice", ErrJSON, key)
		}
		folded[f] = true
		within := fold
		if key == "@context" {
			within = exact
		}
		if o[key], err = dec.value(depth+1, within); err != nil {
			return nil, err
		}
	}
	return o, dec.closing()
}

func exact(key string) string { return key }

func (dec *decoder) closing() error {
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("%w: %v", ErrJSON, err)
	}
	return nil
}

// str returns a string property, or "" when it is absent or of another kind.
func (o object) str(key string) string {
	s, _ := o[key].(string)
	return s
}

// list returns a property that may be one value or several.
func (o object) list(key string) []any {
	switch v := o[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// ids returns the ids of a property: strings, or objects that have one.
func (o object) ids(key string) []string {
	var ids []string
	for _, v := range o.list(key) {
		if id := idOf(v); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// firstID returns the first id of a property.
func (o object) firstID(key string) string {
	if ids := o.ids(key); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// idOf returns the id that a value is or has, "" for one that is too long to be kept.
func idOf(v any) string {
	var id string
	switch v := v.(type) {
	case string:
		id = v
	case object:
		id = v.str("id")
	}
	if len(id) > maxIRI {
		return ""
	}
	return id
}

// firstObject returns the first embedded object of a property.
func (o object) firstObject(key string) object {
	for _, v := range o.list(key) {
		if e, ok := v.(object); ok {
			return e
		}
	}
	return nil
}

// onlyKey returns the language of a natural-language map that has just one.
func (o object) onlyKey(key string) string {
	m, _ := o[key].(object)
	if len(m) != 1 {
		return ""
	}
	for k := range m {
		return k
	}
	return ""
}
