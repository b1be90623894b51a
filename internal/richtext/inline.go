package richtext

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"
)

var (
	kindHashtag = ast.NewNodeKind("Hashtag")
	kindMention = ast.NewNodeKind("Mention")
	kindMark    = ast.NewNodeKind("Mark")
)

// hashtag is a #Tag in running text. Href is filled in when links are resolved;
// without it the tag stays text.
type hashtag struct {
	ast.BaseInline
	name string // display form, without "#", NFC
	href string
}

func (*hashtag) Kind() ast.NodeKind              { return kindHashtag }
func (n *hashtag) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// mention is an @user or @user@host in running text.
type mention struct {
	ast.BaseInline
	handle  Handle
	written string
	href    string
	name    string
}

func (*mention) Kind() ast.NodeKind              { return kindMention }
func (n *mention) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// mark is a takeaway, ==so==.
type mark struct {
	ast.BaseInline
}

func (*mark) Kind() ast.NodeKind              { return kindMark }
func (n *mark) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// hashtagParser reads "#" and letters, marks, digits or underscores with at least
// one letter, so that "#1" stays an issue number. A word character before it makes
// it a "C#"; "/", "=" and "&" make it part of an address or an entity.
type hashtagParser struct{}

func (hashtagParser) Trigger() []byte { return []byte{'#'} }

func (hashtagParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	if isWordRune(before) || bytes.ContainsRune([]byte("#/=&@"), before) {
		return nil
	}
	line, _ := block.PeekLine()
	end, letters := 1, 0
	for end < len(line) {
		r, size := utf8.DecodeRune(line[end:])
		if !isWordRune(r) {
			break
		}
		if unicode.IsLetter(r) {
			letters++
		}
		end += size
	}
	if letters == 0 || firstRune(line[end:]) == '#' {
		return nil
	}
	block.Advance(end)
	return &hashtag{name: norm.NFC.String(string(line[1:end]))}
}

// mentionParser reads @user and @user@host. What stands before it must not make
// it part of an e-mail address or of a path such as /@user.
type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'@'} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	if isWordRune(before) || bytes.ContainsRune([]byte("@/=.-+"), before) {
		return nil
	}
	line, _ := block.PeekLine()
	handle, size := parseHandle(line)
	if size == 0 {
		return nil
	}
	block.Advance(size)
	return &mention{handle: handle, written: string(line[:size])}
}

// markParser reads ==text==. Inside a word it is code, as in a==b==c.
type markParser struct{}

func (markParser) Trigger() []byte { return []byte{'='} }

func (markParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 2, markProcessor{})
	if node == nil || node.OriginalLength != 2 || before == '=' {
		return nil
	}
	if isWordRune(before) && isWordRune(firstRune(line[2:])) {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + 2)
	block.Advance(2)
	pc.PushDelimiter(node)
	return node
}

type markProcessor struct{}

func (markProcessor) IsDelimiter(b byte) bool { return b == '=' }

func (markProcessor) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (markProcessor) OnMatch(int) ast.Node { return &mark{} }

// commentParser drops <!-- comments -->, such as the <!--more--> of imported
// posts: the only HTML that Markdown may hold, everything else shows as typed.
type commentParser struct{}

func (commentParser) Trigger() []byte { return []byte{'<'} }

func (commentParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("<!--")) || pc.Get(unclosedKey) == parent {
		return nil
	}
	skip := len("<!--")
	for line != nil {
		if end := bytes.Index(line[skip:], []byte("-->")); end >= 0 {
			block.Advance(skip + end + len("-->"))
			return ast.NewString(nil)
		}
		block.AdvanceLine()
		line, _ = block.PeekLine()
		skip = 0
	}
	pc.Set(unclosedKey, parent)
	return nil
}

// unclosedKey holds the block that has no more "-->", so that the search isn't
// done again for each "<!--" in it.
var unclosedKey = parser.NewContextKey()

// isWordRune says whether r can be part of a hashtag.
func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// firstRune is the first rune of b, or a space when b is empty.
func firstRune(b []byte) rune {
	if len(b) == 0 {
		return ' '
	}
	r, _ := utf8.DecodeRune(b)
	return r
}
