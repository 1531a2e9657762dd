package rca

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"muster/confluence"
	"muster/incident"
	"muster/reconcile"
)

// maxTitles bounds the suffixes that are tried for a title, and maxTitle the
// length of one, in characters, with room for a suffix.
const (
	maxTitles = 20
	maxTitle  = 245
)

// Title names the page: "INC-42 checkout returns 500", and the next tries with
// a suffix, since the one before is a stranger's.
func Title(i *incident.Incident, try int) string {
	title := incident.Shorten(incident.CleanLine(i.Ref()+" "+i.Title), maxTitle)
	if try > 1 {
		title += fmt.Sprintf(" (%d)", try)
	}
	return title
}

// create makes the page, or adopts the one that an attempt of ours made without
// our hearing of it.
func (r *RCA) create(ctx context.Context, p *reconcile.Pass, c content) error {
	space, err := r.Wiki.Space(ctx, r.space(&p.Incident))
	if err != nil {
		return err
	}
	page, ours, err := r.noted(ctx, p)
	if err != nil {
		return err
	}
	if ours {
		return r.adopt(ctx, p, page, c)
	}
	parent := sync.OnceValues(func() (string, error) { return r.parent(ctx, p, space) })
	for _, title := range titles(p) {
		if err := p.Newer(); err != nil {
			return err
		}
		d := confluence.Draft{SpaceID: space.ID, Title: title, Body: c.body}
		page, ours, err := r.titled(ctx, p, d, parent)
		if err != nil {
			return err
		}
		if ours {
			return r.adopt(ctx, p, page, c)
		}
	}
	return fmt.Errorf("all %d titles that the page could have are taken in the space", maxTitles)
}

// noted finds the page that another pass, which came late, noted as made.
func (r *RCA) noted(ctx context.Context, p *reconcile.Pass) (page confluence.Page, ours bool, err error) {
	begun := p.Deed(incident.DeedPage)
	if begun.AttemptedAt.IsZero() || begun.Ref == "" {
		return page, false, nil
	}
	page, err = r.Wiki.Page(ctx, begun.Ref)
	if confluence.Missing.Is(err) {
		return page, false, nil
	}
	return page, isOurs(page, p), err
}

// titles lists those to try, the one of an attempt of ours first.
func titles(p *reconcile.Pass) []string {
	var list []string
	if begun := p.Deed(incident.DeedPage); !begun.AttemptedAt.IsZero() && begun.Ref == "" {
		list = append(list, begun.Value)
	}
	for try := 1; try <= maxTitles; try++ {
		list = append(list, Title(&p.Incident, try))
	}
	return list
}

// titled finds our page by its title or makes it. It is not ours if a stranger's
// page has the title.
func (r *RCA) titled(ctx context.Context, p *reconcile.Pass, d confluence.Draft, parent func() (string, error)) (page confluence.Page, ours bool, err error) {
	page, taken, err := r.Wiki.ByTitle(ctx, d.SpaceID, d.Title)
	if err != nil || taken {
		return page, isOurs(page, p), err
	}
	if d.ParentID, err = parent(); err != nil {
		return page, false, err
	}
	if page, err = r.make(ctx, p, d); !confluence.TitleTaken.Is(err) {
		return page, true, err
	}
	// By an attempt of ours that came through late, or by a page that the account
	// can't see.
	page, _, err = r.Wiki.ByTitle(ctx, d.SpaceID, d.Title)
	return page, isOurs(page, p), err
}

func isOurs(page confluence.Page, p *reconcile.Pass) bool {
	return strings.Contains(page.Body, mark(p))
}

func (r *RCA) make(ctx context.Context, p *reconcile.Pass, d confluence.Draft) (confluence.Page, error) {
	if err := p.BeginDeed(ctx, r.Store, incident.DeedPage, d.Title); err != nil {
		return confluence.Page{}, err
	}
	made, err := r.Wiki.Create(ctx, d)
	made.Body = d.Body
	return made, err
}

// adopt notes the page as ours, with what it is known to show: a page whose
// first version holds other content than now is due to be rewritten.
func (r *RCA) adopt(ctx context.Context, p *reconcile.Pass, page confluence.Page, c content) error {
	shown := incident.Deed{Key: deedContent, Value: c.shown(0), Ref: version(page.Version)}
	if !strings.Contains(page.Body, c.hash) || page.Version > 1 {
		// Muster knows only of its first version; what people made of it is
		// theirs.
		shown.Value, shown.Ref = "", version(1)
	}
	if err := p.EndDeed(ctx, r.Store, shown); err != nil {
		return err
	}
	// Last, or after a crash in between the page would pass for edited.
	if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: incident.DeedPage, Value: page.Link, Ref: page.ID}); err != nil {
		return err
	}
	return r.refresh(ctx, p, c)
}

func version(n int) string { return fmt.Sprint(n) }

// parent gives the id of the page above. It stands in the space of public
// incidents; in the other one, that space's home page is above unless a page of
// the same title is there.
func (r *RCA) parent(ctx context.Context, p *reconcile.Pass, space confluence.Space) (string, error) {
	if p.Private {
		page, ok, err := r.Wiki.ByTitle(ctx, space.ID, r.Parent)
		if err == nil && !ok {
			return space.HomepageID, nil
		}
		return page.ID, err
	}
	if strings.Trim(r.Parent, "0123456789") == "" {
		page, err := r.Wiki.Page(ctx, r.Parent)
		if err == nil || !confluence.Missing.Is(err) {
			return page.ID, err
		}
	}
	page, ok, err := r.Wiki.ByTitle(ctx, space.ID, r.Parent)
	if err == nil && !ok {
		err = &confluence.Error{Kind: confluence.Missing, Text: "Confluence has no page " + r.Parent + " in the space: see CONFLUENCE_PARENT_PAGE"}
	}
	return page.ID, err
}
