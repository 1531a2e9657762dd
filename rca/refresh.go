package rca

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/confluence"
	"muster/incident"
	"muster/reconcile"
)

// shown is what a page or a comment tells: the content with this hash, made of
// the entries up to last. A comment tells those after from; of the page, those up to
// from were told before an attempt to write it.
type shown struct {
	hash       string
	from, last int64
}

// shown puts it into a deed.
func (c content) shown(from int64) string { return fmt.Sprintf("%s %d %d", c.hash, from, c.last) }

// is reports whether it shows what c is.
func (s shown) is(c content) bool { return s.hash == c.hash && s.last == c.last }

// key names what a comment tells: a template may show too little for the hash alone.
func (c content) key() string { return fmt.Sprintf("%s-%d", c.hash, c.last) }

// parseShown reads it back; what an earlier version wrote was the hash alone.
func parseShown(value string) shown {
	var s shown
	_, _ = fmt.Sscan(value, &s.hash, &s.from, &s.last)
	return s
}

// refresh writes what is new: on the page while its version is the last that
// we wrote, in a comment afterwards, and on the page whatever is on it if
// somebody wished that since.
func (r *RCA) refresh(ctx context.Context, p *reconcile.Pass, c content) error {
	have, told := p.Deed(deedContent), p.Deed(deedComment)
	wished := c.replace > replaced(p)
	if !wished && !isGone(p) && (said(have, c) || said(told, c)) {
		return nil
	}
	if err := p.Newer(); err != nil {
		return err
	}
	page, err := r.Wiki.Page(ctx, p.Deed(incident.DeedPage).Ref)
	if err == nil || confluence.Missing.Is(err) {
		if noted := r.noteGone(ctx, p, err); noted != nil || err != nil {
			return noted
		}
	}
	if cut := c.upTo(told); err == nil && cut.hash != "" {
		// What it told is not to be told again with what came since.
		if err := r.comment(ctx, p, page, cut); err != nil {
			return err
		}
		return r.refresh(ctx, p, c)
	}
	if err != nil {
		return err
	}
	hash := parseShown(have.Value).hash
	unsettled := !have.AttemptedAt.IsZero() && hash != "" && strings.Contains(page.Body, hash)
	switch {
	case wished:
		return r.replace(ctx, p, page, c)
	case version(page.Version) == have.Ref:
		return r.rewrite(ctx, p, page, c)
	case unsettled && version(page.Version-1) == have.Ref:
		if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: deedContent, Value: have.Value, Ref: version(page.Version)}); err != nil {
			return err
		}
		return r.refresh(ctx, p, c)
	default:
		return r.comment(ctx, p, page, c)
	}
}

// noteGone notes that people deleted or archived the page, as missing says, or, if that is
// nil, that it is there. They may bring it back: it is looked for again in each pass.
func (r *RCA) noteGone(ctx context.Context, p *reconcile.Pass, missing error) error {
	reason := ""
	if missing != nil {
		reason = missing.Error()
	}
	if p.Deed(deedGone).Error == reason {
		return nil
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedGone, Error: reason})
}

// isGone reports whether the page was not there when muster looked last.
func isGone(p *reconcile.Pass) bool { return p.Deed(deedGone).Error != "" }

// upTo is what an earlier comment was to tell that was begun and cut off, or nothing
// if there is none.
func (c content) upTo(begun incident.Deed) content {
	shown := parseShown(begun.Value)
	if begun.AttemptedAt.IsZero() || !begun.DoneAt.IsZero() || shown.is(c) || shown.last == 0 {
		return content{}
	}
	cut := content{timeline: nil, name: c.name, hash: shown.hash, last: shown.last}
	for _, e := range c.timeline {
		if e.ID <= shown.last {
			cut.timeline = append(cut.timeline, e)
		}
	}
	return cut
}

// said reports whether a deed told this content.
func said(d incident.Deed, c content) bool {
	return !d.DoneAt.IsZero() && parseShown(d.Value).hash == c.hash
}

// replaced is the last wish to replace the page that came true.
func replaced(p *reconcile.Pass) int64 {
	id, _ := strconv.ParseInt(p.Deed(incident.DeedReplaced).Value, 10, 64)
	return id
}

func (r *RCA) rewrite(ctx context.Context, p *reconcile.Pass, page confluence.Page, c content) error {
	if err := p.BeginDeed(ctx, r.Store, deedContent, c.shown(onPage(p, page))); err != nil {
		return err
	}
	page.Body = c.body
	after, err := r.Wiki.Update(ctx, page)
	if err != nil {
		// Somebody who was faster is seen at the next try.
		return err
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedContent, Value: c.shown(0), Ref: version(after.Version)})
}

