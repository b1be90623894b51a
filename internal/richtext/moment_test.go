package richtext

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// Sites have their own ways to link into a recording, and a link may lead into one already.
func TestTheAddressOfAMoment(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.youtube.com/watch?v=abc":            "https://www.youtube.com/watch?v=abc&t=754",
		"https://m.youtube.com/watch?v=abc&t=1h2m3s":     "https://m.youtube.com/watch?v=abc&t=4477",
		"https://youtu.be/abc?si=x&t=60":                 "https://youtu.be/abc?si=x&t=814",
		"https://youtu.be/abc?t=30#t=30":                 "https://youtu.be/abc?t=814",
		"https://www.youtube.com/live/abc?start=10":      "https://www.youtube.com/live/abc?t=764",
		"https://www.twitch.tv/videos/123":               "https://www.twitch.tv/videos/123?t=0h12m34s",
		"https://www.dailymotion.com/video/x1":           "https://www.dailymotion.com/video/x1?start=754",
		"https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv":  "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv?start=0h12m34s",
		"https://tube.example/videos/watch/a-b?start=1m": "https://tube.example/videos/watch/a-b?start=0h13m34s",
		"https://vimeo.com/123":                          "https://vimeo.com/123#t=754",
		"https://media.ccc.de/v/39c3-tides#t=10":         "https://media.ccc.de/v/39c3-tides#t=764",
		"https://video.example/day1.webm#t=1:00:00,2":    "https://video.example/day1.webm#t=4354",
		"https://video.example/day1.webm?x=1&t=9#chap":   "https://video.example/day1.webm?x=1&t=9#t=754",
		"https://youtube.com.evil.example/watch?v=abc":   "https://youtube.com.evil.example/watch?v=abc#t=754",
	} {
		if got := RecordingAt(address, 754); got != want {
			t.Errorf("12:34 into %s is %s\nwant %s", address, got, want)
		}
	}
}

// Whatever an address holds, what comes of it is an address on the same host, or no link.
func FuzzRecordingAt(f *testing.F) {
	for _, s := range []string{"https://youtu.be/abc?t=60", "https://a.example/w/x#t=9,9", "https://a.example/?a=&&b#c#d", "?#", "https://a.example/%zz?t=99999999999999999999s"} {
		f.Add(s, 754)
	}
	f.Fuzz(func(t *testing.T, address string, seconds int) {
		before, err := url.Parse(address)
		if err != nil || before.Host == "" || seconds < 0 || seconds > 360000 {
			return
		}
		at := RecordingAt(address, seconds)
		if after, err := url.Parse(at); err != nil || after.Host != before.Host || after.Scheme != before.Scheme || after.Path != before.Path {
			t.Errorf("%q became %q", address, at)
		}
		source := "## T\n\n**09:15** · Talk · Hall · [video](<" + address + ">)\n\n[" + strconv.Itoa(seconds/60%100) + ":05] said"
		if html := Render(source, Options{}).HTML; ownWhitelist.check(html) != nil {
			t.Errorf("%s\nbecame %s: %v", source, html, ownWhitelist.check(html))
		}
	})
}

// "[12:34]: demo" would define a link in CommonMark, and the words be gone.
func TestATimeMarkWithAColonKeepsItsWords(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"[12:34]: demo", "- [12:34]: demo\n- [13:00]: more", "> [1:02:03]: demo"} {
		if text := Render(source, Options{}).Text; !strings.Contains(text, ": demo") {
			t.Errorf("of %q readers see %q", source, text)
		}
	}
	if html := Render("[a][x]\n\n[x]: https://a.example/", Options{}).HTML; !strings.Contains(html, `href="https://a.example/"`) {
		t.Errorf("another definition is lost: %s", html)
	}
}
