import { gitHubBench } from "../../../support/github/bench.ts";
import { forgeContract } from "../contract.ts";

forgeContract("GitHub", () => gitHubBench());
