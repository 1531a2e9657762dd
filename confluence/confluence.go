// Package confluence is a small client of Confluence Cloud's API v2: spaces by
// key, pages by title, creating, rewriting and commenting, and of v1 where v2
// has nothing, which is attaching. It never repeats a call by itself.
package confluence

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client asks one site as one account.
type Client struct {
	// Base is the site's address, with or without the /wiki at its end.
	Base string
	// User is the account's e-mail address, and Token an API token of it.
	User, Token string
	// HTTP carries the calls; nil means http.DefaultClient.
	HTTP *http.Client
	// Timeout bounds each call; zero means Timeout.
	Timeout time.Duration
}

// Timeout is how long a call may take.
const Timeout = 5 * time.Second

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 8 << 20

// Space is where pages are.
type Space struct {
	ID         string `json:"id"`
	HomepageID string `json:"homepageId"`
}

// Page is a page as it stands.
type Page struct {
	ID, Title string
	// Version counts from 1, with each rewriting.
	Version int
	// Body is in storage format; empty unless it was asked for.
	Body string
	// Link is the address that people open.
	Link string
}

// Draft is a page that is to be made.
type Draft struct {
	SpaceID string
	// ParentID is the page above it; empty means the space's home page.
	ParentID string
	Title    string
	// Body is in storage format.
	Body string
}

// Space finds a space by its key. An unknown key, or one that the account may
// not see, is an Error of kind Missing.
func (c *Client) Space(ctx context.Context, key string) (Space, error) {
	var answer struct{ Results []Space }
	if err := c.call(ctx, http.MethodGet, "/spaces?"+url.Values{"keys": {key}}.Encode(), nil, &answer); err != nil {
		return Space{}, err
	}
	switch {
	case answer.Results == nil:
		return Space{}, foreign()
	case len(answer.Results) == 0:
		return Space{}, &Error{Kind: Missing, Text: "Confluence has no space " + key + " that the account can see"}
	case answer.Results[0].ID == "":
		return Space{}, foreign()
	}
	return answer.Results[0], nil
}

// MayCreate reports whether the account may make pages in a space.
func (c *Client) MayCreate(ctx context.Context, spaceID string) (bool, error) {
	var answer struct {
		Operations []struct{ Operation, TargetType string }
	}
	if err := c.call(ctx, http.MethodGet, "/spaces/"+url.PathEscape(spaceID)+"/operations", nil, &answer); err != nil {
		return false, err
	}
	for _, o := range answer.Operations {
		if o.Operation == "create" && o.TargetType == "page" {
			return true, nil
		}
	}
	return false, nil
}

// ByTitle finds the page with exactly this title in a space, with its body. ok
// is false if there is none that the account may see.
func (c *Client) ByTitle(ctx context.Context, spaceID, title string) (page Page, ok bool, err error) {
	var answer struct {
		Results []pageJSON
		Links   links `json:"_links"`
	}
	query := url.Values{"space-id": {spaceID}, "title": {title}, "status": {"current"}, "body-format": {"storage"}}
	if err := c.call(ctx, http.MethodGet, "/pages?"+query.Encode(), nil, &answer); err != nil {
		return Page{}, false, err
	}
	if answer.Results == nil {
		return Page{}, false, foreign()
	}
	if len(answer.Results) == 0 {
		return Page{}, false, nil
	}
	found := answer.Results[0]
	if found.Links.Base == "" {
		found.Links.Base = answer.Links.Base
	}
	page, err = c.page(found)
	return page, err == nil, err
}

// Page reads a page with its body. One that people deleted or archived is an Error of
// kind Missing: to write on it could bring it back.
func (c *Client) Page(ctx context.Context, id string) (Page, error) {
	var answer pageJSON
	if err := c.call(ctx, http.MethodGet, "/pages/"+url.PathEscape(id)+"?body-format=storage", nil, &answer); err != nil {
		if Missing.Is(err) {
			err = &Error{Kind: Missing, Status: http.StatusNotFound, Text: "it was deleted, or the Confluence account can't see it any more"}
		}
		return Page{}, err
	}
	if answer.Status != "" && answer.Status != "current" {
		return Page{}, &Error{Kind: Missing, Status: http.StatusOK, Text: "in Confluence it is " + answer.Status}
	}
	return c.page(answer)
}

type bodyJSON struct {
	Representation string `json:"representation"`
	Value          string `json:"value"`
}

func storage(value string) bodyJSON { return bodyJSON{Representation: "storage", Value: value} }

