package e2e

import "fmt"

// difference says where two long texts part.
func difference(got, want string) string {
	g, w := []rune(got), []rune(want)
	at := 0
	for at < min(len(g), len(w)) && g[at] == w[at] {
		at++
	}
	around := func(r []rune) string { return string(r[max(0, at-40):min(len(r), at+40)]) }
	return fmt.Sprintf("from character %d on, got …%q…, want …%q…", at, around(g), around(w))
}