// replace writes the page anew over what people made of it, which Confluence
// keeps in the page's history, and says so in the channel. Begun before and cut
// off, it is known by the wish's mark.
func (r *RCA) replace(ctx context.Context, p *reconcile.Pass, page confluence.Page, c content) error {
	have := p.Deed(deedContent)
	wish := strconv.FormatInt(c.replace, 10)
	switch {
	case strings.Contains(page.Body, c.wish(p)):
		if err := r.settleReplaced(ctx, p, page); err != nil {
			return err
		}
	case replaced(p) == c.wished && !have.DoneAt.IsZero() && version(page.Version) == have.Ref:
		// Nobody has written on it since muster did: there is nothing to replace.
		if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: incident.DeedReplaced, Value: wish}); err != nil {
			return err
		}
		return r.refresh(ctx, p, c)
	default:
		if err := p.BeginDeed(ctx, r.Store, deedReplacing, version(page.Version)); err != nil {
			return err
		}
		if err := r.rewrite(ctx, p, page, c); err != nil {
			return err
		}
	}
	// The page is noted as ours, and which version it was before tells nothing more.
	if over := p.Deed(deedReplacing); !over.AttemptedAt.IsZero() {
		if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: deedReplacing, Value: over.Value}); err != nil {
			return err
		}
	}
	if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: deedComment}); err != nil {
		return err
	}
	at := slices.IndexFunc(c.timeline, func(e incident.Entry) bool { return e.ID == c.replace })
	if err := r.say(ctx, p, "rca replaced:"+wish, replacedMessage(c.timeline[at])); err != nil {
		return err
	}
	if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: incident.DeedReplaced, Value: wish}); err != nil {
		return err
	}
	return r.refresh(ctx, p, c)
}

// settleReplaced notes as ours the version after the one that was to be replaced, if that
// is not noted: people may have made another one of it since.
func (r *RCA) settleReplaced(ctx context.Context, p *reconcile.Pass, page confluence.Page) error {
	have := p.Deed(deedContent)
	if !have.DoneAt.IsZero() {
		return nil
	}
	made := page.Version
	if over, err := strconv.Atoi(p.Deed(deedReplacing).Value); err == nil {
		made = over + 1
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedContent, Value: have.Value, Ref: version(made)})
}

// settleComment is how long a comment whose answer was lost may take to show.
const settleComment = time.Second

// comment tells below the page, and in the channel, what the page does not say.
func (r *RCA) comment(ctx context.Context, p *reconcile.Pass, page confluence.Page, c content) error {
	before := p.Deed(deedComment)
	from := commentFrom(p, page)
	told := incident.Deed{Key: deedComment, Value: c.shown(from)}
	if !before.AttemptedAt.IsZero() && parseShown(before.Value).is(c) {
		if at := before.AttemptedAt.Add(settleComment); p.Now().Before(at) {
			return &reconcile.Later{At: at, Why: "an unknown comment to show"}
		}
	}
	bodies, err := r.Wiki.Comments(ctx, page.ID)
	if err != nil {
		return err
	}
	there := slices.IndexFunc(bodies, func(body string) bool { return strings.Contains(body, c.key()) })
	if there >= 0 {
		// What it tells is to be told in the channel, too.
		bodies = slices.Delete(bodies, there, there+1)
	}
	facts := newFacts(c.timeline, from, append(bodies, page.Body)...)
	if len(facts) == 0 {
		return p.EndDeed(ctx, r.Store, told)
	}
	if there < 0 {
		if err := p.BeginDeed(ctx, r.Store, deedComment, told.Value); err != nil {
			return err
		}
		if err := r.Wiki.Comment(ctx, page.ID, commentBody(p.Case, facts, c)); err != nil {
			return err
		}
	}
	if err := r.say(ctx, p, "rca facts:"+c.key(), factsMessage(p.Case, facts, p.Deed(incident.DeedPage).Value, c.hash)); err != nil {
		return err
	}
	return p.EndDeed(ctx, r.Store, told)
}

// commentFrom is the last entry that the page or a comment tells. That of an
// attempt that was cut off is what was told before it.
func commentFrom(p *reconcile.Pass, page confluence.Page) int64 {
	told := p.Deed(deedComment)
	if told.DoneAt.IsZero() {
		return max(onPage(p, page), parseShown(told.Value).from)
	}
	return max(onPage(p, page), parseShown(told.Value).last)
}

// onPage is the last entry that muster told on the page. An attempt whose result is not
// known counts if its mark is there: somebody else may have written first.
func onPage(p *reconcile.Pass, page confluence.Page) int64 {
	have := p.Deed(deedContent)
	shown := parseShown(have.Value)
	if have.DoneAt.IsZero() && !strings.Contains(page.Body, shown.hash) {
		return shown.from
	}
	return shown.last
}
