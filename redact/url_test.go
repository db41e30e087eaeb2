package redact

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestString(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "nats://h:4222": "nats://h:4222", "h:4222": "h:4222", "nats://[::1]:4222": "nats://[::1]:4222",
		"nats://u:s3cret@h": "nats://***@h", "nats://s3cret@h:4222": "nats://***@h:4222", "s3cret@h:4222": "***@h:4222",
		"nats://a, nats://s3cret@b": "nats://a,nats://***@b", "tls://h/s3cret?s3cret#s3cret": "tls://h/***?***#***",
		"redis://:s3cret@h:6379/3": "redis://***@h:6379/3", "redis://h/s3cret": "redis://h/***", "rediss://h": "rediss://h",
		"unix:///run/redis.sock": "unix:///run/redis.sock", "https://geo.example/v1/s3cret/?key=s3cret": "https://geo.example/***?***",
		// What a client would not read either: better nothing than a guess.
		"nats://u:s3/cret@h": unreadable, "nats://s3/cret@h": unreadable, "nats://s3?cret@h": unreadable, "nats://s3#cret@h": unreadable,
		"nats://u:s3,cret@h": unreadable, "nats://s3,cret@h": unreadable, "s3,cret@h": unreadable, "nats://u:s3%zzcret@h": unreadable, "nats://u:s3 cret@h:x": unreadable,
	} {
		u := New(text)
		if got := u.String(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		asJSON, err := json.Marshal(map[string]any{"u": u, "p": &u})
		all := fmt.Sprintf("%v %+v %#v %s %q %d %x %v %s", u, u, u, u, u, u, u, struct{ U URL }{u}, asJSON)
		if err != nil || strings.Contains(all, "cret") || u.Reveal() != text {
			t.Errorf("%s: prints %s, %v", text, all, err)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	if New("nats://h").Clean(nil) != nil {
		t.Error("got an error of none")
	}
	cause := errors.New("refused")
	for _, text := range []string{"nats://user-s3cret:pass-s3cret@h:4222", "nats://s3cret%2Ftoken@h", "https://h/v1/s3cret-path?key=s3cret%20key#s3cret-end",
		"nats://a,nats://s3cret@b", "nats://u:s3/cret@h:1", "nats://s3cret,more@h", "redis://h?s3cret=1", "redis://:s3cret@h/s3cret"} {
		u := New(text)
		_, bad := url.Parse("nats://" + text + ":s3cret")
		for _, err := range []error{
			cause, &url.Error{Op: "Get", URL: text, Err: cause}, fmt.Errorf("ask %s: %w", text, cause), fmt.Errorf("ask: %w", bad),
			fmt.Errorf("user-s3cret may not; pass-s3cret; s3cret/token; s3cret%%2Ftoken; v1/s3cret-path; s3cret key; s3cret%%20key; s3cret-end; %s", text),
		} {
			if err == nil {
				continue
			}
			got := u.Clean(err)
			for _, secret := range u.secrets() {
				if strings.Contains(got.Error(), secret) {
					t.Errorf("%s: %q tells %q", text, got, secret)
				}
			}
			if errors.Is(err, cause) && !errors.Is(got, cause) {
				t.Errorf("%s: %q has lost its cause", text, got)
			}
		}
	}
	if got := New("nats://nats:pass-s3cret@h").Clean(errors.New("nats: no servers")).Error(); got != "nats: no servers" {
		t.Errorf("got %q, want what is shown anyway left alone", got)
	}
}
