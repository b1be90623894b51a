package handlers

import (
	"strings"
	"testing"
)

// refuseWrongTables changes the table in every way that it could be wrong in.
func refuseWrongTables(t *testing.T, text string, seen map[route]observation) {
	for name, change := range map[string][2]string{
		"a row taken out":                     {"| `GET HEAD /users/{handle}` |", "| GET HEAD /users/{handle} |"},
		"a row for no route":                  {"| `GET HEAD /healthz` |", "| `GET HEAD /health` |"},
		"a method that it doesn't take":       {"| `POST /inbox` |", "| `GET HEAD POST /inbox` |"},
		"another status":                      {"| `GET HEAD /posts` | signed in | 200", "| `GET HEAD /posts` | signed in | 204"},
		"another content type":                {"| `GET HEAD /feed.atom` | anybody | 200 application/atom+xml", "| `GET HEAD /feed.atom` | anybody | 200 application/xml"},
		"another answer to servers":           {"200 application/activity+json, fresh | Accept | – | page | – |", "200 application/ld+json, fresh | Accept | – | page | – |"},
		"another Cache-Control":               {"| `GET HEAD /write` | signed in | 200 text/html, private", "| `GET HEAD /write` | signed in | 200 text/html, fresh"},
		"a Vary that isn't sent":              {"| `GET HEAD /robots.txt` | anybody | 200 text/plain, fresh | the same | –", "| `GET HEAD /robots.txt` | anybody | 200 text/plain, fresh | the same | Accept"},
		"a cookie on a public page":           {"| `GET HEAD /` | anybody | 200 text/html, fresh | the same | Accept | –", "| `GET HEAD /` | anybody | 200 text/html, fresh | the same | Accept | session"},
		"a cookie not set":                    {"| __Host-session | page", "| – | page"},
		"a policy too narrow":                 {"| – | page | – |", "| – | picture | – |"},
		"a policy too wide":                   {"| – | picture | – |", "| – | page | – |"},
		"an open header not named":            {"Access-Control-Allow-Origin: *", "–"},
		"what an author has, said everyone's": {"| `GET HEAD /write/{id}` | the author", "| `GET HEAD /write/{id}` | signed in"},
		"what all see, said an author's":      {"| `GET HEAD /@{handle}` | anybody", "| `GET HEAD /@{handle}` | the author"},
		"what is signed, said anybody's":      {"| `POST /inbox` | servers that sign", "| `POST /inbox` | anybody"},
		"a personal inbox that takes nothing": {"| `POST /users/{handle}/inbox` | servers that sign | 202", "| `POST /users/{handle}/inbox` | servers that sign | 404"},
		"an audience that nobody knows":       {"| `GET HEAD /posts` | signed in", "| `GET HEAD /posts` | friends"},
		"another meaning of a word":           {"`private, no-store`", "`private`"},
		"a row with a cell missing":           {"| `GET HEAD /posts` | signed in |", "| `GET HEAD /posts` |"},
	} {
		mutant := strings.Replace(text, change[0], change[1], 1)
		if mutant == text {
			t.Errorf("%s: docs/ROUTES.md has no %q to change", name, change[0])
		} else if len(checkTable(mutant, seen)) == 0 {
			t.Errorf("%s passes", name)
		}
	}
	double := strings.Replace(text, "| `GET HEAD /healthz`", "| `GET HEAD /readyz` | anybody | 200 text/plain, fleeting | the same | – | – | page | – |\n| `GET HEAD /healthz`", 1)
	if len(checkTable(double, seen)) == 0 {
		t.Error("a row said twice passes")
	}
	for r, o := range seen { // what the server might do wrong
		if r.path != "/@{handle}" {
			continue
		}
		o.faults = []string{"HEAD answers otherwise"}
		seen[r] = o
	}
	if len(checkTable(text, seen)) == 0 {
		t.Error("a fault of the answers passes")
	}
}
