package richtext

import (
	"bytes"
	"strings"
	"testing"
)

func TestAFieldIsOneLinkOrWords(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://gwen.example":                `<a href="https://gwen.example" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example</a>`,
		" https://GWEN.example/~me?a=1&b=2 ":  `<a href="https://gwen.example/~me?a=1&amp;b=2" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example/~me?a=1&amp;b=2</a>`,
		"https://bücher.example/":             `<a href="https://xn--bcher-kva.example/" rel="me nofollow noopener noreferrer" translate="no">https://xn--bcher-kva.example/</a>`,
		"http://gwen.example":                 `http://gwen.example`,
		"see https://gwen.example":            `see https://gwen.example`,
		"https://bank.example@gwen.example/":  `https://bank.example@gwen.example/`,
		"javascript:alert(1)":                 `javascript:alert(1)`,
		`<a href="https://x.example">x</a>`:   `&lt;a href=&#34;https://x.example&#34;&gt;x&lt;/a&gt;`,
		"she & her":                           `she &amp; her`,
		`https://gwen.example/"onclick="x()`:  `<a href="https://gwen.example/%22onclick=%22x%28%29" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example/%22onclick=%22x%28%29</a>`,
		"https://gwen.example/<script>x":      `<a href="https://gwen.example/%3Cscript%3Ex" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example/%3Cscript%3Ex</a>`,
		"https://gwen.example/ and a comment": `https://gwen.example/ and a comment`,
	} {
		page, ok := PageAddress(typed)
		if !ok {
			page = ""
		}
		if got := FieldValue(typed, page); got != want {
			t.Errorf("%q is %s\nwant %s", typed, got, want)
		}
	}
}

func TestAPageLinksBackOnlyWithALinkOfItsOwn(t *testing.T) {
	t.Parallel()
	const page, actor = "https://notes.example/@gwen", "https://notes.example/users/gwen"
	for html, want := range map[string]bool{
		`<a rel="me" href="` + page + `">me</a>`:                                              true,
		`<link rel="me" href="` + page + `">`:                                                 true,
		`<link rel="me" href="` + actor + `"/>`:                                               true,
		`<A HREF='` + page + `' REL='nofollow ME noopener'>`:                                  true,
		`<a rel=me href=https://Notes.example/@Gwen/>`:                                        true,
		`<a rel="me" href=" ` + page + `#top ">`:                                              true,
		`<a rel="me" href="https://notes.example/&#64;gwen">`:                                 true,
		`<!doctype html><p>` + strings.Repeat(`<div>`, 9999) + `<a rel=me href=` + page + `>`: true,
		`<template></template><a rel="me" href="` + page + `">`:                               true,
		``:                                                             false,
		`<a href="` + page + `">no rel</a>`:                            false,
		`<a rel="home" href="` + page + `">`:                           false,
		`<a rel="meh" href="` + page + `">`:                            false,
		`<a rel="me" href="` + page + `2">`:                            false,
		`<a rel="me" href="` + page + `/day-one">`:                     false,
		`<a rel="me" href="https://notes.example/@alix">`:              false,
		`<a rel="me" href="https://notes.example.evil.example/@gwen">`: false,
		`<a rel="me" href="http://notes.example/@gwen">`:               false,
		`<a rel="me" href="/@gwen">`:                                   false,
		`<a rel="me" href="//notes.example/@gwen">`:                    false,
		`<a rel="me" href="` + page + `?next=x">`:                      false,
		`<!-- <a rel="me" href="` + page + `"> -->`:                    false,
		`<script>"<a rel=me href=` + page + `>"</script>`:              false,
		`<textarea><a rel="me" href="` + page + `"></textarea>`:        false,
		`<title><link rel="me" href="` + page + `"></title>`:           false,
		`<template><a rel="me" href="` + page + `"></template>`:        false,
		`<p rel="me" href="` + page + `">`:                             false,
		`</a rel="me" href="` + page + `">`:                            false,
		`<a data-rel="me" href="` + page + `">`:                        false,
		`&lt;a rel="me" href="` + page + `"&gt;`:                       false,
		`<a rel="me">` + page + `</a>`:                                 false,
		`<a title='rel="me" href="` + page + `"'>`:                     false,
		`<style><a rel="me" href="` + page + `"></style><xmp><a rel="me" href="` + page + `"></xmp>`: false,
	} {
		if got := LinksBack([]byte(html), page, actor); got != want {
			t.Errorf("%.200s links back: %t", html, got)
		}
	}
	if LinksBack(bytes.Repeat([]byte(`<a rel="me" href="x`), 50_000), page) {
		t.Error("a page that never ends its link links back")
	}
}
