import { describeFaults } from "./fault.ts";
import { runFaults } from "./run-faults.ts";

describeFaults("run", runFaults);
