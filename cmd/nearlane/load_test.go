package main

import (
	"context"
	"errors"
	"testing"

	"github.com/nearlane/nearlane/config"
)

// Whoever stops while a file does not let itself be read waits for nothing.
func TestLoadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	held := make(chan struct{})
	defer close(held)
	_, _, err := loadWith(ctx, "nearlane.yaml", config.Options{ReadFile: func(string) ([]byte, error) {
		stop()
		<-held
		return nil, errors.New("held")
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
