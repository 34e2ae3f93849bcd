package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"postern/internal/osdi"
)

// browser is one headless Chromium for a test.
func browser(t *testing.T) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(t.Context(), chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.Headless,
		chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true))
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, done := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(done)
	return ctx
}

// until waits for a JavaScript condition. It asks through the debugger, so it also works where scripts are off.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("never came true: %s (%v)", condition, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// do evaluates a statement in the page.
func do(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("(()=>{"+script+";return true})()")); err != nil {
		t.Fatal(err)
	}
}

const arguments = "?source=mail-1&referrer=group-x&email_referrer=email_9&mobile_message_referrer=mm_2&can_id=secret"

func wantReferrer(t *testing.T, o osdi.Outreach, website string) {
	t.Helper()
	want := &osdi.ReferrerData{
		Source: "mail-1", Referrer: "group-x", Website: website, EmailReferrer: "email_9", MobileMessageReferrer: "mm_2",
	}
	if diff := cmp.Diff(want, o.ReferrerData); diff != "" {
		t.Error(diff)
	}
}

func TestWidgetOnAnotherWebsite(t *testing.T) {
	d, key := startDemo(t)
	ctx := browser(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(d.Site+"/"+arguments)); err != nil {
		t.Fatal(err)
	}
	const root = "document.querySelector('postern-form')?.shadowRoot"
	until(t, ctx, root+"?.querySelector('form')")
	// First with nothing to reach the person by: the summary appears and what was typed stays.
	do(t, ctx, "const r="+root+";r.querySelector('[name=given_name]').value='Zoë';r.querySelector('button').click()")
	until(t, ctx, root+".activeElement?.matches('.summary') && "+root+".querySelector('#pf-email-error')")
	until(t, ctx, root+".querySelector('[name=given_name]').value === 'Zoë'")
	do(t, ctx, "const r="+root+";r.querySelector('[name=email]').value='zoe@example.org';const b=r.querySelector('button');b.click();b.click()")
	until(t, ctx, root+".activeElement?.textContent.includes('Thank you')")
	got := outreaches(t, d.Helper, key, parkCampaign, 2)
	if len(got) != 2 || got[0].Subject != "Please keep Alder Park whole" || got[1].Targets[0].FamilyName != "Osei" {
		t.Errorf("outreaches: %+v", got)
	}
	wantReferrer(t, got[0], strings.TrimPrefix(d.Site, "http://")+"/")
}

func TestHostedPageWithoutJavaScript(t *testing.T) {
	d, key := startDemo(t)
	ctx := browser(t)
	off := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	if err := chromedp.Do(ctx, off, chromedp.Navigate(d.Gateway+"/f/save-the-park"+arguments+"&website=news.example")); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, "document.querySelector('form button')")
	do(t, ctx, "document.querySelector('[name=given_name]').value='Ada';document.querySelector('button').click()")
	until(t, ctx, "document.title.startsWith('Error:') && document.querySelector('[name=given_name]').value === 'Ada'")
	do(t, ctx, "document.querySelector('[name=email]').value='ada@example.org';document.querySelector('button').click()")
	until(t, ctx, "location.pathname.endsWith('/thanks') && document.querySelector('h2').textContent.includes('Thank you')")
	got := outreaches(t, d.Helper, key, parkCampaign, 2)
	if len(got) != 2 {
		t.Errorf("%d outreaches, want 2", len(got))
	}
	wantReferrer(t, got[0], "news.example")
}
