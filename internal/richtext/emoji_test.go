package richtext

import "testing"

func TestEmojiStandInWordsAlone(t *testing.T) {
	t.Parallel()
	gull := Emoji{":gull:", "https://notes.example/media/copies/a/thumb.png", 64, 48}
	shown := `<img class="emoji" src="https://notes.example/media/copies/a/thumb.png" alt=":gull:" title=":gull:" width="64" height="48" loading="lazy" decoding="async">`
	for _, c := range []struct{ name, html, want string }{
		{"in a sentence", `<p>A :gull: at sea</p>`, `<p>A ` + shown + ` at sea</p>`},
		{"twice, side by side", `<p>:gull::gull:</p>`, `<p>` + shown + shown + `</p>`},
		{"after a time", `<p>at 10:30:gull:</p>`, `<p>at 10:30` + shown + `</p>`},
		{"next to what is escaped", `<p>1 &lt; 2 :gull: &amp;c</p>`, `<p>1 &lt; 2 ` + shown + ` &amp;c</p>`},
		{"in another case", `<p>:Gull:</p>`, `<p>:Gull:</p>`},
		{"of another name", `<p>:tern:</p>`, `<p>:tern:</p>`},
		{"in an address", `<p><a href="https://a.example/:gull:" class="u-url">:gull:</a></p>`, `<p><a href="https://a.example/:gull:" class="u-url">` + shown + `</a></p>`},
		{"in code", `<p><code>:gull:</code> :gull:</p><pre><code>:gull:</code></pre>`, `<p><code>:gull:</code> ` + shown + `</p><pre><code>:gull:</code></pre>`},
	} {
		if got := WithEmoji(c.html, []Emoji{gull}); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	if got := WithEmoji(`<p>:gull:</p>`, nil); got != `<p>:gull:</p>` {
		t.Errorf("without a picture: %s", got)
	}
}

func TestEmojiBringNoMarkup(t *testing.T) {
	t.Parallel()
	got := WithEmoji(`<p>:x:</p>`, []Emoji{{":x:", `https://a.example/"><script>`, 1, 1}})
	if want := `<p><img class="emoji" src="https://a.example/&#34;&gt;&lt;script&gt;" alt=":x:" title=":x:" width="1" height="1" loading="lazy" decoding="async"></p>`; got != want {
		t.Errorf("%s", got)
	}
}
