package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"confnotes/internal/frontmatter"
	"confnotes/internal/picture"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// addPictures adds the files that a text names, its cover among them, and has the text
// name what they became. A file that was added before is the same picture again.
func (c *publishCmd) addPictures(ctx context.Context, out *output, a *app, author *models.Account, doc *frontmatter.Document, text *models.RevisionText) error {
	folder := filepath.Dir(c.File)
	if doc.Image != "" {
		id, err := a.addFile(ctx, author, folder, doc.Image)
		if err != nil {
			return err
		}
		text.Cover, text.CoverAlt, text.CoverCaption = id, doc.ImageAlt, doc.ImageCaption
	}
	text.Attach = doc.Attach
	paths := map[string]string{}
	bare := 0
	for _, p := range richtext.Scan(text.Source).Pictures {
		if p.Alt == "" {
			bare++
		}
		if remote(p.Destination) || paths[p.Destination] != "" {
			continue
		}
		id, err := a.addFile(ctx, author, folder, p.Destination)
		if err != nil {
			return err
		}
		paths[p.Destination] = picture.Path(id)
	}
	if text.Cover != "" && text.CoverAlt == "" {
		bare++
	}
	if bare > 0 {
		out.errorf("confnotes: pictures without a description: %d; write ![what it shows](file), and image_alt for the cover\n", bare)
	}
	text.Source = richtext.ReplacePictures(text.Source, paths)
	return nil
}

// remote says whether a picture stands elsewhere: the article links to it.
func remote(dest string) bool {
	u, err := url.Parse(dest)
	return err == nil && u.Scheme != ""
}

// addFile adds a picture that a text names by its path from the text's folder, and
// returns its public id. A path of ours, /media/…, names one that is there already.
// Whoever wrote the text need not be who publishes it: what lies outside of the folder,
// a link's end too, is not the text's to name.
func (a *app) addFile(ctx context.Context, author *models.Account, folder, name string) (string, error) {
	if id, ok := picture.ID(name); ok {
		return id, nil
	}
	if remote(name) {
		return "", fmt.Errorf("%s: name a file beside the text; pictures aren't fetched from elsewhere", name)
	}
	path, err := url.PathUnescape(name)
	if err != nil {
		path = name
	}
	file, err := openBeside(folder, path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	defer func() { _ = file.Close() }()
	upload, err := a.pictures.Receive(file)
	if err != nil {
		return "", named(name, err)
	}
	defer func() { _ = upload.Close() }()
	added, err := a.pictures.Add(ctx, author, upload)
	if err != nil {
		return "", named(name, err)
	}
	return added.PublicID, nil
}

func openBeside(folder, path string) (*os.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(filepath.FromSlash(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file beside the text")
	case err != nil:
		return nil, errors.New("it lies outside of the text's folder")
	case !info.Mode().IsRegular():
		return nil, errors.New("that is no file")
	}
	return root.Open(filepath.FromSlash(path))
}

// named says which file can't be taken.
func named(file string, err error) error {
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		return &models.InvalidError{Field: file, Reason: invalid.Reason, Limit: invalid.Limit}
	}
	return fmt.Errorf("%s: %w", file, err)
}
