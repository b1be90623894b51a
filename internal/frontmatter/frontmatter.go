// Package frontmatter reads a Markdown file with what is said about it at its top:
// YAML between "---" lines, or TOML between "+++" lines, as Hugo's users write it.
package frontmatter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"
)

// Document is a file's front matter and the Markdown after it.
type Document struct {
	Title        string
	Date         time.Time // zero where none is given; a date alone is midnight UTC
	Summary      string
	Language     string
	Tags         []string
	Slug         string
	Image        string // file name of a cover
	ImageAlt     string // what it shows
	ImageCaption string
	Replies      string // who may reply: open, followers, mentioned, closed
	Quotes       string // who may quote it: open, followers, closed
	Visibility   string // whom it is for: public, unlisted, followers
	Attach       bool   // send the pictures as attachments
	Conference   string // handle of the one that it is about
	Talk         string // slug of a talk there, of which it is a note
	Takeaway     string // of a talk note
	Source       string
}

type fields struct {
	Title        string   `yaml:"title" toml:"title"`
	Date         any      `yaml:"date" toml:"date"`
	Summary      string   `yaml:"summary" toml:"summary"`
	Language     string   `yaml:"language" toml:"language"`
	Tags         []string `yaml:"tags" toml:"tags"`
	Slug         string   `yaml:"slug" toml:"slug"`
	Image        string   `yaml:"image" toml:"image"`
	ImageAlt     string   `yaml:"image_alt" toml:"image_alt"`
	ImageCaption string   `yaml:"image_caption" toml:"image_caption"`
	Attach       bool     `yaml:"attach" toml:"attach"`
	Replies      string   `yaml:"replies" toml:"replies"`
	Quotes       string   `yaml:"quotes" toml:"quotes"`
	Visibility   string   `yaml:"visibility" toml:"visibility"`
	Conference   string   `yaml:"conference" toml:"conference"`
	Talk         string   `yaml:"talk" toml:"talk"`
	Takeaway     string   `yaml:"takeaway" toml:"takeaway"`
}

// ErrNone: the file doesn't start with front matter.
var ErrNone = errors.New(`the file has no front matter: start it with a "---" line, then "title: …", then "---"`)

// formats are read by the line that stands before and after them.
var formats = map[string]func(string, *fields) error{"---": readYAML, "+++": readTOML}

// Parse reads a file. An unknown key is an error: a misspelt one would be lost.
func Parse(file []byte) (*Document, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	first, rest, _ := strings.Cut(strings.ReplaceAll(string(file), "\r\n", "\n"), "\n")
	fence := strings.TrimRight(first, " \t")
	read, ok := formats[fence]
	if !ok {
		return nil, ErrNone
	}
	head, body, ok := cutLine(rest, fence)
	if !ok {
		return nil, fmt.Errorf("the front matter has no closing %q line", fence)
	}
	var f fields
	if err := read(head, &f); err != nil {
		return nil, fmt.Errorf("front matter: %w", err)
	}
	return f.document(strings.TrimLeft(body, "\n"))
}

// cutLine splits a text around the first line that is a fence, spaces after it aside.
func cutLine(text, fence string) (before, after string, ok bool) {
	at := 0
	for line := range strings.Lines(text) {
		if strings.TrimRight(line, " \t\n") == fence {
			return text[:at], text[at+len(line):], true
		}
		at += len(line)
	}
	return "", "", false
}

func readYAML(head string, f *fields) error {
	dec := yaml.NewDecoder(strings.NewReader(head))
	dec.KnownFields(true)
	if err := dec.Decode(f); err != nil && !errors.Is(err, io.EOF) { // EOF: nothing stands between the lines
		return err
	}
	return nil
}

func readTOML(head string, f *fields) error {
	meta, err := toml.Decode(head, f)
	if err == nil && len(meta.Undecoded()) > 0 {
		return fmt.Errorf("there is no key %q", meta.Undecoded()[0])
	}
	return err
}

func (f fields) document(source string) (*Document, error) {
	date, err := readDate(f.Date)
	if err != nil {
		return nil, err
	}
	return &Document{Title: f.Title, Date: date, Summary: f.Summary, Language: f.Language, Tags: f.Tags, Slug: f.Slug, Image: f.Image, ImageAlt: f.ImageAlt, ImageCaption: f.ImageCaption, Attach: f.Attach, Replies: f.Replies, Quotes: f.Quotes, Visibility: f.Visibility,
		Conference: f.Conference, Talk: f.Talk, Takeaway: f.Takeaway, Source: source}, nil
}

// layouts are how people write a date, beside what YAML and TOML read themselves.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

func readDate(v any) (time.Time, error) {
	switch v := v.(type) {
	case nil:
		return time.Time{}, nil
	case time.Time:
		return civil(v)
	case string:
		for _, layout := range layouts {
			if t, err := time.Parse(layout, strings.TrimSpace(v)); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("front matter: date %v: write it as 2026-06-11T19:42:00+02:00", v)
}

// civil reads a TOML date or time that names no zone as UTC, as YAML does; the decoder
// puts it in the zone of this machine, under a name of its own.
func civil(t time.Time) (time.Time, error) {
	switch t.Location().String() {
	case "time-local":
		return time.Time{}, errors.New("front matter: date: a time of day needs its date")
	case "date-local", "datetime-local":
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), nil
	}
	return t, nil
}
