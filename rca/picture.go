package rca

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"muster/confluence"
	"muster/incident"
	"muster/reconcile"
	"muster/report"
)

// Picture is the name of the attachment that shows the severity over time.
const Picture = "severity.png"

// deedPicture holds the hash of what the picture on the page shows.
const deedPicture = "page picture"

// picture attaches the incident's course to the page, which shows it by name.
// It is made from the timeline alone: what is drawn again is drawn the same, and
// what is attached again replaces itself.
func (r *RCA) picture(ctx context.Context, p *reconcile.Pass) error {
	if p.Deed(incident.DeedPage).DoneAt.IsZero() || isGone(p) {
		return nil
	}
	return r.unhurried(ctx, p, r.attach)
}

func (r *RCA) attach(ctx context.Context, p *reconcile.Pass) error {
	timeline, err := p.Timeline(ctx, r.Store.Timeline)
	if err != nil {
		return err
	}
	course := report.CourseOf(&p.Incident, p.Definitions, timeline, p.ResolvedAt)
	sum := sha256.Sum256([]byte(course.Fixed()))
	deed := incident.Deed{Key: deedPicture, Value: hex.EncodeToString(sum[:12])}
	if have := p.Deed(deedPicture); have.Value == deed.Value && !have.DoneAt.IsZero() {
		return nil
	}
	drawn, err := course.PNG()
	if err != nil {
		return err
	}
	if err := p.Newer(); err != nil {
		return err
	}
	err = r.Wiki.Attach(ctx, p.Deed(incident.DeedPage).Ref, confluence.File{Name: Picture, Type: "image/png", Content: drawn})
	switch {
	case confluence.Missing.Is(err), confluence.Forbidden.Is(err), confluence.Invalid.Is(err):
		// A page without its picture is a page all the same.
		deed.Error = "the picture can't be attached: " + err.Error()
	case err != nil:
		return err
	}
	return p.EndDeed(ctx, r.Store, deed)
}
