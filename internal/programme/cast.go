package programme

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"confnotes/internal/schedule"
	"confnotes/models"
)

// cast finds who speaks among those whom the conference has, or takes them on.
type cast struct {
	conferenceID int64
	all          []*models.Person
	byGUID       map[string]*models.Person
	byName       map[string][]*models.Person
	slugs        *slugs
	named        map[*models.Person]bool // by this schedule, so that two spellings don't take turns
	added        []*models.Person
	changed      map[*models.Person]bool // of those stored
}

func newCast(conferenceID int64, people []*models.Person) *cast {
	c := &cast{conferenceID: conferenceID, byGUID: map[string]*models.Person{}, byName: map[string][]*models.Person{}, slugs: newSlugs(), named: map[*models.Person]bool{}, changed: map[*models.Person]bool{}}
	for _, p := range people {
		c.slugs.take(p.Slug)
		c.know(p)
	}
	c.all = slices.Clone(people)
	return c
}

func (c *cast) know(p *models.Person) {
	if p.GUID != "" && c.byGUID[p.GUID] == nil {
		c.byGUID[p.GUID] = p
	}
	name := strings.ToLower(cmp.Or(p.ScheduleName, p.Name))
	c.byName[name] = append(c.byName[name], p)
}

// amend finds who is meant by a row of a form: who is at the talk already, under another
// name if that was put right, else whoever has the name. It says whether it was put right.
func (c *cast) amend(sp Speaker, before []models.Appearance) (p *models.Person, renamed bool) {
	there := func(one *models.Person) bool {
		return sp.PersonID != 0 && one.ID == sp.PersonID && slices.ContainsFunc(before, func(a models.Appearance) bool { return a.PersonID == one.ID })
	}
	at := slices.IndexFunc(c.all, there)
	if at < 0 {
		at = slices.IndexFunc(c.all, func(one *models.Person) bool { return strings.EqualFold(one.Name, sp.Name) })
	}
	if at < 0 {
		return c.person(schedule.Speaker{Name: sp.Name}), false
	}
	p = c.all[at]
	if was := *p; p.Name != sp.Name {
		p.ScheduleName, p.Name = cmp.Or(p.ScheduleName, p.Name), sp.Name
		c.note(p, was)
		return p, true
	}
	return p, false
}

// speakers are those of one talk, in order, each once.
func (c *cast) speakers(list []schedule.Speaker) []models.Appearance {
	var out []models.Appearance
	there := map[*models.Person]bool{}
	for _, sp := range list {
		p := c.person(sp)
		if there[p] {
			continue
		}
		there[p] = true
		out = append(out, models.Appearance{Position: len(out), PersonID: p.ID, Role: sp.Role, Affiliation: sp.Affiliation, Moderator: sp.Moderator, Person: p})
	}
	return out
}

// person finds somebody by guid, else by name: of two with one name and guids of their
// own, neither is the other.
func (c *cast) person(sp schedule.Speaker) *models.Person {
	p := c.byGUID[sp.GUID]
	if sp.GUID == "" || p == nil {
		p = c.namesake(sp)
	}
	if p == nil {
		p = &models.Person{ConferenceID: c.conferenceID, Slug: c.slugs.next(sp.Name), Name: sp.Name, GUID: sp.GUID, URL: sp.URL, Acct: acctAt(sp.URL)}
		c.added, c.all = append(c.added, p), append(c.all, p)
		c.named[p] = true
		c.know(p)
		return p
	}
	c.update(p, sp)
	return p
}

func (c *cast) namesake(sp schedule.Speaker) *models.Person {
	for _, p := range c.byName[strings.ToLower(sp.Name)] {
		if strings.EqualFold(cmp.Or(p.ScheduleName, p.Name), sp.Name) && (sp.GUID == "" || p.GUID == "") {
			return p
		}
	}
	return nil
}

// update takes over what the first mention in a schedule says; later ones add only what
// it left open.
func (c *cast) update(p *models.Person, sp schedule.Speaker) {
	before := *p
	first := !c.named[p]
	c.named[p] = true
	switch {
	case !first:
	case p.ScheduleName != "": // its name was put right
		p.ScheduleName = sp.Name
	case sp.Name != p.Name:
		p.Name = sp.Name
		c.know(p)
	}
	if p.GUID == "" && sp.GUID != "" {
		p.GUID = sp.GUID
		c.byGUID[p.GUID] = p
	}
	if sp.URL != "" && (first || p.URL == "") {
		p.URL = sp.URL
	}
	if p.Acct == "" {
		p.Acct, p.ActorID = acctAt(p.URL), nil
	}
	c.note(p, before)
}

// address says how somebody may be addressed.
func (c *cast) address(p *models.Person, as Speaker) {
	before := *p
	if p.Acct != as.Acct {
		p.ActorID = nil // who that is will be looked up
	}
	p.Acct, p.OptedOut, p.DoNotName = as.Acct, as.OptedOut, as.DoNotName
	c.note(p, before)
}

func (c *cast) note(p *models.Person, before models.Person) {
	if *p != before && p.ID != 0 {
		c.changed[p] = true
	}
}

// store stores who was taken on and who changed.
func (c *cast) store(ctx context.Context, tx *models.Store) error {
	if err := tx.People.CreateAll(ctx, c.added); err != nil {
		return err
	}
	return tx.People.SaveAll(ctx, slices.Collect(maps.Keys(c.changed)))
}

// acctAt is the address, in lower case, of who has a page at an address like https://social.example/@maelle, as servers
// of the fediverse have them; "" for every other.
func acctAt(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.RawQuery != "" {
		return ""
	}
	user, ok := strings.CutPrefix(strings.TrimSuffix(u.Path, "/"), "/@")
	if acct := strings.ToLower(user + "@" + u.Host); ok && isAcct(acct) {
		return acct
	}
	return ""
}
