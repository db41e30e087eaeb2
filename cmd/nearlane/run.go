package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/redact"
)

func runCommand() *cobra.Command {
	var file, name, clock, level string
	var watch, follow, acceptLoss bool
	c := &cobra.Command{
		Use:   "run -c FILE",
		Short: "Route orders until stopped",
		Long: `Run routes orders until SIGTERM or SIGINT, then finishes the batch in hand.
The config is loaded again when it or a file that it names changes on disk (not
with --watch=false), on SIGHUP and by 'nearlane reload'. A mistake in it changes
nothing, and neither does a change of nats, redis, http, dataDir, secrets or
geocoding.http, which takes a restart.

With --follow, the config is the one that 'nearlane config push' has pushed
last, and the file's only until the first push. The servers, folders and secrets
are always the file's.

A journal that has lost messages is refused: put it back from a backup. With
--accept-loss, run says what is lost, how many orders have no decision any more,
and goes on: those that ORDERS still has are decided again, so that couriers may
be sent a second time.

Exit codes: 0 stopped, 69 a server is unreachable or unsafe, another router runs
with another Redis or digest key, or the journal is damaged, 73 a port or folder
is not to be had, or the folder takes no writes, 78 mistakes in the config, or a
push that cannot be followed.`,
		Example: `  nearlane run -c examples/helsinki/nearlane.yaml
  nearlane run -c nearlane.yaml --name router-a
  nearlane run -c nearlane.yaml --follow
  kill -HUP $(pidof nearlane)`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			now, err := clockFrom(clock)
			if err != nil {
				return err
			}
			log, err := newLog(c.ErrOrStderr(), level)
			if err != nil {
				return err
			}
			loaded, err := loadConfig(c, file)
			if err != nil {
				return err
			}
			if clock != "" {
				log.Warn("the clock is not the machine's: --clock", zap.Time("now", now()), zap.Stringer("shift", time.Until(now()).Round(time.Second)))
			}
			collectSeldom()
			a, err := app.Open(c.Context(), app.Options{Config: loaded, Path: file, Name: name, Now: now, Reload: hangups(),
				Look: looks(watch), Follow: follow, AcceptLoss: acceptLoss, Version: version, Log: log})
			if err != nil {
				return err
			}
			log.Info("routing", zap.String("network", loaded.Network), zap.String("revision", a.Router.Network().Revision),
				zap.String("router", a.Name), zap.Stringer("nats", redact.New(a.NATSURL())), zap.String("http", "http://"+a.Addr()))
			err = a.Run(c.Context())
			log.Info("stopped", zap.Error(err))
			return err
		},
	}
	configFlag(c, &file)
	c.Flags().StringVar(&name, "name", "", "the router's lasting name (default: made once and kept in dataDir)")
	c.Flags().StringVar(&level, "log-level", "info", "debug, info, warn or error")
	c.Flags().BoolVar(&watch, "watch", true, "load the config again when it, or a file that it names, changes on disk")
	c.Flags().BoolVar(&follow, "follow", false, "take the config from 'nearlane config push'")
	c.Flags().BoolVar(&acceptLoss, "accept-loss", false, "go on with a journal that has lost messages, and decide anew what has no decision")
	clockFlag(c, &clock)
	return c
}

// lookEvery is how often files are looked at. A change is loaded once they have
// stood still for as long.
const lookEvery = time.Second

func looks(wanted bool) <-chan time.Time {
	if !wanted {
		return nil
	}
	return time.Tick(lookEvery)
}

func configFlag(c *cobra.Command, file *string) {
	c.Flags().StringVarP(file, "config", "c", "nearlane.yaml", "the config file")
}

func clockFlag(c *cobra.Command, clock *string) {
	c.Flags().StringVar(clock, "clock", "", "start the process's clock at this instant (RFC 3339), to try things out: orders are judged by it")
}

// clockFrom returns a clock that starts at an instant and runs at the usual
// speed; an empty instant is now.
func clockFrom(text string) (func() time.Time, error) {
	if text == "" {
		return time.Now, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usageError{fmt.Errorf("--clock %q is not an instant such as 2026-08-04T09:00:00+03:00", text)}
	}
	offset := time.Until(at)
	return func() time.Time { return time.Now().Add(offset) }, nil
}

// hangups delivers SIGHUP.
func hangups() <-chan struct{} {
	signals, out := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		for range signals {
			out <- struct{}{}
		}
	}()
	return out
}

func newLog(w io.Writer, level string) (*zap.Logger, error) {
	parsed, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, usageError{fmt.Errorf("--log-level %q: want debug, info, warn or error", level)}
	}
	encoder := zap.NewProductionEncoderConfig()
	encoder.EncodeTime = zapcore.RFC3339TimeEncoder
	encoding := zapcore.NewJSONEncoder(encoder)
	if terminal(w) {
		encoding = zapcore.NewConsoleEncoder(encoder)
	}
	return zap.New(zapcore.NewCore(encoding, zapcore.Lock(zapcore.AddSync(w)), parsed)), nil
}
