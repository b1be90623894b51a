package fetch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// checkObject insists on one JSON object in UTF-8.
func checkObject(raw []byte) error {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return fmt.Errorf("%w: the body is not JSON", ErrContentType)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) {
		return fmt.Errorf("%w: the body is not a JSON object", ErrContentType)
	}
	return nil
}

// topLevelID reads the id of a JSON object, "" if it has none or null. encoding/json
// would take "ID" for "id" and the last of several; other readers don't, so
// anything with two readings is refused with ErrID.
func topLevelID(raw []byte) (string, error) {
	if err := checkObject(raw); err != nil {
		return "", err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := d.Token() // the opening brace
	id, seen := "", false
	for err == nil && d.More() {
		var name json.Token
		var value json.RawMessage
		if name, err = d.Token(); err == nil {
			err = d.Decode(&value)
		}
		key, _ := name.(string)
		if err != nil || !strings.EqualFold(key, "id") {
			continue
		}
		if key != "id" || seen || json.Unmarshal(value, &id) != nil {
			return "", fmt.Errorf("%w: it is ambiguous or no string", ErrID)
		}
		seen = true
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrContentType, err)
	}
	return id, nil
}
