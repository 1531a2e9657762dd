package workspace_test

import (
	"testing"

	"github.com/gorilla/websocket"
)

// dial opens a socket without slack-go, to see frames as they are. Messages that
// are longer than the write buffer go out in several frames.
func dial(t *testing.T, s *scene, writeBuffer int) *websocket.Conn {
	t.Helper()
	_, address, err := s.api.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dialer := &websocket.Dialer{WriteBufferSize: writeBuffer}
	conn, _, err := dialer.DialContext(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// rawSocket is a dialled socket that has said hello.
func rawSocket(t *testing.T, s *scene, writeBuffer int) *websocket.Conn {
	t.Helper()
	conn := dial(t, s, writeBuffer)
	var hello struct {
		Type string
		N    int `json:"num_connections"`
		Info struct {
			Life int `json:"approximate_connection_time"`
		} `json:"debug_info"`
	}
	if err := conn.ReadJSON(&hello); err != nil || hello.Type != "hello" || hello.N != 1 || hello.Info.Life != 18060 {
		t.Fatalf("hello: %+v, %v", hello, err)
	}
	s.await(func() bool { return len(s.Sockets()) == 1 })
	return conn
}
