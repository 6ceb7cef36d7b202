package main

import (
	"context"
	"fmt"

	"github.com/google/trillian/extension"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/testonly/integration"
)

// Prints the address of a Trillian log server that keeps everything in memory.
func main() {
	ts := memory.NewTreeStorage()
	env, err := integration.NewLogEnvWithRegistry(context.Background(), 1, extension.Registry{
		AdminStorage: memory.NewAdminStorage(ts),
		LogStorage:   memory.NewLogStorage(ts, nil),
		QuotaManager: quota.Noop(),
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(env.Address)
	select {}
}
