// Package upstream is the OSDI client: it sends one outreach or looks one up, and classifies every answer.
package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"postern/internal/form"
	"postern/internal/osdi"
	"postern/internal/secret"
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 1 << 20

// Config says where the upstream is.
type Config struct {
	BaseURL string        // with or without /api/v2 at the end
	APIKey  secret.Secret // empty: blind posts
	Timeout time.Duration // of one whole call
	Logger  *slog.Logger
}

// Client talks to one upstream. Redirects are never followed: Go would take the key along to another host.
type Client struct {
	base    string
	key     secret.Secret
	timeout time.Duration
	http    *http.Client
}

// New checks the configuration and returns a client.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("upstream address: write it like https://actionnetwork.org")
	}
	if strings.ContainsAny(c.APIKey.Reveal(), "\r\n\x00 ") {
		return nil, errors.New("upstream API key: it holds a space or a line break")
	}
	return &Client{
		base: strings.TrimSuffix(strings.TrimRight(c.BaseURL, "/"), "/api/v2") + "/api/v2",
		key:  c.APIKey, timeout: c.Timeout,
		http: &http.Client{
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				Proxy:                 http.ProxyFromEnvironment,
				DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
				TLSHandshakeTimeout:   5 * time.Second,
				ResponseHeaderTimeout: 20 * time.Second,
				// A reused connection that the server has just closed would leave every such call in doubt.
				DisableKeepAlives:      true,
				MaxResponseHeaderBytes: 64 << 10,
			},
		},
	}, nil
}

// Send posts one outreach to the record outreach helper of the campaign.
func (c *Client) Send(ctx context.Context, campaign string, o osdi.Outreach) form.Outcome {
	body, err := json.Marshal(o)
	if err != nil {
		return form.Outcome{Class: form.OutcomeRefused, Reason: "the outreach could not be encoded"}
	}
	a := c.call(ctx, http.MethodPost, c.outreaches(campaign), body)
	return classify(a)
}

// Find asks whether an outreach with the identifier is there. Done means the question was answered.
func (c *Client) Find(ctx context.Context, campaign, identifier string) (bool, form.Outcome) {
	q := url.Values{"filter": {"identifier eq '" + strings.ReplaceAll(identifier, "'", "''") + "'"}}
	a := c.call(ctx, http.MethodGet, c.outreaches(campaign)+"?"+q.Encode(), nil)
	if a.err != nil || a.status != http.StatusOK {
		return false, classify(a)
	}
	var page struct {
		Embedded map[string][]osdi.Outreach `json:"_embedded"`
	}
	if err := json.Unmarshal(a.body, &page); err != nil || page.Embedded == nil {
		return false, form.Outcome{Class: form.OutcomeDoubtful, Status: a.status, Reason: "the look-up's answer is not a collection"}
	}
	for _, list := range page.Embedded {
		for _, o := range list {
			if native, ok := nativeID(o.Identifiers, identifier); ok {
				return true, form.Outcome{Class: form.OutcomeDone, Status: a.status, UpstreamID: native}
			}
		}
	}
	return false, form.Outcome{Class: form.OutcomeDone, Status: a.status}
}

func (c *Client) outreaches(campaign string) string {
	return c.base + "/advocacy_campaigns/" + url.PathEscape(campaign) + "/outreaches"
}

// answer is what came back from one call, or how it failed. sent says that the request may have reached the server.
type answer struct {
	status int
	header http.Header
	body   []byte
	sent   bool
	err    error
}

func (c *Client) call(ctx context.Context, method, address string, body []byte) answer {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return answer{err: fmt.Errorf("make request: %w", err)}
	}
	req.GetBody = nil // never repeated by the transport
	req.Header.Set("Accept", osdi.MediaType)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set(osdi.TokenHeader, c.key.Reveal())
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{sent: sent.Load(), err: err}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answer{status: resp.StatusCode, header: resp.Header, body: b, sent: true, err: err}
}

// nativeID returns the upstream's own id of an outreach that carries want.
func nativeID(identifiers []string, want string) (string, bool) {
	native, found := "", want == ""
	for _, id := range identifiers {
		if own, ok := strings.CutPrefix(id, osdi.NativeSystem+":"); ok {
			native = own
		}
		found = found || id == want
	}
	return native, found
}
