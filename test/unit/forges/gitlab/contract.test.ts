import { gitLabBench } from "../../../support/gitlab/bench.ts";
import { forgeContract } from "../contract.ts";

forgeContract("GitLab", () => gitLabBench());
