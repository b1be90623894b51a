package richtext

import "testing"

func TestFrenchKeepsTogetherWhatBelongsTogether(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Vraiment ? Oui ! Non ;":          "Vraiment\u202f? Oui\u202f! Non\u202f;",
		"Un : « deux »":                   "Un\u00a0: «\u00a0deux\u00a0»",
		"12 000 et 1 234 567":             "12\u202f000 et 1\u202f234\u202f567",
		"en 2026 100 lignes, 100000 mots": "en 2026 100 lignes, 100000 mots",
		"salle 4 1200 places":             "salle 4 1200 places",
		"6 % de 85 €":                     "6\u00a0% de 85\u00a0€",
		"à 9 h 04, puis 19 h":             "à 9\u00a0h\u00a004, puis 19\u00a0h",
		"3 heures, 2 hommes":              "3 heures, 2 hommes",
		"rien à changer":                  "rien à changer",
	} {
		if got := string(frenchSpaces([]byte(typed))); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}
