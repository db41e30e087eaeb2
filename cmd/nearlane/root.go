package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/legible"
)

// run executes one command line and returns its exit code. Data goes to
// stdout, talk to stderr, and neither holds what could steer a terminal, whoever
// wrote it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	out, errs := legible.NewWriter(stdout, colour(stdout)), legible.NewWriter(stderr, colour(stderr))
	defer out.Close()
	defer errs.Close()
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var silent silentError
	if !errors.As(err, &silent) && !errors.Is(err, syscall.EPIPE) { // who reads no more knows it
		fmt.Fprintln(errs, "nearlane:", err)
	}
	return exitCode(err)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "nearlane",
		Short: "Route local orders to the site and courier that can keep the promise",
		Long: `Nearlane takes orders from NATS, picks the microfactory or micro-hub that can
keep the promise, reserves courier, locker or production capacity in Redis,
and publishes a dispatch for the courier.`,
		Example: `  nearlane demo
  nearlane check nearlane.yaml
  nearlane run -c nearlane.yaml`,
		Version:       versionText(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w\nsee '%s --help'", err, c.CommandPath())}
	})
	group := func(id, title string, commands ...*cobra.Command) {
		root.AddGroup(&cobra.Group{ID: id, Title: title})
		for _, c := range commands {
			c.GroupID = id
		}
		root.AddCommand(commands...)
	}
	group("route", "Routing orders:", runCommand(), publishCommand(), tailCommand(), rejectedCommand(), demoCommand())
	group("why", "Asking why and when:", explainCommand(), calendarCommand(), capacityCommand())
	group("change", "Before the network changes:", checkCommand(), diffCommand(), testCommand(), replayCommand())
	group("live", "Changing it while it runs:", reloadCommand(), closeCommand(), reopenCommand(), closuresCommand(), configCommand())
	group("well", "Keeping it well:", topCommand(), doctorCommand(), auditCommand(), streamsCommand(), healthcheckCommand())
	root.AddCommand(schemaCommand(), versionCommand())
	return root
}

// exactly refuses another number of arguments than n, as a usage error.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%s wants %s\nsee '%s --help'", c.CommandPath(), what, c.CommandPath())}
		}
		return nil
	}
}

// colour reports whether w is a terminal that wants colour (https://no-color.org).
func colour(w io.Writer) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return terminal(w)
}
