package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"confnotes/activitypub/doctor"
	"confnotes/internal/config"
	"confnotes/internal/i18n"
)

type doctorCmd struct {
	config.Common
	config.Federation
	Address string `arg:"" optional:"" help:"Somebody elsewhere to look at, too: @ada@far.example."`
	JSON    bool   `help:"Print the findings as JSON."`
}

// errProblems is why the command fails; what they are has been printed.
var errProblems = errors.New("there is a problem: see above what to change")

// diagnosis is a finding as --json prints it.
type diagnosis struct {
	Check string       `json:"check"`
	Level doctor.Level `json:"level"`
	Seen  string       `json:"seen"`
	Do    string       `json:"do,omitempty"`
}

// Run examines the server that runs on the data folder, from outside.
func (c *doctorCmd) Run(ctx context.Context, out *output) error {
	store, err := beside(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := identity(ctx, store, &c.Federation); err != nil {
		return err
	}
	a, err := wire(store, c.Data, c.Federation, around{log: newLogger(out, "warn"), now: now})
	if err != nil {
		return err
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	found := a.doctor.Examine(ctx, c.Address)
	if err := c.print(out, catalogue.For("en"), found); err != nil {
		return err
	}
	if doctor.Worst(found) == doctor.Problem {
		return errProblems
	}
	return nil
}

func (c *doctorCmd) print(out *output, words *i18n.Words, found []doctor.Finding) error {
	all := make([]diagnosis, len(found))
	for i, f := range found {
		all[i] = diagnosis{f.Name(), f.Level, words.T(f.Seen, f.Args...), ""}
		if f.Do != "" {
			all[i].Do = words.T(f.Do, f.Args...)
		}
	}
	if c.JSON {
		text, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
		out.printf("%s\n", text)
		return nil
	}
	for _, d := range all {
		out.printf("%-8s %s\n", d.Level, d.Seen)
		if d.Do != "" {
			out.printf("         → %s\n", d.Do)
		}
	}
	return nil
}
