package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"muster/confluence"
	"muster/store"
	"muster/store/embedded"
)

// fewConnections is about how many two programs may need.
const fewConnections = 50

// database checks the configured PostgreSQL, or that there are programs for an own
// one.
func (d doctor) database(ctx context.Context) []finding {
	dsn := d.cfg.Database.URL.Reveal()
	if dsn == "" {
		return d.ownDatabase(ctx)
	}
	f, err := store.Inspect(ctx, dsn)
	if errors.Is(err, store.ErrAddress) {
		return []finding{{faulty, "DATABASE_URL", strings.TrimPrefix(err.Error(), "DATABASE_URL ")}}
	}
	if err != nil {
		return []finding{{faulty, "DATABASE_URL", fmt.Sprintf("%v. Check host, port, user, password and database, and whether this machine may connect", err)}}
	}
	return d.judge(f)
}

// ownDatabase looks at the own server if one runs, without starting it.
func (d doctor) ownDatabase(ctx context.Context) []finding {
	programs, err := embedded.Find(d.cfg.Database.BinDir, 0)
	if err != nil {
		return []finding{{faulty, "database", strings.Join(strings.Fields(err.Error()), " ")}}
	}
	list := []finding{{fine, "database", fmt.Sprintf("DATABASE_URL is not set: an own PostgreSQL %d can be run", programs.Major)}}
	dsn, err := embedded.Address(embedded.Options{DataDir: d.cfg.Database.DataDir})
	if err != nil {
		return append(list, finding{faulty, "DATA_DIR", err.Error()})
	}
	f, err := store.Inspect(ctx, dsn)
	if err != nil {
		return append(list, finding{skipped, "database", "the own PostgreSQL does not run now"})
	}
	return append(list, d.judge(f)...)
}

func (d doctor) judge(f store.Facts) []finding {
	list := []finding{{fine, "database", fmt.Sprintf("PostgreSQL %s, schema %d of %d", f.VersionText, f.Have, f.Want)}}
	add := func(grade grade, format string, args ...any) {
		list = append(list, finding{grade, "database", fmt.Sprintf(format, args...)})
	}
	for _, fault := range f.Faults() {
		add(faulty, "%s", fault)
	}
	if f.Have < f.Want && f.MayCreate && f.MayUse {
		add(warning, "the schema is behind: the next start brings it up to date, or `muster migrate` now")
	}
	if f.MaxConnections < fewConnections {
		add(warning, "the server takes %d connections, and two musters may use %d: raise max_connections, or the limit of the user or the database", f.MaxConnections, 2*(2*store.MaxConns+1))
	}
	return append(list, d.clock("database's clock", f.Now))
}

// confluence checks what root-cause pages need.
func (d doctor) confluence(ctx context.Context) []finding {
	if !d.cfg.Confluence.Enabled {
		return []finding{{skipped, "Confluence", "AUTO_CREATE_RCA is false"}}
	}
	c := d.cfg.Confluence
	wiki := &confluence.Client{Base: c.URL, User: c.Username, Token: c.Token.Reveal()}
	space, err := wiki.Space(ctx, c.Space)
	if err != nil {
		return []finding{badSpace("CONFLUENCE_SPACE", err)}
	}
	list := []finding{{fine, "Confluence", "the space " + c.Space + " is there"}, d.parentPage(ctx, wiki, space), mayWrite(ctx, wiki, space, "CONFLUENCE_SPACE")}
	if c.PrivateSpace == "" {
		return list
	}
	private, err := wiki.Space(ctx, c.PrivateSpace)
	if err != nil {
		return append(list, badSpace("CONFLUENCE_PRIVATE_SPACE", err))
	}
	return append(list, mayWrite(ctx, wiki, private, "CONFLUENCE_PRIVATE_SPACE"))
}

func badSpace(variable string, err error) finding {
	switch {
	case confluence.Unauthorized.Is(err):
		return finding{faulty, "CONFLUENCE_API_TOKEN", fmt.Sprintf("%v; the user name is the account's e-mail address", err)}
	case confluence.Missing.Is(err):
		return finding{faulty, variable, fmt.Sprintf("%v: write its key, as in the space's address, and let the account see it", err)}
	}
	return finding{faulty, "CONFLUENCE_API_URL", fmt.Sprintf("%v: check the address, such as https://example.atlassian.net", err)}
}

// parentPage looks for the page as the review does: by id, or by title.
func (d doctor) parentPage(ctx context.Context, wiki *confluence.Client, space confluence.Space) finding {
	want := d.cfg.Confluence.ParentPage
	const what = "parent page"
	if strings.Trim(want, "0123456789") == "" {
		if page, err := wiki.Page(ctx, want); err == nil {
			return finding{fine, what, "“" + page.Title + "” is there"}
		} else if !confluence.Missing.Is(err) {
			return finding{faulty, what, err.Error()}
		}
	}
	_, found, err := wiki.ByTitle(ctx, space.ID, want)
	switch {
	case err != nil:
		return finding{faulty, what, err.Error()}
	case !found:
		return finding{faulty, "CONFLUENCE_PARENT_PAGE", "there is no page “" + want + "” in the space: write its title as it is, or its id, and let the account see it"}
	}
	return finding{fine, what, "“" + want + "” is there"}
}

func mayWrite(ctx context.Context, wiki *confluence.Client, space confluence.Space, variable string) finding {
	may, err := wiki.MayCreate(ctx, space.ID)
	switch {
	case err != nil:
		return finding{warning, variable, fmt.Sprintf("Confluence does not say what the account may do there: %v", err)}
	case !may:
		return finding{faulty, variable, "the account may not make pages there: give it Add Page in the space's permissions"}
	}
	return finding{fine, "Confluence", "the account may make pages in it"}
}
