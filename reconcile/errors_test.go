package reconcile

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// unsent is a call that the transport held back.
type unsent struct{ until time.Time }

func (unsent) Error() string          { return "held back" }
func (u unsent) RetryAt() time.Time   { return u.until }
func (unsent) Every() time.Duration   { return time.Second }
func ahead(d time.Duration) time.Time { return time.Now().Add(d) }

// A wait that ended at once on a clock that is ahead would make one pass after the
// other, all in vain.
func TestALimitIsWaitedForOnAnyClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
			err := Held(fmt.Errorf("post: %w", unsent{ahead(7 * time.Second)}), ahead(skew))
			later, ok := errors.AsType[*Later](err)
			if !ok || !later.At.Equal(ahead(skew+7*time.Second)) || later.Every != time.Second {
				t.Errorf("with a clock %s ahead: %+v", skew, err)
			}
		}
	})
}
