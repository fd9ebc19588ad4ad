import { describeFaults } from "./fault.ts";
import { pullFaults } from "./pull-faults.ts";

describeFaults("pull", pullFaults);
