// A Trillian log in memory, for Rekor v1. Its own module: no test builds it; see test/signers/real-services.test.ts.
module trillian-memory

go 1.26

require github.com/google/trillian v1.8.0
