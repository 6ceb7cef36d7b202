// Command hello greets, and tells which release it is.
package main

import (
	"flag"
	"fmt"
	"os"
)

// Set by the linker.
var (
	version = "dev"
	commit  = "none"
	date    = "unknown"
)

func main() {
	showVersion := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *showVersion {
		fmt.Printf("hello %s (%s, %s)\n", version, commit, date)
		return
	}
	name := "world"
	if flag.NArg() > 0 {
		name = flag.Arg(0)
	}
	fmt.Fprintf(os.Stdout, "Hello, %s!\n", name)
}
