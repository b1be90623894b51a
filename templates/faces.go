package templates

// faceRow is a row of faces, with what the people did and a name for it on the page.
type faceRow struct {
	Faces
	Key, Label string
}

// faceRowOf gathers one in a template.
func faceRowOf(faces Faces, key, label string) faceRow { return faceRow{faces, key, label} }
