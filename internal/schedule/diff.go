package schedule

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Changes is what became of a schedule. A talk that both moved and was renamed stands
// in both lists. Added and Removed are in their schedule's order, the others in the new
// one's.
type Changes struct {
	Added   []Talk   `json:"added,omitempty"`
	Removed []Talk   `json:"removed,omitempty"`
	Moved   []Change `json:"moved,omitempty"`   // another time, room or day
	Renamed []Change `json:"renamed,omitempty"` // another title
	Changed []Change `json:"changed,omitempty"` // anything else
}

// Change is one talk before and after.
type Change struct {
	Old    Talk     `json:"old"`
	New    Talk     `json:"new"`
	Fields []string `json:"fields"` // that differ, of those that the list is about
}

// Match finds, for each new talk, the place of the old one that it was; -1 is none. It
// finds a talk again by its GUID, else its Code, its UID, its URL, and never by its title:
// two breaks have one title, and a talk may change its own. An id that repeats says
// nothing by itself.
func Match(old, new []Talk) (oldOf []int) { return match(old, new).oldOf }

// Compare tells what became of talks that are paired already, as Match does.
func Compare(old, new []Talk, oldOf []int) Changes {
	var c Changes
	kept := make([]bool, len(old))
	for i := range new {
		if oldOf[i] < 0 {
			c.Added = append(c.Added, new[i])
			continue
		}
		kept[oldOf[i]] = true
		before, after := old[oldOf[i]], new[i]
		for _, l := range []struct {
			list   *[]Change
			fields []field
		}{{&c.Moved, whereFields}, {&c.Renamed, nameFields}, {&c.Changed, otherFields}} {
			if differ := differing(before, after, l.fields); len(differ) > 0 {
				*l.list = append(*l.list, Change{before, after, differ})
			}
		}
	}
	for i := range old {
		if !kept[i] {
			c.Removed = append(c.Removed, old[i])
		}
	}
	return c
}

// field is something of a talk that may differ.
type field struct {
	name string
	of   func(Talk) any
}

var (
	whereFields = []field{
		{"start", func(t Talk) any { return t.Start.Unix() }}, {"end", func(t Talk) any { return t.End.Unix() }},
		{"date", func(t Talk) any { return t.Date }}, {"room", func(t Talk) any { return t.Room }},
	}
	nameFields  = []field{{"title", func(t Talk) any { return t.Title }}, {"subtitle", func(t Talk) any { return t.Subtitle }}}
	otherFields = []field{
		{"kind", func(t Talk) any { return t.Kind }}, {"type", func(t Talk) any { return t.RawType }}, {"track", func(t Talk) any { return t.Track }},
		{"languages", func(t Talk) any { return strings.Join(t.Languages, ",") }}, {"abstract", func(t Talk) any { return t.Abstract }},
		{"description", func(t Talk) any { return t.Description }}, {"speakers", func(t Talk) any { return append([]Speaker{}, t.Speakers...) }},
		{"links", func(t Talk) any { return append([]Link{}, t.Links...) }}, {"cancelled", func(t Talk) any { return t.Cancelled }},
		{"do_not_record", func(t Talk) any { return t.DoNotRecord }}, {"do_not_stream", func(t Talk) any { return t.DoNotStream }},
		{"url", func(t Talk) any { return sameURL(t.URL) }},
	}
)

func differing(before, after Talk, fields []field) []string {
	var names []string
	for _, f := range fields {
		if !reflect.DeepEqual(f.of(before), f.of(after)) {
			names = append(names, f.name)
		}
	}
	return names
}

// matching pairs talks by their places; -1 is none.
type matching struct {
	old, new     []Talk
	newOf, oldOf []int
}

// match goes through the kinds of ids from the strongest to the weakest. Within each,
// only what is alone with its id on both sides is paired; then, what shares its ids with
// others is paired in the schedule's order.
func match(old, new []Talk) *matching {
	m := &matching{old, new, none(len(old)), none(len(new))}
	for _, id := range identities {
		m.pair(id, true)
	}
	for _, id := range identities {
		m.pair(id, false)
	}
	return m
}

func none(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

// identities are what a talk is found again by. The id of frab is a number that may
// repeat and that another event may have had: it counts only where nothing better is.
var identities = []func(Talk) string{
	func(t Talk) string { return strings.ToLower(t.GUID) },
	func(t Talk) string { return t.Code },
	func(t Talk) string { return t.UID },
	func(t Talk) string {
		if t.GUID != "" || t.Code != "" || t.UID != "" {
			return ""
		}
		return t.ID
	},
	func(t Talk) string { return sameURL(t.URL) },
}

func (m *matching) pair(id func(Talk) string, onlyAlone bool) {
	waiting := map[string][]int{} // places among the new
	for i, t := range m.new {
		if key := id(t); key != "" && m.oldOf[i] < 0 {
			waiting[key] = append(waiting[key], i)
		}
	}
	rivals := map[string]int{}
	for i, t := range m.old {
		if m.newOf[i] < 0 {
			rivals[id(t)]++
		}
	}
	for i, t := range m.old {
		key := id(t)
		places := waiting[key]
		if m.newOf[i] >= 0 || len(places) == 0 || onlyAlone && (len(places) > 1 || rivals[key] > 1) {
			continue
		}
		at := slices.IndexFunc(places, func(j int) bool { return !contradict(t, m.new[j]) })
		if at >= 0 {
			j := places[at]
			m.newOf[i], m.oldOf[j], waiting[key] = j, i, slices.Delete(places, at, at+1)
		}
	}
}

// contradict: a slot (its GUID) that now has another submission (its Code) is no longer
// that talk; its notes would end up under somebody else's.
func contradict(old, new Talk) bool {
	return old.Code != "" && new.Code != "" && old.Code != new.Code
}

// sameURL writes an address so that what leads to one page is equal: scheme and host
// have no case, paths do (RFC 3986, section 6.2.2.1); http and https are one page.
func sameURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || raw == "" {
		return raw
	}
	host := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(u.Host), ":443"), ":80")
	u.Fragment = ""
	return host + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
}
