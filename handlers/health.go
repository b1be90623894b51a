package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"confnotes/activitypub/doctor"
	"confnotes/models"
	"confnotes/templates"
)

// examination is the last one, and whether one is under way. It is nobody's business
// after a restart.
type examination struct {
	mu      sync.Mutex
	busy    bool
	at      time.Time
	address string
	found   []doctor.Finding
}

// begin says whether the caller may examine: one at a time does.
func (e *examination) begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy {
		return false
	}
	e.busy = true
	return true
}

func (e *examination) end(at time.Time, address string, found []doctor.Finding) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy, e.at, e.address, e.found = false, at, address, found
}

// ownersOnly lets the owners of the whole instance through.
func (s *Server) ownersOnly(f handler) handler {
	return s.signedIn(func(w http.ResponseWriter, r *http.Request) error {
		if accountFrom(r).Role != models.RoleOwner {
			return models.ErrNotFound
		}
		return f(w, r)
	})
}

// showHealth shows what the last examination found, problems first.
func (s *Server) showHealth(w http.ResponseWriter, r *http.Request) error {
	page, err := s.desk(r)
	if err != nil {
		return err
	}
	view := templates.Health{Page: page}
	e := &s.examination
	e.mu.Lock()
	defer e.mu.Unlock()
	view.Address, view.Busy, view.CheckedAt, view.Checked = e.address, e.busy, e.at, e.address
	for _, f := range e.found {
		view.Findings = append(view.Findings, templates.Finding{Level: string(f.Level),
			Seen: templates.Message{ID: f.Seen, Args: f.Args}, Do: templates.Message{ID: f.Do, Args: f.Args}})
	}
	order := []string{string(doctor.Problem), string(doctor.Warning), string(doctor.OK)}
	slices.SortStableFunc(view.Findings, func(a, b templates.Finding) int {
		return cmp.Compare(slices.Index(order, a.Level), slices.Index(order, b.Level))
	})
	return s.private(w, http.StatusOK, view)
}

// checkHealth examines this server from outside. Who asks while somebody else's is under
// way is told so.
func (s *Server) checkHealth(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if s.examination.begin() {
		// What was begun is finished, and there to be seen, even if a proxy lost patience.
		s.examine(context.WithoutCancel(r.Context()), strings.TrimSpace(r.PostForm.Get("address")))
	}
	return seeOther(w, r, templates.PathHealth)
}

func (s *Server) examine(ctx context.Context, address string) {
	var found []doctor.Finding
	defer func() { s.examination.end(s.Now(), address, found) }()
	found = s.Doctor.Examine(ctx, address)
}
