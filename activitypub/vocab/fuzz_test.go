package vocab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seed gives a fuzz target every fixture.
func seed(f *testing.F) {
	f.Helper()
	err := filepath.WalkDir("testdata", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		raw, err := os.ReadFile(path)
		f.Add(raw)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"type":["Create"],"actor":[{"id":"https://a.example/u"}],"object":[1,"x",{"actor":"y","object":{"tag":{"type":"Mention"}}}]}`))
}

// short fails when something that will be stored under an index is longer than an IRI may be.
func short(t *testing.T, iris ...string) {
	t.Helper()
	for _, iri := range iris {
		if len(iri) > maxIRI {
			t.Errorf("an id of %d bytes", len(iri))
		}
	}
}

func FuzzParseActivity(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := ParseActivity(raw)
		if err != nil {
			if text := err.Error(); len(text) > 300 {
				t.Errorf("a reason of %d bytes", len(text))
			}
			return
		}
		if a.Type == "" || !isIRI(a.Actor) || a.ID != "" && !isIRI(a.ID) || len(a.To)+len(a.CC) > maxRecipients {
			t.Errorf("%+v", a)
		}
		short(t, a.ID, a.ObjectID)
		if o := a.Object; o != nil {
			short(t, o.ID, o.AttributedTo, o.InReplyTo, o.URL)
			if len(o.Mentions) > maxTags || len(o.To)+len(o.CC) > maxRecipients {
				t.Errorf("%d mentions, %d recipients", len(o.Mentions), len(o.To)+len(o.CC))
			}
		}
		if a.Inner != nil && a.Inner.Inner != nil {
			t.Error("an activity in an activity in an activity")
		}
	})
}

func FuzzParseObject(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := ParseObject(raw)
		if err != nil {
			return
		}
		short(t, o.ID, o.AttributedTo, o.InReplyTo, o.URL)
		if !isIRI(o.ID) || o.Type == "" || len(o.Content) > len(raw) || len(o.Mentions) > maxTags || len(o.To)+len(o.CC) > maxRecipients {
			t.Errorf("%+v", o)
		}
	})
}

func FuzzParseActor(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := ParseActor(raw)
		if err != nil {
			return
		}
		short(t, a.ID, a.Inbox, a.SharedInbox, a.Followers, a.URL)
		if !isIRI(a.ID) || !isIRI(a.Inbox) || a.SharedInbox != "" && !isIRI(a.SharedInbox) || len(a.Keys) > maxKeys || a.PreferredUsername == "" {
			t.Errorf("%+v", a)
		}
		for _, k := range a.Keys {
			short(t, k.ID, k.Owner)
			if owner, err := KeyOwner(raw, k.ID); err == nil && owner == "" && strings.TrimSpace(k.Owner) != "" {
				t.Errorf("the key %q lost its owner %q", k.ID, k.Owner)
			}
		}
	})
}
