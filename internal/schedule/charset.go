package schedule

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// charsets are those of files from before everyone wrote UTF-8.
var charsets = map[string]*charmap.Charmap{
	"iso-8859-1": charmap.Windows1252, // as browsers do: what is no letter in Latin-1 is one in Windows-1252
	"latin1":     charmap.Windows1252, "us-ascii": charmap.Windows1252,
	"windows-1252": charmap.Windows1252, "iso-8859-15": charmap.ISO8859_15,
	"iso-8859-2": charmap.ISO8859_2, "windows-1250": charmap.Windows1250,
}

var xmlDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"'>]{1,40})["'][^>]{0,200}\?>`)

// declaredCharset converts XML to UTF-8 by its declaration. Nothing else declares one.
func declaredCharset(data []byte) ([]byte, error) {
	found := xmlDeclaration.FindSubmatchIndex(data[:min(len(data), 600)])
	if found == nil {
		return data, nil
	}
	name := string(data[found[2]:found[3]])
	if strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return data, nil
	}
	charset, ok := charsets[strings.ToLower(name)]
	if !ok {
		return nil, at(1, fmt.Errorf("the charset %q isn't read; save the file as UTF-8", name))
	}
	return charset.NewDecoder().Bytes(data)
}
