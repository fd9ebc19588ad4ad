import { buildFaults } from "./build-faults.ts";
import { describeFaults } from "./fault.ts";

describeFaults("builds", buildFaults);
