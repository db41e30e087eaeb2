package stream

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// Error codes of JetStream that say what became of a publish.
const (
	codeAccountFull    jetstream.ErrorCode = 10002
	codeServerFull     jetstream.ErrorCode = 10023
	codeTooLarge       jetstream.ErrorCode = 10054
	codeWrongSequence  jetstream.ErrorCode = 10071
	codeNotStored      jetstream.ErrorCode = 10077
	codeIDInHand       jetstream.ErrorCode = 10158
	codeIncomplete     jetstream.ErrorCode = 10176
	codeTooManyBatches jetstream.ErrorCode = 10210
)

// errIncomplete: the batch did not arrive whole, so nothing of it is stored.
// It counts as unknown for whoever does not send it again.
var errIncomplete = fmt.Errorf("%w: the batch did not arrive whole", event.ErrUnknown)

// refusal is what the server's answer to a commit means. Only answers that are
// given before anything is stored or proposed to the replicas are a definite
// no. The same code with another text, and every code not named here, is
// unknown: 10164 and 10158 mean that another write is under way.
func refusal(e *jetstream.APIError) error {
	switch e.ErrorCode {
	case codeWrongSequence:
		if namesSequence(e.Description) {
			return fmt.Errorf("%w: %s", event.ErrMoved, e.Description)
		}
	case codeNotStored:
		// A failing disk has the same code, and may have stored a part.
		if e.Description == "maximum messages per subject exceeded" {
			return fmt.Errorf("%w: %s", event.ErrQuota, e.Description)
		}
		if strings.HasPrefix(e.Description, "maximum ") {
			return fmt.Errorf("%w: %s", event.ErrFull, e.Description)
		}
	case codeServerFull, codeAccountFull:
		return fmt.Errorf("%w: %s", event.ErrFull, e.Description)
	case codeIncomplete, codeTooManyBatches:
		return errIncomplete
	}
	return unknown(e)
}

// namesSequence reports whether the text ends in the sequence that was found:
// "wrong last sequence: 17". Without it, a write is under way.
func namesSequence(text string) bool {
	_, number, ok := strings.Cut(text, ": ")
	if !ok {
		return false
	}
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil
}

func unknown(err error) error {
	if errors.Is(err, event.ErrUnknown) {
		return err
	}
	return fmt.Errorf("%w: %w", event.ErrUnknown, err)
}
