import { inject } from "vitest";
import { describeFaults } from "./fault.ts";
import { flyteFaults } from "./flyte-faults.ts";

describeFaults("flyte", flyteFaults(inject("flyteCommand")));
