package programme

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// again stands before the number of a talk that shares an id with others, as frab's ids
// and careless calendars' UIDs do: no id from a file has a line break.
const again = "\n"

// identified gives what has no id at all one that is made of where and when it is and of
// its title: the same file again is then the same talks, and anything else another talk.
func identified(talks []schedule.Talk) []schedule.Talk {
	out := slices.Clone(talks)
	for i, t := range out {
		if t.GUID == "" && t.Code == "" && t.UID == "" && t.ID == "" && t.URL == "" {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%s\n%s", t.Start.Unix(), t.End.Unix(), t.Room, t.Title))
			out[i].UID = "-" + base64.RawURLEncoding.EncodeToString(sum[:12])
		}
	}
	return out
}

// naming says what each talk of a conference is to be found by from now on.
type naming struct {
	times map[[2]string]int  // that a schedule has an id
	taken map[[2]string]bool // with the number of those that share one
	of    map[*models.Talk][]models.ExternalID
}

func newNaming() *naming {
	return &naming{map[[2]string]int{}, map[[2]string]bool{}, map[*models.Talk][]models.ExternalID{}}
}

// claim gives a talk the ids that its schedule has for it.
func (n *naming) claim(row *models.Talk, t schedule.Talk) {
	for i, value := range []string{t.GUID, t.Code, t.UID, t.ID, t.URL} {
		if value == "" {
			continue
		}
		scheme := models.ExternalSchemes[i]
		if n.times[[2]string{scheme, value}]++; n.times[[2]string{scheme, value}] > 1 {
			value += again + strconv.Itoa(n.times[[2]string{scheme, value}])
		}
		n.give(row, scheme, value)
	}
}

// keep lets a talk keep ids that nothing else claims, where its schedule has none: whoever
// imports XML and then iCalendar may go back.
func (n *naming) keep(row *models.Talk, had []models.ExternalID) {
	for _, id := range had {
		has := slices.ContainsFunc(n.of[row], func(now models.ExternalID) bool { return now.Scheme == id.Scheme })
		if !has && !n.taken[[2]string{id.Scheme, id.Value}] {
			n.give(row, id.Scheme, id.Value)
		}
	}
}

func (n *naming) give(row *models.Talk, scheme, value string) {
	n.taken[[2]string{scheme, value}] = true
	n.of[row] = append(n.of[row], models.ExternalID{ConferenceID: row.ConferenceID, Scheme: scheme, Value: value, TalkID: row.ID})
}

// differs says whether a talk is to be found by something else than it was.
func (n *naming) differs(row *models.Talk, had []models.ExternalID) bool {
	if len(n.of[row]) != len(had) {
		return true
	}
	return slices.ContainsFunc(n.of[row], func(id models.ExternalID) bool { return !slices.Contains(had, id) })
}
