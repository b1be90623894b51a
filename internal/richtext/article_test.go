package richtext

import (
	"maps"
	"regexp"
	"strings"
	"testing"
)

// strangerArticleWhitelist is what an article of a stranger's may have beside a reply.
var strangerArticleWhitelist = func() whitelist {
	w := maps.Clone(strangerWhitelist)
	for _, h := range []string{"h3", "h4", "h5", "h6"} {
		w[h] = map[string]*regexp.Regexp{}
	}
	w["hr"] = map[string]*regexp.Regexp{"class": regexp.MustCompile(`^picture-[0-9]{1,3}$`)}
	return w
}()

func TestAStrangersArticleKeepsItsHeadingsInOrder(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<h1>A</h1><h2>B</h2><h1>C</h1>":                     "<h3>A</h3><h4>B</h4><h3>C</h3>",
		"<h2>A</h2><p>x</p><h6>B</h6><h3>C</h3>":             "<h3>A</h3><p>x</p><h4>B</h4><h4>C</h4>",
		"<h4>A</h4><h1>B</h1>":                               "<h3>A</h3><h3>B</h3>",
		"<h2 id=x onclick=y()>A <b>b</b></h2>":               "<h3>A <b>b</b></h3>",
		"<h2>A<script>alert(1)</script></h2>":                "<h3>A</h3>",
		"<h2>1</h2><h3>2</h3><h4>3</h4><h5>4</h5><h6>5</h6>": "<h3>1</h3><h4>2</h4><h5>3</h5><h6>4</h6><h6>5</h6>",
	} {
		if got := StrangerArticle(in, nil); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestPicturesOfAStrangersArticleAreMarkedWhereTheyStood(t *testing.T) {
	t.Parallel()
	hall, gull := "https://far.example/hall.jpg", "https://far.example/gull.jpg"
	for name, c := range map[string]struct{ in, want string }{
		"between blocks":        {`<p>a</p><figure><img src="` + hall + `"><figcaption>The hall</figcaption></figure><p>b</p>`, `<p>a</p><hr class="picture-0">The hall<p>b</p>`},
		"within a paragraph":    {`<p>a <img src="` + gull + `"> b</p>`, `<p>a </p><hr class="picture-1"> b`},
		"as a link":             {`<p><a href="https://far.example/big"><img src="` + hall + `"></a></p>`, `<hr class="picture-0">`},
		"twice":                 {`<img src="` + hall + `"><img src="` + hall + `">`, `<hr class="picture-0">`},
		"within a list":         {`<ul><li><img src="` + hall + `">x</li></ul>`, `<ul><li>x</li></ul>`},
		"of whom nobody spoke":  {`<img src="https://far.example/pixel.gif">a`, `a`},
		"that isn't on the web": {`<img src="data:image/png;base64,AA">a<img>`, `a`},
		"forged":                {`a<hr class="picture-0"><p class="picture-0">b</p>`, `a<p>b</p>`},
	} {
		if got := StrangerArticle(c.in, []string{hall, gull}); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := Stranger(`<p>a</p><img src="` + hall + `">`); got != "<p>a</p>" {
		t.Errorf("a reply keeps a mark: %s", got)
	}
}

func TestPartsOfAnArticleAreWhole(t *testing.T) {
	t.Parallel()
	parts := StrangerParts(`<p>a</p><hr class="picture-0"><hr class="picture-12"><p>b</p>`)
	if len(parts) != 4 || parts[0].HTML != "<p>a</p>" || parts[1].Picture != 0 || parts[1].HTML != "" || parts[2].Picture != 12 || parts[3].HTML != "<p>b</p>" {
		t.Errorf("%+v", parts)
	}
	if parts := StrangerParts("<p>a</p>"); len(parts) != 1 || parts[0].HTML != "<p>a</p>" {
		t.Errorf("%+v", parts)
	}
}

func TestPicturesAreFoundInAStrangersHTML(t *testing.T) {
	t.Parallel()
	in := `<img src="https://a.example/1.jpg" alt="one"><IMG SRC='http://a.example/2.png'/><img src=/3.png><img src="javascript:alert(1)">` + strings.Repeat(`<img src="https://a.example/n.jpg">`, 9)
	got := StrangerPictures(in, 4)
	if len(got) != 4 || got[0] != (StrangerPicture{"https://a.example/1.jpg", "one"}) || got[1].URL != "http://a.example/2.png" || got[2].URL != "https://a.example/n.jpg" {
		t.Errorf("%+v", got)
	}
}

// FuzzStrangerArticle: whatever comes, what goes out is on the whitelist, each of its parts
// is HTML that is left alone, and no picture's address is in it.
func FuzzStrangerArticle(f *testing.F) {
	seeds(f, "%% ", "testdata/fediverse/*.html", "testdata/hostile/*.html")
	f.Fuzz(func(t *testing.T, s string) {
		var pictures []string
		for _, p := range StrangerPictures(s, 9) {
			pictures = append(pictures, p.URL)
		}
		once := StrangerArticle(s, pictures)
		if err := strangerArticleWhitelist.check(once); err != nil {
			t.Fatalf("%v\nin  %q\nout %q", err, s, once)
		}
		for _, part := range StrangerParts(once) {
			if again := StrangerArticle(part.HTML, nil); part.HTML != "" && strings.Count(again, "<") != strings.Count(part.HTML, "<") {
				t.Fatalf("a part isn't whole\nin   %q\npart %q\nis   %q", s, part.HTML, again)
			}
		}
	})
}
