import { describeFaults } from "./fault.ts";
import { indexFaults } from "./index-faults.ts";

describeFaults("index", indexFaults);
