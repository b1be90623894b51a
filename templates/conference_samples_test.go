package templates

import (
	"maps"
	"time"
)

// with adds samples to samples.
func with(more, all map[string]any) map[string]any {
	maps.Copy(all, more)
	return all
}

// conferenceSamples are the pages of a conference, filled in.
func conferenceSamples(language string, word func(string) string, public func(string) Page, private func(string, ...Notice) Page, cards []Card) map[string]any {
	day := func(n int) time.Time { return time.Date(2026, 6, n, 0, 0, 0, 0, time.UTC) }
	c := Conference{Author: Author{Name: word("Kormoran Conf 2026"), Handle: word("@kormoran2026@notes.example"), URL: "https://notes.example/conferences/kormoran2026", ID: "https://notes.example/users/kormoran2026"},
		First: day(11), Last: day(12), City: word("Port-Kerval"), Zone: word("Europe/Paris"), Hashtag: word("Kormoran2026"), Website: "https://kormoran.example", On: true, Talks: 23, Written: 2, Writers: 2,
		Tabs: []Tab{{day(11), "/conferences/kormoran2026/2026-06-11", true}, {day(12), "/conferences/kormoran2026/2026-06-12", false}}, SpeakersURL: "/conferences/kormoran2026/speakers"}
	maelle := Speaker{Name: word("Maëlle Quérec"), URL: "/conferences/kormoran2026/speakers/maelle", Role: word("CTO"), Affiliation: word("Ateliers Brume"), Moderator: true}
	links := []TalkLink{{ID: "1", Type: "slides", URL: "https://slides.example/1", Title: word("Slides"), Host: "slides.example", By: word("Gwen"), Mine: true}, {ID: "2", Type: "video", URL: "https://tube.example/2", Host: "tube.example", By: word("Gwen"), Given: true},
		{ID: "3", Type: "code", URL: "https://code.example/", Host: "code.example"}, {ID: "4", Type: "paper", URL: "https://paper.example/", Host: "paper.example"}, {ID: "5", Type: "web", URL: "https://web.example/", Host: "web.example"}}
	talk := Talk{Title: word("Ten years of tides"), Subtitle: word("and what they taught us"), Language: word("en"), URL: "/conferences/kormoran2026/talks/tides", Kind: "keynote", Starts: evening, Ends: evening.Add(time.Hour), Day: day(11),
		Room: word("Main hall"), Track: word("Keynotes"), Speakers: []Speaker{maelle, {Name: word("Tadhg O’Bryne"), URL: "/conferences/kormoran2026/speakers/tadhg"}, {}}, NoRecording: true, NoStream: true, Now: true,
		Notes: []Link{{Label: word("Gwen"), URL: "/@gwen/tides"}}, MoreNotes: 2, Links: links, WriteURL: "/write?talk=t1"}
	off, gone, lunch := talk, talk, Talk{Title: word("Lunch"), Kind: "break", Starts: evening, Ends: evening, Day: day(11)}
	off.Cancelled, off.Now, off.NoRecording = true, false, false
	gone.Removed, gone.Links, gone.Now, gone.Subtitle, gone.Speakers, gone.NoRecording, gone.NoStream = true, nil, false, "", nil, false, false
	late := Talk{Title: word("Party"), URL: "/conferences/kormoran2026/talks/party", Kind: "bof", Starts: evening.Add(5 * time.Hour), Ends: evening.Add(6 * time.Hour), Day: day(11), After: true, Bare: true}
	about := []NoteCard{{Card: cards[0], Recap: day(11)}, {Card: cards[1], Takeaway: word("You size for the spring tide."), Talk: &Link{Label: word("Ten years of tides"), URL: talk.URL}}, {Card: cards[2]}}
	bare := c
	bare.On, bare.City, bare.Hashtag, bare.Website, bare.Talks, bare.Written = false, "", "", "", 0, 0
	return map[string]any{
		"conferences":       Conferences{Page: public("Conferences"), On: []Conference{c}, Coming: []Conference{bare}, Past: []Conference{bare}},
		"series":            SeriesPage{Page: public("Kormoran Conf"), Author: c.Author, Editions: []Conference{c, bare}},
		"series-empty":      SeriesPage{Page: public("Kormoran Conf"), Author: c.Author},
		"conferences-empty": Conferences{Page: public("Conferences")},
		"programme": Programme{Page: public("Kormoran Conf 2026"), Conference: c, Overview: true, Day: day(11), Now: []Talk{talk}, Next: []Talk{late}, Slots: []Slot{{At: evening, Talks: []Talk{talk, off, lunch, gone}}, {At: late.Starts, After: true, Talks: []Talk{late}}}, Other: "?by=room", Articles: about, Newer: "/a", Older: "/b", PlanURL: "/plan/kormoran2026?day=2026-06-11", RecapURL: "/recap/new", Series: &Link{Label: word("Kormoran Conf"), URL: "/conferences/kormoran"},
			Coverage: []Reply{{ID: "77", Author: c.Author, URL: "https://far.example/1", Published: evening, Body: "<p>What a keynote!</p>"}}},
		"programme-rooms": Programme{Page: public("Thursday"), Conference: c, Day: day(11), ByRoom: true, Slots: []Slot{{Room: word("Main hall"), Talks: []Talk{late}}, {Talks: []Talk{late}}}, Other: "?"},
		"programme-empty": Programme{Page: public("Kormoran Conf 2026"), Conference: bare, Overview: true, Day: day(11), NothingIsHere: true},
		"programme-free":  Programme{Page: public("Kormoran Conf 2026"), Conference: bare, Day: day(11)},
		"talk": TalkPage{Page: public("Ten years of tides"), Conference: c, Talk: talk, Body: "<p>Ten years of operations.</p>", Source: "https://kormoran.example/1", LinksURL: talk.URL + "/links", Articles: about, Count: 3, Older: "/b", ElsewhereCount: 22, ElsewhereNewer: "/c", ElsewhereOlder: "/d",
			Elsewhere: []NoteElsewhere{{Author: Author{Name: word("Yuki"), Handle: word("@yuki@other.example"), URL: "https://other.example/@yuki"}, Title: word("Tides, from the third row"), URL: "https://other.example/@yuki/tides", Lead: word("Ten years of operations."), Language: "en", Published: evening},
				{Author: Author{Name: word("Bo"), Handle: word("@bo@third.example"), URL: "https://third.example/@bo"}, URL: "https://third.example/1", Published: evening}}},
		"talk-gone":      TalkPage{Page: public("Ten years of tides"), Conference: bare, Talk: gone, LinksURL: talk.URL + "/links"},
		"talk-off":       TalkPage{Page: public("Ten years of tides"), Conference: bare, Talk: off, LinksURL: talk.URL + "/links"},
		"speakers":       Speakers{Page: public("Speakers"), Conference: c, People: []SpeakerEntry{{maelle, []Talk{talk, gone}}}},
		"speakers-empty": Speakers{Page: public("Speakers"), Conference: c},
		"speaker":        SpeakerPage{Page: public("Maëlle Quérec"), Conference: c, Person: maelle, Links: []Link{{Label: word("maelle.example"), URL: "https://maelle.example"}}, Acct: word("@maelle@social.example"), Talks: []Talk{talk}, Articles: about},
		"speaker-gone":   SpeakerPage{Page: public("Maëlle Quérec"), Conference: c, Person: maelle, Acct: word("@maelle@social.example"), Silent: true},
		"talk-links":     TalkLinks{Page: private("Ten years of tides", Notice{ID: LinkAdded}), Talk: Link{Label: word("Ten years of tides"), URL: talk.URL}, Conference: Link{Label: word("Kormoran Conf 2026"), URL: c.URL}, Links: links, Action: talk.URL + "/links", AmendURL: talk.URL + "/edit", Type: "video", URL: word("javascript:alert(1)"), Label: word("The talk"), Problems: Problems{"url": {ID: BadLink}}},
		"talk-form": TalkForm{Page: private("Ten years of tides", Notice{ID: TalkSaved}), Action: talk.URL + "/edit", Talk: Link{Label: word("Ten years of tides"), URL: talk.URL}, Conference: Link{Label: word("Kormoran Conf 2026"), URL: c.URL}, Zone: word("Europe/Paris"),
			Title: word("Ten years of tides"), Subtitle: word("and what they taught us"), Kind: "keynote", Start: "2026-06-11T09:15", End: "2026-06-11T10:00", Room: word("Main hall"), Track: word("Keynotes"), Languages: word("en"), Abstract: word("Ten years."), URL: "https://kormoran.example/1",
			DoNotRecord: true, Speakers: []SpeakerRow{{Name: word("Maëlle Quérec"), Role: word("CTO"), Affiliation: word("Ateliers Brume"), Moderator: true, Acct: word("maelle@social.example")}, {Number: 1, Name: word("Sam"), OptedOut: true, DoNotName: true}, {Number: 2}}, Seen: "x", Corrected: []string{"room", "speakers"}},
		"talk-form-problems": TalkForm{Page: private("Ten years of tides"), Action: talk.URL + "/edit", Talk: Link{Label: word("Ten years of tides"), URL: talk.URL}, Conference: Link{Label: word("Kormoran Conf 2026"), URL: c.URL}, Zone: word("Europe/Paris"), Removed: true,
			Cancelled: true, DoNotStream: true, Speakers: []SpeakerRow{{Name: word("Sam"), Acct: word("sam")}}, Problems: Problems{"": {ID: TalkChanged}, "title": {ID: Required}, "end": {ID: BadTimes}, "speakers": {ID: Repeated}, "speaker-0-acct": {ID: BadAcct}}},
		"talk-new":            TalkForm{Page: private("A talk"), New: true, Action: "/conferences/kormoran2026/new-talk", Conference: Link{Label: word("Kormoran Conf 2026"), URL: c.URL}, Zone: word("Europe/Paris"), Speakers: []SpeakerRow{{}, {Number: 1}}},
		"talk-links-empty":    TalkLinks{Page: private("Ten years of tides"), Talk: Link{Label: word("Ten years of tides"), URL: talk.URL}, Conference: Link{Label: word("Kormoran Conf 2026"), URL: c.URL}, Action: talk.URL + "/links"},
		"home-of-conferences": Home{Page: withConferences(public("Carnets de salle"))},
	}
}

func withConferences(p Page) Page {
	p.Site.Conferences = true
	return p
}
