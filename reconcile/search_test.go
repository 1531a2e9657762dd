package reconcile

import (
	"errors"
	"slices"
	"testing"

	"github.com/slack-go/slack"
)

func TestSearchGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	var search Search[int]
	read := 0
	// Every second call is refused, as when one page is all that a pass gets.
	page := func(cursor string) ([]int, string, error) {
		if read++; read%2 == 0 {
			return nil, "", errors.New("limited")
		}
		switch cursor {
		case "":
			return []int{1}, "b", nil
		case "b":
			return []int{2, 3}, "c", nil
		}
		return []int{4}, "", nil
	}
	for pass := 1; ; pass++ {
		found, err := search.Run("key", page)
		if err == nil {
			if want := []int{1, 2, 3, 4}; !slices.Equal(found, want) || pass != 3 {
				t.Errorf("pass %d found %v, want %v in the third", pass, found, want)
			}
			return
		}
		if pass == 5 {
			t.Fatal("it never ends")
		}
	}
}

func TestSearchBeginsAnewWithoutCursor(t *testing.T) {
	t.Parallel()
	var search Search[int]
	var errs = []error{errors.New("limited"), slack.SlackErrorResponse{Err: "invalid_cursor"}, nil, nil}
	page := func(cursor string) ([]int, string, error) {
		if cursor == "" {
			return []int{1}, "b", nil
		}
		err := errs[0]
		errs = errs[1:]
		return []int{2}, "", err
	}
	for range 2 {
		if found, err := search.Run("key", page); err == nil {
			t.Errorf("found %v", found)
		}
	}
	if found, err := search.Run("key", page); err != nil || !slices.Equal(found, []int{1, 2}) {
		t.Errorf("found %v, %v", found, err)
	}
}
