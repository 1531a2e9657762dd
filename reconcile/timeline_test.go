package reconcile

import (
	"context"
	"errors"
	"testing"

	"muster/incident"
)

func TestATimelineIsReadOncePerPass(t *testing.T) {
	t.Parallel()
	p := &Pass{Case: &incident.Case{Incident: incident.Incident{Number: 7}}}
	var reads []int64
	fails := errors.New("the database is away")
	load := func(_ context.Context, number int64) ([]incident.Entry, error) {
		if reads = append(reads, number); len(reads) == 1 {
			return nil, fails
		}
		return []incident.Entry{{ID: 1}}, nil
	}
	if _, err := p.Timeline(t.Context(), load); !errors.Is(err, fails) {
		t.Errorf("the first read: %v", err)
	}
	for range 3 {
		if entries, err := p.Timeline(t.Context(), load); err != nil || len(entries) != 1 {
			t.Errorf("%d entries, %v", len(entries), err)
		}
	}
	if len(reads) != 2 || reads[1] != 7 {
		t.Errorf("it was read of %v, not twice of 7", reads)
	}
}
