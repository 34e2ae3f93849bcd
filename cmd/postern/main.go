// Command postern is the blind-post form gateway and the record outreach helper, in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// program is the command line: a field for each subcommand.
type program struct {
	Demo    demoCmd    `cmd:"" help:"Run everything at once: gateway, sample website and built-in helper."`
	Serve   serveCmd   `cmd:"" help:"Run the gateway."`
	Helper  helperCmd  `cmd:"" help:"Run the record outreach helper alone."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "postern:", err)
		os.Exit(1)
	}
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var p program
	exited := errors.New("help was shown")
	parser, err := kong.New(&p, kong.Name("postern"), kong.Writers(stdout, stderr),
		kong.Description("A form gateway for campaigns: a form in any website, every post kept and passed on."),
		kong.Exit(func(int) { panic(exited) }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{stdout, stderr}))
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	defer func() {
		if v := recover(); v != nil && v != any(exited) {
			panic(v)
		}
	}()
	if len(args) == 0 || (len(args) == 1 && args[0] == "help") {
		args = []string{"--help"}
	}
	cli, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return cli.Run()
}

type streams struct{ out, err io.Writer }
