package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

// get is a program of the scripts: it prints what is at a URL.
func get() {
	response, err := http.Get(os.Args[1])
	if err == nil {
		defer response.Body.Close()
		_, err = io.Copy(os.Stdout, response.Body)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
