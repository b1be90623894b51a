package fetch

import (
	"encoding/json"
	"testing"
)

// FuzzTopLevelID holds the id that is accepted against encoding/json's: they may
// differ only by a refusal.
func FuzzTopLevelID(f *testing.F) {
	for _, seed := range []string{`{"id":"https://x.example/"}`, `{"ID":"a","id":"b"}`, `{"\u0069d":"a","id":"b"}`, `{"a":[{"id":1}]} x`, `[]`, "", `{"id":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := topLevelID(raw)
		if err != nil {
			return
		}
		var theirs struct{ ID string }
		if err := json.Unmarshal(raw, &theirs); err != nil || theirs.ID != got {
			t.Errorf("we read %q, encoding/json %q, %v", got, theirs.ID, err)
		}
	})
}
