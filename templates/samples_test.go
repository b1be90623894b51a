package templates

import (
	"html/template"
	"time"
)

var evening = time.Date(2026, 6, 11, 21, 2, 0, 0, time.UTC)

const sampleBody = `<p>Got in last night on the last train, badge in hand after twenty minutes in the queue. I kept <a href="https://kormoran.example/plan" rel="noopener">seven sessions</a> and missed two, both because of the <code>eBPF</code> room.<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup></p>
<h2 id="ten-years">Ten years of tides</h2>
<p>09:30, Main hall. Maëlle Quérec, CTO, Ateliers Brume.</p>
<p class="takeaway"><mark>You don’t size for the average, you size for the spring tide.</mark></p>
<p>Ten years of operations, told by two voices. Three decisions mattered <em>more than all the others</em>:</p>
<ul>
<li>measure before adding a layer;</li>
<li>make every service <strong>boring</strong> to run;
<ul>
<li>even the exciting ones</li>
</ul>
</li>
<li>delete what nobody reads.</li>
</ul>
<blockquote>
<p>A dashboard that nobody opens is a debt, not an asset.</p>
<p>— Maëlle Quérec</p>
</blockquote>
<h2 id="ebpf">eBPF without tears, or how I learnt to stop worrying about the verifier</h2>
<p>A live demo, and it worked. With <span class="h-card" translate="no"><a href="https://hachyderm.example/@yuki" class="u-url mention">@<span>yuki</span></a></span> taking notes beside me.</p>
<pre class="chroma"><code class="language-go"><span class="kd">func</span> <span class="nf">main</span><span class="p">()</span> <span class="p">{</span>
	<span class="c1">// count openat() by process, and keep the line long enough to scroll sideways on any screen</span>
	<span class="nx">counts</span> <span class="o">:=</span> <span class="nb">make</span><span class="p">(</span><span class="kd">map</span><span class="p">[</span><span class="kt">string</span><span class="p">]</span><span class="kt">int</span><span class="p">,</span> <span class="mi">1024</span><span class="p">)</span>
	<span class="nx">fmt</span><span class="p">.</span><span class="nf">Println</span><span class="p">(</span><span class="s">&#34;ready&#34;</span><span class="p">)</span>
<span class="p">}</span>
</code></pre>
<h3 id="numbers">The numbers</h3>
<table>
<thead><tr><th class="align-left">Probe</th><th class="align-right">Cost, ns</th><th class="align-right">Events a second</th><th class="align-center">Use it?</th><th>Remark</th></tr></thead>
<tbody>
<tr><td class="align-left">tracepoint</td><td class="align-right">96</td><td class="align-right">1 200 000</td><td class="align-center">yes</td><td>stable, start here and stay as long as you can</td></tr>
<tr><td class="align-left">kprobe</td><td class="align-right">112</td><td class="align-right">980 000</td><td class="align-center">no</td><td>breaks with every kernel</td></tr>
</tbody>
</table>
<h2 id="tomorrow">And tomorrow?</h2>
<ol><li>the round table on open archives, at ten;</li><li>small models, big harbours.</li></ol>
<ul class="contains-task-list">
<li class="task-list-item">☑ slides of the keynote</li>
<li class="task-list-item">☐ video of the keynote</li>
</ul>
<hr>
<p>Good night from Port-Kerval.</p>
<div class="footnotes" role="doc-endnotes">
<hr>
<ol><li id="fn:1"><p>Room full ten minutes before; the recording is promised for July. <a href="#fnref:1" class="footnote-backref" role="doc-backlink">↩</a></p></li></ol>
</div>`

// entries are what one reads of others, in each shape.
func entries(word func(string) string, replies []Reply, cover Picture) []Entry {
	long, warned, poll, private := replies[0], replies[1], replies[0], replies[1]
	long.ID, warned.ID, poll.ID, private.ID = "11", "12", "13", "14"
	long.Server, poll.Server, warned.Warning, private.Private = "hachyderm.example", "hachyderm.example", word("Spoiler"), true
	return []Entry{
		{Reply: long, Title: word("Ten years of tides"), TitleURL: "/answer/11", Lead: word("It began with a boat."), ReadOn: "/answer/11", BoostedBy: &replies[1].Author, Back: "/reading", Liked: true},
		{Reply: warned, Answers: &replies[0].Author, AnswersURL: "/answer/11", Back: "/reading", Boosted: true},
		{Reply: poll, Poll: true, Back: "/reading"},
		{Reply: private, Title: word("Here"), TitleURL: "/@gwen/here", Lead: word("Here."), Cover: &cover, Mine: true, Back: "/reading"},
	}
}

// attachments are a picture of which we have a copy, one of which we don't, and a file.
func attachments(word func(string) string) []Attachment {
	return []Attachment{
		{Picture: &Picture{URL: "https://notes.example/media/copies/hall/thumb.jpg", Width: 960, Height: 540, Alt: word("The hall")}, URL: "https://cdn.example/1.jpg", Host: "cdn.example"},
		{URL: "https://cdn.example/2.jpg", Host: word("cdn.example"), Label: word("The harbour")},
		{URL: "https://cdn.example/3.pdf", Host: word("cdn.example")},
	}
}

