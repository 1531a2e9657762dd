package blockkit

// PieceKind says what a Piece of mrkdwn is.
type PieceKind int

// The kinds of Piece.
const (
	Words PieceKind = iota // literal text
	ToUser
	ToChannel
	ToGroup
	ToAll // <!channel>, <!here>, <!everyone>
	Date
	Link
)

// Piece is a stretch of mrkdwn: literal words, or one reference in <…>.
type Piece struct {
	Kind PieceKind
	// Text is what is read: literal words and labels, decoded once. Of a link
	// without a label it is the address, of a date the fallback.
	Text string
	// Ref is an id, an address, or the word of a broadcast.
	Ref string
	// Unix and Format are a date's seconds and its words in braces.
	Unix   int64
	Format string
}

// Pieces takes mrkdwn apart. A date that Slack would not show as one is words.
func Pieces(source string) []Piece {
	kinds := map[tokenKind]PieceKind{
		userToken: ToUser, channelToken: ToChannel, groupToken: ToGroup, broadcastToken: ToAll, linkToken: Link,
	}
	var out []Piece
	for _, t := range tokens(source) {
		switch {
		case t.kind == literal:
			out = append(out, Piece{Text: unescape(t.raw)})
		case t.kind == dateToken && t.wellFormed():
			unix, format, link, _ := t.date()
			out = append(out, Piece{Kind: Date, Text: unescape(t.label), Ref: unescape(link), Unix: unix, Format: format})
		case t.kind == dateToken:
			out = append(out, Piece{Text: "<" + t.raw + ">"})
		case t.kind == linkToken:
			address := unescape(t.head)
			out = append(out, Piece{Kind: Link, Text: first(unescape(t.label), address), Ref: address})
		default:
			out = append(out, Piece{Kind: kinds[t.kind], Text: unescape(t.label), Ref: unescape(t.head)})
		}
	}
	return out
}
