package rca

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"muster/confluence"
	"muster/incident"
	"muster/reconcile"
	"muster/report"
)

// Wiki is what this package asks of Confluence.
type Wiki interface {
	Space(ctx context.Context, key string) (confluence.Space, error)
	ByTitle(ctx context.Context, spaceID, title string) (page confluence.Page, ok bool, err error)
	Page(ctx context.Context, id string) (confluence.Page, error)
	Create(ctx context.Context, d confluence.Draft) (confluence.Page, error)
	Update(ctx context.Context, p confluence.Page) (confluence.Page, error)
	Comment(ctx context.Context, pageID, body string) error
	Comments(ctx context.Context, pageID string) ([]string, error)
	Attach(ctx context.Context, pageID string, f confluence.File) error
	Detach(ctx context.Context, pageID, name string) error
}

// Pages says where root-cause pages are made. A nil Wiki makes none.
type Pages struct {
	Wiki     Wiki
	Template *Template
	// Space is the key of the space, and Parent the id or title of the page
	// above.
	Space, Parent string
	// PrivateSpace is the key of the space for private incidents; if it is empty,
	// these have no page.
	PrivateSpace string
}

// space is the key of the space for an incident's page, or empty if it has none.
func (s Pages) space(i *incident.Incident) string {
	switch {
	case s.Wiki == nil:
		return ""
	case i.Private:
		return s.PrivateSpace
	}
	return s.Space
}

// The deeds of a page. deedContent holds what muster wrote last, with the version
// that it made as Ref; deedComment what could not be written, since people had
// edited the page, or nothing. Both are written by shown. deedGone holds, as its error,
// why the page is not there; deedReplacing is the version that is being replaced.
const (
	deedGone      = "page gone"
	deedContent   = "page content"
	deedComment   = "page comment"
	deedReplacing = "page replacing"
)

// page makes the page once, and writes what is new on it while nobody else
// has written there.
func (r *RCA) page(ctx context.Context, p *reconcile.Pass) error {
	return r.unhurried(ctx, p, r.write)
}

// unhurried runs what talks to Confluence about a resolved incident, and cuts it
// off when the pass is needed for something else.
func (r *RCA) unhurried(ctx context.Context, p *reconcile.Pass, do func(context.Context, *reconcile.Pass) error) error {
	if page := p.Deed(incident.DeedPage); !page.DoneAt.IsZero() && page.DoneAt.Before(p.PrivateAt) {
		// It stands where everybody reads it, and is for people to restrict.
		return nil
	}
	if r.space(&p.Incident) == "" || p.Status != incident.Resolved {
		return nil
	}
	before := ctx
	ctx, end := untilNeeded(ctx, p, p.Due(r.others))
	err := do(ctx, p)
	end()
	if err != nil && before.Err() == nil && errors.Is(err, context.Canceled) {
		return reconcile.ErrNewer
	}
	if e, ok := errors.AsType[*confluence.Error](err); ok && e.RetryAfter > 0 {
		return &reconcile.Later{At: p.Now().Add(e.RetryAfter), Why: "Confluence's limits"}
	}
	return err
}

// lookEvery is how often a step that waits for Confluence looks whether the
// pass is needed for something else.
const lookEvery = 20 * time.Millisecond

// untilNeeded is ctx until people decide something newer, or a message in Slack
// is due: a Confluence that hangs must not keep the news from them. A call that
// is cut off is settled as one whose answer was lost. end must be called.
func untilNeeded(ctx context.Context, p *reconcile.Pass, due time.Time) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var looking sync.WaitGroup
	looking.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for p.Newer() == nil && (due.IsZero() || p.Now().Before(due)) {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
		cancel()
	})
	return ctx, func() {
		cancel()
		looking.Wait()
	}
}

func (r *RCA) write(ctx context.Context, p *reconcile.Pass) error {
	content, err := r.content(ctx, p)
	if err != nil {
		return err
	}
	if p.Deed(incident.DeedPage).DoneAt.IsZero() {
		return r.create(ctx, p, content)
	}
	return r.refresh(ctx, p, content)
}

// content is what the page should show.
type content struct {
	body string
	// hash is of the body without the marks.
	hash string
	// timeline is what it was made of, and last the id of the last entry.
	timeline []incident.Entry
	last     int64
	// replace is the id of the entry by which somebody wished last that the page be
	// written anew whatever people made of it, or 0; wished is that of the wish before.
	replace, wished int64
	name            func(user string) string
}

// content fills the template, and marks the result as this incident's and by
// its hash, with anchors that nobody sees.
func (r *RCA) content(ctx context.Context, p *reconcile.Pass) (content, error) {
	timeline, err := p.Timeline(ctx, r.Store.Timeline)
	if err != nil {
		return content{}, err
	}
	names, err := r.Names.Of(ctx, report.People(&p.Incident, timeline)...)
	if err != nil && reconcile.Classify(err) != reconcile.Never {
		return content{}, reconcile.Held(err, p.Now())
	}
	c := content{timeline: timeline, name: report.Namer(names)}
	body, err := r.Template.Body(Describe(p.Case, timeline, c.name, shownImages(p, timeline)))
	if err != nil {
		return content{}, fmt.Errorf("fill the template of the page: %w", err)
	}
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:12])
	c.body, c.hash = body+anchor(mark(p))+anchor(hash), hash
	for _, e := range timeline {
		c.last = max(c.last, e.ID)
		if e.Kind == incident.EntryReplaced {
			c.wished, c.replace = c.replace, e.ID
		}
	}
	if c.replace != 0 {
		c.body += anchor(c.wish(p))
	}
	return c, nil
}

// mark tells our page from everybody else's, and from other incidents'.
func mark(p *reconcile.Pass) string {
	return fmt.Sprintf("muster-%s-%d-page", p.Installation.ID, p.Number)
}

// wish marks the page as written since somebody wished for that.
func (c content) wish(p *reconcile.Pass) string {
	return fmt.Sprintf("%s-replaced-%d", mark(p), c.replace)
}

func anchor(name string) string {
	return `<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">` + Text(name).String() + `</ac:parameter></ac:structured-macro>`
}

// PageState is how the page stands, for people.
type PageState struct {
	// Wanted is false if no page is to be made.
	Wanted bool
	// Link is empty until there is a page.
	Link string
	// Trouble is what is in the way, or empty; Gone is that people took the page away.
	Trouble string
	Gone    string
	// Edited says that people have made the page theirs, and Told names the state
	// of the incident that a comment tells instead.
	Edited bool
	Told   string
}

func (r *RCA) state(p *reconcile.Pass) PageState {
	s := PageState{Wanted: r.space(&p.Incident) != ""}
	if page := p.Deed(incident.DeedPage); !page.DoneAt.IsZero() {
		s.Link = page.Value
	}
	told := p.Deed(deedComment)
	if s.Edited = !told.DoneAt.IsZero() && told.Value != "" && told.Error == ""; s.Edited {
		s.Told = parseShown(told.Value).hash
	}
	s.Trouble, _ = p.Trouble(StepPage)
	s.Gone = p.Deed(deedGone).Error
	return s
}
