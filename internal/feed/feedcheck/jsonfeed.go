package feedcheck

import (
	"fmt"
	"strings"
)

// The rules of https://www.jsonfeed.org/version/1.1/, by the section's own words.

var (
	ofFeed = words("version title home_page_url feed_url description user_comment next_url icon favicon authors language expired hubs items")
	ofItem = words("id url external_url title content_html content_text summary image banner_image date_published date_modified authors tags language attachments")
)

type object = map[string]any

func objects(v any) (all []object) {
	list, _ := v.([]any)
	for _, e := range list {
		o, _ := e.(object)
		all = append(all, o)
	}
	return all
}

func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func (d *Document) jsonItems() []object { return objects(d.JSON["items"]) }

func jsonHTML(d *Document) (pieces []string) {
	for _, i := range d.jsonItems() {
		pieces = append(pieces, str(i, "content_html"))
	}
	return pieces
}

func jsonRules() []Rule {
	each := func(name string, check func(i object, fail report)) Rule {
		return Rule{name, func(d *Document, fail report) {
			for _, i := range d.jsonItems() {
				check(i, fail)
			}
		}}
	}
	rules := []Rule{
		{"version", func(d *Document, fail report) {
			if str(d.JSON, "version") != "https://jsonfeed.org/version/1.1" {
				fail("%v", d.JSON["version"])
			}
		}},
		{"title", func(d *Document, fail report) {
			if blank(str(d.JSON, "title")) {
				fail("%v", d.JSON["title"])
			}
		}},
		{"items", func(d *Document, fail report) {
			list, ok := d.JSON["items"].([]any)
			for _, i := range list {
				if _, is := i.(object); !is {
					ok = false
				}
			}
			if !ok {
				fail("%T", d.JSON["items"])
			}
		}},
		{"extensions begin with an underscore", func(d *Document, fail report) {
			onlyKeys(d.JSON, ofFeed, fail)
			for _, i := range d.jsonItems() {
				onlyKeys(i, ofItem, fail)
			}
		}},
		{"home_page_url and feed_url", func(d *Document, fail report) {
			if !fullURL(str(d.JSON, "home_page_url")) || str(d.JSON, "feed_url") != d.URL {
				fail("%v, %v at %s", d.JSON["home_page_url"], d.JSON["feed_url"], d.URL)
			}
		}},
		{"id", func(d *Document, fail report) {
			seen := map[string]bool{}
			for _, i := range d.jsonItems() {
				if id := str(i, "id"); blank(id) || seen[id] {
					fail("%q", id)
				}
				seen[str(i, "id")] = true
			}
		}},
		each("url", func(i object, fail report) {
			if !fullURL(str(i, "url")) {
				fail("%v", i["url"])
			}
		}),
		each("content_html or content_text", func(i object, fail report) {
			if _, html := i["content_html"].(string); !html {
				if _, text := i["content_text"].(string); !text {
					fail("%v has neither", i["id"])
				}
			}
		}),
		each("date_published and date_modified", func(i object, fail report) {
			modified, edited := i["date_modified"]
			if !rfc3339(str(i, "date_published")) || edited && (!rfc3339(fmt.Sprint(modified)) || str(i, "date_modified") < str(i, "date_published")) {
				fail("%v, %v", i["date_published"], modified)
			}
		}),
		each("tags", func(i object, fail report) {
			tags, has := i["tags"]
			list, ok := tags.([]any)
			for _, t := range list {
				if s, is := t.(string); !is || blank(s) {
					ok = false
				}
			}
			if has && !ok {
				fail("%v", tags)
			}
		}),
		{"authors", func(d *Document, fail report) {
			for _, o := range append(d.jsonItems(), d.JSON) {
				for _, a := range objects(o["authors"]) {
					if blank(str(a, "name")) && blank(str(a, "url")) && blank(str(a, "avatar")) || str(a, "url") != "" && !fullURL(str(a, "url")) {
						fail("%v", a)
					}
				}
			}
		}},
		{"language", func(d *Document, fail report) {
			for _, o := range append(d.jsonItems(), d.JSON) {
				if l, has := o["language"]; has && !languageTag(fmt.Sprint(l)) {
					fail("%v", l)
				}
			}
		}},
		{"BadCharacters", func(d *Document, fail report) {
			for _, s := range texts(d.JSON) {
				if r, bad := badCharacter(s); bad {
					fail("%U", r)
				}
			}
		}},
		{"SteersOtherText", func(d *Document, fail report) {
			for _, o := range append(d.jsonItems(), d.JSON) {
				if l := str(o, "title") + str(o, "summary") + str(o, "description"); steering(l) || strings.ContainsAny(l, "\r\n") {
					fail("%q", l)
				}
			}
		}},
	}
	return append(rules, htmlRules(jsonHTML)...)
}

func onlyKeys(o object, known map[string]bool, fail report) {
	for key, v := range o {
		if !known[key] && !strings.HasPrefix(key, "_") || v == nil {
			fail("%s: %v", key, v)
		}
	}
}

// texts are all strings in a value.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, e := range v {
			all = append(all, texts(e)...)
		}
	case object:
		for _, e := range v {
			all = append(all, texts(e)...)
		}
	}
	return all
}
