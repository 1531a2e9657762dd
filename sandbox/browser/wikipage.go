package browser

import (
	"net/http"
)

func (s *Server) serveWiki(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
