package schedule

import (
	"regexp"
	"strings"
)

// person is a speaker of a title line while it is read.
type person struct {
	name          string
	role, company []string
	moderator     bool
	joined        bool // by "&" to the one after: a company after that one may be this one's too
}

// give takes a part after a name for what it looks like: first come the roles.
func (p *person) give(part string) {
	for _, between := range []string{" at ", " @ ", " chez ", " bei "} {
		if role, company, ok := strings.Cut(part, between); ok && looksLikeRole(role) {
			p.role, p.company = append(p.role, strings.TrimSpace(role)), append(p.company, strings.TrimSpace(company))
			return
		}
	}
	if looksLikeRole(part) && len(p.company) == 0 {
		p.role = append(p.role, part)
		return
	}
	p.company = append(p.company, part)
}

// parseSpeakers reads what stands after the dash. Not ok: that is no list of speakers.
func parseSpeakers(list string) (speakers []Speaker, doubts []Doubt, ok bool) {
	doubted := map[Doubt]bool{}
	repeated := repeatedParts(list)
	for group := range strings.SplitSeq(list, ";") {
		people, ok := parseGroup(strings.TrimSpace(group), repeated, doubted)
		if !ok {
			return nil, nil, false
		}
		for _, p := range people {
			speakers = append(speakers, Speaker{Name: p.name, Role: strings.Join(p.role, ", "), Affiliation: strings.Join(p.company, ", "), Moderator: p.moderator})
		}
	}
	for _, d := range []Doubt{DoubtName, DoubtShared} {
		if doubted[d] {
			doubts = append(doubts, d)
		}
	}
	return speakers, doubts, len(speakers) > 0
}

// repeatedParts are what stands in a line twice: two speakers' company, not a speaker.
func repeatedParts(list string) map[string]bool {
	count, repeated := map[string]int{}, map[string]bool{}
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(",;&", r) }) {
		part = strings.TrimSpace(part)
		count[part]++
		repeated[part] = count[part] > 1
	}
	return repeated
}

// parseGroup reads what stands between semicolons.
func parseGroup(group string, repeated map[string]bool, doubted map[Doubt]bool) ([]person, bool) {
	if group == "" {
		return nil, true
	}
	var people []person
	for _, chunk := range splitAmpersands(group) {
		parts := joinForms(strings.Split(chunk, ","))
		if len(parts) == 0 {
			continue
		}
		if len(people) > 0 {
			people[len(people)-1].joined = true
		}
		for i, part := range parts {
			switch {
			case i == 0:
				p, ok := newPerson(part)
				if !ok {
					return nil, false
				}
				people = append(people, p)
			case startsPerson(people[len(people)-1], part, parts[i+1:], repeated, doubted):
				p, _ := newPerson(part)
				people = append(people, p)
			default:
				people[len(people)-1].give(part)
			}
		}
	}
	share(people, doubted)
	return people, true
}

// startsPerson decides whether a part after a comma is the next speaker: it is shaped
// like a name, and the one before has been given a company already.
func startsPerson(last person, part string, rest []string, repeated map[string]bool, doubted map[Doubt]bool) bool {
	name, _ := newPerson(part)
	if looksLikeRole(part) || looksLikeCompany(name.name) || repeated[part] {
		return false
	}
	if len(last.company) > 0 || name.moderator {
		return true
	}
	// "Jane Doe, John Smith, Staff Engineer, …": a role comes after a name.
	if len(last.role) == 0 && len(rest) > 0 && looksLikeRole(rest[0]) {
		return true
	}
	if len(last.role) == 0 {
		doubted[DoubtName] = true
	}
	return false
}

// share gives the company after the last of "A & B, Company" to those before who have
// none, and the role too if they have neither.
func share(people []person, doubted map[Doubt]bool) {
	for i := len(people) - 2; i >= 0; i-- {
		p, next := &people[i], people[i+1]
		if !p.joined || len(p.company) > 0 || len(next.company) == 0 {
			continue
		}
		if p.company = next.company; len(p.role) == 0 {
			p.role = next.role
		}
		doubted[DoubtShared] = true
	}
}

// splitAmpersands splits at each "&" (or "and", "et") after which a speaker begins:
// "Founder & CEO" and "Marks & Spencer" stay whole.
func splitAmpersands(group string) []string {
	var chunks []string
	start := 0
	for _, and := range ampersand.FindAllStringIndex(group, -1) {
		before, after := group[start:and[0]], group[and[1]:]
		next, _, _ := strings.Cut(ampersand.Split(after, 2)[0], ",")
		name, ok := newPerson(strings.TrimSpace(next))
		plain := strings.Contains(group[and[0]:and[1]], "&")
		switch {
		case !ok || looksLikeRole(name.name) || looksLikeCompany(name.name) && !wholeChunk(before, plain, name.name):
			continue
		case !plain && strings.Contains(before, ",") && looksLikeRole(lastPart(before)):
			continue // "Research and Development Lead"
		}
		chunks = append(chunks, before)
		start = and[1]
	}
	return append(chunks, group[start:])
}

var ampersand = regexp.MustCompile(`,? +(?:&|and|et|und|y) +|,& +`)

// wholeChunk: between two names stands "&", even if the second could be a company: "Ada
// Byron & Nadia Cloud".
func wholeChunk(before string, plain bool, name string) bool {
	return plain && !strings.Contains(before, ",") && looksLikeName(before) && looksLikeName(name) && !companyForms[strings.ToLower(name[strings.LastIndex(name, " ")+1:])]
}

func lastPart(s string) string { return s[strings.LastIndex(s, ",")+1:] }

var (
	moderates = regexp.MustCompile(`(?i)^(?:moderator|moderated by|moderation|modération|modérateur|modératrice|host|animé par|animée par|animation) ?:? +`)
	moderator = regexp.MustCompile(`(?i)^(?:moderator|moderation|modérateur|modératrice|host|mod\.?)$`)
	pronouns  = regexp.MustCompile(`(?i)^(?:she|he|they|elle|il|iel|her|his|him|them|any)\b`)
)

// newPerson reads a name with what may stand around it: "Moderator: Jane Doe",
// "Jane Doe (she/her)", "Jane Doe (Foo Labs)". Not ok: that is no name.
func newPerson(part string) (person, bool) {
	var p person
	if m := moderates.FindString(part); m != "" {
		p.moderator, part = true, part[len(m):]
	}
	for {
		m := parentheses.FindStringSubmatchIndex(part)
		if m == nil {
			break
		}
		in := strings.TrimSpace(part[m[2]:m[3]])
		part = strings.TrimSpace(part[:m[0]])
		switch {
		case moderator.MatchString(in):
			p.moderator = true
		case !pronouns.MatchString(in):
			for _, given := range joinForms(strings.Split(in, ",")) {
				p.give(given)
			}
		}
	}
	base, _, _ := strings.Cut(part, ", ") // before "PhD"
	p.name = part
	return p, looksLikeName(base) && !looksLikeRole(base)
}
