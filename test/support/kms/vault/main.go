package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"

	log "github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	"github.com/hashicorp/vault/builtin/logical/transit"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// A Vault whose storage is its memory, initialized and unsealed, on loopback.
func main() {
	logger := log.New(&log.LoggerOptions{Level: log.Error, Output: os.Stderr})
	core := must(vault.NewCore(&vault.CoreConfig{
		Physical:           must(inmem.NewInmem(nil, logger)),
		Logger:             logger,
		DisableMlock:       true,
		LogicalBackends:    map[string]logical.Factory{"transit": transit.Factory},
		CredentialBackends: map[string]logical.Factory{"jwt": jwt.Factory},
	}))
	one := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made := must(core.Initialize(context.Background(), &vault.InitParams{BarrierConfig: one, RecoveryConfig: one}))
	must(core.Unseal(made.SecretShares[0]))
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	must(0, json.NewEncoder(os.Stdout).Encode(map[string]string{
		"address": "http://" + listener.Addr().String(),
		"token":   made.RootToken,
	}))
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	must(0, http.Serve(listener, handler))
}
