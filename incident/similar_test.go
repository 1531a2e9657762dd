package incident

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWhichTitlesAreAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b  string
		alike bool
	}{
		{"checkout returns 500", "checkout returns 500", true},
		{"checkout returns 500", "Checkout: 500 errors", true},
		{"checkout returns 500", "checkout is slow", true},
		{"db down", "The DB is down!", true},
		{"payments fail", "payment failing", true},
		{"чек-аут не работает", "не работает чекаут", true},
		{"支付失败", "支付失败了", true},
		{"checkout down", "payments down", false},
		{"db down", "disk full", false},
		{"login is slow", "the office has no heating", false},
		{"🔥", "🔥", false},
		{"", "", false},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			got := MostAlike(pair[0], []Alike{{Number: 1, Title: pair[1]}})
			if (len(got) == 1) != c.alike {
				t.Errorf("%q and %q: %.2f", pair[0], pair[1], shared(trigrams(pair[0]), trigrams(pair[1])))
			}
		}
	}
}

func TestTheMostAlikeComeFirst(t *testing.T) {
	t.Parallel()
	got := MostAlike("db down", []Alike{{Number: 1, Title: "the db is down"}, {Number: 2, Title: "db down"}, {Number: 3, Title: "disk full"}, {Number: 4, Title: "db down"}})
	if len(got) != 2 || got[0].Number != 4 || got[1].Number != 2 {
		t.Errorf("%+v", got)
	}
}

// Any title is like itself as far as it has letters, and never more than that.
func TestLikenessOfAnyTitles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := trigrams(rapid.String().Draw(t, "a")), trigrams(rapid.String().Draw(t, "b"))
		ab, ba := shared(a, b), shared(b, a)
		if ab != ba || ab < 0 || ab > 1 || len(a) > 0 && shared(a, a) != 1 {
			t.Fatalf("%v, %v", ab, ba)
		}
	})
}

func BenchmarkMostAlike(b *testing.B) {
	open := make([]Alike, 200)
	for n := range open {
		open[n] = Alike{Number: int64(n), Title: "checkout returns 500 for some carts in region eu-west"}
	}
	for b.Loop() {
		MostAlike("checkout is slow for customers in eu-west", open)
	}
}
