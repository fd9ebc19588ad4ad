import { describeFaults } from "./fault.ts";
import { networkFaults } from "./network-faults.ts";

describeFaults("network", networkFaults);
