package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Help is shown by `postern version --help`.
func (versionCmd) Help() string { return "Example:\n  postern version" }

// Run prints the module version that the build recorded, and the Go version.
func (versionCmd) Run(s streams) error {
	version, goVersion := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
	}
	_, err := fmt.Fprintf(s.out, "postern %s (%s)\n", version, goVersion)
	return err
}
