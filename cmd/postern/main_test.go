package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"postern/internal/osdi"
)

// TestMain lets the test binary stand in for the program: the tests start and kill real processes.
func TestMain(m *testing.M) {
	if os.Getenv("POSTERN_TEST_RUN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// start runs the program and returns it once it has printed a line that begins with ready.
func start(t *testing.T, ready string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "POSTERN_TEST_RUN=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), ready) {
			line := lines.Text()
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return cmd, line
		}
	}
	t.Fatalf("postern %s ended before it was ready", strings.Join(args, " "))
	return nil, ""
}

// startDemo runs the demo on ports of the system's choice.
func startDemo(t *testing.T) (demoReady, string) {
	t.Helper()
	_, line := start(t, "{", "demo", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--json")
	var d demoReady
	if err := json.Unmarshal([]byte(line), &d); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(d.HelperAPIKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	return d, strings.TrimSpace(string(key))
}

// outreaches waits until the helper holds n outreaches of the campaign and returns them.
func outreaches(t *testing.T, helper, key, campaign string, n int) []osdi.Outreach {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var page struct {
		Embedded map[string][]osdi.Outreach `json:"_embedded"`
	}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, helper+"/api/v2/advocacy_campaigns/"+campaign+"/outreaches", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(osdi.TokenHeader, key)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			err = json.NewDecoder(resp.Body).Decode(&page)
			_ = resp.Body.Close()
			if got := page.Embedded["osdi:outreaches"]; err == nil && len(got) >= n {
				return got
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the helper has %d outreaches, want %d", len(page.Embedded["osdi:outreaches"]), n)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

const parkCampaign = "7c1f8a52-3f0e-4a3d-9b57-2f6f8f0f9a01"

func TestDemoStopsCleanly(t *testing.T) {
	cmd, _ := start(t, "{", "demo", "--listen", "127.0.0.1:0", "--json")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

// TestNothingIsLost stops the helper, posts ten times, kills the gateway, and starts both again.
func TestNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "api.key")
	demo := func() (*exec.Cmd, demoReady) {
		cmd, line := start(t, "{", "demo", "--listen", "127.0.0.1:0", "--data", dir, "--json")
		var d demoReady
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		return cmd, d
	}
	// A first run makes the helper's campaigns and key; then a gateway alone faces a helper that is not there.
	first, d := demo()
	stop(t, first)
	b, err := os.ReadFile(d.HelperAPIKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, b, 0o600); err != nil {
		t.Fatal(err)
	}
	helperAddress := strings.TrimPrefix(d.Helper, "http://")
	formFile := filepath.Join(dir, "save-the-park.yaml")
	b, err = demoForms.ReadFile("demo/save-the-park.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(formFile, b, 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func() (*exec.Cmd, string) {
		cmd, line := start(t, "Postern is running", "serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "gw"),
			"--forms", formFile, "--upstream-url", d.Helper, "--upstream-api-key-file", key, "--upstream-rate", "50")
		return cmd, strings.TrimPrefix(line, "Postern is running at ")
	}
	gateway, address := serve()
	for i := range 10 {
		body := fmt.Sprintf(`{"person":{"email_addresses":[{"address":"p%d@example.org"}]}}`, i)
		resp, err := http.Post(address+"/api/v2/advocacy_campaigns/save-the-park/outreaches", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("post %d: %d", i, resp.StatusCode)
		}
	}
	if err := gateway.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = gateway.Wait()
	if err := os.Rename(filepath.Join(dir, "helper.db"), filepath.Join(dir, "helper-alone.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "helper"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "helper-alone.db"), filepath.Join(dir, "helper", "helper.db")); err != nil {
		t.Fatal(err)
	}
	serve()
	start(t, "Record outreach helper", "helper", "--listen", helperAddress, "--data", filepath.Join(dir, "helper"), "--api-key-file", key, "--rate", "0")
	got := outreaches(t, d.Helper, strings.TrimSpace(readFile(t, key)), parkCampaign, 10)
	seen := map[string]bool{}
	for _, o := range got {
		seen[o.PersonID] = true
	}
	if len(got) != 10 || len(seen) != 10 {
		t.Errorf("%d outreaches of %d people, want ten of ten", len(got), len(seen))
	}
}

func stop(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("stop: %v", err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
