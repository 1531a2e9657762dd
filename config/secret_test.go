package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestNoWayOfPrintingShowsASecret(t *testing.T) {
	t.Parallel()
	s := NewSecret("swordfish")
	inside := struct{ hidden Secret }{s}
	nested := Config{Slack: Slack{AppToken: s}, Database: Database{URL: s}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%08.3f"} {
		for _, value := range []any{s, &s, inside, nested, &nested, []Secret{s}, map[string]Secret{"k": s}} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, "swordfish") || strings.Contains(text, fmt.Sprintf("%x", "swordfish")) {
				t.Errorf("%s of %T shows it: %s", verb, value, text)
			}
		}
	}
	encoded, err := json.Marshal(nested)
	if err != nil || strings.Contains(string(encoded), "swordfish") || !strings.Contains(string(encoded), `"[secret]"`) {
		t.Errorf("JSON %s, %v", encoded, err)
	}
	if text, err := s.MarshalText(); string(text) != "[secret]" || err != nil {
		t.Errorf("text %s, %v", text, err)
	}
	if s.Reveal() != "swordfish" || s.IsZero() || !(Secret{}).IsZero() {
		t.Error("Reveal or IsZero is wrong")
	}
}

// Whatever variable a token or password lands in, no message repeats it.
func TestNoProblemShowsASecretWhereverItWasPut(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"xoxb-12345-67890-hushhush", "xapp-1-A1-2-hushhush", "xoxp-1-hushhush", `"xoxb-1-hushhush"`, "xoxb-1-hush hush",
		"postgres://ana:hushhush@db:x/muster", "://ana:hushhush@db", "ATATT3xFfGF0hushhush", "host=a password=hushhush '",
		"0123456789abcdef0123456789abcdefhushhush",
	} {
		v := reflect.ValueOf(&Environment{}).Elem()
		for i := range v.NumField() {
			env := Environment{AutoCreateRCA: "true"}
			reflect.ValueOf(&env).Elem().Field(i).SetString(secret)
			_, err := env.Check()
			if err == nil {
				t.Fatalf("%s: no problem although tokens are missing", v.Type().Field(i).Name)
			}
			if text := err.Error(); strings.Contains(text, "hush") {
				t.Errorf("%s in %s is shown:\n%s", secret, v.Type().Field(i).Name, text)
			}
		}
	}
}
