package handlers

import (
	"net/http"
	"sync"
)

// imports are how far those are that are being applied now, by the tokens of their files.
type imports struct {
	mu sync.Mutex
	at map[string]progress
}

type progress struct{ done, total int }

// of hears how far one is; end forgets it.
func (i *imports) of(token string) (hear func(done, total int), end func()) {
	set := func(p progress, is bool) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.at == nil {
			i.at = map[string]progress{}
		}
		if i.at[token] = p; !is {
			delete(i.at, token)
		}
	}
	return func(done, total int) { set(progress{done, total}, true) }, func() { set(progress{}, false) }
}

func (i *imports) get(token string) (p progress, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	p, ok = i.at[token]
	return p, ok
}

// importProgress says in a line how far an import is, for the script of its page; nothing
// when there is none.
func (s *Server) importProgress(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.managed(r); err != nil {
		return err
	}
	var answer struct {
		Words string `json:"words,omitempty"`
	}
	if p, ok := s.imports.get(r.URL.Query().Get("file")); ok {
		site, err := s.site(r.Context())
		if err != nil {
			return err
		}
		language := accountFrom(r).Locale
		if language == "" {
			language = site.Language
		}
		answer.Words = s.Catalogue.For(language).N("import.progress", p.total, "Percent", 100*p.done/max(p.total, 1))
	}
	return answerJSON(w, http.StatusOK, answer)
}
