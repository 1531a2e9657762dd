package slackhttp

import (
	"errors"
	"io"
)

// maxBody is the longest answer that is read, in bytes. Slack's longest pages are far below;
// a proxy that answers for ever must not fill the memory.
const maxBody = 8 << 20

var errTooLong = errors.New("the answer is longer than 8 MiB")

// body is an answer's body with a limit, that ends the call's deadline when it is closed.
type body struct {
	inner io.ReadCloser
	left  int64
	done  func()
}

// Read reads on until the limit, and fails rather than pretend that the answer ended there.
func (b *body) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.inner.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, errTooLong
	}
	return n, err
}

// Close closes the answer and releases the deadline.
func (b *body) Close() error {
	defer b.done()
	return b.inner.Close()
}
