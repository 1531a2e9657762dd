package confluence

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// File is something that is attached to a page.
type File struct {
	// Name is by which a page's text shows it; a page has one of a name.
	Name string
	// Type is the media type, such as "image/png".
	Type    string
	Content []byte
}

// quotes are what a quoted name in a header can't hold as it is.
var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ")

// Attach puts a file on a page, as another version of the one of the same name
// if there is one. Attached twice, it is there once. The page's version stays.
func (c *Client) Attach(ctx context.Context, pageID string, f File) error {
	var content bytes.Buffer
	form := multipart.NewWriter(&content)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename="%s"`, quotes.Replace(f.Name))},
		"Content-Type":        {f.Type},
	})
	if err == nil {
		_, err = part.Write(f.Content)
	}
	if err == nil {
		err = form.WriteField("minorEdit", "true")
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return err
	}
	header := http.Header{}
	header.Set("Content-Type", form.FormDataContentType())
	// Without it, Confluence takes the call for a forged one.
	header.Set("X-Atlassian-Token", "nocheck")
	path := "/rest/api/content/" + url.PathEscape(pageID) + "/child/attachment"
	var answer struct{ Results []struct{ ID string } }
	err = c.send(ctx, http.MethodPut, path, header, content.Bytes(), &answer)
	if err == nil && (len(answer.Results) == 0 || answer.Results[0].ID == "") {
		err = foreign()
	}
	return err
}

// Detach takes the file of a name off a page, into the space's trash. What is not
// there is off already.
func (c *Client) Detach(ctx context.Context, pageID, name string) error {
	var answer struct {
		Results []struct{ ID, Title string }
	}
	path := "/pages/" + url.PathEscape(pageID) + "/attachments?" + url.Values{"filename": {name}}.Encode()
	if err := c.call(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	if answer.Results == nil {
		return foreign()
	}
	for _, found := range answer.Results {
		if found.Title != name {
			continue
		}
		if err := c.call(ctx, http.MethodDelete, "/attachments/"+url.PathEscape(found.ID), nil, nil); err != nil && !Missing.Is(err) {
			return err
		}
	}
	return nil
}
