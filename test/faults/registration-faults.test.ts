import { describeFaults } from "./fault.ts";
import { registrationFaults } from "./registration-faults.ts";

describeFaults("registration", registrationFaults);
