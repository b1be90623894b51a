package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// https://www.jsonfeed.org/version/1.1/
const jsonVersion = "https://jsonfeed.org/version/1.1"

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Page        string       `json:"home_page_url"`
	Self        string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title,omitempty"`
	HTML      string       `json:"content_html"`
	Summary   string       `json:"summary,omitempty"`
	Published string       `json:"date_published"`
	Updated   string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language,omitempty"`
}

// JSON writes JSON Feed 1.1.
func JSON(f *Feed) ([]byte, error) {
	doc := jsonFeed{Version: jsonVersion, Title: line(f.Title), Page: f.Page, Self: f.Self, Description: line(f.Description),
		Language: f.Language, Items: []jsonItem{}}
	for _, a := range f.Authors {
		doc.Authors = append(doc.Authors, jsonAuthor{line(a.Name), a.URL})
	}
	for _, e := range f.Entries {
		item := jsonItem{ID: e.ID, URL: e.URL, Title: line(e.Title), HTML: text(e.HTML), Summary: line(e.Summary),
			Published: atomTime(e.Published), Authors: []jsonAuthor{{line(e.Author.Name), e.Author.URL}}, Language: e.Language}
		if e.edited() {
			item.Updated = atomTime(e.Updated)
		}
		for _, c := range e.Categories {
			item.Tags = append(item.Tags, line(c.Label))
		}
		doc.Items = append(doc.Items, item)
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // nobody reads this as HTML, and it is half the size
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("write JSON Feed: %w", err)
	}
	return body.Bytes(), nil
}
