package helper

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"postern/internal/osdi"
)

// pageSize is the default and the greatest number of items on a page.
const pageSize = 25

// listing is one collection: how it is read and what may be filtered on.
type listing struct {
	name    string // plural, as in _embedded
	columns string
	from    string // table and fixed condition, its one argument $1
	arg     any
	order   string
	fields  map[string]string // filter field to SQL condition with $2 in it
	item    func(row) (any, error)
	totals  bool // people have none
}

func (h *Helper) listPeople(c echo.Context) error {
	return h.list(c, listing{
		name: "people", columns: personColumns, from: `people WHERE $1 = ''`, arg: "", order: "seq", item: h.personFrom,
		fields: map[string]string{
			"identifier": `'action_network:' || id = $2`, "email_address": `email_key = lower($2)`,
			"phone_number": `phone = '+' || ltrim($2, '+')`, "given_name": `data ->> 'given_name' = $2`,
			"family_name": `data ->> 'family_name' = $2`,
		},
	})
}

func (h *Helper) listOutreaches(c echo.Context) error {
	return h.list(c, listing{
		name: "outreaches", columns: outreachColumns, from: `outreaches WHERE campaign = $1`, arg: c.Param("id"),
		order: "seq", item: h.outreachFrom, totals: true,
		fields: map[string]string{
			"identifier": `id IN (SELECT outreach FROM identifiers WHERE identifier = $2 UNION SELECT substr($2, 16))`,
		},
	})
}

func (h *Helper) listPersonOutreaches(c echo.Context) error {
	return h.list(c, listing{
		name: "outreaches", columns: outreachColumns, from: `outreaches WHERE person = $1`, arg: c.Param("id"),
		order: "seq", item: h.outreachFrom, totals: true,
	})
}

func (h *Helper) listPersonTaggings(c echo.Context) error {
	return h.list(c, listing{
		name: "taggings", columns: "tag, person", from: `taggings WHERE person = $1`, arg: c.Param("id"), order: "tag",
		item: h.taggingFrom, totals: true,
	})
}

func (h *Helper) listTags(c echo.Context) error {
	return h.list(c, listing{
		name: "tags", columns: "id, name, created", from: `tags WHERE $1 = ''`, arg: "", order: "name", item: h.tagFrom,
		totals: true, fields: map[string]string{"name": `name = $2`},
	})
}

func (h *Helper) listCampaigns(c echo.Context) error {
	return h.list(c, listing{
		name:    "advocacy_campaigns",
		columns: `id, title, type, created, (SELECT count(*) FROM outreaches WHERE campaign = campaigns.id)`,
		from:    `campaigns WHERE $1 = ''`, arg: "", order: "id", item: h.campaignFrom, totals: true,
		fields: map[string]string{"identifier": `'action_network:' || id = $2`, "title": `title = $2`},
	})
}

// list answers with one page of a collection; past the end the array is there and empty.
func (h *Helper) list(c echo.Context, l listing) error {
	ctx := c.Request().Context()
	page := max(1, number(c.QueryParam("page"), 1))
	size := min(pageSize, max(1, number(c.QueryParam("per_page"), pageSize)))
	condition, value, err := l.filter(c.QueryParam("filter"))
	if err != nil {
		return err
	}
	from := l.from + condition
	var total int
	if err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM `+from, l.arg, value).Scan(&total); err != nil {
		return fmt.Errorf("count %s: %w", l.name, err)
	}
	rows, err := h.db.QueryContext(ctx, `SELECT `+l.columns+` FROM `+from+` ORDER BY `+l.order+` LIMIT $3 OFFSET $4`,
		l.arg, value, size, (page-1)*size)
	if err != nil {
		return fmt.Errorf("list %s: %w", l.name, err)
	}
	defer rows.Close()
	items := []any{}
	for rows.Next() {
		item, err := l.item(rows)
		if err != nil {
			return fmt.Errorf("list %s: %w", l.name, err)
		}
		items = append(items, item)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("list %s: %w", l.name, err)
	}
	at := func(page int) osdi.Link {
		q := url.Values{"page": {strconv.Itoa(page)}}
		if f := c.QueryParam("filter"); f != "" {
			q.Set("filter", f)
		}
		return osdi.Link{Href: h.BaseURL + c.Request().URL.Path + "?" + q.Encode()}
	}
	links := map[string]any{"self": osdi.Link{Href: h.BaseURL + c.Request().URL.Path}, "curies": osdi.Curies()}
	if page*size < total {
		links["next"] = at(page + 1)
	}
	if page > 1 {
		links["previous"] = at(page - 1)
	}
	body := map[string]any{
		"page": page, "per_page": size, "_links": links, "_embedded": map[string]any{"osdi:" + l.name: items},
	}
	if l.totals {
		body["total_records"], body["total_pages"] = total, (total+size-1)/size
	}
	return answer(c, http.StatusOK, body)
}

// filter reads the OData subset: field eq 'value', quotes inside doubled. The condition's text comes from the
// listing alone; the value is always an argument.
func (l listing) filter(s string) (condition, value string, err error) {
	if s == "" {
		return " AND $2 = ''", "", nil
	}
	m := regexp.MustCompile(`^\s*([a-z_]+)\s+eq\s+'((?:[^']|'')*)'\s*$`).FindStringSubmatch(s)
	if m == nil || l.fields[m[1]] == "" {
		return "", "", &refusal{http.StatusBadRequest, "The filter is not supported here"}
	}
	return " AND " + l.fields[m[1]], strings.ReplaceAll(m[2], "''", "'"), nil
}

func number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n > 1_000_000 {
		return otherwise
	}
	return n
}
