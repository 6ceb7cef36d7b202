// A Vault in memory. Its own module: no test builds it; see test/program/signers/kms.test.ts.
module vault-memory

go 1.26

require (
	github.com/hashicorp/go-hclog v1.6.3
	github.com/hashicorp/vault v1.21.4
	github.com/hashicorp/vault-plugin-auth-jwt v0.25.0
	github.com/hashicorp/vault/sdk v0.21.0
)
