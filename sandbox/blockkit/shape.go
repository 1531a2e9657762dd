package blockkit

import (
	"encoding/json"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"
)

// rule checks one JSON value and reports to the checker.
type rule func(c *checker, v any, at string)

// field is one property of an object.
type field struct {
	rule     rule
	required bool
}

// shape is the set of properties an object may have; Slack refuses any other.
type shape map[string]field

func must(r rule) field { return field{rule: r, required: true} }
func may(r rule) field  { return field{rule: r} }

// with adds the fields of others to a copy of s.
func (s shape) with(others ...shape) shape {
	sum := shape{}
	for _, o := range append([]shape{s}, others...) {
		for k, f := range o {
			sum[k] = f
		}
	}
	return sum
}

// object checks v against s. A property that is null counts as absent.
func (c *checker) object(v any, at string, s shape) (map[string]any, bool) {
	o, ok := v.(map[string]any)
	if !ok {
		c.refuse(at, "must provide an object")
		return nil, false
	}
	for _, name := range names(s) {
		if s[name].required && o[name] == nil {
			c.refuse(at, "missing required field: %s", name)
		}
	}
	for _, name := range names(o) {
		f, known := s[name]
		switch {
		case !known:
			c.refuse(at, "invalid additional property: %s", name)
		case o[name] != nil:
			f.rule(c, o[name], at+"/"+name)
		}
	}
	return o, true
}

func names[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// chars accepts a string of min to max characters.
func chars(min, max int) rule {
	return func(c *checker, v any, at string) {
		s, ok := v.(string)
		switch n := length(s); {
		case !ok:
			c.refuse(at, "must provide a string")
		case n < min:
			c.refuse(at, "must be more than %d characters", min-1)
		case n > max:
			c.refuse(at, "must be less than %d characters", max+1)
		}
	}
}

func oneOf(words ...string) rule {
	return func(c *checker, v any, at string) {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			c.refuse(at, "must be one of: %s", strings.Join(words, ", "))
		}
	}
}

func boolean(c *checker, v any, at string) {
	if _, ok := v.(bool); !ok {
		c.refuse(at, "must provide a boolean")
	}
}

func anything(*checker, any, string) {}

func integer(min, max int64) rule {
	return func(c *checker, v any, at string) {
		n, ok := v.(json.Number)
		i, err := n.Int64()
		if !ok || err != nil || i < min || i > max {
			c.refuse(at, "must be an integer between %d and %d", min, max)
		}
	}
}

// number accepts what number_input takes: decimal digits in a string.
func number(c *checker, v any, at string) {
	s, ok := v.(string)
	if _, err := json.Number(s).Float64(); !ok || err != nil {
		c.refuse(at, "must be a number in a string")
	}
}

// formatted accepts a string in one layout of package time.
func formatted(layout, name string) rule {
	return func(c *checker, v any, at string) {
		s, _ := v.(string)
		if _, err := time.Parse(layout, s); err != nil {
			c.refuse(at, "must be formatted as %s", name)
		}
	}
}

// address accepts a URL of the given schemes, up to 3,000 characters.
func address(schemes ...string) rule {
	return func(c *checker, v any, at string) {
		chars(1, 3000)(c, v, at)
		s, _ := v.(string)
		u, err := url.Parse(s)
		if err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" && u.Opaque == "" || strings.ContainsAny(s, " <>|") {
			c.refuse(at, "must be a valid URL")
		}
	}
}

// list accepts an array of min to max values that r accepts.
func list(min, max int, r rule) rule {
	return func(c *checker, v any, at string) {
		items, ok := v.([]any)
		switch {
		case !ok:
			c.refuse(at, "must provide an array")
		case len(items) < min:
			c.refuse(at, "no fewer than %d items allowed", min)
		case len(items) > max:
			c.refuse(at, "no more than %d items allowed", max)
		}
		for i, e := range items {
			r(c, e, item(at, i))
		}
	}
}