// samples returns every page once, filled in; every plain string that a person
// or a stranger controls goes through word, so that a test can make it hostile.
func samples(language string, word func(string) string) map[string]any {
	site := Site{Name: word("Carnets de salle"), Language: language, URL: "https://notes.example", Host: "notes.example", Version: "0.1"}
	public := func(title string) Page {
		return Page{
			Title: word(title), Language: language, Canonical: "https://notes.example/x", Description: word("Two keynotes & a lesson"),
			Alternate: "https://notes.example/articles/1", FediverseCreator: word("@gwen@notes.example"), Site: site,
			OpenGraph: OpenGraph{Type: "article", Picture: CardPicture{URL: "https://notes.example/media/1.jpg", Alt: word("the hall"), MIME: "image/jpeg", Width: 1200, Height: 630}, Published: evening, Updated: evening},
		}
	}
	private := func(title string, notices ...Notice) Page {
		return Page{
			Title: word(title), Language: language, Site: site, Notices: notices,
			Viewer: &Viewer{Handle: word("gwen"), Name: word("Gwen Le Floc’h"), Role: "owner", Language: language},
		}
	}
	gwen := Author{Name: word("Gwen Le Floc’h"), Handle: word("@gwen@notes.example"), URL: "https://notes.example/@gwen", ID: "https://notes.example/users/gwen"}
	told := gwen
	told.Bio = `<p>Infrastructure by day, tides by night.</p>`
	yuki := Author{Name: word("Yuki Nakagome"), Handle: word("@yuki@hachyderm.example"), URL: "https://hachyderm.example/@yuki", Avatar: "https://notes.example/media/copies/yuki/thumb.jpg"}
	away := gwen
	away.MovedTo = &yuki
	tags := []Link{{Label: word("Kormoran2026"), URL: "/tags/kormoran2026"}, {Label: word("eBPF"), URL: "/tags/ebpf"}, {Label: word("OpenData"), URL: "/tags/opendata"}}
	hall := Picture{URL: "https://notes.example/media/hallhallhallhallhall00/960.jpg", Srcset: "https://notes.example/media/hallhallhallhallhall00/480.jpg 480w, https://notes.example/media/hallhallhallhallhall00/960.jpg 960w",
		Full: "https://notes.example/media/hallhallhallhallhall00/960.jpg", Width: 960, Height: 540, Alt: word("The main hall"), Caption: word("Row 40")}
	slide := Picture{URL: "https://notes.example/media/slideslideslideslide00/480.png", Full: "https://notes.example/media/slideslideslideslide00/480.png", Width: 300, Height: 200}
	added := []EditorPicture{{hall, "hallhallhallhallhall00", "/media/hallhallhallhallhall00"}, {slide, "slideslideslideslide00", "/media/slideslideslideslide00"}}
	cards := []Card{
		{Title: word("First day at Kormoran: tides, models and a moody wifi"), URL: "/@gwen/first-day", Language: "en", Author: gwen, Published: evening, Cover: &hall, Summary: word("Two keynotes, five packed rooms, and a lesson in infrastructure given by the sea."), Minutes: 9, Tags: tags},
		{Title: word("eBPF without tears"), URL: "/@gwen/ebpf", Language: "en", Author: gwen, Published: evening.AddDate(0, 0, -1), Minutes: 3},
		{Title: word("La table ronde sur les archives ouvertes, et pourquoi « ouvert » ne veut pas dire trouvable"), URL: "/@ilan/archives", Language: "fr", Author: yuki, Published: evening.AddDate(0, -1, -10), Summary: word("Quatre archivistes, une institution et beaucoup de formats morts : notes prises debout, au fond d’une salle trop petite pour le sujet."), Minutes: 12, Tags: tags[:1]},
		{Title: word("يوم أول في المؤتمر"), URL: "/@nour/day", Language: "ar", Author: gwen, Published: evening.AddDate(0, -2, 0), Summary: word("ملاحظات من القاعة الكبرى."), Minutes: 4},
	}
	own := make([]Card, len(cards))
	for i, card := range cards {
		card.Author = Author{}
		own[i] = card
	}
	replies := []Reply{
		{
			ID: word("1"), Author: yuki, URL: "https://hachyderm.example/@yuki/1", Published: evening, Language: word("en"), Server: word("hachyderm.example"),
			Body: template.HTML(`<p>Thanks for the write-up! The video of the second keynote is online already.</p>`),
			Replies: []Reply{
				{ID: "2", Author: gwen, FromAuthor: true, Published: evening.Add(8 * time.Minute), Body: template.HTML(`<p>Added to the article, thank you.</p>`), Replies: []Reply{
					{ID: "3", Author: yuki, URL: "https://hachyderm.example/@yuki/3", Published: evening.Add(9 * time.Minute), Server: "hachyderm.example", Body: template.HTML(`<p>🙏</p>`), Replies: []Reply{
						{ID: "4", Author: yuki, URL: "https://hachyderm.example/@yuki/4", Published: evening.Add(10 * time.Minute), Server: "hachyderm.example", Hidden: true, Held: true, Body: template.HTML(`<p>And a fourth level, to see where the thread ends up on a narrow screen.</p>`)},
					}},
				}},
			},
		},
		{
			ID: "6", Author: yuki, Speaker: true, URL: "https://hachyderm.example/@yuki/6",
			Offer: &Offer{Action: "/write/1/conversation", Reply: "6", Words: true, Links: []OfferedLink{{URL: "https://slides.example/1", Label: word("slides.example/1"), Type: "slides", Talks: []Link{{Label: word("Tides"), URL: "t1"}}},
				{URL: "https://tube.example/1", Label: word("tube.example/1"), Type: "video", Talks: []Link{{Label: word("Tides"), URL: "t1"}, {Label: word("Boats"), URL: "t2"}}}, {URL: "https://code.example/1", Label: word("code.example/1"), Taken: true}}}, Published: evening.Add(time.Hour), Server: "hachyderm.example", Start: word("A long story …"),
			Body: template.HTML(`<p>A long story, told in full.</p>`), Sensitive: true, Attachments: attachments(word),
			Replies: []Reply{{ID: "7", Author: gwen, Published: evening, Body: template.HTML(`<p>Look.</p>`), Attachments: attachments(word)[:1]}},
			Folded:  []Reply{{ID: "8", Author: yuki, Published: evening, Body: template.HTML(`<p>Folded.</p>`)}}, FoldedCount: 12,
		},
		{
			ID: "5", Speaker: true, Offer: &Offer{WordsTaken: true}, Author: Author{Name: word("Solenn Le Bihan"), Handle: word("@solenn@social.example")}, URL: "https://social.example/@solenn/5", Published: evening.Add(time.Hour), Private: true, Server: "social.example",
			Warning: word("a small correction"), Body: template.HTML(`<p>It was 12,000 sensors, not 1,200.</p>`),
		},
	}
	var answerable func([]Reply)
	answerable = func(all []Reply) {
		for i := range all {
			all[i].AnswerURL = "/answer/" + all[i].ID
			answerable(all[i].Replies)
		}
	}
	answerable(replies)
	text := Manuscript{
		ClientID: word("c-1"), Version: 3, Title: word("First day at Kormoran: tides, models and a moody wifi"), Summary: word("Two keynotes, five packed rooms."), Language: word("en"),
		Cover: word("hallhallhallhallhall00"), CoverAlt: word("The main hall"), CoverCaption: word("Row 40"), Attach: true,
		Tags: word("Kormoran2026 eBPF"), Slug: word("first-day"), Source: word("\nGot in last night.\n\n## Ten years of tides\n\n- measure before adding a layer\n- make every service boring\n\n> A dashboard that nobody opens is a debt.\n>\n> — Maëlle Quérec\n\n==You size for the spring tide.=="),
	}
	article := Article{
		Page: public("First day at Kormoran: tides, models and a moody wifi"), Lead: word("Two keynotes, five packed rooms, and a lesson in infrastructure given by the sea."), Author: told, Cover: &hall,
		Published: evening, Updated: evening.Add(2 * time.Hour), Minutes: 9, Body: template.HTML(sampleBody), Tags: tags, Replies: replies, ReplyCount: 5, Likes: 41, Boosts: 12, ReplyPolicy: "followers",
		AllReplies: "https://notes.example/@gwen/first-day/replies", Likers: Faces{[]Author{yuki, gwen}, 39}, Boosters: Faces{[]Author{yuki}, 0},
		Newer: &Link{Label: word("Second day at Kormoran"), URL: "/@gwen/second-day"}, Older: &Link{Label: word("The evening before"), URL: "/@gwen/before"},
	}
	quiet := article
	quiet.Page = public("eBPF without tears")
	quiet.Cover = nil
	quiet.Lead, quiet.Updated, quiet.Replies, quiet.ReplyCount, quiet.Likes, quiet.Boosts, quiet.Newer, quiet.Older = "", time.Time{}, nil, 0, 0, 1, nil, nil
	quiet.AllReplies, quiet.Likers, quiet.Boosters = "", Faces{}, Faces{}
	previewed := quiet
	previewed.Published = time.Time{}
	wrong := Problems{"picture": {ID: TooManyBytes, Limit: 16}, "": {ID: Unusable}, "title": {ID: Required}, "source": {ID: TooLong, Limit: 100000}, "slug": {ID: SlugTaken}}

	return with(conferenceSamples(language, word, public, private, cards), map[string]any{
		"home":           Home{Page: public("Carnets de salle"), Articles: cards, Newer: "/?before=1", Older: "/?after=4"},
		"home-alone":     Home{Page: public("Carnets de salle"), Authors: []Author{gwen}, Articles: cards},
		"home-team":      Home{Page: public("Carnets de salle"), Authors: []Author{gwen, {Name: word("Ilan"), Handle: word("@a_rather_long_handle_of_thirty@carnets-de-conferences.example"), URL: "https://notes.example/@ilan"}}, Articles: cards},
		"home-empty":     Home{Page: public("Carnets de salle")},
		"profile":        Profile{Page: public("Gwen Le Floc’h"), Author: gwen, Bio: template.HTML(`<p>Infrastructure by day, tides by night. Notes in <a href="https://gwen.example">two languages</a>.</p>`), Fields: []ProfileField{{word("Site"), `<a href="https://gwen.example" rel="me nofollow noopener noreferrer" translate="no">https://gwen.example</a>`, evening}, {word("Pronouns"), "she/her", time.Time{}}}, Tags: tags, Pinned: own[:1], ArticleCount: 4, Followers: 1234, Articles: own, Older: "/@gwen?page=2"},
		"profile-moved":  Profile{Page: public("Gwen"), Author: away, ArticleCount: 3, Followers: 2, Articles: own},
		"profile-hidden": Profile{Page: public("Gwen"), Author: gwen, Followers: 1234, Hidden: true},
		"profile-empty":  Profile{Page: public("Ilan"), Author: Author{Name: word("Ilan"), Handle: word("@a_rather_long_handle_of_thirty@carnets-de-conferences.example"), URL: "https://notes.example/@ilan"}},
		"tag":            Tag{Page: public("#Kormoran2026"), Name: word("Kormoran2026"), Articles: cards[:2]},
		"tag-empty":      Tag{Page: public("#nothing"), Name: word("nothing")},
		"article":        article,
		"article-quiet":  quiet,
		"replies":        Replies{Page: public("First day"), Article: Link{Label: word("First day at Kormoran"), URL: "/@gwen/first-day"}, Replies: replies, First: "/@gwen/first-day/replies", Next: "/@gwen/first-day/replies?after=9-9"},
		"gone":           Gone{Page: public("Gone"), DeletedAt: evening},
		"gone-undated":   Gone{Page: public("Gone")},
		"error":          Error{Page: public("Not found"), Status: 404, RequestID: word("01JX3-9F")},
		"setup":          Setup{Page: Page{Title: word("Setup"), Language: language, Site: site, NoIndex: true}, Token: word("t0ken"), BaseURL: word("https://notes.example"), Host: word("notes.example"), SiteName: word("Carnets"), SiteLanguage: language, Handle: word("gwen"), Name: word("Gwen"), PasswordMin: 12, Problems: Problems{"handle": {ID: BadHandle}, "password": {ID: TooShort, Limit: 12}}},
		"signin":         SignIn{Page: Page{Title: word("Sign in"), Language: language, Site: site}, Handle: word("gwen"), Next: word("/posts"), Wrong: true},
		"signin-kept":    SignIn{Page: Page{Title: word("Sign in"), Language: language, Site: site}, Wait: 90 * time.Second, Kept: []Field{{"title", word("First day")}, {"source", word("Got in last night.\n\n## Ten years of tides\n\nand so on")}}},
		"write-new":      Write{Page: private("New article"), Text: Manuscript{ClientID: "c-2", Language: language}, Action: "/write"},
		"write":          Write{Page: private("Edit", Notice{ID: ArticleUpdated}, Notice{ID: MentionUnresolved, Subject: word("@x@y.example")}), Text: text, Action: "/write/1", State: Published, URL: "https://notes.example/@gwen/first-day", SavedAt: evening, Cover: &hall, Pictures: added},
		"write-wrong":    Write{Page: private("Edit"), Text: text, Action: "/write/1", State: Draft, SavedAt: evening, Problems: wrong},
		"write-note": Write{Page: private("New article"), Text: Manuscript{ClientID: "c-2", Language: language, Talk: word("t-1"), Takeaway: word("Size for the spring tide.")}, Action: "/write", Naming: []string{word("Yuki Nakagome")},
			Within: word("Kormoran Conf 2026"), Talk: &TalkHead{Title: word("Ten years of tides"), Language: word("en"), Start: evening, Room: word("Main hall"), Speakers: []string{word("Maëlle Quérec, CTO"), word("Tadhg O'Bryne")}}},
		"line": Line{Page: private("Line")},
		"write-recap": Write{Page: private("New article"), Text: Manuscript{ClientID: "c-2", Language: language, Conference: word("kormoran2026"), Day: word("2026-06-11"), Source: word("Hello.")}, Action: "/write", Problems: Problems{"source": {ID: Required}}, Sections: []RecapSection{
			{Number: 0, Text: word("Got in last night."), First: true}, {Number: 1, Note: &RecapNote{ID: word("n-1"), Line: word("{{note n-1}}"), Title: word("Tides"), Language: word("en"), EditURL: "/write/1", Published: true, Whole: true}},
			{Number: 2, Note: &RecapNote{ID: "n-2", Line: "{{note n-2}}", EditURL: "/write/2"}}, {Number: 3, Note: &RecapNote{ID: "n-3", Line: "{{note n-3}}"}, Last: true}}},
		"write-older": Write{Page: private("Edit"), Text: text, Action: "/write/1", State: Draft, SavedAt: evening, Recaps: []Link{{Label: word("First day"), URL: "/write/9", Language: word("en")}}},
		"plan": Plan{Page: private("Plan"), Conference: word("Kormoran Conf"), Action: "/plan/kormoran2026", Day: "2026-06-11", Days: []PlanDay{{evening, "/plan/kormoran2026?day=2026-06-11", true}}, RecapURL: "/recap/new?conference=k&day=2026-06-11", HasFeed: true, FeedURL: word("https://notes.example/plan/feed/x.ics"), Talks: []PlanTalk{
			{ID: word("t-1"), Title: word("Ten years of tides"), Language: word("en"), URL: "/conferences/k/talks/t", Start: evening, End: evening, Room: word("Main hall"), Speakers: []string{word("Maëlle Quérec")}, Mark: "starred", NoteURL: "/write?talk=t-1"},
			{ID: "t-2", Title: word("Lunch"), Start: evening, End: evening, Break: true}, {ID: "t-3", Title: word("Boats"), URL: "/x", Start: evening, End: evening, Cancelled: true, NoteURL: "/write/1", Noted: true}}},
		"plan-empty":    Plan{Page: private("Plan"), Conference: word("Kormoran Conf"), Action: "/plan/kormoran2026", Day: "2026-06-11"},
		"line-read":     Line{Page: private("Line"), Typed: word("Keynote: Tides - Maëlle Quérec"), Read: &TitleLine{Title: word("Tides"), Kind: word("Keynote"), Time: word("09:15"), Room: word("Main hall"), Speakers: word("Maëlle Quérec"), Doubts: []string{"line.doubt_alone"}}},
		"conflict-note": Conflict{Page: private("Conflict"), Mine: Manuscript{Language: "en", Talk: word("t-1"), Takeaway: word("A")}, Theirs: Manuscript{Language: "en", Talk: word("t-1"), Takeaway: word("B")}, TheirsAt: evening, Action: "/write/1", KeepURL: "/write/1"},
		"conflict":      Conflict{Page: private("Conflict"), Mine: text, Theirs: text, TheirsAt: evening, Action: "/write/1", Publishing: true, KeepURL: "/write/1"},
		"preview": Preview{Page: private("Preview"), Text: text, Action: "/write/1", State: Draft, Article: previewed,
			Elsewhere: Elsewhere{Title: word("First day"), Summary: word("A summary"), Language: "en", Host: "notes.example", Words: word("Words"), Card: &LinkCard{Title: word("First day"), Words: word("Words"), Picture: &hall}}},
		"preview-bare": Preview{Page: private("Preview"), Text: text, Action: "/write/1", State: Draft, Article: previewed,
			Elsewhere: Elsewhere{Title: word("First day"), Language: "en", Host: "notes.example", Words: word("Words"), Card: &LinkCard{Title: word("First day"), Words: word("Words")}}},
		"preview-attached": Preview{Page: private("Preview"), Text: text, Action: "/write/1", State: Draft, Article: previewed,
			Elsewhere: Elsewhere{Title: word("First day"), Language: "en", Host: "notes.example", Words: word("Words"), Attached: []Picture{hall}}},
		"preview-followers": Preview{Page: private("Preview"), Text: text, Action: "/write/1", State: Draft, Article: previewed,
			Elsewhere: Elsewhere{Title: word("First day"), Language: "en", Host: "notes.example", Words: word("Words")}},
		"posts": Posts{Page: private("Posts", Notice{ID: ArticleDeleted}), Drafts: []Post{{Language: word("en"), EditURL: "/write/2", Changed: evening}, {Title: word("The evening before"), Language: "en", EditURL: "/write/3", Changed: evening}},
			Published: []Post{{Title: word("First day at Kormoran: tides, models and a moody wifi"), Language: "en", EditURL: "/write/1", ViewURL: "/@gwen/first-day", ConversationURL: "/write/1/conversation", GivenUp: 2, DeliveriesURL: "/write/1/deliveries", Changed: evening, Published: evening, Unpublished: true, Replies: 5, PinID: word("p-1")}, {Title: word("Second day"), Language: "en", EditURL: "/write/4", ViewURL: "/@gwen/second-day", ConversationURL: "/write/4/conversation", Changed: evening, Published: evening, PinID: "p-2", Pinned: true}}, Problems: Problems{"": {ID: EnoughPinned, Limit: 5}}},
		"posts-empty":  Posts{Page: private("Posts")},
		"delete":       ConfirmDelete{Page: private("Delete"), Text: text, Action: "/write/1", State: Published, Replies: 5, KeepURL: "/write/1"},
		"delete-draft": ConfirmDelete{Page: private("Delete"), Text: Manuscript{Language: "en"}, Action: "/write/1", State: Draft, KeepURL: "/write/1"},
		"conversation": Conversation{Page: private("Conversation"), Article: Link{Label: word("First day at Kormoran"), URL: "/@gwen/first-day"}, EditURL: "/write/1", Action: "/write/1/conversation", AnswerURL: "/answer/1", DeliveriesURL: "/write/1/deliveries", Replies: replies, Blocking: BlocksEither,
			Quotes: []Quote{{ID: "1", Author: replies[0].Author, URL: "https://social.example/@alice/1", Words: word("Read this"), At: evening, Granted: true}, {ID: "2", Author: replies[0].Author, URL: "https://social.example/notes/2", At: evening}}},
		"reports":            Reports{Page: private("Reports"), Reports: []Report{{ID: "1", By: replies[0].Author, Of: replies[0].Author, Words: word("Spam"), Posts: []Link{{Label: word("Day one"), URL: "/@gwen/day-one"}}, Private: 2, At: evening}}, More: "/reports?after=1"},
		"reports-empty":      Reports{Page: private("Reports")},
		"conversation-empty": Conversation{Page: private("Conversation"), Article: Link{Label: word("First day"), URL: "/@gwen/first-day"}, EditURL: "/write/1", Action: "/write/1/conversation", AnswerURL: "/answer/1", DeliveriesURL: "/write/1/deliveries"},
		"blocks":             Blocks{Page: private("Blocks"), Blocks: []Block{{ID: word("1"), Target: word("@spam@bad.example"), Since: evening}, {ID: "2", Target: "bad.example", Server: true, Since: evening, Everywhere: true, Locked: true}}, ForAll: true, Target: word("bad"), Problems: Problems{"target": {ID: BadServer}}},
		"answer":             Answer{Page: private("Answer", Notice{ID: AnswerSent}), Article: Link{Label: word("First day at Kormoran"), URL: "/@gwen/first-day"}, ConversationURL: "/write/1/conversation", Reply: &replies[0], Action: "/answer/5", ClientID: "c-3", Source: word("@yuki@hachyderm.example "), Liked: true},
		"answer-private":     Answer{Page: private("Answer"), Article: Link{Label: word("First day"), URL: "/@gwen/first-day"}, Reply: &replies[1], Action: "/answer/6", ClientID: "c-3", Private: true, Problems: Problems{"source": {ID: Required}}},
		"answer-own":         Answer{Page: private("Answer"), Article: Link{Label: word("First day"), URL: "/@gwen/first-day"}, Reply: &replies[0].Replies[0], Action: "/answer/7", ClientID: "c-3", Source: word("Added."), Mine: true},
		"answer-article":     Answer{Page: private("Answer"), Article: Link{Label: word("First day"), URL: "/@gwen/first-day"}, Action: "/answer/1", ClientID: "c-3", Boosted: true},
		"notifications": Notifications{Page: private("News"), Kind: "like", Newest: "9", Held: 3, Asking: 2, Followed: true, Before: 1, Items: []NotificationItem{
			{Kind: "like", Actors: []Author{yuki, gwen, yuki}, At: evening, New: true, URL: "/answer/1", Title: word("First day at Kormoran"), Language: "en"},
			{Kind: "reply", Actors: []Author{yuki}, At: evening, URL: "/answer/5", Words: word("Thanks for the write-up!"), Language: "en"},
			{Kind: "mention", Actors: []Author{yuki}, At: evening, URL: "/answer/6", Words: word("Look at this")},
			{Kind: "coverage", Actors: []Author{yuki}, At: evening, URL: "/coverage/kormoran2026", Title: word("Kormoran Conf 2026")},
			{Kind: "boost", Actors: []Author{yuki, gwen}, At: evening, URL: "/answer/1", Title: word("First day at Kormoran"), Language: "en"},
			{Kind: "moved", Actors: []Author{yuki}, At: evening, URL: "https://new.example/@yuki", Title: word("@yuki@new.example")},
			{Kind: "request", Actors: []Author{yuki, gwen}, At: evening},
			{Kind: "follow", Actors: []Author{yuki}, At: evening}}},
		"notifications-empty": Notifications{Page: private("News")},
		"held":                Held{Page: private("Held"), Total: 300, Last: "9", More: "/held?after=5", Replies: []HeldReply{{replies[0], Link{Label: word("First day"), URL: "/write/1/conversation"}}, {replies[1], Link{Label: word("First day"), URL: "/write/1/conversation"}}}},
		"coverage": Coverage{Page: private("Coverage"), Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Handle: word("@kormoran2026@notes.example"), Action: "/coverage/kormoran2026",
			State: "shown", Total: 2, Last: "9", More: "/coverage/kormoran2026?state=shown&after=5", Tabs: []CoverageTab{{"held", "/coverage/kormoran2026?state=held", 0}, {"shown", "/coverage/kormoran2026?state=shown", 2}, {"hidden", "/coverage/kormoran2026?state=hidden", 1}},
			Items: []CoverageItem{{Reply: replies[0], Boosted: true}, {Reply: replies[1]}}},
		"coverage-held": Coverage{Page: private("Coverage"), Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Handle: word("@kormoran2026@notes.example"), Action: "/coverage/kormoran2026",
			State: "held", Total: 2, Last: "9", Tabs: []CoverageTab{{"held", "/coverage/kormoran2026?state=held", 2}}, Items: []CoverageItem{{Reply: replies[0], Title: word("On WAL")}, {Reply: replies[1]}},
			Blocking: true, Sisters: []Sister{{"1", replies[0].Author, "proposed"}, {"2", replies[1].Author, "asked"}, {"3", replies[0].Author, "followed"}, {"4", replies[0].Author, "refused"}}, Address: word("kormoran"), Problems: Problems{"address": {ID: NoAddress}}},
		"coverage-empty": Coverage{Page: private("Coverage"), Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Handle: word("@kormoran2026@notes.example"), State: "hidden", Action: "/coverage/kormoran2026"},
		"move": Move{Page: private("Move"), Address: word("@gwen@notes.example"), Aliases: []AliasRow{{Author{Name: word("Gwen"), Handle: word("@gwen@old.example"), URL: "https://old.example/@gwen"}, "7"}}, Alias: word("@x@y.example"), Target: word("@gwen@new.example"),
			Problems: Problems{"target": {ID: NoAlias}, "alias": {ID: NotThere}, "current": {ID: WrongPassword}}},
		"move-moved":  Move{Page: private("Move", Notice{ID: AccountMoved}), Address: word("@gwen@notes.example"), MovedTo: &yuki, Then: 120, Remaining: 1},
		"move-lately": Move{Page: private("Move"), Address: word("@gwen@notes.example"), Again: evening},
		"followers": Followers{Page: private("Followers", Notice{ID: FollowersRemoved}), Action: "/followers", State: "accepted", Total: 90, Blocking: true, Last: "9", More: "/followers?state=accepted&before=1",
			Tabs: []FollowersTab{{"accepted", "/followers?state=accepted", 90}, {"pending", "/followers?state=pending", 2}}, People: []FollowerRow{{yuki, word("9"), evening}, {Author{Name: word("Ilan"), Handle: word("@ilan@social.example"), URL: "https://social.example/@ilan"}, "8", evening}}},
		"followers-asking":     Followers{Page: private("Followers"), Action: "/followers", State: "pending", Total: 1, Last: "9", Tabs: []FollowersTab{{"accepted", "/followers?state=accepted", 0}, {"pending", "/followers?state=pending", 1}}, People: []FollowerRow{{yuki, "9", evening}}},
		"followers-conference": Followers{Page: private("Followers"), Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Action: "/followers/kormoran2026", State: "accepted", Total: 1, People: []FollowerRow{{yuki, "9", evening}}},
		"followers-empty":      Followers{Page: private("Followers"), State: "accepted"},
		"followers-nobody":     Followers{Page: private("Followers"), State: "pending"},
		"held-empty":           Held{Page: private("Held")},
		"remote":               Remote{Page: public("Follow"), Follow: true, Account: word("me"), Object: "https://notes.example/users/gwen", Problem: Problem{ID: NoAddress}},
		"remote-going":         Remote{Page: public("Reply"), Account: word("@me@s.example"), Object: "https://notes.example/articles/1", URL: "https://s.example/authorize_interaction?uri=x"},
		"conference-new":       ConferenceForm{Page: private("New"), New: true, Action: "/conferences/new", Host: "notes.example", Zones: []string{"Europe/Paris"}},
		"conference-filled": ConferenceForm{Page: private("New"), New: true, Action: "/conferences/new", Host: "notes.example", Handle: word("kormoran2026"), Name: word("Kormoran Conf 2026"), Zone: "Europe/Paris",
			Start: "2026-06-11", End: "2026-06-12", URL: "https://kormoran.example/", Hashtag: word("KormoranConf2026"), Zones: []string{"Europe/Paris"}, Token: "t", File: word("schedule.xml"), Talks: 23, Problems: Problems{"handle": {ID: HandleTaken}}},
		"conference-zone": ConferenceForm{Page: private("New"), New: true, Action: "/conferences/new", Host: "notes.example", Zones: []string{"Europe/Paris"}, Token: "t", File: word("all.ics"), From: "https://kormoran.example/all.ics", Trouble: word("all.ics:12: this isn't"), Problems: Problems{"fill_zone": {ID: NoZone}}},
		"conference-edit": ConferenceForm{Page: private("Edit", Notice{ID: ConferenceSaved}), Action: "/conferences/kormoran2026/edit", ImportURL: "/conferences/kormoran2026/import", NewTalkURL: "/conferences/kormoran2026/new-talk", Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Name: word("Kormoran Conf 2026"), Zone: "Europe/Paris", Start: "2026-06-11", End: "2026-06-12", City: word("Vannes"), FollowersURL: "/followers/kormoran2026",
			CoverageURL: "/coverage/kormoran2026", Waiting: 3, Choices: &ConferenceChoices{Announces: "recaps", Coverage: "held"}, Series: word("kormoran"), Manager: word("nobody"),
			Managers: []Manager{{word("gwen"), word("Gwen"), "owner"}, {word("alix"), word("Alix"), "editor"}}, Digests: []Digest{{"d1", word("Kormoran, 11 June"), "/@kormoran2026/1"}}, Problems: Problems{"coverage": {ID: BadPolicy}, "manager": {ID: NoAccount}}},
		"conference-editor": ConferenceForm{Page: private("Edit"), Action: "/conferences/kormoran2026/edit", ImportURL: "/conferences/kormoran2026/import", NewTalkURL: "/conferences/kormoran2026/new-talk", CoverageURL: "/coverage/kormoran2026", FollowersURL: "/followers/kormoran2026", Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, Name: word("Kormoran Conf 2026"), Zone: "Europe/Paris", Start: "2026-06-11"},
		"import": Import{Page: private("Import", Notice{ID: ScheduleImported}), Action: "/conferences/kormoran2026/import", EditURL: "/conferences/kormoran2026/edit", NewTalkURL: "/conferences/kormoran2026/new-talk", Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"}, From: "https://kormoran.example/schedule.xml",
			Source: &ImportSource{URL: "https://kormoran.example/schedule.xml", Version: word("0.9"), Read: evening, Refresh: "hourly", Error: word("502 Bad Gateway")}, Trouble: word("schedule.xml:12: unexpected EOF"), Problems: Problems{"schedule": {ID: Unreadable}}},
		"import-plan": Import{Page: private("Import"), Action: "/conferences/kormoran2026/import", EditURL: "/conferences/kormoran2026/edit", NewTalkURL: "/conferences/kormoran2026/new-talk", Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"},
			Plan: &ImportPlan{Token: "t", File: word("schedule.xml"), Version: word("1.1"), ByURL: true, Refresh: "daily", Unchanged: 17, Start: "2026-06-11", End: "2026-06-13", Warnings: []ImportWarning{{12, word("event 3 has no end")}, {0, word("odd")}}, Lists: []ImportList{
				{ImportAdded, 41, []ImportEntry{{Title: word("Postmortem of the wifi"), Now: ImportSlot{evening, word("Main hall")}}}, 40},
				{ImportMoved, 1, []ImportEntry{{Title: word("The long way round"), Was: ImportSlot{evening, word("Groix")}, Now: ImportSlot{evening, ""}}}, 0},
				{ImportRenamed, 1, []ImportEntry{{Title: word("Schemas"), OldTitle: word("Schema")}}, 0}, {ImportRemoved, 1, []ImportEntry{{Title: word("DNS is fine"), Now: ImportSlot{At: evening}}}, 0},
				{ImportChanged, 1, []ImportEntry{{Title: word("Ten years of tides"), Fields: []string{"links", "speakers"}}}, 0}, {ImportKept, 1, []ImportEntry{{Title: word("eBPF"), Fields: []string{"title"}}}, 0}}}},
		"import-nothing": Import{Page: private("Import"), Action: "/conferences/kormoran2026/import", EditURL: "/conferences/kormoran2026/edit", NewTalkURL: "/conferences/kormoran2026/new-talk", Conference: Link{Label: word("Kormoran Conf 2026"), URL: "/conferences/kormoran2026"},
			Plan: &ImportPlan{Token: "t", File: word("schedule.xml"), Refresh: "otherwise", ByURL: true, Unchanged: 23, Empty: true}},
		"reading":       Reading{Page: private("Reading"), Here: "/reading?before=2-2", Newer: "/reading", Older: "/reading?before=1-1", Entries: entries(word, replies, slide)},
		"reading-empty": Reading{Page: private("Reading"), Here: "/reading", Suggestions: []Author{replies[0].Author}},
		"reading-quiet": Reading{Page: private("Reading"), Here: "/reading", FollowsAny: true},
		"following": Following{Page: private("Following", Notice{ID: FollowAsked, Subject: "@yuki@hachyderm.example"}), Account: word("@yuki"), Problems: Problems{"account": {ID: NoFollowAddress}}, Older: "/following?before=9",
			Followed: []Followed{{replies[0].Author, "1", true}, {replies[1].Author, "2", false}}, Suggestions: []Author{replies[0].Author}},
		"following-empty":  Following{Page: private("Following")},
		"answer-elsewhere": Answer{Page: private("Answer"), Article: Link{Label: word("Theirs"), URL: "/answer/9"}, Entry: &entries(word, replies, slide)[0], Answers: replies, FollowURL: "/following?account=x", Action: "/answer/9", ClientID: "c-3"},
		"blocks-empty":     Blocks{Page: private("Blocks")},
		"health": Health{Page: private("Health"), Address: word("@ada@far.example"), CheckedAt: evening, Checked: word("@ada@far.example"), Findings: []Finding{
			{"problem", Message{"health.host_changed", []any{"Reason", word("the request is addressed to host \"127.0.0.1:8080\"")}}, Message{"health.host_changed_do", nil}},
			{"warning", Message{"health.certificate_ends", []any{"Host", word("notes.example"), "Day", "2026-06-20"}}, Message{"health.certificate_ends_do", nil}},
			{"ok", Message{"health.database", nil}, Message{}}}},
		"deliveries": Deliveries{Page: private("Deliveries", Notice{ID: SentAgain}), Article: Link{Label: word("First day"), URL: "/@gwen/first-day", Language: "en"}, Action: "/write/1/deliveries", Total: 320, More: 316, Resendable: true,
			Counts: map[string]int{"given_up": 1, "waits": 1, "underway": 1, "delivered": 317}, Servers: []ServerReached{
				{Host: word("gone.example"), State: "given_up", At: evening, Attempts: 1, Answer: Message{"reach.gone", []any{"Status", "410", "Reason", word("gone <b>for</b> good")}}, Resendable: true},
				{Host: word("slow.example"), State: "waits", Edit: true, At: evening, Attempts: 3, Answer: Message{"reach.broken", []any{"Status", "500", "Reason", word("oops")}}, Resendable: true},
				{Host: word("blocked.example"), State: "underway", Blocked: true},
				{Host: word("far.example"), State: "delivered", At: evening}}},
		"deliveries none": Deliveries{Page: private("Deliveries"), Article: Link{Label: word("First day"), URL: "/@gwen/first-day"}, Action: "/write/1/deliveries"},
		"health new":      Health{Page: private("Health")},
		"health busy":     Health{Page: private("Health"), Busy: true},
		"settings": Settings{Page: private("Settings", Notice{ID: SettingsSaved}), Name: word("Gwen Le Floc’h"), Bio: word("Infrastructure by day, tides by night."), Language: language, Face: &slide, Approves: true, Hides: true, PasswordMin: 12, Introduction: &Introduction{Link: "https://notes.example/@gwen", Host: word("notes.example"), Tags: word("tides"), Domains: word("blog.example"), Offered: []TagChoice{{word("eBPF"), true}, {word("OpenData"), false}},
			Fields: []FieldInput{{1, "field-0-label", "field-0-value", word("Site"), word("https://gwen.example"), evening, false}, {2, "field-1-label", "field-1-value", word("Code"), "https://code.example", time.Time{}, true}, {3, "field-2-label", "field-2-value", "", "", time.Time{}, false}}},
			Problems: Problems{"field-2-label": {ID: Required}, "tags": {ID: BadTag}, "domains": {ID: BadDomain}, "picture": {ID: NotAPicture}, "current": {ID: WrongPassword}}},
	})
}
