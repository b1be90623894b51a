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
	return s.object(w, r, body, err, func() (string, error) { return s.Documents.TalkPage(r.Context(), id) })
}

// eventObject serves a conference as an event; a browser goes on to its page.
func (s *Server) eventObject(w http.ResponseWriter, r *http.Request) error {
	handle := strings.ToLower(mux.Vars(r)["handle"])
	body, err := s.Documents.Event(r.Context(), handle)
	return s.object(w, r, body, err, func() (string, error) { return s.IRIs.ConferencePage(handle), nil })
}
