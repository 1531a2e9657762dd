package main

import (
	"net/http"

	"github.com/rs/zerolog"

	"muster/config"
	"muster/confluence"
	"muster/outage"
	"muster/rca"
	"muster/templates"
)

// reviewPages says where root-cause pages go, and makes none unless that is
// configured. An own template that does not work is named in the log and the
// stock one used: a page in another dress is better than no start in the middle
// of an incident. A transport that is not nil carries the calls.
func reviewPages(cfg config.Config, transport http.RoundTripper, log zerolog.Logger) (rca.Pages, error) {
	if !cfg.Confluence.Enabled {
		return rca.Pages{}, nil
	}
	template, stock, err := pageTemplate(cfg.TemplatesDir)
	if stock == nil {
		return rca.Pages{}, err
	}
	if err != nil {
		log.Warn().Err(err).Msg("TEMPLATES_DIR: the template of the root-cause page does not work; the stock one is used")
	}
	if transport == nil {
		transport = http.DefaultTransport
	}
	carrier := &http.Client{Transport: carried{transport, &outage.Outage{What: "Confluence", Log: log, Least: awayLeast}}}
	return rca.Pages{
		Wiki:     &confluence.Client{Base: cfg.Confluence.URL, User: cfg.Confluence.Username, Token: cfg.Confluence.Token.Reveal(), HTTP: carrier},
		Template: template, Space: cfg.Confluence.Space, PrivateSpace: cfg.Confluence.PrivateSpace, Parent: cfg.Confluence.ParentPage,
	}, nil
}

// pageTemplate gives the template that is used, and the stock one. An error with
// a stock one is about the own one, in whose place it stands.
func pageTemplate(dir string) (used, stock *rca.Template, err error) {
	content, err := templates.StockPage()
	if err != nil {
		return nil, nil, err
	}
	if stock, err = rca.ParseTemplate("rca.html", content); err != nil {
		return nil, nil, err
	}
	path, content, own, err := templates.OwnPage(dir)
	if err != nil || !own {
		return stock, stock, err
	}
	mine, err := rca.ParseTemplate(path, content)
	if err != nil {
		return stock, stock, err
	}
	return mine, stock, nil
}
