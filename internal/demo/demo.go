// Package demo holds the sample conference that `confnotes demo` plays: who is there,
// what they publish, and who elsewhere follows, likes and answers. All of it is made up.
package demo

import (
	"embed"
	"io/fs"
	"time"
)

// Person has an account in the demo.
type Person struct {
	Handle, Name, Bio string
	Language          string // of their interface, and of what they answer
}

// Server is one of the two instances.
type Server struct {
	Name     string
	Language string
	People   []Person // the first is the owner
}

// Home is where the recaps are written.
func Home() Server {
	return Server{Name: "Carnets de Kormoran", Language: "fr", People: []Person{
		{"gwen", "Gwen Le Floc’h", "Ingénieure d’astreinte à Brest, le reste du temps sur l’eau. Je prends des notes en conférence depuis 2011, à la main d’abord.", "fr"},
		{"imogen", "Imogen Hale", "Keeps storage running in Cork. Goes to conferences for the workshops and the queues. Corrections very welcome.", "en"},
		{"amadou", "Amadou Kervella", "Étudiant à Kerval, en alternance dans une équipe de données. Première conférence, carnet neuf, crayon rouge.", "fr"},
	}}
}

// Away is the server of those who read from elsewhere.
func Away() Server {
	return Server{Name: "Le Sémaphore", Language: "fr", People: []Person{
		{"fanny", "Fanny Cadiou", "Bénévole à l’accueil de Kormoran. Range les chaises, lit tout.", "fr"},
		{"jonas", "Jonas Lindqvist", "Screen reader user, test engineer, sailor in that order.", "en"},
		{"lena", "Léna Guivarc’h", "Capitaine du bac de Hoëdic, trois traversées par jour.", "fr"},
		{"mael", "Maël Riou", "Administrateur système de trois associations et d’un lycée.", "fr"},
		{"priya", "Priya Raman", "Storage, backups, and the phone that rings at night.", "en"},
	}}
}

//go:embed recaps/*.md
var recaps embed.FS

// Recaps are the files as somebody would write them, with front matter; the pictures
// that they name, draw draws.
func Recaps() fs.FS {
	sub, _ := fs.Sub(recaps, "recaps") // it is embedded
	return sub
}

// Site stands in the recaps for the address of the server that they are published on.
const Site = "https://carnets.example"

// brittany is the time that the story is told in; it is summer.
var brittany = time.FixedZone("CEST", 2*60*60)

// Before is when the accounts were made: long enough before, for nobody to be new.
func Before() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, brittany) }

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 6, day, hour, minute, 0, 0, brittany)
}

// What somebody does in the story.
const (
	Publish = "publish"
	Follow  = "follow"
	Like    = "like"
	Boost   = "boost"
	Reply   = "reply"
	Edit    = "edit"
)

// Event is one thing that happens.
type Event struct {
	At   time.Time
	Who  string
	Does string
	What string // the recap's file, whom, or the key of a recap or reply
	Key  string // how later events name this reply or recap
	Text string // Markdown, of a reply
}
