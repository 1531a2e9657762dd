package workspace

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// paged cuts one page out of items. Pages are never longer than Config.PageSize,
// and now and then one is empty and not the last, as Slack allows itself.
func paged[T any](w *Workspace, c *call, items []T) ([]T, string, error) {
	limit := 100
	if s := c.get("limit"); s != "" && s != "0" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 1000 {
			return nil, "", refuse("invalid_limit")
		}
		limit = n
	}
	limit = min(limit, w.cfg.PageSize)
	start, wasEmpty, err := position(c.get("cursor"))
	if err != nil || start > len(items) {
		return nil, "", refuse("invalid_cursor")
	}
	if start > 0 && start < len(items) && !wasEmpty && w.rng.IntN(4) == 0 {
		return nil, cursor(start, true), nil
	}
	end := min(start+limit, len(items))
	next := ""
	if end < len(items) {
		next = cursor(end, false)
	}
	return items[start:end], next, nil
}

func cursor(start int, wasEmpty bool) string {
	mark := "page"
	if wasEmpty {
		mark = "after-empty"
	}
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d", mark, start))
}

func position(cursor string) (start int, wasEmpty bool, err error) {
	if cursor == "" {
		return 0, false, nil
	}
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false, err
	}
	mark, number, _ := strings.Cut(string(raw), ":")
	start, err = strconv.Atoi(number)
	return start, mark == "after-empty", err
}
