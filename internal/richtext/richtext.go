// Package richtext turns what people write into HTML that is safe to store, to
// show and to federate. Our own authors' Markdown goes through Render, HTML from
// other servers through Stranger; both end in a bluemonday policy, and Trusted
// alone makes template.HTML of what they returned.
//
// Ids in rendered articles are of three shapes: slugs of headings, without "_"
// or ":"; "fn:1" and "fnref:1" of footnotes; either behind Options.FootnotePrefix.
// Pages that hold an article keep their own ids apart with a "_".
package richtext

import "html/template"

// Version is stored beside rendered HTML; raise it when a rule or dependency
// changes what comes out, so that stored articles are rendered again.
const Version = 6

// Trusted turns output of Render, Stranger, WithEmoji, Paragraph or FieldValue into what
// html/template won't escape. It checks nothing: hand it nothing else.
func Trusted(html string) template.HTML {
	return template.HTML(html)
}
