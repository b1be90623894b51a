package schedule

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"
)

// sampleLine is a title line with its parse, as speaker-lines.json has it.
type sampleLine struct {
	Line     string
	Kind     Kind
	Title    string
	Speakers []struct{ Name, Role, Company string }
}

func sampleLines(t testing.TB) []sampleLine {
	t.Helper()
	raw, err := os.ReadFile("testdata/speaker-lines.json")
	if err != nil {
		t.Fatal(err)
	}
	var lines []sampleLine
	if err := json.Unmarshal(raw, &lines); err != nil {
		t.Fatal(err)
	}
	return lines
}

// people makes speakers of name, role, company, name, role, company, …
func people(fields ...string) []Speaker {
	var out []Speaker
	for p := range slices.Chunk(fields, 3) {
		out = append(out, Speaker{Name: p[0], Role: p[1], Affiliation: p[2]})
	}
	return out
}

func TestTheTenSampleLinesAreReadAsTheirAuthorsMeantThem(t *testing.T) {
	t.Parallel()
	lines := sampleLines(t)
	if len(lines) != 10 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, want := range lines {
		var speakers []Speaker
		for _, s := range want.Speakers {
			speakers = append(speakers, Speaker{Name: s.Name, Role: s.Role, Affiliation: s.Company})
		}
		got := ParseTitleLine(want.Line)
		if got.Kind != want.Kind || got.Title != want.Title || !reflect.DeepEqual(got.Speakers, speakers) {
			t.Errorf("%s\ngot  %s %q %+v\nwant %s %q %+v", want.Line, got.Kind, got.Title, got.Speakers, want.Kind, want.Title, speakers)
		}
	}
}

func TestHardTitleLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, line string
		kind       Kind
		title      string
		speakers   []Speaker
		doubts     []Doubt
	}{
		{"an ampersand inside a role", "Keynote: Harbour Lights - Awa Ndiaye, Co-Founder & CTO, Quay Systems", Keynote, "Harbour Lights",
			people("Awa Ndiaye", "Co-Founder & CTO", "Quay Systems"), nil},
		{"an ampersand inside a company", "Tills at Sea - Anna Leigh, Marks & Spencer", RegularTalk, "Tills at Sea",
			people("Anna Leigh", "", "Marks & Spencer"), nil},
		{"a company's form after a comma, between two speakers", "Streams - Ole Lind, Architect, Synapse Works, Inc. & Mia Torp, Fjordnet AS", RegularTalk, "Streams",
			people("Ole Lind", "Architect", "Synapse Works, Inc.", "Mia Torp", "", "Fjordnet AS"), nil},
		{"a title with a dash and no speakers", "CSI - The Long Way Round", RegularTalk, "CSI - The Long Way Round", nil, []Doubt{DoubtDash}},
		{"a title that ends in capitals isn't a person", "Observability Day - Opening Remarks", RegularTalk, "Observability Day - Opening Remarks", nil, []Doubt{DoubtDash}},
		{"a level after the line", "Sidecars – Ines Prado, Corallo S.p.A. (Beginner)", RegularTalk, "Sidecars", people("Ines Prado", "", "Corallo S.p.A."), nil},
		{"a French level", "Les sondes - Inès Prado, Ateliers Brume (Tous niveaux)", RegularTalk, "Les sondes", people("Inès Prado", "", "Ateliers Brume"), nil},
		{"other parentheses are the title's", "What Is New (and What Is Not)", RegularTalk, "What Is New (and What Is Not)", nil, nil},
		{"a question for a title", "Où sont passés nos logs ? - Gaël Le Goff, Ingénieur plateforme, Banque du Ponant", RegularTalk, "Où sont passés nos logs ?",
			people("Gaël Le Goff", "Ingénieur plateforme", "Banque du Ponant"), nil},
		{"et between two speakers", "Une API pour deux - Maud Kerleau et Yann Quéré, Nuage Bleu SAS", RegularTalk, "Une API pour deux",
			people("Maud Kerleau", "", "Nuage Bleu SAS", "Yann Quéré", "", "Nuage Bleu SAS"), []Doubt{DoubtShared}},
		{"and inside a role", "Numbers - Kim Olsen, Head of Research and Development, Fjordnet AS", RegularTalk, "Numbers",
			people("Kim Olsen", "Head of Research and Development", "Fjordnet AS"), nil},
		{"a role of two parts", "Rust at Rest - Kim Olsen, Director, Developer Relations, Tidewater Labs", RegularTalk, "Rust at Rest",
			people("Kim Olsen", "Director, Developer Relations", "Tidewater Labs"), nil},
		{"a company shaped like a name", "Operators - Jo Hart, Red Hat, Sam Wells, Red Hat", RegularTalk, "Operators",
			people("Jo Hart", "", "Red Hat", "Sam Wells", "", "Red Hat"), nil},
		{"three names before one company", "Panel: Who Pays? - Jo Hart & Sam Wells & Ida Friis, Tidewater Labs", Panel, "Panel: Who Pays?",
			people("Jo Hart", "", "Tidewater Labs", "Sam Wells", "", "Tidewater Labs", "Ida Friis", "", "Tidewater Labs"), []Doubt{DoubtShared}},
		{"a moderator in front and one in parentheses", "Panel: Who Pays? - Moderator: Jo Hart, Tidewater Labs; Sam Wells, Quay Systems; Ida Friis (Moderator), Freelance", Panel, "Panel: Who Pays?",
			[]Speaker{{Name: "Jo Hart", Affiliation: "Tidewater Labs", Moderator: true}, {Name: "Sam Wells", Affiliation: "Quay Systems"}, {Name: "Ida Friis", Affiliation: "Freelance", Moderator: true}}, nil},
		{"a company in parentheses", "Trace It - Jo Hart (Tidewater Labs) & Sam Wells (Quay Systems)", RegularTalk, "Trace It",
			people("Jo Hart", "", "Tidewater Labs", "Sam Wells", "", "Quay Systems"), nil},
		{"pronouns aren't a company", "Trace It - Jo Hart (they/them), Quay Systems", RegularTalk, "Trace It", people("Jo Hart", "", "Quay Systems"), nil},
		{"a role at a company", "Trace It - Jo Hart, CTO at Quay", RegularTalk, "Trace It", people("Jo Hart", "CTO", "Quay"), nil},
		{"a doctor", "Proofs - Jo Hart, PhD, Researcher, CNRS", RegularTalk, "Proofs", people("Jo Hart, PhD", "Researcher", "CNRS"), nil},
		{"a name alone may be a subtitle", "Small Boats - Jo Hart", RegularTalk, "Small Boats", people("Jo Hart", "", ""), []Doubt{DoubtAlone}},
		{"what may be two speakers or one with a company", "Small Boats - Jo Hart, Sam Wells", RegularTalk, "Small Boats", people("Jo Hart", "", "Sam Wells"), []Doubt{DoubtName}},
		{"particles and apostrophes", "Poutres - Anne-Marie de l'Estoile, Ludwig van der Meer & Nuala O'Shea, Quay Systems", RegularTalk, "Poutres",
			people("Anne-Marie de l'Estoile", "", "Ludwig van der Meer", "Nuala O'Shea", "", "Quay Systems"), []Doubt{DoubtName}},
		{"names without capitals", "海のログ - 田中海, 研究所ラボ", RegularTalk, "海のログ", people("田中海", "", "研究所ラボ"), nil},
		{"nobody yet", "Sponsored Keynote: To Come - Speaker To Be Announced", Keynote, "To Come - Speaker To Be Announced", nil, []Doubt{DoubtDash}},
		{"a lightning talk keeps its title", "⚡ Lightning Talk: One Flag - Sam Wells, Quay Systems", Lightning, "⚡ Lightning Talk: One Flag", people("Sam Wells", "", "Quay Systems"), nil},
		{"a colon that says nothing about the kind", "Conference hygiene: five rules - Sam Wells, Quay Systems", RegularTalk, "Conference hygiene: five rules", people("Sam Wells", "", "Quay Systems"), nil},
		{"a word of a kind that begins a title", "Break the Monolith: a plan - Sam Wells, Quay Systems", RegularTalk, "Break the Monolith: a plan", people("Sam Wells", "", "Quay Systems"), nil},
		{"a keynote's other prefixes", "Sponsored Keynote: Tides - Sam Wells, Quay Systems", Keynote, "Tides", people("Sam Wells", "", "Quay Systems"), nil},
		{"two roles before one company", "Tides - Awa Ndiaye, VP Engineering & Sam Wells, Architect, Quay Systems", RegularTalk, "Tides",
			people("Awa Ndiaye", "VP Engineering", "Quay Systems", "Sam Wells", "Architect", "Quay Systems"), []Doubt{DoubtShared}},
		{"long Spanish names", "Datos - María de los Ángeles García Prieto, Directora, Banco Azul; José Ortega y Gasset, CTO, Olas", RegularTalk, "Datos",
			people("María de los Ángeles García Prieto", "Directora", "Banco Azul", "José Ortega y Gasset", "CTO", "Olas"), nil},
		{"a person whose name could be a company's", "Tides - Sam Wells & Nadia Cloud, Quay Systems", RegularTalk, "Tides",
			people("Sam Wells", "", "Quay Systems", "Nadia Cloud", "", "Quay Systems"), []Doubt{DoubtShared}},
		{"and between the two halves of a role", "Tides - Kim Olsen, Director of Harbours and Inland Waters, Quay Systems", RegularTalk, "Tides",
			people("Kim Olsen", "Director of Harbours and Inland Waters", "Quay Systems"), nil},
		{"a dash inside a role", "Tides - Sam Wells, Director - Platform, Quay Systems", RegularTalk, "Tides", people("Sam Wells", "Director - Platform", "Quay Systems"), []Doubt{DoubtDash}},
		{"a dash that ends the line", "Nuit du code - ", RegularTalk, "Nuit du code", nil, nil},
		{"nothing", "", RegularTalk, "", nil, nil},
		{"HTML", "Vec<T> & <b>bold</b> claims - Sam Wells, Quay Systems", RegularTalk, "Vec‹T› & bold claims", people("Sam Wells", "", "Quay Systems"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ParseTitleLine(tt.line)
			want := TitleLine{tt.kind, tt.title, tt.speakers, tt.doubts}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s\ngot  %+v\nwant %+v", tt.line, got, want)
			}
		})
	}
}
