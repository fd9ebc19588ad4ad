import { describeFaults } from "./fault.ts";
import { registryFaults } from "./registry-faults.ts";

describeFaults("registry", registryFaults);
