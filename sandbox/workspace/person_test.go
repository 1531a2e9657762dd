package workspace_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox/workspace"
)

// do fails the story on an act that went wrong.
func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantText(t *testing.T, got string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(got, w) {
			t.Errorf("want %q in:\n%s", w, got)
		}
	}
}

func TestStoryOfACommandAndAForm(t *testing.T) {
	t.Parallel()
	s, ctx := lampScene(t), t.Context()
	alice := s.Person("alice")
	reply, err := alice.Slash(ctx, "#ops", "/lamp hi now & <!channel>")
	do(t, err)
	if want := "*Hello* @Alice Archer, you typed now & <!channel>"; reply.Text != want {
		t.Errorf("got %q, want %q", reply.Text, want)
	}
	wantText(t, alice.Sees("ops"), "Lamp (only you): *Hello* @Alice Archer")
	if strings.Contains(s.Person("bob").Sees("ops"), "Hello") {
		t.Error("bob reads what alice alone was told")
	}

	_, err = alice.Slash(ctx, "#ops", "/lamp new")
	do(t, err)
	form, err := alice.Form(ctx)
	do(t, err)
	if form.Title() != "New lamp" {
		t.Errorf("title %q", form.Title())
	}
	outcome, err := form.Submit(ctx)
	do(t, err)
	if outcome.Closed || outcome.Errors[":bulb: Title"] != "Please complete this required field." {
		t.Errorf("an empty title: %+v", outcome)
	}
	do(t, form.Fill("Title", "bad"))
	do(t, form.Fill("Brightness", "High"))
	do(t, form.Fill("owner", "bob"))
	do(t, form.Fill("Room", "Attic"))
	outcome, err = form.Submit(ctx)
	do(t, err)
	if outcome.Closed || outcome.Errors[":bulb: Title"] != "Choose a better title" {
		t.Errorf("a bad title: %+v", outcome)
	}
	want := `== New lamp ==
:bulb: Title: bad
· ! Choose a better title
Brightness: ( High ▾ )
Owner (optional): ( @Bob ▾ )
Room (optional): ( Attic ▾ )
[ Cancel ] [ Make ]`
	if got := form.Text(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	do(t, form.Fill("Title", "fine"))
	outcome, err = form.Submit(ctx)
	do(t, err)
	if !outcome.Updated || outcome.Closed {
		t.Errorf("a good title: %+v", outcome)
	}
	wantText(t, alice.SeesForm(), "== Made ==", "fine for @Bob in room-Attic at 2")
	do(t, form.Close(ctx))
	if alice.SeesForm() != "" || form.Text() != "" {
		t.Errorf("closed, but sees %s", alice.SeesForm())
	}
}

func TestStoryOfPushedAndClosedForms(t *testing.T) {
	t.Parallel()
	s, app := lampApp(t)
	ctx, bob := t.Context(), s.Person("bob")
	do(t, bob.Shortcut(ctx, "switch on"))
	form, err := bob.Form(ctx)
	do(t, err)
	do(t, form.Fill("Title", "more")) // waits while the form says that it is loading
	outcome, err := form.Submit(ctx)
	do(t, err)
	if !outcome.Pushed || outcome.Closed {
		t.Fatalf("got %+v, want a pushed form", outcome)
	}
	if _, err := form.Submit(ctx); err == nil {
		t.Error("submitted a form that lies below another")
	}
	upper, err := bob.AwaitForm(ctx, "more for")
	do(t, err)
	do(t, upper.Close(ctx))
	do(t, form.Fill("Title", "plain"))
	twice, err := form.SubmitTwice(ctx)
	do(t, err)
	if !twice[0].Closed || !twice[1].Closed {
		t.Errorf("double click: %+v", twice)
	}
	if form.Title() != "" {
		t.Error("the form is still open")
	}
	submissions := 0
	for _, e := range app.events(socketmode.EventTypeInteractive) {
		if i, ok := e.Data.(slack.InteractionCallback); ok && i.Type == slack.InteractionTypeViewSubmission {
			submissions++
		}
	}
	if submissions != 3 {
		t.Errorf("the app got %d submissions, want one and a double one", submissions)
	}
}

func TestStoryOfAMessage(t *testing.T) {
	t.Parallel()
	s, ctx := lampScene(t), t.Context()
	alice, bob := s.Person("alice"), s.Person("bob")
	_, err := alice.Slash(ctx, "ops", "/lamp panel")
	do(t, err)
	do(t, bob.AwaitSees(ctx, "#ops", "[ Claim ] (primary) [ Remove ] (danger) [ Docs ]"))
	do(t, bob.Click(ctx, "#ops", "claim"))
	do(t, bob.Hears(ctx, "You hold it"))
	do(t, bob.AwaitDM(ctx, "You hold the lamp"))
	do(t, bob.Choose(ctx, "#ops", "Brightness", "High"))
	do(t, bob.Hears(ctx, "sev is 2"))
	do(t, bob.Choose(ctx, "#ops", "Owner", "alice"))
	do(t, bob.Hears(ctx, "who is "+s.alice))
	do(t, bob.Choose(ctx, "#ops", "…", "Archive"))
	do(t, bob.Hears(ctx, "more is z"))
	do(t, bob.Click(ctx, "#ops", "Edit"))
	do(t, bob.Hears(ctx, "more is e"))
	do(t, bob.Click(ctx, "#ops", "Docs"))
	if opened := bob.Opened(); len(opened) != 1 || opened[0] != "https://docs.test/lamp" {
		t.Errorf("opened %q", opened)
	}
	do(t, bob.Hears(ctx, "docs is"))
	do(t, alice.React(ctx, "#ops", "Lamp", "eyes"))
	do(t, alice.AwaitSees(ctx, "#ops", "Lamp: Saw :eyes:"))
	do(t, alice.Replies(ctx, "#ops", "Saw :eyes:", "me too"))
	do(t, alice.Pin(ctx, "#ops", "me too"))
	wantText(t, alice.Sees("#ops"), "( ⋯ Edit / Archive )", "  :eyes: 1\n    Lamp: Saw :eyes:\n    Alice Archer: me too  (pinned)")
	do(t, alice.Unpin(ctx, "#ops", "me too"))
	do(t, alice.Unreact(ctx, "#ops", "Lamp", "eyes"))
	do(t, bob.ClickOn(ctx, "#ops", "Lamp", "Remove"))
	do(t, bob.Hears(ctx, "Removed by @Bob"))
	if asked := bob.Confirmed(); len(asked) != 1 || asked[0].Title != "Remove it?" {
		t.Errorf("confirmed %+v", asked)
	}
}

func TestStoryOfMentionsMessageShortcutAndHome(t *testing.T) {
	t.Parallel()
	s, ctx := lampScene(t), t.Context()
	alice := s.Person("alice")
	do(t, alice.Mentions(ctx, "ops", "@lamp are you there?"))
	do(t, alice.AwaitSees(ctx, "ops", "You called?"))
	if err := alice.Mentions(ctx, "ops", "nobody here"); err == nil {
		t.Error("a text without the bot's name was called a mention")
	}
	do(t, alice.Says(ctx, "cave", "it is dark"))
	do(t, alice.MessageShortcut(ctx, "cave", "dark", "Lamp from message"))
	form, err := alice.AwaitForm(ctx, "Title: it is dark")
	do(t, err)
	do(t, form.Close(ctx))
	if alice.SeesHome() != "" {
		t.Error("a Home tab before it was opened")
	}
	do(t, alice.OpensHome(ctx))
	do(t, alice.AwaitHome(ctx, "Lamp in Hall [ Open ]"))
	do(t, alice.ClickHomeOn(ctx, "in Hall", "Open"))
	_, err = alice.AwaitForm(ctx, "Title: Hall")
	do(t, err)
}

func TestHearsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	s, ctx := lampScene(t), t.Context()
	alice := s.Person("alice")
	_, err := alice.Slash(ctx, "ops", "/lamp later one")
	do(t, err)
	do(t, alice.Hears(ctx, "done one"))
	_, err = alice.Slash(ctx, "ops", "/lamp quiet")
	do(t, err)
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	if err := alice.Hears(short, "done one"); err == nil {
		t.Error("an answer to an earlier command was taken for a new one")
	}
}

