package embedded

import (
	"fmt"
	"sync"

	"go.uber.org/zap"
)

// natsLog writes the server's log to zap, and keeps the first fatal message:
// the server expects Fatalf to end the process, ours must not.
type natsLog struct {
	log *zap.SugaredLogger

	mu    sync.Mutex
	cause string // owned by mu
}

func (l *natsLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == "" {
		l.cause = fmt.Sprintf(format, v...)
	}
}

func (l *natsLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

func (l *natsLog) Errorf(format string, v ...any)  { l.log.Errorf("nats: "+format, v...) }
func (l *natsLog) Warnf(format string, v ...any)   { l.log.Warnf("nats: "+format, v...) }
func (l *natsLog) Noticef(format string, v ...any) { l.log.Debugf("nats: "+format, v...) }
func (l *natsLog) Debugf(string, ...any)           {}
func (l *natsLog) Tracef(string, ...any)           {}
