package templates

// Remote takes a reader on to their own server, or asks again which that is. Its form
// posts account and object.
type Remote struct {
	Page
	Follow  bool // an author; else something to reply to
	Account string
	Object  string // ActivityPub id
	URL     string // where to go; "" when there is a Problem
	Problem Problem
}

func (Remote) file() string { return "remote.html" }

// Problems is the problem at its field.
func (r Remote) Problems() Problems {
	if r.Problem.ID == "" {
		return nil
	}
	return Problems{"account": r.Problem}
}
