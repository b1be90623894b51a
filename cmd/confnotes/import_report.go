package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"confnotes/internal/programme"
	"confnotes/internal/schedule"
)

// importReport is what an import did, or would do, as --json has it.
type importReport struct {
	Conference string             `json:"conference"`
	DryRun     bool               `json:"dry_run"`
	Source     string             `json:"source"`
	Format     schedule.Format    `json:"format"`
	Version    string             `json:"version,omitempty"`
	StartsOn   string             `json:"starts_on"`
	EndsOn     string             `json:"ends_on"`
	Counts     importCounts       `json:"counts"`
	Added      []importedTalk     `json:"added"`
	Moved      []importedChange   `json:"moved"`
	Renamed    []importedChange   `json:"renamed"`
	Removed    []importedTalk     `json:"removed"`
	Changed    []importedChange   `json:"changed"`
	Kept       []keptCorrection   `json:"kept"`
	Warnings   []schedule.Warning `json:"warnings"`
	name       string
	widens     bool
}

type importCounts struct {
	Added     int `json:"added"`
	Moved     int `json:"moved"`
	Renamed   int `json:"renamed"`
	Removed   int `json:"removed"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

type importedTalk struct {
	Title string    `json:"title"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Date  string    `json:"date"`
	Room  string    `json:"room,omitempty"`
	URL   string    `json:"url,omitempty"`
}

type importedChange struct {
	Fields []string     `json:"fields"`
	Old    importedTalk `json:"old"`
	New    importedTalk `json:"new"`
}

type keptCorrection struct {
	Title string `json:"title"`
	Field string `json:"field"`
}

func report(p *programme.Plan, file *programme.File, dry bool) importReport {
	zone := p.Conference.Location()
	talk := func(t schedule.Talk) importedTalk {
		return importedTalk{t.Title, t.Start.In(zone), t.End.In(zone), t.Date, t.Room, t.URL}
	}
	talks := func(list []schedule.Talk) []importedTalk {
		out := make([]importedTalk, len(list))
		for i, t := range list {
			out[i] = talk(t)
		}
		return out
	}
	changes := func(list []schedule.Change) []importedChange {
		out := make([]importedChange, len(list))
		for i, c := range list {
			out[i] = importedChange{c.Fields, talk(c.Old), talk(c.New)}
		}
		return out
	}
	r := importReport{Conference: p.Conference.Actor.Handle, DryRun: dry, Source: file.Name, Format: p.Schedule.Format, Version: p.Schedule.Version,
		StartsOn: p.StartsOn, EndsOn: p.EndsOn, name: p.Conference.Actor.DisplayName(), widens: p.Widens(),
		Counts: importCounts{len(p.Added), len(p.Moved), len(p.Renamed), len(p.Removed), len(p.Changed), p.Unchanged},
		Added:  talks(p.Added), Moved: changes(p.Moved), Renamed: changes(p.Renamed), Removed: talks(p.Removed), Changed: changes(p.Changed),
		Kept: []keptCorrection{}, Warnings: append([]schedule.Warning{}, p.Schedule.Warnings...)}
	for _, k := range p.Kept {
		r.Kept = append(r.Kept, keptCorrection(k))
	}
	return r
}

func (r importReport) json(out *output) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		out.printf("%s\n", b)
	}
	return err
}

// print says it in words: a line for each change, the counts last.
func (r importReport) print(out *output) {
	for _, w := range r.Warnings {
		if w.Line > 0 {
			out.errorf("%s:%d: %s\n", r.Source, w.Line, w.Text)
		} else {
			out.errorf("%s: %s\n", r.Source, w.Text)
		}
	}
	for _, t := range r.Added {
		out.printf("added    %s\n", t)
	}
	for _, t := range r.Removed {
		out.printf("removed  %s\n", t)
	}
	for _, c := range r.Moved {
		out.printf("moved    %s → %s\n", c.Old, c.New.place())
	}
	for _, c := range r.Renamed {
		out.printf("renamed  %s → %s\n", c.Old.Title, c.New.Title)
	}
	for _, c := range r.Changed {
		out.printf("changed  %s: %s\n", c.New.Title, strings.Join(c.Fields, ", "))
	}
	for _, k := range r.Kept {
		out.printf("kept     %s: %s, as it was put right by hand\n", k.Title, k.Field)
	}
	n := r.Counts
	out.printf("%s: %d added, %d moved, %d renamed, %d removed, %d changed, %d unchanged\n", r.name, n.Added, n.Moved, n.Renamed, n.Removed, n.Changed, n.Unchanged)
	if r.widens {
		out.printf("The conference runs from %s to %s.\n", r.StartsOn, r.EndsOn)
	}
	if r.DryRun {
		out.errorf("Nothing was changed. To import, leave out --dry-run.\n")
	}
}

func (t importedTalk) String() string { return t.Title + ", " + t.place() }

func (t importedTalk) place() string {
	place := fmt.Sprintf("%s–%s", t.Start.Format("2006-01-02 15:04"), t.End.Format("15:04"))
	if t.Room != "" {
		place += ", " + t.Room
	}
	return place
}
