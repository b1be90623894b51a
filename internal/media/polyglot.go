package media

import (
	"bytes"
	"encoding/binary"
)

// alsoSomethingElse reports whether a picture is at once a file of another kind: a page,
// a script, a PDF or an archive. We pass on none of its bytes, but nobody makes such a
// file by accident, and its author should hear of it. What phones append to photos, a
// film of the moment before, is none of these.
func alsoSomethingElse(data []byte) bool {
	return opensComment(data) || bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) || isArchive(data) || isPage(data)
}

// opensComment: a length or a width that reads "/*" makes a script of a JPEG or a GIF.
func opensComment(data []byte) bool {
	return len(data) > 8 && (startsWith(data, "\xff\xd8\xff") && string(data[4:6]) == "/*" || startsWith(data, "GIF8") && string(data[6:8]) == "/*")
}

// isArchive looks for a ZIP's end (APPNOTE.TXT 4.3.16): a record of 22 bytes and a comment,
// whose length leads exactly to the end of the file.
func isArchive(data []byte) bool {
	const record, comment = 22, 1<<16 - 1
	tail := data[max(0, len(data)-record-comment):]
	for {
		at := bytes.Index(tail, []byte("PK\x05\x06"))
		if at < 0 || len(tail)-at < record {
			return false
		}
		tail = tail[at:]
		if int(binary.LittleEndian.Uint16(tail[20:])) == len(tail)-record {
			return true
		}
		tail = tail[4:]
	}
}

// isPage looks for the tags that make a browser take a file for a page.
func isPage(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '<')
		if at < 0 {
			return false
		}
		data = data[at+1:]
		for _, tag := range []string{"script", "!doctype html", "html>", "html "} {
			if len(data) >= len(tag) && bytes.EqualFold(data[:len(tag)], []byte(tag)) {
				return true
			}
		}
	}
}
