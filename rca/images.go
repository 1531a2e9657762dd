package rca

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/confluence"
	"muster/incident"
	"muster/reconcile"
)

// deedImage notes that an image is on the page; its file's id follows.
const deedImage = "page image:"

const (
	// maxImage is the largest image that is fetched, in bytes.
	maxImage = 8<<20 - 1
	// maxImages is how many images a page shows.
	maxImages = 30
)

// pictured are the kinds of files that a page shows, by media type.
var pictured = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// images are those of the timeline's messages that the page shows.
func images(timeline []incident.Entry) []incident.File {
	var list []incident.File
	known := map[string]bool{}
	for _, e := range timeline {
		if e.Kind != incident.EntryMessage || e.Detail == nil {
			continue
		}
		for _, f := range e.Detail.Files {
			if pictured[f.Type] != "" && f.Address != "" && f.Size <= maxImage && !known[f.ID] && len(list) < maxImages {
				known[f.ID] = true
				list = append(list, f)
			}
		}
	}
	return list
}

// imageName is the attachment's name: unique, and legal in any file system.
func imageName(f incident.File) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, f.ID) + pictured[f.Type]
}

// shownImages are the images on the page, by file: not those that can't be had.
func shownImages(p *reconcile.Pass, timeline []incident.Entry) map[string]Text {
	shown := map[string]Text{}
	for _, f := range images(timeline) {
		if p.Deed(deedImage+f.ID).Error == "" {
			shown[f.ID] = Text(imageName(f))
		}
	}
	return shown
}

// images puts the images of the timeline's messages on the page, which shows them
// by name. They are fetched with muster's own token, and nobody else may see them
// in Slack afterwards who could not before.
func (r *RCA) images(ctx context.Context, p *reconcile.Pass) error {
	if p.Deed(incident.DeedPage).DoneAt.IsZero() || isGone(p) {
		return nil
	}
	return r.unhurried(ctx, p, r.attachImages)
}

func (r *RCA) attachImages(ctx context.Context, p *reconcile.Pass) error {
	timeline, err := p.Timeline(ctx, r.Store.Timeline)
	if err != nil {
		return err
	}
	failed := false
	for _, f := range images(timeline) {
		if have := p.Deed(deedImage + f.ID); have.Value == imageName(f) && !have.DoneAt.IsZero() {
			continue
		}
		if err := p.Newer(); err != nil {
			return err
		}
		reason, err := r.attachImage(ctx, p, f)
		if err != nil {
			return err
		}
		// To attach again what is attached replaces it by itself, so that an attempt
		// needs no note.
		if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: deedImage + f.ID, Value: imageName(f), Error: reason}); err != nil {
			return err
		}
		failed = failed || reason != ""
	}
	if err := r.detachImages(ctx, p, timeline); err != nil {
		return err
	}
	if failed {
		return &reconcile.Later{At: p.Now(), Why: "the page to be written without an image"}
	}
	return nil
}

// detachImages takes images off the page whose messages left the timeline. On a
// page that people edited they stay, but for those that were deleted in Slack.
func (r *RCA) detachImages(ctx context.Context, p *reconcile.Pass, timeline []incident.Entry) error {
	stay := map[string]bool{}
	for _, f := range images(timeline) {
		stay[f.ID] = true
	}
	if r.state(p).Edited {
		for _, m := range p.Messages {
			for _, f := range m.Said.Files {
				stay[f.ID] = true
			}
		}
	}
	for _, d := range p.DeedsOf(deedImage) {
		if d.Value == "" || d.Error != "" || d.DoneAt.IsZero() || stay[strings.TrimPrefix(d.Key, deedImage)] {
			continue
		}
		if err := p.Newer(); err != nil {
			return err
		}
		if err := r.Wiki.Detach(ctx, p.Deed(incident.DeedPage).Ref, d.Value); err != nil && !confluence.Missing.Is(err) {
			return err
		}
		// An empty value is an image that is not there, and may come back.
		if err := p.EndDeed(ctx, r.Store, incident.Deed{Key: d.Key}); err != nil {
			return err
		}
	}
	return nil
}

// attachImage fetches one and attaches it. reason says why that will never work.
func (r *RCA) attachImage(ctx context.Context, p *reconcile.Pass, f incident.File) (reason string, err error) {
	content, reason, err := r.fetch(ctx, f, p.Now())
	if reason == gavePage && p.Attempts(StepImages) < pageTries {
		return "", errors.New(reason)
	}
	if err != nil || reason != "" {
		return reason, err
	}
	err = r.Wiki.Attach(ctx, p.Deed(incident.DeedPage).Ref, confluence.File{Name: imageName(f), Type: f.Type, Content: content})
	switch {
	case confluence.Missing.Is(err), confluence.Forbidden.Is(err), confluence.Invalid.Is(err):
		return "the image can't be attached: " + err.Error(), nil
	case err != nil:
		return "", err
	}
	return "", nil
}

// gavePage is why an image can't be had for which Slack, or something on the way,
// gives a web page.
const gavePage = "Slack gave a page instead of the image"

// pageTries is how often an image is asked for again before such a page is taken
// for the answer: trouble on the way looks the same, and passes.
const pageTries = 2

func (r *RCA) fetch(ctx context.Context, f incident.File, now time.Time) (content []byte, reason string, err error) {
	var out bytes.Buffer
	err = r.Slack.GetFileContext(ctx, f.Address, &limited{out: &out, left: maxImage})
	refusal, answered := errors.AsType[slack.StatusCodeError](err)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, "the image is too large", nil
	case answered && refusal.Code >= 400 && refusal.Code < 500 && refusal.Code != 408 && refusal.Code != 429:
		return nil, fmt.Sprintf("Slack does not give the image: HTTP %d", refusal.Code), nil
	case err != nil && strings.Contains(err.Error(), "the token cannot read this file"):
		return nil, "muster may not read the image: does the app have the scope files:read, and was it installed again?", nil
	case err != nil:
		return nil, "", fmt.Errorf("fetch an image: %w", reconcile.Held(err, now))
	case bytes.HasPrefix(bytes.TrimSpace(out.Bytes()), []byte("<")):
		// A sign-in page, which is no image.
		return nil, gavePage, nil
	}
	return out.Bytes(), "", nil
}

var errTooLarge = errors.New("too large")

// limited takes so many bytes and no more.
type limited struct {
	out  *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errTooLarge
	}
	return l.out.Write(p)
}