// Create makes a page. A title that another page of the space has is an Error
// of kind TitleTaken.
func (c *Client) Create(ctx context.Context, d Draft) (Page, error) {
	var answer pageJSON
	err := c.call(ctx, http.MethodPost, "/pages", struct {
		SpaceID  string   `json:"spaceId"`
		Status   string   `json:"status"`
		Title    string   `json:"title"`
		ParentID string   `json:"parentId,omitempty"`
		Body     bodyJSON `json:"body"`
	}{d.SpaceID, "current", d.Title, d.ParentID, storage(d.Body)}, &answer)
	if err != nil {
		return Page{}, err
	}
	return c.page(answer)
}

type versionJSON struct {
	Number int `json:"number"`
}

// Update rewrites a page as the version after p.Version. If somebody was
// faster it is an Error of kind Conflict.
func (c *Client) Update(ctx context.Context, p Page) (Page, error) {
	var answer pageJSON
	err := c.call(ctx, http.MethodPut, "/pages/"+url.PathEscape(p.ID), struct {
		ID      string      `json:"id"`
		Status  string      `json:"status"`
		Title   string      `json:"title"`
		Body    bodyJSON    `json:"body"`
		Version versionJSON `json:"version"`
	}{p.ID, "current", p.Title, storage(p.Body), versionJSON{p.Version + 1}}, &answer)
	if err != nil {
		return Page{}, err
	}
	return c.page(answer)
}

// Comment writes below a page.
func (c *Client) Comment(ctx context.Context, pageID, body string) error {
	var answer struct{ ID string }
	err := c.call(ctx, http.MethodPost, "/footer-comments", struct {
		PageID string   `json:"pageId"`
		Body   bodyJSON `json:"body"`
	}{pageID, storage(body)}, &answer)
	if err == nil && answer.ID == "" {
		err = foreign()
	}
	return err
}

// Comments reads what stands below a page, in storage format: the newest 250.
func (c *Client) Comments(ctx context.Context, pageID string) ([]string, error) {
	var answer struct {
		Results []struct{ Body struct{ Storage bodyJSON } }
	}
	path := "/pages/" + url.PathEscape(pageID) + "/footer-comments?body-format=storage&limit=250&sort=-created-date"
	if err := c.call(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return nil, err
	}
	if answer.Results == nil {
		return nil, foreign()
	}
	var bodies []string
	for _, r := range answer.Results {
		bodies = append(bodies, r.Body.Storage.Value)
	}
	return bodies, nil
}

type links struct {
	WebUI string `json:"webui"`
	Base  string `json:"base"`
}

type pageJSON struct {
	ID string
	// Status is "current", "archived" or "trashed".
	Status  string
	Title   string
	Version versionJSON
	Body    struct{ Storage bodyJSON }
	Links   links `json:"_links"`
}

// page is what an answer says of a page. One without an id or a version is not
// Confluence's, and must not be taken for a page that people have edited.
func (c *Client) page(p pageJSON) (Page, error) {
	if p.ID == "" || p.Version.Number < 1 {
		return Page{}, foreign()
	}
	page := Page{ID: p.ID, Title: p.Title, Version: p.Version.Number, Body: p.Body.Storage.Value}
	// The path begins after /wiki: resolved as a reference it would lose it.
	if p.Links.Base != "" && p.Links.WebUI != "" {
		page.Link = p.Links.Base + p.Links.WebUI
	} else {
		page.Link = c.base() + "/pages/viewpage.action?pageId=" + url.QueryEscape(p.ID)
	}
	return page, nil
}

func (c *Client) base() string {
	return strings.TrimSuffix(strings.TrimSuffix(c.Base, "/"), "/wiki") + "/wiki"
}

func (c *Client) call(ctx context.Context, method, path string, body, answer any) error {
	header := http.Header{}
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
		header.Set("Content-Type", "application/json")
	}
	return c.send(ctx, method, "/api/v2"+path, header, content, answer)
}

// send makes one call; path begins after /wiki.
func (c *Client) send(ctx context.Context, method, path string, header http.Header, content []byte, answer any) error {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = Timeout
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(within, method, c.base()+path, bytes.NewReader(content))
	if err != nil {
		return &Error{Kind: Invalid, Text: "the address of Confluence is none"}
	}
	request.Header = header
	request.SetBasicAuth(c.User, c.Token)
	request.Header.Set("Accept", "application/json")
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return failed(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return failed(ctx, err)
	}
	if len(raw) > maxAnswer {
		return &Error{Kind: Unclear, Status: response.StatusCode, Text: "Confluence's answer is too long to be one"}
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return refusal(response, raw)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return &Error{Kind: Unclear, Status: response.StatusCode, Text: "Confluence's answer was no JSON: is CONFLUENCE_API_URL the site's address?"}
	}
	return nil
}
