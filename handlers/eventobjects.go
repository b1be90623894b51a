package handlers

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// talkObject serves a talk as an event; a browser goes on to its page.
func (s *Server) talkObject(w http.ResponseWriter, r *http.Request) error {
	id := mux.Vars(r)["id"]
	body, err := s.Documents.Talk(r.Context(), id)
	if !wantsPage(r) {
		return s.document(w, r, body, err)
	}
	w.Header().Add("Vary", "Accept")
	page, err := s.Documents.TalkPage(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return nil
	}
	return toPage(w, r, page)
}

// eventObject serves a conference as an event; a browser goes on to its page.
func (s *Server) eventObject(w http.ResponseWriter, r *http.Request) error {
	handle := strings.ToLower(mux.Vars(r)["handle"])
	body, err := s.Documents.Event(r.Context(), handle)
	if !wantsPage(r) {
		return s.document(w, r, body, err)
	}
	w.Header().Add("Vary", "Accept")
	if err != nil {
		s.fail(w, r, err)
		return nil
	}
	return toPage(w, r, s.IRIs.ConferencePage(handle))
}