func TestErrorsSayWhatIsSeenInstead(t *testing.T) {
	t.Parallel()
	s := lampScene(t)
	alice, bob, nobody := s.Person("alice"), s.Person("bob"), s.Person("nobody")
	_, err := alice.Slash(t.Context(), "ops", "/lamp panel")
	do(t, err)
	_, err = bob.Slash(t.Context(), "ops", "/lamp new")
	do(t, err)
	form, err := bob.Form(t.Context())
	do(t, err)
	for name, c := range map[string]struct {
		act  func(context.Context) error
		want string
	}{
		"label":         {func(ctx context.Context) error { return alice.Click(ctx, "#ops", "Explode") }, "[ Claim ] (primary)"},
		"message":       {func(ctx context.Context) error { return alice.React(ctx, "#ops", "no such words", "eyes") }, "# Lamp"},
		"channel":       {func(ctx context.Context) error { return alice.Says(ctx, "#nowhere", "x") }, `no channel "#nowhere"`},
		"private":       {func(ctx context.Context) error { return bob.AwaitSees(ctx, "#cave", "x") }, "bob does not see #cave"},
		"command":       {func(ctx context.Context) error { _, err := alice.Slash(ctx, "ops", "/nope"); return err }, "/nope is not a valid command"},
		"shortcut":      {func(ctx context.Context) error { return alice.Shortcut(ctx, "Explode") }, "“Switch on”"},
		"no form":       {func(ctx context.Context) error { _, err := alice.Form(ctx); return err }, "(nothing)"},
		"dm":            {func(ctx context.Context) error { return alice.AwaitDM(ctx, "x") }, "(nothing)"},
		"stranger":      {func(ctx context.Context) error { return nobody.Click(ctx, "ops", "Claim") }, `no user "nobody"`},
		"option":        {func(ctx context.Context) error { return alice.Choose(ctx, "ops", "Brightness", "Dim") }, `no option "Dim" among ["Low", "High"]`},
		"person":        {func(ctx context.Context) error { return alice.Choose(ctx, "ops", "Owner", "zoe") }, `nobody is called "zoe"`},
		"form option":   {func(context.Context) error { return form.Fill("Room", "Moon") }, `no option "Moon" among ["Kitchen"`},
		"too long":      {func(context.Context) error { return form.Fill("Title", strings.Repeat("x", 21)) }, "no more than 20"},
		"cancelled act": {func(ctx context.Context) error { <-ctx.Done(); return form.Close(ctx) }, "deadline exceeded"},
	} {
		// A busy machine may need longer to find out than people wait.
		for wait := 60 * time.Millisecond; ; wait *= 4 {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			err := c.act(ctx)
			cancel()
			if err != nil && strings.Contains(err.Error(), c.want) {
				break
			}
			if err == nil || wait > 10*time.Second {
				t.Errorf("%s: got %v, want %q", name, err, c.want)
				break
			}
		}
	}
	do(t, form.Fill("Title", "ab"))
	outcome, err := form.Submit(t.Context())
	if err != nil || outcome.Errors[":bulb: Title"] != "Enter at least 3 characters." {
		t.Errorf("a short title: %+v, %v", outcome, err)
	}
}

func TestWithoutTheAppAPersonSeesThat(t *testing.T) {
	t.Parallel()
	s := setup(t)
	alice := s.Person("alice")
	if _, err := alice.Slash(t.Context(), "ops", "/lamp hi"); err == nil || !strings.Contains(err.Error(), workspace.ErrNoSocket.Error()) {
		t.Errorf("got %v", err)
	}
	if got := alice.DirectMessages(); got != "" {
		t.Errorf("direct messages before any: %q", got)
	}
}
