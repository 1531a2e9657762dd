package config

import "strings"

const confluenceToken = "create an API token for that account in its Atlassian account settings"

func (c *checker) confluence() Confluence {
	enabled := c.boolean("AUTO_CREATE_RCA", c.env.AutoCreateRCA)
	if !enabled {
		return Confluence{}
	}
	c.confluenceComplete()
	token, _ := c.secret("CONFLUENCE_API_TOKEN", c.env.ConfluenceToken, c.env.ConfluenceTokenFile, confluenceToken)
	return Confluence{
		Enabled:      true,
		URL:          c.confluenceURL(),
		Username:     c.env.ConfluenceUsername,
		Token:        NewSecret(token),
		Space:        c.env.ConfluenceSpace,
		ParentPage:   c.env.ConfluenceParentPage,
		PrivateSpace: c.env.ConfluencePrivateSpace,
	}
}

// confluenceComplete names each variable that a page needs and that is missing.
func (c *checker) confluenceComplete() {
	for _, need := range []struct{ variable, value, remedy string }{
		{"CONFLUENCE_API_URL", c.env.ConfluenceURL, "write your site's address, such as https://example.atlassian.net"},
		{"CONFLUENCE_API_USERNAME", c.env.ConfluenceUsername, "write the e-mail address of the account that writes the pages"},
		{"CONFLUENCE_API_TOKEN", c.env.ConfluenceToken + c.env.ConfluenceTokenFile, confluenceToken},
		{"CONFLUENCE_SPACE", c.env.ConfluenceSpace, "write the key of the space, such as OPS"},
		{"CONFLUENCE_PARENT_PAGE", c.env.ConfluenceParentPage, "write the id or the title of the page below which pages are made"},
	} {
		if need.value == "" {
			c.problem(need.variable, "it is not set, but AUTO_CREATE_RCA is true", need.remedy+", or set AUTO_CREATE_RCA=false")
		}
	}
}

// confluenceURL gives the base that ends in /wiki. People paste the site, the site with
// /wiki, or the address of a page or of the API; the gateway for scoped tokens has a path of
// its own before /wiki.
func (c *checker) confluenceURL() string {
	u := c.secureURL("CONFLUENCE_API_URL", c.env.ConfluenceURL)
	if u == nil {
		return ""
	}
	before, _, _ := strings.Cut(strings.TrimSuffix(u.Path, "/")+"/", "/wiki/")
	u.Path, u.RawPath = strings.TrimSuffix(before, "/")+"/wiki", ""
	return u.String()
}
