import { describeFaults } from "./fault.ts";
import { identityFaults } from "./identity-faults.ts";

describeFaults("identity", identityFaults);
